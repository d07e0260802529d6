//! Ids: those that would change the route are refused before any I/O; others are exactly
//! one encoded segment.

use std::sync::{Arc, Mutex};

use kyc_review::ErrorKind;
use kyc_review::beltic::Beltic;
use kyc_review::beltic::types::SessionId;

use crate::support::wire::{Wire, answer};

/// Texts that no id type accepts.
pub const REFUSED: &[&str] = &[
    "",
    " ",
    "\t",
    ".",
    "..",
    "..\\admin",
    "a\\b",
    "a/b",
    "/",
    "%2e%2e",
    ".%2E",
    "%2E",
    "a%2fb",
    "a%5cb",
    "%252e%252e",
    "a%00",
    "a?x=1",
    "a#f",
    "a\r\nX-Evil: 1",
    "a\nb",
    "a\0b",
    "a b",
    "a\u{a0}b",
    "\u{7f}",
    "a\u{85}b",
    "a\u{2028}b",
];

#[test]
fn a_text_that_would_change_the_route_is_no_id() {
    for text in REFUSED {
        let error = SessionId::try_from(*text).unwrap_err().to_string();
        assert!(error.starts_with("SessionId "), "{error}");
        assert!(
            text.trim().is_empty() || !error.contains(text.trim()) || text.len() == 1,
            "{text:?} shows in {error}"
        );
    }
    assert!(SessionId::try_from("x".repeat(10_000)).is_err());
    assert!(SessionId::try_from("x".repeat(256)).is_ok());
}

#[tokio::test]
async fn a_refused_id_reaches_nobody() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let beltic = Beltic::builder().api_key("k").base_url(wire.url()).build().unwrap();
    for text in REFUSED {
        let error = beltic.sessions().decline(*text).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{text:?}");
    }
    assert_eq!(wire.requests().len(), 0);
}

#[tokio::test]
async fn any_other_id_is_one_encoded_segment_on_the_request_line() {
    let wire = Wire::start(|_| answer(404, "{}")).await;
    let beltic =
        Beltic::builder().api_key("k").base_url(format!("{}/prefix", wire.url())).build().unwrap();
    for (text, segment) in [
        ("sess_01HQ", "sess_01HQ"),
        ("a;b=c", "a%3Bb%3Dc"),
        ("a:b@c&d+e,f", "a%3Ab%40c%26d%2Be%2Cf"),
        ("...", "..."),
        ("a%41", "a%2541"),
        ("\u{202e}txt", "%E2%80%AEtxt"),
        ("аdmin", "%D0%B0dmin"),
        ("\"<>{}|^`", "%22%3C%3E%7B%7D%7C%5E%60"),
    ] {
        beltic.sessions().get(text).await.unwrap_err();
        let line = wire.requests().pop().unwrap().line;
        assert_eq!(
            line,
            format!("GET /prefix/v1/identity/sessions/{segment} HTTP/1.1"),
            "{text:?}"
        );
    }
}

#[tokio::test]
async fn ten_thousand_odd_ids_never_leave_the_template() {
    let lines = Arc::new(Mutex::new(0_usize));
    let counted = lines.clone();
    let wire = Wire::start(move |request| {
        let path = request.line.split(' ').nth(1).unwrap();
        let whole = path.starts_with("/v1/identity/sessions/") && path.ends_with("/decline");
        assert!(
            whole && path.matches('/').count() == 5 && !path.contains(['?', '#', '\\']),
            "{path}"
        );
        *counted.lock().unwrap() += 1;
        answer(404, "{}")
    })
    .await;
    let beltic = Beltic::builder().api_key("k").base_url(wire.url()).build().unwrap();
    let alphabet: Vec<char> =
        "./\\%?#;&=+@:,~ \u{0}\r\n\u{202e}\u{200b}é漢2eEfFaZ09_-".chars().collect();
    // A linear congruential generator gives the same ids in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut sent = 0;
    for _ in 0..10_000 {
        let text: String = (0..1 + draw(8)).map(|_| alphabet[draw(alphabet.len())]).collect();
        if SessionId::try_from(text.as_str()).is_ok() {
            sent += 1;
            beltic.sessions().decline(text.as_str()).await.unwrap_err();
        }
    }
    assert_eq!((*lines.lock().unwrap(), sent > 500), (sent, true), "{sent} ids were accepted");
}
