//! Provide: `X-Request-Signature`, and the unsigned deliveries of another service at the
//! same address.

use std::time::Duration;

use kyc_review::WebhookError;
use kyc_review::provide::types::KycApplicationStatus;
use kyc_review::provide::{Provide, ProvideWebhooks};

use super::{
    clock, flipped, header_name, headers, is_read_in_one_way, refused, rewritten, shows_none, sign,
};

const SECRET: &str = "whsec_provide_example_0001";
const TIME: i64 = 1_573_635_302;
const BODY: &str =
    r#"{"kyc_application_id":"13bd0b24-f0d9-4caa-89ab-259c058877ce","status":"remediate"}"#;
const DIGEST: &str = "b0a5676cc0c1dc652fa7fcbbff290c9a8a0ec14000171c44dcd9e9557eff2d94";
const NAME: &str = "x-request-signature";

fn webhooks(secrets: &[&str]) -> ProvideWebhooks {
    ProvideWebhooks::new(secrets).unwrap().clock(clock(TIME, 0))
}

fn verify(value: &str) -> Result<(), WebhookError> {
    webhooks(&[SECRET]).verify(&headers(&[(NAME, value)]), BODY.as_bytes()).map(|_| ())
}

#[test]
fn the_known_signature_is_met_and_the_known_mistakes_are_not() {
    assert_eq!(BODY.len(), 82);
    for value in [
        format!("t={TIME},s={DIGEST}"),
        format!("s={DIGEST},t={TIME}"),
        format!("t={TIME},s={DIGEST},v=2"),
    ] {
        let event = webhooks(&["another", SECRET])
            .verify(&headers(&[(NAME, &value)]), BODY.as_bytes())
            .unwrap();
        assert_eq!(event.kyc_application_id(), Some("13bd0b24-f0d9-4caa-89ab-259c058877ce"));
        assert_eq!(event.status(), KycApplicationStatus::Remediate);
        assert_eq!(event.json().expose()["status"], "remediate");
    }
    // Digests of the body alone, and of the body with spaces: each is computed correctly,
    // and is refused.
    let spaced = BODY.replace(':', ": ").replace(',', ", ");
    let of_body = "527c940726dcbd94cddab1310f2255824c874b22c99d268d3cda3756619b580b";
    let of_spaced = "18f6f05e2a6e1a598152f72bb2671dc780bf3c26eef81f6bd47906efe78c6b02";
    assert_eq!(sign(SECRET, &[BODY.as_bytes()]), of_body);
    assert_eq!(sign(SECRET, &[b"1573635302.", spaced.as_bytes()]), of_spaced);
    for other in [of_body, of_spaced] {
        assert_eq!(verify(&format!("t={TIME},s={other}")), Err(WebhookError::NoMatch));
    }
}

#[test]
fn another_body_or_time_is_refused() {
    let right = headers(&[(NAME, &format!("t={TIME},s={DIGEST}"))]);
    // An escaped letter is the same JSON, but other bytes.
    let escaped = BODY.replace("remediate", "\\u0072emediate").into_bytes();
    for other in flipped(BODY.as_bytes()).chain(rewritten(BODY)).chain([escaped]) {
        refused(
            webhooks(&[SECRET]).verify(&right, &other),
            WebhookError::NoMatch,
            String::from_utf8_lossy(&other),
        );
    }
    assert_eq!(verify(&format!("t={},s={DIGEST}", TIME + 1)), Err(WebhookError::NoMatch));
    assert_eq!(verify(&format!("t=0{TIME},s={DIGEST}")), Err(WebhookError::NoMatch));
    refused(
        webhooks(&["another"]).verify(&right, BODY.as_bytes()),
        WebhookError::NoMatch,
        "secret",
    );
}

#[test]
fn the_window_can_be_set_and_taken_away() {
    let right = headers(&[(NAME, &format!("t={TIME},s={DIGEST}"))]);
    let at = |seconds| ProvideWebhooks::new([SECRET]).unwrap().clock(clock(seconds, 0));
    for (verifier, expected) in [
        (at(TIME + 300), Ok(())),
        (at(TIME - 300), Ok(())),
        (at(TIME + 301), Err(WebhookError::TooOld)),
        (at(TIME - 301), Err(WebhookError::InFuture)),
        (at(TIME + 301).tolerance(Duration::from_secs(301)), Ok(())),
        (at(TIME + 301).tolerance(None), Ok(())),
        (at(0).tolerance(None), Ok(())),
    ] {
        assert_eq!(verifier.verify(&right, BODY.as_bytes()).map(|_| ()), expected);
    }
}

#[test]
fn an_unsigned_delivery_of_the_other_service_is_told_from_a_forged_one() {
    let job = br#"{"id":"yoKvPDsX","status":"completed","result":{"success":true}}"#;
    let missing = WebhookError::MissingHeader(header_name(NAME));
    refused(
        webhooks(&[SECRET]).verify(&headers(&[("content-type", "application/json")]), job),
        missing,
        "unsigned",
    );
    assert_eq!(verify(&format!("t={TIME},s={}", "0".repeat(64))), Err(WebhookError::NoMatch));
}

#[test]
fn a_header_of_another_form_is_refused_by_its_fault() {
    let malformed = || WebhookError::MalformedHeader(header_name(NAME));
    let good = format!("t={TIME},s={DIGEST}");
    for (value, expected) in [
        (String::new(), malformed()),
        (DIGEST.to_owned(), malformed()),
        (format!("{good},{good}"), malformed()),
        (format!("{good},s={DIGEST}"), malformed()),
        (format!("{good},"), malformed()),
        (format!("t={TIME}"), WebhookError::UnknownScheme(header_name(NAME))),
        (format!("t={TIME},v1={DIGEST}"), WebhookError::UnknownScheme(header_name(NAME))),
        (format!("s={DIGEST}"), WebhookError::MissingTimestamp),
        (format!("t=,s={DIGEST}"), WebhookError::MalformedTimestamp),
        (format!("t={TIME} ,s={DIGEST}"), WebhookError::MalformedTimestamp),
        (format!("t={TIME},s="), WebhookError::MalformedSignature),
        (format!("t={TIME},s={}", DIGEST.to_uppercase()), WebhookError::MalformedSignature),
        (format!("t={TIME},s={DIGEST} t={TIME}"), WebhookError::MalformedSignature),
        (format!("t={TIME},s={}", &DIGEST[..32]), WebhookError::MalformedSignature),
        (
            format!("{good}{}", ",s=0".repeat(10_000)),
            WebhookError::HeaderTooLong(header_name(NAME)),
        ),
    ] {
        assert_eq!(verify(&value), Err(expected), "{value}");
    }
    let twice = headers(&[(NAME, &good), (NAME, &good)]);
    let duplicate = WebhookError::DuplicateHeader(header_name(NAME));
    refused(webhooks(&[SECRET]).verify(&twice, BODY.as_bytes()), duplicate, "twice");
}

#[test]
fn secrets_are_there_and_shown_nowhere() {
    refused(ProvideWebhooks::new([""]), WebhookError::EmptySecret, "");
    refused(ProvideWebhooks::new(Vec::<String>::new()), WebhookError::NoSecret, "none");
    let clock = clock(TIME, 0);
    let provide = Provide::builder()
        .token("k")
        .base_url("https://ident.example.test")
        .clock(clock)
        .build()
        .unwrap();
    let verifier = provide.webhooks([SECRET]).unwrap();
    let right = headers(&[(NAME, &format!("t={TIME},s={DIGEST}"))]);
    let event = verifier.verify(&right, BODY.as_bytes()).unwrap();
    let printed = format!("{verifier:?} {event:?} {event:#?}");
    shows_none(&printed, &[SECRET, DIGEST, "13bd0b24"]);
    assert!(printed.contains("Remediate"));
}

#[test]
fn an_event_keeps_what_it_does_not_know_and_misses_nothing() {
    for (body, id, status) in [
        (r#"{"kyc_application_id":"a","status":"a-new-one","more":1}"#, Some("a"), "a-new-one"),
        (r#"{"kyc_application_id":7,"status":null}"#, None, ""),
        ("{}", None, ""),
    ] {
        let value = format!("t={TIME},s={}", sign(SECRET, &[b"1573635302.", body.as_bytes()]));
        let event =
            webhooks(&[SECRET]).verify(&headers(&[(NAME, &value)]), body.as_bytes()).unwrap();
        assert_eq!((event.kyc_application_id(), event.status().as_str()), (id, status));
    }
}

#[test]
fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
    is_read_in_one_way(
        |body| {
            let digest = sign(SECRET, &[TIME.to_string().as_bytes(), b".", body]);
            let right = headers(&[(NAME, &format!("t={TIME},s={digest}"))]);
            webhooks(&[SECRET]).verify(&right, body)
        },
        |event| event.json().expose().clone(),
    );
}
