//! Creation.

use httpmock::Method::POST;
use kyc_review::provide::types::{
    IdentityMindParams, KycApplicationType, KycProvider, VouchedParams,
};
use kyc_review::provide::{NewKycApplication, NewKycApplicationParams};
use kyc_review::{ErrorKind, OperationClass};
use serde_json::{Value, json};

use super::{TOKEN, USER, application, client, with};
use crate::support::mock;

/// Returns the body sent for a new application, after checking the request.
async fn body_of(new: NewKycApplication) -> Value {
    let (server, clock) = mock().await;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
    let body = seen.clone();
    let call = server
        .mock_async(|when, then| {
            when.method(POST)
                .path("/api/v1/kyc_applications")
                .header("authorization", format!("bearer {TOKEN}"))
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header_missing("api-version")
                .header_missing("idempotency-key")
                .is_true(move |request| {
                    *body.lock().unwrap() =
                        serde_json::from_slice(request.body().as_ref()).unwrap();
                    request.uri().query().is_none()
                });
            then.status(201).json_body(with(
                application("pending"),
                json!({
                    "identifier": null, "params": { "first_name": "Ada", "webhook_url": null }
                }),
            ));
        })
        .await;
    let reply = client(&server, clock).kyc_applications().create(new).await.unwrap();
    call.assert_async().await;
    assert_eq!(*reply.status(), "pending");
    assert_eq!((reply.status_code().as_u16(), reply.identifier.as_deref()), (201, None));
    let params = reply.params.as_ref().unwrap();
    assert_eq!(params.first_name().map(|name| *name.expose()), Some("Ada"));
    seen.lock().unwrap().clone()
}

#[tokio::test]
async fn params_go_out_even_where_nothing_is_said() {
    assert_eq!(body_of(NewKycApplication::new()).await, json!({ "params": {} }));
    assert_eq!(
        body_of(NewKycApplication::default().user_id(USER)).await,
        json!({ "user_id": USER, "params": {} })
    );
}

#[tokio::test]
async fn every_member_goes_out_and_no_status() {
    let params = NewKycApplicationParams::new()
        .job_type("id-verification")
        .affiliate_id("aff-1")
        .first_name("Ada")
        .last_name("Example")
        .name("Ada Example")
        .date_of_birth("05/15/1990")
        .email("ada@example.test")
        .id_number("X0000000")
        .ssn("000-00-0000")
        .id_photo("aWQ=")
        .id_photo_back("")
        .selfie("c2VsZmll")
        .selfie_video("dmlkZW8=")
        .webhook_url("https://hooks.example.test/kyc?a=b");
    let new = NewKycApplication::new()
        .user_id(uuid::Uuid::parse_str(USER).unwrap())
        .provider(KycProvider::Identitymind)
        .application_type(KycApplicationType::Kyb)
        .name("Example Ltd")
        .params(params);
    let expected = json!({
        "user_id": USER, "provider": "identitymind", "type": "kyb", "name": "Example Ltd",
        "params": {
            "type": "id-verification", "affiliate_id": "aff-1", "first_name": "Ada",
            "last_name": "Example",
            "name": "Ada Example", "date_of_birth": "05/15/1990", "email": "ada@example.test",
            "id_number": "X0000000",
            "ssn": "000-00-0000", "id_photo": "aWQ=", "id_photo_back": "", "selfie": "c2VsZmll",
            "selfie_video": "dmlkZW8=", "webhook_url": "https://hooks.example.test/kyc?a=b"
        }
    });
    let shown = format!("{new:?} {:#?}", NewKycApplicationParams::new().first_name("Ada"));
    assert!(
        !shown.contains("Ada") && !shown.contains("Example Ltd") && !shown.contains(USER),
        "{shown}"
    );
    assert_eq!(body_of(new).await, expected);
}

#[tokio::test]
async fn what_only_one_provider_understands_is_merged_into_the_nested_params() {
    let vouched = VouchedParams::default().first_name("Ada").user_photo("c2VsZmll");
    let params = NewKycApplicationParams::new()
        .provider_params(json!({ "dob": "old", "new_key": [1] }))
        .vouched(vouched);
    let params = params.provider_params(json!({ "dob": "1990-05-15" }));
    let body = body_of(NewKycApplication::new().provider("vouched").params(params)).await;
    let nested =
        json!({ "firstName": "Ada", "userPhoto": "c2VsZmll", "dob": "1990-05-15", "new_key": [1] });
    assert_eq!(body, json!({ "provider": "vouched", "params": { "params": nested } }));

    let identitymind =
        IdentityMindParams::default().man("Ada Example").assn("000-00-0000").merchant_aid("m-1");
    let params = NewKycApplicationParams::new().last_name("Example").identitymind(identitymind);
    let body =
        body_of(NewKycApplication::new().provider("a_provider_of_tomorrow").params(params)).await;
    let nested = json!({ "man": "Ada Example", "assn": "000-00-0000", "merchantAid": "m-1" });
    let params = json!({ "last_name": "Example", "params": nested });
    assert_eq!(body, json!({ "provider": "a_provider_of_tomorrow", "params": params }));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let call = server.mock_async(|when, _| drop(when.path_includes("/"))).await;
    let applications = client(&server, clock).kyc_applications();
    let params = NewKycApplicationParams::new;
    for (new, why) in [
        (NewKycApplication::new().user_id(" "), "the body must not have an empty `user_id`"),
        (NewKycApplication::new().provider(""), "the body must not have an empty `provider`"),
        (NewKycApplication::new().application_type(""), "the body must not have an empty `type`"),
        (
            NewKycApplication::new().params(params().webhook_url("Ada")),
            "the body must have an http or https URL as `webhook_url`",
        ),
        (
            NewKycApplication::new().params(params().webhook_url("file:///Ada")),
            "the body must have an http or https URL as `webhook_url`",
        ),
        (
            NewKycApplication::new().params(params().provider_params("Ada")),
            "the body must have a JSON object as provider parameters",
        ),
        (
            NewKycApplication::new().params(params().provider_params([1])),
            "the body must have a JSON object as provider parameters",
        ),
    ] {
        let error = applications.create(new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(
            error.to_string(),
            format!("provide: create_kyc_application: invalid argument: {why}")
        );
    }
    assert_eq!(call.calls_async().await, 0);
}

#[tokio::test]
async fn a_creation_is_sent_once() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for (status, kind) in [
        (429, ErrorKind::Permission),
        (500, ErrorKind::OutcomeUnknown),
        (503, ErrorKind::OutcomeUnknown),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(status);
            })
            .await;
        let error = provide.kyc_applications().create(NewKycApplication::new()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), call.calls_async().await),
            (kind, 1, 1),
            "{status}"
        );
        assert_eq!((error.class(), error.is_retryable()), (Some(OperationClass::Create), false));
        call.delete_async().await;
    }
}
