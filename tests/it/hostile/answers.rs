//! Responses of any shape and size: a typed error or a value, bounded, and never a panic.

use std::sync::Arc;
use std::time::Duration;

use kyc_review::sandbox::ManualClock;
use kyc_review::{ErrorKind, RetryPolicy, Vendor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{ALL, Client, Setup, good, sample};
use crate::support::sample::Way;
use crate::support::wire::{Act, Wire, answer, with_headers};

#[test]
fn an_enum_of_any_vendor_keeps_a_value_that_it_does_not_know() {
    fn keeps<T: DeserializeOwned + Serialize>() {
        for text in [
            r#""a-value-of-the-future""#,
            r#""""#,
            r#"" ""#,
            r#""Approved ""#,
            r#""APPROVED""#,
            r#""漢\n""#,
        ] {
            let value: T = serde_json::from_str(text).unwrap();
            assert_eq!(
                serde_json::to_string(&value).unwrap(),
                text,
                "{}",
                std::any::type_name::<T>()
            );
        }
    }
    keeps::<kyc_review::beltic::types::SessionStatus>();
    keeps::<kyc_review::persona::types::InquiryStatus>();
    keeps::<kyc_review::persona::types::InquirySessionStatus>();
    keeps::<kyc_review::provide::types::KycApplicationStatus>();
    keeps::<kyc_review::provide::types::KycApplicationType>();
    keeps::<kyc_review::provide::types::KycProvider>();
    keeps::<kyc_review::rebilly::types::KycDocumentStatus>();
    keeps::<kyc_review::rebilly::types::KycDocumentType>();
    keeps::<kyc_review::rebilly::types::KycDocumentSubtype>();
    keeps::<kyc_review::rebilly::types::RejectionReason>();
    keeps::<kyc_review::sumsub::types::ReviewStatus>();
    keeps::<kyc_review::sumsub::types::ReviewAnswer>();
    keeps::<kyc_review::sumsub::types::ReviewRejectType>();
    keeps::<kyc_review::sumsub::types::RejectLabel>();
}

#[tokio::test]
async fn an_answer_full_of_unknown_values_is_read_at_every_vendor() {
    for vendor in ALL {
        let body = sample(vendor, super::component(vendor), Way::Unknown).to_string();
        let wire = Wire::start(move |_| answer(200, &body)).await;
        let client = Client::at(vendor, wire.url());
        client.read("id_1").await.unwrap();
        client.decide("id_1").await.unwrap();
    }
}

/// Every location in a value, as a JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| places(value, &format!("{at}/{}", escape(name)), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// Any field that is missing, null, or of another type gives a value or an error; both
/// are counted.
fn bend<T: DeserializeOwned + std::fmt::Debug>(vendor: Vendor) -> (usize, usize) {
    let whole = sample(vendor, super::component(vendor), Way::Whole);
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let (mut read, mut refused) = (0, 0);
    for place in &found {
        for other in [
            json!(null),
            json!("1"),
            json!(""),
            json!(-1),
            json!(1e300),
            json!(u64::MAX),
            json!(true),
            json!([]),
            json!({}),
            json!("2024-05-02 09:32"),
        ] {
            let mut bent = whole.clone();
            *bent.pointer_mut(place).unwrap() = other;
            match serde_json::from_value::<T>(bent) {
                Ok(value) => {
                    read += 1;
                    assert!(
                        !format!("{value:?}").contains(crate::support::sample::CANARY),
                        "{vendor} {place}"
                    );
                }
                Err(_) => refused += 1,
            }
        }
    }
    (read, refused)
}

#[test]
fn no_member_of_another_type_breaks_the_reader_of_any_vendor() {
    for (vendor, (read, refused)) in [
        (Vendor::Beltic, bend::<kyc_review::beltic::types::SessionEnvelope>(Vendor::Beltic)),
        (Vendor::Persona, bend::<kyc_review::persona::types::InquiryDocument>(Vendor::Persona)),
        (Vendor::Provide, bend::<kyc_review::provide::types::KycApplication>(Vendor::Provide)),
        (Vendor::Rebilly, bend::<kyc_review::rebilly::types::KycDocument>(Vendor::Rebilly)),
        (Vendor::Sumsub, bend::<kyc_review::sumsub::types::KytTxn>(Vendor::Sumsub)),
    ] {
        assert!(read > 50 && refused > 20, "{vendor}: {read} read, {refused} refused");
    }
}

#[tokio::test]
async fn a_doubled_member_is_an_error_and_an_unknown_one_is_none() {
    for vendor in ALL {
        let text = good(vendor);
        let at = text.find(r#""id":"text""#).unwrap();
        let doubled = format!(r#"{}"id":"other",{}"#, &text[..at], &text[at..]);
        let deep = format!(
            r#"{}"x-of-the-future":{}1{},{}"#,
            &text[..at],
            "[".repeat(100),
            "]".repeat(100),
            &text[at..]
        );
        let wire = Wire::start(move |request| {
            let body = if request.line.contains("doubled") { &doubled } else { &deep };
            with_headers(200, "content-type: text/plain\r\n", body)
        })
        .await;
        let client = Client::at(vendor, wire.url());
        let kind = client.read("doubled").await.map_err(|error| error.kind()).err();
        assert_eq!(kind, Some(ErrorKind::Decode), "{vendor}");
        client.read("deep").await.unwrap();
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_vendor_is_a_typed_error_at_every_vendor() {
    for vendor in ALL {
        let whole = good(vendor);
        let truncated = whole[..whole.len() - 1].to_owned();
        for body in [
            "",
            " ",
            "<html><title>canary</title></html>",
            truncated.as_str(),
            "\u{feff}{}",
            "\"canary\"",
            "[1]",
            "true",
            "{\"a\":01}",
            "{\"a\":1}{",
            "\0",
        ] {
            let text = body.to_owned();
            let wire = Wire::start(move |_| answer(200, &text)).await;
            let client = Client::at(vendor, wire.url());
            let (read, decide) =
                (client.read("id_1").await.unwrap_err(), client.decide("id_1").await.unwrap_err());
            assert_eq!(
                (read.kind(), decide.kind()),
                (ErrorKind::Decode, ErrorKind::OutcomeUnknown),
                "{vendor} {body:.30}"
            );
            for error in [read, decide] {
                assert_eq!(
                    (error.status().unwrap().as_u16(), error.attempts()),
                    (200, 1),
                    "{vendor}"
                );
                assert_eq!(error.raw_body().unwrap(), body.as_bytes(), "{vendor}");
                let shown = super::everything(&error);
                let is_told =
                    shown.contains("the body ") || shown.contains("unexpected response body: ");
                assert!(is_told && !shown.contains("canary"), "{shown}");
            }
            assert_eq!(wire.requests().len(), 2, "{vendor}");
        }
        // Bytes that are not text, and a compressed body. Nothing here decompresses it,
        // so a bomb stays as small as it was sent.
        let packed = [&[0x1f, 0x8b, 8, 0][..], &[0xff; 64]].concat();
        let head = format!(
            "HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        let whole = [head.as_bytes(), packed.as_slice()].concat();
        let wire = Wire::start(move |_| Act::Send(whole.clone())).await;
        let error = Client::at(vendor, wire.url()).read("id_1").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.raw_body().unwrap()),
            (ErrorKind::Decode, packed.as_slice()),
            "{vendor}"
        );
        assert_eq!(wire.requests()[0].header("accept-encoding"), None, "{vendor}");
    }
}

#[tokio::test]
async fn every_vendors_answers_stop_at_the_cap() {
    const CAP: usize = 4096;
    for vendor in ALL {
        for (head, rest) in [
            ("content-length: 4294967296\r\n\r\n", "xxxxxxxxxxxxxxxx"),
            ("transfer-encoding: chunked\r\n\r\n", "10\r\nxxxxxxxxxxxxxxxx\r\n"),
            ("connection: close\r\n\r\n", "xxxxxxxxxxxxxxxx"),
        ] {
            let wire = Wire::start(move |request| {
                let status = if request.line.contains("refused") { 409 } else { 200 };
                let head = format!("HTTP/1.1 {status} X\r\n{head}");
                Act::Endless(head.into_bytes(), rest.repeat(256).into_bytes())
            })
            .await;
            let client =
                Client::build(vendor, &Setup { cap: CAP, ..Setup::at(wire.url()) }).unwrap();
            for (error, kind) in [
                (client.read("id_1").await.unwrap_err(), ErrorKind::TooLarge),
                (client.decide("id_1").await.unwrap_err(), ErrorKind::OutcomeUnknown),
                (client.decide("refused").await.unwrap_err(), ErrorKind::Conflict),
            ] {
                assert_eq!(
                    (error.kind(), error.raw_body().unwrap().len()),
                    (kind, CAP),
                    "{vendor} {head:?}"
                );
            }
            assert_eq!(wire.requests().len(), 3, "{vendor}");
        }
    }
}

#[tokio::test]
async fn endless_headers_and_lengths_that_are_none_end_at_every_vendor() {
    for vendor in ALL {
        for rest in [
            "x: y\r\n",
            "content-length: 18446744073709551615\r\n\r\n",
            "content-length: -1\r\n\r\n",
            "content-length: 1\r\ncontent-length: 2\r\n\r\n",
            "transfer-encoding: chunked\r\n\r\n-1\r\n",
            "transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ] {
            let wire = Wire::start(move |_| {
                Act::Endless(b"HTTP/1.1 200 X\r\n".to_vec(), rest.repeat(1000).into_bytes())
            })
            .await;
            let setup = Setup { retry: RetryPolicy::none(), ..Setup::at(wire.url()) };
            let client = Client::build(vendor, &setup).unwrap();
            assert_eq!(
                client.read("id_1").await.unwrap_err().kind(),
                ErrorKind::Connection,
                "{vendor} {rest:?}"
            );
            assert!(
                client.decide("id_1").await.unwrap_err().is_outcome_unknown(),
                "{vendor} {rest:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_of_one_byte_a_second_ends_with_the_attempt() {
    for vendor in ALL {
        let (clock, permits) = (Arc::new(ManualClock::new()), Arc::new(Semaphore::new(0)));
        let arrived = Arc::new(Semaphore::new(0));
        let (drips, seen) = (permits.clone(), arrived.clone());
        let wire = Wire::start(move |_| {
            seen.add_permits(1);
            Act::Drip(b"HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n".to_vec(), drips.clone())
        })
        .await;
        let (attempt, retry) = (Duration::from_secs(5), RetryPolicy::none());
        let setup = Setup { attempt, retry, clock: Some(clock.clone()), ..Setup::at(wire.url()) };
        let client = Client::build(vendor, &setup).unwrap();
        let drip = || async {
            arrived.acquire().await.unwrap().forget();
            for _ in 0..5 {
                permits.add_permits(1);
                clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        let (error, ()) = tokio::join!(client.read("id_1"), drip());
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.elapsed().as_secs()), (ErrorKind::Timeout, 5), "{vendor}");
        let (error, ()) = tokio::join!(client.decide("id_1"), drip());
        assert!(error.unwrap_err().is_outcome_unknown(), "{vendor}");
        assert_eq!(wire.requests().len(), 2, "{vendor}");
    }
}

#[tokio::test]
async fn ten_thousand_levels_of_json_overflow_no_stack() {
    for vendor in ALL {
        let whole = good(vendor);
        let at = whole.find(r#""id":"text""#).unwrap();
        let canary = whole.find(r#""canary-7f3a""#).unwrap();
        let canary =
            canary + whole[canary..].find(':').map_or(0, |colon| if colon == 14 { 15 } else { 0 });
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let nest = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            let unknown = format!(r#"{}"x-of-the-future":{nest},{}"#, &whole[..at], &whole[at..]);
            let personal = format!("{}{nest},{}", &whole[..canary], &whole[canary..]);
            for body in [nest.clone(), open.repeat(10_000), unknown, personal] {
                for status in [200, 409] {
                    let text = body.clone();
                    let wire = Wire::start(move |_| answer(status, &text)).await;
                    let client = Client::at(vendor, wire.url());
                    let read = client.read("id_1").await.map(|_| ()).map_err(|error| error.kind());
                    let decide =
                        client.decide("id_1").await.map(|_| ()).map_err(|error| error.kind());
                    match status {
                        // Fields that no one reads are skipped without recursion, or
                        // refused.
                        200 => assert!(
                            matches!(
                                (read, decide),
                                (Err(ErrorKind::Decode), Err(ErrorKind::OutcomeUnknown))
                                    | (Ok(()), Ok(()))
                            ),
                            "{vendor}: {read:?} {decide:?}"
                        ),
                        _ => {
                            assert_eq!(
                                (read, decide),
                                (Err(ErrorKind::Conflict), Err(ErrorKind::Conflict)),
                                "{vendor}"
                            )
                        }
                    }
                }
            }
        }
    }
}
