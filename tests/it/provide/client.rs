//! Setting up a client.

use httpmock::Method::GET;
use kyc_review::provide::Provide;
use kyc_review::{CallOptions, ErrorKind, Method};

use super::{ID, TOKEN, application, client, target};
use crate::support::mock;

#[tokio::test]
async fn the_prefix_of_the_vendors_own_clients_is_not_doubled() {
    let (server, clock) = mock().await;
    for suffix in ["", "/", "/api/v1", "/api/v1/", "/api/v1//"] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET)
                    .is_true(|request| target(request) == format!("/api/v1/kyc_applications/{ID}"));
                then.status(200).json_body(application("review"));
            })
            .await;
        let base = format!("{}{suffix}", server.base_url());
        let provide =
            Provide::builder().token(TOKEN).base_url(base).clock(clock.clone()).build().unwrap();
        provide.kyc_applications().get(ID).await.unwrap();
        assert_eq!(call.calls_async().await, 1, "{suffix}");
        call.delete_async().await;
    }
    // The prefix of a proxy is kept.
    let call = server
        .mock_async(|when, then| {
            when.method(GET).path(format!("/proxy/api/v1/kyc_applications/{ID}"));
            then.status(200).json_body(application("review"));
        })
        .await;
    let base = format!("{}/proxy/api/v1", server.base_url());
    let provide = Provide::builder().token(TOKEN).base_url(base).clock(clock).build().unwrap();
    provide.kyc_applications().get(ID).await.unwrap();
    call.assert_async().await;
}

#[test]
fn the_hosts_are_https_origins() {
    let hosts = [
        Provide::BOOKIE,
        Provide::IDENT,
        #[cfg(feature = "unconfirmed")]
        Provide::PROVIDE_PAYMENTS,
    ];
    for host in hosts {
        assert!(host.starts_with("https://") && host.matches('/').count() == 2, "{host}");
        assert!(Provide::builder().token(TOKEN).base_url(host).build().is_ok());
    }
}

#[test]
fn a_token_that_cannot_be_sent_is_refused_and_none_is_shown() {
    let cases = [
        (None, "provide: configuration: no token is set: call `token`"),
        (Some(""), "provide: configuration: the token is empty"),
        (Some("bearer eyJ"), "provide: configuration: the token must be visible ASCII"),
        (Some("eyJ\r\nx: y"), "provide: configuration: the token must be visible ASCII"),
    ];
    for (token, shown) in cases {
        let mut builder = Provide::builder();
        if let Some(token) = token {
            builder = builder.token(token);
        }
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Configuration, shown));
    }
    for url in
        ["http://bookie.provide.services", "https://bookie.provide.services/api/v1?a=b", "bookie"]
    {
        let error = Provide::builder().token(TOKEN).base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
    }
    let builder = Provide::builder().token(TOKEN);
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(!shown.contains("eyJ"), "{shown}");
}

#[tokio::test]
async fn the_token_cannot_be_replaced_and_there_is_no_idempotency_key() {
    let (server, clock) = mock().await;
    let call = server.mock_async(|when, _| drop(when.path_includes("/"))).await;
    let provide = client(&server, clock);
    for options in [
        CallOptions::new().header("Authorization", "bearer other"),
        CallOptions::new().idempotency_key("key-1"),
    ] {
        let error = provide.with(options).kyc_applications().accept(ID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
    assert_eq!(call.calls_async().await, 0);
}

#[tokio::test]
async fn the_escape_hatch_bears_the_token_too() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .path("/api/v1/billing_accounts")
                .header("authorization", format!("bearer {TOKEN}"));
            then.status(200).body("[]");
        })
        .await;
    let reply = client(&server, clock)
        .request(Method::GET, "/api/v1/billing_accounts")
        .send()
        .await
        .unwrap();
    assert_eq!(&reply[..], b"[]");
    call.assert_async().await;
}
