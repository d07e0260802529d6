//! No key or person is shown, whatever a server echoes and whatever is formatted.

use kyc_review::beltic::Beltic;
use kyc_review::{CallOptions, Personal, Secret};

use crate::support::wire::{Wire, answer};

const KEY: &str = "sk_staging_canary_5f2c";

#[tokio::test]
async fn a_server_that_echoes_the_key_everywhere_is_not_quoted() {
    for member in ["code", "request_id"] {
        for echoed in [KEY.to_owned(), format!("Bearer {KEY}"), "canary_5f2c".to_owned()] {
            let body = format!(
                r#"{{"error":{{"{member}":"{echoed}","message":"{KEY} Ada"}},"message":"{KEY}"}}"#
            );
            let wire = Wire::start(move |_| answer(401, &body)).await;
            let beltic = Beltic::builder().api_key(KEY).base_url(wire.url()).build().unwrap();
            let error = beltic.sessions().decline("sess_canary_id").await.unwrap_err();
            let mut shown = format!("{error} {error:?} {error:#?}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                shown.push_str(&format!("{cause} {cause:?}"));
                source = cause.source();
            }
            assert!(!shown.contains("canary") && !shown.contains("Ada"), "{shown}");
            // Messages contain all of it on purpose.
            assert!(error.messages().iter().any(|message| message.contains(KEY)));
        }
    }
}

#[tokio::test]
async fn a_failed_connection_names_no_target() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let beltic =
        Beltic::builder().api_key(KEY).base_url(format!("http://127.0.0.1:{port}/canary-prefix"));
    let beltic = beltic.retry(kyc_review::RetryPolicy::none()).build().unwrap();
    let error = beltic
        .with(CallOptions::new().query("who", "canary"))
        .sessions()
        .get("canary-id")
        .await
        .unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        shown.push_str(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn what_holds_a_key_or_a_person_prints_neither() {
    let builder = Beltic::builder().api_key(KEY);
    let beltic = builder.clone().build().unwrap();
    let options = CallOptions::new()
        .header("x-name", "canary")
        .query("q", "canary")
        .idempotency_key("canary");
    let shown = [
        format!("{builder:?}"),
        format!("{beltic:?} {:#?}", beltic.sessions()),
        format!("{:?}", beltic.with(options.clone())),
        format!("{options:?}"),
        format!("{:?}", beltic.sessions().decline("sess_canary")),
        format!("{:?}", beltic.sessions().list().filter_account("canary").with(options.clone())),
        format!("{:?}", beltic.request(kyc_review::Method::GET, "/canary").query("q", "canary")),
        format!("{:?} {:?}", Secret::from("canary"), Personal::new("canary")),
    ];
    for text in shown {
        assert!(!text.contains("canary"), "{text}");
    }
}

/// The keys of a map are arbitrary, and the spec marks this one as personal.
#[test]
fn the_keys_of_a_map_are_not_shown() {
    let data: kyc_review::rebilly::types::TimelineExtraData =
        serde_json::from_str(r#"{"mentions":{"canary@example.com":"canary"}}"#).unwrap();
    let fields: kyc_review::persona::types::InquiryFieldsInput =
        serde_json::from_str(r#"{"name-first":"canary","canary":1}"#).unwrap();
    let shown = format!("{data:?} {data:#?} {fields:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("mentions: [1 field]") && shown.contains("extra: [1 field]"), "{shown}");
}
