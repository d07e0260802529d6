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
use reqwest::{Method, Url};

use crate::error::Failure;
use crate::reply::Parts;
use crate::{Clock, Error, ErrorKind, OperationClass, Sender};

pub(crate) use base_url::prefix_path as base_path;
pub(crate) use config::{ClientConfig, common_builder_methods};
pub(crate) use dialect::Dialect;
pub(crate) use dialect::{number_header, retry_after_header, seconds_header, token_header};
pub use raw::RawRequest;

/// One operation of a document, from the table that build.rs writes.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template; `None` for a path that the caller gives.
    pub(crate) path: Option<&'static str>,
    /// How many segments of the base do not stand before it.
    pub(crate) above_base: usize,
    /// Which segment of the path is the id of what the call is about, counted from 0 behind the base.
    pub(crate) subject: Option<usize>,
    pub(crate) class: OperationClass,
    /// An idempotency key counts here, where the vendor has such a thing.
    pub(crate) takes_key: bool,
    pub(crate) body: Body,
    /// The media type of a success, where it has a body.
    pub(crate) accept: Option<&'static str>,
    /// In the order in which they go out.
    pub(crate) parameters: &'static [Parameter],
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// Hidden from layers under the client, and from what a server echoes, where it is a header.
    pub(crate) is_personal: bool,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Body {
    None,
    /// `optional`: the client sends no body at all when it would be `{}`.
    Json {
        optional: bool,
    },
    Form,
    Multipart,
    /// Bytes of this media type, as the caller gives them.
    Bytes(&'static str),
}

/// One client's connection pool, limits and vendor rules; shared by all its clones.
pub(crate) struct Transport {
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) base: Url,
    budget: budget::Budget,
    limiter: limit::Limiter,
    pub(crate) config: ClientConfig,
    pub(crate) dialect: Box<dyn Dialect>,
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
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.config.clock
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("vendor", &self.dialect.vendor()).finish_non_exhaustive()
    }
}
