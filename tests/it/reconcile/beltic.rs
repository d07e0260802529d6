use httpmock::Method::{GET, POST};
use kyc_review::beltic::Beltic;
use kyc_review::sandbox::Sandbox;
use kyc_review::{Method, Reconcile};
use serde_json::json;

use super::{Case, Sent, suite, told};
use crate::support::mock;

fn client(sandbox: &Sandbox) -> Beltic {
    sandbox.beltic_builder().build().unwrap()
}

/// Uses the raw path, which needs no feature.
fn approve(client: Beltic, id: String) -> Sent {
    Box::pin(async move {
        let path = format!("/v1/identity/sessions/{id}/approve");
        client.request(Method::POST, &path).send().await.map(|_| String::new())
    })
}

fn decline(client: Beltic, id: String, reconcile: bool) -> Sent {
    Box::pin(async move {
        let request = client.sessions().decline(id).reconcile(reconcile);
        Ok(request.await?.status().to_string())
    })
}

fn cases() -> Vec<Case<Beltic>> {
    vec![
        Case {
            name: "decline",
            seed: |sandbox| sandbox.seed().beltic_session("completed").to_string(),
            prepare: None,
            send: decline,
            reply: "declined",
            state: "declined",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        Case {
            name: "decline after it was sent to review",
            seed: |sandbox| sandbox.seed().beltic_session("marked_for_review").to_string(),
            prepare: None,
            send: decline,
            reply: "declined",
            state: "declined",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        #[cfg(feature = "unconfirmed")]
        Case {
            name: "approve",
            seed: |sandbox| sandbox.seed().beltic_session("completed").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .sessions()
                        .approve(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "approved",
            state: "approved",
            is_dated: true,
            otherwise: Some((
                |client, id| {
                    Box::pin(async move {
                        Ok(client.sessions().decline(id).await?.status().to_string())
                    })
                },
                "superseded",
            )),
        },
        #[cfg(feature = "unconfirmed")]
        Case {
            name: "mark for review",
            seed: |sandbox| sandbox.seed().beltic_session("completed").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .sessions()
                        .mark_for_review(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "marked_for_review",
            state: "marked_for_review",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        #[cfg(feature = "unconfirmed")]
        Case {
            name: "expire",
            seed: |sandbox| sandbox.seed().beltic_session("created").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .sessions()
                        .expire(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "expired",
            state: "expired",
            is_dated: true,
            otherwise: None,
        },
    ]
}

suite!(client, cases());

#[tokio::test]
async fn what_a_session_shows_in_each_state() {
    let (server, clock) = mock().await;
    let beltic =
        Beltic::builder().api_key("k").base_url(server.base_url()).clock(clock).build().unwrap();
    let now = "2026-01-01T01:00:00Z";
    let old = "2025-12-31T23:00:00Z";
    for (attributes, expected) in [
        (json!({ "status": "declined", "decisioned_at": now, "expired_at": old }), "applied"),
        (
            json!({ "status": "declined", "decisioned_at": old, "updated_at": now }),
            "already applied",
        ),
        (json!({ "status": "declined", "decisioned_at": null }), "applied"),
        (json!({ "status": "approved", "decisioned_at": now }), "superseded"),
        (
            json!({ "status": "approved", "decisioned_at": old, "marked_for_review_at": now }),
            "not applied",
        ),
        // A session can be marked for review only before a decision.
        (
            json!({
                "status": "marked_for_review", "marked_for_review_at": now, "decisioned_at": old
            }),
            "not applied",
        ),
        (json!({ "status": "expired", "expired_at": now }), "superseded"),
        // A decision without a valid time could be a recent one.
        (json!({ "status": "approved", "decisioned_at": "yesterday" }), "inconclusive"),
        (json!({ "status": "expired" }), "inconclusive"),
        (json!({ "status": "a_status_from_the_future", "decisioned_at": old }), "inconclusive"),
        (json!({}), "inconclusive"),
        (json!({ "status": "created", "created_at": now }), "not applied"),
        (json!({ "status": "started", "started_at": now }), "not applied"),
        (json!({ "status": "pending" }), "not applied"),
        (json!({ "status": "completed", "completed_at": now }), "not applied"),
        (json!({ "status": "failed", "failed_at": now }), "not applied"),
    ] {
        server.reset_async().await;
        server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(502);
            })
            .await;
        let read = server
            .mock_async(|when, then| {
                when.method(GET).path("/v1/identity/sessions/s1");
                then.status(200).json_body(json!({
                    "data": {
                        "id": "s1", "type": "session", "attributes": attributes.clone()
                    }
                }));
            })
            .await;
        let error = beltic.sessions().decline("s1").await.unwrap_err();
        assert_eq!(told(&beltic.reconcile(&error).await.unwrap()).0, expected, "{attributes}");
        assert_eq!(
            read.calls_async().await,
            if expected == "not applied" { 2 } else { 1 },
            "{attributes}"
        );
    }
}
