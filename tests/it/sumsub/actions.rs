//! Actions: approve, reject, list; and transactions found by filters, page by page.

use httpmock::Method::{GET, POST};
use kyc_review::sumsub::{Outcome, RejectionReasons};
use serde_json::{Value, json};

use super::{APPLICANT, TXN, client, is_exactly, review, target};
use crate::support::mock;

const ACTION: &str = "63e096c51b6b4030f2e01155";

fn action(id: &str, review: Value) -> Value {
    json!({
        "id": id, "applicantId": APPLICANT, "externalActionId": "of-Ada", "review": review,
        "new_member": 1
    })
}

#[tokio::test]
async fn an_action_is_approved_with_an_empty_object_at_least() {
    let (server, clock) = mock().await;
    let actions = client(&server, clock).actions();
    for (request, body) in [
        (actions.approve(ACTION), "{}"),
        (actions.approve(ACTION).note("Ada"), r#"{"note":"Ada"}"#),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST).header("content-type", "application/json").is_true(
                    move |request| {
                        is_exactly(
                            request,
                            &format!("/resources/api/applicantActions/{ACTION}/-/approve"),
                            body,
                        )
                    },
                );
                let review = review("completed", json!({ "reviewAnswer": "GREEN" }));
                then.status(200).json_body(action(ACTION, review));
            })
            .await;
        let reply = request.await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
        assert!(reply.is_approved() && !format!("{reply:?}").contains("Ada"));
    }
}

#[tokio::test]
async fn an_action_is_rejected_with_reasons_by_group() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST).is_true(|request| {
                let body = r#"{"reasons":{"fraud":["documentForgery"]}}"#;
                is_exactly(
                    request,
                    &format!("/resources/api/applicantActions/{ACTION}/-/reject"),
                    body,
                )
            });
            let review =
                review("completed", json!({ "reviewAnswer": "RED", "reviewRejectType": "FINAL" }));
            then.status(200).json_body(action(ACTION, review));
        })
        .await;
    let reasons = RejectionReasons::new().reason("fraud", "documentForgery");
    let reply = client(&server, clock).actions().reject(ACTION, reasons).await.unwrap();
    call.assert_async().await;
    assert_eq!(reply.outcome(), Outcome::Rejected);
}

/// Both containers in the vendor's docs, with and without the total; past the end of the
/// list they hold no items.
#[tokio::test]
async fn actions_are_walked_in_either_container() {
    for is_nested in [true, false] {
        for has_total in [true, false] {
            let (server, clock) = mock().await;
            let call = server
                .mock_async(|when, then| {
                    when.method(GET).is_true(|request| {
                        target(request).starts_with(&format!(
                            "/resources/applicantActions/-;applicantId={APPLICANT}"
                        ))
                    });
                    then.respond_with(move |request| {
                        let query = request.uri().query().unwrap_or_default().to_owned();
                        let given = |name: &str| {
                            query
                                .split('&')
                                .find_map(|pair| pair.strip_prefix(name)?.parse::<usize>().ok())
                        };
                        let (offset, limit) =
                            (given("offset=").unwrap_or(0), given("limit=").unwrap());
                        let ids = (0..7).skip(offset).take(limit);
                        let items: Vec<Value> = ids
                            .map(|id| action(&format!("a{id}"), review("init", json!(null))))
                            .collect();
                        let mut container = json!({});
                        if !items.is_empty() {
                            container["items"] = json!(items);
                        }
                        if has_total {
                            container["totalItems"] = json!(7);
                        }
                        let body = if is_nested { json!({ "list": container }) } else { container };
                        httpmock::HttpMockResponse::builder()
                            .status(200)
                            .body(body.to_string())
                            .build()
                    });
                })
                .await;
            let actions = client(&server, clock).actions();
            let first = actions.list(APPLICANT).limit(3).await.unwrap();
            assert_eq!(
                (first.items.len(), first.total),
                (3, has_total.then_some(7)),
                "{is_nested} {has_total}"
            );
            let mut items = actions.list(APPLICANT).limit(3).items();
            let mut ids = Vec::new();
            while let Some(item) = items.try_next().await.unwrap() {
                ids.push(item.id);
            }
            assert_eq!(ids, ["a0", "a1", "a2", "a3", "a4", "a5", "a6"], "{is_nested} {has_total}");
            assert!(call.calls_async().await >= 4);
        }
    }
}

/// Semicolons and equals signs between filters stay as they are; those within a value are
/// encoded.
#[tokio::test]
async fn transactions_are_found_by_filters_in_the_path() {
    let (server, clock) = mock().await;
    let transactions = client(&server, clock).transactions();
    let list = json!({ "list": { "items": [{ "id": TXN }], "totalItems": 1 } });
    for (request, wanted) in [
        (transactions.find(), "/resources/kyt/txns/query/-"),
        (
            transactions
                .find()
                .transaction_type("finance")
                .from("2024-01-02 03:04:05")
                .filter("data.props.a", "b;c=d/e +ü")
                .limit(2)
                .order("-createdAt"),
            "/resources/kyt/txns/query/-;data.txnDate__gte=2024-01-02%2003%3A04%3A05;data.type=finance;data.props.a=b%3Bc%3Dd%2Fe%20%2B%C3%BC?limit=2&order=-createdAt",
        ),
    ] {
        let answer = list.clone();
        let call = server
            .mock_async(|when, then| {
                when.method(GET).is_true(move |request| is_exactly(request, wanted, ""));
                then.status(200).json_body(answer);
            })
            .await;
        let page = request.await.unwrap_or_else(|error| panic!("{wanted}: {error}"));
        call.assert_async().await;
        call.delete_async().await;
        assert_eq!((page.items[0].id.as_str(), page.total, &page.next), (TXN, Some(1), &None));
    }
}
