//! Lists of documents: filter, sort, page, embed.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State as Shares};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::State;
use super::document::linked;
use super::problem::refuse_as;
use crate::sandbox::respond::{self, set, text};
use crate::sandbox::server::{Backend, lock};
use crate::value::Timestamp;

pub(super) async fn list(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let number =
        |name: &str, default: usize| match query.get(name).map(|text| text.parse::<usize>()) {
            None => Some(default),
            Some(number) => number.ok().filter(|number| *number <= 1000),
        };
    let (Some(limit), Some(offset)) = (number("limit", 100), number("offset", 0)) else {
        return refuse_as(400, "limit and offset must be numbers from 0 to 1000");
    };
    let Some(conditions) =
        query.get("filter").map_or(Some(Vec::new()), |filter| conditions(filter))
    else {
        return refuse_as(400, "The filter must be field:value conditions joined by semicolons");
    };
    let state = lock(&shared.state);
    let fulfils = |document: &&Value| conditions.iter().all(|condition| condition.holds(document));
    let mut rows: Vec<&Value> = state.documents.iter().filter(fulfils).collect();
    for field in
        query.get("sort").map_or("", String::as_str).rsplit(',').filter(|field| !field.is_empty())
    {
        // The sort is stable, so the first field, sorted last, takes precedence.
        let name = field.trim_start_matches('-');
        rows.sort_by(|a, b| {
            let order = compare(&plain(a, name), &plain(b, name));
            if field.starts_with('-') { order.reverse() } else { order }
        });
    }
    let total = rows.len();
    let expand: Vec<&str> = query.get("expand").map_or("", String::as_str).split(',').collect();
    let page = rows.into_iter().skip(offset).take(limit);
    let page = page.map(|document| embed(linked(document, &headers), &expand)).collect();
    let response = respond::json(200, &Value::Array(page));
    let response = respond::header(response, "pagination-total", &total.to_string());
    let response = respond::header(response, "pagination-limit", &limit.to_string());
    respond::header(response, "pagination-offset", &offset.to_string())
}

fn embed(mut document: Value, expand: &[&str]) -> Value {
    let mut embedded = serde_json::Map::new();
    if expand.contains(&"customer") {
        let id = text(&document, "/customerId");
        let address = json!({ "firstName": "Ada", "lastName": "Example", "country": "CA" });
        embedded.insert("customer".to_owned(), json!({ "id": id, "primaryAddress": address }));
    }
    if expand.contains(&"files") {
        let ids = document.get("fileIds").and_then(Value::as_array).into_iter().flatten();
        let files =
            ids.map(|id| json!({ "id": id, "name": "document", "extension": "png" })).collect();
        embedded.insert("files".to_owned(), Value::Array(files));
    }
    if !embedded.is_empty() {
        set(&mut document, [("_embedded", Value::Object(embedded))]);
    }
    document
}

/// A condition of a filter: a field, the values of which one must match, and those of
/// which none may.
struct Condition {
    field: String,
    wanted: Vec<String>,
    excluded: Vec<String>,
}

/// Parses `field:value,value;field:!value;field:from..to`.
fn conditions(filter: &str) -> Option<Vec<Condition>> {
    let condition = |text: &str| {
        let (field, values) = text.split_once(':')?;
        let mut condition =
            Condition { field: field.to_owned(), wanted: Vec::new(), excluded: Vec::new() };
        for value in values.split(',') {
            let (list, value) = match value.strip_prefix('!') {
                Some(value) => (&mut condition.excluded, value),
                None => (&mut condition.wanted, value),
            };
            if value.is_empty() {
                return None;
            }
            list.push(value.to_owned());
        }
        (!field.is_empty()).then_some(condition)
    };
    filter.split(';').map(condition).collect()
}

impl Condition {
    fn holds(&self, document: &Value) -> bool {
        let actual = plain(document, &self.field);
        let is = |value: &String| {
            !actual.is_empty()
                && match value.split_once("..") {
                    Some((from, to)) => is_between(&actual, from, to),
                    None => compare(&actual, value) == Ordering::Equal,
                }
        };
        (self.wanted.is_empty() || self.wanted.iter().any(is)) && !self.excluded.iter().any(is)
    }
}

fn is_between(actual: &str, from: &str, to: &str) -> bool {
    (from.is_empty() || compare(actual, from) != Ordering::Less)
        && (to.is_empty() || compare(actual, to) != Ordering::Greater)
}

/// Returns a field as text, empty if it is absent, null or not a scalar.
fn plain(document: &Value, field: &str) -> String {
    match document.pointer(&format!("/{}", field.replace('.', "/"))) {
        Some(Value::String(text)) => text.clone(),
        Some(scalar @ (Value::Number(_) | Value::Bool(_))) => scalar.to_string(),
        _ => String::new(),
    }
}

/// Compares as numbers or as times if both texts are, otherwise as text in any case.
fn compare(one: &str, other: &str) -> Ordering {
    if let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>()) {
        return one.total_cmp(&other);
    }
    let instant =
        |text: &str| -> Option<DateTime<Utc>> { text.parse::<Timestamp>().ok()?.instant() };
    match (instant(one), instant(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.to_lowercase().cmp(&other.to_lowercase()),
    }
}
