//! Webhooks: every known digest is matched, and nothing that a stranger can send is
//! accepted.

mod beltic;
mod persona;
mod provide;
mod rebilly;
mod sumsub;

use std::fmt::{Debug, Write};
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use kyc_review::WebhookError;
use kyc_review::header::{HeaderMap, HeaderName, HeaderValue};
use kyc_review::sandbox::ManualClock;
use kyc_review::{Clock, Timestamp};
use sha2::Sha256;

/// Headers as received, with a name twice if it is given twice.
fn headers(list: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in list {
        headers
            .append(HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
    }
    headers
}

fn header_name(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// The vendor's digest; the known digests prove it right.
fn sign(secret: &str, parts: &[&[u8]]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| code.update(part));
    code.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn clock(seconds: i64, milliseconds: u32) -> Arc<ManualClock> {
    let epoch = Timestamp::try_from("1970-01-01T00:00:00Z").unwrap().instant().unwrap();
    let clock = ManualClock::at(epoch);
    let ahead =
        std::time::Duration::from_millis(seconds.unsigned_abs() * 1000 + u64::from(milliseconds));
    clock.advance(ahead);
    assert_eq!(clock.now().timestamp(), seconds);
    Arc::new(clock)
}

/// Every body that differs from this one in a single bit.
fn flipped(body: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..body.len() * 8).map(|bit| {
        let mut other = body.to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        other
    })
}

/// Bodies that are the same JSON to a reader, but other bytes.
fn rewritten(body: &str) -> Vec<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    let spaced = serde_json::to_string_pretty(&value).unwrap();
    let escaped: String = body
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect();
    let mut others = vec![
        spaced.replace('\n', "\r\n").into_bytes(),
        spaced.into_bytes(),
        serde_json::to_vec(&value).unwrap(),
        escaped.into_bytes(),
        format!("{body}\n").into_bytes(),
        format!("{body}\r\n").into_bytes(),
        format!("\u{feff}{body}").into_bytes(),
        body.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Vec::new(),
    ];
    others.retain(|other| other != body.as_bytes());
    others
}

/// Asserts the error of a verifier for what must never be accepted.
fn refused<T: Debug>(result: Result<T, WebhookError>, expected: WebhookError, what: impl Debug) {
    assert_eq!(result.map(|_| ()).unwrap_err(), expected, "{what:?}");
}

/// Asserts that genuine deliveries are read in one way or not at all: they are refused
/// with a field that is there twice, and half of a surrogate pair is replaced.
fn is_read_in_one_way<T: Debug>(
    verify: impl Fn(&[u8]) -> Result<T, WebhookError>,
    json: impl Fn(&T) -> serde_json::Value,
) {
    for body in [
        r#"{"status":"rejected","status":"accepted"}"#,
        r#"{"status":"rejected","\u0073tatus":"accepted"}"#,
        r#"{"data":[{"status":"rejected","x":{},"status":"accepted"}]}"#,
        r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"a":2}"#,
    ] {
        refused(verify(body.as_bytes()), WebhookError::DuplicateKey, body);
    }
    let once = verify(br#"{"note":"ok \ud83d","same":{"note":"\ude00\ud83d\ude00"}}"#).unwrap();
    let read = json(&once);
    assert_eq!(read["note"], "ok \u{fffd}");
    assert_eq!(read["same"]["note"], "\u{fffd}\u{1f600}");
}

/// Asserts that none of these words is printed.
fn shows_none(printed: &str, words: &[&str]) {
    for word in words {
        assert!(!printed.contains(word), "{word} in {printed}");
    }
}

#[test]
fn every_failure_says_what_it_is_in_words_of_its_own() {
    let name = header_name("x-request-signature");
    let all = [
        WebhookError::NoSecret,
        WebhookError::EmptySecret,
        WebhookError::InvalidUsername,
        WebhookError::MissingHeader(name.clone()),
        WebhookError::DuplicateHeader(name.clone()),
        WebhookError::HeaderTooLong(name.clone()),
        WebhookError::MalformedHeader(name.clone()),
        WebhookError::UnknownScheme(name),
        WebhookError::AlgorithmNotAccepted,
        WebhookError::TooManySignatures,
        WebhookError::MalformedSignature,
        WebhookError::MissingTimestamp,
        WebhookError::MalformedTimestamp,
        WebhookError::TooOld,
        WebhookError::InFuture,
        WebhookError::NoMatch,
        WebhookError::TokenMismatch,
        WebhookError::NotJson,
        WebhookError::DuplicateKey,
    ];
    let mut texts: Vec<String> = all.iter().map(ToString::to_string).collect();
    assert!(texts.iter().all(|text| text.starts_with("webhook: ")));
    assert_eq!(texts.iter().filter(|text| text.contains("x-request-signature")).count(), 5);
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), all.len());
}
