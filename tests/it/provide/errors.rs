//! Error responses: every documented status of every operation, every form of a body.

use httpmock::Method::{GET, POST, PUT};
use kyc_review::provide::{NewKycApplication, Provide};
use kyc_review::{Error, ErrorKind};
use serde_json::{Value, json};

use super::{ID, TOKEN, client};
use crate::support::mock;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    List,
    Create,
    Get,
    Update,
}

impl Call {
    const ALL: [Self; 4] = [Self::List, Self::Create, Self::Get, Self::Update];

    const fn operation(self) -> &'static str {
        match self {
            Self::List => "list_kyc_applications",
            Self::Create => "create_kyc_application",
            Self::Get => "get_kyc_application",
            Self::Update => "update_kyc_application",
        }
    }

    async fn error(self, provide: &Provide) -> Error {
        let applications = provide.kyc_applications();
        match self {
            Self::List => applications.list().await.unwrap_err(),
            Self::Create => applications.create(NewKycApplication::new()).await.unwrap_err(),
            Self::Get => applications.get(ID).await.unwrap_err(),
            Self::Update => applications.accept(ID).await.unwrap_err(),
        }
    }
}

/// The statuses that the spec lists for each operation, the resulting error kind, and the
/// number of attempts.
#[tokio::test]
async fn every_documented_status_becomes_a_kind() {
    let document = crate::support::document("provide");
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for call in Call::ALL {
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.values().flat_map(|item| item.as_object().unwrap().values());
        let operation =
            operations.filter(|it| it["operationId"] == call.operation()).collect::<Vec<_>>()[0];
        let statuses = operation["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(|status| status.parse::<u16>().unwrap());
        let statuses = statuses.filter(|status| *status >= 400).collect::<Vec<_>>();
        assert!(statuses.len() >= 3, "{call:?}");
        for status in statuses {
            let mocked = server
                .mock_async(|when, then| {
                    when.path_includes("/api/v1/kyc_applications");
                    then.status(status).json_body(json!({ "message": "Ada cannot" }));
                })
                .await;
            let error = call.error(&provide).await;
            let is_read = matches!(call, Call::List | Call::Get);
            let (kind, attempts) = match status {
                400 | 422 => (ErrorKind::InvalidRequest, 1),
                401 => (ErrorKind::Authentication, 1),
                403 | 429 => (ErrorKind::Permission, 1),
                404 => (ErrorKind::NotFound, 1),
                500 if is_read => (ErrorKind::Server, 3),
                500 => (ErrorKind::OutcomeUnknown, 1),
                _ => panic!("{call:?} documents {status}"),
            };
            assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{call:?} {status}");
            assert_eq!(mocked.calls_async().await, attempts as usize, "{call:?} {status}");
            assert_eq!(error.operation(), Some(call.operation()));
            assert_eq!(error.subject(), matches!(call, Call::Get | Call::Update).then_some(ID));
            assert_eq!((error.messages(), error.code()), (&["Ada cannot".to_owned()][..], None));
            mocked.delete_async().await;
        }
    }
}

#[tokio::test]
async fn both_envelopes_are_read_and_none_is_needed() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    let many = json!({ "errors": [
        { "message": "status Ada is odd", "status": 422 }, { "message": null },
        { "message": "second" }, "odd", 7, null, { "message": "" }
    ] });
    let both = json!({
        "message": "first", "errors": [{ "message": "second" }], "a_member_of_tomorrow": {}
    });
    let cases: [(Value, &[&str]); 7] = [
        (
            json!({ "message": "Failed to create KYC application; Ada" }),
            &["Failed to create KYC application; Ada"],
        ),
        (many, &["status Ada is odd", "second"]),
        (both, &["first", "second"]),
        (json!({ "message": null, "errors": null }), &[]),
        (json!({ "message": { "Ada": 1 }, "errors": "Ada" }), &[]),
        (json!(["Ada"]), &[]),
        (json!("Ada"), &[]),
    ];
    let raw = ["", "{", "<html><body>502 Ada</body></html>", "null", "unauthorized", "\u{feff}{}"];
    let cases = cases.into_iter().map(|(body, messages)| (body.to_string(), messages));
    let cases = cases.chain(raw.into_iter().map(|body| (body.to_owned(), &[][..])));
    for (body, messages) in cases {
        let mocked = server
            .mock_async(|when, then| {
                when.method(PUT);
                then.status(422).body(&body);
            })
            .await;
        let error = provide.kyc_applications().accept(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.raw_body()),
            (ErrorKind::InvalidRequest, Some(body.as_bytes()))
        );
        assert_eq!(error.messages(), messages, "{body}");
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("Ada") && !shown.contains(ID), "{shown}");
        mocked.delete_async().await;
    }
}

#[tokio::test]
async fn a_ban_is_not_waited_for_and_an_outage_is() {
    for (status, kind, attempts, waits) in [
        (429, ErrorKind::Permission, 1, 0),
        (503, ErrorKind::Server, 3, 2),
        (504, ErrorKind::Server, 3, 2),
    ] {
        let (server, clock) = mock().await;
        let mocked = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(status).header("retry-after", "5");
            })
            .await;
        let error = client(&server, clock.clone()).kyc_applications().get(ID).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{status}");
        assert_eq!(
            (mocked.calls_async().await, clock.waits().len()),
            (attempts as usize, waits),
            "{status}"
        );
        // The hint of a proxy is reported either way.
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(5));
        assert_eq!((error.is_rate_limited(), error.is_retryable()), (false, status != 429));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_is_not_shown() {
    let (server, clock) = mock().await;
    let elsewhere = server.mock_async(|when, _| drop(when.path("/elsewhere"))).await;
    server
        .mock_async(|when, then| {
            when.method(POST);
            then.status(307)
                .header("location", server.url("/elsewhere"))
                .json_body(json!({ "message": TOKEN }));
        })
        .await;
    let error = Call::Create.error(&client(&server, clock)).await;
    assert_eq!((error.kind(), elsewhere.calls_async().await), (ErrorKind::Redirect, 0));
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}
