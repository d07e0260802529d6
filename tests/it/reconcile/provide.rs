use std::sync::Arc;

use kyc_review::Reconcile;
use kyc_review::provide::Provide;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};

use super::{Case, Sent, suite, told};

fn client(sandbox: &Sandbox) -> Provide {
    sandbox.provide_builder().build().unwrap()
}

fn accept(client: Provide, id: String) -> Sent {
    Box::pin(async move { Ok(client.kyc_applications().accept(id).await?.status().to_string()) })
}

fn reject(client: Provide, id: String) -> Sent {
    Box::pin(async move { Ok(client.kyc_applications().reject(id).await?.status().to_string()) })
}

fn cases() -> Vec<Case<Provide>> {
    vec![
        Case {
            name: "accept",
            seed: |sandbox| sandbox.seed().kyc_application("remediate").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .kyc_applications()
                        .accept(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "accepted",
            state: "accepted",
            is_dated: false,
            otherwise: Some((reject, "inconclusive")),
        },
        Case {
            name: "reject",
            seed: |sandbox| sandbox.seed().kyc_application("review").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .kyc_applications()
                        .reject(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "rejected",
            state: "rejected",
            is_dated: false,
            otherwise: Some((accept, "inconclusive")),
        },
        Case {
            name: "mark for review",
            seed: |sandbox| sandbox.seed().kyc_application("submitted").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.kyc_applications().mark_for_review(id);
                    Ok(request.reconcile(reconcile).await?.status().to_string())
                })
            },
            reply: "review",
            state: "review",
            is_dated: false,
            otherwise: Some((accept, "inconclusive")),
        },
        Case {
            name: "remediate",
            seed: |sandbox| sandbox.seed().kyc_application("review").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    Ok(client
                        .kyc_applications()
                        .remediate(id)
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "remediate",
            state: "remediate",
            is_dated: false,
            otherwise: Some((reject, "inconclusive")),
        },
    ]
}

suite!(client, cases());

/// The vendor's own sequence: `pending` or `failed`, `submitted`, `review`, then a
/// decision or `remediate`.
#[tokio::test]
async fn only_a_status_that_must_come_first_proves_that_nothing_was_applied() {
    let all = [
        "pending",
        "failed",
        "submitted",
        "review",
        "remediate",
        "accepted",
        "rejected",
        "on-hold",
    ];
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    for (wanted, first) in [
        ("accepted", &all[..5]),
        ("rejected", &all[..5]),
        ("remediate", &all[..4]),
        ("review", &all[..3]),
        ("submitted", &[]),
        ("pending", &[]),
        ("failed", &[]),
        ("on-hold", &[]),
    ] {
        for found in all {
            let (provide, id) = (sandbox.provide(), sandbox.seed().kyc_application(found));
            sandbox.fault(Fault::drop_before_commit());
            let error = provide.kyc_applications().set_status(&id, wanted).await.unwrap_err();
            let expected = if found == wanted {
                "applied"
            } else if first.contains(&found) {
                "not applied"
            } else {
                "inconclusive"
            };
            let reconciled = provide.reconcile(&error).await.unwrap();
            assert_eq!(told(&reconciled).0, expected, "{wanted} was wanted, {found} is there");
        }
    }
}

#[tokio::test]
async fn a_status_that_is_set_is_told_as_well() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let (provide, id) = (sandbox.provide(), sandbox.seed().kyc_application("review"));
    for (fault, word) in
        [(Fault::drop_before_commit(), "not applied"), (Fault::drop_after_commit(), "applied")]
    {
        sandbox.fault(fault);
        let error =
            provide.kyc_applications().set_status(&id, "accepted").send().await.unwrap_err();
        assert_eq!(told(&provide.reconcile(&error).await.unwrap()).0, word);
    }
}
