//! What any call can take, whoever the vendor is.

use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

/// Options that belong to any call. Set them with a client's `with`, which returns a
/// cheap clone: they then apply to every call of that clone.
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
    /// Headers of the vendor's own that a client sends with another value than its
    /// builder set.
    pub(crate) own_headers: Vec<(&'static str, String)>,
}

impl CallOptions {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole call, all attempts and waits together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// One attempt, from connecting to the last byte of the answer.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// The idempotency key of the next call, for vendors that have such a header
    /// (Persona); an error elsewhere.
    ///
    /// One key names one call with one set of arguments: take a fresh clone for each.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// One more header. What the client itself sends (authorisation, signature, version)
    /// cannot be replaced.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// One more query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// How often, and after which waits, a call that may be repeated is.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// What of these options is meant for a reading of the subject too, which must answer
    /// whole.
    pub(crate) fn for_reading(&self) -> Self {
        Self { idempotency_key: None, query: Vec::new(), ..self.clone() }
    }

    /// These options over those: what is set here wins, headers and parameters add up.
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

    /// The extra headers, checked. The error names the header, not the value.
    pub(crate) fn checked_headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let checked = self.headers.iter().map(|(name, value)| {
            let parsed =
                HeaderName::try_from(name).map_err(|_| "a header name is invalid".to_owned())?;
            let value = HeaderValue::try_from(value)
                .map_err(|_| format!("the value of header {parsed} is invalid"))?;
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

/// How a call that may be repeated is repeated: exponential waits with full jitter, or
/// the vendor's own hint.
///
/// Operations of the classes `read` and `idempotent` are repeated after a failed
/// connection, a time-out, or one of the statuses 408, 429, 500, 502, 503 and 504. A
/// decision is repeated only where the request provably never left, or where the vendor
/// says that it has not worked on it (429; Sumsub's temporary 409); a create only where
/// it never left. Where the vendor has idempotency keys (Persona), both are also repeated
/// after a lost answer, with the same key and bytes, which the vendor then answers with
/// what the first sending did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
    pub(crate) hint_cap: Duration,
}

impl RetryPolicy {
    /// Three attempts; waits drawn from 0 to 0.5 s, then 0 to 1 s; hints up to 60 s are
    /// followed.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            hint_cap: Duration::from_secs(60),
        }
    }

    /// One attempt.
    pub const fn none() -> Self {
        Self { max_attempts: 1, ..Self::new() }
    }

    /// At most so many attempts, the first included.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The longest first wait; each further one is up to twice as long.
    pub const fn base_wait(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// No wait is drawn from more than this.
    pub const fn longest_wait(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// A vendor's hint beyond this ends the call at once, with the hint in the error.
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
