//! The three headers: what is signed is what is sent, with the time of each attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::DateTime;
use httpmock::Method::{DELETE, GET, HEAD, PATCH, POST, PUT};
use httpmock::MockServer;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::sumsub::Sumsub;
use kyc_review::{CallOptions, Clock, ErrorKind, Method};
use serde_json::json;

use super::{
    APPLICANT, SECRET, TOKEN, TXN, client, header, is_exactly, is_signed, review, target,
    transaction,
};
use crate::support::mock;

fn at(seconds: i64) -> Arc<ManualClock> {
    Arc::new(ManualClock::at(DateTime::from_timestamp(seconds, 0).unwrap()))
}

/// The signatures of the vendor's own samples for the same time, key and request, limited
/// to those that this client can send. (An encoded slash in a path is refused; its
/// signature is in the unit tests.)
#[tokio::test]
async fn known_requests_bear_the_known_signatures() {
    let server = MockServer::start_async().await;
    let sumsub = client(&server, at(1_607_551_635));
    let person = r#"{"externalUserId":"user-042","fixedInfo":{"firstName":"Žoë","lastName":"Šimůnek-東京"}}"#;
    let form: &[u8] = b"------sumsub-7MA4YWxkTrZu0gW\r\n\
        Content-Disposition: form-data; name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n\
        {\"idDocType\":\"PASSPORT\",\"country\":\"GBR\"}\r\n------sumsub-7MA4YWxkTrZu0gW\r\n\
        Content-Disposition: form-data; name=\"content\"; filename=\"p.png\"\r\n\
        Content-Type: image/png\r\n\r\n\
        \x89PNG\r\n\x1a\n\x00\xff\r\n------sumsub-7MA4YWxkTrZu0gW--\r\n";
    let multipart = "multipart/form-data; boundary=----sumsub-7MA4YWxkTrZu0gW";

    let actions = "/resources/applicantActions/-;applicantId=63e096c51b6b4030f2e01154";
    let level = "/resources/applicants/5f80e6b7155a6336271e4677/moveToLevel";
    let review_path = format!("/resources/kyt/txns/{TXN}/review/status/completed");
    let requests = [
        (
            sumsub.request(Method::GET, actions).query("limit", "10").query("offset", "20"),
            format!("{actions}?limit=10&offset=20"),
            &b""[..],
            "e8176cf72468e69f78287b74acf80ec8c1f1a5caa8c99e607ed867c46bd7768b",
        ),
        (
            sumsub
                .request(Method::POST, "/resources/applicants")
                .query("levelName", "basic-kyc-level")
                .body("application/json", person),
            "/resources/applicants?levelName=basic-kyc-level".to_owned(),
            person.as_bytes(),
            "3641d08e3991bf67defd007ea01e3afaae09aa8113922468e41a5edea9cd2fdd",
        ),
        (
            sumsub
                .request(Method::POST, "/resources/accessTokens")
                .query("userId", "cfd20712-24a2-4c7d-9ab0-146f3c142335")
                .query("levelName", "basic-kyc-level")
                .query("ttlInSecs", "600"),
            "/resources/accessTokens?userId=cfd20712-24a2-4c7d-9ab0-146f3c142335&levelName=basic-kyc-level&ttlInSecs=600"
                .to_owned(),
            b"",
            "1e1856be1c1e1ff113e5664acac6b423ffefe04ad42ff36567622ef56f62c4b1",
        ),
        (
            sumsub
                .request(Method::POST, &format!("/resources/applicants/{APPLICANT}/info/idDoc"))
                .body(multipart, form),
            format!("/resources/applicants/{APPLICANT}/info/idDoc"),
            form,
            "8fa5ea1f57d986e5bb8678a3d463371cd2b506f115e5552a8e679f28442faa08",
        ),
        (
            sumsub
                .request(Method::POST, &review_path)
                .json_body(&json!({ "reviewAnswer": "GREEN" })),
            review_path.clone(),
            br#"{"reviewAnswer":"GREEN"}"#,
            "cc2427cb997033f31f9ee9f5c17566e77fc75706bac6b2a7f2b76fbe98953c8e",
        ),
        (
            // The space is sent and signed as %20, the plus as %2B.
            sumsub.request(Method::POST, level).query("name", "Level +1 €"),
            format!("{level}?name=Level%20%2B1%20%E2%82%AC"),
            b"",
            "4a406ed71a98848ae0bdbcfe0a52ee969a96a7c4d7ef2ab445fa425ca00ca7e6",
        ),
        (
            sumsub
                .request(Method::DELETE, &format!("/resources/kyt/txns/{TXN}/tags"))
                .json_body(&["Structuring", "Anomaly med"]),
            format!("/resources/kyt/txns/{TXN}/tags"),
            br#"["Structuring","Anomaly med"]"#,
            "b4ddeb60132c43dd2588779d19072ab893476b950017f91601589c7fc709997f",
        ),
    ];
    for (request, wanted, body, signature) in requests {
        let shown = wanted.clone();
        let call = server
            .mock_async(|when, then| {
                when.header("x-app-token", TOKEN)
                    .header("x-app-access-ts", "1607551635")
                    .header("x-app-access-sig", signature)
                    .is_true(move |request| {
                        target(request) == wanted && request.body_ref() == body
                    });
                then.status(200).body("{}");
            })
            .await;
        request.await.unwrap_or_else(|error| panic!("{shown}: {error}"));
        call.assert_async().await;
        call.delete_async().await;
    }
}

/// Two of the same vectors through the typed calls: the body that serde writes is the
/// body that is signed.
#[tokio::test]
async fn typed_calls_bear_the_known_signatures_too() {
    let server = MockServer::start_async().await;
    let transactions = client(&server, at(1_607_551_635)).transactions();
    let approve = server
        .mock_async(|when, then| {
            let signature = "cc2427cb997033f31f9ee9f5c17566e77fc75706bac6b2a7f2b76fbe98953c8e";
            when.method(POST).header("x-app-access-sig", signature);
            then.status(200)
                .json_body(transaction(review("completed", json!({ "reviewAnswer": "GREEN" }))));
        })
        .await;
    let remove = server
        .mock_async(|when, then| {
            let signature = "b4ddeb60132c43dd2588779d19072ab893476b950017f91601589c7fc709997f";
            when.method(DELETE).header("x-app-access-sig", signature);
            then.status(204);
        })
        .await;
    transactions.approve(TXN).await.unwrap();
    transactions.remove_tags(TXN, ["Structuring", "Anomaly med"]).await.unwrap();
    approve.assert_async().await;
    remove.assert_async().await;
}

#[tokio::test]
async fn options_of_a_call_are_signed_and_a_prefix_of_the_base_is_too() {
    let (server, clock) = mock().await;
    let sumsub = Sumsub::builder().app_token(TOKEN).secret_key(SECRET).clock(clock);
    let sumsub = sumsub.base_url(format!("{}/gate/way/", server.base_url())).build().unwrap();
    let call = server
        .mock_async(|when, then| {
            when.method(GET).header("x-trace", "1").is_true(|request| {
                is_exactly(
                    request,
                    &format!("/gate/way/resources/kyt/txns/{TXN}/one?a=b%20c%2Bd%26"),
                    "",
                )
            });
            then.status(200).json_body(json!({ "id": TXN }));
        })
        .await;
    let options = CallOptions::new().query("a", "b c+d&").header("X-Trace", "1");
    sumsub.with(options).transactions().get(TXN).await.unwrap();
    call.assert_async().await;
}

#[tokio::test]
async fn a_write_says_json_even_without_a_body_and_a_read_says_nothing() {
    let (server, clock) = mock().await;
    let sumsub = client(&server, clock);
    for (method, mocked, is_write) in [
        (Method::POST, POST, true),
        (Method::PUT, PUT, true),
        (Method::PATCH, PATCH, true),
        (Method::DELETE, DELETE, true),
        (Method::GET, GET, false),
        (Method::HEAD, HEAD, false),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(mocked).is_true(move |request| {
                    let content_type = header(request, "content-type");
                    content_type == if is_write { "application/json" } else { "" }
                        && is_exactly(request, "/x", "")
                });
                then.status(200);
            })
            .await;
        sumsub
            .request(method.clone(), "/x")
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"));
        call.assert_async().await;
        call.delete_async().await;
    }
}

#[tokio::test]
async fn each_attempt_is_signed_anew_with_its_own_time() {
    let (server, clock) = mock().await;
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = times.clone();
    let call = server
        .mock_async(|when, then| {
            when.method(GET).is_true(move |request| {
                seen.lock().unwrap().push((header(request, "x-app-access-ts"), is_signed(request)));
                true
            });
            then.status(503).header("retry-after", "7");
        })
        .await;
    let error = client(&server, clock).transactions().get(TXN).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), call.calls_async().await),
        (ErrorKind::Server, 3, 3)
    );
    let mut times = times.lock().unwrap().clone();
    times.dedup();
    let expected =
        [1_767_225_600, 1_767_225_607, 1_767_225_614].map(|time: i64| (time.to_string(), true));
    assert_eq!(times, expected);
}

/// The same against a server that verifies: it would refuse a signature older than a
/// minute.
#[tokio::test]
async fn a_late_attempt_is_still_accepted() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let id = sandbox.seed().transaction();
    sandbox.fault(Fault::rate_limited(Duration::from_secs(50)));
    sandbox.fault(Fault::rate_limited(Duration::from_secs(50)));
    let reply = sandbox.sumsub().transactions().get(&id).await.unwrap();
    assert_eq!((reply.attempts(), reply.elapsed()), (3, Duration::from_secs(100)));
}

#[tokio::test]
async fn the_signature_headers_cannot_be_replaced() {
    let (server, clock) = mock().await;
    let sumsub = client(&server, clock);
    for name in ["X-App-Token", "x-app-access-ts", "X-APP-ACCESS-SIG", "Content-Type"] {
        let call = sumsub.with(CallOptions::new().header(name, "1"));
        let error = call.transactions().get(TXN).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{name}");
    }
    let error = sumsub
        .with(CallOptions::new().idempotency_key("k"))
        .transactions()
        .approve(TXN)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn a_clock_that_is_off_is_refused_clearly() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let id = sandbox.seed().transaction();
    for (offset, is_good) in
        [(-600, false), (-61, false), (-60, true), (0, true), (60, true), (61, false), (600, false)]
    {
        let sumsub =
            sandbox.sumsub_builder().clock(at(clock.now().timestamp() + offset)).build().unwrap();
        let answer = sumsub.transactions().approve(&id).await;
        if is_good {
            assert!(answer.unwrap().is_approved(), "{offset}");
            continue;
        }
        let error = answer.unwrap_err();
        assert!(error.is_authentication(), "{offset}");
        assert_eq!(
            (error.code(), error.attempts()),
            (Some("app-token-request-expired"), 1),
            "{offset}"
        );
        let shown = error.to_string();
        let beginning = "sumsub: review_transaction: authentication, status 401, \
                         code app-token-request-expired, request 0";
        assert!(shown.starts_with(beginning), "{shown}");
    }
    assert_eq!(sandbox.ledger().decisions(&id).len(), 3);
}

#[tokio::test]
async fn no_time_breaks_the_client() {
    // Long after 2106, when seconds no longer fit 32 bits.
    let sandbox = Sandbox::start_with(at(9_999_999_999)).await.unwrap();
    let id = sandbox.seed().transaction();
    assert!(sandbox.sumsub().transactions().approve(&id).await.unwrap().is_approved());

    let before = sandbox.requests();
    for seconds in [-1, -9_999_999_999] {
        let sumsub = sandbox.sumsub_builder().clock(at(seconds)).build().unwrap();
        let error = sumsub.transactions().approve(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let expected =
            "sumsub: configuration: invalid clock: must not be before 1970 to sign requests";
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(sandbox.requests(), before);

    // The clock goes back between two calls.
    let clock = at(9_999_999_999);
    let sumsub = sandbox.sumsub_builder().clock(clock.clone()).build().unwrap();
    sumsub.transactions().get(&id).await.unwrap();
    clock.set(DateTime::from_timestamp(9_999_999_950, 0).unwrap());
    sumsub.transactions().get(&id).await.unwrap();
}

#[test]
fn token_and_key_are_checked_and_never_shown() {
    let build = |token: &str, key: &str| Sumsub::builder().app_token(token).secret_key(key).build();
    for (token, key, note) in [
        ("", SECRET, "the app token is empty"),
        (TOKEN, " \n", "the secret key is empty"),
        ("sbx:a\r\nx: y", SECRET, "the app token must be visible ASCII"),
        (TOKEN, "schlüssel", "the secret key must be visible ASCII"),
    ] {
        let error = build(token, key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.to_string(), format!("sumsub: configuration: {note}"));
    }
    let no_key = Sumsub::builder().app_token(TOKEN).build().unwrap_err();
    assert_eq!(
        no_key.to_string(),
        "sumsub: configuration: no secret key is set: call `secret_key`"
    );
    let no_token = Sumsub::builder().secret_key(SECRET).build().unwrap_err();
    assert_eq!(
        no_token.to_string(),
        "sumsub: configuration: no app token is set: call `app_token`"
    );
    let plain = Sumsub::builder()
        .app_token(TOKEN)
        .secret_key(SECRET)
        .base_url("http://api.sumsub.com")
        .build();
    assert_eq!(plain.unwrap_err().kind(), ErrorKind::Configuration);

    let builder = Sumsub::builder().app_token(format!("{TOKEN}\n")).secret_key(SECRET);
    let shown = format!(
        "{builder:?} {:?} {:?}",
        builder.clone().build().unwrap(),
        builder.clone().build().unwrap().transactions()
    );
    assert!(!shown.contains(SECRET) && !shown.contains("sbx:"), "{shown}");
}
