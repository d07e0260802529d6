//! The only code that opens a connection: authorise, send, bound, classify, repeat what is safe.

mod base_url;
mod body;
mod budget;
mod config;
mod dialect;
mod limit;
mod observe;
mod prepare;
mod raw;
mod retry;
mod send;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Url;

use crate::error::Failure;
use crate::reply::Parts;
use crate::{Clock, Error, ErrorKind, OperationClass, Sender};

pub(crate) use config::{ClientConfig, common_builder_methods};
pub(crate) use dialect::Dialect;
pub(crate) use dialect::{number_header, retry_after_header, seconds_header, token_header};
pub use raw::RawRequest;

/// One operation of a document, from the table that build.rs writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    /// The path template; `None` for a path that the caller gives.
    pub(crate) path: Option<&'static str>,
    /// Which segment of the path is the id of what the call is about, counted from 0 behind the base.
    pub(crate) subject: Option<usize>,
    pub(crate) class: OperationClass,
    /// The client sends no body at all when it would be `{}`.
    pub(crate) body_optional: bool,
}

/// One client's connection pool, limits and vendor rules; shared by all its clones.
pub(crate) struct Transport {
    /// Builds the generated code's requests; sends them too, unless the caller has put a sender in its place.
    pub(crate) http: reqwest::Client,
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) base: Url,
    budget: budget::Budget,
    limiter: limit::Limiter,
    pub(crate) config: ClientConfig,
    pub(crate) dialect: Box<dyn Dialect>,
    pub(crate) operations: &'static [Operation],
}

/// An answer, read whole, that the vendor calls a success.
pub(crate) struct Answer {
    pub(crate) parts: Arc<Parts>,
    pub(crate) failure: Failure,
}

impl Answer {
    /// An error about this answer.
    pub(crate) fn error(self, kind: ErrorKind) -> Error {
        let Parts { status, headers, raw, request_id, .. } = &*self.parts;
        let error = self.failure.error(kind).answered(*status, headers.clone(), Bytes::clone(raw));
        error.detailed(Default::default(), request_id.clone())
    }
}

impl Transport {
    /// The row of a generated operation.
    pub(crate) fn operation(&self, id: &'static str) -> Result<Operation, Error> {
        let found = self.operations.binary_search_by(|row| row.id.cmp(id)).ok();
        let row = found.and_then(|index| self.operations.get(index)).copied();
        // build.rs writes code and table from the same document.
        row.ok_or_else(|| Error::invalid(self.dialect.vendor(), id, "the operation is not in the table"))
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.config.clock
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("vendor", &self.dialect.vendor()).finish_non_exhaustive()
    }
}
