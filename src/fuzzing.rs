//! What the targets in `fuzz/` call of the inside of the crate. Compiled under `--cfg
//! fuzzing` alone, and no part of the API.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;
use reqwest::header::HeaderMap;

use crate::beltic::Beltic;
use crate::call::{Error, OperationClass, RetryPolicy, Vendor};
use crate::persona::Persona;
use crate::provide::Provide;
use crate::rebilly::Rebilly;
use crate::sumsub::Sumsub;
use crate::transport::{Dialect, Transport};

// Two modules that the transport keeps to itself, compiled a second time.
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "transport/base_url.rs"]
mod base_url;
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "transport/retry.rs"]
mod retry;

/// The transport of a client of each vendor.
static TRANSPORTS: LazyLock<Vec<Arc<Transport>>> = LazyLock::new(|| {
    let beltic = Beltic::builder().api_key("k").build().map(|client| client.transport().clone());
    let persona = Persona::builder().api_key("k").build().map(|client| client.transport().clone());
    let provide = Provide::builder().token("k").build().map(|client| client.transport().clone());
    let rebilly = Rebilly::builder().organization_id("org_1").api_key("k").build();
    let rebilly = rebilly.map(|client| client.transport().clone());
    let sumsub = Sumsub::builder().app_token("k").secret_key("k").build();
    let sumsub = sumsub.map(|client| client.transport().clone());
    let all: Vec<_> = [beltic, persona, provide, rebilly, sumsub].into_iter().flatten().collect();
    assert_eq!(all.len(), 5, "a vendor has no client");
    all
});

fn dialects() -> impl Iterator<Item = &'static dyn Dialect> {
    TRANSPORTS.iter().map(|transport| &*transport.dialect)
}

/// One segment of a path, as every path has it.
pub fn encode_segment(text: &str) -> String {
    crate::value::id::encode_segment(text)
}

/// A base URL as every client checks it.
///
/// # Errors
/// As building a client.
pub fn base_url(text: &str) -> Result<Url, Error> {
    base_url::parse(Vendor::Beltic, text)
}

/// The text that paths are appended to.
pub fn base_prefix(base: &Url) -> &str {
    base_url::prefix(base)
}

/// The query that a link to the next page holds.
///
/// # Errors
/// Why the link is refused.
pub fn query_of_link(base: &Url, link: &str) -> Result<String, &'static str> {
    crate::api::walk::linked::query_of(base, link)
}

/// Reads an error body as each vendor's.
pub fn read_error_body(body: &[u8]) {
    for dialect in dialects() {
        dialect.error_details(body);
    }
}

/// The wait that each vendor asks for with these headers; `None` where it asks for none.
pub fn hints(headers: &HeaderMap, now: DateTime<Utc>) -> Vec<(Vendor, Option<Duration>)> {
    let read = |dialect: &dyn Dialect| {
        dialect.rate_limit(headers, now);
        dialect.request_id(headers);
        (dialect.vendor(), dialect.retry_after(headers, now))
    };
    dialects().map(read).collect()
}

/// How long the transport waits on such a hint; `None` where the call ends.
pub fn wait_on(policy: &RetryPolicy, hint: Option<Duration>, random: u64) -> Option<Duration> {
    let subject = retry::Repeat { class: OperationClass::Read, has_key: false };
    match retry::next(policy, subject, retry::Fate::Failed, 1, hint, random) {
        retry::Next::Wait(wait) => Some(wait),
        retry::Next::Stop => None,
    }
}
