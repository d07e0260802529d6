//! What differs between vendors on the wire.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};

use crate::call::error::ErrorDetails;
use crate::call::{Error, ErrorKind, Limit, RateLimit, Vendor};

/// A vendor's rules, implemented in its `auth.rs` and `error.rs`.
pub(crate) trait Dialect: fmt::Debug + Send + Sync {
    fn vendor(&self) -> Vendor;

    /// Once a call, before the first attempt: headers that do not change between
    /// attempts.
    fn prepare(&self, _request: &mut Request) -> Result<(), Error> {
        Ok(())
    }

    /// Once an attempt, on the final request: authorisation, which may cover time, target
    /// and body.
    fn authorise(&self, request: &mut Request, now: DateTime<Utc>) -> Result<(), Error>;

    /// Headers that the client itself sends: a caller cannot replace them.
    fn own_headers(&self) -> &'static [&'static str];

    /// The name of the idempotency header, where the vendor has one.
    fn idempotency_header(&self) -> Option<&'static str> {
        None
    }

    /// The rate limits that the vendor documents.
    fn limits(&self) -> Vec<Limit> {
        Vec::new()
    }

    /// Keys, to be kept out of what a server echoes.
    fn secrets(&self) -> Vec<&str>;

    /// What an error body says; empty where it says nothing.
    fn error_details(&self, body: &[u8]) -> ErrorDetails;

    /// The kind of an error answer, where it is not the one of its status.
    fn error_kind(&self, _status: StatusCode) -> Option<ErrorKind> {
        None
    }

    /// Whether an error answer other than 429 is documented to mean that nothing was done
    /// and that it may pass.
    fn is_not_processed(&self, _status: StatusCode, _hint: Option<Duration>) -> bool {
        false
    }

    /// The id of the request, from the headers.
    fn request_id(&self, _headers: &HeaderMap) -> Option<String> {
        None
    }

    /// The rate limit, from the headers.
    fn rate_limit(&self, _headers: &HeaderMap, _now: DateTime<Utc>) -> Option<RateLimit> {
        None
    }

    /// How long the vendor asks to wait, in its own header and unit.
    fn retry_after(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
        retry_after_header(headers, now)
    }
}

/// `Retry-After` in seconds or as an HTTP date; nothing for what is neither, and zero for
/// what has passed.
pub(crate) fn retry_after_header(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.to_utc().signed_duration_since(now).to_std().unwrap_or_default())
}

/// A header that holds a whole number of seconds.
pub(crate) fn seconds_header(headers: &HeaderMap, name: &str) -> Option<Duration> {
    number_header(headers, name).map(Duration::from_secs)
}

/// A header that holds a whole number.
pub(crate) fn number_header(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// A header that may be printed: an id of the vendor's own making.
pub(crate) fn token_header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
