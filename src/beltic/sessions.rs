//! Identity sessions: read them, decide on them.

use std::sync::LazyLock;

use crate::api::beltic::enums::SessionStatus;
use crate::api::beltic::types::{IdentityNumber, Session, SessionAttributes};
use crate::api::vendor::{awaitable, decision, id};
use crate::beltic::{Beltic, SessionId, page};
use crate::call::{Error, Page, Pages, Vendor};
use crate::value::{InvalidId, Personal};

/// Identity sessions. Source: <https://docs.beltic.com/guides/identity/sessions>.
#[derive(Clone, Debug)]
pub struct Sessions {
    client: Beltic,
}

impl Sessions {
    pub(super) fn new(client: Beltic) -> Self {
        Self { client }
    }

    /// One session. Source: <https://docs.beltic.com/api-reference/endpoint/identity-sessions-get>.
    pub fn get(&self, id: impl TryInto<SessionId, Error: Into<InvalidId>>) -> GetSession {
        GetSession { client: self.client.clone(), id: session_id("get_session", id) }
    }

    /// Sessions, a page at a time. Source: <https://docs.beltic.com/api-reference/endpoint/identity-sessions-list>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # sandbox.seed().beltic_session("completed");
    /// let mut sessions = sandbox.beltic().sessions().list().page_size(50).items();
    /// while let Some(session) = sessions.try_next().await? {
    ///     println!("{}", session.status());
    /// }
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn list(&self) -> ListSessions {
        ListSessions::over(self.client.clone())
    }

    /// Declines the person or business of a session; sets `decisioned_at`. Sends no body.
    /// Source: <https://docs.beltic.com/api-reference/endpoint/identity-sessions-decline>.
    pub fn decline(&self, id: impl TryInto<SessionId, Error: Into<InvalidId>>) -> DeclineSession {
        DeclineSession { client: self.client.clone(), id: session_id("decline_session", id), reconcile: false }
    }

    /// Approves a session. No public page confirms this path: it mirrors [`decline`](Self::decline).
    #[cfg(feature = "unconfirmed")]
    pub fn approve(&self, id: impl TryInto<SessionId, Error: Into<InvalidId>>) -> ApproveSession {
        ApproveSession { client: self.client.clone(), id: session_id("approve_session", id), reconcile: false }
    }

    /// Sends a session to manual review. No public page confirms this path: it mirrors [`decline`](Self::decline).
    #[cfg(feature = "unconfirmed")]
    pub fn mark_for_review(&self, id: impl TryInto<SessionId, Error: Into<InvalidId>>) -> MarkSessionForReview {
        let id = session_id("mark_session_for_review", id);
        MarkSessionForReview { client: self.client.clone(), id, reconcile: false }
    }

    /// Expires a session. No public page confirms this path: it mirrors [`decline`](Self::decline).
    #[cfg(feature = "unconfirmed")]
    pub fn expire(&self, id: impl TryInto<SessionId, Error: Into<InvalidId>>) -> ExpireSession {
        ExpireSession { client: self.client.clone(), id: session_id("expire_session", id), reconcile: false }
    }
}

fn session_id(
    operation: &'static str,
    text: impl TryInto<SessionId, Error: Into<InvalidId>>,
) -> Result<SessionId, Error> {
    id(Vendor::Beltic, operation, text)
}

/// See [`Sessions::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetSession {
    client: Beltic,
    id: Result<SessionId, Error>,
}

awaitable!(GetSession => Session, request, {
    let reply = request.client.api().get_session().session_id(request.id?).send().await?;
    Ok(reply.map(|envelope| envelope.data))
});

/// A decision on one session: its id, and nothing else.
macro_rules! decision_on_session {
    ($(#[$meta:meta])* $name:ident, $operation:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name {
            client: Beltic,
            id: Result<SessionId, Error>,
            reconcile: bool,
        }

        decision!($name => Session, request, {
            let id = request.id?;
        }, send {
            let reply = request.client.api().$operation().session_id(&id).send().await?;
            Ok(reply.map(|envelope| envelope.data))
        }, read {
            request.client.sessions().get(&id).await
        });
    };
}

decision_on_session!(
    /// See [`Sessions::decline`].
    DeclineSession, decline_session
);
#[cfg(feature = "unconfirmed")]
decision_on_session!(
    /// See [`Sessions::approve`].
    ApproveSession, approve_session
);
#[cfg(feature = "unconfirmed")]
decision_on_session!(
    /// See [`Sessions::mark_for_review`].
    MarkSessionForReview, mark_session_for_review
);
#[cfg(feature = "unconfirmed")]
decision_on_session!(
    /// See [`Sessions::expire`].
    ExpireSession, expire_session
);

/// See [`Sessions::list`]. Awaiting it gives one page; [`items`](Self::items) walks all.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListSessions {
    client: Beltic,
    page_size: Option<u32>,
    after: Option<Personal<String>>,
    before: Option<Personal<String>>,
    total: Option<bool>,
    account: Option<Personal<String>>,
    session_device: Option<Personal<String>>,
    #[cfg(feature = "unconfirmed")]
    status: Option<SessionStatus>,
}

impl ListSessions {
    fn over(client: Beltic) -> Self {
        Self {
            client,
            page_size: None,
            after: None,
            before: None,
            total: None,
            account: None,
            session_device: None,
            #[cfg(feature = "unconfirmed")]
            status: None,
        }
    }

    /// Sessions a page; the vendor's default is 15.
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Begins after this cursor.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(Personal::new(cursor.into()));
        self
    }

    /// Ends before this cursor.
    pub fn before(mut self, cursor: impl Into<String>) -> Self {
        self.before = Some(Personal::new(cursor.into()));
        self
    }

    /// Asks for the total too, which is slow.
    pub fn total(mut self, total: bool) -> Self {
        self.total = Some(total);
        self
    }

    /// Only sessions of this account.
    pub fn account(mut self, id: impl Into<String>) -> Self {
        self.account = Some(Personal::new(id.into()));
        self
    }

    /// Only sessions with this device.
    pub fn session_device(mut self, id: impl Into<String>) -> Self {
        self.session_device = Some(Personal::new(id.into()));
        self
    }

    /// Only sessions in this status. The parameter's name is inferred, not documented.
    #[cfg(feature = "unconfirmed")]
    pub fn status(mut self, status: SessionStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// All items, page after page.
    pub fn items(self) -> Pages<Session> {
        let start = self.after.clone().map(Personal::into_exposed);
        Pages::new(start, move |cursor| {
            let mut request = self.clone();
            request.after = cursor.map(Personal::new).or(request.after);
            Box::pin(request.send())
        })
    }
}

awaitable!(ListSessions => Page<Session>, request, {
    if request.page_size == Some(0) {
        return Err(Error::invalid(Vendor::Beltic, "list_sessions", "a page of no sessions"));
    }
    let mut call = request.client.api().list_sessions();
    if let Some(size) = request.page_size {
        call = call.page_size(size.to_string());
    }
    if let Some(cursor) = request.after {
        call = call.page_after(cursor.into_exposed());
    }
    if let Some(cursor) = request.before {
        call = call.page_before(cursor.into_exposed());
    }
    if let Some(total) = request.total {
        call = call.page_total(total.to_string());
    }
    if let Some(account) = request.account {
        call = call.filter_account(account.into_exposed());
    }
    if let Some(device) = request.session_device {
        call = call.filter_session_device(device.into_exposed());
    }
    #[cfg(feature = "unconfirmed")]
    if let Some(status) = request.status {
        call = call.filter_status(status);
    }
    let reply = call.send().await?;
    let next = page::next(&reply, &request.client.api().inner.transport.base)?;
    Ok(reply.map(|list| page::page(list, next)))
});

/// What a session without a status has.
static NO_STATUS: LazyLock<SessionStatus> = LazyLock::new(|| SessionStatus::from(""));

impl Session {
    /// Its status; an empty text where the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &SessionStatus {
        self.attributes.as_ref().and_then(|attributes| attributes.status.as_ref()).unwrap_or(&NO_STATUS)
    }
}

impl SessionAttributes {
    /// The identity numbers, whether the vendor sends one object, a list, or null; what fits neither is left out here and
    /// stands in the member itself.
    #[must_use]
    pub fn identity_number_list(&self) -> Vec<IdentityNumber> {
        let Some(value) = &self.identity_numbers else {
            return Vec::new();
        };
        let value = value.expose();
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let objects = items.iter().filter(|item| item.is_object());
        objects.filter_map(|item| serde::Deserialize::deserialize(item).ok()).collect()
    }
}
