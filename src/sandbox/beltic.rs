//! Beltic: sessions by status.
//!
//! Our choices where no public page says what the vendor does:
//! - A decision is accepted from `completed` and `marked_for_review`, as in the state
//!   diagram of the guide; from any other state the response is 409.
//! - Errors are JSON:API `errors`.
//! - An unknown id returns 404.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, Request, State as Shares};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::respond::{json as answer, set, text};
use super::server::{Backend, lock};
use super::{Core, Sandbox, Seed, respond};
use crate::beltic::types::{SessionId, SessionStatus};
use crate::beltic::{Beltic, BelticBuilder};
use crate::call::Vendor;

const API_KEY: &str = "sk_staging_sandbox";

/// Sessions by id.
#[derive(Default)]
pub(super) struct State {
    sessions: BTreeMap<String, Value>,
}

impl Sandbox {
    /// Returns a client with valid credentials for the sandbox's Beltic.
    #[must_use]
    pub fn beltic(&self) -> Beltic {
        self.beltic.clone()
    }

    /// Returns a builder with valid credentials for the sandbox's Beltic, on its clock.
    pub fn beltic_builder(&self) -> BelticBuilder {
        builder(&self.core)
    }
}

/// Returns a builder with valid credentials, on the sandbox's clock.
pub(super) fn builder(core: &Core) -> BelticBuilder {
    Beltic::builder()
        .api_key(API_KEY)
        .base_url(core.base_url(Vendor::Beltic))
        .clock(core.clock())
        .limits([])
}

impl Seed<'_> {
    /// Adds a Beltic session of an invented person.
    #[must_use]
    pub fn beltic_session(&self, status: impl Into<SessionStatus>) -> SessionId {
        let id = format!("sess_01SANDBOX{:012}", self.backends.beltic.next());
        let (status, now) = (status.into(), self.backends.beltic.now_text());
        // A seeded session has entered its state just now.
        let when = |statuses: &[SessionStatus]| statuses.contains(&status).then_some(now.as_str());
        let session = json!({
            "id": id,
            "type": "session",
            "attributes": {
                "status": status, "creator_type": "system", "entity_type": "person",
                "person": {
                    "name": { "first": "Ada", "middle": null, "last": "Example" },
                    "birth_date": "1990-05-15"
                },
                "identity_numbers": {
                    "number": "X0000000", "issuing_country_code": "CA", "class": "passport"
                },
                "contact": { "email": "ada@example.test", "phone": null },
                "created_at": now, "updated_at": now,
                "decisioned_at": when(&[SessionStatus::Approved, SessionStatus::Declined]),
                "marked_for_review_at": when(&[SessionStatus::MarkedForReview]),
                "expired_at": when(&[SessionStatus::Expired])
            },
            "relationships": {
                "account": { "data": { "type": "account", "id": "acc_01SANDBOX" } },
                "documents": { "data": [] },
                "session_devices": { "data": [] },
                "verifications": { "data": [] }
            }
        });
        lock(&self.backends.beltic.state).sessions.insert(id.clone(), session);
        SessionId::made_here(id)
    }
}

pub(super) fn router(shared: Arc<Backend<State>>) -> Router {
    Router::new()
        .route("/v1/identity/sessions", get(list))
        .route("/v1/identity/sessions/{id}", get(read))
        .route("/v1/identity/sessions/{id}/{action}", post(decide))
        .fallback(|| async { refuse_as(404, "not_found", "No such path") })
        .layer(from_fn_with_state(shared.clone(), authenticate))
        .with_state(shared)
}

/// Returns an error response in Beltic's format.
pub(super) fn refuse(status: u16, wait: Option<Duration>, _: &Backend<State>) -> Response {
    let response = refuse_as(status, "sandbox_fault", "A fault of the sandbox");
    match wait {
        Some(wait) => respond::header(response, "retry-after", &wait.as_secs().to_string()),
        None => response,
    }
}

fn refuse_as(status: u16, code: &str, title: &str) -> Response {
    answer(
        status,
        &json!({ "errors": [{ "status": status.to_string(), "code": code, "title": title }] }),
    )
}

async fn authenticate(
    Shares(_): Shares<Arc<Backend<State>>>,
    request: Request,
    next: Next,
) -> Response {
    if request.headers().get("x-api-key").is_none_or(|key| key != API_KEY) {
        return refuse_as(401, "unauthorized", "The API key is missing or unknown");
    }
    next.run(request).await
}

async fn list(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let size: usize = match query.get("page[size]").map(|size| size.parse::<usize>()) {
        None => 15,
        Some(Ok(size @ 1..=100)) => size,
        Some(_) => {
            return refuse_as(
                400,
                "validation_failed",
                "page[size] must be a number from 1 to 100",
            );
        }
    };
    let state = lock(&shared.state);
    let after = query.get("page[after]").map_or("", String::as_str);
    let wanted = query.get("filter[status]");
    let matches = |session: &&Value| {
        wanted.is_none_or(|status| text(session, "/attributes/status") == status)
    };
    let later = state
        .sessions
        .range::<str, _>((std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded));
    let mut rows: Vec<&Value> =
        later.map(|(_, session)| session).filter(matches).take(size.saturating_add(1)).collect();
    let has_next = rows.len() > size;
    rows.truncate(size);
    let ends = json!({
        "start": rows.first().map(|row| text(row, "/id")),
        "end": rows.last().map(|row| text(row, "/id"))
    });
    let page =
        json!({ "cursors": ends, "hasNextPage": has_next, "hasPreviousPage": !after.is_empty() });
    answer(200, &json!({ "data": rows, "meta": { "page": page }, "links": {} }))
}

async fn read(Shares(shared): Shares<Arc<Backend<State>>>, Path(id): Path<String>) -> Response {
    match lock(&shared.state).sessions.get(&id) {
        Some(session) => answer(200, &json!({ "data": session, "meta": {}, "links": {} })),
        None => refuse_as(404, "not_found", "No such session"),
    }
}

async fn decide(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path((id, action)): Path<(String, String)>,
) -> Response {
    let mut state = lock(&shared.state);
    let Some(session) = state.sessions.get_mut(&id) else {
        return refuse_as(404, "not_found", "No such session");
    };
    let (status, time) = match action.as_str() {
        "decline" => ("declined", "decisioned_at"),
        "approve" => ("approved", "decisioned_at"),
        "mark-for-review" => ("marked_for_review", "marked_for_review_at"),
        "expire" => ("expired", "expired_at"),
        _ => return refuse_as(404, "not_found", "No such path"),
    };
    let allowed = match text(session, "/attributes/status") {
        "completed" => status != "expired",
        "marked_for_review" => matches!(status, "approved" | "declined"),
        "created" | "started" => status == "expired",
        _ => false,
    };
    if !allowed {
        return refuse_as(409, "invalid_state", "The session's state does not allow this");
    }
    let now = shared.now_text();
    if let Some(attributes) = session.get_mut("attributes") {
        set(
            attributes,
            [("status", json!(status)), (time, json!(now)), ("updated_at", json!(now))],
        );
    }
    shared.decided(Vendor::Beltic, &id, &action);
    answer(200, &json!({ "data": session, "meta": {}, "links": {} }))
}
