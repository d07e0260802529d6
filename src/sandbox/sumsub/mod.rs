//! Sumsub: monitored transactions with tags and notes, and applicants.
//!
//! Our choices where no public page says what the vendor does:
//! - The token is checked first, then the time, then the signature: 401 with the code
//!   4000, 4004 or 4003. Of 4000 only the number is public, so the response has no name.
//!   The time may differ from the sandbox's clock by 60 seconds either way.
//! - A write whose content type is not JSON returns 415, with or without a body.
//! - A transaction can be decided in any state, even a completed one, and keeps the
//!   labels and comments that were sent.
//! - The account knows the tags of [`transactions::KNOWN_TAGS`]. The tags of a
//!   transaction without tags are `[]`; removing the last one returns 204.
//! - Notes are listed as `{list: {items, totalItems}}`.
//! - Approve, reject and init are applied at once, even from `pending`; the vendor may
//!   return 409 with `Retry-After` for a while.
//! - Init takes effect from `onHold`; otherwise it returns 200 and the status does not
//!   change.
//! - Reset and the reset of a step return 409 while the applicant is `pending`,
//!   `prechecked` or `queued`. A step that is not known to be resettable returns 400. The
//!   reset of a step sets the review to `init`, because there is a step to go through.
//! - A fault's wait is sent in `Retry-After`, in seconds.

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
/// The maximum difference of a request's time from the clock, in seconds.
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
    /// Returns a client with valid credentials for the sandbox's Sumsub.
    #[must_use]
    pub fn sumsub(&self) -> Sumsub {
        self.sumsub.clone()
    }

    /// Returns a builder with valid credentials for the sandbox's Sumsub, on its clock.
    pub fn sumsub_builder(&self) -> SumsubBuilder {
        builder(&self.core)
    }
}

/// Returns a builder with valid credentials, on the sandbox's clock.
pub(super) fn builder(core: &Core) -> SumsubBuilder {
    let builder = Sumsub::builder().app_token(APP_TOKEN).secret_key(SECRET_KEY);
    builder.base_url(core.base_url(Vendor::Sumsub)).clock(core.clock()).limits([])
}

impl Seed<'_> {
    /// Adds a Sumsub transaction of an invented person, on hold.
    #[must_use]
    pub fn transaction(&self) -> TransactionId {
        let id = next_id(&self.backends.sumsub, "66");
        let transaction = subjects::transaction(&id, &self.backends.sumsub);
        lock(&self.backends.sumsub.state).transactions.insert(id.clone(), transaction);
        TransactionId::made_here(id)
    }

    /// Adds a Sumsub applicant, an invented person. A `completed` one is approved, and an
    /// `awaitingService` one has a review answer that does not count yet, as with the
    /// vendor.
    #[must_use]
    pub fn applicant(&self, status: impl Into<ReviewStatus>) -> ApplicantId {
        let id = next_id(&self.backends.sumsub, "5f");
        let applicant = subjects::applicant(&id, &status.into(), &self.backends.sumsub);
        lock(&self.backends.sumsub.state).applicants.insert(id.clone(), applicant);
        ApplicantId::made_here(id)
    }
}

/// Returns the next id, of 24 hexadecimal digits.
fn next_id(shared: &Shared, prefix: &str) -> String {
    format!("{prefix}{:022x}", shared.next())
}

/// Returns the sandbox's time in the format of most of the vendor's dates.
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
            refuse_as(&shared, 405, "No such method on this path")
        })
        .layer(from_fn_with_state(shared.clone(), authenticate))
        .with_state(shared)
}

/// Returns an error response in Sumsub's format.
pub(super) fn refuse(status: u16, wait: Option<Duration>, shared: &Backend<State>) -> Response {
    let response = refuse_as(shared, status, "A fault of the sandbox");
    match wait {
        Some(wait) => respond::header(response, "retry-after", &wait.as_secs().to_string()),
        None => response,
    }
}

/// Returns an error response without an error code, as most of the vendor's are.
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
        return refuse_as(&shared, 400, "The body is too large or incomplete");
    };
    let text = |name| header_text(&parts.headers, name);
    if text("x-app-token") != APP_TOKEN {
        return unauthorised(&shared, 4000, None, "The app token is missing or unknown");
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
            "The time of the request is invalid or too far off",
        );
    }
    // The router is not nested, so this is the target of the request line.
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let expected = signature(SECRET_KEY, timestamp, parts.method.as_str(), target, &body);
    if !expected.is_ok_and(|expected| expected == text("x-app-access-sig")) {
        let name = "app-token-signature mismatch";
        return unauthorised(&shared, 4003, Some(name), "The signature does not match the request");
    }
    if parts.method != Method::GET && !text("content-type").starts_with("application/json") {
        return refuse_as(&shared, 415, "The content type must be application/json");
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns the fields of a body, or none if it is not an object.
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Returns the strings of a list, or none if the value is anything but a list of strings.
fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
