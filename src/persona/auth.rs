//! Authorises requests with a bearer key, and sets the API version and the inflection of
//! field names, the same on every attempt. Sources:
//! <https://docs.withpersona.com/authentication>,
//! <https://docs.withpersona.com/rate-limiting>.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::PersonaVersion;
use crate::call::error::ErrorDetails;
use crate::call::{Error, Limit, RateLimit, Vendor};
use crate::transport::{
    Dialect, ErrorFields, number_header, retry_after_header, seconds_header, token_header,
    visible_header,
};
use crate::value::Secret;

/// The header with the API version.
pub(super) const VERSION: &str = "persona-version";

const KEY_INFLECTION: HeaderName = HeaderName::from_static("key-inflection");

#[derive(Debug)]
pub(super) struct Auth {
    key: Secret,
    bearer: HeaderValue,
    version: HeaderValue,
}

impl Auth {
    pub(super) fn new(key: Secret, version: &PersonaVersion) -> Result<Self, Error> {
        let bearer = key.header(Vendor::Persona, "Bearer ")?;
        let version = visible_header(version.as_str()).map_err(|why| {
            Error::configuration(Vendor::Persona, format!("invalid `Persona-Version`: {why}"))
        })?;
        Ok(Self { key, bearer, version })
    }
}

impl Dialect for Auth {
    fn vendor(&self) -> Vendor {
        Vendor::Persona
    }

    fn prepare(&self, request: &mut Request) -> Result<(), Error> {
        let headers = request.headers_mut();
        headers.insert(VERSION, self.version.clone());
        // A key can be set to respond in another inflection, which would hide every field
        // whose name has two words.
        headers.insert(KEY_INFLECTION, HeaderValue::from_static("kebab"));
        Ok(())
    }

    fn error_fields(&self) -> ErrorFields {
        (&["errors", "meta"], &["errors"])
    }

    fn judged_by(&self) -> &'static [&'static str] {
        &[
            "attributes",
            "status",
            "account-status",
            "redacted-at",
            "decisioned-at",
            "expired-at",
            "marked-for-review-at",
        ]
    }

    fn authorise(&self, request: &mut Request, _: DateTime<Utc>) -> Result<(), Error> {
        request.headers_mut().insert(AUTHORIZATION, self.bearer.clone());
        Ok(())
    }

    fn own_headers(&self) -> &'static [&'static str] {
        &["authorization", VERSION, "key-inflection"]
    }

    fn idempotency_header(&self) -> Option<&'static str> {
        Some("idempotency-key")
    }

    fn limits(&self) -> Vec<Limit> {
        vec![Limit::all(300, Duration::from_secs(60))]
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.key.expose()]
    }

    fn error_details(&self, body: &[u8]) -> ErrorDetails {
        super::error::read(body)
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        token_header(headers, "request-id")
    }

    fn rate_limit(&self, headers: &HeaderMap, _: DateTime<Utc>) -> Option<RateLimit> {
        REQUESTS.read(headers).or_else(|| quota(headers))
    }

    /// Every response says when its window ends, which is a wait only if the window has
    /// nothing left.
    fn retry_after(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
        let used_up =
            [REQUESTS, QUOTA, QUOTA_LIMIT].iter().filter_map(|window| window.wait(headers)).max();
        used_up.or_else(|| retry_after_header(headers, now))
    }
}

/// Reads the quota of a product, in either spelling of the vendor's pages.
pub(super) fn quota(headers: &HeaderMap) -> Option<RateLimit> {
    QUOTA.read(headers).or_else(|| QUOTA_LIMIT.read(headers))
}

/// Three headers about one window. `reset` is in seconds from now, not a time of day.
struct Window {
    limit: &'static str,
    remaining: &'static str,
    reset: &'static str,
}

const REQUESTS: Window =
    Window { limit: "ratelimit-limit", remaining: "ratelimit-remaining", reset: "ratelimit-reset" };
const QUOTA: Window =
    Window { limit: "quota-limit", remaining: "quota-remaining", reset: "quota-reset" };
const QUOTA_LIMIT: Window = Window {
    limit: "quotalimit-limit",
    remaining: "quotalimit-remaining",
    reset: "quotalimit-reset",
};

impl Window {
    fn read(&self, headers: &HeaderMap) -> Option<RateLimit> {
        let read = RateLimit {
            limit: number_header(headers, self.limit),
            remaining: number_header(headers, self.remaining),
            reset: seconds_header(headers, self.reset),
        };
        (read != RateLimit::default()).then_some(read)
    }

    fn wait(&self, headers: &HeaderMap) -> Option<Duration> {
        let RateLimit { remaining, reset, .. } = self.read(headers)?;
        reset.filter(|_| remaining.is_none_or(|left| left == 0))
    }
}
