//! Walks through lists, by the paging in the operation's row.
//!
//! A walk skips no item while the caller decides on others, delivers none twice, and ends
//! where the list ends or returns an error that says why it does not.

mod counted;
pub(crate) mod linked;

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use bytes::Bytes;
use serde_json::Value;

use super::draft::Draft;
use crate::call::page::{Fetching, RawPage, Rows, Source, rows};
use crate::call::{Error, ErrorKind, Page, Paging, Received, Reply, Style, Total};
use crate::value::json::{self, Json};

/// The number of pages in a row without new items that is reported, because a server
/// could go on with them for ever.
const MOST_EMPTY: u32 = 100;

/// A walk through one list.
struct Walk {
    draft: Draft,
    paging: &'static Paging,
    /// Where the next page begins.
    place: Option<String>,
    /// Whether the walk started at the beginning of the list.
    is_whole: bool,
    /// Links or tokens that were followed.
    places: HashSet<u64>,
    /// Items that were delivered, if pages are counted.
    items: HashSet<u64>,
    delivered: u64,
    /// The least total that the vendor stated.
    total: Option<u64>,
    /// How many of the last pages in a row had no new items.
    empty: u32,
    counted: counted::Position,
    /// Whether a page has come.
    has_begun: bool,
    is_over: bool,
}

/// Makes a walk through the list of a request.
pub(super) fn source(draft: Draft) -> Box<dyn Source> {
    const ONE_PAGE: &Paging = &Paging {
        style: Style::Whole,
        items: &[""],
        id: "",
        next: &[],
        more: &[],
        size: None,
        total: Total::Unknown,
        keyset: None,
    };
    let paging = draft.operation().paging.as_ref().unwrap_or(ONE_PAGE);
    let place = draft.place().map(str::to_owned);
    Box::new(Walk {
        paging,
        is_whole: place.is_none(),
        counted: counted::Position::of(&draft, paging, place.as_deref()),
        place,
        draft,
        places: HashSet::new(),
        items: HashSet::new(),
        delivered: 0,
        total: None,
        empty: 0,
        has_begun: false,
        is_over: false,
    })
}

/// Requests the page at which a request starts.
pub(super) async fn first_page(draft: &Draft) -> Result<Received, Error> {
    let Some(paging) = draft.operation().paging.as_ref() else { return draft.receive(None).await };
    let Some(place) = draft.place() else {
        let mut received = draft.receive(None).await?;
        received.place = match paging.style {
            Style::Offset { .. } | Style::Number { .. } => {
                Some(counted::Position::of(draft, paging, None).unsorted())
            }
            _ => None,
        };
        return Ok(received);
    };
    let mut received = match paging.style {
        Style::Link => draft.receive(Some(place)).await?,
        Style::Cursor { parameter } => {
            let mut draft = draft.clone();
            draft.set_texts(parameter, vec![place.to_owned()]);
            draft.receive(None).await?
        }
        Style::Offset { .. } | Style::Number { .. } => {
            counted::Position::of(draft, paging, Some(place)).ask(draft, paging).await?
        }
        Style::Whole => draft.receive(None).await?,
    };
    received.place = Some(place.to_owned());
    Ok(received)
}

impl Source for Walk {
    fn fetch(mut self: Box<Self>) -> Fetching {
        Box::pin(async move {
            let page = self.next().await;
            (self as Box<dyn Source>, page)
        })
    }

    fn place(&self) -> Option<String> {
        match self.paging.style {
            Style::Offset { .. } | Style::Number { .. } if self.has_begun => self.counted.place(),
            _ => self.place.clone(),
        }
    }
}

impl Walk {
    /// Returns the next page that has items; an error comes after the items before it.
    async fn next(&mut self) -> Result<Option<RawPage>, Error> {
        while !self.is_over {
            let mut page = match self.paging.style {
                Style::Whole => self.whole().await?,
                Style::Link | Style::Cursor { .. } => self.linked().await?,
                Style::Offset { .. } => self.by_offset().await?,
                Style::Number { .. } => self.by_number().await?,
            };
            self.has_begun = true;
            if matches!(self.paging.style, Style::Offset { .. } | Style::Number { .. }) {
                page.next = self.counted.place().filter(|_| !self.is_over);
            }
            self.delivered = self.delivered.saturating_add(page.items.len() as u64);
            self.empty = if page.items.is_empty() { self.empty.saturating_add(1) } else { 0 };
            if !self.is_over && self.empty >= MOST_EMPTY && page.failure.is_none() {
                self.empty = 0;
                let note = format!("{MOST_EMPTY} empty pages in a row; call `resume` to continue");
                page.failure =
                    Some(page.received.clone().error(ErrorKind::Pagination).note(note).paused());
            }
            // An empty list is returned as one page, for its total.
            let is_empty_list = self.is_over && self.delivered == 0 && page.failure.is_none();
            if !page.items.is_empty() || is_empty_list {
                return Ok(Some(page));
            }
            if let Some(error) = page.failure {
                return Err(error);
            }
        }
        Ok(None)
    }

    async fn whole(&mut self) -> Result<RawPage, Error> {
        let received = self.draft.receive(None).await?;
        self.is_over = true;
        let (mut page, _) = self.read(received)?;
        page.failure = self.short_of_total(&page, page.items.len() as u64);
        Ok(page)
    }

    /// Returns the error of a list that ends short of the vendor's total.
    fn short_of_total(&self, page: &RawPage, reached: u64) -> Option<Error> {
        let total = self.total.filter(|total| self.is_whole && reached < *total)?;
        let note = format!("the list ended after {reached} of {total} items");
        Some(page.received.clone().error(ErrorKind::Pagination).note(note))
    }

    /// Returns the items and the total of a page, and the JSON that is left of the
    /// response.
    fn read(&mut self, received: Received) -> Result<(RawPage, Value), Error> {
        let (items, total, value) = match read(self.paging, &received) {
            Ok(read) => read,
            Err(note) => {
                self.is_over = true;
                return Err(received.undecodable(note));
            }
        };
        self.total = match (self.total, total) {
            (Some(known), Some(total)) => Some(known.min(total)),
            (known, total) => total.or(known),
        };
        Ok((RawPage { items, next: None, total, received, failure: None }, value))
    }
}

impl Received {
    /// Decodes one page.
    pub(crate) fn page<T: Json>(self) -> Result<Reply<Page<T>>, Error> {
        let Some(paging) = self.row.and_then(|row| row.paging.as_ref()) else {
            return Err(self.undecodable("the operation is not a list".to_owned()));
        };
        let (raw, total, value) = match read(paging, &self) {
            Ok(read) => read,
            Err(note) => return Err(self.undecodable(note)),
        };
        let count = raw.len();
        let next = match linked::next(paging, &self, &value, count) {
            Ok(next) => next.or_else(|| counted::next(paging, self.place.as_deref(), count, total)),
            Err(why) => return Err(self.error(ErrorKind::Pagination).note(why)),
        };
        let Rows { items, unread, misfits } = rows(&raw, json::read_item::<T>);
        // An unread list would look like an empty one.
        if let Some(first) = unread.first().filter(|_| items.is_empty()) {
            return Err(self.undecodable(json::unexpected(first)));
        }
        let page = Page { items, unread, next, total };
        Ok(Reply::new(page, self.parts).with_misfits(misfits))
    }
}

/// Returns the items of a page, the vendor's total, and the JSON that is left of the
/// response. A list in an undocumented place is an error, because it would read as empty.
fn read(paging: &Paging, received: &Received) -> Result<(Vec<Bytes>, Option<u64>, Value), String> {
    let is_nothing = received.parts.raw.trim_ascii().is_empty();
    let is_optional = received.row.is_some_and(|row| row.accept.is_some())
        && received.parts.status.as_u16() == 204;
    if is_nothing && (is_optional || matches!(paging.style, Style::Whole)) {
        return Ok((Vec::new(), None, Value::Null));
    }
    let at_total = match paging.total {
        Total::At(pointer) => Some(pointer),
        _ => None,
    };
    let wanted: Vec<&str> =
        paging.next.iter().chain(paging.more).copied().chain(at_total).collect();
    let mut page = json::envelope(received.body(), paging.items, &wanted)?;
    let mut found = None;
    for pointer in paging.items {
        match page.value.pointer(pointer) {
            Some(Value::Array(_)) => {
                found = Some((*pointer, page.take(pointer)));
                break;
            }
            // Some servers send an empty list as `null`.
            Some(Value::Null) => found = Some((*pointer, Vec::new())),
            _ => {}
        }
    }
    let value = page.value;
    let found =
        found.or_else(|| empty_container(paging, &value).map(|pointer| (pointer, Vec::new())));
    let place = paging.items.first().copied().unwrap_or_default().trim_start_matches('/');
    let (at, items) = found.ok_or_else(|| match place {
        "" => "unexpected response body: not a list".to_owned(),
        place => format!("unexpected response body: `{place}` is not a list"),
    })?;
    let raw = &received.parts.raw;
    let skipped = raw.len().saturating_sub(raw.trim_ascii_start().len());
    let items = items.into_iter().map(|item| {
        let item = item.start.saturating_add(skipped)..item.end.saturating_add(skipped);
        raw.get(item.clone()).map(|_| raw.slice(item)).unwrap_or_default()
    });
    let items = items.collect();
    let total = match paging.total {
        Total::Unknown => None,
        Total::Header(name) => received
            .parts
            .headers
            .get(name)
            .and_then(|total| total.to_str().ok()?.trim().parse().ok()),
        // Of several containers, the one with the items has the total.
        Total::At(pointer) => value
            .pointer(pointer)
            .or_else(|| beside(&value, at, name_of_total(paging)?))
            .and_then(|total| match total {
                Value::String(text) => text.parse().ok(),
                total => total.as_u64().or_else(|| whole(total.as_f64()?)),
            }),
    };
    Ok((items, total, value))
}

/// Returns the place of a list that its container omits because it is empty. Only a
/// vendor with several containers does so; a container with other fields than the total
/// is not taken for one.
fn empty_container(paging: &Paging, value: &Value) -> Option<&'static str> {
    let has_several = paging.items.len() > 1;
    paging.items.iter().copied().filter(|_| has_several).find(|pointer| {
        let container =
            pointer.rsplit_once('/').and_then(|(around, _)| value.pointer(around)?.as_object());
        container.is_some_and(|fields| {
            fields.keys().all(|name| Some(name.as_str()) == name_of_total(paging))
        })
    })
}

fn name_of_total(paging: &Paging) -> Option<&'static str> {
    match paging.total {
        Total::At(pointer) => pointer.rsplit('/').next(),
        _ => None,
    }
}

/// Returns a field in the container of the list at this place.
fn beside<'a>(value: &'a Value, list: &str, name: &str) -> Option<&'a Value> {
    let (around, _) = list.rsplit_once('/')?;
    value.pointer(around)?.get(name)
}

/// Reads a count that came with a fraction of zero.
fn whole(number: f64) -> Option<u64> {
    ((0.0..9.0e15).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}

/// Returns a hash that identifies an item: of its id or, if it has none, of itself.
fn identity(paging: &Paging, item: &[u8]) -> u64 {
    match json::read_at::<Value>(item, paging.id) {
        Ok((Value::String(id), _)) => hash(&id),
        Ok((other, _)) => hash(&other.to_string()),
        Err(_) => hash(&String::from_utf8_lossy(item)),
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
