//! The list and its pages.

use httpmock::Method::GET;
use kyc_review::ErrorKind;
use kyc_review::provide::types::KycApplicationStatus;
use serde_json::{Value, json};

use super::{ID, TOKEN, application, client, target, with};
use crate::support::mock;

/// A page of applications with these ids.
fn page(ids: &[&str]) -> Value {
    ids.iter().map(|id| with(application("review"), json!({ "id": id }))).collect()
}

#[tokio::test]
async fn one_page_is_asked_for_and_its_total_is_in_a_header() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .header("authorization", format!("bearer {TOKEN}"))
                .header("accept", "application/json")
                .header_missing("content-type")
                .header_missing("range")
                .is_true(|request| {
                    let asks = target(request)
                        == "/api/v1/kyc_applications?page=3&rpp=2&status=a%20new%26odd%20one";
                    asks && request.body().is_empty()
                });
            then.status(200).header("X-Total-Results-Count", "7").json_body(page(&["e", "f"]));
        })
        .await;
    let list = client(&server, clock).kyc_applications().list();
    let reply = list.page(3).rpp(2).status("a new&odd one").await.unwrap();
    call.assert_async().await;
    let ids: Vec<_> = reply.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!((ids, reply.next.as_deref(), reply.total), (vec!["e", "f"], Some("4"), Some(7)));
    let first = &reply.items[0];
    assert!(first.params.is_none() && first.provider_representation.is_none());
}

#[tokio::test]
async fn without_options_the_vendors_own_defaults_count() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET).is_true(|request| target(request) == "/api/v1/kyc_applications");
            then.status(200).json_body(page(&[ID]));
        })
        .await;
    let reply = client(&server, clock).kyc_applications().list().await.unwrap();
    call.assert_async().await;
    assert_eq!((reply.items.len(), reply.next.as_deref(), reply.total), (1, Some("2"), None));
}

/// The ids of a page, and its header.
type Served = (&'static [&'static str], Option<&'static str>);

/// Pages, and the result of a pager over them: ids, requests, total.
type Case = (&'static [Served], &'static [&'static str], usize, Option<u64>);

/// Walks pages served in order, then empty ones; returns the ids, the number of pages
/// requested, and the total.
async fn walk(pages: &[Served]) -> (Vec<String>, usize, Option<u64>) {
    let (server, clock) = mock().await;
    let mut calls = Vec::new();
    for index in 0..=pages.len() {
        let (ids, total) = pages.get(index).copied().unwrap_or((&[], None));
        let call = server
            .mock_async(|when, then| {
                when.method(GET)
                    .query_param("page", (index + 1).to_string())
                    .query_param("rpp", "2");
                let then = then.status(200).json_body(page(ids));
                if let Some(total) = total {
                    then.header("x-total-results-count", total);
                }
            })
            .await;
        calls.push(call);
    }
    let mut items = client(&server, clock).kyc_applications().list().rpp(2).items();
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id);
    }
    let mut asked = 0;
    for call in &calls {
        asked += call.calls_async().await;
    }
    (ids, asked, items.total())
}

#[tokio::test]
async fn a_pager_ends_with_an_empty_page_or_the_total() {
    // Without a stable total, a second pass looks for items that have moved.
    let cases: [Case; 6] = [
        (&[(&["a", "b"], None), (&["c"], None)], &["a", "b", "c"], 6, None),
        (&[(&["a", "b"], None)], &["a", "b"], 4, None),
        (&[(&["a", "b"], Some("4")), (&["c", "d"], Some("4"))], &["a", "b", "c", "d"], 2, Some(4)),
        (&[(&["a", "b"], Some("2"))], &["a", "b"], 1, Some(2)),
        (&[(&[], Some("0"))], &[], 1, Some(0)),
        // A header that is stale or not a number neither ends nor prolongs a walk by
        // itself.
        (&[(&["a", "b"], Some("many")), (&["c"], Some("-1"))], &["a", "b", "c"], 6, None),
    ];
    for (pages, ids, asked, total) in cases {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(walk(pages).await, (ids, asked, total), "{pages:?}");
    }
}

#[tokio::test]
async fn what_shifting_pages_give_again_is_left_out() {
    // Two applications arrived after the first page, one after the second.
    let pages: [Served; 4] = [
        (&["c", "d"], Some("4")),
        (&["c", "d"], Some("6")),
        (&["d", "e"], Some("7")),
        (&["f"], Some("7")),
    ];
    assert_eq!(walk(&pages).await, (["c", "d", "e", "f"].map(str::to_owned).to_vec(), 8, Some(7)));
}

#[tokio::test]
async fn a_pager_goes_on_after_an_error_with_the_page_that_failed() {
    let (server, clock) = mock().await;
    let first = server
        .mock_async(|when, then| {
            when.method(GET).query_param("page", "4");
            then.status(200).json_body(page(&["a", "b"]));
        })
        .await;
    let banned = server
        .mock_async(|when, then| {
            when.method(GET).query_param("page", "5");
            then.status(503).body("busy");
        })
        .await;
    let mut items = client(&server, clock).kyc_applications().list().page(4).rpp(2).items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "a");
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "b");
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!((items.position().as_deref(), banned.calls_async().await), (Some("5"), 3));
    // The stream is over until it is resumed.
    assert!(items.try_next().await.unwrap().is_none());
    banned.delete_async().await;
    assert!(items.resume());
    server
        .mock_async(|when, then| {
            when.method(GET).query_param("page", "5");
            then.status(200).json_body(page(&["b", "c"]));
        })
        .await;
    server
        .mock_async(|when, then| {
            when.method(GET).query_param("page", "6");
            then.status(200).body("null");
        })
        .await;
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "c");
    assert!(items.try_next().await.unwrap().is_none());
    // A second pass has looked for items that moved.
    assert_eq!(first.calls_async().await, 2);
}

#[tokio::test]
async fn a_list_that_ends_short_of_its_total_says_so_behind_its_items() {
    let (server, clock) = mock().await;
    for (number, ids) in [("1", page(&["a"])), ("2", json!([]))] {
        server
            .mock_async(|when, then| {
                when.method(GET).query_param("page", number);
                then.status(200).header("x-total-results-count", "1000").json_body(ids);
            })
            .await;
    }
    let mut items = client(&server, clock).kyc_applications().list().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "a");
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("after 1 of 1000 items"), "{error}");
    assert!(items.try_next().await.unwrap().is_none() && !items.resume());
}

#[tokio::test]
async fn an_empty_list_may_come_as_null() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for body in ["null", " null\n", "[]"] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200).header("x-total-results-count", "0").body(body);
            })
            .await;
        let reply =
            provide.kyc_applications().list().status(KycApplicationStatus::Failed).await.unwrap();
        assert_eq!(
            (reply.items.len(), reply.next.as_deref(), reply.total),
            (0, None, Some(0)),
            "{body}"
        );
        call.delete_async().await;
    }
}

#[tokio::test]
async fn what_no_list_can_be_asked_for_is_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let call = server.mock_async(|when, _| drop(when.path_includes("/"))).await;
    let list = client(&server, clock).kyc_applications().list();
    for request in
        [list.clone().page(0), list.clone().rpp(0), list.clone().status(""), list.status(" ")]
    {
        assert_eq!(request.clone().await.unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(
            request.items().try_next().await.unwrap_err().kind(),
            ErrorKind::InvalidArgument
        );
    }
    assert_eq!(call.calls_async().await, 0);
}
