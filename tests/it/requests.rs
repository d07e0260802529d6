//! Requests of generated operations that no handle makes: uploads, ids that people write,
//! paths above the base.

use std::sync::{Arc, Mutex};

use kyc_review::persona::Persona;
use kyc_review::persona::types::{
    AccountConsolidateRequestMeta, InquiryCreateRequestMeta, InquiryFieldsInput,
};
use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::types::{RiskScoreRulesInput, TagName};
use kyc_review::sumsub::Sumsub;
use kyc_review::sumsub::types::{ExternalUserId, ShareLinkCreate};
use kyc_review::{
    CallOptions, ErrorKind, HttpRequest, Method, MultipartForm, Personal, RetryPolicy, Sender,
    Sending,
};

use crate::support::wire::{Act, Request, Wire, answer};

fn sumsub(wire: &Wire) -> Sumsub {
    Sumsub::builder().app_token("sbx:t").secret_key("s").base_url(wire.url()).build().unwrap()
}

/// Three attempts without a wait.
fn hasty() -> RetryPolicy {
    RetryPolicy::new().base_wait(std::time::Duration::ZERO)
}

fn rebilly(base: String) -> Rebilly {
    Rebilly::builder()
        .organization_id("org_1")
        .api_key("sk_sandbox_1")
        .base_url(base)
        .build()
        .unwrap()
}

/// The parts of a form as sent, each with its head and its content.
fn parts(request: &Request) -> Vec<(String, Vec<u8>)> {
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = request.body.as_slice();
    let mark = format!("--{boundary}").into_bytes();
    let ends: Vec<usize> = (0..body.len()).filter(|at| body[*at..].starts_with(&mark)).collect();
    assert_eq!((ends[0], &body[ends[ends.len() - 1] + mark.len()..]), (0, &b"--\r\n"[..]));
    ends.windows(2)
        .map(|pair| {
            let part = body[pair[0] + mark.len()..pair[1]]
                .strip_prefix(b"\r\n")
                .unwrap()
                .strip_suffix(b"\r\n")
                .unwrap();
            let gap = (0..part.len()).find(|at| part[*at..].starts_with(b"\r\n\r\n")).unwrap();
            (String::from_utf8(part[..gap].to_vec()).unwrap(), part[gap + 4..].to_vec())
        })
        .collect()
}

#[tokio::test]
async fn a_form_goes_out_part_by_part_and_no_name_breaks_out_of_its_line() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let image = [0xff, 0xd8, b'\r', b'\n', b'-', b'-', 0];
    let form = MultipartForm::new().text("metadata", r#"{"idDocType":"PASSPORT"}"#).file(
        "con\"tent",
        "a\"b\r\nX-Evil: 1.jpg",
        "image/jpeg",
        image,
    );
    assert_eq!(format!("{form:?}"), "MultipartForm(2 parts)");
    sumsub(&wire).applicants().add_document("a1", form).await.unwrap();
    let request = &wire.requests()[0];
    assert_eq!(request.line, "POST /resources/applicants/a1/info/idDoc HTTP/1.1");
    assert!(request.header("x-app-access-sig").is_some());
    let expected = [
        ("Content-Disposition: form-data; name=\"metadata\"", &br#"{"idDocType":"PASSPORT"}"#[..]),
        (
            "Content-Disposition: form-data; name=\"con%22tent\"; \
             filename=\"a%22b%0D%0AX-Evil: 1.jpg\"\r\nContent-Type: image/jpeg",
            &image[..],
        ),
    ];
    let sent = parts(request);
    let sent: Vec<_> =
        sent.iter().map(|(head, content)| (head.as_str(), content.as_slice())).collect();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_form_that_cannot_be_is_refused_before_any_io() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let sumsub = sumsub(&wire);
    for (form, why) in [
        (MultipartForm::new(), "no part"),
        (
            MultipartForm::new().file("content", "a.jpg", "image/jpeg\r\nX-Evil: 1", [1]),
            "content type",
        ),
        (MultipartForm::new().file("content", "a.jpg", "", [1]), "content type"),
    ] {
        let error = sumsub.applicants().add_document("a1", form).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
        assert!(error.to_string().contains(why) && !error.to_string().contains("Evil"), "{error}");
    }
    assert!(wire.requests().is_empty());
}

#[tokio::test]
async fn an_id_that_people_write_may_hold_spaces_within_it() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let rebilly = rebilly(wire.url().to_owned());
    let _ = rebilly.tags().get("second look; a=b&c").await;
    assert_eq!(
        wire.requests()[0].line,
        "GET /organizations/org_1/tags/second%20look%3B%20a%3Db%26c HTTP/1.1"
    );
    for refused in ["", " ", " a", "a ", "a\tb", "a\u{a0}b", "a/b", "..", "a\nb"] {
        assert!(TagName::try_from(refused).is_err(), "{refused:?}");
        assert!(ExternalUserId::try_from(refused).is_err(), "{refused:?}");
    }
}

#[tokio::test]
async fn a_matrix_parameter_holds_any_text_and_stays_one_parameter() {
    let wire = Wire::start(|_| answer(404, "{}")).await;
    let sumsub = sumsub(&wire);
    let call = sumsub.applicants().get_by_external_id("ada;levelName=x=1, 2");
    assert_eq!(call.send().await.unwrap_err().subject(), Some("ada;levelName=x=1, 2"));
    assert_eq!(
        wire.requests()[0].line,
        "GET /resources/applicants/-;externalUserId=ada%3BlevelName%3Dx%3D1%2C%202/one HTTP/1.1"
    );
}

#[tokio::test]
async fn a_path_may_stand_above_the_base() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    for base in [wire.url().to_owned(), format!("{}/proxy/", wire.url())] {
        let _ = rebilly(base).status().get().await;
    }
    let lines: Vec<String> = wire.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /status HTTP/1.1", "GET /proxy/status HTTP/1.1"]);
}

/// A key counts only if the vendor documents it: otherwise a lost call stays lost.
#[tokio::test]
async fn an_operation_that_takes_no_idempotency_key_is_sent_once_and_without_one() {
    let wire = Wire::start(|_| Act::Close).await;
    let persona = Persona::builder().api_key("k").base_url(wire.url()).build().unwrap();
    let run = || persona.accounts().run_action("act_1", "accac_aaaaaaaaaaaaaaaaaaaaaaaa");
    let error = run().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.idempotency_key()),
        (ErrorKind::OutcomeUnknown, 1, None)
    );
    let requests = wire.requests();
    assert_eq!((requests.len(), requests[0].header("idempotency-key")), (1, None));
    let error = run().with(CallOptions::new().idempotency_key("mine")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
    assert_eq!(wire.requests().len(), 1);
}

/// A raw request may be an operation that ignores keys, so the client relies only on a
/// key that the caller gave.
#[tokio::test]
async fn a_raw_request_is_sent_once_unless_the_caller_vouches_for_a_key() {
    let wire = Wire::start(|_| Act::Close).await;
    let persona =
        Persona::builder().api_key("k").base_url(wire.url()).retry(hasty()).build().unwrap();
    let post =
        |persona: &Persona| persona.request(Method::POST, "/api/v1/accounts/act_1/run-action");
    let error = post(&persona).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.idempotency_key()),
        (ErrorKind::OutcomeUnknown, 1, None)
    );
    assert_eq!(wire.requests()[0].header("idempotency-key"), None);
    let error = post(&persona).with(CallOptions::new().idempotency_key("mine")).await.unwrap_err();
    assert_eq!((error.attempts(), error.idempotency_key()), (3, Some("mine")));
}

#[tokio::test]
async fn an_odd_base_is_kept_as_it_is() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    for base in ["//proxy", "/a//b/", "/;v=1", "/%7Bid%7D"] {
        let _ = rebilly(format!("{}{base}", wire.url())).tags().get("a").await;
    }
    let lines: Vec<String> = wire.requests().into_iter().map(|request| request.line).collect();
    let behind = "/organizations/org_1/tags/a HTTP/1.1";
    let wanted =
        ["//proxy", "/a//b", "/;v=1", "/%7Bid%7D"].map(|base| format!("GET {base}{behind}"));
    assert_eq!(lines, wanted);
}

/// Shows what a layer under the client sees.
#[derive(Clone, Debug)]
struct Spy(Arc<Mutex<String>>, reqwest::Client);

impl Sender for Spy {
    fn send(&self, request: HttpRequest) -> Sending {
        *self.0.lock().unwrap() = format!("{:?}", request.headers());
        self.1.send(request)
    }
}

/// A user's bearer token is a header of the call, hidden like the client's own keys.
#[tokio::test]
async fn a_personal_header_is_hidden_from_layers_and_from_echoes() {
    let token = "Bearer canary-5f2c-user-token";
    let wire = Wire::start(|request| {
        let echo = request.header("authorization").unwrap_or_default();
        answer(
            401,
            &format!(
                r#"{{"code":401,"correlationId":"{echo}","errorName":"{echo}","description":"no"}}"#
            ),
        )
    })
    .await;
    let spy = Spy(Arc::default(), reqwest::Client::new());
    let sumsub = Sumsub::builder()
        .app_token("sbx:t")
        .secret_key("s")
        .base_url(wire.url())
        .sender(spy.clone());
    let sumsub = sumsub.build().unwrap();
    let call = sumsub
        .access_tokens()
        .create_share_link()
        .authorization(token)
        .body(ShareLinkCreate::default());
    let error = call.send().await.unwrap_err();
    assert_eq!(wire.requests()[0].header("authorization"), Some(token));
    let shown = format!("{error} {error:?} {}", spy.0.lock().unwrap());
    assert!(!shown.contains("canary"), "{shown}");
}

/// An integer is accepted however a server writes it: a JSON integer may have a fraction
/// of zero.
#[test]
fn a_whole_number_may_be_written_with_a_fraction() {
    let read = |text: &str| {
        let text = format!(r#"{{"one-time-link-expiration-seconds":{text}}}"#);
        serde_json::from_str::<InquiryCreateRequestMeta>(&text)
            .map(|meta| meta.one_time_link_expiration_seconds)
    };
    for (text, number) in [("2", 2), ("2.0", 2), ("2e3", 2000), ("-0", 0), ("-0.0", 0)] {
        assert_eq!(read(text).unwrap(), Some(number), "{text}");
    }
    for text in ["2.5", "1e30", "9223372036854775808", "-1e19", "\"2\"", "true"] {
        let why = "`one-time-link-expiration-seconds` is not a 64-bit integer";
        assert_eq!(read(text).unwrap_err().to_string(), why, "{text}");
    }
}

/// An optional response may be `null` as well as absent.
#[cfg(feature = "unconfirmed")]
#[tokio::test]
async fn an_answer_that_may_be_absent_may_be_null() {
    for (status, body) in [(204, ""), (200, ""), (200, "null"), (200, " null\n")] {
        let wire = Wire::start(move |_| answer(status, body)).await;
        let beltic = kyc_review::beltic::Beltic::builder()
            .api_key("k")
            .base_url(wire.url())
            .build()
            .unwrap();
        let reply = beltic.sessions().redact("sess_1").await.unwrap();
        assert!(reply.is_none(), "{status} {body:?}");
    }
}

/// An idempotency key names one request; a client would send it for two subjects.
#[tokio::test]
async fn a_client_for_many_calls_has_no_idempotency_key() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let persona = Persona::builder().api_key("k").base_url(wire.url()).build().unwrap();
    let keyed = persona.with(CallOptions::new().idempotency_key("mine"));
    for error in [
        keyed.inquiries().approve("inq_1").await.unwrap_err(),
        keyed.inquiries().approve("inq_2").await.unwrap_err(),
        keyed.request(Method::POST, "/api/v1/inquiries/inq_1/approve").await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
        assert!(error.to_string().contains("an idempotency key names one request"), "{error}");
    }
    assert!(wire.requests().is_empty());
}

/// No field is required: each may be null or is added by the caller.
#[test]
fn a_body_without_required_members_begins_from_nothing() {
    let rules = RiskScoreRulesInput::default();
    let written = serde_json::to_value(&rules).unwrap();
    assert!(
        !written.as_object().unwrap().is_empty()
            && written.as_object().unwrap().values().all(|it| it.is_null())
    );
    let fields = InquiryFieldsInput::default()
        .name_first("Ada")
        .extra([("custom".to_owned(), Personal::new(1.into()))]);
    assert_eq!(
        serde_json::to_value(&fields).unwrap(),
        serde_json::json!({ "name-first": "Ada", "custom": 1 })
    );
}

/// In a spec, `application/octet-stream` stands for bytes of a type that only the
/// response states: an `Accept` with it would exclude a photo.
#[tokio::test]
async fn bytes_of_any_type_are_asked_for_as_such() {
    let wire = Wire::start(|_| answer(200, "x")).await;
    let sumsub = sumsub(&wire);
    let _ = sumsub.applicants().download_image("i1", "1").await.unwrap();
    let _ = rebilly(wire.url().to_owned()).files().download("file_1").await.unwrap();
    let requests = wire.requests();
    assert!(
        matches!(requests[0].header("accept"), None | Some("*/*")),
        "{:?}",
        requests[0].headers
    );
    assert!(
        requests[1].header("accept").unwrap().contains("image/png"),
        "{:?}",
        requests[1].headers
    );
}

/// A response of a gateway does not prove a decision, even where no body is expected: the
/// vendor may not have been reached.
#[tokio::test]
async fn a_page_is_no_answer_without_a_body() {
    for (body, kinds) in [
        ("", None),
        ("{}", None),
        (
            " <!doctype html><title>canary</title>",
            Some((ErrorKind::OutcomeUnknown, ErrorKind::Decode)),
        ),
        ("<html/>", Some((ErrorKind::OutcomeUnknown, ErrorKind::Decode))),
    ] {
        let wire = Wire::start(move |_| answer(200, body)).await;
        let rebilly = rebilly(wire.url().to_owned());
        let decision = rebilly.kyc_requests().delete("r_1").send().await.map(drop);
        let idempotent = rebilly.tags().delete("t").send().await.map(drop);
        let found = decision
            .err()
            .map(|error| error.kind())
            .zip(idempotent.err().map(|error| error.kind()));
        assert_eq!(found, kinds, "{body}");
    }
}

#[tokio::test]
async fn a_refused_id_says_why_and_not_what() {
    let wire = Wire::start(|_| answer(200, "{}")).await;
    let error = sumsub(&wire).applicants().get("../canary").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
    let told = "invalid `applicantId`: ApplicantId must not contain `/`, `\\`, `?` or `#`";
    assert!(error.to_string().contains(told) && !error.to_string().contains("canary"), "{error}");
    assert!(wire.requests().is_empty());
}

#[test]
fn a_list_is_given_as_whatever_yields_its_items() {
    let body = AccountConsolidateRequestMeta::new(["act_1", "act_2"]);
    let written = serde_json::json!({ "source-account-ids": ["act_1", "act_2"] });
    assert_eq!(serde_json::to_value(body).unwrap(), written);
}

#[test]
fn a_text_clears_sets_or_leaves_alone() {
    use kyc_review::{Patch, Personal};
    assert_eq!(
        Patch::<Personal<String>>::from("Ada"),
        Patch::Value(Personal::new("Ada".to_owned()))
    );
    assert_eq!(Patch::<String>::from("x"), Patch::Value("x".to_owned()));
}
