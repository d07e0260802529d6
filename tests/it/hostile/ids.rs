//! Ids that would change the route: refused before any I/O, or exactly one encoded
//! segment.

use std::sync::{Arc, Mutex};

use kyc_review::beltic::types::SessionId;
use kyc_review::persona::types::{InquiryId, InquirySessionId};
use kyc_review::provide::types::KycApplicationId;
use kyc_review::rebilly::OrganizationId;
use kyc_review::rebilly::types::KycDocumentId;
use kyc_review::sumsub::types::{ApplicantId, TransactionId, VerificationStepId};
use kyc_review::{ErrorKind, InvalidId};

use super::{ALL, Client, lines};
use crate::ids::REFUSED;
use crate::support::wire::{Wire, answer};

type Parse = fn(&str) -> Result<String, InvalidId>;

fn types() -> [(&'static str, Parse); 9] {
    macro_rules! parsers {
        ($($name:ident),*) => {
            [$((
                stringify!($name),
                (|text| $name::try_from(text).map(|id| format!("{id} {id:?}"))) as Parse
            )),*]
        };
    }
    parsers!(
        SessionId,
        InquiryId,
        InquirySessionId,
        KycApplicationId,
        KycDocumentId,
        OrganizationId,
        TransactionId,
        ApplicantId,
        VerificationStepId
    )
}

#[test]
fn no_id_type_of_any_vendor_takes_a_text_that_would_change_the_route() {
    for (name, parse) in types() {
        for text in REFUSED {
            let error = parse(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(error.to_string().starts_with(name), "{shown}");
            assert!(
                text.trim().len() < 2 || !shown.contains(text.trim()),
                "{text:?} shows in {shown}"
            );
        }
        assert!(parse(&"x".repeat(10_000)).is_err(), "{name}");
        assert_eq!(parse("id_1").unwrap(), format!("id_1 {name}(…)"));
    }
}

#[tokio::test]
async fn a_refused_id_reaches_no_vendor() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let long = "x".repeat(10_000);
    for vendor in ALL {
        let client = Client::at(vendor, wire.url());
        for text in REFUSED.iter().copied().chain([long.as_str()]) {
            // Reconciling a decision with such an id reads nothing either.
            let errors = [
                client.read(text).await,
                client.decide(text).await,
                client.decide_and_read_back(text).await,
            ];
            for error in errors.map(Result::unwrap_err) {
                assert_eq!(
                    (error.kind(), error.attempts()),
                    (ErrorKind::InvalidArgument, 0),
                    "{vendor} {text:?}"
                );
            }
        }
    }
    assert_eq!(wire.requests().len(), 0);
}

#[tokio::test]
async fn any_other_id_is_one_encoded_segment_at_every_vendor() {
    let wire = Wire::start(|_| answer(404, "{}")).await;
    for vendor in ALL {
        let client = Client::at(vendor, wire.url());
        for (text, segment) in [
            ("id_01HQ", "id_01HQ"),
            ("a;b=c", "a%3Bb%3Dc"),
            ("a:b@c&d+e,f", "a%3Ab%40c%26d%2Be%2Cf"),
            ("...", "..."),
            ("a%41", "a%2541"),
            ("\u{202e}txt", "%E2%80%AEtxt"),
            ("аdmin", "%D0%B0dmin"),
            ("．．", "%EF%BC%8E%EF%BC%8E"),
            ("a∕b", "a%E2%88%95b"),
            ("\"<>{}|^`", "%22%3C%3E%7B%7D%7C%5E%60"),
        ] {
            let [(read, behind_read), (decide, behind_decide)] = lines(vendor);
            client.read(text).await.unwrap_err();
            client.decide(text).await.unwrap_err();
            let sent: Vec<String> =
                wire.requests().into_iter().rev().take(2).map(|request| request.line).collect();
            assert_eq!(sent[1], format!("{read}{segment}{behind_read} HTTP/1.1"), "{vendor}");
            assert_eq!(sent[0], format!("{decide}{segment}{behind_decide} HTTP/1.1"), "{vendor}");
        }
    }
}

/// The same ids in every run, from a linear congruential generator.
fn odd_ids(count: usize) -> impl Iterator<Item = String> {
    let alphabet: Vec<char> =
        "./\\%?#;&=+@:,~ \u{0}\r\n\u{202e}\u{200b}é漢2eEfFaZ09_-".chars().collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    (0..count).map(move |_| (0..1 + draw(6)).map(|_| alphabet[draw(alphabet.len())]).collect())
}

#[tokio::test]
async fn odd_ids_leave_the_template_of_no_vendor() {
    for vendor in ALL {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        let wire = Wire::start(move |request| {
            kept.lock().unwrap().push(request.line.clone());
            answer(404, "{}")
        })
        .await;
        let client = Client::at(vendor, wire.url());
        let mut sent = 0;
        for text in odd_ids(1500) {
            for (index, (before, behind)) in lines(vendor).into_iter().enumerate() {
                let answered =
                    if index == 0 { client.read(&text).await } else { client.decide(&text).await };
                let error = answered.unwrap_err();
                let lines_seen = std::mem::take(&mut *seen.lock().unwrap());
                let Some(line) = lines_seen.first() else {
                    assert_eq!(
                        (error.kind(), error.attempts()),
                        (ErrorKind::InvalidArgument, 0),
                        "{vendor} {text:?}"
                    );
                    continue;
                };
                sent += 1;
                assert_eq!(
                    (lines_seen.len(), error.subject()),
                    (1, Some(text.as_str())),
                    "{vendor}"
                );
                let id = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(" HTTP/1.1"));
                let id = id
                    .and_then(|rest| rest.strip_suffix(behind))
                    .unwrap_or_else(|| panic!("{vendor}: {line}"));
                assert!(
                    !id.is_empty() && !id.contains(['/', '?', '#', '\\', ' ']),
                    "{vendor}: {line}"
                );
            }
        }
        assert!(sent > 200, "{vendor}: {sent} requests");
    }
}
