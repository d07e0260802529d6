//! A list on the server's side: its items, its pages, and which page a request asks for.

use serde_json::{Map, Value, json};

use super::super::call::{Act, Case, Decoded, Lister, Operation};
use super::super::described::Described;
use super::super::server::{Response, Seen};
use super::super::{Walk, bodies};
use crate::support::sample::{Sampler, Way};
use kyc_review::Error;

/// A parameter of a link besides its cursor, which must be carried on.
const EXTRA: (&str, &str) = ("of[the]link", "k+é&");

/// The layout of one list.
#[derive(Clone)]
pub struct Listing {
    pub style: String,
    /// The vendor's response, without the items.
    template: Value,
    /// The pointer to the items.
    at: String,
    item: Value,
    /// An item with its required fields only.
    small: Value,
    id: String,
    next: Vec<String>,
    more: Vec<String>,
    pub total: Option<String>,
    /// The parameter that selects the page.
    pub parameter: String,
    first: usize,
    pub max_offset: Option<usize>,
    pub keyset: Option<(String, String, String)>,
    base: String,
}

impl Listing {
    pub fn of(walk: &Walk<'_>, described: &Described<'_>) -> Option<Self> {
        let pages = described.pages.as_ref()?;
        let mut template = Sampler::new(walk.document, Way::Whole).schema(pages.schema).json;
        let is_list = |at: &&str| template.pointer(at).is_some_and(Value::is_array);
        let at = pages
            .pointers("items")
            .into_iter()
            .find(is_list)
            .expect("no list where the marks say")
            .to_owned();
        let item = template.pointer_mut(&at).unwrap()[0].take();
        let required = Sampler::new(walk.document, Way::Required).schema(pages.schema).json;
        let small = required.pointer(&at).and_then(|items| items.get(0)).unwrap_or(&item).clone();
        let owned = |mark: &str| pages.pointers(mark).into_iter().map(str::to_owned).collect();
        let style = pages.style().to_owned();
        let parameter = match style.as_str() {
            "link" => "page[after]",
            "offset" => pages.text("offset").unwrap(),
            "page" => pages.text("page").unwrap(),
            "cursor" => pages.text("cursor").unwrap(),
            "whole" => "",
            other => panic!("a style {other}"),
        };
        Some(Self {
            parameter: parameter.to_owned(),
            style,
            template,
            at,
            item,
            small,
            id: pages.text("id").unwrap_or_default().to_owned(),
            next: owned("next"),
            more: owned("more"),
            total: pages.text("total").map(str::to_owned),
            first: pages.number("first").unwrap_or(1) as usize,
            max_offset: pages.number("max-offset").map(|most| most as usize),
            keyset: pages
                .keyset()
                .map(|(sort, filter, by)| (sort.to_owned(), filter.to_owned(), by.to_owned())),
            base: walk.base.clone(),
        })
    }

    pub fn is_linked(&self) -> bool {
        matches!(self.style.as_str(), "link" | "cursor")
    }

    pub fn is_counted(&self) -> bool {
        matches!(self.style.as_str(), "offset" | "page")
    }

    /// Whether any JSON is an item.
    pub fn is_free_form(&self) -> bool {
        self.item.get(crate::support::sample::CANARY).is_some()
    }

    /// An item unique to its number.
    pub fn item(&self, number: usize) -> Value {
        self.numbered(self.item.clone(), number)
    }

    fn numbered(&self, mut item: Value, number: usize) -> Value {
        if item.is_string() {
            return json!(format!("item-{number}"));
        }
        if !self.id.is_empty() {
            put(&mut item, &self.id, json!(format!("item-{number}")));
        } else if let Some(text) =
            item.as_object_mut().and_then(|it| it.values_mut().find(|it| it.is_string()))
        {
            *text = json!(format!("item-{number}"));
        }
        item
    }

    /// A small item, with a time if the list is walked by time.
    pub fn small_item(&self, number: usize, time: &str) -> Value {
        let mut item = self.numbered(self.small.clone(), number);
        if let Some((_, _, by)) = &self.keyset {
            item[by] = json!(time);
        }
        item
    }

    pub fn items(&self, numbers: std::ops::Range<usize>) -> Vec<Value> {
        numbers.map(|number| self.item(number)).collect()
    }

    /// What distinguishes an item from others.
    pub fn identity(&self, item: &Value) -> String {
        match item.pointer(&self.id).filter(|_| !self.id.is_empty()) {
            Some(id) => id.to_string(),
            None => item.to_string(),
        }
    }

    /// A page of these items, with a way to the page `next` if pages are linked.
    pub fn page(&self, items: &[Value], next: Option<usize>, total: Option<usize>) -> Response {
        let next = next.map(|next| match self.style.as_str() {
            "link" => self.link(&self.base, next),
            _ => format!("c{next}"),
        });
        self.page_before(items, next.as_deref(), total)
    }

    /// As `page`, with any text as the way to the next page.
    pub fn page_before(
        &self,
        items: &[Value],
        next: Option<&str>,
        total: Option<usize>,
    ) -> Response {
        let mut body = self.template.clone();
        *body.pointer_mut(&self.at).unwrap() = items.into();
        for (number, at) in self.next.iter().enumerate() {
            put(&mut body, at, next.filter(|_| number == 0).map_or(Value::Null, Value::from));
        }
        for at in &self.more {
            put(&mut body, at, json!(next.is_some()));
        }
        match (self.total.as_deref().map(|total| (total, total.strip_prefix("header:"))), total) {
            (Some((_, Some(header))), Some(total)) => {
                return Response::json(&body).with_header(header, total);
            }
            (Some((at, None)), Some(total)) => put(&mut body, at, json!(total)),
            (Some((at, None)), None) => put(&mut body, at, Value::Null),
            _ => {}
        }
        Response::json(&body)
    }

    /// A page that says that more follow, and not where; none where pages have no such
    /// flag.
    pub fn page_with_more_nowhere(&self, items: &[Value]) -> Option<Response> {
        let mut body = self.template.clone();
        *body.pointer_mut(&self.at).unwrap() = items.into();
        self.next.iter().for_each(|at| put(&mut body, at, Value::Null));
        self.more.iter().for_each(|at| put(&mut body, at, json!(true)));
        (!self.more.is_empty()).then(|| Response::json(&body))
    }

    /// A link to a page, from this base.
    pub fn link(&self, base: &str, number: usize) -> String {
        let encode = super::super::wire::encode;
        let (name, value) = EXTRA;
        format!("{base}/list?{}={}&page%5Bafter%5D=c{number}", encode(name), encode(value))
    }

    /// Whether a request has all that the link to it had.
    pub fn carries_on(&self, seen: &Seen) -> bool {
        self.style != "link"
            || self.asked(seen) == 0
            || seen.parameter(EXTRA.0).as_deref() == Some(EXTRA.1)
    }

    /// The page that is requested, from 0; for offsets, the number of items before it.
    pub fn asked(&self, seen: &Seen) -> usize {
        let Some(text) = seen.parameter(&self.parameter) else { return 0 };
        match self.style.as_str() {
            "page" => text.parse::<usize>().unwrap() - self.first,
            "offset" => text.parse().unwrap(),
            _ => text.strip_prefix('c').unwrap().parse().unwrap(),
        }
    }

    /// The requested page of these items, of this length.
    pub fn slice<'a, T>(&self, items: &'a [T], seen: &Seen, length: usize) -> &'a [T] {
        let start = match self.style.as_str() {
            "page" => self.asked(seen) * length,
            _ => self.asked(seen),
        };
        let start = start.min(items.len());
        &items[start..items.len().min(start + length)]
    }
}

/// A request for a list with what it requires.
pub fn case(walk: &Walk<'_>, described: &Described<'_>, act: Act) -> Case {
    Case { act, ..bodies::smallest(walk, described, &described.methods[0]) }
}

/// Identities up to the end or to an error.
pub async fn rest(list: &mut Box<dyn Lister>, listing: &Listing) -> (Vec<String>, Option<Error>) {
    let mut all = Vec::new();
    loop {
        match list.next().await {
            Ok(Some(Value::Array(items))) => {
                all.extend(items.iter().map(|item| listing.identity(item)))
            }
            Ok(Some(item)) => all.push(listing.identity(&item)),
            Ok(None) => return (all, None),
            Err(error) => return (all, Some(error)),
        }
    }
}

/// The first page, as awaiting the request returns it: identities, and the position of
/// the next page.
pub async fn first(
    walk: &Walk<'_>,
    operation: &Operation,
    case: &Case,
    listing: &Listing,
) -> (Vec<String>, Option<String>) {
    let outcome = operation.call(walk.clients, case).await.unwrap().unwrap();
    let Decoded::Page(items, next, _) = outcome.value else { panic!("no page") };
    (items.as_array().unwrap().iter().map(|item| listing.identity(item)).collect(), next)
}

/// Identities of items.
pub fn identities(listing: &Listing, items: &[Value]) -> Vec<String> {
    items.iter().map(|item| listing.identity(item)).collect()
}

fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut place = body;
    for name in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = place.as_object_mut().unwrap().entry(name).or_insert(Value::Null);
    }
    *place = value;
}
