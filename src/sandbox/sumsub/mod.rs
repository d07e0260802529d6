//! Sumsub: monitored transactions with tags and notes, and applicants.
//!
//! Our choices where no page speaks:
//! - Token, then time, then signature are looked at: 401 with the code 4000, 4004 or
//!   4003. Of 4000 only the number is public, so no name comes with it. The time is
//!   measured on the sandbox's clock, and 60 seconds either way are good.
//! - A write whose content type is not JSON answers 415, whether it has a body or not.
//! - A transaction can be decided in any state, a completed one too, and keeps the labels
//!   and comments that were sent.
//! - The account knows the tags of [`transactions::KNOWN_TAGS`]. A transaction without
//!   tags answers `[]`, and 204 after the last one was removed.
//! - Notes are listed as `{list: {items, totalItems}}`.
//! - Approve, reject and init are taken at once, also from `pending`; the vendor may
//!   answer 409 with `Retry-After` for a while.
//! - Init takes effect from `onHold`; otherwise it answers 200 and the status stays as it
//!   is.
//! - Reset and the reset of a step answer 409 while the applicant is `pending`,
//!   `prechecked` or `queued`. A step that is not known to be resettable answers 400. The
//!   reset of a step puts the review to `init`, for there is a step to go through.
//! - A fault's wait stands in `Retry-After`, in seconds.

mod applicants;
mod subjects;
mod transactions;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Shares};
use axum::http::{HeaderMap, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::respond::{self, json as answer};
use super::server::{Backend, Shared, lock};
use super::{Core, Sandbox, Seed};
use crate::call::Vendor;
use crate::sumsub::types::{ApplicantId, ReviewStatus, TransactionId};
use crate::sumsub::{Sumsub, SumsubBuilder, signature};

const APP_TOKEN: &str = "sbx:sandboxSandboxSandbox0000.sandboxSandboxSandboxSandbox0000";
const SECRET_KEY: &str = "sandboxSandboxSandboxSandbox0000";
/// How far the time of a request may be off, in seconds.
const TOLERANCE: i64 = 60;

/// Subjects by id.
#[derive(Default)]
pub(super) struct State {
    transactions: BTreeMap<String, Value>,
    /// The notes of each transaction, by its id.
    notes: BTreeMap<String, Vec<Value>>,
    applicants: BTreeMap<String, Value>,
}

impl Sandbox {
    /// A client that is known to the sandbox's Sumsub.
    #[must_use]
    pub fn sumsub(&self) -> Sumsub {
        self.sumsub.clone()
    }

    /// The same, to be changed before it is built.
    pub fn sumsub_builder(&self) -> SumsubBuilder {
        builder(&self.core)
    }
}

/// A builder that is known to the sandbox, on its clock.
pub(super) fn builder(core: &Core) -> SumsubBuilder {
    let builder = Sumsub::builder().app_token(APP_TOKEN).secret_key(SECRET_KEY);
    builder.base_url(core.base_url(Vendor::Sumsub)).clock(core.clock()).limits([])
}

impl Seed<'_> {
    /// A Sumsub transaction of an invented person, on hold.
    #[must_use]
    pub fn transaction(&self) -> TransactionId {
        let id = next_id(&self.backends.sumsub, "66");
        let transaction = subjects::transaction(&id, &self.backends.sumsub);
        lock(&self.backends.sumsub.state).transactions.insert(id.clone(), transaction);
        TransactionId::made_here(id)
    }

    /// A Sumsub applicant, an invented person. `completed` is an approved one, and
    /// `awaitingService` shows an answer that does not count yet, as the vendor does.
    #[must_use]
    pub fn applicant(&self, status: impl Into<ReviewStatus>) -> ApplicantId {
        let id = next_id(&self.backends.sumsub, "5f");
        let applicant = subjects::applicant(&id, &status.into(), &self.backends.sumsub);
        lock(&self.backends.sumsub.state).applicants.insert(id.clone(), applicant);
        ApplicantId::made_here(id)
    }
}

/// 24 hexadecimal digits.
fn next_id(shared: &Shared, prefix: &str) -> String {
    format!("{prefix}{:022x}", shared.next())
}

/// The sandbox's time as most dates of the vendor are written.
fn now(shared: &Shared) -> String {
    shared.clock.now().format("%Y-%m-%d %H:%M:%S+0000").to_string()
}

pub(super) fn router(shared: Arc<Backend<State>>) -> Router {
    Router::new()
        .route("/resources/kyt/txns/{id}/one", get(transactions::read))
        .route("/resources/kyt/txns/{id}/review/status/completed", post(transactions::review))
        .route(
            "/resources/kyt/txns/{id}/tags",
            get(transactions::list_tags)
                .post(transactions::add_tags)
                .delete(transactions::remove_tags),
        )
        .route("/resources/kyt/txns/{id}/notes", get(transactions::list_notes))
        .route(
            "/resources/kyt/txns/notes",
            post(transactions::add_note)
                .patch(transactions::update_note)
                .delete(transactions::remove_note),
        )
        .route("/resources/applicants/{id}/one", get(applicants::read))
        .route("/resources/applicants/{id}/status", get(applicants::status))
        .route("/resources/applicants/{id}/-/approve", post(applicants::approve))
        .route("/resources/applicants/{id}/-/reject", post(applicants::reject))
        .route("/resources/applicants/{id}/-/init", post(applicants::init))
        .route("/resources/applicants/{id}/reset", post(applicants::reset))
        .route("/resources/applicants/{id}/resetStep/{step}", post(applicants::reset_step))
        .fallback(|Shares(shared): Shares<Arc<Backend<State>>>| async move {
            refuse_as(&shared, 404, "No such path")
        })
        .method_not_allowed_fallback(|Shares(shared): Shares<Arc<Backend<State>>>| async move {
            refuse_as(&shared, 405, "The path has no such method")
        })
        .layer(from_fn_with_state(shared.clone(), authenticate))
        .with_state(shared)
}

/// An error answer in Sumsub's envelope.
pub(super) fn refuse(status: u16, wait: Option<Duration>, shared: &Backend<State>) -> Response {
    let response = refuse_as(shared, status, "A fault of the sandbox");
    match wait {
        Some(wait) => respond::header(response, "retry-after", &wait.as_secs().to_string()),
        None => response,
    }
}

/// Most errors have no number of their own.
fn refuse_as(shared: &Shared, status: u16, description: &str) -> Response {
    answer(status, &envelope(shared, status, description))
}

fn unauthorised(shared: &Shared, code: u16, name: Option<&str>, description: &str) -> Response {
    let mut body = envelope(shared, 401, description);
    respond::set(&mut body, [("errorCode", json!(code))]);
    if let Some(name) = name {
        respond::set(&mut body, [("errorName", json!(name))]);
    }
    answer(401, &body)
}

fn envelope(shared: &Shared, status: u16, description: &str) -> Value {
    let correlation = format!("{:032x}", shared.next());
    json!({ "description": description, "code": status, "correlationId": correlation })
}

async fn authenticate(
    Shares(shared): Shares<Arc<Backend<State>>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 1 << 20).await else {
        return refuse_as(&shared, 400, "The body is too large, or broke off");
    };
    let text = |name| header_text(&parts.headers, name);
    if text("x-app-token") != APP_TOKEN {
        return unauthorised(&shared, 4000, None, "The app token is missing or not known");
    }
    let timestamp = text("x-app-access-ts");
    let distance = timestamp
        .parse()
        .ok()
        .and_then(|time: i64| shared.clock.now().timestamp().checked_sub(time));
    if distance.is_none_or(|distance| distance.saturating_abs() > TOLERANCE) {
        let name = "app-token-request-expired";
        return unauthorised(
            &shared,
            4004,
            Some(name),
            "The time of the request is too far from ours",
        );
    }
    // Not nested, so this is the target as it stood in the request line.
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let expected = signature(SECRET_KEY, timestamp, parts.method.as_str(), target, &body);
    if !expected.is_ok_and(|expected| expected == text("x-app-access-sig")) {
        let name = "app-token-signature mismatch";
        return unauthorised(&shared, 4003, Some(name), "The signature does not fit the request");
    }
    if parts.method != Method::GET && !text("content-type").starts_with("application/json") {
        return refuse_as(&shared, 415, "The content type is not JSON");
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The members of a body that is an object.
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Texts, and nothing else.
fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
