//! One error for everything. It says what happened and to which call, and shows nobody's
//! data.

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

/// What went wrong, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up with something that cannot work: a missing key, a base URL
    /// that is none.
    Configuration,
    /// An argument cannot be sent: a hostile id, a text too long, a missing member.
    /// Nothing was sent.
    InvalidArgument,
    /// The vendor does not know the credentials (401).
    Authentication,
    /// The vendor knows the caller and says no (403; Provide's 429, which is a ban).
    Permission,
    /// No such thing in this environment (404).
    NotFound,
    /// The state of the subject forbids it, or somebody was faster (409).
    Conflict,
    /// The vendor refuses the values (400, 422 and other 4xx).
    InvalidRequest,
    /// Too many calls (429).
    RateLimited,
    /// The vendor failed (5xx).
    Server,
    /// No answer in time, on a call that may be repeated, or before anything was sent.
    Timeout,
    /// No connection, or one that broke, on a call that may be repeated, or before
    /// anything was sent.
    Connection,
    /// The vendor answered with a redirect. It is never followed.
    Redirect,
    /// The answer is no JSON of the documented shape.
    Decode,
    /// The answer is larger than the client's cap.
    TooLarge,
    /// A pager met the same cursor twice, a link to another origin, or the end of what
    /// the vendor lets a list reach.
    Pagination,
    /// Whether the vendor has carried out the call is not known. Read the subject back
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
            Self::Decode => "malformed answer",
            Self::TooLarge => "answer too large",
            Self::Pagination => "pagination",
            Self::OutcomeUnknown => "outcome unknown",
        }
    }
}

/// The error of every call.
///
/// `Display` is one line: vendor, operation, kind, status, vendor code, request id.
/// Neither `Display` nor `Debug` shows a body, a message of the vendor, an id of a person
/// or a key; those that exist have accessors.
///
/// ```
/// # #[cfg(feature = "beltic")] {
/// let error = kyc_review::beltic::Beltic::builder().api_key("k").base_url("ftp://example.com").build().unwrap_err();
/// assert_eq!(error.kind(), kyc_review::ErrorKind::Configuration);
/// assert_eq!(error.to_string(), "beltic: configuration: the base URL must be https (http only for loopback)");
/// # }
/// ```
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    vendor: Option<Vendor>,
    operation: Option<&'static str>,
    class: Option<OperationClass>,
    /// The ids of the path, in its order.
    ids: Vec<String>,
    /// Which of them names what the call was about.
    subject: Option<usize>,
    wanted: Wanted,
    shown: Option<Shown>,
    /// A walk goes on behind it.
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
    /// Our own words, never a vendor's or a caller's.
    note: Option<String>,
    source: Option<Source>,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::InvalidRequest)
    }

    /// Who was asked; `None` only for errors that belong to no vendor.
    #[must_use]
    pub fn vendor(&self) -> Option<Vendor> {
        self.0.vendor
    }

    /// The operation id, as in `specs/`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The class of the operation.
    #[must_use]
    pub fn class(&self) -> Option<OperationClass> {
        self.0.class
    }

    /// The id of what the call was about: the applicant, inquiry, session or document
    /// whose id stands in its path. It is never printed.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.and_then(|number| self.0.ids.get(number)).map(String::as_str)
    }

    /// When the call began, on the client's clock.
    #[must_use]
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started
    }

    /// Every id of the call's path, in its order, for reading back.
    pub(crate) fn ids(&self) -> &[String] {
        &self.0.ids
    }

    /// What the call was to bring about.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// What shows whether it did.
    pub(crate) fn shown(&self) -> Option<Shown> {
        self.0.shown
    }

    /// Whether a walk goes on behind it.
    pub(crate) fn is_pause(&self) -> bool {
        self.0.is_pause
    }

    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The headers of the answer, where there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// The vendor's machine-readable code, if its dialect has one (`app-token-signature
    /// mismatch`, `4003`).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.details.code.as_deref()
    }

    /// The vendor's own sentences. They may name a person: do not log them.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        &self.0.details.messages
    }

    /// What the vendor says of single fields. The messages may name a person: do not log
    /// them.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.details.fields
    }

    /// The vendor's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The idempotency key that was sent.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// From the first attempt to this error.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long the vendor asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The exact bytes of the answer (cut at the client's cap). They may name a person:
    /// do not log them.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw.as_deref()
    }

    /// Too many calls (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// No such thing (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// The state of the subject forbids it (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// The credentials are not known (401).
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// No answer in time; for a decision see
    /// [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether it happened is not known: read the subject back before sending again.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Whether the same call may be sent again as it is: nothing was done, and the cause
    /// may pass.
    ///
    /// Never true where the outcome is unknown.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let repeatable = self.0.class.is_none_or(OperationClass::is_repeatable);
        match self.kind() {
            ErrorKind::RateLimited => true,
            // On a decision these two kinds mean that the request never left.
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
