//! Checks that the transport never waits longer than it may, whatever the headers of a
//! response hold and whatever the clock shows.
//!
//! Input: the clock in seconds since 1970, clamped to its range, then one header per
//! line.

#![no_main]

use std::time::Duration;

use chrono::{DateTime, Utc};
use kyc_review::header::{HeaderMap, HeaderName, HeaderValue};
use kyc_review::{RetryPolicy, Vendor, fuzzing};
use libfuzzer_sys::fuzz_target;

/// The span of the clock's type in seconds, rounded up.
const LONGEST_DATE: u64 = 2 * 262_144 * 366 * 86_400;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let now = clock(lines.next().unwrap_or_default());
    let mut headers = HeaderMap::new();
    for line in lines.take(32) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) =
            (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(&line[colon + 1..]));
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    for (vendor, hint) in fuzzing::hints(&headers, now) {
        let policy = RetryPolicy::new();
        let wait = fuzzing::wait_on(&policy, hint, 7);
        assert_eq!(
            wait.is_some(),
            hint.is_none_or(|hint| hint <= Duration::from_secs(60)),
            "{vendor}: {hint:?}"
        );
        assert!(wait.is_none_or(
            |wait| Some(wait) == hint || hint.is_none() && wait <= Duration::from_millis(500)
        ));
        if matches!(vendor, Vendor::Beltic | Vendor::Provide | Vendor::Sumsub) {
            standard(hint, headers.get("retry-after"));
        }
    }
});

/// Checks vendors that use the standard header, a number of seconds or a date.
fn standard(hint: Option<Duration>, header: Option<&HeaderValue>) {
    let text = header.and_then(|header| header.to_str().ok()).map(str::trim);
    let Some(text) = text else { return assert_eq!(hint, None) };
    match text.parse::<u64>() {
        Ok(seconds) if !text.starts_with('+') => {
            assert_eq!(hint, Some(Duration::from_secs(seconds)))
        }
        _ => assert!(hint.is_none_or(|hint| hint.as_secs() < LONGEST_DATE), "{text}: {hint:?}"),
    }
}

fn clock(text: &[u8]) -> DateTime<Utc> {
    let seconds = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse::<i64>().ok())
        .unwrap_or_default();
    let ends = if seconds < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    DateTime::from_timestamp(seconds, 999_999_999).unwrap_or(ends)
}
