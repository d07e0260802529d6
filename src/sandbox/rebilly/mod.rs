//! Rebilly: KYC documents of one organization, each with a status and a separate review
//! phase.
//!
//! Our choices where no public page says what the vendor does:
//! - A new document stays `pending`, because the sandbox analyses nothing. Seeded
//!   documents of the two analysed types have an analysis.
//! - Accepting after rejecting is allowed, and the reverse, and so is every action on a
//!   reviewed document. An `archived` document refuses every action, and a new reading,
//!   with 422.
//! - Acceptance clears the reason of an earlier rejection. It archives the customer's
//!   other documents of the same type that are undecided and that no one has claimed or
//!   reviewed.
//! - A second start-review resets the start time. Stop-review never fails, and keeps the
//!   time of a review that was done.
//! - A new reading is merged into `documentMatches`; score and status do not change.
//! - A replacement cannot change the type. Fields that only the vendor sets are ignored,
//!   and so are unknown ones.
//! - A list without a limit has 100 documents, in the order of their creation. An invalid
//!   parameter returns 400. In a filter, a field that a document lacks counts as null,
//!   which matches only exclusions.
//! - The rate limit is counted down but never enforced.

mod actions;
mod check;
mod document;
mod list;
mod problem;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::respond::{self, set, text};
use super::server::{Backend, lock};
use super::{Core, Sandbox, Seed};
use crate::call::Vendor;
use crate::rebilly::types::{KycDocumentId, KycDocumentStatus, KycDocumentType};
use crate::rebilly::{Rebilly, RebillyBuilder};
use problem::refuse_as;

const API_KEY: &str = "sk_sandbox_sandbox";
const ORGANIZATION: &str = "org_01SANDBOX00000000000000000";
/// The prefix of every path; it contains [`ORGANIZATION`].
const BASE: &str = "/organizations/org_01SANDBOX00000000000000000";
/// The owner of the API key: id and name.
const REVIEWER: (&str, &str) = ("usr_01SANDBOX00000000000000000", "Ada Reviewer");
/// The number of requests other than reads in ten minutes, as in the vendor's own
/// sandbox.
const RATE_LIMIT: u64 = 3000;

/// Documents in the order of their creation.
#[derive(Default)]
pub(super) struct State {
    documents: Vec<Value>,
    writes: u64,
}

impl State {
    fn find(&mut self, id: &str) -> Option<&mut Value> {
        self.documents.iter_mut().rev().find(|document| text(document, "/id") == id)
    }
}

impl Sandbox {
    /// Returns a client with valid credentials for the sandbox's Rebilly.
    #[must_use]
    pub fn rebilly(&self) -> Rebilly {
        self.rebilly.clone()
    }

    /// Returns a builder with valid credentials for the sandbox's Rebilly, on its clock.
    pub fn rebilly_builder(&self) -> RebillyBuilder {
        builder(&self.core)
    }
}

/// Returns a builder with valid credentials, on the sandbox's clock.
pub(super) fn builder(core: &Core) -> RebillyBuilder {
    let builder = Rebilly::builder().organization_id(ORGANIZATION).api_key(API_KEY);
    builder.base_url(core.base_url(Vendor::Rebilly)).clock(core.clock()).limits([])
}

impl Seed<'_> {
    /// Adds a proof of identity of an invented customer, a new one each time. No one has
    /// claimed it; a decision that its status implies was made by the automatic analysis.
    #[must_use]
    pub fn kyc_document(&self, status: impl Into<KycDocumentStatus>) -> KycDocumentId {
        self.kyc_document_of_type(KycDocumentType::IdentityProof, status)
    }

    /// Adds a document of the given type; for the rest see
    /// [`kyc_document`](Self::kyc_document).
    #[must_use]
    pub fn kyc_document_of_type(
        &self,
        document_type: impl Into<KycDocumentType>,
        status: impl Into<KycDocumentStatus>,
    ) -> KycDocumentId {
        let number = self.backends.rebilly.next();
        let id = document::id(number);
        let seeded = document::seeded(
            &id,
            number,
            &document_type.into(),
            &status.into(),
            &self.backends.rebilly.now_text(),
        );
        lock(&self.backends.rebilly.state).documents.push(seeded);
        KycDocumentId::made_here(id)
    }
}

pub(super) fn router(shared: Arc<Backend<State>>) -> Router {
    let documents = Router::new()
        .route("/kyc-documents", get(list::list).post(document::create))
        .route("/kyc-documents/{id}", get(document::read).put(document::replace))
        .route("/kyc-documents/{id}/{action}", post(actions::act))
        .method_not_allowed_fallback(|| async { refuse_as(405, "No such method on this path") })
        .with_state(shared);
    Router::new()
        .nest(BASE, documents)
        .fallback(|| async { refuse_as(404, "No such path or organization") })
        .layer(from_fn(authenticate))
}

/// Returns an error response in Rebilly's format. The wait becomes a time on the
/// sandbox's clock, in UNIX seconds.
pub(super) fn refuse(status: u16, wait: Option<Duration>, shared: &Backend<State>) -> Response {
    let response = refuse_as(status, "A fault of the sandbox");
    let Some(wait) = wait else {
        return response;
    };
    let now = shared.clock.now();
    let end = chrono::TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(now);
    // Rounded up to a full second, because the wait may not be shorter than requested.
    let seconds = end.timestamp().saturating_add(i64::from(end.timestamp_subsec_nanos() > 0));
    respond::header(response, "x-ratelimit-retry-after", &seconds.to_string())
}

async fn authenticate(request: Request, next: Next) -> Response {
    if request.headers().get("reb-apikey").is_none_or(|key| key != API_KEY) {
        return refuse_as(401, "The secret key is missing or unknown");
    }
    next.run(request).await
}

/// Returns the response to a write: the document or no body, the rate limit and, on a
/// 201, the address of the document.
fn written(
    status: u16,
    document: Option<&Value>,
    state: &mut State,
    headers: &HeaderMap,
) -> Response {
    state.writes = state.writes.saturating_add(1);
    let response = match document {
        Some(document) => respond::json(status, &document::linked(document, headers)),
        None => respond::empty(status),
    };
    let response = match document.filter(|_| status == 201) {
        Some(document) => {
            respond::header(response, "location", &document::address(document, headers))
        }
        None => response,
    };
    let response = respond::header(response, "x-ratelimit-limit", &RATE_LIMIT.to_string());
    respond::header(
        response,
        "x-ratelimit-remaining",
        &RATE_LIMIT.saturating_sub(state.writes).to_string(),
    )
}

/// Returns the organization's base URL, as the caller addresses it.
fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}{BASE}")
}

/// Records a change: its time, and the next revision.
fn changed(document: &mut Value, now: &str) {
    let revision =
        document.get("revision").and_then(Value::as_i64).unwrap_or_default().saturating_add(1);
    set(document, [("updatedTime", json!(now)), ("revision", json!(revision))]);
}
