//! The actions of a reviewer on a document.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::problem::{Refused, invalid, refuse_as};
use super::{REVIEWER, State, changed, check, written};
use crate::call::Vendor;
use crate::sandbox::respond::{set, text};
use crate::sandbox::server::{Backend, lock};

const ACTIONS: [&str; 6] =
    ["acceptance", "matches", "rejection", "review", "start-review", "stop-review"];

pub(super) async fn act(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path((id, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !ACTIONS.contains(&action.as_str()) {
        return refuse_as(404, "No such path");
    }
    let mut state = lock(&shared.state);
    let Some(document) = state.find(&id) else {
        return refuse_as(404, "No such document");
    };
    let takes_body = matches!(action.as_str(), "matches" | "rejection");
    let body = match serde_json::from_slice::<Value>(&body) {
        _ if !takes_body => Value::Null,
        Ok(body) => body,
        Err(_) => return refuse_as(400, "The body is not JSON"),
    };
    if text(document, "/status") == "archived" {
        return invalid(&[("status".to_owned(), "The document is archived")]);
    }
    let refused = match action.as_str() {
        "matches" => check::matches(&body, text(document, "/documentType")),
        "rejection" => check::rejection(&body),
        _ => Refused::new(),
    };
    if !refused.is_empty() {
        return invalid(&refused);
    }
    let now = shared.now_text();
    if action == "matches" {
        overwrite(document, body);
        changed(document, &now);
        return written(204, None, &mut state, &headers);
    }
    decide(document, &action, &body, &now);
    changed(document, &now);
    let document = document.clone();
    if action == "acceptance" {
        archive_siblings(&mut state, &document, &now);
    }
    shared.decided(Vendor::Rebilly, &id, &action);
    written(201, Some(&document), &mut state, &headers)
}

fn decide(document: &mut Value, action: &str, body: &Value, now: &str) {
    let (id, name) = REVIEWER;
    let reviewer = [("reviewerId", json!(id)), ("reviewerName", json!(name))];
    match action {
        "start-review" => {
            set(document, reviewer);
            set(document, [("reviewStartTime", json!(now))]);
        }
        "stop-review" => {
            let members = ["reviewerId", "reviewerName", "reviewStartTime"];
            set(document, members.map(|name| (name, Value::Null)));
        }
        _ => {
            set(document, reviewer);
            set(document, [("reviewTime", json!(now))]);
        }
    }
    match action {
        "acceptance" => {
            set(document, [("status", json!("accepted")), ("rejectionReason", Value::Null)])
        }
        "rejection" => {
            let members =
                ["type", "message"].into_iter().filter_map(|name| Some((name, body.get(name)?)));
            let reason = members.map(|(name, value)| (name.to_owned(), value.clone())).collect();
            set(
                document,
                [("status", json!("rejected")), ("rejectionReason", Value::Object(reason))],
            );
        }
        _ => {}
    }
}

/// Replaces the fields of the automatic reading that a reviewer's reading has.
fn overwrite(document: &mut Value, reading: Value) {
    if document.get("documentMatches").is_none_or(Value::is_null) {
        set(
            document,
            [("documentMatches", json!({ "version": "2.0", "checkList": null, "data": {} }))],
        );
    }
    let data = document.pointer_mut("/documentMatches/data").and_then(Value::as_object_mut);
    if let (Some(data), Value::Object(reading)) = (data, reading) {
        data.extend(reading.into_iter().filter(|(name, _)| name != "type"));
    }
}

/// Archives the customer's other documents of the same type that no one has decided,
/// claimed or reviewed.
fn archive_siblings(state: &mut State, accepted: &Value, now: &str) {
    let is_same = |other: &Value, name: &str| other.get(name) == accepted.get(name);
    for other in &mut state.documents {
        let is_sibling =
            is_same(other, "customerId") && is_same(other, "documentType") && !is_same(other, "id");
        let is_undecided = matches!(text(other, "/status"), "pending" | "in-progress");
        let is_untouched = ["reviewerId", "reviewTime"]
            .iter()
            .all(|name| other.get(*name).is_none_or(Value::is_null));
        if is_sibling && is_undecided && is_untouched {
            set(other, [("status", json!("archived"))]);
            changed(other, now);
        }
    }
}
