//! Internals of the crate for the targets in `fuzz/`. Compiled only with `--cfg fuzzing`,
//! and not part of the API.

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

// Two private modules of the transport, compiled a second time.
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "transport/base_url.rs"]
mod base_url;
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "transport/retry.rs"]
mod retry;

/// A client's transport per vendor.
static TRANSPORTS: LazyLock<Vec<Arc<Transport>>> = LazyLock::new(|| {
    let beltic = Beltic::builder().api_key("k").build().map(|client| client.transport().clone());
    let persona = Persona::builder().api_key("k").build().map(|client| client.transport().clone());
    let provide = Provide::builder().token("k").build().map(|client| client.transport().clone());
    let rebilly = Rebilly::builder().organization_id("org_1").api_key("k").build();
    let rebilly = rebilly.map(|client| client.transport().clone());
    let sumsub = Sumsub::builder().app_token("k").secret_key("k").build();
    let sumsub = sumsub.map(|client| client.transport().clone());
    let all: Vec<_> = [beltic, persona, provide, rebilly, sumsub].into_iter().flatten().collect();
    assert_eq!(all.len(), 5, "every vendor must have a client");
    all
});

fn dialects() -> impl Iterator<Item = &'static dyn Dialect> {
    TRANSPORTS.iter().map(|transport| &*transport.dialect)
}

/// Encodes a path segment as every path has it.
pub fn encode_segment(text: &str) -> String {
    crate::value::id::encode_segment(text)
}

/// Checks a base URL as every client does.
///
/// # Errors
/// As when building a client.
pub fn base_url(text: &str) -> Result<Url, Error> {
    base_url::parse(Vendor::Beltic, text)
}

/// Returns the text to which paths are appended.
pub fn base_prefix(base: &Url) -> &str {
    base_url::prefix(base)
}

/// Returns the query of a link to the next page.
///
/// # Errors
/// The reason why the link is refused.
pub fn query_of_link(base: &Url, link: &str) -> Result<String, &'static str> {
    crate::api::walk::linked::query_of(base, link)
}

/// Reads an error body as each vendor's client does.
pub fn read_error_body(body: &[u8]) {
    for dialect in dialects() {
        dialect.error_details(body);
    }
}

/// Returns how long each vendor asks to wait with these headers; `None` if it does not
/// ask.
pub fn hints(headers: &HeaderMap, now: DateTime<Utc>) -> Vec<(Vendor, Option<Duration>)> {
    let read = |dialect: &dyn Dialect| {
        dialect.rate_limit(headers, now);
        dialect.request_id(headers);
        (dialect.vendor(), dialect.retry_after(headers, now))
    };
    dialects().map(read).collect()
}

/// Returns how long the transport waits after such a hint; `None` if the call ends.
pub fn wait_on(policy: &RetryPolicy, hint: Option<Duration>, random: u64) -> Option<Duration> {
    let subject = retry::Repeat { class: OperationClass::Read, has_key: false };
    match retry::next(policy, subject, retry::Fate::Failed, 1, hint, random) {
        retry::Next::Wait(wait) => Some(wait),
        retry::Next::Stop => None,
    }
}
