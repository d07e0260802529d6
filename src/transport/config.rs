//! What every client can be told, whoever the vendor is.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect;

use super::{Dialect, Operation, Transport, base_url};
use crate::{Clock, Error, RetryPolicy, SystemClock};

/// Settings of one client.
#[derive(Clone, Debug)]
pub(crate) struct ClientConfig {
    pub(crate) base_url: String,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_body_bytes: usize,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl ClientConfig {
    /// The defaults, with the vendor's own base URL.
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            timeout: Duration::from_secs(120),
            attempt_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::new(),
            max_body_bytes: 64 << 20,
            user_agent: Some(HeaderValue::from_static(concat!("kyc-review/", env!("CARGO_PKG_VERSION")))),
            clock: Arc::new(SystemClock),
        }
    }

    /// A transport over a connection pool of its own. Opens no connection yet.
    pub(crate) fn connect(
        self,
        dialect: impl Dialect + 'static,
        operations: &'static [Operation],
    ) -> Result<Arc<Transport>, Error> {
        let vendor = dialect.vendor();
        let base = base_url::parse(vendor, &self.base_url)?;
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            // Repeating is our own decision, by operation class.
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout);
        if base_url::is_loopback(&base) {
            http = http.no_proxy();
        } else {
            http = http.https_only(true).tls_version_min(reqwest::tls::Version::TLS_1_2);
        }
        let http = http
            .build()
            .map_err(|error| Error::configuration(vendor, "the HTTP client cannot be built").caused_by(error))?;
        Ok(Arc::new(Transport { http, base, config: self, dialect: Box::new(dialect), operations }))
    }
}

/// The methods that every vendor's builder has, over its field `config`.
macro_rules! common_builder_methods {
    () => {
        /// Another base URL: https, or http on loopback; a path prefix is kept.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.config.base_url = url.into();
            self
        }

        /// The longest a call may take, all attempts and waits together. Default: 120 s.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.timeout = timeout;
            self
        }

        /// The longest one attempt may take. Default: 60 s.
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.attempt_timeout = timeout;
            self
        }

        /// The longest that connecting may take. Default: 10 s.
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.connect_timeout = timeout;
            self
        }

        /// How calls that may be repeated are.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.config.retry = policy;
            self
        }

        /// The largest answer that is read, in bytes. Default: 64 MiB.
        pub fn max_body_bytes(mut self, bytes: usize) -> Self {
            self.config.max_body_bytes = bytes;
            self
        }

        /// Another source of time, for tests.
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.config.clock = clock;
            self
        }
    };
}

pub(crate) use common_builder_methods;
