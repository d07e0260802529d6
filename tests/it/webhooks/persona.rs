//! Persona: `Persona-Signature`, one group or two, each with a time of its own.

use std::time::Duration;

use kyc_review::WebhookError;
use kyc_review::persona::types::{Account, InquirySessionStatus, InquiryStatus};
use kyc_review::persona::{EventPayload, Persona, PersonaWebhooks};
use kyc_review::{Clock, Secret};
use serde_json::{Value, json};

use super::{
    clock, flipped, header_name, headers, is_read_in_one_way, refused, rewritten, shows_none, sign,
};

const NEW: &str = "wbhsec_0f3a1c52-7b4d-4a8e-9c61-2d5e8f7a9b10";
const OLD: &str = "wbhsec_aa11bb22-cc33-dd44-ee55-ff6677889900";
const TIME: i64 = 1_767_225_600;
const BODY: &str = r#"{"data":{"type":"event","id":"evt_TEST0000000000000000000001","attributes":{"name":"inquiry.approved","payload":{"data":{"type":"inquiry","id":"inq_TEST0000000000000000000001","attributes":{"status":"approved","reference-id":"user-42","fields":{"name-first":{"type":"string","value":"Zoë"}}},"relationships":{}},"included":[]},"created-at":"2026-01-01T00:00:00.000Z"}}}"#;
const BY_NEW: &str = "c15740e49d7707f1ac3197d4055f0ee84bb9f01276bf2710396d78279bdce5d8";
const BY_OLD: &str = "065de42adb83aacdad52bac86ba8b037b753fa8b618919198ade81de101e10f5";
const NAME: &str = "persona-signature";

fn webhooks(secrets: &[&str]) -> PersonaWebhooks {
    PersonaWebhooks::new(secrets).unwrap().clock(clock(TIME, 0))
}

/// Verifies this header on the known body, with the new secret.
fn verify(value: &str) -> Result<(), WebhookError> {
    webhooks(&[NEW]).verify(&headers(&[(NAME, value)]), BODY.as_bytes()).map(|_| ())
}

fn signed(secret: &str, time: &str, body: &[u8]) -> String {
    format!("t={time},v1={}", sign(secret, &[time.as_bytes(), b".", body]))
}

#[test]
fn every_known_signature_is_met() {
    assert_eq!(BODY.len(), 370);
    let one = format!("t={TIME},v1={BY_NEW}");
    let two = format!("t={TIME},v1={BY_NEW} t={TIME},v1={BY_OLD}");
    for (secrets, value) in [
        (&[NEW][..], &one),
        (&[NEW, OLD], &one),
        (&[OLD, NEW], &one),
        // During a rotation, a verifier with either secret accepts it.
        (&[NEW], &two),
        (&[OLD], &two),
        (&[NEW, OLD], &two),
    ] {
        let event = webhooks(secrets).verify(&headers(&[(NAME, value)]), BODY.as_bytes()).unwrap();
        assert_eq!(
            (event.name(), event.id()),
            ("inquiry.approved", Some("evt_TEST0000000000000000000001"))
        );
    }
    refused(
        webhooks(&[OLD]).verify(&headers(&[(NAME, &one)]), BODY.as_bytes()),
        WebhookError::NoMatch,
        "old alone",
    );
    // The secret is the text as shown, including the prefix.
    let bare = NEW.trim_start_matches("wbhsec_");
    refused(
        webhooks(&[bare]).verify(&headers(&[(NAME, &one)]), BODY.as_bytes()),
        WebhookError::NoMatch,
        "no prefix",
    );

    let later = PersonaWebhooks::new([NEW]).unwrap().clock(clock(1_767_225_900, 0));
    let value = "t=1767225900,v1=1d05c9adc2e1c38a1545617c5f01739830dcde8ffe2e8b19485d42dddc3ce881";
    let event = later.verify(&headers(&[(NAME, value)]), br#"{"ping":true}"#).unwrap();
    assert_eq!((event.name(), event.id(), event.created_at()), ("", None, None));
    assert_eq!(event.json().expose(), &json!({"ping": true}));
    // The empty body is correctly signed, but is not an event.
    let value = "t=1767225900,v1=17de0543cc4185fff64ad6407bd43adca3ecde00ee3a234287084873ce9b17ff";
    refused(later.verify(&headers(&[(NAME, value)]), b""), WebhookError::NotJson, "empty");
}

#[test]
fn another_body_time_or_signature_is_refused() {
    let value = format!("t={TIME},v1={BY_NEW}");
    let right = headers(&[(NAME, &value)]);
    let verifier = webhooks(&[NEW, OLD]);
    for other in flipped(BODY.as_bytes()).chain(rewritten(BODY)) {
        refused(
            verifier.verify(&right, &other),
            WebhookError::NoMatch,
            String::from_utf8_lossy(&other),
        );
    }
    // Another time, within the tolerance.
    for time in [TIME - 1, TIME + 1, TIME + 299] {
        assert_eq!(verify(&format!("t={time},v1={BY_NEW}")), Err(WebhookError::NoMatch));
    }
    for bit in 0..BY_NEW.len() * 4 {
        let mut digits: Vec<char> = BY_NEW.chars().collect();
        let digit = digits[bit / 4].to_digit(16).unwrap() ^ (1 << (bit % 4));
        digits[bit / 4] = char::from_digit(digit, 16).unwrap();
        let other: String = digits.into_iter().collect();
        assert_eq!(verify(&format!("t={TIME},v1={other}")), Err(WebhookError::NoMatch));
    }
    // The signature of the body alone, and of a time without the dot after it.
    for parts in [vec![BODY.as_bytes()], vec![b"1767225600", BODY.as_bytes()]] {
        assert_eq!(
            verify(&format!("t={TIME},v1={}", sign(NEW, &parts))),
            Err(WebhookError::NoMatch)
        );
    }
}

#[test]
fn a_genuine_body_that_is_no_json_object_is_said_to_be_none() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        &b"\xff\xfe\x00"[..],
        b"[]",
        b"\"text\"",
        b"{\"a\":1",
        b"{\"a\":\"\xc3\"}",
        deep.as_bytes(),
    ] {
        let right = headers(&[(NAME, &signed(NEW, "1767225600", body))]);
        refused(webhooks(&[NEW]).verify(&right, body), WebhookError::NotJson, body.len());
    }
}

#[test]
fn the_window_is_300_seconds_both_ways_and_can_be_set() {
    let right = headers(&[(NAME, &format!("t={TIME},v1={BY_NEW}"))]);
    let verify = |verifier: &PersonaWebhooks| verifier.verify(&right, BODY.as_bytes()).map(|_| ());
    let at = |seconds, milliseconds| {
        PersonaWebhooks::new([NEW]).unwrap().clock(clock(seconds, milliseconds))
    };
    for (seconds, milliseconds, expected) in [
        (TIME + 299, 0, Ok(())),
        (TIME + 300, 0, Ok(())),
        (TIME + 300, 1, Err(WebhookError::TooOld)),
        (TIME + 301, 0, Err(WebhookError::TooOld)),
        (TIME - 299, 0, Ok(())),
        (TIME - 300, 0, Ok(())),
        (TIME - 301, 999, Err(WebhookError::InFuture)),
        (TIME - 301, 0, Err(WebhookError::InFuture)),
        (0, 0, Err(WebhookError::InFuture)),
        // 2106, when unsigned 32 bits end.
        (4_294_967_296, 0, Err(WebhookError::TooOld)),
    ] {
        assert_eq!(verify(&at(seconds, milliseconds)), expected, "{seconds}.{milliseconds:03}");
    }
    let minute = Duration::from_secs(60);
    assert_eq!(verify(&at(TIME + 60, 0).tolerance(minute)), Ok(()));
    assert_eq!(verify(&at(TIME + 61, 0).tolerance(minute)), Err(WebhookError::TooOld));
    assert_eq!(verify(&at(TIME, 0).tolerance(Duration::ZERO)), Ok(()));
    assert_eq!(verify(&at(TIME + 1, 0).tolerance(Duration::ZERO)), Err(WebhookError::TooOld));
    for any in [None, Some(Duration::MAX)] {
        assert_eq!(verify(&at(0, 0).tolerance(any)), Ok(()));
        assert_eq!(verify(&at(4_294_967_296, 0).tolerance(any)), Ok(()));
    }
    // The same delivery is accepted until its time is over: the clock is read each time.
    let clock = clock(TIME + 300, 0);
    let verifier = PersonaWebhooks::new([NEW]).unwrap().clock(clock.clone());
    assert_eq!(verify(&verifier), Ok(()));
    clock.advance(Duration::from_secs(1));
    assert_eq!(verify(&verifier), Err(WebhookError::TooOld));
    // The clock may show any time.
    for now in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC]
    {
        clock.set(now);
        let expected =
            if now.timestamp() < 0 { WebhookError::InFuture } else { WebhookError::TooOld };
        assert_eq!(verify(&verifier), Err(expected));
    }
}

#[test]
fn a_time_is_whole_seconds_and_no_number_is_too_great() {
    let verifier = webhooks(&[NEW]);
    for (time, expected) in [
        ("9223372036854775807", WebhookError::InFuture),
        ("1767225901", WebhookError::InFuture),
        ("0", WebhookError::TooOld),
        ("9223372036854775808", WebhookError::MalformedTimestamp),
        ("99999999999999999999999999", WebhookError::MalformedTimestamp),
        ("-9223372036854775808", WebhookError::MalformedTimestamp),
        ("-1", WebhookError::MalformedTimestamp),
        ("+1767225600", WebhookError::MalformedTimestamp),
        ("1767225600.0", WebhookError::MalformedTimestamp),
        ("1.7e9", WebhookError::MalformedTimestamp),
        ("0x69", WebhookError::MalformedTimestamp),
        ("soon", WebhookError::MalformedTimestamp),
        ("", WebhookError::MalformedTimestamp),
    ] {
        // Signed with the secret, so that only the time is wrong.
        let value = signed(NEW, time, BODY.as_bytes());
        refused(verifier.verify(&headers(&[(NAME, &value)]), BODY.as_bytes()), expected, time);
    }
    // Without a valid signature the time is not reported on.
    assert_eq!(verify(&format!("t=0,v1={BY_NEW}")), Err(WebhookError::NoMatch));
}

#[test]
fn a_header_of_another_form_is_refused_by_its_fault() {
    let malformed = || WebhookError::MalformedHeader(header_name(NAME));
    let unknown = || WebhookError::UnknownScheme(header_name(NAME));
    let good = format!("t={TIME},v1={BY_NEW}");
    for (value, expected) in [
        (String::new(), malformed()),
        (" ".to_owned(), malformed()),
        (BY_NEW.to_owned(), malformed()),
        (format!("{good},"), malformed()),
        (format!(",{good}"), malformed()),
        (format!("{good};"), WebhookError::MalformedSignature),
        (format!(" {good}"), malformed()),
        (format!("{good}  {good}"), malformed()),
        (format!("={TIME},{good}"), malformed()),
        // Joined by a comma, as proxies do, and with several signatures after one time,
        // as other vendors do.
        (format!("{good},{good}"), malformed()),
        (format!("{good}, {good}"), malformed()),
        (format!("t={TIME},v1={BY_OLD},v1={BY_NEW}"), malformed()),
        (format!("t=1,{good}"), malformed()),
        (format!("v1={BY_NEW}"), WebhookError::MissingTimestamp),
        (format!("v1={BY_NEW} t={TIME}"), WebhookError::MissingTimestamp),
        (format!("t={TIME}"), unknown()),
        (format!("t={TIME},v0={BY_NEW}"), unknown()),
        (format!("t={TIME},v2={BY_NEW}"), unknown()),
        (format!("t={TIME},V1={BY_NEW}"), unknown()),
        (format!("t={TIME},v1="), WebhookError::MalformedSignature),
        (format!("t={TIME},v1={}", BY_NEW.to_uppercase()), WebhookError::MalformedSignature),
        (format!("t={TIME},v1={}", &BY_NEW[..62]), WebhookError::MalformedSignature),
        (format!("t={TIME},v1={}", &BY_NEW[..63]), WebhookError::MalformedSignature),
        (format!("t={TIME},v1={BY_NEW}00"), WebhookError::MalformedSignature),
        (format!("t={TIME},v1=0x{}", &BY_NEW[2..]), WebhookError::MalformedSignature),
        (format!("t={TIME},v1=Z{}", &BY_NEW[1..]), WebhookError::MalformedSignature),
    ] {
        assert_eq!(verify(&value), Err(expected), "{value}");
    }
    let body = BODY.as_bytes();
    let verifier = webhooks(&[NEW]);
    refused(
        verifier.verify(&headers(&[]), body),
        WebhookError::MissingHeader(header_name(NAME)),
        "none",
    );
    for second in [good.as_str(), "", "t=1"] {
        let twice = headers(&[(NAME, &good), (NAME, second)]);
        refused(
            verifier.verify(&twice, body),
            WebhookError::DuplicateHeader(header_name(NAME)),
            second,
        );
    }
    let mut bytes = headers(&[]);
    bytes.insert(NAME, kyc_review::header::HeaderValue::from_bytes(b"t=1,v1=\xff").unwrap());
    refused(verifier.verify(&bytes, body), malformed(), "no text");
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    for value in [
        format!("v0={BY_OLD},t={TIME},v1={BY_NEW}"),
        format!("t={TIME},v2=anything,v1={BY_NEW},v3="),
        format!("v1={BY_NEW},t={TIME}"),
        format!("t={TIME},v2={BY_OLD} t={TIME},v1={BY_NEW}"),
        format!("v2=x t={TIME},v1={BY_NEW}"),
    ] {
        assert_eq!(verify(&value), Ok(()), "{value}");
    }
}

#[test]
fn each_of_several_signatures_has_its_own_time() {
    let body = BODY.as_bytes();
    let (past, now) = (TIME - 301, TIME);
    let group = |secret, time: i64| signed(secret, &time.to_string(), body);
    let verify = |value: String, secrets: &[&str]| {
        webhooks(secrets).verify(&headers(&[(NAME, &value)]), body).map(|_| ())
    };
    for pair in [[group(NEW, past), group(OLD, now)], [group(OLD, now), group(NEW, past)]] {
        assert_eq!(verify(pair.join(" "), &[NEW, OLD]), Ok(()));
        assert_eq!(verify(pair.join(" "), &[NEW]), Err(WebhookError::TooOld));
        assert_eq!(verify(pair.join(" "), &["wbhsec_other"]), Err(WebhookError::NoMatch));
    }
    // The time of one group does not apply to another.
    let mixed = format!(
        "t={now},v1={} t={past},v1={BY_OLD}",
        sign(NEW, &[past.to_string().as_bytes(), b".", body])
    );
    assert_eq!(verify(mixed, &[NEW, OLD]), Err(WebhookError::NoMatch));
}

#[test]
fn a_stranger_cannot_add_signatures_without_end() {
    let group = |digit: usize| format!("t={TIME},v1={}", format!("{digit:x}").repeat(64));
    let good = format!("t={TIME},v1={BY_NEW}");
    let with = |others: usize| {
        (0..others).map(|n| group(n % 16)).chain([good.clone()]).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(verify(&with(7)), Ok(()));
    assert_eq!(verify(&with(8)), Err(WebhookError::TooManySignatures));
    assert_eq!(verify(&with(10_000)), Err(WebhookError::HeaderTooLong(header_name(NAME))));
    let empty = vec!["t=1,v1="; 100].join(" ");
    assert_eq!(verify(&empty), Err(WebhookError::TooManySignatures));
    let members = format!("{good}{}", ",a=".repeat(400));
    assert_eq!(verify(&members), Err(WebhookError::HeaderTooLong(header_name(NAME))));
}

#[test]
fn an_empty_secret_is_refused_at_once() {
    for empty in ["", " ", "\n", "\r\n", "\t \n"] {
        refused(PersonaWebhooks::new([empty]), WebhookError::EmptySecret, empty);
        refused(PersonaWebhooks::new([NEW, empty]), WebhookError::EmptySecret, empty);
    }
    refused(PersonaWebhooks::new(Vec::<&str>::new()), WebhookError::NoSecret, "none");
    // The line end of a key file is not part of the secret.
    let value = format!("t={TIME},v1={BY_NEW}");
    let from_file = webhooks(&[&format!("{NEW}\n")]);
    assert!(from_file.verify(&headers(&[(NAME, &value)]), BODY.as_bytes()).is_ok());
    // Secrets in every form that a caller may have.
    let kept = [Secret::from(NEW), Secret::from(OLD)];
    assert!(PersonaWebhooks::new(&kept).is_ok() && PersonaWebhooks::new(kept.to_vec()).is_ok());
    assert!(
        PersonaWebhooks::new(&[NEW.to_owned()]).is_ok()
            && PersonaWebhooks::new(vec![NEW.to_owned()]).is_ok()
    );
}

#[test]
fn a_clients_verifier_is_on_the_clients_clock() {
    let clock = clock(TIME + 301, 0);
    let persona = Persona::builder().api_key("k").clock(clock.clone()).build().unwrap();
    let verifier = persona.webhooks([NEW, OLD]).unwrap();
    let right = headers(&[(NAME, &format!("t={TIME},v1={BY_NEW}"))]);
    refused(verifier.verify(&right, BODY.as_bytes()), WebhookError::TooOld, clock.now());
    clock.set(clock.now() - chrono::TimeDelta::seconds(1));
    assert!(verifier.verify(&right, BODY.as_bytes()).is_ok());
    refused(persona.webhooks([""]), WebhookError::EmptySecret, "");
}

#[test]
fn nothing_is_shown_but_the_events_name() {
    let verifier = webhooks(&["canary-secret", OLD]);
    let body = r#"{"data":{"id":"canary-id","attributes":{"name":"inquiry.approved","payload":{"data":{"type":"canary","id":"canary"}}}}}"#;
    let digest = sign("canary-secret", &[b"1767225600.", body.as_bytes()]);
    let value = format!("t={TIME},v1={digest}");
    let event = verifier.verify(&headers(&[(NAME, &value)]), body.as_bytes()).unwrap();
    let mut printed = format!(
        "{verifier:?} {verifier:#?} {event:?} {event:#?} {:?} {:?}",
        event.payload(),
        event.json()
    );
    assert!(format!("{event:?}").contains("inquiry.approved"));
    for (value, body) in
        [(value.replace('t', "canary"), body), (value.clone(), "canary"), (value, "{\"canary\":1}")]
    {
        let error = verifier.verify(&headers(&[(NAME, &value)]), body.as_bytes()).unwrap_err();
        write_error(&mut printed, &error);
    }
    shows_none(&printed, &["canary", OLD, &digest]);
}

fn write_error(printed: &mut String, error: &WebhookError) {
    printed.push_str(&format!("{error} {error:?} {error:#?}"));
    assert!(std::error::Error::source(error).is_none());
}

/// The event of a signed body.
fn event(name: &str, payload: Value) -> kyc_review::persona::PersonaEvent {
    let attributes =
        json!({"name": name, "payload": payload, "created-at": "2026-01-01T00:00:00.000Z"});
    let body =
        json!({"data": {"type": "event", "id": "evt_1", "attributes": attributes}}).to_string();
    let value = signed(NEW, "1767225600", body.as_bytes());
    webhooks(&[NEW]).verify(&headers(&[(NAME, &value)]), body.as_bytes()).unwrap()
}

#[test]
fn an_event_says_what_happened_to_what() {
    let value = format!("t={TIME},v1={BY_NEW}");
    let event_known =
        webhooks(&[NEW]).verify(&headers(&[(NAME, &value)]), BODY.as_bytes()).unwrap();
    assert_eq!(event_known.created_at().unwrap().as_str(), "2026-01-01T00:00:00.000Z");
    let EventPayload::Inquiry(inquiry) = event_known.payload() else { panic!("an inquiry") };
    assert_eq!(
        (inquiry.id(), inquiry.status()),
        ("inq_TEST0000000000000000000001", &InquiryStatus::Approved)
    );
    assert_eq!(inquiry.reference_id().unwrap(), "user-42");

    // Additions of a newer version are skipped, an unknown status is kept, null counts as
    // absent.
    let account = json!({"type": "account", "id": "act_1", "attributes": {"reference-id": null}});
    let data = json!({"type": "inquiry", "id": "inq_1", "attributes": {
        "status": "under-a-new-name", "new": [1], "note": null
    },
        "new": {}});
    let newer = event("inquiry.new-name", json!({"data": data, "included": [account], "new": 1}));
    let EventPayload::Inquiry(inquiry) = newer.payload() else { panic!("an inquiry") };
    assert_eq!(inquiry.status().as_str(), "under-a-new-name");
    assert_eq!(inquiry.included::<Account>().unwrap().len(), 1);

    let data =
        json!({"type": "inquiry-session", "id": "iqse_1", "attributes": {"status": "expired"}});
    let EventPayload::InquirySession(session) =
        event("inquiry-session.expired", json!({"data": data})).payload()
    else {
        panic!("a session")
    };
    assert_eq!((session.id(), session.status()), ("iqse_1", &InquirySessionStatus::Expired));
}

#[test]
fn what_has_no_type_here_is_kept_whole() {
    let attributes = |attributes: Value| {
        json!({
            "data": {"type": "inquiry", "id": "inq_1", "attributes": attributes}
        })
    };
    for (name, payload) in [
        (
            "report/watchlist.matched",
            json!({"data": {"type": "report/watchlist", "id": "rep_1"}, "included": []}),
        ),
        // In another inflection, and of another shape.
        ("inquiry.approved", attributes(json!({"status": "approved", "reference_id": "user-42"}))),
        ("inquiry.approved", attributes(json!({"status": "approved", "referenceId": "user-42"}))),
        ("inquiry.approved", attributes(json!({"status": 7}))),
        ("inquiry.approved", json!({"data": {"type": "inquiry"}})),
        ("inquiry.approved", json!({"data": null})),
        ("inquiry.approved", json!({"data": []})),
        ("inquiry.approved", json!("text")),
        ("inquiry.approved", Value::Null),
    ] {
        let event = event(name, payload.clone());
        assert_eq!(
            event.payload(),
            EventPayload::Unknown { name: name.to_owned(), json: payload.into() }
        );
    }
}

#[test]
fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
    is_read_in_one_way(
        |body| {
            let right = headers(&[(NAME, &signed(NEW, "1767225600", body))]);
            webhooks(&[NEW]).verify(&right, body)
        },
        |event| event.json().expose().clone(),
    );
}
