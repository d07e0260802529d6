//! Lists that go wrong: nothing is given twice, nothing is left out without a word, and no list runs for ever by itself.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use kyc_review::beltic::Session;
use kyc_review::persona::InquirySession;
use kyc_review::provide::KycApplication;
use kyc_review::rebilly::KycDocument;
use kyc_review::{Error, ErrorKind, Pages, RetryPolicy, Vendor};
use serde_json::{Value, json};

use super::{Client, Setup};
use crate::support::wire::{Act, Request, Wire, answer, with_headers};

/// Sumsub answers with whole lists.
pub(super) const PAGED: [Vendor; 4] = [Vendor::Beltic, Vendor::Persona, Vendor::Provide, Vendor::Rebilly];

/// The ids of a list of any vendor.
pub(super) enum Pager {
    Beltic(Pages<Session>),
    Persona(Pages<InquirySession>),
    Provide(Pages<KycApplication>),
    Rebilly(Pages<KycDocument>),
}

impl Pager {
    /// Pages of two, from a cursor on.
    pub(super) fn new(client: &Client, from: Option<&str>) -> Self {
        match client {
            Client::Beltic(client) => {
                let list = client.sessions().list().page_size(2);
                Self::Beltic(from.map_or(list.clone(), |from| list.after(from)).items())
            }
            Client::Persona(client) => {
                let list = client.inquiry_sessions().list();
                Self::Persona(from.map_or(list.clone(), |from| list.after(from)).items())
            }
            Client::Provide(client) => {
                let list = client.kyc_applications().list().rpp(2);
                Self::Provide(from.map_or(list.clone(), |from| list.page(from.parse().unwrap())).items())
            }
            Client::Rebilly(client) => {
                let list = client.kyc_documents().list().limit(2);
                Self::Rebilly(from.map_or(list.clone(), |from| list.offset(from.parse().unwrap())).items())
            }
            Client::Sumsub(_) => panic!("no pages"),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<String>, Error> {
        Ok(match self {
            Self::Beltic(pages) => pages.try_next().await?.map(|session| session.id),
            Self::Persona(pages) => pages.try_next().await?.map(|session| session.id),
            Self::Provide(pages) => pages.try_next().await?.map(|application| application.id),
            Self::Rebilly(pages) => pages.try_next().await?.map(|document| document.id().to_owned()),
        })
    }

    fn cursor(&self) -> Option<String> {
        let cursor = match self {
            Self::Beltic(pages) => pages.cursor(),
            Self::Persona(pages) => pages.cursor(),
            Self::Provide(pages) => pages.cursor(),
            Self::Rebilly(pages) => pages.cursor(),
        };
        cursor.map(str::to_owned)
    }

    /// All ids up to the end or an error.
    async fn rest(&mut self) -> (Vec<String>, Option<ErrorKind>) {
        let mut ids = Vec::new();
        loop {
            match self.next().await {
                Ok(Some(id)) => ids.push(id),
                Ok(None) => return (ids, None),
                Err(error) => return (ids, Some(error.kind())),
            }
        }
    }
}

/// Which page is asked for, counted from 0.
pub(super) fn asked(vendor: Vendor, request: &Request) -> usize {
    let number = |name: &str| {
        let (_, rest) = request.line.split_once(name)?;
        rest.split(['&', ' ']).next()?.parse::<usize>().ok()
    };
    match vendor {
        Vendor::Provide => number("?page=").or_else(|| number("&page=")).unwrap() - 1,
        Vendor::Rebilly => number("offset=").unwrap_or(0) / 2,
        _ => number("page%5Bafter%5D=c").unwrap_or(0),
    }
}

/// A page that holds these ids, with a cursor to the next one where the vendor has cursors.
pub(super) fn page(vendor: Vendor, ids: &[String], next: Option<usize>) -> Act {
    let kind = if vendor == Vendor::Beltic { "session" } else { "inquiry-session" };
    let item = |id: &String| match vendor {
        Vendor::Rebilly => json!({ "id": id, "documentType": "identity-proof", "status": "pending" }),
        Vendor::Provide => json!({ "id": id }),
        _ => json!({ "id": id, "type": kind }),
    };
    let items: Value = ids.iter().map(item).collect();
    match vendor {
        Vendor::Beltic => {
            let page =
                json!({ "hasNextPage": next.is_some(), "cursors": { "end": next.map(|next| format!("c{next}")) } });
            answer(200, &json!({ "data": items, "meta": { "page": page } }).to_string())
        }
        Vendor::Persona => {
            let link = next.map(|next| format!("/api/v1/inquiry-sessions?page%5Bafter%5D=c{next}"));
            answer(200, &json!({ "data": items, "links": { "prev": null, "next": link } }).to_string())
        }
        Vendor::Rebilly => with_headers(200, "pagination-limit: 2\r\n", &items.to_string()),
        _ => answer(200, &items.to_string()),
    }
}

/// Two ids a page, and one on the last.
pub(super) fn ids_of(page: usize, last: usize) -> Vec<String> {
    (2 * page..2 * page + if page == last { 1 } else { 2 }).map(|number| format!("id_{number}")).collect()
}

fn all_ids(last: usize) -> Vec<String> {
    (0..=last).flat_map(|page| ids_of(page, last)).collect()
}

fn client(vendor: Vendor, wire: &Wire) -> Client {
    let setup = Setup { retry: RetryPolicy::none(), limits: Some(Vec::new()), ..Setup::at(wire.url()) };
    Client::build(vendor, &setup).unwrap()
}

#[tokio::test]
async fn a_failure_on_page_seven_loses_and_doubles_nothing() {
    for vendor in PAGED {
        for (failure, kind) in [
            (answer(500, ""), ErrorKind::Server),
            (answer(403, "{}"), ErrorKind::Permission),
            (answer(200, "<html>"), ErrorKind::Decode),
            (Act::Close, ErrorKind::Connection),
        ] {
            let fails = AtomicBool::new(true);
            let wire = Wire::start(move |request| match asked(vendor, request) {
                6 if fails.swap(false, Ordering::Relaxed) => failure.clone(),
                number => page(vendor, &ids_of(number, 9), (number < 9).then_some(number + 1)),
            })
            .await;
            let client = client(vendor, &wire);
            let mut pager = Pager::new(&client, None);
            let (before, error) = pager.rest().await;
            assert_eq!((before.as_slice(), error), (&all_ids(9)[..12], Some(kind)), "{vendor}");
            // Another pager can begin at the page that failed, and this one goes on with it.
            let cursor = pager.cursor().unwrap();
            for mut pager in [Pager::new(&client, Some(&cursor)), pager] {
                assert_eq!(pager.rest().await, (all_ids(9)[12..].to_vec(), None), "{vendor}");
                assert_eq!(pager.next().await.unwrap(), None, "{vendor}");
            }
            assert_eq!(wire.requests().len(), 7 + 4 + 4, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list_behind_the_items_of_its_page() {
    for vendor in [Vendor::Beltic, Vendor::Persona] {
        for back in [1, 2, 3] {
            let wire = Wire::start(move |request| {
                let number = asked(vendor, request);
                page(vendor, &ids_of(number, 9), Some(if number == 3 { back } else { number + 1 }))
            })
            .await;
            let mut pager = Pager::new(&client(vendor, &wire), None);
            let expected = (0..4).flat_map(|page| ids_of(page, 9)).collect();
            assert_eq!(pager.rest().await, (expected, Some(ErrorKind::Pagination)), "{vendor} {back}");
            assert_eq!(pager.next().await.unwrap(), None, "{vendor}");
            assert_eq!(wire.requests().len(), 4, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_page_by_page() {
    for vendor in PAGED {
        let wire = Wire::start(move |request| {
            let number = asked(vendor, request);
            page(vendor, &ids_of(number, usize::MAX), Some(number + 1))
        })
        .await;
        let mut pager = Pager::new(&client(vendor, &wire), None);
        let mut seen = HashSet::new();
        for _ in 0..600 {
            assert!(seen.insert(pager.next().await.unwrap().unwrap()), "{vendor}");
        }
        // No page is asked for before its turn.
        assert_eq!(wire.requests().len(), 300, "{vendor}");
    }
}

#[tokio::test]
async fn pages_that_hold_nothing_new_do_not_go_on_for_ever() {
    for vendor in PAGED {
        let wire = Wire::start(move |request| match vendor {
            // What is counted by place gives the same full page each time.
            Vendor::Provide | Vendor::Rebilly => page(vendor, &ids_of(0, 9), None),
            _ => page(vendor, &[], Some(asked(vendor, request) + 1)),
        })
        .await;
        let mut pager = Pager::new(&client(vendor, &wire), None);
        let (ids, error) = pager.rest().await;
        assert_eq!(error, Some(ErrorKind::Pagination), "{vendor}");
        let (items, requests) = match vendor {
            Vendor::Provide => (2, 101),
            // Up to the last offset that the vendor has.
            Vendor::Rebilly => (1002, 501),
            _ => (0, 100),
        };
        assert_eq!((ids.len(), wire.requests().len()), (items, requests), "{vendor}");
    }
}

#[tokio::test]
async fn an_empty_page_that_has_more_behind_it_is_not_the_end() {
    for vendor in [Vendor::Beltic, Vendor::Persona] {
        let wire = Wire::start(move |request| match asked(vendor, request) {
            number @ (0 | 2 | 3) => page(vendor, &[], Some(number + 1)),
            number => page(vendor, &ids_of(number, 5), (number < 5).then_some(number + 1)),
        })
        .await;
        let expected = [ids_of(1, 5), ids_of(4, 5), ids_of(5, 5)].concat();
        assert_eq!(Pager::new(&client(vendor, &wire), None).rest().await, (expected, None), "{vendor}");
        assert_eq!(wire.requests().len(), 6, "{vendor}");
    }
}

#[tokio::test]
async fn a_list_that_shrinks_meanwhile_ends_and_repeats_nothing() {
    for vendor in PAGED {
        let wire = Wire::start(move |request| {
            let number = asked(vendor, request);
            // From the third page on there is less than there was, and the total says so.
            let ids = if number < 2 { ids_of(number, 9) } else { ids_of(number, 9)[..1].to_vec() };
            let total = if number < 2 { "9" } else { "3" };
            match page(vendor, &ids, (number < 2).then_some(number + 1)) {
                Act::Send(bytes) => {
                    let text = String::from_utf8(bytes).unwrap();
                    let totals = format!("200 X\r\nx-total-results-count: {total}\r\npagination-total: {total}\r\n");
                    Act::Send(text.replacen("200 X\r\n", &totals, 1).into_bytes())
                }
                _ => unreachable!(),
            }
        })
        .await;
        let expected = [ids_of(0, 9), ids_of(1, 9), ids_of(2, 9)[..1].to_vec()].concat();
        assert_eq!(Pager::new(&client(vendor, &wire), None).rest().await, (expected, None), "{vendor}");
        assert_eq!(wire.requests().len(), 3, "{vendor}");
    }
}
