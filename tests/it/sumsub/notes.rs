//! The notes of a transaction.

use httpmock::Method::{DELETE, GET, PATCH, POST};
use kyc_review::ErrorKind;
use serde_json::{Value, json};

use super::{TXN, client, is_exactly};
use crate::support::mock;

const NOTES: &str = "/resources/kyt/txns/notes";

fn note() -> Value {
    json!({
        "id": "n1", "txnId": TXN, "note": "Ada called", "tags": ["Reviewed"],
        "createdAt": "2024-07-09 05:11:41+0000",
        "createdBy": "ada@example.test", "new_member": {}
    })
}

#[tokio::test]
async fn a_note_is_added_with_and_without_tags() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    for (request, body) in [
        (
            transactions.add_note(TXN).note("Ada called"),
            r#"{"note":"Ada called","txnId":"631f268442d8290001e1eee8"}"#,
        ),
        (
            transactions
                .add_note(TXN)
                .note("Ada called")
                .tags(vec!["a".to_owned(), "b".to_owned()]),
            r#"{"note":"Ada called","tags":["a","b"],"txnId":"631f268442d8290001e1eee8"}"#,
        ),
    ] {
        let shown = format!("{request:?}");
        assert!(!shown.contains("Ada") && !shown.contains(TXN), "{shown}");
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .header("content-type", "application/json")
                    .is_true(move |request| is_exactly(request, NOTES, body));
                then.status(200).json_body(note());
            })
            .await;
        let reply = request.await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
        assert_eq!(
            (reply.id.as_str(), reply.note.as_ref().unwrap().expose().as_str()),
            ("n1", "Ada called")
        );
        assert_eq!(reply.created_at.as_ref().unwrap().as_str(), "2024-07-09 05:11:41+0000");
        let shown = format!("{reply:?}");
        assert!(!shown.contains("Ada") && !shown.contains("ada@"), "{shown}");
    }
}

#[tokio::test]
async fn a_note_is_updated_and_removed() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    let update = server
        .mock_async(|when, then| {
            when.method(PATCH).header("content-type", "application/json").is_true(|request| {
                let body = concat!(
                    r#"{"id":"n1","note":"Ada wrote","tags":["a"],"#,
                    r#""txnId":"631f268442d8290001e1eee8"}"#
                );
                is_exactly(request, NOTES, body)
            });
            then.status(200).json_body(note());
        })
        .await;
    assert_eq!(
        transactions.update_note(TXN).id("n1").note("Ada wrote").tags(["a"]).await.unwrap().id,
        "n1"
    );
    update.assert_async().await;

    let remove = server
        .mock_async(|when, then| {
            when.method(DELETE).header("content-type", "application/json").is_true(|request| {
                is_exactly(request, NOTES, r#"{"id":"n1","txnId":"631f268442d8290001e1eee8"}"#)
            });
            then.status(200).body("{\n  \"ok\" : 1\n}");
        })
        .await;
    assert!(transactions.remove_note(TXN).id("n1").await.unwrap().is_ok());
    remove.assert_async().await;
}

#[tokio::test]
async fn notes_are_read_from_every_container() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    for (body, count, total) in [
        (json!({ "list": { "items": [note(), { "id": "n2" }], "totalItems": 2 } }), 2, Some(2)),
        (json!({ "items": [note()], "totalItems": 1, "pageInfo": {} }), 1, Some(1)),
        (json!({ "list": { "items": [] }, "new_member": 1 }), 0, None),
        (json!([note()]), 1, None),
        (json!({ "list": {} }), 0, None),
        (json!({ "list": [note()] }), 1, None),
        (json!({ "totalItems": 0 }), 0, Some(0)),
        (json!({ "items": null, "totalItems": 0 }), 0, Some(0)),
        (json!({}), 0, None),
        (json!(null), 0, None),
    ] {
        let answer = body.clone();
        let call = server
            .mock_async(|when, then| {
                when.method(GET).header_missing("content-type").is_true(|request| {
                    is_exactly(request, &format!("/resources/kyt/txns/{TXN}/notes"), "")
                });
                then.status(200).json_body(answer);
            })
            .await;
        let page =
            transactions.list_notes(TXN).await.unwrap_or_else(|error| panic!("{body}: {error}"));
        call.assert_async().await;
        call.delete_async().await;
        assert_eq!((page.items.len(), page.total, &page.next), (count, total, &None), "{body}");
        assert!(!format!("{page:?}").contains("Ada"), "{page:?}");
    }
    for body in [
        json!({ "error": "Ada" }),
        json!("Ada"),
        json!([1]),
        json!([{}]),
        json!({ "items": "Ada" }),
        json!({ "list": 1 }),
    ] {
        let answer = body.clone();
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200).json_body(answer);
            })
            .await;
        let error = transactions.list_notes(TXN).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Decode, Some("list_transaction_notes")),
            "{body}"
        );
        assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (1, 200));
        assert_eq!(serde_json::from_slice::<Value>(error.raw_body().unwrap()).unwrap(), body);
        assert!(!format!("{error} {error:?}").contains("Ada"));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn bad_arguments_are_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    for (error, note) in [
        (transactions.add_note(TXN).await.unwrap_err(), "`note` is not set"),
        (
            transactions.add_note(TXN).note(" \n").await.unwrap_err(),
            "invalid `note`: must not be empty",
        ),
        (
            transactions.add_note(" ").note("x").await.unwrap_err(),
            "invalid `txnId`: must not be empty",
        ),
        (
            transactions.add_note(TXN).note("x").tags([""]).await.unwrap_err(),
            "invalid `tags.*`: must not be empty",
        ),
        (transactions.update_note(TXN).note("x").await.unwrap_err(), "`id` is not set"),
        (
            transactions.update_note(TXN).id("").note("x").await.unwrap_err(),
            "invalid `id`: must not be empty",
        ),
        (
            transactions.update_note(TXN).id("n1").note("").await.unwrap_err(),
            "invalid `note`: must not be empty",
        ),
        (
            transactions.update_note(TXN).id("n1").note("x").tags(["a", " "]).await.unwrap_err(),
            "invalid `tags.*`: must not be empty",
        ),
        (transactions.remove_note(TXN).await.unwrap_err(), "`id` is not set"),
        (
            transactions.remove_note(TXN).id(" ").await.unwrap_err(),
            "invalid `id`: must not be empty",
        ),
        (
            transactions.remove_note("").id("n1").await.unwrap_err(),
            "invalid `txnId`: must not be empty",
        ),
        (
            transactions.list_notes("a\\b").await.unwrap_err(),
            "invalid `id`: TransactionId must not contain `/`, `\\`, `?` or `#`",
        ),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{note}");
        assert!(error.to_string().ends_with(&format!("invalid argument: {note}")), "{error}");
    }
}
