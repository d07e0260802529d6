//! The differences between vendors on the wire.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};

use crate::call::error::ErrorDetails;
use crate::call::{Error, ErrorKind, Limit, RateLimit, Vendor};

/// The fields of a vendor's error bodies, and those of them of which each has one.
pub(crate) type ErrorFields = (&'static [&'static str], &'static [&'static str]);

/// A vendor's rules, implemented in its `auth.rs` and `error.rs`.
pub(crate) trait Dialect: fmt::Debug + Send + Sync {
    fn vendor(&self) -> Vendor;

    /// Sets the headers that do not change between attempts. Called once per call, before
    /// the first attempt.
    fn prepare(&self, _request: &mut Request) -> Result<(), Error> {
        Ok(())
    }

    /// Authorises the final request, which may cover time, target and body. Called once
    /// per attempt.
    fn authorise(&self, request: &mut Request, now: DateTime<Utc>) -> Result<(), Error>;

    /// Returns the headers that the client itself sends, which a caller cannot replace.
    fn own_headers(&self) -> &'static [&'static str];

    /// Returns the name of the idempotency header, if the vendor has one.
    fn idempotency_header(&self) -> Option<&'static str> {
        None
    }

    /// Returns the fields by which decisions are judged, as sent.
    fn judged_by(&self) -> &'static [&'static str];

    /// Returns the rate limits that the vendor documents.
    fn limits(&self) -> Vec<Limit> {
        Vec::new()
    }

    /// Returns the keys, which must not be shown if a server echoes them.
    fn secrets(&self) -> Vec<&str>;

    /// Returns the fields of error bodies, and those of them of which each has one.
    fn error_fields(&self) -> ErrorFields;

    /// Reads an error body; what is missing stays empty.
    fn error_details(&self, body: &[u8]) -> ErrorDetails;

    /// Returns the kind of an error response, if it is not the one of its status.
    fn error_kind(&self, _status: StatusCode) -> Option<ErrorKind> {
        None
    }

    /// Returns whether an error response other than 429 is documented to mean that
    /// nothing was done and that the cause may pass.
    fn is_not_processed(&self, _status: StatusCode, _hint: Option<Duration>) -> bool {
        false
    }

    /// Reads the id of the request from the headers.
    fn request_id(&self, _headers: &HeaderMap) -> Option<String> {
        None
    }

    /// Reads the rate limit from the headers.
    fn rate_limit(&self, _headers: &HeaderMap, _now: DateTime<Utc>) -> Option<RateLimit> {
        None
    }

    /// Reads how long the vendor asks to wait, from its own header and in its own unit.
    fn retry_after(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
        retry_after_header(headers, now)
    }
}

/// Reads `Retry-After` in seconds or as an HTTP date; `None` for anything else, and zero
/// for a date in the past.
pub(crate) fn retry_after_header(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.to_utc().signed_duration_since(now).to_std().unwrap_or_default())
}

/// Reads a header of a whole number of seconds.
pub(crate) fn seconds_header(headers: &HeaderMap, name: &str) -> Option<Duration> {
    number_header(headers, name).map(Duration::from_secs)
}

/// Reads a header of a whole number.
pub(crate) fn number_header(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Reads a header that may be printed: an id that the vendor made.
pub(crate) fn token_header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
