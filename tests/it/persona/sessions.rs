//! The six operations on inquiry sessions: exact requests, complete responses, pages.

use httpmock::Method::{GET, POST};
use httpmock::{Mock, MockServer};
use kyc_review::ErrorKind;
use kyc_review::persona::types::{InquiryId, InquirySessionInclude, InquirySessionStatus};
use serde_json::{Value, json};

use super::{INQUIRY, SESSION, bare_get, bare_post, client, common, session, session_resource};
use crate::support::mock;

const LIST: &str = "/api/v1/inquiry-sessions";

#[tokio::test]
async fn get_reads_one_session() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            bare_get(when, format!("{LIST}/{SESSION}"));
            then.status(200).json_body(session("active"));
        })
        .await;
    let reply = client(&server, clock).inquiry_sessions().get(SESSION).await.unwrap();
    call.assert_async().await;
    assert_eq!(reply.status(), &InquirySessionStatus::Active);
    assert_eq!((reply.id(), reply.inquiry_id()), (SESSION, Some(INQUIRY)));
    assert!(reply.created_at() < reply.started_at() && reply.started_at() < reply.expired_at());
    let attributes = reply.data.attributes.as_ref().unwrap();
    assert_eq!(
        (*attributes.latitude.unwrap().expose(), *attributes.longitude.unwrap().expose()),
        (45.0, -73.5)
    );
    assert_eq!(
        (attributes.is_proxy, attributes.is_tor, attributes.is_vpn),
        (Some(false), None, None)
    );
    assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), session("active"));
    let shown = format!("{reply:?}");
    assert!(
        !shown.contains("192.0.2.1") && !shown.contains("Ada") && !shown.contains("73.5"),
        "{shown}"
    );
}

#[tokio::test]
async fn expire_posts_no_body() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            bare_post(when, format!("{LIST}/{SESSION}/expire"));
            then.status(200).json_body(session("expired"));
        })
        .await;
    let reply = client(&server, clock).inquiry_sessions().expire(SESSION).await.unwrap();
    call.assert_async().await;
    assert_eq!((*reply.status()).as_str(), "expired");
    assert_eq!(reply.expired_at().unwrap().as_str(), "2025-01-15T11:30:00.000Z");
    assert!(reply.idempotency_key().is_some());
}

#[tokio::test]
async fn create_names_the_inquiry() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            common(when)
                .method(POST)
                .path(LIST)
                .header("content-type", "application/json")
                .header_exists("idempotency-key")
                .query_param("include", "inquiry,device,network")
                .json_body(json!({ "data": { "attributes": { "inquiry-id": INQUIRY } } }));
            then.status(201).json_body(session("new"));
        })
        .await;
    let include = [
        InquirySessionInclude::Inquiry,
        InquirySessionInclude::Device,
        InquirySessionInclude::Network,
    ];
    let sessions = client(&server, clock).inquiry_sessions();
    let reply =
        sessions.create(InquiryId::try_from(INQUIRY).unwrap()).include(include).await.unwrap();
    call.assert_async().await;
    assert_eq!((reply.status_code().as_u16(), reply.status()), (201, &InquirySessionStatus::New));
}

#[tokio::test]
async fn expire_all_names_the_inquiries_and_reads_a_list_without_links() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            common(when)
                .method(POST)
                .path(format!("{LIST}/expire-all"))
                .header("content-type", "application/json")
                .header_exists("idempotency-key")
                .json_body(json!({ "meta": { "inquiry-ids": [INQUIRY, "inq_2"] } }))
                .is_true(|request| request.uri().query().is_none());
            then.status(200).json_body(json!({
                "data": [
                    session_resource("iqse_1", "expired"), session_resource("iqse_2", "expired")
                ]
            }));
        })
        .await;
    let sessions = client(&server, clock).inquiry_sessions();
    let reply = sessions.expire_all([INQUIRY, "inq_2"]).await.unwrap();
    call.assert_async().await;
    assert_eq!(
        reply.sessions().iter().map(|session| session.id()).collect::<Vec<_>>(),
        ["iqse_1", "iqse_2"]
    );
    assert!(reply.sessions().iter().all(|session| *session.status() == "expired"));

    let error = sessions.expire_all(Vec::<String>::new()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::InvalidArgument, Some("expire_inquiry_sessions"))
    );
    assert_eq!(call.calls_async().await, 1);
}

#[tokio::test]
async fn a_link_is_a_secret_of_the_person_and_may_be_missing() {
    let (server, clock) = mock().await;
    let path = format!("{LIST}/{SESSION}/generate-one-time-link");
    for (meta, link, short) in [
        (
            json!({
                "one-time-link": "https://inquiry.example.test/canary",
                "one-time-link-short": "https://s.example.test/canary"
            }),
            Some("https://inquiry.example.test/canary"),
            Some("https://s.example.test/canary"),
        ),
        (json!({ "one-time-link": null }), None, None),
        (json!(null), None, None),
    ] {
        let call = server
            .mock_async(|when, then| {
                bare_post(when, path.clone());
                let mut body = session("new");
                body["meta"] = meta;
                then.status(200).json_body(body);
            })
            .await;
        let sessions = client(&server, clock.clone()).inquiry_sessions();
        let reply = sessions.generate_one_time_link(SESSION).await.unwrap();
        call.assert_async().await;
        assert_eq!(reply.link().map(|link| link.expose().as_str()), link);
        assert_eq!(reply.short_link().map(|link| link.expose().as_str()), short);
        assert_eq!((reply.id(), reply.status()), (SESSION, &InquirySessionStatus::New));
        assert!(!format!("{reply:?}").contains("canary"));
        call.delete_async().await;
    }
}

/// A page of the list: requested with `cursor`, and linked to `next`.
async fn page<'a>(
    server: &'a MockServer,
    cursor: Option<&str>,
    ids: &[&str],
    links: Value,
) -> Mock<'a> {
    let (cursor, data) =
        (cursor.map(str::to_owned), ids.iter().map(|id| session_resource(id, "active")));
    let body = json!({ "data": data.collect::<Vec<_>>(), "links": links });
    server
        .mock_async(|when, then| {
            let when =
                common(when).method(GET).path(LIST).query_param("filter[inquiry-id]", INQUIRY);
            match cursor {
                Some(cursor) => when.query_param("page[after]", cursor),
                None => when.query_param_missing("page[after]"),
            };
            then.status(200).json_body(body);
        })
        .await
}

#[tokio::test]
async fn the_list_follows_the_link_to_the_end_and_not_to_a_short_page() {
    let (server, clock) = mock().await;
    let next =
        format!("{LIST}?page%5Bafter%5D=iqse_2&page%5Bsize%5D=2&filter%5Binquiry-id%5D={INQUIRY}");
    let first =
        page(&server, None, &["iqse_1", "iqse_2"], json!({ "prev": null, "next": next })).await;
    let empty = page(
        &server,
        Some("iqse_2"),
        &[],
        json!({
            "prev": null, "next": format!("{}{LIST}?page[after]=iq%2Bse%203", server.base_url())
        }),
    )
    .await;
    let last =
        page(&server, Some("iq+se 3"), &["iqse_4"], json!({ "prev": "/x", "next": null })).await;
    let mut items =
        client(&server, clock).inquiry_sessions().list().filter_inquiry_id(INQUIRY).items();
    let mut ids = Vec::new();
    while let Some(session) = items.try_next().await.unwrap() {
        ids.push(session.id);
    }
    assert_eq!(
        (ids, items.total()),
        (["iqse_1", "iqse_2", "iqse_4"].map(str::to_owned).to_vec(), None)
    );
    for call in [first, empty, last] {
        call.assert_async().await;
    }
}

#[tokio::test]
async fn a_list_without_links_is_one_page() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            bare_get(when, LIST.to_owned());
            then.status(200).json_body(json!({ "data": [session_resource("iqse_1", "active")] }));
        })
        .await;
    let page = client(&server, clock).inquiry_sessions().list().await.unwrap();
    call.assert_async().await;
    assert_eq!((page.items.len(), page.next.as_deref()), (1, None));
}

#[tokio::test]
async fn a_link_to_another_origin_or_without_a_cursor_is_an_error() {
    let (server, clock) = mock().await;
    for link in [
        "https://evil.example.test/api/v1/inquiry-sessions?page%5Bafter%5D=x",
        "//evil.example.test/?page%5Bafter%5D=x",
        "http://169.254.169.254/?page%5Bafter%5D=x",
        "file:///etc/passwd?page%5Bafter%5D=x",
        "/api/v1/inquiry-sessions",
    ] {
        let call = page(&server, None, &["iqse_1"], json!({ "prev": null, "next": link })).await;
        let list =
            client(&server, clock.clone()).inquiry_sessions().list().filter_inquiry_id(INQUIRY);
        // The items that the page held come first.
        let mut items = list.items();
        assert_eq!(items.try_next().await.unwrap().unwrap().id, "iqse_1");
        let error = items.try_next().await.unwrap_err();
        assert_eq!((error.kind(), call.calls_async().await), (ErrorKind::Pagination, 1), "{link}");
        assert!(!format!("{error} {error:?}").contains("evil"));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_list_goes_on_from_a_cursor_and_ends_where_it_turns_in_circles() {
    let (server, clock) = mock().await;
    let query = |cursor: &str| format!("filter%5Binquiry-id%5D={INQUIRY}&page%5Bafter%5D={cursor}");
    let link = |cursor: &str| json!({ "prev": null, "next": format!("{LIST}?{}", query(cursor)) });
    let first = page(&server, Some("iqse_1"), &["iqse_2"], link("iqse_2")).await;
    let second = page(&server, Some("iqse_2"), &["iqse_3"], link("iqse_2")).await;
    let mut items = client(&server, clock)
        .inquiry_sessions()
        .list()
        .filter_inquiry_id(INQUIRY)
        .start_at(query("iqse_1"))
        .items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "iqse_2");
    assert_eq!(items.position(), Some(query("iqse_2")));
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "iqse_3");
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Pagination);
    assert_eq!((first.calls_async().await, second.calls_async().await), (1, 1));
}
