//! Provide: KYC applications by status.
//!
//! Our choices where no public page says what the vendor does; most follow the server
//! that the vendor published:
//! - Any status may follow any other, even an unknown one; what the hosted service checks
//!   is unknown. Setting the current status again returns 202 and decides nothing.
//! - Malformed input is reported before an unknown id, and an unknown id before a token
//!   that may not decide.
//! - A creation without `params` crashes: 500 without a body. A `status` in the body is
//!   not stored.
//! - By the next request, a new application has been handed to its provider: it is
//!   `submitted` and has an `identifier`. The provider reports nothing more, and is not
//!   told of decisions.
//! - `page` and `rpp` are ignored if they are below 1 or not numbers.
//! - The only users are the seeded ones and the owner of the sandbox's own applications.
//!   Similar users are not searched for.
//! - An unknown path or method returns 404.

mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State as Shares};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::respond::{self, set, text};
use super::server::{Backend, Shared, lock};
use super::{Core, Sandbox, Seed};
use crate::call::Vendor;
use crate::provide::types::{KycApplicationId, KycApplicationStatus};
use crate::provide::{Provide, ProvideBuilder};
use rows::Row;

const APPLICATION_TOKEN: &str = "sandbox.application.token";
const USER_TOKEN: &str = "sandbox.user.token";

/// Applications from oldest to newest, and the seeded users.
#[derive(Default)]
pub(super) struct State {
    rows: Vec<Row>,
    users: Vec<String>,
}

/// The owner of the token that a request sends.
#[derive(Clone, Copy, PartialEq)]
enum Caller {
    Application,
    User,
}

impl Sandbox {
    /// Returns a client with an application's token for the sandbox's Provide; it may
    /// decide.
    #[must_use]
    pub fn provide(&self) -> Provide {
        self.provide.clone()
    }

    /// Returns a builder with an application's token for the sandbox's Provide, on its
    /// clock.
    pub fn provide_builder(&self) -> ProvideBuilder {
        builder(&self.core)
    }

    /// Returns a client with a user's token for the sandbox's Provide; it may create and
    /// read but not decide.
    #[must_use]
    pub fn provide_as_user(&self) -> Provide {
        self.provide_as_user.clone()
    }
}

/// Returns a builder with an application's token, on the sandbox's clock.
pub(super) fn builder(core: &Core) -> ProvideBuilder {
    Provide::builder()
        .token(APPLICATION_TOKEN)
        .base_url(core.base_url(Vendor::Provide))
        .clock(core.clock())
        .limits([])
}

/// Returns a builder with a user's token, on the sandbox's clock.
pub(super) fn user_builder(core: &Core) -> ProvideBuilder {
    builder(core).token(USER_TOKEN)
}

impl Seed<'_> {
    /// Adds a KYC application of an invented person, at the provider `vouched`. It has no
    /// job there if it is `pending` or `failed`.
    #[must_use]
    pub fn kyc_application(&self, status: impl Into<KycApplicationStatus>) -> KycApplicationId {
        let id = new_id(&self.backends.provide);
        let row = Row::seeded(&id, status.into().as_str(), &self.backends.provide);
        lock(&self.backends.provide.state).rows.push(row);
        KycApplicationId::made_here(id)
    }

    /// Adds a Provide user, for whom applications can be created; the id is a UUID.
    #[must_use]
    pub fn provide_user(&self) -> String {
        let id = new_id(&self.backends.provide);
        lock(&self.backends.provide.state).users.push(id.clone());
        id
    }
}

/// Returns the next id, a UUID.
fn new_id(shared: &Shared) -> String {
    format!("5a4db0c5-0000-4000-8000-{:012x}", shared.next())
}

pub(super) fn router(shared: Arc<Backend<State>>) -> Router {
    Router::new()
        .route("/api/v1/kyc_applications", get(list).post(create))
        .route("/api/v1/kyc_applications/{id}", get(read).put(update))
        .fallback(|| async { refuse_as(404, "not found") })
        .method_not_allowed_fallback(|| async { refuse_as(404, "not found") })
        .layer(from_fn_with_state(shared.clone(), authenticate))
        .with_state(shared)
}

/// Returns an error response in Provide's format. The vendor has no header for a wait; a
/// proxy in front of it would use `Retry-After`.
pub(super) fn refuse(status: u16, wait: Option<Duration>, _: &Backend<State>) -> Response {
    let message = match status {
        401 => "unauthorized",
        403 => "forbidden",
        404 => "kyc application not found",
        429 => "Your IP address has been banned from making API calls",
        _ => "a fault of the sandbox",
    };
    let response = refuse_as(status, message);
    match wait {
        Some(wait) => respond::header(response, "retry-after", &wait.as_secs().to_string()),
        None => response,
    }
}

fn refuse_as(status: u16, message: &str) -> Response {
    answer(status, &json!({ "message": message }))
}

/// Returns a JSON response as the vendor formats it: indented by four spaces, with a
/// charset in the content type.
fn answer(status: u16, body: &Value) -> Response {
    let mut text = Vec::new();
    let mut pretty = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b"    "));
    // Writing a JSON value to memory cannot fail.
    let _ = body.serialize(&mut pretty);
    let mut response = respond::empty(status);
    *response.body_mut() = text.into();
    respond::header(response, "content-type", "application/json; charset=UTF-8")
}

async fn authenticate(
    Shares(_): Shares<Arc<Backend<State>>>,
    mut request: Request,
    next: Next,
) -> Response {
    let header = request
        .headers()
        .get("authorization")
        .and_then(|header| header.to_str().ok())
        .unwrap_or_default();
    // The vendor accepts exactly these two spellings.
    let token = header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("bearer "));
    let caller = match token {
        Some(APPLICATION_TOKEN) => Caller::Application,
        Some(USER_TOKEN) => Caller::User,
        _ => return refuse_as(401, "unauthorized"),
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}

async fn list(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let number = |name: &str| {
        query.get(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0)
    };
    let (page, rpp) = (number("page").unwrap_or(1), number("rpp").unwrap_or(25));
    let wanted = query.get("status").filter(|status| !status.is_empty());
    let state = lock(&shared.state);
    let matches =
        |row: &&Row| row.is_seen_by(caller) && wanted.is_none_or(|status| row.status() == status);
    let rows: Vec<&Row> = state.rows.iter().rev().filter(matches).collect();
    let items: Vec<&Value> = rows
        .iter()
        .skip(page.saturating_sub(1).saturating_mul(rpp))
        .take(rpp)
        .map(|row| &row.record)
        .collect();
    respond::header(answer(200, &json!(items)), "x-total-results-count", &rows.len().to_string())
}

async fn create(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Response {
    let body = match rows::readable(&body) {
        Ok(body) => body,
        Err(message) => return refuse_as(400, message),
    };
    if body.get("params").is_none_or(Value::is_null) {
        return respond::empty(500);
    }
    let user = match caller {
        Caller::User => rows::USER_ID.to_owned(),
        Caller::Application => match text(&body, "/user_id") {
            "" => return refuse_as(422, "Failed to create KYC application; no user is associated"),
            id => known(id).unwrap_or_default(),
        },
    };
    let mut state = lock(&shared.state);
    if user != rows::USER_ID && !state.users.contains(&user) {
        return refuse_as(404, "user does not exist");
    }
    let kind = text(&body, "/type").to_lowercase();
    if !matches!(kind.as_str(), "" | "kyc" | "kyb") {
        return refuse_as(422, "Failed to create KYC application; the type is neither kyc nor kyb");
    }
    let mut row = Row::created(&new_id(&shared), &user, &kind, &body, &shared);
    let created = row.created_answer();
    row.submit(&shared);
    state.rows.push(row);
    answer(201, &created)
}

async fn read(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let state = lock(&shared.state);
    match state.rows.iter().rev().find(|row| row.is_seen_by(caller) && row.is(&id)) {
        Some(row) => answer(200, &row.details()),
        None => refuse_as(404, "kyc application not found"),
    }
}

async fn update(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse_as(400, "the body is not JSON");
    };
    let Some(status) = body.get("status").and_then(Value::as_str) else {
        return refuse_as(400, "kyc application update must include status");
    };
    let mut state = lock(&shared.state);
    let Some(row) = state.rows.iter_mut().rev().find(|row| row.is_seen_by(caller) && row.is(&id))
    else {
        return refuse_as(404, "kyc application not found");
    };
    if caller == Caller::User {
        return refuse_as(403, "unauthorized user kyc application status update");
    }
    if row.status() != status {
        set(&mut row.record, [("status", json!(status))]);
        shared.decided(Vendor::Provide, text(&row.record, "/id"), status);
    }
    answer(202, &row.record)
}

/// Returns an id in the form of the vendor's database, or none if it is not a UUID.
fn known(id: &str) -> Option<String> {
    Uuid::parse_str(id).ok().map(|id| id.to_string())
}
