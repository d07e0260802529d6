//! Credentials, organization, environment.

use httpmock::Method::GET;
use kyc_review::ErrorKind;
use kyc_review::rebilly::{Rebilly, RebillyBuilder};

use super::document;
use crate::support::mock;

fn refusal(change: impl FnOnce(RebillyBuilder) -> RebillyBuilder) -> String {
    let error = change(Rebilly::builder()).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    error.to_string()
}

#[test]
fn what_cannot_work_is_refused_and_no_value_is_shown() {
    let with = |base: &'static str| {
        refusal(move |builder| builder.organization_id("org_1").api_key("k").base_url(base))
    };
    for (refused, why) in [
        (refusal(|builder| builder.api_key("k")), "no organization is set: call `organization_id`"),
        (
            refusal(|builder| builder.organization_id("org_1")),
            "neither an API key nor a bearer token is set: set one",
        ),
        (
            refusal(|builder| builder.organization_id("org_1").api_key("k").bearer("t")),
            "both an API key and a bearer token are set: set one",
        ),
        (refusal(|builder| builder.organization_id("org_1").api_key(" ")), "the API key is empty"),
        (
            refusal(|builder| builder.organization_id("org_1").bearer("Bearer canary")),
            "the bearer token must be visible ASCII",
        ),
        (
            refusal(|builder| builder.organization_id("org_1").api_key("canary\r\nx: y")),
            "the API key must be visible ASCII",
        ),
        (
            refusal(|builder| builder.organization_id("..").api_key("k")),
            "OrganizationId must not be a dot segment",
        ),
        (
            refusal(|builder| builder.organization_id("canary/kyc-documents").api_key("k")),
            "OrganizationId must not contain `/`, `\\`, `?` or `#`",
        ),
        (
            refusal(|builder| builder.organization_id("").api_key("k")),
            "OrganizationId must not be empty",
        ),
        (
            refusal(|builder| builder.organization_id("org_1").api_key("sk_sandbox_canary").live()),
            "invalid API key: must be of the chosen environment",
        ),
        (
            refusal(|builder| builder.organization_id("org_1").api_key("sk_live_canary").sandbox()),
            "invalid API key: must be of the chosen environment",
        ),
        (
            refusal(|builder| {
                builder
                    .organization_id("org_1")
                    .api_key("sk_live_canary")
                    .base_url("https://api-sandbox.rebilly.com")
            }),
            "invalid base URL: must be of the same environment as the other settings",
        ),
        (
            refusal(|builder| {
                builder
                    .organization_id("org_1")
                    .bearer("t")
                    .sandbox()
                    .base_url("https://api.rebilly.com")
            }),
            "invalid base URL: must be of the same environment as the other settings",
        ),
        (
            with("https://api.rebilly.com/organizations/org_1"),
            "invalid base URL: must not contain the organization",
        ),
        (with("http://api.rebilly.com"), "invalid base URL: must be https (http only on loopback)"),
        (
            with("https://api.rebilly.com/?x=canary"),
            "invalid base URL: must not contain a query or fragment",
        ),
        (
            with("https://canary@api.rebilly.com"),
            "invalid base URL: must not contain a user or password",
        ),
        // None of these may become a host when a path is appended.
        (with("https://"), "invalid base URL: must be an absolute URL"),
        (with(""), "invalid base URL: must be an absolute URL"),
        (with("mailto:canary"), "invalid base URL: must be https (http only on loopback)"),
    ] {
        assert_eq!(refused, format!("rebilly: configuration: {why}"));
    }
}

#[tokio::test]
async fn a_bearer_token_takes_the_place_of_the_key() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .path("/prefix/organizations/o%40~-.g/kyc-documents/d%40~-.d")
                .header("authorization", "Bearer session.token-1_")
                .header_missing("reb-apikey");
            then.status(200).json_body(document("identity-proof"));
        })
        .await;
    // The final line end of a token file is dropped.
    let builder =
        Rebilly::builder().organization_id("o@~-.g").bearer("session.token-1_\n").clock(clock);
    let rebilly = builder.base_url(format!("{}/prefix/", server.base_url())).build().unwrap();
    rebilly.kyc_documents().get("d@~-.d").await.unwrap();
    call.assert_async().await;
}

#[tokio::test]
async fn neither_credential_can_be_replaced_by_a_header_of_the_caller() {
    let (server, _) = mock().await;
    for name in ["REB-APIKEY", "Authorization"] {
        let builder =
            Rebilly::builder().organization_id("org_1").api_key("k").base_url(server.base_url());
        let other =
            builder.build().unwrap().with(kyc_review::CallOptions::new().header(name, "canary"));
        let error = other.kyc_documents().get("d").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[test]
fn nothing_prints_a_key_a_person_or_an_id_of_one() {
    let builder = Rebilly::builder().organization_id("canary").api_key("canary");
    let rebilly = builder.clone().build().unwrap();
    let documents = rebilly.kyc_documents();
    let new = kyc_review::rebilly::NewDocument::identity_proof("canary", ["file_1"])
        .notes("canary")
        .reason("canary");
    let reading = kyc_review::rebilly::types::KycIdentityMatchesOverwrite::default()
        .first_name("canary")
        .document_number("canary");
    for shown in [
        format!("{builder:?} {rebilly:?} {documents:?}"),
        format!("{:?} {:?}", documents.get("canary"), documents.list().filter("customerId:canary")),
        format!("{:?}", documents.reject("canary", "other").message("canary")),
        format!("{new:?} {:?}", documents.create(new.clone())),
        format!("{:?}", documents.upsert("canary", new)),
        format!("{reading:?} {:?}", documents.overwrite_matches("canary", reading.clone())),
    ] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}
