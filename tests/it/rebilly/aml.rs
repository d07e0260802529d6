//! AML checks: the request of a review, and what a check shows of one whose response was
//! lost.

use httpmock::Method::{GET, POST};
use httpmock::MockServer;
use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::resources::AmlChecks;
use kyc_review::rebilly::types::{AmlCheck, AmlCheckReviewStatus, AmlCheckStatus};
use kyc_review::{Error, ErrorKind, Reconcile, Reconciled, Reply, Vendor};
use serde_json::{Value, json};

use super::client;
use crate::support::mock;

const ID: &str = "aml_TEST0000000000000000000000001";
const BASE: &str = "/organizations/org_TEST/aml-checks";

/// A check in the vendor's format, claimed and not yet decided.
fn check(changes: Value) -> Value {
    let mut check = json!({
        "id": ID, "customer": { "id": "cus_TEST01" }, "status": "in-review", "source": "sign-up",
        "reviewerId": "usr_TEST01", "reviewerName": "Ada Reviewer", "reviewerType": "person",
        "reviewStartTime": "2026-01-01T00:00:10Z", "reviewTime": null, "tags": [],
        "createdTime": "2025-12-31T10:00:00Z", "updatedTime": "2026-01-01T00:00:10Z",
        "priority": "p1", "hits": [], "memberOfTheFuture": [null]
    });
    let changes = changes.as_object().unwrap().clone();
    check.as_object_mut().unwrap().extend(changes);
    check
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Claim,
    Release,
    FalsePositive,
    ConfirmedMatch,
}

const ACTIONS: [Action; 4] =
    [Action::Claim, Action::Release, Action::FalsePositive, Action::ConfirmedMatch];

impl Action {
    fn path(self) -> String {
        let action = match self {
            Self::Claim => "start-review",
            Self::Release => "stop-review",
            Self::FalsePositive | Self::ConfirmedMatch => "review",
        };
        format!("{BASE}/{ID}/{action}")
    }

    fn body(self) -> Option<Value> {
        match self {
            Self::Claim | Self::Release => None,
            Self::FalsePositive => Some(json!({ "status": "false-positive" })),
            Self::ConfirmedMatch => Some(json!({ "status": "confirmed-match" })),
        }
    }

    async fn send(self, checks: &AmlChecks, reconcile: bool) -> Result<Reply<AmlCheck>, Error> {
        match self {
            Self::Claim => checks.start_review(ID).reconcile(reconcile).await,
            Self::Release => checks.stop_review(ID).reconcile(reconcile).await,
            Self::FalsePositive => checks.review(ID).false_positive().reconcile(reconcile).await,
            Self::ConfirmedMatch => checks.review(ID).confirmed_match().reconcile(reconcile).await,
        }
    }
}

#[tokio::test]
async fn a_review_sends_its_verdict_and_the_others_nothing() {
    let (server, clock) = mock().await;
    let checks = client(&server, clock).aml_checks();
    for action in ACTIONS {
        let call = server
            .mock_async(|when, then| {
                let when =
                    when.method(POST).path(action.path()).header("reb-apikey", "sk_sandbox_1");
                match action.body() {
                    Some(body) => when.header("content-type", "application/json").json_body(body),
                    None => when
                        .header_missing("content-type")
                        .is_true(|request| request.body().is_empty()),
                };
                then.status(201).header("x-ratelimit-limit", "3000").json_body(check(json!({})));
            })
            .await;
        let reply = action.send(&checks, false).await.unwrap();
        call.assert_async().await;
        assert_eq!((reply.id.as_str(), reply.attempts()), (ID, 1), "{action:?}");
        assert_eq!(reply.status, Some(AmlCheckStatus::InReview));
        assert_eq!(reply.rate_limit().unwrap().limit, Some(3000));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_review_without_a_verdict_is_refused_before_any_io() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|_, then| {
            then.status(201).json_body(check(json!({})));
        })
        .await;
    let checks = client(&server, clock).aml_checks();
    for request in [
        checks.review(ID),
        checks.review(ID).status(""),
        checks.review(ID).status(" "),
        checks.review(ID).status(AmlCheckReviewStatus::from("")),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{error}");
        assert!(error.to_string().contains("`status`"), "{error}");
    }
    for id in ["", "..", "a/b"] {
        let error = checks.review(id).false_positive().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id}");
    }
    assert_eq!(call.calls_async().await, 0);
    // The last call of a setter counts, and an unknown value is sent.
    for (request, status) in [
        (checks.review(ID).false_positive().confirmed_match(), "confirmed-match"),
        (checks.review(ID).status("a-verdict-of-the-future"), "a-verdict-of-the-future"),
    ] {
        call.delete_async().await;
        let call = server
            .mock_async(|when, then| {
                when.method(POST).json_body(json!({ "status": status }));
                then.status(201).json_body(check(json!({})));
            })
            .await;
        request.await.unwrap();
        call.delete_async().await;
    }
}

/// The outcome of a call whose response was lost, according to the check as it is read
/// back.
async fn told(
    server: &MockServer,
    rebilly: &Rebilly,
    action: Action,
    shown: Value,
) -> &'static str {
    let lost = server
        .mock_async(|when, then| {
            when.method(POST).path(action.path());
            then.status(502);
        })
        .await;
    let read = server
        .mock_async(|when, then| {
            when.method(GET).path(format!("{BASE}/{ID}"));
            then.status(200).json_body(shown);
        })
        .await;
    let error = action.send(&rebilly.aml_checks(), false).await.unwrap_err();
    assert!(error.is_outcome_unknown() && error.subject() == Some(ID), "{error}");
    assert_eq!(lost.calls_async().await, 1);
    let reconciled = rebilly.reconcile(&error).await.unwrap();
    assert!(read.calls_async().await > 0);
    lost.delete_async().await;
    read.delete_async().await;
    match reconciled {
        Reconciled::Applied(state) => {
            assert_eq!(state.vendor, Vendor::Rebilly);
            "applied"
        }
        Reconciled::AlreadyApplied(_) => "before",
        Reconciled::NotApplied(_) => "not applied",
        Reconciled::Superseded(_) => "superseded",
        _ => "inconclusive",
    }
}

#[tokio::test]
async fn a_check_shows_what_became_of_a_call() {
    use Action::{Claim, ConfirmedMatch, FalsePositive, Release};
    // The call begins at midnight; no one has looked at the check, or only long before.
    const LONG_AGO: &str = "2025-12-31T12:00:00Z";
    const SINCE: &str = "2026-01-01T00:00:10Z";
    const LATER: &str = "2026-01-01T00:00:20Z";
    let untouched = || {
        json!({
            "status": "pending-review", "reviewerId": null, "reviewerName": null,
            "reviewStartTime": null
        })
    };
    let reviewed = |status: &str, start: Value, time: &str| {
        json!({
            "status": status, "reviewStartTime": start, "reviewTime": time
        })
    };
    // The vendor's automatic check decides without a review.
    let by_machine = |status: &str| {
        json!({
            "status": status, "reviewerId": null, "reviewerName": "bot", "reviewerType": "bot",
            "reviewStartTime": null
        })
    };
    for (action, shown, word) in [
        (Claim, untouched(), "not applied"),
        (Claim, json!({}), "applied"),
        (Claim, json!({ "reviewStartTime": LONG_AGO }), "before"),
        (Claim, reviewed("false-positive", json!(SINCE), LATER), "superseded"),
        (Claim, reviewed("false-positive", json!(null), SINCE), "superseded"),
        (Claim, reviewed("false-positive", json!(LONG_AGO), LONG_AGO), "not applied"),
        (Claim, reviewed("false-positive", json!(SINCE), LONG_AGO), "applied"),
        (Release, untouched(), "applied"),
        (Release, json!({}), "superseded"),
        (Release, json!({ "reviewStartTime": LONG_AGO }), "not applied"),
        (Release, reviewed("false-positive", json!(LONG_AGO), SINCE), "superseded"),
        (Release, reviewed("in-review", json!(SINCE), LONG_AGO), "superseded"),
        (FalsePositive, untouched(), "not applied"),
        (FalsePositive, json!({}), "not applied"),
        (FalsePositive, by_machine("false-positive"), "not applied"),
        (FalsePositive, by_machine("no-match"), "not applied"),
        (FalsePositive, reviewed("false-positive", json!(SINCE), LATER), "applied"),
        (FalsePositive, reviewed("false-positive", json!(LONG_AGO), LONG_AGO), "before"),
        (FalsePositive, reviewed("confirmed-match", json!(SINCE), LATER), "superseded"),
        (FalsePositive, reviewed("confirmed-match", json!(LONG_AGO), LONG_AGO), "not applied"),
        (FalsePositive, reviewed("a-status-of-the-future", json!(null), SINCE), "superseded"),
        (ConfirmedMatch, reviewed("confirmed-match", json!(null), SINCE), "applied"),
        (ConfirmedMatch, reviewed("false-positive", json!(null), SINCE), "superseded"),
    ] {
        let what = format!("{action:?} {shown}");
        let (server, clock) = mock().await;
        let rebilly = client(&server, clock);
        assert_eq!(told(&server, &rebilly, action, check(shown)).await, word, "{what}");
    }
}

#[tokio::test]
async fn a_lost_review_is_read_back_within_the_call() {
    let (server, clock) = mock().await;
    let checks = client(&server, clock).aml_checks();
    let lost = server
        .mock_async(|when, then| {
            when.method(POST).path(Action::FalsePositive.path());
            then.status(503);
        })
        .await;
    let shown = json!({ "status": "false-positive", "reviewTime": "2026-01-01T00:00:20Z" });
    let read = server
        .mock_async(|when, then| {
            when.method(GET).path(format!("{BASE}/{ID}"));
            then.status(200).json_body(check(shown));
        })
        .await;
    let reply = Action::FalsePositive.send(&checks, true).await.unwrap();
    assert_eq!(reply.status, Some(AmlCheckStatus::FalsePositive));
    assert_eq!((lost.calls_async().await, read.calls_async().await), (1, 1));
    assert!(Action::ConfirmedMatch.send(&checks, true).await.unwrap_err().is_outcome_unknown());
    assert_eq!(lost.calls_async().await, 2);
}
