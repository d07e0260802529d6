//! The tags of a transaction.

use std::sync::Arc;

use crate::Bytes;
use crate::api::sumsub::types::TypedTag;
use crate::api::vendor::awaitable;
use crate::call::reply::Parts;
use crate::call::{Error, ErrorKind, Reply, Vendor};
use crate::sumsub::{Sumsub, TransactionId, page};

/// See [`Transactions::list_tags`](super::Transactions::list_tags).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListTags {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
}

awaitable!(ListTags => Vec<TypedTag>, request, {
    let answer = request.client.api().list_transaction_tags().id(request.id?).send().await;
    answer.or_else(none_if_empty)
});

/// See [`Transactions::add_tags`](super::Transactions::add_tags).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct AddTags {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
    pub(super) tags: Vec<String>,
}

awaitable!(AddTags => Vec<TypedTag>, request, {
    let tags = checked("add_transaction_tags", request.tags)?;
    request.client.api().add_transaction_tags().id(request.id?).body(tags).send().await
});

/// See [`Transactions::remove_tags`](super::Transactions::remove_tags).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RemoveTags {
    pub(super) client: Sumsub,
    pub(super) id: Result<TransactionId, Error>,
    pub(super) tags: Vec<String>,
}

awaitable!(RemoveTags => Vec<TypedTag>, request, {
    const OPERATION: &str = "remove_transaction_tags";
    let tags = checked(OPERATION, request.tags)?;
    match request.client.api().remove_transaction_tags().id(request.id?).body(tags).send().await {
        Ok(reply) => Ok(page::items(OPERATION, reply)?.map(|page| page.items)),
        Err(error) => none_if_empty(error),
    }
});

fn checked(operation: &'static str, tags: Vec<String>) -> Result<Vec<String>, Error> {
    let refuse = |why| Err(Error::invalid(Vendor::Sumsub, operation, why));
    if tags.is_empty() {
        return refuse("no tag is named");
    }
    if has_blank(&tags) {
        return refuse("a tag is empty");
    }
    Ok(tags)
}

pub(super) fn has_blank(tags: &[String]) -> bool {
    tags.iter().any(|tag| tag.trim().is_empty())
}

/// Of a transaction without tags the vendor says only that the answer is empty. A success without any body is therefore
/// an empty list here, while everywhere else it is an error.
fn none_if_empty(error: Error) -> Result<Reply<Vec<TypedTag>>, Error> {
    let is_empty = error.raw_body().is_some_and(|body| body.trim_ascii().is_empty());
    let status = error.status().filter(|status| status.is_success());
    let Some(status) = status.filter(|_| is_empty && error.kind() == ErrorKind::Decode) else {
        return Err(error);
    };
    let parts = Parts {
        status,
        headers: error.headers().cloned().unwrap_or_default(),
        raw: error.raw_body().map(Bytes::copy_from_slice).unwrap_or_default(),
        request_id: error.request_id().map(str::to_owned),
        rate_limit: None,
        idempotency_key: None,
        attempts: error.attempts(),
        elapsed: error.elapsed(),
    };
    Ok(Reply::new(Vec::new(), Arc::new(parts)))
}
