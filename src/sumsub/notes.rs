//! The notes of a transaction. They take no part in automatic checks.

use crate::api::sumsub::types::{
    OkAnswer, TransactionNote, TransactionNoteCreate, TransactionNoteRemove, TransactionNoteUpdate,
};
use crate::api::vendor::awaitable;
use crate::call::{Error, Page, Vendor};
use crate::sumsub::tags::has_blank;
use crate::sumsub::{Sumsub, TransactionId, page};
use crate::value::Personal;

/// See [`Transactions::list_notes`](super::Transactions::list_notes).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListNotes {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
}

awaitable!(ListNotes => Page<TransactionNote>, request, {
    let reply = request.client.api().list_transaction_notes().id(request.id?).send().await?;
    page::items("list_transaction_notes", reply)
});

/// See [`Transactions::add_note`](super::Transactions::add_note).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct AddNote {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
    pub(super) text: Personal<String>,
    pub(super) tags: Vec<String>,
}

impl AddNote {
    /// Tags of the note; adds to those given before.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }
}

awaitable!(AddNote => TransactionNote, request, {
    const OPERATION: &str = "add_transaction_note";
    let txn_id = request.id?.to_string();
    let body = TransactionNoteCreate {
        txn_id,
        note: text(OPERATION, request.text)?,
        tags: tags(OPERATION, request.tags)?,
    };
    request.client.api().add_transaction_note().body(body).send().await
});

/// See [`Transactions::update_note`](super::Transactions::update_note).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UpdateNote {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
    pub(super) note: String,
    pub(super) text: Personal<String>,
    pub(super) tags: Vec<String>,
}

impl UpdateNote {
    /// Tags of the note; adds to those given before. Without this the call says nothing of tags.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }
}

awaitable!(UpdateNote => TransactionNote, request, {
    const OPERATION: &str = "update_transaction_note";
    let txn_id = request.id?.to_string();
    let body = TransactionNoteUpdate {
        txn_id,
        id: note_id(OPERATION, request.note)?,
        note: text(OPERATION, request.text)?,
        tags: tags(OPERATION, request.tags)?,
    };
    request.client.api().update_transaction_note().body(body).send().await
});

/// See [`Transactions::remove_note`](super::Transactions::remove_note).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RemoveNote {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
    pub(super) note: String,
}

awaitable!(RemoveNote => OkAnswer, request, {
    let txn_id = request.id?.to_string();
    let body = TransactionNoteRemove { txn_id, id: note_id("remove_transaction_note", request.note)? };
    request.client.api().remove_transaction_note().body(body).send().await
});

fn note_id(operation: &'static str, id: String) -> Result<String, Error> {
    if id.trim().is_empty() {
        return Err(Error::invalid(Vendor::Sumsub, operation, "the id of the note is empty"));
    }
    Ok(id)
}

fn text(operation: &'static str, text: Personal<String>) -> Result<Personal<String>, Error> {
    if text.expose().trim().is_empty() {
        return Err(Error::invalid(Vendor::Sumsub, operation, "the note is empty"));
    }
    Ok(text)
}

fn tags(operation: &'static str, tags: Vec<String>) -> Result<Option<Vec<String>>, Error> {
    if has_blank(&tags) {
        return Err(Error::invalid(Vendor::Sumsub, operation, "a tag is empty"));
    }
    Ok(Some(tags).filter(|tags| !tags.is_empty()))
}
