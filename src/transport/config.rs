//! The settings of every client, of any vendor.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect;

use super::budget::Budget;
use super::limit::Limiter;
use super::{Dialect, Transport, base_url};
use crate::call::{Clock, Error, Limit, Observer, RetryPolicy, Sender, SystemClock};

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
    pub(crate) retry_budget: u32,
    /// `None` for the limits that the vendor documents.
    pub(crate) limits: Option<Vec<Limit>>,
    pub(crate) sender: Option<Arc<dyn Sender>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

impl ClientConfig {
    /// Returns the defaults, with the vendor's base URL.
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            timeout: Duration::from_secs(120),
            attempt_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::new(),
            max_body_bytes: 64 << 20,
            user_agent: Some(HeaderValue::from_static(concat!(
                "kyc-review/",
                env!("CARGO_PKG_VERSION")
            ))),
            clock: Arc::new(SystemClock),
            retry_budget: 500,
            limits: None,
            sender: None,
            observer: None,
        }
    }

    /// Builds a transport with its own connection pool. Opens no connection yet.
    pub(crate) fn connect(self, dialect: impl Dialect + 'static) -> Result<Arc<Transport>, Error> {
        let vendor = dialect.vendor();
        let base = base_url::parse(vendor, &self.base_url)?;
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            // Retries depend on the operation class, which reqwest does not know.
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout);
        if base_url::is_loopback(&base) {
            http = http.no_proxy();
        } else {
            http = http.https_only(true).tls_version_min(reqwest::tls::Version::TLS_1_2);
        }
        let http = http.build().map_err(|error| {
            Error::configuration(vendor, "cannot build the HTTP client").caused_by(error)
        })?;
        let sender = self.sender.clone().unwrap_or_else(|| Arc::new(http));
        let limits = self.limits.clone().unwrap_or_else(|| dialect.limits());
        let (budget, limiter) = (Budget::new(self.retry_budget), Limiter::new(&limits));
        let dialect = Box::new(dialect);
        Ok(Arc::new(Transport { sender, base, budget, limiter, config: self, dialect }))
    }
}

/// Defines the methods of every vendor's builder, which set its field `config`.
macro_rules! common_builder_methods {
    () => {
        /// Sets the base URL: https, or http on loopback; a path prefix is kept.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.config.base_url = url.into();
            self
        }

        /// Sets the timeout of a call, including all attempts and waits. Default: 120 s.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.timeout = timeout;
            self
        }

        /// Sets the timeout of one attempt. Default: 60 s.
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.attempt_timeout = timeout;
            self
        }

        /// Sets the timeout of connecting. Default: 10 s.
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.config.connect_timeout = timeout;
            self
        }

        /// Sets the retry policy.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.config.retry = policy;
            self
        }

        /// Sets the retry budget, in tokens that all clones of the client share. A retry
        /// costs 5 tokens. A success gives 1 back, or 5 if it took a retry. Without
        /// tokens nothing is retried. Default: 500.
        pub fn retry_budget(mut self, tokens: u32) -> Self {
            self.config.retry_budget = tokens;
            self
        }

        /// Sets the client-side rate limit, which all clones share, instead of the one
        /// that the vendor documents. A call waits until the limit allows it. Without any
        /// limit, the client never waits.
        pub fn limits(mut self, limits: impl IntoIterator<Item = $crate::Limit>) -> Self {
            self.config.limits = Some(limits.into_iter().collect());
            self
        }

        /// Sets what sends requests instead of `reqwest` itself: a proxy, mTLS, a
        /// recorder.
        pub fn sender(mut self, sender: impl $crate::Sender + 'static) -> Self {
            self.config.sender = Some(::std::sync::Arc::new(sender));
            self
        }

        /// Sets a `tower` service that sends requests, such as layers around a
        /// `reqwest::Client`.
        pub fn service<S>(self, service: S) -> Self
        where
            S: ::tower_service::Service<$crate::HttpRequest, Response = $crate::HttpResponse>
                + Clone
                + Send
                + Sync
                + 'static,
            S::Future: Send,
            S::Error: Into<Box<dyn ::std::error::Error + Send + Sync>>,
        {
            self.sender($crate::call::sender::Tower(service))
        }

        /// Sets the receiver of each call's events, for metrics.
        pub fn observer(mut self, observer: ::std::sync::Arc<dyn $crate::Observer>) -> Self {
            self.config.observer = Some(observer);
            self
        }

        /// Sets the largest response body that is read, in bytes. Default: 64 MiB.
        pub fn max_body_bytes(mut self, bytes: usize) -> Self {
            self.config.max_body_bytes = bytes;
            self
        }

        /// Sets the source of time, for tests.
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.config.clock = clock;
            self
        }
    };
}

pub(crate) use common_builder_methods;
