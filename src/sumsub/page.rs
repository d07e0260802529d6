//! Sumsub's lists: the whole list at once, in one of three containers.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::error::Failure;
use crate::call::{Error, ErrorKind, Page, Reply, Vendor};
use crate::value::Personal;

/// Reads `{list: {items, totalItems}}`, `{items, totalItems}` or a bare list. Nothing at all is an empty list.
///
/// # Errors
/// [`ErrorKind::Decode`] for any other shape, and for an item that is none.
pub(super) fn items<T: DeserializeOwned>(
    operation: &'static str,
    reply: Reply<Personal<Value>>,
) -> Result<Reply<Page<T>>, Error> {
    let read = list(reply.expose()).and_then(|(items, total)| {
        let items = items.iter().map(T::deserialize).collect::<Result<Vec<T>, _>>().ok()?;
        Some(Page { items, next: None, total })
    });
    match read {
        Some(page) => Ok(reply.map(|_| page)),
        None => Err(undecodable(operation, &reply)),
    }
}

fn list(value: &Value) -> Option<(&[Value], Option<u64>)> {
    match value {
        Value::Null => Some((&[], None)),
        Value::Array(items) => Some((items, None)),
        Value::Object(members) => {
            if let Some(inner) = members.get("list") {
                return list(inner);
            }
            let total = members.get("totalItems").and_then(Value::as_u64);
            match members.get("items") {
                Some(Value::Array(items)) => Some((items, total)),
                // Empty members are left out.
                None | Some(Value::Null) if members.keys().all(|name| name == "items" || name == "totalItems") => {
                    Some((&[], total))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn undecodable<T>(operation: &'static str, reply: &Reply<T>) -> Error {
    let failure = Failure {
        vendor: Some(Vendor::Sumsub),
        operation: Some(operation),
        attempts: reply.attempts(),
        elapsed: reply.elapsed(),
        ..Failure::default()
    };
    let raw = Bytes::copy_from_slice(reply.raw());
    let error = failure.error(ErrorKind::Decode).answered(reply.status_code(), reply.headers().clone(), raw);
    error.note("the body is no list in a known container")
}
