//! Lists: parameters, pages, where they end; and that decisions during a walk lose no
//! document.

mod deciding;
mod desk;

use httpmock::Method::GET;
use httpmock::{Mock, MockServer};
use kyc_review::ErrorKind;
use kyc_review::rebilly::requests::GetKycDocumentCollection;
use kyc_review::rebilly::types::KycDocument;
use serde_json::{Value, json};

use super::{BASE, document, documents};
use crate::support::mock;

#[tokio::test]
async fn a_list_sends_every_parameter_and_reads_a_bare_array() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .path(BASE)
                .header("reb-apikey", "sk_sandbox_1")
                .header_missing("content-type")
                .query_param("limit", "2")
                .query_param("offset", "4")
                .query_param("filter", "status:pending,in-progress;customerId:!c 1+2&x")
                .query_param("sort", "-createdTime,status")
                .query_param("expand", "customer,files")
                // One parameter each, and no raw character that could end one.
                .is_true(|request| {
                    request.uri().query().unwrap()
                        == "expand=customer%2Cfiles\
                            &filter=status%3Apending%2Cin-progress%3BcustomerId%3A%21c%201%2B2%26x\
                            &limit=2&offset=4&sort=-createdTime%2Cstatus"
                });
            then.status(200)
                .header("pagination-total", "7")
                .header("pagination-limit", "2")
                .header("pagination-offset", "4")
                .json_body(json!([document("identity-proof"), document("a-proof-of-the-future")]));
        })
        .await;
    let list = documents(&server, clock).list().limit(2).offset(4).sort(["-createdTime", "status"]);
    let page = list
        .filter("status:pending,in-progress;customerId:!c 1+2&x")
        .expand(["customer", "files"])
        .await
        .unwrap();
    call.assert_async().await;
    assert_eq!((page.items.len(), page.next.as_deref(), page.total), (2, Some("6"), Some(7)));
    assert_eq!(page.header("pagination-offset"), Some("4"));
    assert!(matches!(page.items[1], KycDocument::Unknown(_)));
}

#[tokio::test]
async fn a_list_without_options_sends_no_query() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .path(BASE)
                .is_true(|request| request.uri().query().is_none() && request.body().is_empty());
            then.status(200).json_body(json!([]));
        })
        .await;
    let page = documents(&server, clock).list().await.unwrap();
    call.assert_async().await;
    assert_eq!((page.items.len(), page.next.as_deref(), page.total), (0, None, None));
}

/// Serves a list of `total` documents on pages of at most `most`, with the headers that
/// `with` names.
async fn serve<'a>(
    server: &'a MockServer,
    total: usize,
    most: usize,
    with: &'static [&'static str],
) -> Mock<'a> {
    server
        .mock_async(move |when, then| {
            when.method(GET).path(BASE);
            then.respond_with(move |request: &httpmock::HttpMockRequest| {
                let query = request.uri().query().unwrap_or_default().to_owned();
                let number = |name: &str| {
                    query.split('&').find_map(|pair| {
                        pair.strip_prefix(name)?.strip_prefix('=')?.parse::<usize>().ok()
                    })
                };
                let limit = number("limit").unwrap_or(most).min(most);
                let offset = number("offset").unwrap_or(0);
                let ids = (offset..total).take(limit);
                let rows: Vec<Value> = ids
                    .map(|id| json!({ "id": format!("d{id}"), "documentType": "funds-proof" }))
                    .collect();
                let mut response = httpmock::HttpMockResponse::builder().status(200);
                for (name, value) in [
                    ("pagination-total", total),
                    ("pagination-limit", limit),
                    ("pagination-offset", offset),
                ] {
                    if with.contains(&name) {
                        response = response.header(name, value.to_string());
                    }
                }
                response.body(Value::Array(rows).to_string()).build()
            });
        })
        .await
}

async fn walk(
    list: GetKycDocumentCollection,
) -> Result<usize, (usize, kyc_review::Error, Option<String>)> {
    let mut items = list.items();
    let mut count = 0;
    loop {
        match items.try_next().await {
            Ok(Some(item)) => {
                assert_eq!(item.id(), format!("d{count}"));
                count += 1;
            }
            Ok(None) => return Ok(count),
            Err(error) => return Err((count, error, items.position())),
        }
    }
}

const ALL: &[&str] = &["pagination-total", "pagination-limit", "pagination-offset"];

#[tokio::test]
async fn the_pager_ends_at_the_total_or_where_nothing_new_comes() {
    for (total, limit, most, headers, requests) in [
        (0, Some(10), 1000, ALL, 1),
        (7, Some(3), 1000, ALL, 3),
        // Each page but the first begins with the last item of the one before.
        (6, Some(3), 1000, ALL, 3),
        (6, Some(3), 1000, &["pagination-total"][..], 3),
        // Without headers, a page of only delivered items is the end.
        (7, Some(3), 1000, &[], 4),
        (6, Some(3), 1000, &[], 4),
        (7, None, 3, &[], 4),
        (7, None, 3, &["pagination-limit"], 4),
        // Fewer items than requested are not the end.
        (7, Some(1000), 3, ALL, 3),
        (7, Some(1000), 3, &["pagination-total"], 3),
        // Nor is a page of one item, as long as no page was full.
        (7, Some(1000), 3, &["pagination-limit"], 6),
        // A limit of 0 returns only the total.
        (7, Some(0), 1000, ALL, 1),
    ] {
        let (server, clock) = mock().await;
        let call = serve(&server, total, most, headers).await;
        let list = documents(&server, clock).list();
        let list = limit.map_or(list.clone(), |limit| list.limit(limit));
        let counted = walk(list).await.map_err(|(count, error, _)| (count, error.to_string()));
        let wanted = if limit == Some(0) { 0 } else { total };
        assert_eq!(counted, Ok(wanted), "{total} {limit:?} {most} {headers:?}");
        assert_eq!(call.calls_async().await, requests, "{total} {limit:?} {most} {headers:?}");
    }
}

#[tokio::test]
async fn nothing_beyond_the_last_offset_is_left_out_without_a_word() {
    for (total, limit, reached, cursor) in [
        (1100, 100, Ok(1100), None),
        (2000, 1000, Ok(2000), None),
        (1101, 100, Err(1100), Some("1099@")),
        (2001, 1000, Err(2000), Some("1999@")),
        (1500, 300, Err(1300), Some("1299@")),
    ] {
        let (server, clock) = mock().await;
        serve(&server, total, 1000, ALL).await;
        let walked = walk(documents(&server, clock).list().limit(limit)).await;
        match (walked, reached) {
            (Ok(count), Ok(wanted)) => assert_eq!(count, wanted),
            (Err((count, error, at)), Err(wanted)) => {
                assert_eq!(
                    (count, error.kind(), at.as_deref()),
                    (wanted, ErrorKind::Pagination, cursor)
                );
                assert_eq!(
                    error.to_string(),
                    "rebilly: get_kyc_document_collection: pagination: the list exceeds \
                     the vendor's largest offset: narrow it with a filter"
                );
            }
            (walked, _) => panic!("{total}: {walked:?}"),
        }
    }
}

#[tokio::test]
async fn a_failed_page_can_be_asked_for_again() {
    let (server, clock) = mock().await;
    let broken = server
        .mock_async(|when, then| {
            when.method(GET).path(BASE).query_param("offset", "1");
            then.status(503);
        })
        .await;
    serve(&server, 5, 2, ALL).await;
    let mut items = documents(&server, clock).list().limit(2).items();
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(items.try_next().await.unwrap().unwrap().id().to_owned());
    }
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!((items.position().as_deref(), items.total()), (Some("1@"), Some(5)));
    broken.delete_async().await;
    assert!(items.try_next().await.unwrap().is_none() && items.resume());
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id().to_owned());
    }
    assert_eq!(ids, ["d0", "d1", "d2", "d3", "d4"]);
}

#[tokio::test]
async fn a_parameter_that_cannot_be_is_refused_before_any_io() {
    let (server, clock) = mock().await;
    let list = || documents(&server, clock.clone()).list();
    const NO_ITEM_SORT: &str =
        "invalid `sort`: items must be non-empty, without commas, brackets or control characters";
    const NO_SORT: &str = "invalid `sort`: must match `^-?[A-Za-z0-9_.]+(,-?[A-Za-z0-9_.]+)*$`";
    const NO_EXPAND: &str = "invalid `expand`: must match `^[A-Za-z0-9_.]+(,[A-Za-z0-9_.]+)*$`";
    for (request, why) in [
        (list().limit(1001), "invalid `limit`: must be at most 1000"),
        (list().offset(1001), "invalid `offset`: must be at most 1000"),
        (list().sort(["createdTime,status"]), NO_ITEM_SORT),
        (list().sort([""]), NO_ITEM_SORT),
        (list().sort(["--x"]), NO_SORT),
        (list().sort(["-"]), NO_SORT),
        (list().expand(["customer", "a b"]), NO_EXPAND),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("rebilly: get_kyc_document_collection: invalid argument: {why}")
        );
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0));
    }
    // The bounds themselves are sent; no server route matches them, which is another
    // error.
    let bounds = list().limit(1000).offset(1000).await.unwrap_err();
    assert_eq!(bounds.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn odd_totals_are_no_totals() {
    let (server, clock) = mock().await;
    for total in ["-1", "many", "", "1.5", "99999999999999999999999"] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200)
                    .header("pagination-total", total)
                    .json_body(json!([document("funds-proof")]));
            })
            .await;
        let page = documents(&server, clock.clone()).list().limit(1).await.unwrap();
        assert_eq!((page.total, page.next.as_deref()), (None, Some("1")), "{total}");
        call.delete_async().await;
    }
}
