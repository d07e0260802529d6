//! The error of every call: what happened to which call, without anyone's data.

mod builder;
mod details;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::call::{OperationClass, Shown, Vendor, Wanted};

pub(crate) use builder::Failure;
pub use details::FieldError;
pub(crate) use details::{ErrorDetails, safe_token};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from these settings: a missing key, an invalid base
    /// URL.
    Configuration,
    /// An argument cannot be sent: a hostile id, a text that is too long, a missing
    /// field. Nothing was sent.
    InvalidArgument,
    /// The vendor rejects the credentials (401).
    Authentication,
    /// The vendor knows the caller and forbids the call (403; Provide's 429, which is a
    /// ban).
    Permission,
    /// The resource does not exist in this environment (404).
    NotFound,
    /// The state of the subject does not allow the call, or another change came first
    /// (409).
    Conflict,
    /// The vendor rejects the values (400, 422 and other 4xx).
    InvalidRequest,
    /// The vendor received too many requests (429), or the client-side rate limit would
    /// delay the call past its timeout.
    RateLimited,
    /// The vendor failed (5xx).
    Server,
    /// No response in time, on a call that may be retried or before anything was sent.
    Timeout,
    /// No connection, or a broken one, on a call that may be retried or before anything
    /// was sent.
    Connection,
    /// The vendor responded with a redirect, which is never followed.
    Redirect,
    /// The response is not JSON of the documented shape.
    Decode,
    /// The response is larger than the client's `max_body_bytes`.
    TooLarge,
    /// A list cannot be continued: a cursor came twice, a link leads to another origin,
    /// or the vendor lets a list reach no further.
    Pagination,
    /// Whether the vendor has carried out the call is unknown. Read the subject back
    /// before sending it again.
    OutcomeUnknown,
}

impl ErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidArgument => "invalid argument",
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::InvalidRequest => "invalid request",
            Self::RateLimited => "rate limited",
            Self::Server => "server error",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Redirect => "redirect",
            Self::Decode => "malformed response",
            Self::TooLarge => "response too large",
            Self::Pagination => "pagination",
            Self::OutcomeUnknown => "outcome unknown",
        }
    }
}

/// The error of every call.
///
/// `Display` is one line: vendor, operation, kind, status, vendor code, request id.
/// Neither `Display` nor `Debug` shows a body, a vendor's message, a person's id or a
/// key. Bodies, messages and ids have accessors.
///
/// ```
/// # #[cfg(feature = "beltic")] {
/// use kyc_review::{ErrorKind, beltic::Beltic};
///
/// let error = Beltic::builder().api_key("k").base_url("ftp://example.com").build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// assert_eq!(
///     error.to_string(),
///     "beltic: configuration: invalid base URL: must be https (http only on loopback)",
/// );
/// # }
/// ```
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    vendor: Option<Vendor>,
    operation: Option<&'static str>,
    class: Option<OperationClass>,
    /// The ids in the path, in order.
    ids: Vec<String>,
    /// Which of them names the subject of the call.
    subject: Option<usize>,
    wanted: Wanted,
    shown: Option<Shown>,
    /// Whether a list can be walked on after it.
    is_pause: bool,
    started: Option<DateTime<Utc>>,
    status: Option<StatusCode>,
    headers: Option<HeaderMap>,
    raw: Option<Bytes>,
    details: ErrorDetails,
    request_id: Option<String>,
    idempotency_key: Option<String>,
    attempts: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    /// This crate's own text, never a vendor's or a caller's.
    note: Option<String>,
    source: Option<Source>,
}

impl Error {
    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::InvalidRequest)
    }

    /// Returns the vendor; `None` only for errors that belong to no vendor.
    #[must_use]
    pub fn vendor(&self) -> Option<Vendor> {
        self.0.vendor
    }

    /// Returns the operation id, as in `specs/`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the class of the operation.
    #[must_use]
    pub fn class(&self) -> Option<OperationClass> {
        self.0.class
    }

    /// Returns the id of the call's subject: the applicant, inquiry, session or document
    /// whose id is in the path. It is never printed.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.and_then(|number| self.0.ids.get(number)).map(String::as_str)
    }

    /// Returns when the call began, on the client's clock.
    #[must_use]
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started
    }

    /// Returns every id in the call's path, in order, for reading the subject back.
    pub(crate) fn ids(&self) -> &[String] {
        &self.0.ids
    }

    /// Returns what the call was to bring about.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// Returns what shows whether it did.
    pub(crate) fn shown(&self) -> Option<Shown> {
        self.0.shown
    }

    /// Returns whether a list can be walked on after it.
    pub(crate) fn is_pause(&self) -> bool {
        self.0.is_pause
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// Returns the vendor's machine-readable code, if there is one (`app-token-signature
    /// mismatch`, `4003`).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.details.code.as_deref()
    }

    /// Returns the vendor's messages. They may name a person: do not log them.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        &self.0.details.messages
    }

    /// Returns the vendor's errors of single fields. The messages may name a person: do
    /// not log them.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.details.fields
    }

    /// Returns the vendor's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the idempotency key that was sent.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Returns how often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the time from the beginning of the call to the end of its last attempt.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns how long the vendor asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the exact bytes of the response, cut at the client's `max_body_bytes`.
    /// They may name a person: do not log them.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw.as_deref()
    }

    /// Returns whether the kind is [`ErrorKind::RateLimited`] (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Returns whether the kind is [`ErrorKind::NotFound`] (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns whether the kind is [`ErrorKind::Conflict`] (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Returns whether the kind is [`ErrorKind::Authentication`] (401).
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// Returns whether the kind is [`ErrorKind::Timeout`]. For a decision see
    /// [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns whether the kind is [`ErrorKind::OutcomeUnknown`]: read the subject back
    /// before sending the call again.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Returns whether the same call may be sent again unchanged: nothing was done, and
    /// the cause may pass.
    ///
    /// Never true if the outcome is unknown.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let repeatable = self.0.class.is_none_or(OperationClass::is_repeatable);
        match self.kind() {
            ErrorKind::RateLimited => true,
            // For a decision these two kinds mean that the request never left.
            ErrorKind::Timeout | ErrorKind::Connection => true,
            ErrorKind::Server => repeatable,
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(vendor) = self.0.vendor {
            write!(f, "{vendor}: ")?;
        }
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(self.kind().text())?;
        if let Some(note) = &self.0.note {
            write!(f, ": {note}")?;
        }
        if let Some(status) = self.0.status {
            write!(f, ", status {}", status.as_u16())?;
        }
        if let Some(code) = &self.0.details.code {
            write!(f, ", code {code}")?;
        }
        if let Some(id) = &self.0.request_id {
            write!(f, ", request {id}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("vendor", &self.0.vendor)
            .field("operation", &self.0.operation)
            .field("status", &self.0.status.map(|status| status.as_u16()))
            .field("code", &self.0.details.code)
            .field("request_id", &self.0.request_id)
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("retry_after", &self.0.retry_after)
            .field("note", &self.0.note)
            .finish_non_exhaustive()
    }
}

impl From<crate::value::InvalidTime> for Error {
    fn from(why: crate::value::InvalidTime) -> Self {
        Failure::default().error(ErrorKind::InvalidArgument).note(why.to_string())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
