//! Transactions: get, approve, reject; tags.

use httpmock::Method::{DELETE, GET, POST};
use kyc_review::sumsub::Outcome;
use kyc_review::sumsub::types::{KytRuleAction, KytTxn, RejectLabel, ReviewAnswer, ReviewStatus};
use kyc_review::{ErrorKind, Timestamp};
use serde_json::{Value, json};

use super::{TOKEN, TXN, client, is_exactly, review, transaction};
use crate::support::mock;

#[tokio::test]
async fn get_reads_a_whole_transaction() {
    let (server, clock) = mock().await;
    let answer = transaction(review("onHold", json!(null)));
    let sent = answer.clone();
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .header("x-app-token", TOKEN)
                .header("x-app-access-ts", "1767225600")
                .header("accept", "application/json")
                .header("user-agent", concat!("kyc-review/", env!("CARGO_PKG_VERSION")))
                .header_missing("content-type")
                .header_missing("api-version")
                .header_missing("authorization")
                .header_missing("idempotency-key")
                .is_true(|request| {
                    is_exactly(request, &format!("/resources/kyt/txns/{TXN}/one"), "")
                });
            then.status(200).header("content-type", "text/plain").body(sent.to_string());
        })
        .await;
    let reply = client(&server, clock).transactions().get(TXN).await.unwrap();
    call.assert_async().await;

    assert_eq!((reply.id.as_str(), reply.attempts(), reply.status_code().as_u16()), (TXN, 1, 200));
    let data = reply.data.as_ref().unwrap();
    assert_eq!(data.type_.as_ref().unwrap().as_str(), "a_type_from_the_future");
    let info = data.info.as_ref().unwrap();
    assert_eq!(
        (info.amount, info.amount_in_default_currency, info.mcc),
        (Some(0.000_000_01), Some(10.0), None)
    );
    let scoring = reply.scoring_result.as_ref().unwrap();
    assert_eq!(*scoring.action.as_ref().unwrap(), "an_action_from_the_future");
    assert_eq!(scoring.matched_rules.as_ref().unwrap()[0].action, Some(KytRuleAction::OnHold));
    let tags = reply.typed_tags.as_ref().unwrap();
    assert_eq!(
        (tags[0].label.as_str(), tags[1].type_.as_ref().unwrap().as_str()),
        ("Structuring", "from_the_future")
    );
    let device = data.applicant.as_ref().unwrap().device.as_ref().unwrap();
    assert_eq!(device.coords.as_ref().unwrap().accuracy.as_ref().unwrap().expose(), &json!("12"));

    // The exact bytes keep what the types do not know, and the printed form shows no
    // person.
    assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), answer);
    let shown = format!("{reply:?} {reply:#?}");
    for canary in
        ["Ada", "Ben", "1990-05-15", "400000xxxxxx0000", "0xEXAMPLE", "242.1.1", "Berlin", "\"17\""]
    {
        assert!(!shown.contains(canary), "{canary} in {shown}");
    }
}

/// `3dsUsed` and `2faUsed` are not Rust names.
#[test]
fn members_that_begin_with_a_digit_are_read_and_written_back() {
    let read: KytTxn = serde_json::from_value(transaction(review("onHold", json!(null)))).unwrap();
    let data = read.data.as_ref().unwrap();
    let method = data.applicant.as_ref().unwrap().payment_method.as_ref().unwrap();
    assert_eq!((method.x3ds_used, method.x2fa_used), (Some(true), Some(false)));
    let counterparty = data.counterparty.as_ref().unwrap().payment_method.as_ref().unwrap();
    assert_eq!((counterparty.x3ds_used, counterparty.x2fa_used), (None, None));
    let written = serde_json::to_value(&read).unwrap();
    let method = written.pointer("/data/applicant/paymentMethod").unwrap();
    assert_eq!(
        method,
        &json!({ "type": "", "accountId": "400000xxxxxx0000", "3dsUsed": true, "2faUsed": false })
    );
}

#[test]
fn every_style_of_date_is_the_same_instant_and_keeps_its_text() {
    let styles = ["2024-07-09 05:11:41+0000", "2024-07-09 05:11:41", "2024-07-09 05:11:41.000"];
    let read = |text: &str| -> KytTxn {
        let review = json!({ "createDate": text, "reviewDate": text, "startDate": text });
        serde_json::from_value(
            json!({ "id": TXN, "createdAt": text, "review": review, "data": { "txnDate": text } }),
        )
        .unwrap()
    };
    let first = read(styles[0]).created_at.unwrap();
    for style in styles {
        let transaction = read(style);
        let review = transaction.review.as_ref().unwrap();
        let data = transaction.data.as_ref().unwrap();
        for date in [
            &transaction.created_at,
            &review.create_date,
            &review.review_date,
            &review.start_date,
            &data.txn_date,
        ] {
            let date = date.as_ref().unwrap();
            assert_eq!((date, date.as_str()), (&first, style));
            assert_eq!(date.instant().unwrap().timestamp(), 1_720_501_901);
        }
        let written = serde_json::to_value(&transaction).unwrap();
        assert_eq!(
            (&written["createdAt"], &written["review"]["createDate"]),
            (&json!(style), &json!(style))
        );
    }
    let later: Timestamp = "2024-07-09 05:11:41.546".parse().unwrap();
    let elsewhere: Timestamp = "2024-07-09 08:11:41+0300".parse().unwrap();
    assert!(first < later && elsewhere == first);
}

#[test]
fn an_answer_counts_only_once_the_review_is_completed() {
    let read = |review: Value| -> KytTxn {
        serde_json::from_value(json!({ "id": TXN, "review": review })).unwrap()
    };
    for (status, result, outcome) in [
        ("completed", json!({ "reviewAnswer": "GREEN" }), Outcome::Approved),
        ("completed", json!({ "reviewAnswer": "RED" }), Outcome::Rejected),
        (
            "completed",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "FINAL" }),
            Outcome::Rejected,
        ),
        (
            "completed",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "RETRY" }),
            Outcome::Resubmission,
        ),
        (
            "completed",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "A_NEW_ONE" }),
            Outcome::Rejected,
        ),
        ("completed", json!({ "reviewAnswer": "YELLOW" }), Outcome::Undetermined),
        ("completed", json!({ "reviewAnswer": "PURPLE" }), Outcome::Undetermined),
        ("completed", json!(null), Outcome::Undetermined),
        ("onHold", json!({ "reviewAnswer": "GREEN" }), Outcome::Pending),
        ("awaitingService", json!({ "reviewAnswer": "GREEN" }), Outcome::Pending),
        (
            "awaitingUser",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "FINAL" }),
            Outcome::Pending,
        ),
        ("a_status_from_the_future", json!({ "reviewAnswer": "GREEN" }), Outcome::Pending),
    ] {
        let transaction = read(review(status, result.clone()));
        let shown = format!("{status} {result}");
        assert_eq!(transaction.outcome(), outcome, "{shown}");
        assert_eq!(transaction.is_approved(), outcome == Outcome::Approved, "{shown}");
        assert_eq!(transaction.is_rejected(), outcome == Outcome::Rejected, "{shown}");
        assert_eq!(*transaction.review_status(), status);
        let wanted = result["reviewAnswer"].as_str().filter(|_| status == "completed");
        assert_eq!(transaction.review_answer().map(ReviewAnswer::as_str), wanted, "{shown}");
    }
    let bare = read(json!(null));
    assert_eq!(
        (bare.outcome(), bare.review_status().as_str(), bare.review_answer()),
        (Outcome::Pending, "", None)
    );
    let no_status = read(json!({ "reviewResult": { "reviewAnswer": "GREEN" } }));
    assert_eq!((no_status.outcome(), no_status.review_answer()), (Outcome::Pending, None));
}

#[tokio::test]
async fn approve_posts_green_and_nothing_else() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST)
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header_missing("api-version")
                .is_true(|request| {
                    let target = format!("/resources/kyt/txns/{TXN}/review/status/completed");
                    is_exactly(request, &target, r#"{"reviewAnswer":"GREEN"}"#)
                });
            then.status(200)
                .json_body(transaction(review("completed", json!({ "reviewAnswer": "GREEN" }))));
        })
        .await;
    let reply = client(&server, clock).transactions().approve(TXN).await.unwrap();
    call.assert_async().await;
    assert!(reply.is_approved() && !reply.is_rejected());
    assert_eq!(reply.review_status(), &ReviewStatus::Completed);
    assert_eq!(reply.review_answer(), Some(&ReviewAnswer::Green));
}

#[tokio::test]
async fn reject_posts_red_with_labels_and_comment_where_given() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    let target = format!("/resources/kyt/txns/{TXN}/review/status/completed");
    for (request, body) in [
        (transactions.reject(TXN), r#"{"reviewAnswer":"RED"}"#),
        (
            transactions.reject(TXN).reject_labels([] as [RejectLabel; 0]),
            r#"{"rejectLabels":[],"reviewAnswer":"RED"}"#,
        ),
        (
            transactions
                .reject(TXN)
                .reject_labels([RejectLabel::Sanctions, RejectLabel::from("A_NEW_LABEL")])
                .client_comment("Ada is known"),
            r#"{"clientComment":"Ada is known","rejectLabels":["SANCTIONS","A_NEW_LABEL"],"reviewAnswer":"RED"}"#,
        ),
    ] {
        assert!(!format!("{request:?}").contains("Ada"), "{request:?}");
        let wanted = target.clone();
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .header("content-type", "application/json")
                    .is_true(move |request| is_exactly(request, &wanted, body));
                let result = json!({
                    "reviewAnswer": "RED", "rejectLabels": ["SANCTIONS"],
                    "clientComment": "Ada is known"
                });
                then.status(200).json_body(transaction(review("completed", result)));
            })
            .await;
        let reply = request.await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
        assert!(reply.is_rejected() && !reply.is_approved());
        assert!(!format!("{reply:?}").contains("Ada"));
    }
}

#[cfg(feature = "unconfirmed")]
#[tokio::test]
async fn reject_can_carry_what_no_page_confirms() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST).json_body(json!({
                "reviewAnswer": "RED", "reviewRejectType": "FINAL",
                "moderationComment": "Ada, sorry"
            }));
            then.status(200)
                .json_body(transaction(review("completed", json!({ "reviewAnswer": "RED" }))));
        })
        .await;
    let request = client(&server, clock)
        .transactions()
        .reject(TXN)
        .review_reject_type("FINAL")
        .moderation_comment("Ada, sorry");
    assert!(!format!("{request:?}").contains("Ada"));
    request.await.unwrap();
    call.assert_async().await;
}

#[tokio::test]
async fn tags_are_listed_added_and_removed() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    let target = format!("/resources/kyt/txns/{TXN}/tags");
    let tags = json!([
        { "label": "Structuring", "type": "userDefined", "new": 1 },
        { "label": "Odd", "type": null }
    ]);
    for (name, method, body) in [
        ("list", GET, ""),
        ("add", POST, r#"["Structuring","Odd"]"#),
        ("remove", DELETE, r#"["Structuring","Odd"]"#),
    ] {
        let (wanted, answer) = (target.clone(), tags.clone());
        let call = server
            .mock_async(|when, then| {
                when.method(method).is_true(move |request| is_exactly(request, &wanted, body));
                then.status(200).json_body(answer);
            })
            .await;
        let tags = match name {
            "list" => transactions.list_tags(TXN).await.unwrap().into_inner().items,
            "add" => transactions.add_tags(TXN, ["Structuring", "Odd"]).await.unwrap().into_inner(),
            _ => {
                transactions
                    .remove_tags(TXN, ["Structuring", "Odd"])
                    .await
                    .unwrap()
                    .into_inner()
                    .items
            }
        };
        call.assert_async().await;
        let labels: Vec<String> = tags.into_iter().map(|tag| tag.label).collect();
        assert_eq!(labels, ["Structuring", "Odd"]);
    }
}

#[tokio::test]
async fn an_empty_answer_means_no_tags() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    for (status, body) in [(200, ""), (200, "\r\n"), (204, ""), (200, "[]"), (200, "null")] {
        let call = server
            .mock_async(|when, then| {
                when.path(format!("/resources/kyt/txns/{TXN}/tags"));
                then.status(status).body(body);
            })
            .await;
        let listed = transactions.list_tags(TXN).await.unwrap();
        assert_eq!(
            (listed.items.len(), listed.attempts(), listed.status_code().as_u16()),
            (0, 1, status),
            "{status} {body:?}"
        );
        assert_eq!(listed.raw(), body.as_bytes());
        assert_eq!(
            transactions.remove_tags(TXN, ["a"]).await.unwrap().items.len(),
            0,
            "{status} {body:?}"
        );
        call.delete_async().await;
    }
    // A body that is not a list of tags is not taken for an empty one.
    for body in ["<html></html>", "[{}]", "{\"ok\":1}", "\"text\"", "[", "{\"items\":{}}"] {
        let call = server
            .mock_async(|when, then| {
                when.path(format!("/resources/kyt/txns/{TXN}/tags"));
                then.status(200).body(body);
            })
            .await;
        for error in [
            transactions.list_tags(TXN).await.unwrap_err(),
            transactions.add_tags(TXN, ["a"]).await.unwrap_err(),
            transactions.remove_tags(TXN, ["a"]).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.kind(), error.raw_body()),
                (ErrorKind::Decode, Some(body.as_bytes())),
                "{body}"
            );
        }
        call.delete_async().await;
    }
}

#[tokio::test]
async fn bad_arguments_are_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    let nothing: [&str; 0] = [];
    for (error, note) in [
        (
            transactions.get("..").await.unwrap_err(),
            "invalid `id`: TransactionId must not be a dot segment",
        ),
        (
            transactions.approve("a/b").await.unwrap_err(),
            "invalid `id`: TransactionId must not contain `/`, `\\`, `?` or `#`",
        ),
        (
            transactions.reject(" ").await.unwrap_err(),
            "invalid `id`: TransactionId must not be empty",
        ),
        (
            transactions.reject(TXN).reject_labels([""]).await.unwrap_err(),
            "invalid item of `rejectLabels`: must not be empty",
        ),
        (transactions.add_tags(TXN, nothing).await.unwrap_err(), "must have at least one item"),
        (transactions.add_tags(TXN, ["a", " "]).await.unwrap_err(), "must not be empty"),
        (transactions.remove_tags(TXN, nothing).await.unwrap_err(), "must have at least one item"),
        (
            transactions.list_tags("a?b").await.unwrap_err(),
            "invalid `id`: TransactionId must not contain `/`, `\\`, `?` or `#`",
        ),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{note}");
        let shown = error.to_string();
        assert!(shown.contains(": invalid argument: ") && shown.ends_with(note), "{error}");
    }
}
