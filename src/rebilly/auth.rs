//! Authorises requests with `REB-APIKEY` or `Authorization: Bearer`, the same on every
//! attempt. Rebilly states the time at which to retry, not how long to wait. Source:
//! <https://www.rebilly.com/docs/dev-docs/api>.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::call::error::ErrorDetails;
use crate::call::{Error, RateLimit, Vendor};
use crate::transport::{Dialect, ErrorFields, number_header, retry_after_header};
use crate::value::Secret;

const API_KEY: HeaderName = HeaderName::from_static("reb-apikey");

/// One of the two credentials, ready for its header.
#[derive(Debug)]
pub(super) struct Auth {
    secret: Secret,
    name: HeaderName,
    value: HeaderValue,
}

impl Auth {
    pub(super) fn api_key(key: Secret) -> Result<Self, Error> {
        let value = key.header(Vendor::Rebilly, "")?;
        Ok(Self { secret: key, name: API_KEY, value })
    }

    pub(super) fn bearer(token: Secret) -> Result<Self, Error> {
        let value = token.header(Vendor::Rebilly, "Bearer ")?;
        Ok(Self { secret: token, name: AUTHORIZATION, value })
    }
}

impl Dialect for Auth {
    fn vendor(&self) -> Vendor {
        Vendor::Rebilly
    }

    fn error_fields(&self) -> ErrorFields {
        (
            &[
                "type",
                "title",
                "status",
                "detail",
                "details",
                "instance",
                "error",
                "code",
                "invalidFields",
            ],
            &["title", "detail", "error", "invalidFields"],
        )
    }

    fn judged_by(&self) -> &'static [&'static str] {
        &[
            "status",
            "rejectionReason",
            "type",
            "reviewerId",
            "reviewStartTime",
            "reviewTime",
            "updatedTime",
        ]
    }

    fn authorise(&self, request: &mut Request, _: DateTime<Utc>) -> Result<(), Error> {
        request.headers_mut().insert(self.name.clone(), self.value.clone());
        Ok(())
    }

    fn own_headers(&self) -> &'static [&'static str] {
        // Both, whichever is sent: if a caller added the other one, the vendor would
        // choose which of the two counts.
        &["reb-apikey", "authorization"]
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.secret.expose()]
    }

    fn error_details(&self, body: &[u8]) -> ErrorDetails {
        super::error::read(body)
    }

    fn rate_limit(&self, headers: &HeaderMap, _: DateTime<Utc>) -> Option<RateLimit> {
        let limit = number_header(headers, "x-ratelimit-limit");
        let remaining = number_header(headers, "x-ratelimit-remaining");
        (limit.is_some() || remaining.is_some()).then_some(RateLimit {
            limit,
            remaining,
            reset: None,
        })
    }

    fn retry_after(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
        let moment = headers
            .get("x-ratelimit-retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok());
        moment.map(|moment| until(moment, now)).or_else(|| retry_after_header(headers, now))
    }
}

/// Returns the time from now to a Unix time in seconds; zero if it has passed.
fn until(moment: i64, now: DateTime<Utc>) -> Duration {
    let seconds = moment.saturating_sub(now.timestamp());
    u64::try_from(seconds).map_or(Duration::ZERO, Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(headers: &[(&'static str, &'static str)]) -> Option<u64> {
        let now = DateTime::from_timestamp(1_772_359_200, 999_000_000).unwrap_or_default();
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let auth = Auth { secret: "k".into(), name: API_KEY, value: HeaderValue::from_static("k") };
        auth.retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_hint_is_a_moment_and_retry_after_is_what_is_left() {
        let moment = |text| hint(&[("x-ratelimit-retry-after", text), ("retry-after", "9")]);
        assert_eq!(moment("1772359207"), Some(7));
        assert_eq!(moment(" 1772359207 "), Some(7));
        // A past time, however long ago, means no wait: these values are not durations.
        for past in ["1772359200", "1772359199", "60", "0", "-1", "-9223372036854775808"] {
            assert_eq!(moment(past), Some(0), "{past}");
        }
        // Far beyond every cap, without overflow.
        assert!(moment("9223372036854775807").is_some_and(|wait| wait > 9_000_000_000_000_000_000));
        // Not a number, so the standard header counts.
        for odd in ["", "soon", "1e9", "1772359207.5", "9223372036854775808"] {
            assert_eq!(moment(odd), Some(9), "{odd}");
        }
        assert_eq!(hint(&[("retry-after", "9")]), Some(9));
        assert_eq!(hint(&[("retry-after", "Sun, 01 Mar 2026 10:00:10 GMT")]), Some(9));
        assert_eq!(hint(&[]), None);
    }
}
