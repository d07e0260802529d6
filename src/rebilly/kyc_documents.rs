//! KYC documents: read and write them, claim and release them, decide on them.

use crate::api::rebilly::types::KycDocumentRejection;
use crate::api::rebilly::unions::{KycDocument, KycDocumentReplacement, KycMatchesOverwrite, NewKycDocument};
use crate::api::vendor::{awaitable, decision, id};
use crate::call::{CallOptions, Error, Vendor};
use crate::rebilly::list::ListDocuments;
use crate::rebilly::new_document::Checked;
use crate::rebilly::{KycDocumentId, Rebilly, RejectionReason};
use crate::value::{InvalidId, Personal};

/// The longest message of a rejection, in characters.
const LONGEST_MESSAGE: usize = 255;

/// KYC documents. Source: <https://www.rebilly.com/docs/data-tables/manage-kyc>.
///
/// From which states an action is allowed is not documented, so none is refused here: the vendor's answer decides. The
/// reviewer is always the owner of the credentials.
#[derive(Clone, Debug)]
pub struct KycDocuments {
    client: Rebilly,
}

impl KycDocuments {
    pub(super) fn new(client: Rebilly) -> Self {
        Self { client }
    }

    /// Documents, a page at a time. A restricted key needs the permission `GetKycDocumentCollection`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/getkycdocumentcollection>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # sandbox.seed().kyc_document("pending");
    /// let list = sandbox.rebilly().kyc_documents().list();
    /// let mut waiting = list.filter("status:pending").sort(["-createdTime"]).limit(100).items();
    /// while let Some(document) = waiting.try_next().await? {
    ///     println!("{} {:?}", document.document_type(), document.review_phase());
    /// }
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn list(&self) -> ListDocuments {
        ListDocuments::over(self.client.clone())
    }

    /// One document. A restricted key needs the permission `GetKycDocument`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/getkycdocument>.
    pub fn get(&self, id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>) -> GetDocument {
        GetDocument { client: self.client.clone(), id: document_id("get_kyc_document", id) }
    }

    /// Makes a document of files that are already uploaded; the vendor chooses its id. Sent once: a repetition would make
    /// another document, for which [`update`](Self::update) with an id of your own is the way. A restricted key needs the
    /// permission `PostKycDocument`. Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocument>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use kyc_review::rebilly::NewDocument;
    ///
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// let documents = sandbox.rebilly().kyc_documents();
    /// let document = documents.create(NewDocument::address_proof("cus_1", ["file_1"]).subtype("utility-bill")).await?;
    /// assert_eq!(*document.status(), "pending");
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn create(&self, document: impl Into<NewKycDocument>) -> CreateDocument {
        CreateDocument { client: self.client.clone(), document: Personal::new(document.into()) }
    }

    /// Puts a document in the place of what stands under the id (status code 200), or creates it there (201). What is left
    /// out is not kept. Repeated after a failed connection or a server error, so 200 can also be the answer to a document
    /// that an earlier attempt has created. There is no precondition, so an edit made meanwhile is lost: compare
    /// [`revision`](KycDocument::revision) before and after. A restricted key needs the permission `PutKycDocument`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/putkycdocument>.
    pub fn update(
        &self,
        id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>,
        document: impl Into<KycDocumentReplacement>,
    ) -> UpdateDocument {
        let id = document_id("put_kyc_document", id);
        UpdateDocument { client: self.client.clone(), id, document: Personal::new(document.into()) }
    }

    /// Accepts a document; overrides what the machine or another reviewer decided. Other unreviewed documents of the same
    /// customer and kind may become archived by it. A restricted key needs the permission `PostKycDocumentAcceptance`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentacceptance>.
    pub fn accept(&self, id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>) -> AcceptDocument {
        let id = document_id("post_kyc_document_acceptance", id);
        AcceptDocument { client: self.client.clone(), id, reconcile: false }
    }

    /// Rejects a document; overrides what the machine or another reviewer decided. A restricted key needs the permission
    /// `PostKycDocumentRejection`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentrejection>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use kyc_review::rebilly::RejectionReason;
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let id = sandbox.seed().kyc_document("accepted");
    /// let documents = sandbox.rebilly().kyc_documents();
    /// let document = documents.reject(&id, RejectionReason::DocumentExpired).message("Expired in March").await?;
    /// assert_eq!(document.rejection().unwrap().type_, Some(RejectionReason::DocumentExpired));
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn reject(
        &self,
        id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>,
        reason: impl Into<RejectionReason>,
    ) -> RejectDocument {
        let id = document_id("post_kyc_document_rejection", id);
        RejectDocument { client: self.client.clone(), id, reason: reason.into(), message: None, reconcile: false }
    }

    /// Acknowledges a document as reviewed and leaves its status: a person confirms what was decided before. A restricted
    /// key needs the permission `PostKycDocumentReview`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentreview>.
    pub fn review(&self, id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>) -> ReviewDocument {
        let id = document_id("post_kyc_document_review", id);
        ReviewDocument { client: self.client.clone(), id, reconcile: false }
    }

    /// Claims a document for review; its status stays. No lock: what a second claim does is not documented. A restricted
    /// key needs the permission `PostKycDocumentStartReview`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentstartreview>.
    pub fn start_review(&self, id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>) -> StartReview {
        let id = document_id("post_kyc_document_start_review", id);
        StartReview { client: self.client.clone(), id, reconcile: false }
    }

    /// Releases a document that was claimed; its status stays. A restricted key needs the permission
    /// `PostKycDocumentStopReview`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentstopreview>.
    pub fn stop_review(&self, id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>) -> StopReview {
        let id = document_id("post_kyc_document_stop_review", id);
        StopReview { client: self.client.clone(), id, reconcile: false }
    }

    /// Puts a reviewer's reading of a document in place of the machine's. The reading must be of the document's kind; there
    /// is none for credit files. Answers nothing: read the document afterwards. Whether the score or the status changes
    /// with it is not documented. A restricted key needs the permission `PostKycDocumentMatches`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentmatches>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use kyc_review::Patch;
    /// use kyc_review::rebilly::{AddressMatchesOverwrite, KycDocumentType};
    ///
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let id = sandbox.seed().kyc_document_of_type(KycDocumentType::AddressProof, "pending");
    /// // What is not named is left alone; null says that the document does not show it.
    /// let reading = AddressMatchesOverwrite::new().line1("1 Example Road").postal_code(Patch::Null);
    /// sandbox.rebilly().kyc_documents().overwrite_matches(&id, reading).await?;
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn overwrite_matches(
        &self,
        id: impl TryInto<KycDocumentId, Error: Into<InvalidId>>,
        matches: impl Into<KycMatchesOverwrite>,
    ) -> OverwriteMatches {
        let id = document_id("post_kyc_document_matches", id);
        OverwriteMatches { client: self.client.clone(), id, matches: matches.into() }
    }
}

fn document_id(
    operation: &'static str,
    text: impl TryInto<KycDocumentId, Error: Into<InvalidId>>,
) -> Result<KycDocumentId, Error> {
    id(Vendor::Rebilly, operation, text)
}

/// See [`KycDocuments::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetDocument {
    client: Rebilly,
    id: Result<KycDocumentId, Error>,
}

awaitable!(GetDocument => KycDocument, request, {
    request.client.api().get_kyc_document().id(request.id?).send().await
});

/// A decision on one document: its id, and nothing else.
macro_rules! decision_on_document {
    ($(#[$meta:meta])* $name:ident, $operation:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name {
            client: Rebilly,
            id: Result<KycDocumentId, Error>,
            reconcile: bool,
        }

        decision!($name => KycDocument, request, {
            let id = request.id?;
        }, send {
            request.client.api().$operation().id(&id).send().await
        }, read {
            request.client.kyc_documents().get(&id).await
        });
    };
}

decision_on_document!(
    /// See [`KycDocuments::accept`].
    AcceptDocument, post_kyc_document_acceptance
);
decision_on_document!(
    /// See [`KycDocuments::review`].
    ReviewDocument, post_kyc_document_review
);
decision_on_document!(
    /// See [`KycDocuments::start_review`].
    StartReview, post_kyc_document_start_review
);
decision_on_document!(
    /// See [`KycDocuments::stop_review`].
    StopReview, post_kyc_document_stop_review
);

/// See [`KycDocuments::create`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateDocument {
    client: Rebilly,
    document: Personal<NewKycDocument>,
}

awaitable!(CreateDocument => KycDocument, request, {
    let document = request.document.into_exposed();
    document.check("post_kyc_document")?;
    request.client.api().post_kyc_document().body(document).send().await
});

/// See [`KycDocuments::update`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UpdateDocument {
    client: Rebilly,
    id: Result<KycDocumentId, Error>,
    document: Personal<KycDocumentReplacement>,
}

awaitable!(UpdateDocument => KycDocument, request, {
    let (id, document) = (request.id?, request.document.into_exposed());
    document.check("put_kyc_document")?;
    request.client.api().put_kyc_document().id(id).body(document).send().await
});

/// See [`KycDocuments::reject`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RejectDocument {
    client: Rebilly,
    id: Result<KycDocumentId, Error>,
    reason: RejectionReason,
    message: Option<Personal<String>>,
    reconcile: bool,
}

impl RejectDocument {
    /// The reviewer's words on it, 255 characters at most.
    pub fn message(mut self, message: impl Into<Personal<String>>) -> Self {
        self.message = Some(message.into());
        self
    }
}

decision!(RejectDocument => KycDocument, request, {
    const OPERATION: &str = "post_kyc_document_rejection";
    let id = request.id?;
    if request.reason.as_str().is_empty() {
        return Err(Error::invalid(Vendor::Rebilly, OPERATION, "the reason is empty"));
    }
    if request.message.as_ref().is_some_and(|message| message.expose().chars().count() > LONGEST_MESSAGE) {
        let note = format!("the message is longer than {LONGEST_MESSAGE} characters");
        return Err(Error::invalid(Vendor::Rebilly, OPERATION, note));
    }
    let client = request.client.with(CallOptions::new().intent(request.reason.as_str()));
    let body = KycDocumentRejection { type_: request.reason, message: request.message };
}, send {
    client.api().post_kyc_document_rejection().id(&id).body(body.clone()).send().await
}, read {
    request.client.kyc_documents().get(&id).await
});

/// See [`KycDocuments::overwrite_matches`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct OverwriteMatches {
    client: Rebilly,
    id: Result<KycDocumentId, Error>,
    matches: KycMatchesOverwrite,
}

awaitable!(OverwriteMatches => (), request, {
    request.client.api().post_kyc_document_matches().id(request.id?).body(request.matches).send().await
});
