//! Replies: a typed value, and the response that it came in.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::value::json::Misfit;

/// The rate limit that the headers of a response state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the window.
    pub limit: Option<u64>,
    /// Requests left in the window.
    pub remaining: Option<u64>,
    /// The time until the window ends.
    pub reset: Option<Duration>,
}

/// A typed response that derefs to its value.
///
/// `Debug` prints the status, the request id and the value, whose personal data is
/// hidden.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    misfits: Vec<Misfit>,
    parts: Arc<Parts>,
}

#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Bytes,
    pub(crate) request_id: Option<String>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl<T> Reply<T> {
    pub(crate) fn new(value: T, parts: Arc<Parts>) -> Self {
        Self { value, misfits: Vec::new(), parts }
    }

    pub(crate) fn with_misfits(self, misfits: Vec<Misfit>) -> Self {
        Self { misfits, ..self }
    }

    /// Returns the optional fields that do not have their documented type, and so read as
    /// absent. What identifies the subject, and what a decision is judged by, must fit;
    /// else the call is an error.
    #[must_use]
    pub fn misfits(&self) -> &[Misfit] {
        &self.misfits
    }

    /// Returns the exact bytes that the vendor sent.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.parts.raw
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        self.parts.status
    }

    /// Returns all headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// Returns a header of the response, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// Returns the vendor's id of the request, if it sends one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.parts.request_id.as_deref()
    }

    /// Returns the rate limit, if the vendor's headers state it.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.parts.rate_limit
    }

    /// Returns the idempotency key that was sent.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.parts.idempotency_key.as_deref()
    }

    /// Returns how often the request was sent until this response came.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.parts.attempts
    }

    /// Returns the time from the beginning of the call to this response.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.parts.elapsed
    }

    /// Returns the value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Converts the value and keeps the rest of the response.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        Reply { value: change(self.value), misfits: self.misfits, parts: self.parts }
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.parts.status.as_u16())
            .field("request_id", &self.parts.request_id)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
