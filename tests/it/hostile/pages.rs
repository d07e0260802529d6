//! Faulty lists: no item is returned twice, none is skipped silently, and no list
//! continues for ever.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use kyc_review::beltic::types::Session;
use kyc_review::persona::types::InquirySession;
use kyc_review::provide::types::KycApplication;
use kyc_review::rebilly::types::KycDocument;
use kyc_review::sumsub::types::KytTxn;
use kyc_review::{Error, ErrorKind, Items, RetryPolicy, Vendor};
use serde_json::{Value, json};

use super::{ALL, Client, Setup};
use crate::support::wire::{Act, Request, Wire, answer, with_headers};

/// The vendors whose pages lead to the next one.
const LINKED: [Vendor; 2] = [Vendor::Beltic, Vendor::Persona];

/// The number of items of a page.
const LENGTH: usize = 2;

/// A pager over the items of a list of any vendor.
pub(super) enum Pager {
    Beltic(Items<Session>),
    Persona(Items<InquirySession>),
    Provide(Items<KycApplication>),
    Rebilly(Items<KycDocument>),
    Sumsub(Items<KytTxn>),
}

impl Pager {
    /// Starts at a position, with pages of two.
    pub(super) fn new(client: &Client, from: Option<&str>) -> Self {
        macro_rules! items {
            ($list:expr) => {{
                let list = $list;
                from.map_or(list.clone(), |from| list.start_at(from)).items()
            }};
        }
        match client {
            Client::Beltic(client) => Self::Beltic(items!(client.sessions().list().page_size(2))),
            Client::Persona(client) => Self::Persona(items!(client.inquiry_sessions().list())),
            Client::Provide(client) => {
                Self::Provide(items!(client.kyc_applications().list().rpp(2)))
            }
            Client::Rebilly(client) => {
                Self::Rebilly(items!(client.kyc_documents().list().limit(2)))
            }
            Client::Sumsub(client) => Self::Sumsub(items!(client.transactions().find().limit(2))),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<String>, Error> {
        Ok(match self {
            Self::Beltic(items) => items.try_next().await?.map(|session| session.id),
            Self::Persona(items) => items.try_next().await?.map(|session| session.id),
            Self::Provide(items) => items.try_next().await?.map(|application| application.id),
            Self::Rebilly(items) => {
                items.try_next().await?.map(|document| document.id().to_owned())
            }
            Self::Sumsub(items) => items.try_next().await?.map(|transaction| transaction.id),
        })
    }

    fn position(&self) -> Option<String> {
        match self {
            Self::Beltic(items) => items.position(),
            Self::Persona(items) => items.position(),
            Self::Provide(items) => items.position(),
            Self::Rebilly(items) => items.position(),
            Self::Sumsub(items) => items.position(),
        }
    }

    fn resume(&mut self) -> bool {
        match self {
            Self::Beltic(items) => items.resume(),
            Self::Persona(items) => items.resume(),
            Self::Provide(items) => items.resume(),
            Self::Rebilly(items) => items.resume(),
            Self::Sumsub(items) => items.resume(),
        }
    }

    /// Returns all ids up to the end or an error, and checks that nothing follows.
    async fn rest(&mut self) -> (Vec<String>, Option<ErrorKind>) {
        let mut ids = Vec::new();
        let error = loop {
            match self.next().await {
                Ok(Some(id)) => ids.push(id),
                Ok(None) => break None,
                Err(error) => break Some(error.kind()),
            }
        };
        assert_eq!(self.next().await.unwrap(), None);
        (ids, error)
    }
}

/// Whether pages are requested by offset. Each page but the first then begins one item
/// early, to detect whether the list has moved: a page of two has one new item.
fn is_by_offset(vendor: Vendor) -> bool {
    matches!(vendor, Vendor::Rebilly | Vendor::Sumsub)
}

/// The page that is requested, from 0; by offset, the number of items before it.
fn asked(vendor: Vendor, request: &Request) -> usize {
    let number = |name: &str| {
        let (_, rest) = request.line.split_once(name)?;
        rest.split(['&', ' ']).next()?.parse::<usize>().ok()
    };
    match vendor {
        Vendor::Provide => number("?page=").or_else(|| number("&page=")).unwrap() - 1,
        Vendor::Rebilly | Vendor::Sumsub => number("offset=").unwrap_or(0),
        _ => number("page%5Bafter%5D=c").unwrap_or(0),
    }
}

/// A page with these ids, and with a way to the next one if the vendor has such.
fn page(vendor: Vendor, ids: &[String], next: Option<usize>) -> Act {
    page_of(vendor, ids, next, None)
}

/// As `page`, with the total number of items if the vendor reports it.
fn page_of(vendor: Vendor, ids: &[String], next: Option<usize>, total: Option<usize>) -> Act {
    let kind = if vendor == Vendor::Beltic { "session" } else { "inquiry-session" };
    let item = |id: &String| match vendor {
        Vendor::Rebilly => {
            json!({ "id": id, "documentType": "identity-proof", "status": "pending" })
        }
        Vendor::Provide | Vendor::Sumsub => json!({ "id": id }),
        _ => json!({ "id": id, "type": kind }),
    };
    let items: Value = ids.iter().map(item).collect();
    let header =
        |name: &str| total.map_or_else(String::new, |total| format!("{name}: {total}\r\n"));
    match vendor {
        Vendor::Beltic => {
            let end = next.map(|next| format!("c{next}"));
            let page =
                json!({ "hasNextPage": next.is_some(), "cursors": { "end": end }, "total": total });
            answer(200, &json!({ "data": items, "meta": { "page": page } }).to_string())
        }
        Vendor::Persona => {
            let link = next.map(|next| format!("/api/v1/inquiry-sessions?page%5Bafter%5D=c{next}"));
            answer(
                200,
                &json!({ "data": items, "links": { "prev": null, "next": link } }).to_string(),
            )
        }
        Vendor::Rebilly => {
            let headers = format!("pagination-limit: 2\r\n{}", header("pagination-total"));
            with_headers(200, &headers, &items.to_string())
        }
        Vendor::Sumsub => {
            answer(200, &json!({ "list": { "items": items, "totalItems": total } }).to_string())
        }
        _ => with_headers(200, &header("x-total-results-count"), &items.to_string()),
    }
}

fn ids(numbers: Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("id_{number}")).collect()
}

/// The requested page of a list of `count` items.
pub(super) fn served(vendor: Vendor, request: &Request, count: usize) -> Act {
    let asked = asked(vendor, request);
    let start = if is_by_offset(vendor) { asked } else { asked * LENGTH };
    let end = count.min(start + LENGTH);
    page(vendor, &ids(start.min(end)..end), (end < count).then_some(asked + 1))
}

fn client(vendor: Vendor, wire: &Wire) -> Client {
    let setup =
        Setup { retry: RetryPolicy::none(), limits: Some(Vec::new()), ..Setup::at(wire.url()) };
    Client::build(vendor, &setup).unwrap()
}

#[tokio::test]
async fn a_failure_on_page_seven_loses_and_doubles_nothing() {
    for vendor in ALL {
        for (failure, kind, can_pass) in [
            (answer(500, ""), ErrorKind::Server, true),
            (Act::Close, ErrorKind::Connection, true),
            // An error that a retry cannot change ends the list for good.
            (answer(403, "{}"), ErrorKind::Permission, false),
            (answer(200, "<html>"), ErrorKind::Decode, false),
        ] {
            let fails = AtomicBool::new(true);
            // The request that would return the thirteenth item; the number of requests
            // to the end for a walk that starts there; the same for the walk that started
            // with the first item.
            let (seventh, anew, resumed) = match vendor {
                // Pages 7 to 10 and an empty one; without a total, also all pages from
                // where the walk started, because an item may have moved onto one of
                // them.
                Vendor::Provide => (6, 5 + 5, 5 + 11),
                // One new item per page, and a last page without new items.
                Vendor::Rebilly | Vendor::Sumsub => (11, 8, 8),
                _ => (6, 4, 4),
            };
            let wire = Wire::start(move |request| match asked(vendor, request) {
                number if number == seventh && fails.swap(false, Ordering::Relaxed) => {
                    failure.clone()
                }
                _ => served(vendor, request, 19),
            })
            .await;
            let client = client(vendor, &wire);
            let mut pager = Pager::new(&client, None);
            assert_eq!(pager.rest().await, (ids(0..12), Some(kind)), "{vendor}");
            assert_eq!(wire.requests().len(), seventh + 1, "{vendor}");
            // Another walk can start at the page that failed. By offset, that page begins
            // with the last item before it, which the other walk has not seen.
            let position = pager.position().unwrap();
            let from = if is_by_offset(vendor) { 11 } else { 12 };
            let mut other = Pager::new(&client, Some(&position));
            assert_eq!(other.position(), Some(position), "{vendor}");
            assert_eq!(other.rest().await, (ids(from..19), None), "{vendor}");
            assert_eq!(wire.requests().len(), seventh + 1 + anew, "{vendor}");
            // This walk continues if that can help.
            assert_eq!(pager.resume(), can_pass, "{vendor} {kind:?}");
            let (rest, more) = if can_pass { (ids(12..19), resumed) } else { (Vec::new(), 0) };
            assert_eq!(pager.rest().await, (rest, None), "{vendor} {kind:?}");
            assert_eq!(wire.requests().len(), seventh + 1 + anew + more, "{vendor}");
            assert!(!pager.resume() && !other.resume(), "{vendor}");
        }
    }
}

/// Each page of a walk: its ids, the next position that the page reports, and the
/// position of the walk.
async fn pages_of(client: &Client) -> Vec<(Vec<String>, Option<String>, Option<String>)> {
    macro_rules! pages {
        ($list:expr, $id:expr) => {{
            let (mut pages, mut found) = ($list.pages(), Vec::new());
            while let Some(page) = pages.try_next().await.unwrap() {
                let ids = page.items.iter().map($id).collect();
                found.push((ids, page.next.clone(), pages.position()));
            }
            found
        }};
    }
    match client {
        Client::Beltic(client) => {
            pages!(client.sessions().list().page_size(2), |item| item.id.clone())
        }
        Client::Persona(client) => pages!(client.inquiry_sessions().list(), |item| item.id.clone()),
        Client::Provide(client) => {
            pages!(client.kyc_applications().list().rpp(2), |item| item.id.clone())
        }
        Client::Rebilly(client) => {
            pages!(client.kyc_documents().list().limit(2), |item| item.id().to_owned())
        }
        Client::Sumsub(client) => {
            pages!(client.transactions().find().limit(2), |item| item.id.clone())
        }
    }
}

#[tokio::test]
async fn each_page_of_a_walk_says_where_another_walk_goes_on() {
    for vendor in ALL {
        let wire = Wire::start(move |request| served(vendor, request, 9)).await;
        let client = client(vendor, &wire);
        let pages = pages_of(&client).await;
        let all: Vec<String> = pages.iter().flat_map(|(ids, _, _)| ids.clone()).collect();
        assert_eq!(all, ids(0..9), "{vendor}");
        let mut given = 0;
        for (index, (page, next, position)) in pages.iter().enumerate() {
            given += page.len();
            let Some(next) = next else {
                assert_eq!(index + 1, pages.len(), "{vendor}");
                continue;
            };
            assert_eq!(Some(next), position.as_ref(), "{vendor}");
            // By offset, the next page begins with the last item that was returned.
            let from = if is_by_offset(vendor) { given - 1 } else { given };
            let rest = Pager::new(&client, Some(next)).rest().await;
            assert_eq!(rest, (ids(from..9), None), "{vendor} {next}");
        }
        assert!(pages.len() >= 5, "{vendor}");
    }
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list_behind_the_items_of_its_page() {
    for vendor in LINKED {
        for back in [1, 2, 3] {
            let wire = Wire::start(move |request| {
                let number = asked(vendor, request);
                page(
                    vendor,
                    &ids(2 * number..2 * number + 2),
                    Some(if number == 3 { back } else { number + 1 }),
                )
            })
            .await;
            let mut pager = Pager::new(&client(vendor, &wire), None);
            assert_eq!(
                pager.rest().await,
                (ids(0..8), Some(ErrorKind::Pagination)),
                "{vendor} {back}"
            );
            assert!(!pager.resume(), "{vendor}");
            assert_eq!(pager.next().await.unwrap(), None, "{vendor}");
            assert_eq!(wire.requests().len(), 4, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_page_by_page() {
    for vendor in ALL {
        let wire = Wire::start(move |request| served(vendor, request, usize::MAX)).await;
        let mut pager = Pager::new(&client(vendor, &wire), None);
        let mut seen = HashSet::new();
        for _ in 0..600 {
            assert!(seen.insert(pager.next().await.unwrap().unwrap()), "{vendor}");
        }
        // No page is requested early. By offset, each page but the first has one new
        // item.
        assert_eq!(wire.requests().len(), if is_by_offset(vendor) { 599 } else { 300 }, "{vendor}");
    }
}

#[tokio::test]
async fn pages_that_hold_nothing_new_do_not_go_on_for_ever() {
    for vendor in ALL {
        let wire = Wire::start(move |request| match vendor {
            // An offset or a page number gets the same full page each time.
            Vendor::Provide | Vendor::Rebilly | Vendor::Sumsub => page(vendor, &ids(0..2), None),
            _ => page(vendor, &[], Some(asked(vendor, request) + 1)),
        })
        .await;
        let mut pager = Pager::new(&client(vendor, &wire), None);
        let (items, error) = pager.rest().await;
        assert_eq!(error, Some(ErrorKind::Pagination), "{vendor}");
        // No item of the same page is returned twice, and the page is not requested a
        // third time in a row, let alone up to the vendor's largest offset.
        let (expected, requests) =
            if LINKED.contains(&vendor) { (ids(0..0), 100) } else { (ids(0..2), 3) };
        assert_eq!((items, wire.requests().len()), (expected, requests), "{vendor}");
        // More items may still follow empty pages.
        assert_eq!(pager.resume(), LINKED.contains(&vendor), "{vendor}");
        let (items, _) = pager.rest().await;
        let more = if LINKED.contains(&vendor) { 200 } else { 3 };
        assert_eq!((items.len(), wire.requests().len()), (0, more), "{vendor}");
    }
}

#[tokio::test]
async fn an_empty_page_that_has_more_behind_it_is_not_the_end() {
    for vendor in LINKED {
        let wire = Wire::start(move |request| match asked(vendor, request) {
            number @ (0 | 2 | 3) => page(vendor, &[], Some(number + 1)),
            _ => served(vendor, request, 11),
        })
        .await;
        let expected = [ids(2..4), ids(8..11)].concat();
        assert_eq!(
            Pager::new(&client(vendor, &wire), None).rest().await,
            (expected, None),
            "{vendor}"
        );
        assert_eq!(wire.requests().len(), 6, "{vendor}");
    }
}

#[tokio::test]
async fn a_list_that_shrinks_meanwhile_ends_and_repeats_nothing() {
    for vendor in ALL {
        let shrunk = AtomicBool::new(false);
        let wire = Wire::start(move |request| {
            let asked = asked(vendor, request);
            // Once four items were returned, three of them and all after the fifth leave
            // the list, and the total reflects that.
            let fourth_was_given = asked == if is_by_offset(vendor) { 3 } else { 2 };
            let is_short = shrunk.fetch_or(fourth_was_given, Ordering::Relaxed) || fourth_was_given;
            let list = if is_short {
                ["id_0", "id_3", "id_4"].map(str::to_owned).to_vec()
            } else {
                ids(0..9)
            };
            let shown: Vec<String> = match vendor {
                // A cursor names an item, not a position.
                Vendor::Beltic | Vendor::Persona if is_short => ids(4..5),
                Vendor::Rebilly | Vendor::Sumsub => {
                    list.iter().skip(asked).take(LENGTH).cloned().collect()
                }
                _ => list.iter().skip(asked * LENGTH).take(LENGTH).cloned().collect(),
            };
            page_of(vendor, &shown, (!is_short).then_some(asked + 1), Some(list.len()))
        })
        .await;
        assert_eq!(
            Pager::new(&client(vendor, &wire), None).rest().await,
            (ids(0..5), None),
            "{vendor}"
        );
        let requests = match vendor {
            // A page that is now empty, and the list once more from its start.
            Vendor::Provide => 3 + 2,
            // A page that is now empty, and one that begins with an item already
            // returned.
            Vendor::Rebilly | Vendor::Sumsub => 4 + 1,
            _ => 3,
        };
        assert_eq!(wire.requests().len(), requests, "{vendor}");
    }
}
