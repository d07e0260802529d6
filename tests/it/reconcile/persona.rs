use std::sync::{Arc, Mutex};

use httpmock::Method::{GET, POST};
use kyc_review::persona::Persona;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, Reconcile, RetryPolicy};
use serde_json::json;

use super::{Case, Sent, suite, told};
use crate::support::mock;

fn client(sandbox: &Sandbox) -> Persona {
    // Without retries: a retry with the idempotency key would resolve the lost decision.
    sandbox.persona_builder().retry(RetryPolicy::none()).build().unwrap()
}

fn approve(client: Persona, id: String) -> Sent {
    Box::pin(async move { Ok(client.inquiries().approve(id).await?.status().to_string()) })
}

fn decline(client: Persona, id: String) -> Sent {
    Box::pin(async move { Ok(client.inquiries().decline(id).await?.status().to_string()) })
}

fn cases() -> Vec<Case<Persona>> {
    vec![
        Case {
            name: "approve",
            seed: |sandbox| sandbox.seed().inquiry("needs_review").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.inquiries().approve(id).comment("Documents match");
                    Ok(request.reconcile(reconcile).await?.status().to_string())
                })
            },
            reply: "approved",
            state: "approved",
            is_dated: true,
            otherwise: Some((decline, "superseded")),
        },
        Case {
            name: "decline",
            seed: |sandbox| sandbox.seed().inquiry("completed").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .inquiries()
                        .decline(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "declined",
            state: "declined",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        Case {
            name: "mark for review",
            seed: |sandbox| sandbox.seed().inquiry("expired").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .inquiries()
                        .mark_for_review(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "needs_review",
            state: "needs_review",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        Case {
            name: "expire",
            seed: |sandbox| sandbox.seed().inquiry_session("active").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .inquiry_sessions()
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
            // No other action on a session is possible.
            otherwise: None,
        },
    ]
}

suite!(client, cases());

#[tokio::test]
async fn expiring_all_sessions_has_no_one_subject() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let (persona, inquiry) = (client(&sandbox), sandbox.seed().inquiry("pending"));
    let _ = sandbox.seed().inquiry_session_of(&inquiry, "active");
    sandbox.fault(Fault::drop_after_commit());
    let error = persona.inquiry_sessions().expire_all([&inquiry]).await.unwrap_err();
    assert_eq!(told(&persona.reconcile(&error).await.unwrap()).0, "inconclusive");
    // It reads nothing.
    assert_eq!(sandbox.requests(), 1);
}

#[tokio::test]
async fn the_readings_answer_whole() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let id = sandbox.seed().inquiry("completed");
    let cut = client(&sandbox).with(CallOptions::new().query("fields[inquiry]", "note"));
    sandbox.fault(Fault::drop_after_commit());
    let keyed = CallOptions::new().idempotency_key("review-17");
    let error = cut.inquiries().approve(&id).with(keyed).await.unwrap_err();
    assert_eq!(told(&cut.reconcile(&error).await.unwrap()).0, "applied");

    let id = sandbox.seed().inquiry("completed");
    sandbox.fault(Fault::drop_after_commit());
    let request = client(&sandbox).inquiries().approve(&id).fields_inquiry(["decisioned-at"]);
    let reply = request.reconcile(true).await.unwrap();
    assert!(*reply.status() == "approved" && reply.decisioned_at().is_some());
    assert_eq!((reply.idempotency_key(), sandbox.ledger().decisions(&id).len()), (None, 1));
}

#[tokio::test]
async fn each_sending_has_a_fresh_key_unless_the_caller_has_set_one() {
    let (server, clock) = mock().await;
    let persona =
        Persona::builder().api_key("k").base_url(server.base_url()).clock(clock).build().unwrap();
    let inquiry = json!({
        "data": { "type": "inquiry", "id": "inq_1", "attributes": { "status": "completed" } }
    });
    server
        .mock_async(|when, then| {
            when.method(GET).path("/api/v1/inquiries/inq_1").header_missing("idempotency-key");
            then.status(200).json_body(inquiry);
        })
        .await;
    let keys = Arc::new(Mutex::new(Vec::new()));
    let seen = keys.clone();
    server
        .mock_async(|when, then| {
            when.method(POST).path("/api/v1/inquiries/inq_1/decline").is_true(move |request| {
                let header =
                    request.headers().get("idempotency-key").unwrap().to_str().unwrap().to_owned();
                seen.lock().unwrap().push(header);
                true
            });
            then.status(500);
        })
        .await;
    let error = persona.inquiries().decline("inq_1").reconcile(true).await.unwrap_err();
    let minted = std::mem::take(&mut *keys.lock().unwrap());
    assert_eq!((minted.len(), error.is_outcome_unknown()), (2, true));
    assert_ne!(minted[0], minted[1]);
    assert_eq!(error.idempotency_key(), Some(minted[1].as_str()));

    let keyed = CallOptions::new().idempotency_key("review-17");
    assert!(
        persona
            .inquiries()
            .decline("inq_1")
            .with(keyed)
            .reconcile(true)
            .await
            .unwrap_err()
            .is_outcome_unknown()
    );
    assert_eq!(*keys.lock().unwrap(), ["review-17", "review-17"]);
}

#[tokio::test]
async fn what_an_inquiry_and_a_session_show_in_each_state() {
    let (server, clock) = mock().await;
    let persona =
        Persona::builder().api_key("k").base_url(server.base_url()).clock(clock).build().unwrap();
    let (now, old) = ("2026-01-01T01:00:00.000Z", "2025-12-31T23:00:00.000Z");
    for (kind, attributes, expected) in [
        ("inquiry", json!({ "status": "approved", "decisioned-at": now }), "applied"),
        (
            "inquiry",
            json!({ "status": "approved", "decisioned-at": old, "updated-at": now }),
            "already applied",
        ),
        ("inquiry", json!({ "status": "approved" }), "applied"),
        ("inquiry", json!({ "status": "declined", "decisioned-at": now }), "superseded"),
        ("inquiry", json!({ "status": "declined", "decisioned-at": null }), "inconclusive"),
        (
            "inquiry",
            // The vendor refuses this once an inquiry is approved or declined.
            json!({ "status": "needs_review", "marked-for-review-at": now, "decisioned-at": old }),
            "not applied",
        ),
        (
            "inquiry",
            json!({ "status": "needs_review", "marked-for-review-at": old }),
            "not applied",
        ),
        ("inquiry", json!({ "status": "expired", "expired-at": now }), "superseded"),
        ("inquiry", json!({ "status": "expired", "expired-at": old }), "not applied"),
        ("inquiry", json!({ "status": "created" }), "not applied"),
        ("inquiry", json!({ "status": "pending" }), "not applied"),
        ("inquiry", json!({ "status": "completed", "completed-at": now }), "not applied"),
        ("inquiry", json!({ "status": "failed", "failed-at": now }), "not applied"),
        ("inquiry", json!({ "status": "a-status-from-the-future" }), "inconclusive"),
        ("inquiry", json!({}), "inconclusive"),
        ("inquiry-session", json!({ "status": "expired", "expired-at": now }), "applied"),
        ("inquiry-session", json!({ "status": "expired", "expired-at": old }), "already applied"),
        ("inquiry-session", json!({ "status": "new" }), "not applied"),
        ("inquiry-session", json!({ "status": "active", "started-at": now }), "not applied"),
        (
            "inquiry-session",
            json!({ "status": "a-status-from-the-future", "expired-at": now }),
            "inconclusive",
        ),
    ] {
        server.reset_async().await;
        server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(502);
            })
            .await;
        server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200).json_body(json!({
                    "data": { "type": kind, "id": "x_1", "attributes": attributes.clone() }
                }));
            })
            .await;
        let error = match kind {
            "inquiry" => persona.inquiries().approve("x_1").await.unwrap_err(),
            _ => persona.inquiry_sessions().expire("x_1").await.unwrap_err(),
        };
        assert_eq!(
            told(&persona.reconcile(&error).await.unwrap()).0,
            expected,
            "{kind} {attributes}"
        );
    }
}
