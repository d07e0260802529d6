//! Sumsub: `X-Payload-Digest` in three algorithms, over the body alone.

use kyc_review::WebhookError;
use kyc_review::sumsub::types::{ReviewAnswer, ReviewStatus};
use kyc_review::sumsub::{DigestAlgorithm, Sumsub, SumsubEventType, SumsubWebhooks};

use super::{
    flipped, header_name, headers, is_read_in_one_way, refused, rewritten, shows_none, sign,
};

const SECRET: &str = "SoMe_SeCrEt_KeY";
const NAME: &str = "x-payload-digest";
const ALGORITHM: &str = "x-payload-digest-alg";
const REVIEWED: &str = r#"{"applicantId":"5cb56e8e0a975a35f333cb83","inspectionId":"5cb56e8e0a975a35f333cb84","correlationId":"req-a260b669-4f14-4bb5-a4c5-ac0218acb9a4","externalUserId":"externalUserId","levelName":"id-and-liveness","type":"applicantReviewed","reviewResult":{"reviewAnswer":"GREEN"},"reviewStatus":"completed","createdAtMs":"2020-02-21 13:23:19.321"}"#;
const APPROVED: &str = r#"{"applicantId":"662edfdb7a26397a65d3bdc6","kytTxnId":"66335d9a243caf315d8c36ef","kytDataTxnId":"general0001","kytTxnType":"finance","type":"applicantKytTxnApproved","externalUserId":"kunde-Zoë","reviewStatus":"completed","createdAtMs":"2024-05-02 09:32:10.149"}"#;
const SHA1: &str = "HMAC_SHA1_HEX";
const SHA256: &str = "HMAC_SHA256_HEX";
const SHA512: &str = "HMAC_SHA512_HEX";
const REVIEWED_SHA256: &str = "f8161c4e081bfc0cfc81ba6285331c49fcfc30b0edf0b3c6d29ac0157d03a953";
const KNOWN: [(&str, &str, &str); 6] = [
    (REVIEWED, SHA1, "af2ed1a51383be20d93b6f8a39c7bbf0fd57e9ff"),
    (REVIEWED, SHA256, REVIEWED_SHA256),
    (
        REVIEWED,
        SHA512,
        "060db2191dbd6a67382db357bacbe5f721e9c812c67298e7181aaa9e2a22b628be6b3358e22326e48a82d2da3be0ca93d3bd293fa9e963e804daa671d3c1a4a0",
    ),
    (APPROVED, SHA1, "9538b184f5dc7cbe9c0109b64b761dfaf57d919a"),
    (APPROVED, SHA256, "d787ee774876bacdad31a09117129ab78f2b55d21ef8cc8a7622f5da0a093f33"),
    (
        APPROVED,
        SHA512,
        "ce7009d8b7b742c17ed2e5a90ab5edbb082827d72cd012d73a965250d416259901ef70d639461d095cb13ca68ae6a7990e2a431a96c333b8434a8e9a8c3e6f80",
    ),
];

fn webhooks() -> SumsubWebhooks {
    SumsubWebhooks::new(["another", SECRET]).unwrap()
}

fn with_sha1() -> SumsubWebhooks {
    use DigestAlgorithm::{HmacSha1, HmacSha256, HmacSha512};
    webhooks().algorithms([HmacSha256, HmacSha512, HmacSha1])
}

/// A delivery as received, signed with SHA-256 and the secret.
fn event(body: &str) -> kyc_review::sumsub::SumsubEvent {
    let digest = sign(SECRET, &[body.as_bytes()]);
    webhooks().verify(&headers(&[(NAME, &digest), (ALGORITHM, SHA256)]), body.as_bytes()).unwrap()
}

#[test]
fn every_known_digest_is_met() {
    assert_eq!((REVIEWED.len(), APPROVED.len()), (341, 262));
    for (body, algorithm, digest) in KNOWN {
        let right = headers(&[(NAME, digest), (ALGORITHM, algorithm)]);
        let event = with_sha1().verify(&right, body.as_bytes()).unwrap();
        assert_eq!(event.review_status(), Some(ReviewStatus::Completed));
        for other in rewritten(body) {
            refused(
                with_sha1().verify(&right, &other),
                WebhookError::NoMatch,
                String::from_utf8_lossy(&other),
            );
        }
    }
    let right = headers(&[(NAME, REVIEWED_SHA256), (ALGORITHM, SHA256)]);
    for other in flipped(REVIEWED.as_bytes()) {
        refused(
            webhooks().verify(&right, &other),
            WebhookError::NoMatch,
            String::from_utf8_lossy(&other),
        );
    }
}

/// A delivery as sent, with the spaces and line ends of the vendor's own JSON.
#[test]
fn a_delivery_is_verified_with_its_own_spaces() {
    let members = [
        ("applicantId", "\"64fb2dde8de7445caabadb4a\""),
        ("inspectionId", "\"64fb2dde8de7445caabadb4b\""),
        ("applicantType", "\"individual\""),
        ("correlationId", "\"56f7ebd7545bf38d8ea17f4781e053fc\""),
        ("levelName", "\"proof-of-identity-level\""),
        ("sandboxMode", "true"),
        ("externalUserId", "\"level-ee704d24-dd24-45e4-b512-1a72576b1dfd\""),
        ("type", "\"applicantCreated\""),
        ("reviewStatus", "\"init\""),
        ("createdAt", "\"2023-10-11 06:08:58+0000\""),
        ("createdAtMs", "\"2023-10-11 06:08:58.546\""),
        ("clientId", "\"platos_ltd\""),
    ];
    let lines: Vec<String> =
        members.iter().map(|(name, value)| format!("  \"{name}\" : {value}")).collect();
    let body = format!("{{\n{}\n}}", lines.join(",\n"));
    assert_eq!(body.len(), 495);
    let verifier = SumsubWebhooks::new(["ns5mar5x3nf47589uaet9bk5qjs"]).unwrap();
    let digest = "6fc6ad7cafb7e963ed6d4e06cdeab24a4a21239b4de83c6c2cd47b7e412eb3b4";
    let right = headers(&[(NAME, digest), (ALGORITHM, SHA256)]);
    let event = verifier.verify(&right, body.as_bytes()).unwrap();
    assert_eq!(
        (event.event_type(), event.sandbox_mode()),
        (SumsubEventType::ApplicantCreated, Some(true))
    );
    assert_eq!(event.created_at().unwrap().as_str(), "2023-10-11 06:08:58.546");
    assert_eq!(
        (event.client_id(), event.level_name()),
        (Some("platos_ltd"), Some("proof-of-identity-level"))
    );
    for other in rewritten(&body).into_iter().chain([body.replace('\n', "\r\n").into_bytes()]) {
        refused(
            verifier.verify(&right, &other),
            WebhookError::NoMatch,
            String::from_utf8_lossy(&other),
        );
    }
}

#[test]
fn only_named_algorithms_are_accepted_and_sha_1_must_be_named() {
    use DigestAlgorithm::{HmacSha1, HmacSha256, HmacSha512};
    let verify = |verifier: &SumsubWebhooks, list: &[(&str, &str)]| {
        verifier.verify(&headers(list), REVIEWED.as_bytes()).map(|_| ())
    };
    let digest_of =
        |name| KNOWN.iter().find(|(body, known, _)| *body == REVIEWED && *known == name).unwrap().2;
    let refusal = || Err(WebhookError::AlgorithmNotAccepted);
    for (accepted, sent, expected) in [
        (vec![HmacSha256, HmacSha512], SHA1, refusal()),
        (vec![HmacSha512], SHA256, refusal()),
        (vec![HmacSha512], SHA512, Ok(())),
        (vec![HmacSha1], SHA1, Ok(())),
        (vec![HmacSha1], SHA256, refusal()),
        (vec![], SHA256, refusal()),
    ] {
        let verifier = webhooks().algorithms(accepted.clone());
        assert_eq!(
            verify(&verifier, &[(NAME, digest_of(sent)), (ALGORITHM, sent)]),
            expected,
            "{accepted:?} {sent}"
        );
    }
    assert_eq!(verify(&webhooks(), &[(NAME, digest_of(SHA1)), (ALGORITHM, SHA1)]), refusal());
    for other in [
        "",
        "HMAC_MD5_HEX",
        "hmac_sha256_hex",
        "HMAC_SHA256_HEX ",
        "HMAC_SHA256_HEX,HMAC_SHA1_HEX",
        "none",
    ] {
        assert_eq!(
            verify(&with_sha1(), &[(NAME, REVIEWED_SHA256), (ALGORITHM, other)]),
            refusal(),
            "{other}"
        );
    }
    // The digest of one algorithm under the name of another.
    assert_eq!(
        verify(&with_sha1(), &[(NAME, digest_of(SHA1)), (ALGORITHM, SHA256)]),
        Err(WebhookError::MalformedSignature)
    );
    // Without a name, the first allowed algorithm applies.
    assert_eq!(verify(&webhooks(), &[(NAME, REVIEWED_SHA256)]), Ok(()));
    assert_eq!(
        verify(&webhooks(), &[(NAME, digest_of(SHA512))]),
        Err(WebhookError::MalformedSignature)
    );
    assert_eq!(verify(&webhooks().algorithms([HmacSha512]), &[(NAME, digest_of(SHA512))]), Ok(()));
    for (known, text) in [(HmacSha1, SHA1), (HmacSha256, SHA256), (HmacSha512, SHA512)] {
        assert_eq!(known.as_str(), text);
    }
}

#[test]
fn a_header_of_another_form_is_refused_by_its_fault() {
    let verify =
        |list: &[(&str, &str)]| webhooks().verify(&headers(list), REVIEWED.as_bytes()).map(|_| ());
    let upper = REVIEWED_SHA256.to_uppercase();
    let joined = format!("{REVIEWED_SHA256},{REVIEWED_SHA256}");
    for digest in [
        "",
        " ",
        "00",
        &upper,
        &joined,
        &REVIEWED_SHA256[..63],
        &format!("sha256={REVIEWED_SHA256}"),
    ] {
        let expected = Err(WebhookError::MalformedSignature);
        assert_eq!(verify(&[(NAME, digest), (ALGORITHM, SHA256)]), expected, "{digest}");
    }
    let missing = WebhookError::MissingHeader(header_name(NAME));
    assert_eq!(verify(&[(ALGORITHM, SHA256)]), Err(missing));
    let twice = [(NAME, REVIEWED_SHA256), (NAME, REVIEWED_SHA256), (ALGORITHM, SHA256)];
    assert_eq!(verify(&twice), Err(WebhookError::DuplicateHeader(header_name(NAME))));
    let twice = [(NAME, REVIEWED_SHA256), (ALGORITHM, SHA256), (ALGORITHM, SHA1)];
    assert_eq!(verify(&twice), Err(WebhookError::DuplicateHeader(header_name(ALGORITHM))));
    let long = "f".repeat(20_000);
    assert_eq!(verify(&[(NAME, &long)]), Err(WebhookError::HeaderTooLong(header_name(NAME))));
    assert_eq!(
        verify(&[(NAME, REVIEWED_SHA256), (ALGORITHM, &long)]),
        Err(WebhookError::HeaderTooLong(header_name(ALGORITHM)))
    );
    assert_eq!(verify(&[(NAME, &"0".repeat(64))]), Err(WebhookError::NoMatch));
}

#[test]
fn secrets_are_there_and_shown_nowhere() {
    refused(SumsubWebhooks::new([""]), WebhookError::EmptySecret, "");
    refused(SumsubWebhooks::new(Vec::<&str>::new()), WebhookError::NoSecret, "none");
    let sumsub = Sumsub::builder().app_token("t").secret_key("s").build().unwrap();
    let verifier = sumsub.webhooks([SECRET]).unwrap();
    let right = headers(&[(NAME, REVIEWED_SHA256)]);
    let event = verifier.verify(&right, REVIEWED.as_bytes()).unwrap();
    let printed = format!("{verifier:?} {event:?} {event:#?} {:?}", event.external_user_id());
    shows_none(&printed, &[SECRET, REVIEWED_SHA256, "externalUserId", "5cb56e8e", "GREEN"]);
    assert!(printed.contains("ApplicantReviewed"));
    // The secret of an app token signs no webhook.
    refused(
        SumsubWebhooks::new(["s"]).unwrap().verify(&right, REVIEWED.as_bytes()),
        WebhookError::NoMatch,
        "s",
    );
}

#[test]
fn an_event_says_what_happened_to_what() {
    let reviewed = event(REVIEWED);
    assert_eq!(reviewed.event_type(), SumsubEventType::ApplicantReviewed);
    assert_eq!(reviewed.applicant_id(), Some("5cb56e8e0a975a35f333cb83"));
    assert_eq!(reviewed.inspection_id(), Some("5cb56e8e0a975a35f333cb84"));
    assert_eq!(reviewed.correlation_id(), Some("req-a260b669-4f14-4bb5-a4c5-ac0218acb9a4"));
    assert_eq!(*reviewed.external_user_id().unwrap().expose(), "externalUserId");
    assert_eq!(reviewed.review_result().unwrap().review_answer, Some(ReviewAnswer::Green));
    assert_eq!((reviewed.sandbox_mode(), reviewed.kyt_txn_id()), (None, None));
    assert_eq!(
        reviewed.created_at().unwrap().instant().unwrap().timestamp_millis(),
        1_582_291_399_321
    );

    let approved = event(APPROVED);
    assert_eq!(approved.event_type(), SumsubEventType::ApplicantKytTxnApproved);
    assert_eq!(approved.kyt_txn_id(), Some("66335d9a243caf315d8c36ef"));
    assert_eq!(approved.kyt_data_txn_id(), Some("general0001"));
    assert_eq!(
        (approved.kyt_txn_type().unwrap().as_str(), approved.review_result()),
        ("finance", None)
    );
    assert_eq!(*approved.external_user_id().unwrap().expose(), "kunde-Zoë");
}

#[test]
fn a_verdict_is_read_only_where_the_event_tells_of_one() {
    for (kind, has_one) in [
        ("applicantReviewed", true),
        ("applicantActionReviewed", true),
        ("applicantKytTxnRejected", true),
        ("applicantPending", false),
        ("applicantTagsChanged", false),
        ("applicantOnHold", false),
        ("applicantReset", false),
        ("aNewType", false),
    ] {
        let body =
            format!(r#"{{"type":"{kind}","reviewResult":{{"reviewAnswer":"RED","more":1}}}}"#);
        let event = event(&body);
        assert_eq!((event.event_type().as_str(), event.review_result().is_some()), (kind, has_one));
        assert_eq!(event.json().expose()["reviewResult"]["reviewAnswer"], "RED");
    }
}

#[test]
fn members_of_another_shape_are_absent_and_nothing_breaks() {
    let odd = event(
        r#"{"applicantId":null,"createdAtMs":1,"createdAt":"2023-10-11 06:08:58+0000","sandboxMode":"yes","reviewResult":[],"type":"applicantReviewed","reviewMode":"x","kytCaseId":"c","applicantActionId":"a","externalApplicantActionId":"b","applicantType":"company"}"#,
    );
    assert_eq!((odd.applicant_id(), odd.sandbox_mode(), odd.review_result()), (None, None, None));
    assert_eq!(odd.event_type(), SumsubEventType::ApplicantReviewed);
    assert_eq!(odd.created_at().unwrap().as_str(), "2023-10-11 06:08:58+0000");
    assert_eq!((odd.review_mode(), odd.kyt_case_id()), (Some("x"), Some("c")));
    assert_eq!(
        (odd.applicant_action_id(), odd.external_applicant_action_id()),
        (Some("a"), Some("b"))
    );
    assert_eq!(odd.applicant_type().unwrap().as_str(), "company");
    let empty = event("{}");
    assert_eq!(
        (empty.event_type().as_str(), empty.review_status(), empty.created_at()),
        ("", None, None)
    );
    for body in ["[]", "null", "{", ""] {
        let digest = sign(SECRET, &[body.as_bytes()]);
        refused(
            webhooks().verify(&headers(&[(NAME, &digest)]), body.as_bytes()),
            WebhookError::NotJson,
            body,
        );
    }
}

#[test]
fn every_type_stays_as_it_was_written() {
    assert_eq!(SumsubEventType::KNOWN.len(), 41);
    for text in SumsubEventType::KNOWN {
        assert!(!matches!(SumsubEventType::from(*text), SumsubEventType::Unknown(_)), "{text}");
        assert_eq!(SumsubEventType::from(*text).as_str(), *text);
    }
    // Names from old pages, which the vendor does not send.
    for text in ["applicantWorkflowRunCompleted", "kytCaseUpdated", "applicantKytTxnOnHold"] {
        assert!(matches!(SumsubEventType::from(text), SumsubEventType::Unknown(_)), "{text}");
    }
}

#[test]
fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
    is_read_in_one_way(
        |body| {
            let digest = sign(SECRET, &[body]);
            let right = headers(&[(NAME, &digest), (ALGORITHM, SHA256)]);
            webhooks().verify(&right, body)
        },
        |event| event.json().expose().clone(),
    );
}
