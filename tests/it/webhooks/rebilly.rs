//! Rebilly: nothing is signed; a delivery without the credential that the webhook is set
//! to send is refused.

use kyc_review::WebhookError;
use kyc_review::header::AUTHORIZATION;
use kyc_review::rebilly::{Rebilly, RebillyEventType, RebillyWebhooks, WebhookCredential};

use super::{header_name, headers, is_read_in_one_way, refused, shows_none};

const BASIC: &str = "Basic aG9vay11c2VyOnA6dw==";
const HOOK: &str = "x-hook-secret";
const BODY: &str = r#"{"customerId":"cus_TEST01","kycDocumentId":"kyc_doc_TEST1","fileId":"file_TEST01","eventType":"kyc-document-accepted","_embedded":{"customer":{"revision":9},"kycDocument":{"id":"kyc_doc_TEST1","revision":3}},"_links":[{"rel":"kycDocument","href":"https://api.example.test/kyc-documents/kyc_doc_TEST1"}]}"#;

fn basic() -> RebillyWebhooks {
    RebillyWebhooks::new([WebhookCredential::basic("hook-user", "p:w")]).unwrap()
}

fn verify(webhooks: &RebillyWebhooks, list: &[(&str, &str)]) -> Result<(), WebhookError> {
    webhooks.verify(&headers(list), BODY.as_bytes()).map(|_| ())
}

#[test]
fn the_known_credential_is_met_and_no_other() {
    for value in [BASIC, "basic aG9vay11c2VyOnA6dw==", "BASIC aG9vay11c2VyOnA6dw=="] {
        assert_eq!(verify(&basic(), &[("authorization", value)]), Ok(()), "{value}");
    }
    let unknown = || WebhookError::UnknownScheme(AUTHORIZATION);
    for (value, expected) in [
        // In another case, with other padding, split, of the user alone, or with a line
        // end after it.
        ("Basic AG9VAY11C2VYONA6DW==", WebhookError::NoMatch),
        ("Basic aG9vay11c2VyOnA6dw=", WebhookError::NoMatch),
        ("Basic aG9vay11c2VyOnA6dw", WebhookError::NoMatch),
        ("Basic  aG9vay11c2VyOnA6dw==", WebhookError::NoMatch),
        ("Basic aG9vay11c2VyOg==", WebhookError::NoMatch),
        ("Basic aG9vay11c2VyOnA6dwo=", WebhookError::NoMatch),
        ("Basic aG9vay11c2VyOnA6dw==, Basic aG9vay11c2VyOnA6dw==", WebhookError::NoMatch),
        ("Basic ", WebhookError::NoMatch),
        ("Basic", unknown()),
        ("", unknown()),
        ("aG9vay11c2VyOnA6dw==", unknown()),
        ("Bearer aG9vay11c2VyOnA6dw==", unknown()),
        (r#"Digest username="hook-user", response="11379174d807a6de3a86bf648f535e9c""#, unknown()),
    ] {
        assert_eq!(verify(&basic(), &[("authorization", value)]), Err(expected), "{value}");
    }
    assert_eq!(verify(&basic(), &[]), Err(WebhookError::MissingHeader(AUTHORIZATION)));
    let twice = [("authorization", BASIC), ("authorization", BASIC)];
    assert_eq!(verify(&basic(), &twice), Err(WebhookError::DuplicateHeader(AUTHORIZATION)));
    let long = format!("Basic {}", "a".repeat(10_000));
    assert_eq!(
        verify(&basic(), &[("authorization", &long)]),
        Err(WebhookError::HeaderTooLong(AUTHORIZATION))
    );
}

/// The sample on the vendor's page has a line feed that is not part of the password.
#[test]
fn the_credential_of_the_page_is_taken_without_its_line_feed() {
    let webhooks = RebillyWebhooks::new([WebhookCredential::basic("rebilly", "superman")]).unwrap();
    assert_eq!(verify(&webhooks, &[("authorization", "Basic cmViaWxseTpzdXBlcm1hbg==")]), Ok(()));
    let with_line_feed = [("authorization", "Basic cmViaWxseTpzdXBlcm1hbgo=")];
    assert_eq!(verify(&webhooks, &with_line_feed), Err(WebhookError::NoMatch));
}

#[test]
fn a_header_of_the_callers_choice_is_a_credential_too() {
    let webhooks =
        RebillyWebhooks::new([WebhookCredential::header(header_name(HOOK), "one long value")])
            .unwrap();
    assert_eq!(verify(&webhooks, &[(HOOK, "one long value")]), Ok(()));
    for other in ["", "one", "one long valuE", "one long value ", "one long value, one long value"]
    {
        assert_eq!(verify(&webhooks, &[(HOOK, other)]), Err(WebhookError::NoMatch), "{other}");
    }
    assert_eq!(verify(&webhooks, &[]), Err(WebhookError::MissingHeader(header_name(HOOK))));
    let twice = [(HOOK, "one long value"), (HOOK, "one long value")];
    assert_eq!(verify(&webhooks, &twice), Err(WebhookError::DuplicateHeader(header_name(HOOK))));
}

#[test]
fn any_of_several_credentials_will_do() {
    let old = WebhookCredential::basic("hook-user", "old");
    let new = WebhookCredential::basic("hook-user", "p:w");
    let header = WebhookCredential::header(header_name(HOOK), "value");
    let webhooks = RebillyWebhooks::new([old, new, header]).unwrap();
    assert_eq!(verify(&webhooks, &[("authorization", BASIC)]), Ok(()));
    assert_eq!(verify(&webhooks, &[("authorization", "Basic aG9vay11c2VyOm9sZA==")]), Ok(()));
    assert_eq!(verify(&webhooks, &[(HOOK, "value")]), Ok(()));
    assert_eq!(verify(&webhooks, &[("authorization", "Basic bm8=")]), Err(WebhookError::NoMatch));
    assert_eq!(verify(&webhooks, &[]), Err(WebhookError::MissingHeader(header_name(HOOK))));
}

#[test]
fn a_credential_that_proves_nothing_is_refused_at_once() {
    let new = |credential| RebillyWebhooks::new([credential]);
    refused(new(WebhookCredential::basic("user", "")), WebhookError::EmptySecret, "password");
    refused(new(WebhookCredential::basic("user", " \n")), WebhookError::EmptySecret, "blank");
    refused(
        new(WebhookCredential::basic("", "password")),
        WebhookError::InvalidUsername,
        "no user",
    );
    refused(
        new(WebhookCredential::basic("us:er", "password")),
        WebhookError::InvalidUsername,
        "colon",
    );
    refused(
        new(WebhookCredential::header(header_name(HOOK), "")),
        WebhookError::EmptySecret,
        "header",
    );
    refused(RebillyWebhooks::new([]), WebhookError::NoSecret, "none");
    let both = [WebhookCredential::basic("user", "password"), WebhookCredential::basic("user", "")];
    refused(RebillyWebhooks::new(both), WebhookError::EmptySecret, "second");
}

#[test]
fn an_event_names_what_to_read_again() {
    let rebilly =
        Rebilly::builder().api_key("sk_sandbox_1").organization_id("org_1").build().unwrap();
    let webhooks = rebilly.webhooks([WebhookCredential::basic("hook-user", "p:w")]).unwrap();
    let event = webhooks.verify(&headers(&[("authorization", BASIC)]), BODY.as_bytes()).unwrap();
    assert_eq!(event.event_type(), RebillyEventType::KycDocumentAccepted);
    assert_eq!(
        (event.kyc_document_id(), event.customer_id()),
        (Some("kyc_doc_TEST1"), Some("cus_TEST01"))
    );
    assert_eq!(
        (event.file_id(), event.kyc_request_id(), event.transaction_id()),
        (Some("file_TEST01"), None, None)
    );
    assert_eq!(event.revision(), Some(3));
    assert_eq!(event.json().expose()["_links"][0]["rel"], "kycDocument");
    let printed = format!("{webhooks:?} {webhooks:#?} {event:?} {event:#?}");
    shows_none(&printed, &["aG9v", "p:w", "hook-user", "cus_TEST01", "kyc_doc_TEST1"]);

    for (body, kind, revision) in [
        (
            r#"{"eventType":"kyc-request-fulfilled","_embedded":{"customer":{"revision":9},"kycRequest":{"revision":2}}}"#,
            "kyc-request-fulfilled",
            Some(2),
        ),
        (
            r#"{"eventType":"customer-updated","_embedded":{"customer":{"revision":9}}}"#,
            "customer-updated",
            Some(9),
        ),
        (r#"{"eventType":"invoice-paid","_embedded":[]}"#, "invoice-paid", None),
        (r#"{"own":"template"}"#, "", None),
    ] {
        let event = basic().verify(&headers(&[("authorization", BASIC)]), body.as_bytes()).unwrap();
        assert_eq!((event.event_type().as_str(), event.revision()), (kind, revision));
    }
    for body in [&b""[..], b"text", b"\xff", b"[]"] {
        refused(
            basic().verify(&headers(&[("authorization", BASIC)]), body),
            WebhookError::NotJson,
            body,
        );
    }
    assert_eq!(RebillyEventType::KNOWN.len(), 19);
}

#[test]
fn a_genuine_delivery_is_read_in_one_way_or_not_at_all() {
    is_read_in_one_way(
        |body| basic().verify(&headers(&[("authorization", BASIC)]), body),
        |event| event.json().expose().clone(),
    );
}
