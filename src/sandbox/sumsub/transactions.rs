//! Transactions: decisions, tags, notes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::super::respond::{empty, json as answer, set, text};
use super::super::server::{Backend, Shared, lock};
use super::{State, next_id, now, object, refuse_as, texts};
use crate::call::Vendor;

/// The tags in the account's settings.
pub(super) const KNOWN_TAGS: [&str; 4] = ["Anomaly high", "Anomaly med", "Reviewed", "Structuring"];

fn unknown(shared: &Shared) -> Response {
    refuse_as(shared, 404, "No such transaction")
}

pub(super) async fn read(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    match lock(&shared.state).transactions.get(&id) {
        Some(transaction) => answer(200, transaction),
        None => unknown(&shared),
    }
}

pub(super) async fn review(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let mut state = lock(&shared.state);
    let Some(transaction) = state.transactions.get_mut(&id) else {
        return unknown(&shared);
    };
    let Some(result) = object(&body).and_then(|body| review_result(&body)) else {
        return refuse_as(&shared, 400, "The body is not a review");
    };
    let action =
        if result.get("reviewAnswer") == Some(&json!("GREEN")) { "approve" } else { "reject" };
    if let Some(review) = transaction.get_mut("review") {
        let date = json!(now(&shared));
        set(
            review,
            [("reviewStatus", json!("completed")), ("reviewDate", date), ("reviewResult", result)],
        );
    }
    shared.decided(Vendor::Sumsub, &id, action);
    answer(200, transaction)
}

/// Returns the review result that a body sets, or none if the body is invalid.
fn review_result(body: &Map<String, Value>) -> Option<Value> {
    let review_answer = match body.get("reviewAnswer") {
        None => "GREEN",
        Some(answer) => answer.as_str().filter(|answer| matches!(*answer, "GREEN" | "RED"))?,
    };
    let mut result = Map::from_iter([("reviewAnswer".to_owned(), json!(review_answer))]);
    if let Some(labels) = body.get("rejectLabels") {
        result.insert("rejectLabels".to_owned(), json!(texts(labels)?));
    }
    for name in ["reviewRejectType", "clientComment", "moderationComment"] {
        match body.get(name) {
            None | Some(Value::Null) => {}
            Some(value) => {
                result.insert(name.to_owned(), json!(value.as_str()?));
            }
        }
    }
    Some(Value::Object(result))
}

pub(super) async fn list_tags(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    match lock(&shared.state).transactions.get_mut(&id) {
        Some(transaction) => answer(200, &json!(tags(transaction))),
        None => unknown(&shared),
    }
}

pub(super) async fn add_tags(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let mut state = lock(&shared.state);
    let Some(transaction) = state.transactions.get_mut(&id) else {
        return unknown(&shared);
    };
    let Some(names) = names(&body) else {
        return refuse_as(&shared, 400, "The body must be a list of tags");
    };
    if !names.iter().all(|name| KNOWN_TAGS.contains(&name.as_str())) {
        return refuse_as(&shared, 400, "A tag is not in the account's settings");
    }
    let mut tags = tags(transaction);
    for name in names {
        if !tags.iter().any(|tag| text(tag, "/label") == name) {
            tags.push(json!({ "label": name, "type": "userDefined" }));
        }
    }
    set(transaction, [("typedTags", json!(tags))]);
    answer(200, &json!(tags))
}

pub(super) async fn remove_tags(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let mut state = lock(&shared.state);
    let Some(transaction) = state.transactions.get_mut(&id) else {
        return unknown(&shared);
    };
    let Some(names) = names(&body) else {
        return refuse_as(&shared, 400, "The body must be a list of tags");
    };
    let mut tags = tags(transaction);
    tags.retain(|tag| !names.iter().any(|name| text(tag, "/label") == name));
    set(transaction, [("typedTags", json!(tags))]);
    if tags.is_empty() { empty(204) } else { answer(200, &json!(tags)) }
}

fn names(body: &[u8]) -> Option<Vec<String>> {
    texts(&serde_json::from_slice(body).ok()?)
}

fn tags(transaction: &Value) -> Vec<Value> {
    transaction.get("typedTags").and_then(Value::as_array).cloned().unwrap_or_default()
}

pub(super) async fn list_notes(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    let state = lock(&shared.state);
    if !state.transactions.contains_key(&id) {
        return unknown(&shared);
    }
    let notes = state.notes.get(&id).map(Vec::as_slice).unwrap_or_default();
    answer(200, &json!({ "list": { "items": notes, "totalItems": notes.len() } }))
}

pub(super) async fn add_note(Shares(shared): Shares<Arc<Backend<State>>>, body: Bytes) -> Response {
    let Some(wanted) = object(&body).and_then(Wanted::of) else {
        return refuse_as(&shared, 400, "The body is not a note");
    };
    let Some(note) = wanted.note else {
        return refuse_as(&shared, 400, "The note must have a text");
    };
    let mut state = lock(&shared.state);
    if !state.transactions.contains_key(&wanted.transaction) {
        return unknown(&shared);
    }
    let mut made = json!({
        "id": next_id(&shared, "67"), "txnId": wanted.transaction, "note": note,
        "createdAt": now(&shared), "createdBy": "service-example"
    });
    if let Some(tags) = wanted.tags {
        set(&mut made, [("tags", json!(tags))]);
    }
    state.notes.entry(wanted.transaction).or_default().push(made.clone());
    answer(200, &made)
}

pub(super) async fn update_note(
    Shares(shared): Shares<Arc<Backend<State>>>,
    body: Bytes,
) -> Response {
    let Some(wanted) = object(&body).and_then(Wanted::of) else {
        return refuse_as(&shared, 400, "The body is not a note");
    };
    let (Some(id), Some(text)) = (wanted.id, wanted.note) else {
        return refuse_as(&shared, 400, "The note must have an id and a text");
    };
    let mut state = lock(&shared.state);
    let notes = state.notes.get_mut(&wanted.transaction);
    let Some(note) = notes.and_then(|notes| notes.iter_mut().find(|note| has_id(note, &id))) else {
        return refuse_as(&shared, 404, "No such note");
    };
    set(note, [("note", json!(text))]);
    if let Some(tags) = wanted.tags {
        set(note, [("tags", json!(tags))]);
    }
    answer(200, note)
}

pub(super) async fn remove_note(
    Shares(shared): Shares<Arc<Backend<State>>>,
    body: Bytes,
) -> Response {
    let wanted = object(&body).and_then(Wanted::of);
    let Some((transaction, id)) = wanted.and_then(|wanted| Some((wanted.transaction, wanted.id?)))
    else {
        return refuse_as(&shared, 400, "The body must name a note");
    };
    let mut state = lock(&shared.state);
    let notes = state.notes.get_mut(&transaction);
    let Some((notes, index)) = notes.and_then(|notes| {
        let index = notes.iter().position(|note| has_id(note, &id))?;
        Some((notes, index))
    }) else {
        return refuse_as(&shared, 404, "No such note");
    };
    notes.remove(index);
    answer(200, &json!({ "ok": 1 }))
}

fn has_id(note: &Value, id: &str) -> bool {
    text(note, "/id") == id
}

/// The fields of a request on notes.
struct Wanted {
    transaction: String,
    id: Option<String>,
    note: Option<String>,
    tags: Option<Vec<String>>,
}

impl Wanted {
    fn of(body: Map<String, Value>) -> Option<Self> {
        let member = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let tags = match body.get("tags") {
            None => None,
            Some(tags) => Some(texts(tags)?),
        };
        Some(Self { transaction: member("txnId")?, id: member("id"), note: member("note"), tags })
    }
}
