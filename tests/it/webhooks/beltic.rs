//! Beltic: webhooks of documents, which have no time, and audit streams, which do.

use kyc_review::WebhookError;
#[cfg(feature = "unconfirmed")]
use kyc_review::beltic::BelticDocumentEventStatus;
use kyc_review::beltic::{
    Beltic, BelticAuditEventType, BelticAuditWebhooks, BelticDocumentWebhooks,
};

use super::{
    clock, flipped, header_name, headers, is_read_in_one_way, refused, rewritten, shows_none, sign,
};

mod documents {
    use super::*;

    const TOKEN: &str = "token-of-the-configuration";
    const SECRET: &str = "whsec_beltic_example_0001";
    const BODY: &str = r#"{"data":{"type":"document","id":"123e4567-e89b-12d3-a456-426614174000","attributes":{"status":"processed"}}}"#;
    const DIGEST: &str = "427ee39ea2c6749d2c9c03d15ce7445c9f0f232ad1b12e328250c2a60e3f736a";
    const TOKEN_NAME: &str = "x-webhook-token";
    const NAME: &str = "x-webhook-signature";

    fn webhooks() -> BelticDocumentWebhooks {
        BelticDocumentWebhooks::new(["previous", TOKEN], ["whsec_previous", SECRET]).unwrap()
    }

    fn verify(token: &str, signature: &str) -> Result<(), WebhookError> {
        webhooks()
            .verify(&headers(&[(TOKEN_NAME, token), (NAME, signature)]), BODY.as_bytes())
            .map(|_| ())
    }

    #[test]
    fn the_known_signature_is_met_in_each_way_in_which_it_may_be_written() {
        assert_eq!(BODY.len(), 108);
        let upper = DIGEST.to_uppercase();
        for signature in [DIGEST, &upper, &format!("sha256={DIGEST}"), &format!("SHA256={upper}")] {
            let right = headers(&[(TOKEN_NAME, TOKEN), (NAME, signature)]);
            let event = webhooks().verify(&right, BODY.as_bytes()).unwrap();
            assert_eq!(event.json().expose()["data"]["attributes"]["status"], "processed");
            #[cfg(feature = "unconfirmed")]
            {
                assert_eq!(event.document_id(), Some("123e4567-e89b-12d3-a456-426614174000"));
                assert_eq!(event.status(), BelticDocumentEventStatus::Processed);
            }
        }
    }

    #[test]
    fn another_body_token_or_signature_is_refused() {
        let right = headers(&[(TOKEN_NAME, TOKEN), (NAME, DIGEST)]);
        for other in flipped(BODY.as_bytes()).chain(rewritten(BODY)) {
            refused(
                webhooks().verify(&right, &other),
                WebhookError::NoMatch,
                String::from_utf8_lossy(&other),
            );
        }
        for token in [
            "",
            " ",
            "token",
            "token-of-the-configuratioN",
            "token-of-the-configuration0",
            "previous ",
        ] {
            assert_eq!(verify(token, DIGEST), Err(WebhookError::TokenMismatch), "{token}");
        }
        // Neither digest proves the other.
        assert_eq!(verify(TOKEN, &"0".repeat(64)), Err(WebhookError::NoMatch));
        assert_eq!(verify("wrong", &"0".repeat(64)), Err(WebhookError::TokenMismatch));
        for signature in [
            "",
            "sha256=",
            "sha1=00",
            &DIGEST[1..],
            &format!("sha256=sha256={DIGEST}"),
            &format!("{DIGEST},{DIGEST}"),
            &format!(" {DIGEST}"),
            "Qn7jnqLGdJ0snAPRXOdEXJ8PIyrRsS4yglDCpg4/c2o=",
        ] {
            assert_eq!(
                verify(TOKEN, signature),
                Err(WebhookError::MalformedSignature),
                "{signature}"
            );
        }
        let body = b"not json";
        let signature = sign(SECRET, &[body]);
        let signed = headers(&[(TOKEN_NAME, TOKEN), (NAME, &signature)]);
        refused(webhooks().verify(&signed, body), WebhookError::NotJson, "body");
    }

    #[test]
    fn both_headers_must_be_there_once() {
        let body = BODY.as_bytes();
        let missing = |name| WebhookError::MissingHeader(header_name(name));
        let duplicate = |name| WebhookError::DuplicateHeader(header_name(name));
        for (list, expected) in [
            (vec![], missing(TOKEN_NAME)),
            (vec![(NAME, DIGEST)], missing(TOKEN_NAME)),
            (vec![(TOKEN_NAME, TOKEN)], missing(NAME)),
            (vec![(TOKEN_NAME, TOKEN), (NAME, DIGEST), (NAME, DIGEST)], duplicate(NAME)),
            (vec![(TOKEN_NAME, TOKEN), (TOKEN_NAME, "x"), (NAME, DIGEST)], duplicate(TOKEN_NAME)),
        ] {
            refused(webhooks().verify(&headers(&list), body), expected, list);
        }
        let long = "0".repeat(1025);
        let too_long = headers(&[(TOKEN_NAME, TOKEN), (NAME, &long)]);
        refused(
            webhooks().verify(&too_long, body),
            WebhookError::HeaderTooLong(header_name(NAME)),
            "long",
        );
    }

    #[test]
    fn an_empty_token_or_secret_is_refused_at_once() {
        refused(BelticDocumentWebhooks::new([""], [SECRET]), WebhookError::EmptySecret, "token");
        refused(BelticDocumentWebhooks::new([TOKEN], ["\n"]), WebhookError::EmptySecret, "secret");
        refused(
            BelticDocumentWebhooks::new(Vec::<&str>::new(), [SECRET]),
            WebhookError::NoSecret,
            "no token",
        );
        refused(
            BelticDocumentWebhooks::new([TOKEN], Vec::<&str>::new()),
            WebhookError::NoSecret,
            "no secret",
        );
        let beltic = Beltic::builder().api_key("k").build().unwrap();
        let verifier = beltic.document_webhooks([TOKEN], [SECRET]).unwrap();
        let event = verifier
            .verify(&headers(&[(TOKEN_NAME, TOKEN), (NAME, DIGEST)]), BODY.as_bytes())
            .unwrap();
        shows_none(&format!("{verifier:?} {event:?}"), &[TOKEN, SECRET, "123e4567", "processed"]);
    }

    #[test]
    fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
        is_read_in_one_way(
            |body| {
                let signature = sign(SECRET, &[body]);
                let right = headers(&[(TOKEN_NAME, TOKEN), (NAME, &signature)]);
                webhooks().verify(&right, body)
            },
            |event| event.json().expose().clone(),
        );
    }
}

mod audit {
    use super::*;

    const SECRET: &str = "beltic-stream-secret-0123456789abcdef";
    const TIME: i64 = 1_750_000_000;
    const BODY: &str = r#"{"event_type":"credential.revoked","credential_id":"cred_abc123"}"#;
    const DIGEST: &str = "sha256=7297f21c57db96cc268fd65550d7ae9378bf49e68f7e2af0db9a44998ab0c9f0";
    const NAME: &str = "beltic-signature";
    const TIME_NAME: &str = "beltic-timestamp";

    fn webhooks() -> BelticAuditWebhooks {
        BelticAuditWebhooks::new([SECRET, "beltic-stream-secret-of-last-year"])
            .unwrap()
            .clock(clock(TIME, 0))
    }

    fn verify(time: &str, signature: &str) -> Result<(), WebhookError> {
        webhooks()
            .verify(&headers(&[(TIME_NAME, time), (NAME, signature)]), BODY.as_bytes())
            .map(|_| ())
    }

    #[test]
    fn the_known_signature_is_met() {
        assert_eq!((SECRET.len(), BODY.len()), (37, 65));
        let right = headers(&[(NAME, DIGEST), (TIME_NAME, "1750000000")]);
        let event = webhooks().verify(&right, BODY.as_bytes()).unwrap();
        assert_eq!(event.event_type(), BelticAuditEventType::Revoked);
        assert_eq!(
            (event.id(), event.credential_id(), event.credential_type()),
            (None, Some("cred_abc123"), None)
        );
        for other in flipped(BODY.as_bytes()).chain(rewritten(BODY)) {
            refused(
                webhooks().verify(&right, &other),
                WebhookError::NoMatch,
                String::from_utf8_lossy(&other),
            );
        }
    }

    #[test]
    fn time_and_signature_hold_each_other() {
        let malformed = WebhookError::MalformedSignature;
        let unknown = || WebhookError::UnknownScheme(header_name(NAME));
        for (time, signature, expected) in [
            ("1750000001", DIGEST.to_owned(), WebhookError::NoMatch),
            ("01750000000", DIGEST.to_owned(), WebhookError::NoMatch),
            ("", DIGEST.to_owned(), WebhookError::MalformedTimestamp),
            ("1750000000000000000000", DIGEST.to_owned(), WebhookError::MalformedTimestamp),
            ("-1750000000", DIGEST.to_owned(), WebhookError::MalformedTimestamp),
            ("1750000000,1750000000", DIGEST.to_owned(), WebhookError::MalformedTimestamp),
            ("1750000000", DIGEST.replace("sha256=", ""), unknown()),
            ("1750000000", DIGEST.replace("sha256", "sha512"), unknown()),
            ("1750000000", DIGEST.to_uppercase(), unknown()),
            ("1750000000", String::new(), unknown()),
            ("1750000000", "sha256=".to_owned(), malformed.clone()),
            ("1750000000", DIGEST.to_uppercase().replace("SHA", "sha"), malformed.clone()),
            ("1750000000", format!("{DIGEST},{DIGEST}"), malformed),
            // Of the body alone, as in the other scheme.
            (
                "1750000000",
                format!("sha256={}", sign(SECRET, &[BODY.as_bytes()])),
                WebhookError::NoMatch,
            ),
        ] {
            assert_eq!(verify(time, &signature), Err(expected), "{time} {signature}");
        }
        let right = [(NAME, DIGEST), (TIME_NAME, "1750000000")];
        for missing in [NAME, TIME_NAME] {
            let list: Vec<_> = right.into_iter().filter(|(name, _)| *name != missing).collect();
            let expected = WebhookError::MissingHeader(header_name(missing));
            refused(webhooks().verify(&headers(&list), BODY.as_bytes()), expected, missing);
            let twice: Vec<_> = right.into_iter().chain([(missing, "1")]).collect();
            let expected = WebhookError::DuplicateHeader(header_name(missing));
            refused(webhooks().verify(&headers(&twice), BODY.as_bytes()), expected, missing);
        }
    }

    #[test]
    fn the_window_is_300_seconds_both_ways() {
        let right = headers(&[(NAME, DIGEST), (TIME_NAME, "1750000000")]);
        let beltic =
            |seconds| Beltic::builder().api_key("k").clock(clock(seconds, 0)).build().unwrap();
        for (off, expected) in [
            (300, Ok(())),
            (301, Err(WebhookError::TooOld)),
            (-300, Ok(())),
            (-301, Err(WebhookError::InFuture)),
        ] {
            let verifier = beltic(TIME + off).audit_webhooks([SECRET]).unwrap();
            assert_eq!(verifier.verify(&right, BODY.as_bytes()).map(|_| ()), expected, "{off}");
            assert!(verifier.tolerance(None).verify(&right, BODY.as_bytes()).is_ok());
        }
    }

    #[test]
    fn an_event_keeps_what_it_does_not_know_and_shows_no_person() {
        let body = r#"{"id":"canary-1","event_type":"credential.new","credential_id":"canary","credential_type":"kyc",
            "outcome_reason":"canary Ada","more":[]}"#;
        let signature = format!("sha256={}", sign(SECRET, &[b"1750000000.", body.as_bytes()]));
        let right = headers(&[(NAME, &signature), (TIME_NAME, "1750000000")]);
        let event = webhooks().verify(&right, body.as_bytes()).unwrap();
        assert_eq!((event.id(), event.event_type().as_str()), (Some("canary-1"), "credential.new"));
        assert_eq!(event.credential_type(), Some("kyc"));
        assert_eq!(*event.outcome_reason().unwrap().expose(), "canary Ada");
        let printed = format!("{event:?} {:?} {:?}", event.outcome_reason(), webhooks());
        shows_none(&printed, &["canary", SECRET]);
        refused(BelticAuditWebhooks::new([""]), WebhookError::EmptySecret, "");
        refused(BelticAuditWebhooks::new(Vec::<&str>::new()), WebhookError::NoSecret, "none");
    }

    #[test]
    fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
        is_read_in_one_way(
            |body| {
                let digest = format!("sha256={}", sign(SECRET, &[b"1750000000.", body]));
                let right = headers(&[(NAME, &digest), (TIME_NAME, "1750000000")]);
                webhooks().verify(&right, body)
            },
            |event| event.json().expose().clone(),
        );
    }
}
