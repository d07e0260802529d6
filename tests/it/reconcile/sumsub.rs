use std::sync::Arc;
use std::time::Duration;

use httpmock::Method::{GET, POST};
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::sumsub::types::ReviewAnswerDecision;
use kyc_review::sumsub::{RejectionReasons, Sumsub};
use kyc_review::{Error, Reconcile};
use serde_json::json;

use super::{Case, Sent, suite, told};
use crate::support::mock;

fn client(sandbox: &Sandbox) -> Sumsub {
    sandbox.sumsub_builder().build().unwrap()
}

fn fraud() -> RejectionReasons {
    RejectionReasons::new().reason("fraud", "documentForgery")
}

fn more() -> RejectionReasons {
    RejectionReasons::new().reason("manual", "additionalDocumentRequest")
}

fn approve(client: Sumsub, id: String) -> Sent {
    Box::pin(async move { Ok(client.applicants().approve(id).await?.review_status().to_string()) })
}

fn reject(client: Sumsub, id: String) -> Sent {
    Box::pin(async move {
        Ok(client.applicants().reject(id, fraud()).await?.review_status().to_string())
    })
}

fn transaction(sandbox: &Sandbox) -> String {
    sandbox.seed().transaction().to_string()
}

fn applicant(sandbox: &Sandbox) -> String {
    sandbox.seed().applicant("onHold").to_string()
}

fn cases() -> Vec<Case<Sumsub>> {
    vec![
        Case {
            name: "approve a transaction",
            seed: transaction,
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.transactions().approve(id).reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.outcome()))
                })
            },
            reply: "Approved",
            state: "completed GREEN",
            is_dated: true,
            otherwise: Some((
                |client, id| {
                    Box::pin(async move {
                        Ok(client.transactions().reject(id).await?.review_status().to_string())
                    })
                },
                "superseded",
            )),
        },
        Case {
            name: "reject a transaction",
            seed: transaction,
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client
                        .transactions()
                        .reject(id)
                        .reject_labels(["SANCTIONS"])
                        .reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.outcome()))
                })
            },
            reply: "Rejected",
            state: "completed RED",
            is_dated: true,
            otherwise: Some((
                |client, id| {
                    Box::pin(async move {
                        Ok(client.transactions().approve(id).await?.review_status().to_string())
                    })
                },
                "superseded",
            )),
        },
        Case {
            name: "approve an applicant",
            seed: applicant,
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client
                        .applicants()
                        .approve(id)
                        .note("Checked by hand")
                        .reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.outcome()))
                })
            },
            reply: "Approved",
            state: "completed GREEN",
            is_dated: true,
            otherwise: Some((reject, "superseded")),
        },
        Case {
            name: "reject an applicant who was approved",
            seed: applicant,
            prepare: Some(approve),
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.applicants().reject(id, fraud()).reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.outcome()))
                })
            },
            reply: "Rejected",
            state: "completed RED FINAL",
            is_dated: true,
            otherwise: Some((approve, "superseded")),
        },
        Case {
            name: "return an applicant",
            seed: applicant,
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request =
                        client.applicants().return_to_init(id, more()).reconcile(reconcile);
                    Ok(request.await?.review_status().to_string())
                })
            },
            reply: "init",
            state: "init",
            is_dated: false,
            otherwise: Some((approve, "superseded")),
        },
    ]
}

suite!(client, cases());

#[tokio::test]
async fn a_reset_shows_only_where_it_has_not_happened() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let (sumsub, id) = (sandbox.sumsub(), sandbox.seed().applicant("completed"));
    clock.advance(Duration::from_secs(600));
    sandbox.fault(Fault::drop_before_commit());
    let error = sumsub.applicants().reset(&id).await.unwrap_err();
    assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, "not applied");
    // Someone decides in between.
    reject(sumsub.clone(), id.to_string()).await.unwrap();
    assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, "superseded");
    sandbox.fault(Fault::drop_after_commit());
    let error = sumsub.applicants().reset(&id).await.unwrap_err();
    assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, "inconclusive");

    let requests = sandbox.requests();
    sandbox.fault(Fault::drop_after_commit());
    let error = sumsub.applicants().reset_step(&id, "IDENTITY").await.unwrap_err();
    assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, "inconclusive");
    // It reads nothing.
    assert_eq!(sandbox.requests(), requests + 1);
}

/// The review answer is part of the method's name or an argument of it.
#[tokio::test]
async fn a_review_tells_the_answer_that_it_was_given() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let (sumsub, id) = (sandbox.sumsub(), sandbox.seed().transaction());
    for (fault, green, red) in [
        (Fault::drop_before_commit(), "not applied", "not applied"),
        (Fault::drop_after_commit(), "applied", "superseded"),
    ] {
        sandbox.fault(fault);
        let error: Error =
            sumsub.transactions().review(&id, ReviewAnswerDecision::Green).await.unwrap_err();
        assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, green);
        sandbox.fault(Fault::drop_before_commit());
        let error = sumsub.transactions().review(&id, "RED").await.unwrap_err();
        assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, red);
    }
}

#[tokio::test]
async fn what_a_review_shows_in_each_state() {
    const ID: &str = "5f0000000000000000000001";
    let (server, clock) = mock().await;
    let builder = Sumsub::builder().app_token("sbx:t").secret_key("k").base_url(server.base_url());
    let sumsub = builder.clock(clock).build().unwrap();
    let (now, old) = ("2026-01-01 01:00:00+0000", "2025-12-31 23:00:00+0000");
    let completed = |answer: &str, kind: &str, date: &str| {
        json!({
            "reviewStatus": "completed", "reviewDate": date,
            "reviewResult": { "reviewAnswer": answer, "reviewRejectType": kind }
        })
    };
    let status = |status: &str| json!({ "reviewStatus": status, "createDate": now });
    let untyped = json!({
        "reviewStatus": "completed", "reviewDate": now, "reviewResult": { "reviewAnswer": "RED" }
    });
    let undated =
        json!({ "reviewStatus": "completed", "reviewResult": { "reviewAnswer": "GREEN" } });
    // An earlier review answer does not count.
    let awaiting =
        json!({ "reviewStatus": "awaitingService", "reviewResult": { "reviewAnswer": "GREEN" } });
    for (review, transaction, approve, reject, back, reset) in [
        (
            completed("GREEN", "", now),
            "applied",
            "applied",
            "superseded",
            "superseded",
            "superseded",
        ),
        (
            completed("GREEN", "", old),
            "already applied",
            "already applied",
            "not applied",
            "not applied",
            "not applied",
        ),
        (
            completed("RED", "FINAL", now),
            "superseded",
            "superseded",
            "applied",
            "superseded",
            "superseded",
        ),
        (
            completed("RED", "RETRY", now),
            "superseded",
            "superseded",
            "superseded",
            "superseded",
            "superseded",
        ),
        (
            completed("RED", "RETRY", old),
            "not applied",
            "not applied",
            "not applied",
            "not applied",
            "not applied",
        ),
        (untyped, "superseded", "inconclusive", "inconclusive", "superseded", "superseded"),
        (undated, "applied", "applied", "inconclusive", "inconclusive", "inconclusive"),
        (
            json!({ "reviewStatus": "completed" }),
            "inconclusive",
            "inconclusive",
            "inconclusive",
            "inconclusive",
            "inconclusive",
        ),
        (awaiting, "not applied", "not applied", "not applied", "inconclusive", "not applied"),
        (status("init"), "not applied", "not applied", "not applied", "applied", "inconclusive"),
        (
            status("onHold"),
            "not applied",
            "not applied",
            "not applied",
            "not applied",
            "not applied",
        ),
        (
            status("awaitingUser"),
            "not applied",
            "not applied",
            "not applied",
            "inconclusive",
            "not applied",
        ),
        (
            status("pending"),
            "not applied",
            "not applied",
            "not applied",
            "inconclusive",
            "inconclusive",
        ),
        (
            status("prechecked"),
            "not applied",
            "not applied",
            "not applied",
            "inconclusive",
            "inconclusive",
        ),
        (
            status("queued"),
            "not applied",
            "not applied",
            "not applied",
            "inconclusive",
            "inconclusive",
        ),
        (
            status("fromTheFuture"),
            "inconclusive",
            "inconclusive",
            "inconclusive",
            "inconclusive",
            "inconclusive",
        ),
        (json!({}), "inconclusive", "inconclusive", "inconclusive", "inconclusive", "inconclusive"),
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
                when.method(GET).path(format!("/resources/applicants/{ID}/status"));
                then.status(200).json_body(review.clone());
            })
            .await;
        server
            .mock_async(|when, then| {
                when.method(GET).path(format!("/resources/kyt/txns/{ID}/one"));
                then.status(200).json_body(json!({ "id": ID, "review": review.clone() }));
            })
            .await;
        server
            .mock_async(|when, then| {
                when.method(GET).path(format!("/resources/applicantActions/{ID}/one"));
                then.status(200).json_body(json!({ "id": ID, "review": review.clone() }));
            })
            .await;
        let (transactions, applicants, actions) =
            (sumsub.transactions(), sumsub.applicants(), sumsub.actions());
        for (name, error, expected) in [
            ("transaction", transactions.approve(ID).await.unwrap_err(), transaction),
            ("approve", applicants.approve(ID).await.unwrap_err(), approve),
            ("reject", applicants.reject(ID, fraud()).await.unwrap_err(), reject),
            ("return", applicants.return_to_init(ID, more()).await.unwrap_err(), back),
            ("reset", applicants.reset(ID).await.unwrap_err(), reset),
            ("approve an action", actions.approve(ID).await.unwrap_err(), approve),
            ("reject an action", actions.reject(ID, fraud()).await.unwrap_err(), reject),
        ] {
            let reconciled = sumsub.reconcile(&error).await.unwrap();
            assert_eq!(told(&reconciled).0, expected, "{name}: {review}");
        }
    }
}

#[tokio::test]
async fn a_subject_without_a_review_cannot_be_told() {
    let (server, clock) = mock().await;
    let builder = Sumsub::builder().app_token("sbx:t").secret_key("k").base_url(server.base_url());
    let sumsub = builder.clock(clock).build().unwrap();
    server
        .mock_async(|when, then| {
            when.method(POST);
            then.status(502);
        })
        .await;
    server
        .mock_async(|when, then| {
            when.method(GET);
            then.status(200).json_body(json!({ "id": "t1" }));
        })
        .await;
    for error in [
        sumsub.transactions().approve("t1").await.unwrap_err(),
        sumsub.actions().approve("t1").await.unwrap_err(),
    ] {
        assert_eq!(told(&sumsub.reconcile(&error).await.unwrap()).0, "inconclusive");
    }
}
