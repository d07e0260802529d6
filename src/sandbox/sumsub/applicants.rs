//! Applicants: approve, reject, send back, reset.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::super::respond::{json as answer, set, text};
use super::super::server::{Backend, Shared, lock};
use super::{State, now, object, refuse_as, texts};
use crate::call::Vendor;

/// The steps known to be resettable.
const RESETTABLE: [&str; 5] =
    ["APPLICANT_DATA", "COMPANY_DATA", "COMPANY_DOCUMENTS", "IDENTITY", "PHONE_VERIFICATION"];
const MOST_TAGS: usize = 30;

fn unknown(shared: &Shared) -> Response {
    refuse_as(shared, 404, "No such applicant")
}

pub(super) async fn read(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    match lock(&shared.state).applicants.get(&id) {
        Some(applicant) => answer(200, applicant),
        None => unknown(&shared),
    }
}

pub(super) async fn status(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    match lock(&shared.state).applicants.get(&id).and_then(|applicant| applicant.get("review")) {
        Some(review) => answer(200, review),
        None => unknown(&shared),
    }
}

pub(super) async fn approve(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    decide(&shared, &id, "approve", &body)
}

pub(super) async fn reject(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    decide(&shared, &id, "reject", &body)
}

pub(super) async fn init(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    decide(&shared, &id, "init", &body)
}

fn decide(shared: &Backend<State>, id: &str, action: &str, body: &[u8]) -> Response {
    let mut state = lock(&shared.state);
    let Some(applicant) = state.applicants.get_mut(id) else {
        return unknown(shared);
    };
    let Some(body) = object(body) else {
        return refuse_as(shared, 400, "The body must be a JSON object");
    };
    match (action, body.get("reasons")) {
        ("approve", Some(_)) => return refuse_as(shared, 409, "An approval takes no reasons"),
        ("approve", None) => {}
        (_, reasons) if reasons.is_none_or(|reasons| !are_reasons(reasons)) => {
            return refuse_as(shared, 400, "The reasons must be lists of strings by group");
        }
        _ => {}
    }
    let Some(tags) = annotations(&body, applicant) else {
        return refuse_as(shared, 400, "The note must be a string, the tags a list of strings");
    };
    if tags.len() > MOST_TAGS {
        return refuse_as(shared, 400, "The applicant has too many tags");
    }
    if !tags.is_empty() {
        set(applicant, [("tags", json!(tags))]);
    }
    let took_effect = match (action, applicant.get_mut("review")) {
        ("approve", Some(review)) => complete(review, json!({ "reviewAnswer": "GREEN" }), shared),
        ("reject", Some(review)) => {
            let labels = ["EXTERNAL_DECISION_REJECTION"];
            let result = json!({
                "reviewAnswer": "RED", "reviewRejectType": "FINAL", "rejectLabels": labels
            });
            complete(review, result, shared)
        }
        ("init", Some(review)) if text(review, "/reviewStatus") == "onHold" => reopen(review),
        _ => false,
    };
    if took_effect {
        shared.decided(Vendor::Sumsub, id, action);
    }
    answer(200, applicant)
}

/// Returns whether a value holds reasons by group: one group at least, each with at least
/// one reason.
fn are_reasons(reasons: &Value) -> bool {
    let groups = reasons.as_object();
    groups.is_some_and(|groups| {
        !groups.is_empty()
            && groups.values().all(|group| texts(group).is_some_and(|group| !group.is_empty()))
    })
}

/// Returns the applicant's tags with those of the body, or none if note or tags are
/// malformed.
fn annotations(body: &Map<String, Value>, applicant: &Value) -> Option<Vec<String>> {
    if body.get("note").is_some_and(|note| !note.is_string()) {
        return None;
    }
    let mut tags = applicant.get("tags").and_then(texts).unwrap_or_default();
    if let Some(more) = body.get("tags") {
        for tag in texts(more)? {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    Some(tags)
}

fn complete(review: &mut Value, result: Value, shared: &Shared) -> bool {
    let date = json!(now(shared));
    set(
        review,
        [("reviewStatus", json!("completed")), ("reviewDate", date), ("reviewResult", result)],
    );
    true
}

fn reopen(review: &mut Value) -> bool {
    set(review, [("reviewStatus", json!("init"))]);
    if let Value::Object(review) = review {
        review.remove("reviewResult");
        review.remove("reviewDate");
    }
    true
}

pub(super) async fn reset(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
) -> Response {
    start_over(&shared, &id, "reset")
}

pub(super) async fn reset_step(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path((id, step)): Path<(String, String)>,
) -> Response {
    if !RESETTABLE.contains(&step.as_str()) {
        return refuse_as(&shared, 400, "The step cannot be reset");
    }
    start_over(&shared, &id, "resetStep")
}

fn start_over(shared: &Backend<State>, id: &str, action: &str) -> Response {
    let mut state = lock(&shared.state);
    let Some(review) =
        state.applicants.get_mut(id).and_then(|applicant| applicant.get_mut("review"))
    else {
        return unknown(shared);
    };
    if matches!(text(review, "/reviewStatus"), "pending" | "prechecked" | "queued") {
        return refuse_as(shared, 409, "The applicant is being checked");
    }
    reopen(review);
    shared.decided(Vendor::Sumsub, id, action);
    answer(200, &json!({ "ok": 1 }))
}
