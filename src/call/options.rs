//! Options that any call takes, of any vendor.

use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

/// Options for any call. Set them with a client's `with`, which returns a cheap clone
/// that applies them to every call, or with a request's `with`, for that request alone.
///
/// ```
/// use std::time::Duration;
/// use kyc_review::{CallOptions, RetryPolicy};
///
/// let patient = CallOptions::new().timeout(Duration::from_secs(90)).retry(RetryPolicy::none());
/// # drop(patient);
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Vendor headers that a client sends with another value than its builder set.
    pub(crate) own_headers: Vec<(&'static str, String)>,
}

impl CallOptions {
    /// Returns options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of the whole call, including all attempts and waits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the timeout of one attempt, from connecting to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the idempotency key of a request, for vendors that have such a header
    /// (Persona); an error elsewhere.
    ///
    /// One key names one request with one set of arguments: set it with the request's
    /// `with`, because a client that has a key sends nothing.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a header. Headers that the client itself sends (authorisation, signature,
    /// version) cannot be replaced.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter, whose name must not be empty; both are percent-encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Returns the options that also apply to reading the subject back. That response
    /// must be complete, so query parameters are dropped.
    pub(crate) fn for_reading(&self) -> Self {
        Self { idempotency_key: None, query: Vec::new(), ..self.clone() }
    }

    /// Merges these options over `base`: these win, and headers and parameters add up.
    pub(crate) fn over(mut self, base: &Self) -> Self {
        self.timeout = self.timeout.or(base.timeout);
        self.attempt_timeout = self.attempt_timeout.or(base.attempt_timeout);
        self.idempotency_key = self.idempotency_key.or_else(|| base.idempotency_key.clone());
        self.retry = self.retry.or(base.retry);
        if self.own_headers.is_empty() {
            self.own_headers.clone_from(&base.own_headers);
        }
        self.headers.splice(0..0, base.headers.iter().cloned());
        self.query.splice(0..0, base.query.iter().cloned());
        self
    }

    /// Checks the added headers. The error names the header, not the value.
    pub(crate) fn checked_headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let checked = self.headers.iter().map(|(name, value)| {
            let parsed = HeaderName::try_from(name)
                .map_err(|_| "invalid header name: must be an HTTP token".to_owned())?;
            let value = HeaderValue::try_from(value).map_err(|_| {
                format!("invalid header `{parsed}`: must not contain control characters")
            })?;
            Ok((parsed, value))
        });
        checked.collect()
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("headers", &self.headers.len())
            .field("query", &self.query.len())
            .finish_non_exhaustive()
    }
}

/// A retry policy: exponential waits with full jitter, or the vendor's own hint.
///
/// What is retried depends on the class of the operation:
/// - `read` and `idempotent`: after a failed connection, a timeout, or one of the
///   statuses 408, 429, 500, 502, 503 and 504;
/// - `decision`: only if the request provably never left, or if the vendor says that it
///   has not processed it (429; Sumsub's temporary 409);
/// - `create`: only if the request never left.
///
/// If the vendor has idempotency keys (Persona), a decision or create is also retried
/// after a lost response, with the same key and bytes, to which the vendor responds with
/// the outcome of the first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
    pub(crate) hint_cap: Duration,
}

impl RetryPolicy {
    /// Returns a policy of three attempts, with waits drawn from 0 to 0.5 s, then from
    /// 0 to 1 s. Hints up to 60 s are followed.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            hint_cap: Duration::from_secs(60),
        }
    }

    /// Returns a policy of one attempt.
    pub const fn none() -> Self {
        Self { max_attempts: 1, ..Self::new() }
    }

    /// Sets the maximum number of attempts, including the first; zero counts as one.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Sets the longest first wait. The bound doubles with each further wait.
    pub const fn base_wait(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the longest wait that is drawn.
    pub const fn longest_wait(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// Sets the longest hint that is followed. A longer one ends the call at once, with
    /// the hint in the error.
    pub const fn longest_hint(mut self, cap: Duration) -> Self {
        self.hint_cap = cap;
        self
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}
