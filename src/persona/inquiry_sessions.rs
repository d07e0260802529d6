//! Inquiry sessions: a person's visits to an inquiry. List, read, open, close, link.

use super::reconcile::keyed_decision;
use super::selection::{InquirySessionInclude, Selection, selectable};
use super::{InquiryId, InquirySessionId, Persona, page};
use crate::api::persona::types::{
    InquirySession, InquirySessionArrayDocument, InquirySessionCreateRequest, InquirySessionCreateRequestAttributes,
    InquirySessionCreateRequestData, InquirySessionDocument, InquirySessionExpireAllRequest,
    InquirySessionExpireAllRequestMeta, InquirySessionLinkDocument,
};
use crate::vendor::{awaitable, id};
use crate::{CallOptions, Error, InvalidId, Page, Pages, Personal, Vendor};

/// Inquiry sessions: each is one visit of a person to an inquiry, from one browser or device.
/// Source: <https://docs.withpersona.com/inquiry-sessions>.
#[derive(Clone, Debug)]
pub struct InquirySessions {
    client: Persona,
}

impl InquirySessions {
    pub(super) fn new(client: Persona) -> Self {
        Self { client }
    }

    /// Sessions, the newest first, a page at a time. The vendor sets the size of a page.
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/list-all-inquiry-sessions>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use kyc_review::persona::{InquirySessionStatus, InquiryStatus};
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (persona, inquiry) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::Pending));
    /// # sandbox.seed().inquiry_session_of(&inquiry, InquirySessionStatus::Active);
    /// let mut sessions = persona.inquiry_sessions().list().inquiry(&inquiry).items();
    /// while let Some(session) = sessions.try_next().await? {
    ///     println!("{} since {:?}", session.status(), session.started_at());
    /// }
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn list(&self) -> ListInquirySessions {
        ListInquirySessions { client: self.client.clone(), inquiry: None, after: None }
    }

    /// One session.
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/retrieve-an-inquiry-session>.
    pub fn get(&self, id: impl TryInto<InquirySessionId, Error: Into<InvalidId>>) -> GetInquirySession {
        let id = session_id("retrieve_an_inquiry_session", id);
        GetInquirySession { client: self.client.clone(), id, selection: Selection::default() }
    }

    /// Opens one more session of an inquiry, which has at most 25 unless the vendor raised that limit.
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/create-an-inquiry-session>.
    pub fn create(&self, inquiry: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> CreateInquirySession {
        let inquiry = id(Vendor::Persona, "create_an_inquiry_session", inquiry);
        CreateInquirySession { client: self.client.clone(), inquiry, selection: Selection::default() }
    }

    /// Expires a session, for good; sets `expired_at`. Sends no body.
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/expire-an-inquiry-session>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use kyc_review::persona::InquirySessionStatus;
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry_session(InquirySessionStatus::Active));
    /// let session = persona.inquiry_sessions().expire(&id).await?;
    /// assert_eq!(*session.status(), "expired");
    /// assert!(session.expired_at().is_some());
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn expire(&self, id: impl TryInto<InquirySessionId, Error: Into<InvalidId>>) -> ExpireInquirySession {
        let id = session_id("expire_an_inquiry_session", id);
        ExpireInquirySession { client: self.client.clone(), id, selection: Selection::default(), reconcile: false }
    }

    /// Expires every active session of these inquiries, and answers with those sessions. The ids are those of inquiries,
    /// at least one of them.
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/expire-inquiry-sessions>.
    pub fn expire_all(
        &self,
        inquiries: impl IntoIterator<Item = impl TryInto<InquiryId, Error: Into<InvalidId>>>,
    ) -> ExpireAllInquirySessions {
        let ids = inquiries.into_iter().map(|inquiry| id(Vendor::Persona, EXPIRE_ALL, inquiry)).collect();
        ExpireAllInquirySessions { client: self.client.clone(), inquiries: ids, selection: Selection::default() }
    }

    /// A link with which the person can enter a session once. Sends no body.
    /// Sources: <https://docs.withpersona.com/api-reference/inquiry-sessions/generate-a-one-time-link-for-an-inquiry-session>,
    /// <https://docs.withpersona.com/inquiry-one-time-links>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use kyc_review::persona::InquirySessionStatus;
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry_session(InquirySessionStatus::New));
    /// let session = persona.inquiry_sessions().generate_one_time_link(&id).await?;
    /// let link = session.link().expect("a link");
    /// assert_eq!(format!("{link:?}"), "[personal]");
    /// assert!(link.expose().starts_with("https://"));
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn generate_one_time_link(
        &self,
        id: impl TryInto<InquirySessionId, Error: Into<InvalidId>>,
    ) -> GenerateOneTimeLink {
        let id = session_id("generate_a_one_time_link_for_an_inquiry_session", id);
        GenerateOneTimeLink { client: self.client.clone(), id, selection: Selection::default() }
    }
}

const EXPIRE_ALL: &str = "expire_inquiry_sessions";

fn session_id(
    operation: &'static str,
    text: impl TryInto<InquirySessionId, Error: Into<InvalidId>>,
) -> Result<InquirySessionId, Error> {
    id(Vendor::Persona, operation, text)
}

/// A call on one session: its id, and what to answer with.
macro_rules! on_session {
    ($(#[$meta:meta])* $name:ident, $operation:ident => $document:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name {
            client: Persona,
            id: Result<InquirySessionId, Error>,
            selection: Selection,
        }

        selectable!($name, InquirySessionInclude);

        awaitable!($name => $document, request, {
            let client = request.selection.over(&request.client, stringify!($operation))?;
            client.api().$operation().inquiry_session_id(request.id?).send().await
        });
    };
}

on_session!(
    /// See [`InquirySessions::get`].
    GetInquirySession, retrieve_an_inquiry_session => InquirySessionDocument
);
on_session!(
    /// See [`InquirySessions::generate_one_time_link`].
    GenerateOneTimeLink, generate_a_one_time_link_for_an_inquiry_session => InquirySessionLinkDocument
);

/// See [`InquirySessions::expire`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ExpireInquirySession {
    client: Persona,
    id: Result<InquirySessionId, Error>,
    selection: Selection,
    reconcile: bool,
}

selectable!(ExpireInquirySession, InquirySessionInclude);

keyed_decision!(ExpireInquirySession => InquirySessionDocument, request, {
    let client = request.selection.over(&request.client, "expire_an_inquiry_session")?;
    let id = request.id?;
}, send {
    client.api().expire_an_inquiry_session().inquiry_session_id(&id).send().await
}, read {
    client.api().retrieve_an_inquiry_session().inquiry_session_id(&id).send().await
});

/// See [`InquirySessions::create`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateInquirySession {
    client: Persona,
    inquiry: Result<InquiryId, Error>,
    selection: Selection,
}

selectable!(CreateInquirySession, InquirySessionInclude);

awaitable!(CreateInquirySession => InquirySessionDocument, request, {
    let client = request.selection.over(&request.client, "create_an_inquiry_session")?;
    let attributes = InquirySessionCreateRequestAttributes { inquiry_id: request.inquiry?.to_string() };
    let body = InquirySessionCreateRequest { data: InquirySessionCreateRequestData { attributes } };
    client.api().create_an_inquiry_session().body(body).send().await
});

/// See [`InquirySessions::expire_all`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ExpireAllInquirySessions {
    client: Persona,
    inquiries: Result<Vec<InquiryId>, Error>,
    selection: Selection,
}

selectable!(ExpireAllInquirySessions, InquirySessionInclude);

awaitable!(ExpireAllInquirySessions => InquirySessionArrayDocument, request, {
    let client = request.selection.over(&request.client, EXPIRE_ALL)?;
    let inquiry_ids: Vec<String> = request.inquiries?.iter().map(InquiryId::to_string).collect();
    if inquiry_ids.is_empty() {
        return Err(Error::invalid(Vendor::Persona, EXPIRE_ALL, "no inquiry is named"));
    }
    let body = InquirySessionExpireAllRequest { meta: InquirySessionExpireAllRequestMeta { inquiry_ids } };
    client.api().expire_inquiry_sessions().body(body).send().await
});

/// See [`InquirySessions::list`]. Awaiting it gives one page; [`items`](Self::items) walks all.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListInquirySessions {
    client: Persona,
    inquiry: Option<Result<InquiryId, InvalidId>>,
    /// The id of a session, at this vendor.
    after: Option<Personal<String>>,
}

impl ListInquirySessions {
    /// Only sessions of this inquiry.
    pub fn inquiry(mut self, id: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> Self {
        self.inquiry = Some(id.try_into().map_err(Into::into));
        self
    }

    /// Begins after this cursor, as [`Page::next`] and [`Pages::cursor`] have it.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(Personal::new(cursor.into()));
        self
    }

    /// All items, page after page, until the vendor's link to the next page is null.
    pub fn items(self) -> Pages<InquirySession> {
        let start = self.after.clone().map(Personal::into_exposed);
        Pages::new(start, move |cursor| {
            let mut request = self.clone();
            request.after = cursor.map(Personal::new).or(request.after);
            Box::pin(request.send())
        })
    }
}

awaitable!(ListInquirySessions => Page<InquirySession>, request, {
    let mut client = request.client;
    if let Some(cursor) = request.after {
        // The document declares no page parameters, although the links that the vendor answers with have this one.
        client = client.with(CallOptions::new().query(page::AFTER, cursor.into_exposed()));
    }
    let mut call = client.api().list_all_inquiry_sessions();
    if let Some(inquiry) = request.inquiry {
        let refuse = |why: InvalidId| Error::invalid(Vendor::Persona, "list_all_inquiry_sessions", why.to_string());
        call = call.filter_inquiry_id(inquiry.map_err(refuse)?.to_string());
    }
    let reply = call.send().await?;
    let next = page::next(&reply, &client.api().inner.transport.base)?;
    Ok(reply.map(|list| page::page(list, next)))
});
