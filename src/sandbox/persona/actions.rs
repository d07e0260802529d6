//! The operations.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::selection::Selection;
use super::{State, numbered};
use crate::call::Vendor;
use crate::sandbox::respond::text;
use crate::sandbox::server::Shared;
use crate::value::id::encode_segment;

/// The status and body of a success, or a refusal.
pub(super) type Outcome = Result<(u16, Value), Refusal>;

/// The maximum number of sessions of an inquiry, including expired ones.
const MOST_SESSIONS: usize = 25;

/// Carries out a request. A refused one changes nothing.
pub(super) fn perform(state: &mut State, call: &Call, shared: &Shared) -> Outcome {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), path.as_slice()) {
        ("GET", ["inquiries", id]) => read(state, call, "inquiry", id),
        ("POST", ["inquiries", id, action @ ("approve" | "decline" | "mark-for-review")]) => {
            decide(state, call, shared, id, action)
        }
        ("GET", ["inquiry-sessions"]) => list(state, call),
        ("POST", ["inquiry-sessions"]) => create(state, call, shared),
        ("POST", ["inquiry-sessions", "expire-all"]) => expire_all(state, call, shared),
        ("GET", ["inquiry-sessions", id]) => read(state, call, "inquiry-session", id),
        ("POST", ["inquiry-sessions", id, "expire"]) => expire(state, call, shared, id),
        ("POST", ["inquiry-sessions", id, "generate-one-time-link"]) => {
            link(state, call, shared, id)
        }
        _ => Err(Refusal::new(404, "Not found", "No such path")),
    }
}

fn read(state: &State, call: &Call, kind: &str, id: &str) -> Outcome {
    let selection = Selection::read(call, kind)?;
    state.find(kind, id).ok_or_else(Refusal::not_found)?;
    Ok((200, selection.document(state, id)))
}

fn decide(state: &mut State, call: &Call, shared: &Shared, id: &str, action: &str) -> Outcome {
    let selection = Selection::read(call, "inquiry")?;
    let inquiry = state.find("inquiry", id).ok_or_else(Refusal::not_found)?;
    let comment = match call.body.pointer("/meta/comment") {
        Some(comment @ Value::String(_)) if action != "mark-for-review" => Some(comment.clone()),
        None | Some(Value::Null) => None,
        _ if action == "mark-for-review" => None,
        Some(_) => return Err(Refusal::unprocessable("comment must be a string", "/meta/comment")),
    };
    if matches!(text(inquiry, "/attributes/status"), "approved" | "declined") {
        return Err(Refusal::conflict("The inquiry is already decided"));
    }
    let (status, time) = match action {
        "approve" => ("approved", "decisioned-at"),
        "decline" => ("declined", "decisioned-at"),
        _ => ("needs_review", "marked-for-review-at"),
    };
    let now = json!(shared.now_text());
    state.change(id, [("status", json!(status)), (time, now.clone()), ("updated-at", now)]);
    if let Some(comment) = comment {
        state.change(id, [("reviewer-comment", comment)]);
    }
    shared.decided(Vendor::Persona, id, action);
    Ok((200, selection.document(state, id)))
}

fn create(state: &mut State, call: &Call, shared: &Shared) -> Outcome {
    let selection = Selection::read(call, "inquiry-session")?;
    let pointer = "/data/attributes/inquiry-id";
    let Some(id) = call.body.pointer(pointer).and_then(Value::as_str) else {
        return Err(Refusal::missing(pointer));
    };
    let inquiry = state.find("inquiry", id).ok_or_else(Refusal::not_found)?;
    if !matches!(text(inquiry, "/attributes/status"), "created" | "pending") {
        return Err(Refusal::conflict("The inquiry must be created or pending"));
    }
    let sessions = inquiry
        .pointer("/relationships/sessions/data")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    if sessions >= MOST_SESSIONS {
        return Err(Refusal::unprocessable("The inquiry already has 25 sessions", pointer));
    }
    let session = state.add_session(shared, id, "new");
    Ok((201, selection.document(state, &session)))
}

fn expire(state: &mut State, call: &Call, shared: &Shared, id: &str) -> Outcome {
    let selection = Selection::read(call, "inquiry-session")?;
    let session = state.find("inquiry-session", id).ok_or_else(Refusal::not_found)?;
    if text(session, "/attributes/status") == "expired" {
        return Err(Refusal::conflict("The session is already expired"));
    }
    state.expire_session(id, &shared.now_text());
    shared.decided(Vendor::Persona, id, "expire");
    Ok((200, selection.document(state, id)))
}

fn expire_all(state: &mut State, call: &Call, shared: &Shared) -> Outcome {
    let selection = Selection::read(call, "inquiry-session")?;
    let pointer = "/meta/inquiry-ids";
    let ids = call.body.pointer(pointer).and_then(Value::as_array).filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| Refusal::missing(pointer))?;
    let mut ended: Vec<String> = Vec::new();
    for id in ids {
        let id = id.as_str().unwrap_or_default();
        if state.find("inquiry", id).is_none() {
            return Err(Refusal::unprocessable("An inquiry is unknown", pointer));
        }
        for session in state.open_sessions(id) {
            if !ended.contains(&session) {
                ended.push(session);
            }
        }
    }
    for id in &ended {
        state.expire_session(id, &shared.now_text());
        shared.decided(Vendor::Persona, id, "expire-all");
    }
    Ok((200, selection.documents(state, &ended)))
}

fn link(state: &State, call: &Call, shared: &Shared, id: &str) -> Outcome {
    let selection = Selection::read(call, "inquiry-session")?;
    let session = state.find("inquiry-session", id).ok_or_else(Refusal::not_found)?;
    if text(session, "/attributes/status") == "expired" {
        return Err(Refusal::conflict("The session is expired"));
    }
    let code = numbered(shared, "once");
    let mut document = selection.document(state, id);
    let meta = json!({
        "one-time-link": format!("https://inquiry.example.test/enter?code={code}"),
        "one-time-link-short": format!("https://short.example.test/{code}")
    });
    crate::sandbox::respond::set(&mut document, [("meta", meta)]);
    Ok((200, document))
}

fn list(state: &State, call: &Call) -> Outcome {
    if call.parameter("include").is_some() {
        return Err(Refusal::bad_request("include cannot be used on a list"));
    }
    let size = match call.parameter("page[size]").map(str::parse::<usize>) {
        None => 10,
        Some(Ok(size @ 1..=100)) => size,
        Some(_) => return Err(Refusal::bad_request("page[size] must be a number from 1 to 100")),
    };
    let wanted = call.parameter("filter[inquiry-id]");
    let is_wanted = |session: &&Value| {
        let inquiry = text(session, "/relationships/inquiry/data/id");
        text(session, "/type") == "inquiry-session" && wanted.is_none_or(|wanted| wanted == inquiry)
    };
    // Ids are numbered, so the last is the newest.
    let sessions: Vec<&Value> = state.resources.values().rev().filter(is_wanted).collect();
    let place = |cursor: &str| {
        let found = sessions.iter().position(|session| text(session, "/id") == cursor);
        found.ok_or_else(|| Refusal::bad_request("the cursor must name a session of this list"))
    };
    let (start, count) = match (call.parameter("page[after]"), call.parameter("page[before]")) {
        (None, None) => (0, size),
        (Some(after), None) => (place(after)?.saturating_add(1), size),
        (None, Some(before)) => {
            let end = place(before)?;
            let start = end.saturating_sub(size);
            (start, end.saturating_sub(start))
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::bad_request("page[after] and page[before] exclude each other"));
        }
    };
    let rows: Vec<&Value> = sessions.iter().skip(start).take(count).copied().collect();
    let link = |side: &str, row: Option<&&Value>| {
        let filter = wanted
            .map(|id| format!("&filter%5Binquiry-id%5D={}", encode_segment(id)))
            .unwrap_or_default();
        let cursor = text(row?, "/id");
        Some(format!(
            "/api/v1/inquiry-sessions?page%5B{side}%5D={cursor}&page%5Bsize%5D={size}{filter}"
        ))
    };
    let has_next = start.saturating_add(rows.len()) < sessions.len();
    let links = json!({
        "prev": link("before", rows.first().filter(|_| start > 0)),
        "next": link("after", rows.last().filter(|_| has_next))
    });
    Ok((200, json!({ "data": rows, "links": links })))
}
