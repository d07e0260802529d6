//! Inquiries: read one, decide on it.

use super::reconcile::keyed_decision;
use super::selection::{InquiryInclude, Selection, selectable};
use super::{InquiryId, Persona};
use crate::api::persona::types::{InquiryDocument, InquiryReviewRequest, InquiryReviewRequestMeta};
use crate::vendor::{awaitable, id};
use crate::{Error, InvalidId, Personal, Vendor};

/// Inquiries: each is one identity check of one person. Source: <https://docs.withpersona.com/api-reference/inquiries>.
///
/// A decision stops what the person is doing, and fires the workflows and webhooks that hang on it. One that does not fit
/// the inquiry's state is refused with 409 ([`ErrorKind::Conflict`](crate::ErrorKind::Conflict)) or 422
/// ([`ErrorKind::Rejected`](crate::ErrorKind::Rejected)): the vendor's pages allow both, so take them alike. Whether a
/// decision can be reversed in this way is not documented.
#[derive(Clone, Debug)]
pub struct Inquiries {
    client: Persona,
}

impl Inquiries {
    pub(super) fn new(client: Persona) -> Self {
        Self { client }
    }

    /// One inquiry. Source: <https://docs.withpersona.com/api-reference/inquiries/retrieve-an-inquiry>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use kyc_review::persona::InquiryStatus;
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::Completed));
    /// let inquiry = persona.inquiries().get(&id).fields("inquiry", ["status"]).await?;
    /// assert_eq!(inquiry.status(), &InquiryStatus::Completed);
    /// assert_eq!(inquiry.created_at(), None); // cut away
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn get(&self, id: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> GetInquiry {
        let id = inquiry_id("retrieve_an_inquiry", id);
        GetInquiry { client: self.client.clone(), id, selection: Selection::default() }
    }

    /// Approves an inquiry; sets `decisioned_at`. Without a comment no body is sent.
    /// Source: <https://docs.withpersona.com/api-reference/inquiries/approve-an-inquiry>.
    pub fn approve(&self, id: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> ApproveInquiry {
        let id = inquiry_id("approve_an_inquiry", id);
        ApproveInquiry {
            client: self.client.clone(),
            id,
            comment: None,
            selection: Selection::default(),
            reconcile: false,
        }
    }

    /// Declines an inquiry; sets `decisioned_at`. Without a comment no body is sent.
    /// Source: <https://docs.withpersona.com/api-reference/inquiries/decline-an-inquiry>.
    pub fn decline(&self, id: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> DeclineInquiry {
        let id = inquiry_id("decline_an_inquiry", id);
        DeclineInquiry {
            client: self.client.clone(),
            id,
            comment: None,
            selection: Selection::default(),
            reconcile: false,
        }
    }

    /// Sends an inquiry to manual review (`needs_review`); sets `marked_for_review_at`. Refused once it is approved or
    /// declined. Sends no body.
    /// Source: <https://docs.withpersona.com/api-reference/inquiries/mark-an-inquiry-for-review>.
    pub fn mark_for_review(&self, id: impl TryInto<InquiryId, Error: Into<InvalidId>>) -> MarkInquiryForReview {
        let id = inquiry_id("mark_an_inquiry_for_review", id);
        MarkInquiryForReview { client: self.client.clone(), id, selection: Selection::default(), reconcile: false }
    }
}

fn inquiry_id(
    operation: &'static str,
    text: impl TryInto<InquiryId, Error: Into<InvalidId>>,
) -> Result<InquiryId, Error> {
    id(Vendor::Persona, operation, text)
}

/// See [`Inquiries::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetInquiry {
    client: Persona,
    id: Result<InquiryId, Error>,
    selection: Selection,
}

selectable!(GetInquiry, InquiryInclude);

awaitable!(GetInquiry => InquiryDocument, request, {
    let client = request.selection.over(&request.client, "retrieve_an_inquiry")?;
    client.api().retrieve_an_inquiry().inquiry_id(request.id?).send().await
});

/// A decision on an inquiry, with the reviewer's words.
macro_rules! review {
    ($(#[$meta:meta])* $name:ident, $operation:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name {
            client: Persona,
            id: Result<InquiryId, Error>,
            comment: Option<Personal<String>>,
            selection: Selection,
            reconcile: bool,
        }

        impl $name {
            /// Why: the reviewer's free text, which goes along with the decision.
            pub fn comment(mut self, comment: impl Into<Personal<String>>) -> Self {
                self.comment = Some(comment.into());
                self
            }
        }

        selectable!($name, InquiryInclude);

        keyed_decision!($name => InquiryDocument, request, {
            let client = request.selection.over(&request.client, stringify!($operation))?;
            let id = request.id?;
            let meta = request.comment.map(|comment| InquiryReviewRequestMeta { comment: Some(comment) });
            // Without a comment this is `{}`, which the transport leaves out.
            let body = InquiryReviewRequest { meta };
        }, send {
            client.api().$operation().inquiry_id(&id).body(body.clone()).send().await
        }, read {
            client.api().retrieve_an_inquiry().inquiry_id(&id).send().await
        });
    };
}

review!(
    /// See [`Inquiries::approve`].
    ApproveInquiry, approve_an_inquiry
);
review!(
    /// See [`Inquiries::decline`].
    DeclineInquiry, decline_an_inquiry
);

/// See [`Inquiries::mark_for_review`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct MarkInquiryForReview {
    client: Persona,
    id: Result<InquiryId, Error>,
    selection: Selection,
    reconcile: bool,
}

selectable!(MarkInquiryForReview, InquiryInclude);

keyed_decision!(MarkInquiryForReview => InquiryDocument, request, {
    let client = request.selection.over(&request.client, "mark_an_inquiry_for_review")?;
    let id = request.id?;
}, send {
    client.api().mark_an_inquiry_for_review().inquiry_id(&id).send().await
}, read {
    client.api().retrieve_an_inquiry().inquiry_id(&id).send().await
});
