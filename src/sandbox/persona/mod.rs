//! Persona: inquiries and sessions by status.
//!
//! Our choices where no public page says what the vendor does:
//! - Deciding an inquiry that is approved or declined returns 409, even for the same
//!   decision; no decision is reversed. So does expiring an expired session, or linking
//!   to one. A decision does not change the sessions.
//! - The comment of a decision is returned as `reviewer-comment`; `reviewer` stays null.
//! - A session can be created only while the inquiry is created or pending (otherwise
//!   409). Beyond 25 sessions, including expired ones, the response is 422.
//! - `expire-all` expires new sessions as well as active ones, and returns 422 if an
//!   inquiry is unknown.
//! - An unknown `Persona-Version`, a `Key-Inflection` other than `kebab`, a cursor that
//!   names no session, an unknown relationship in `include`, and `include` on the list
//!   return 400. Unknown names in `fields[TYPE]` are ignored.
//! - An idempotency key is kept for 24 hours; the same key with another method, target or
//!   body returns 409. A replay has the `Request-Id` of the first response. Credentials
//!   and version are checked first, so those refusals are not kept.
//! - The rate limit is counted but never enforced; for a 429 see
//!   [`Fault::rate_limited`](super::Fault::rate_limited).
//! - Inquiries expire 24 hours after their creation, with their sessions; sessions do not
//!   expire by themselves.

mod actions;
mod gate;
mod resources;
mod selection;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::respond::{set, text};
use super::server::{Backend, Shared, lock};
use super::{Core, Sandbox, Seed};
use crate::call::Vendor;
use crate::persona::types::{InquiryId, InquirySessionId, InquirySessionStatus, InquiryStatus};
use crate::persona::{Persona, PersonaBuilder};

const API_KEY: &str = "persona_sandbox_00000000-0000-4000-8000-000000000000";

/// All resources by id, the responses kept per idempotency key, and the window of the
/// rate limit.
#[derive(Default)]
pub(in crate::sandbox) struct State {
    resources: BTreeMap<String, Value>,
    /// No inquiry expires before this.
    next_end: Option<DateTime<Utc>>,
    replays: BTreeMap<String, gate::Replay>,
    window: Option<gate::Window>,
}

impl Sandbox {
    /// Returns a client with valid credentials for the sandbox's Persona.
    #[must_use]
    pub fn persona(&self) -> Persona {
        self.persona.clone()
    }

    /// Returns a builder with valid credentials for the sandbox's Persona, on its clock.
    #[must_use]
    pub fn persona_builder(&self) -> PersonaBuilder {
        builder(&self.core)
    }
}

/// Returns a builder with valid credentials, on the sandbox's clock.
pub(super) fn builder(core: &Core) -> PersonaBuilder {
    Persona::builder()
        .api_key(API_KEY)
        .base_url(core.base_url(Vendor::Persona))
        .clock(core.clock())
        .limits([])
}

impl Seed<'_> {
    /// Adds a Persona inquiry of an invented person, with an account and without
    /// sessions.
    #[must_use]
    pub fn inquiry(&self, status: impl Into<InquiryStatus>) -> InquiryId {
        let id = lock(&self.backends.persona.state)
            .add_inquiry(&self.backends.persona, status.into().as_str());
        InquiryId::made_here(id)
    }

    /// Adds a Persona session, with a pending inquiry of its own.
    #[must_use]
    pub fn inquiry_session(&self, status: impl Into<InquirySessionStatus>) -> InquirySessionId {
        let inquiry = self.inquiry(InquiryStatus::Pending);
        self.inquiry_session_of(&inquiry, status)
    }

    /// Adds a Persona session to an inquiry.
    pub fn inquiry_session_of(
        &self,
        inquiry: &InquiryId,
        status: impl Into<InquirySessionStatus>,
    ) -> InquirySessionId {
        let id = lock(&self.backends.persona.state).add_session(
            &self.backends.persona,
            inquiry.as_str(),
            status.into().as_str(),
        );
        InquirySessionId::made_here(id)
    }
}

pub(in crate::sandbox) fn router(shared: Arc<Backend<State>>) -> Router {
    Router::new().fallback(gate::serve).with_state(shared)
}

/// Returns an error response in Persona's format.
pub(in crate::sandbox) fn refuse(
    status: u16,
    wait: Option<Duration>,
    shared: &Backend<State>,
) -> Response {
    gate::fault(status, wait, shared)
}

impl State {
    fn add_inquiry(&mut self, shared: &Shared, status: &str) -> String {
        let (id, account) = (numbered(shared, "inq"), numbered(shared, "act"));
        let now = shared.now_text();
        let expires = shared.clock.now().checked_add_signed(TimeDelta::days(1)).unwrap_or_default();
        self.next_end = Some(self.next_end.map_or(expires, |end| end.min(expires)));
        self.resources
            .insert(id.clone(), resources::inquiry(&id, &account, status, &now, &time(expires)));
        self.resources.insert(account.clone(), resources::account(&account, &now));
        id
    }

    fn add_session(&mut self, shared: &Shared, inquiry: &str, status: &str) -> String {
        let (id, device, network) =
            (numbered(shared, "iqse"), numbered(shared, "dev"), numbered(shared, "net"));
        let now = shared.now_text();
        let session = resources::session(&id, inquiry, &device, &network, status, &now);
        let sessions = self.resources.get_mut(inquiry).and_then(|inquiry| {
            inquiry.pointer_mut("/relationships/sessions/data").and_then(Value::as_array_mut)
        });
        if let Some(sessions) = sessions {
            sessions.push(json!({ "type": "inquiry-session", "id": id }));
        }
        self.resources.insert(id.clone(), session);
        self.resources.insert(device.clone(), resources::device(&device));
        self.resources.insert(network.clone(), resources::network(&network, &now));
        id
    }

    /// Returns the resource with an id, if it has this type.
    fn find(&self, kind: &str, id: &str) -> Option<&Value> {
        self.resources.get(id).filter(|resource| text(resource, "/type") == kind)
    }

    /// Sets attributes of a resource.
    fn change<const N: usize>(&mut self, id: &str, attributes: [(&str, Value); N]) {
        if let Some(known) =
            self.resources.get_mut(id).and_then(|resource| resource.get_mut("attributes"))
        {
            set(known, attributes);
        }
    }

    /// Returns the ids of an inquiry's sessions that are not expired.
    fn open_sessions(&self, inquiry: &str) -> Vec<String> {
        let open = |session: &&Value| {
            text(session, "/type") == "inquiry-session"
                && text(session, "/relationships/inquiry/data/id") == inquiry
                && text(session, "/attributes/status") != "expired"
        };
        self.resources
            .values()
            .filter(open)
            .map(|session| text(session, "/id").to_owned())
            .collect()
    }

    fn expire_session(&mut self, id: &str, now: &str) {
        self.change(id, [("status", json!("expired")), ("expired-at", json!(now))]);
    }

    /// Expires the inquiries that are due.
    fn expire_overdue(&mut self, now: DateTime<Utc>) {
        if self.next_end.is_none_or(|end| now < end) {
            return;
        }
        let is_open = |inquiry: &&Value| {
            text(inquiry, "/type") == "inquiry"
                && matches!(text(inquiry, "/attributes/status"), "created" | "pending")
        };
        let ends = self.resources.values().filter(is_open).filter_map(|inquiry| {
            let end = DateTime::parse_from_rfc3339(text(inquiry, "/attributes/expires-at")).ok()?;
            Some((text(inquiry, "/id").to_owned(), end.to_utc()))
        });
        let (due, later): (Vec<_>, Vec<_>) = ends.partition(|(_, end)| *end <= now);
        self.next_end = later.into_iter().map(|(_, end)| end).min();
        let now = time(now);
        for (id, _) in due {
            let expired = [
                ("status", json!("expired")),
                ("expired-at", json!(now)),
                ("updated-at", json!(now)),
            ];
            self.change(&id, expired);
            for session in self.open_sessions(&id) {
                self.expire_session(&session, &now);
            }
        }
    }
}

/// Returns the next id with a prefix.
fn numbered(shared: &Shared, prefix: &str) -> String {
    format!("{prefix}_SANDBOX{:012}", shared.next())
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
