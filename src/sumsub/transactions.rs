//! Monitored transactions: read them, decide on them.

#[cfg(feature = "unconfirmed")]
use crate::api::sumsub::enums::ReviewRejectType;
use crate::api::sumsub::enums::{RejectLabel, ReviewAnswerDecision};
use crate::api::sumsub::types::{KytTxn, TransactionReview};
use crate::api::vendor::{awaitable, decision, id};
use crate::call::{CallOptions, Error, Vendor};
use crate::sumsub::notes::{AddNote, ListNotes, RemoveNote, UpdateNote};
use crate::sumsub::tags::{AddTags, ListTags, RemoveTags};
use crate::sumsub::{Sumsub, TransactionId};
use crate::value::{InvalidId, Personal};

const REVIEW: &str = "review_transaction";

/// Monitored transactions. Source: <https://docs.sumsub.com/reference/get-transaction>.
///
/// Every id here is Sumsub's own, not the `txnId` that you gave on submission.
#[derive(Clone, Debug)]
pub struct Transactions {
    client: Sumsub,
}

impl Transactions {
    pub(super) fn new(client: Sumsub) -> Self {
        Self { client }
    }

    /// One transaction, with its scoring and its review. Source: <https://docs.sumsub.com/reference/get-transaction>.
    pub fn get(&self, id: impl TryInto<TransactionId, Error: Into<InvalidId>>) -> GetTransaction {
        GetTransaction { client: self.client.clone(), id: transaction_id("get_transaction", id) }
    }

    /// Completes the review with GREEN. No state is documented that the transaction must be in. The app token needs the
    /// permission *Manage TM transactions - Decisions*.
    /// Source: <https://docs.sumsub.com/reference/approve-and-reject-transaction>.
    pub fn approve(&self, id: impl TryInto<TransactionId, Error: Into<InvalidId>>) -> ApproveTransaction {
        ApproveTransaction { client: self.client.clone(), id: transaction_id(REVIEW, id), reconcile: false }
    }

    /// Completes the review with RED; permission and source as for [`approve`](Self::approve).
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (sumsub, id) = (sandbox.sumsub(), sandbox.seed().transaction());
    /// let transaction = sumsub.transactions().reject(&id).reject_labels(["FRAUDULENT_PATTERNS"]).await?;
    /// assert!(transaction.is_rejected());
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn reject(&self, id: impl TryInto<TransactionId, Error: Into<InvalidId>>) -> RejectTransaction {
        RejectTransaction {
            client: self.client.clone(),
            id: transaction_id(REVIEW, id),
            labels: Vec::new(),
            client_comment: None,
            #[cfg(feature = "unconfirmed")]
            reject_type: None,
            #[cfg(feature = "unconfirmed")]
            moderation_comment: None,
            reconcile: false,
        }
    }

    /// The tags of a transaction; none where the vendor's answer is empty.
    /// Source: <https://docs.sumsub.com/reference/get-txn-tags>.
    pub fn list_tags(&self, id: impl TryInto<TransactionId, Error: Into<InvalidId>>) -> ListTags {
        ListTags { client: self.client.clone(), id: transaction_id("list_transaction_tags", id) }
    }

    /// Adds tags to those that the transaction has, and answers with all of them. Each must exist in the account's
    /// settings; names are case-sensitive. The app token needs the permission *Manage TM transactions - Review*.
    /// Source: <https://docs.sumsub.com/reference/add-tags>.
    pub fn add_tags(
        &self,
        id: impl TryInto<TransactionId, Error: Into<InvalidId>>,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> AddTags {
        AddTags {
            client: self.client.clone(),
            id: transaction_id("add_transaction_tags", id),
            tags: tags.into_iter().map(Into::into).collect(),
        }
    }

    /// Takes tags off the transaction, and answers with those that remain. Naming one that it does not have is no
    /// error. Permission as for [`add_tags`](Self::add_tags). Source: <https://docs.sumsub.com/reference/remove-tags>.
    pub fn remove_tags(
        &self,
        id: impl TryInto<TransactionId, Error: Into<InvalidId>>,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> RemoveTags {
        RemoveTags {
            client: self.client.clone(),
            id: transaction_id("remove_transaction_tags", id),
            tags: tags.into_iter().map(Into::into).collect(),
        }
    }

    /// All notes of a transaction, on one page. The app token needs the permission *View TM transactions*.
    /// Source: <https://docs.sumsub.com/reference/get-notes>.
    pub fn list_notes(&self, id: impl TryInto<TransactionId, Error: Into<InvalidId>>) -> ListNotes {
        ListNotes { client: self.client.clone(), id: transaction_id("list_transaction_notes", id) }
    }

    /// Adds a note; each call makes a further one, so it is never repeated. Permission as for
    /// [`list_notes`](Self::list_notes). Source: <https://docs.sumsub.com/reference/add-notes>.
    pub fn add_note(
        &self,
        id: impl TryInto<TransactionId, Error: Into<InvalidId>>,
        text: impl Into<Personal<String>>,
    ) -> AddNote {
        AddNote {
            client: self.client.clone(),
            id: transaction_id("add_transaction_note", id),
            text: text.into(),
            tags: Vec::new(),
        }
    }

    /// Replaces the text of a note; `note` is the note's own id. Permission as for [`list_notes`](Self::list_notes).
    /// Source: <https://docs.sumsub.com/reference/edit-notes>.
    pub fn update_note(
        &self,
        id: impl TryInto<TransactionId, Error: Into<InvalidId>>,
        note: impl Into<String>,
        text: impl Into<Personal<String>>,
    ) -> UpdateNote {
        UpdateNote {
            client: self.client.clone(),
            id: transaction_id("update_transaction_note", id),
            note: note.into(),
            text: text.into(),
            tags: Vec::new(),
        }
    }

    /// Removes a note; `note` is the note's own id. Permission as for [`list_notes`](Self::list_notes).
    /// Source: <https://docs.sumsub.com/reference/remove-notes>.
    pub fn remove_note(
        &self,
        id: impl TryInto<TransactionId, Error: Into<InvalidId>>,
        note: impl Into<String>,
    ) -> RemoveNote {
        RemoveNote { client: self.client.clone(), id: transaction_id("remove_transaction_note", id), note: note.into() }
    }
}

fn transaction_id(
    operation: &'static str,
    text: impl TryInto<TransactionId, Error: Into<InvalidId>>,
) -> Result<TransactionId, Error> {
    id(Vendor::Sumsub, operation, text)
}

/// See [`Transactions::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetTransaction {
    client: Sumsub,
    id: Result<TransactionId, Error>,
}

awaitable!(GetTransaction => KytTxn, request, {
    request.client.api().get_transaction().id(request.id?).send().await
});

/// See [`Transactions::approve`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ApproveTransaction {
    client: Sumsub,
    id: Result<TransactionId, Error>,
    reconcile: bool,
}

decision!(ApproveTransaction => KytTxn, request, {
    let id = request.id?;
    let body = TransactionReview {
        review_answer: ReviewAnswerDecision::Green,
        reject_labels: None,
        client_comment: None,
        #[cfg(feature = "unconfirmed")]
        review_reject_type: None,
        #[cfg(feature = "unconfirmed")]
        moderation_comment: None,
    };
    let client = request.client.with(CallOptions::new().intent(body.review_answer.as_str()));
}, send {
    client.api().review_transaction().id(&id).body(body.clone()).send().await
}, read {
    request.client.transactions().get(&id).await
});

/// See [`Transactions::reject`].
///
/// The vendor's current page shows the answer RED alone. Labels and comment stand in an older revision of the same
/// page; whether the server still keeps them shows in the answer.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RejectTransaction {
    client: Sumsub,
    id: Result<TransactionId, Error>,
    labels: Vec<RejectLabel>,
    client_comment: Option<Personal<String>>,
    #[cfg(feature = "unconfirmed")]
    reject_type: Option<ReviewRejectType>,
    #[cfg(feature = "unconfirmed")]
    moderation_comment: Option<Personal<String>>,
    reconcile: bool,
}

impl RejectTransaction {
    /// Why it is rejected; adds to the labels given before.
    pub fn reject_labels(mut self, labels: impl IntoIterator<Item = impl Into<RejectLabel>>) -> Self {
        self.labels.extend(labels.into_iter().map(Into::into));
        self
    }

    /// A comment for your own staff; never for the person.
    pub fn client_comment(mut self, comment: impl Into<Personal<String>>) -> Self {
        self.client_comment = Some(comment.into());
        self
    }

    /// Whether the rejection is final. No public page shows this member on this call.
    #[cfg(feature = "unconfirmed")]
    pub fn reject_type(mut self, kind: impl Into<ReviewRejectType>) -> Self {
        self.reject_type = Some(kind.into());
        self
    }

    /// A comment that the person may see. No public page shows this member on this call.
    #[cfg(feature = "unconfirmed")]
    pub fn moderation_comment(mut self, comment: impl Into<Personal<String>>) -> Self {
        self.moderation_comment = Some(comment.into());
        self
    }
}

decision!(RejectTransaction => KytTxn, request, {
    if request.labels.iter().any(|label| label.as_str().trim().is_empty()) {
        return Err(Error::invalid(Vendor::Sumsub, REVIEW, "a reject label is empty"));
    }
    let id = request.id?;
    let body = TransactionReview {
        review_answer: ReviewAnswerDecision::Red,
        reject_labels: Some(request.labels).filter(|labels| !labels.is_empty()),
        client_comment: request.client_comment,
        #[cfg(feature = "unconfirmed")]
        review_reject_type: request.reject_type,
        #[cfg(feature = "unconfirmed")]
        moderation_comment: request.moderation_comment,
    };
    let client = request.client.with(CallOptions::new().intent(body.review_answer.as_str()));
}, send {
    client.api().review_transaction().id(&id).body(body.clone()).send().await
}, read {
    request.client.transactions().get(&id).await
});
