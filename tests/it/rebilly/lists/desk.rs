//! A server whose list changes while it is walked: documents leave it on decisions, also
//! those of other reviewers.

use std::sync::{Arc, Mutex};

use httpmock::Method::{GET, POST};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use kyc_review::rebilly::Filter;
use kyc_review::rebilly::requests::GetKycDocumentCollection;
use kyc_review::rebilly::resources::KycDocuments;
use reqwest::Url;
use serde_json::{Value, json};

use super::super::{BASE, documents};
use crate::support::mock;

/// The way in which the server pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// The largest page, whatever the limit of the request.
    pub most: usize,
    /// Whether `Pagination-Total` is sent.
    pub tells_total: bool,
    /// By how many documents the total exceeds the actual number.
    pub surplus: usize,
    /// Hides every n-th document; hidden ones still count for the offset.
    pub hides: Option<usize>,
    /// The seed of other reviewers, who work on the list after each page.
    pub others: Option<u64>,
}

impl Manner {
    /// Whether the document of this number can be on a page.
    pub(super) fn shows(&self, number: usize) -> bool {
        self.hides.is_none_or(|every| number % every != every - 1)
    }
}

pub(super) const PLAIN: Manner =
    Manner { most: 1000, tells_total: true, surplus: 0, hides: None, others: None };

struct Row {
    number: usize,
    time: String,
    is_waiting: bool,
    /// Whether it was on a page.
    was_given: bool,
}

impl Row {
    fn new(number: usize) -> Self {
        Self { number, time: time(number / 3), is_waiting: true, was_given: false }
    }
}

/// The state that the walk and the server share.
pub(super) struct Desk {
    rows: Mutex<Vec<Row>>,
    manner: Manner,
    /// Offset and limit of each request for a page.
    asked: Mutex<Vec<(usize, usize)>>,
    chance: Mutex<u64>,
}

impl Desk {
    /// Opens a desk with `count` waiting documents, three per second, and a handle on
    /// them.
    pub(super) async fn open(
        count: usize,
        manner: Manner,
    ) -> (Arc<Self>, KycDocuments, MockServer) {
        let rows = (0..count).map(Row::new).collect();
        let chance = Mutex::new(manner.others.unwrap_or_default());
        let desk =
            Arc::new(Self { rows: Mutex::new(rows), manner, asked: Mutex::default(), chance });
        let (server, clock) = mock().await;
        let lists = Arc::clone(&desk);
        server
            .mock_async(move |when, then| {
                when.method(GET).path(BASE);
                then.respond_with(move |request: &HttpMockRequest| lists.page(request));
            })
            .await;
        let decides = Arc::clone(&desk);
        server
            .mock_async(move |when, then| {
                when.method(POST).path_suffix("/acceptance");
                then.respond_with(move |request: &HttpMockRequest| {
                    let uri = request.uri();
                    let number = uri
                        .path()
                        .rsplit('/')
                        .nth(1)
                        .and_then(|id| id.strip_prefix('d')?.parse().ok());
                    let number: usize = number.unwrap();
                    decides.take_off([number]);
                    HttpMockResponse::builder()
                        .status(201)
                        .body(row(number, &time(number / 3)).to_string())
                        .build()
                });
            })
            .await;
        let documents = documents(&server, clock);
        (desk, documents, server)
    }

    /// Decides on these documents.
    pub(super) fn take_off(&self, numbers: impl IntoIterator<Item = usize>) {
        let numbers: Vec<usize> = numbers.into_iter().collect();
        for row in self.rows.lock().unwrap().iter_mut().filter(|row| numbers.contains(&row.number))
        {
            row.is_waiting = false;
        }
    }

    /// Adds documents of customers, newer than all others.
    pub(super) fn hand_in(&self, count: usize) {
        let mut rows = self.rows.lock().unwrap();
        let next = rows.len();
        rows.extend((next..next + count).map(Row::new));
    }

    /// The documents that were on a page, and those that still wait and can be on one.
    pub(super) fn due(&self) -> Vec<usize> {
        let rows = self.rows.lock().unwrap();
        let is_due =
            |row: &&Row| row.was_given || (row.is_waiting && self.manner.shows(row.number));
        rows.iter().filter(is_due).map(|row| row.number).collect()
    }

    /// A pseudorandom number below `below`, the same ones in each run.
    fn draw(&self, below: usize) -> usize {
        let mut chance = self.chance.lock().unwrap();
        *chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*chance >> 33) as usize % below.max(1)
    }

    /// Lets other reviewers decide on a run of documents, mostly near the start, returned
    /// or not.
    fn let_others_decide(&self, rows: &mut [Row]) {
        if self.draw(3) == 0 {
            return;
        }
        let mut waiting: Vec<&mut Row> = rows.iter_mut().filter(|row| row.is_waiting).collect();
        let from = self.draw(waiting.len());
        let from = if self.draw(4) == 0 { from } else { from / 4 };
        let count = self.draw(15);
        for row in waiting.iter_mut().skip(from).take(count) {
            row.is_waiting = false;
        }
    }

    pub(super) fn requests(&self) -> Vec<(usize, usize)> {
        self.asked.lock().unwrap().clone()
    }

    fn page(&self, request: &HttpMockRequest) -> HttpMockResponse {
        let url = Url::parse(&format!("http://x{}", request.uri())).unwrap();
        let value = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let number = |name: &str| value(name).map(|text| text.parse::<usize>().unwrap());
        let (limit, offset) =
            (number("limit").unwrap_or(100).min(self.manner.most), number("offset").unwrap_or(0));
        self.asked.lock().unwrap().push((offset, limit));
        if offset > 1000 {
            return HttpMockResponse::builder().status(422).body("{}").build();
        }
        let filter = value("filter").unwrap();
        let mut conditions = filter.split(';');
        assert_eq!(conditions.next(), Some("status:pending"));
        let since = conditions
            .next()
            .map(|range| range.strip_prefix("createdTime:").unwrap().strip_suffix("..").unwrap());
        let mut rows = self.rows.lock().unwrap();
        let mut waiting: Vec<&Row> = rows.iter().filter(|row| row.is_waiting).collect();
        waiting.retain(|row| since.is_none_or(|since| row.time.as_str() >= since));
        match value("sort").as_deref() {
            Some("createdTime") => {}
            // The vendor's own order is not documented; here the newest comes first.
            None | Some("-createdTime") => waiting.reverse(),
            Some(other) => panic!("sorted by {other}"),
        }
        let shown: Vec<&Row> = waiting
            .iter()
            .skip(offset)
            .take(limit)
            .filter(|row| self.manner.shows(row.number))
            .copied()
            .collect();
        let page: Vec<Value> = shown.iter().map(|shown| row(shown.number, &shown.time)).collect();
        let response = HttpMockResponse::builder().status(200);
        let total = (waiting.len() + self.manner.surplus).to_string();
        let numbers: Vec<usize> = shown.iter().map(|row| row.number).collect();
        for row in rows.iter_mut().filter(|row| numbers.contains(&row.number)) {
            row.was_given = true;
        }
        if self.manner.others.is_some() {
            self.let_others_decide(&mut rows);
        }
        let response = if self.manner.tells_total {
            response.header("pagination-total", total)
        } else {
            response
        };
        response.body(Value::Array(page).to_string()).build()
    }
}

fn row(number: usize, time: &str) -> Value {
    json!({ "id": format!("d{number}"), "documentType": "funds-proof", "createdTime": time })
}

fn time(second: usize) -> String {
    format!("2026-01-01T{:02}:{:02}:{:02}+00:00", second / 3600, second / 60 % 60, second % 60)
}

/// The list of waiting documents.
pub(super) fn waiting(documents: &KycDocuments, limit: Option<u64>) -> GetKycDocumentCollection {
    let list = documents.list().filter(Filter::status(["pending"]));
    match limit {
        Some(limit) => list.limit(limit),
        None => list,
    }
}

/// The number of a document.
pub(super) fn number(id: &str) -> usize {
    id.strip_prefix('d').unwrap().parse().unwrap()
}
