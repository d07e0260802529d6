//! Successful responses as the transport returns them, and their decoding.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::{StatusCode, Url};

use super::error::Failure;
use super::reply::Parts;
use super::{Error, ErrorKind, Operation, OperationClass, Reply};
use crate::value::json::{self, Json};

/// A successful response, read whole.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) parts: Arc<Parts>,
    pub(crate) failure: Failure,
    /// The operation, if it has a row in a table.
    pub(crate) row: Option<&'static Operation>,
    /// Where the requested page begins, for a list whose pages are counted.
    pub(crate) place: Option<String>,
    /// The base URL that the links of a list must lead to.
    pub(crate) base: Option<Url>,
}

impl Received {
    /// Makes an error about this response.
    pub(crate) fn error(self, kind: ErrorKind) -> Error {
        let Parts { status, headers, raw, request_id, .. } = &*self.parts;
        let error =
            self.failure.error(kind).with_response(*status, headers.clone(), Bytes::clone(raw));
        error.detailed(Default::default(), request_id.clone())
    }
}

/// The exact bytes of a response that is not JSON, such as a PDF or an image. `Debug`
/// prints only their number.
///
/// ```
/// # fn save(file: &kyc_review::ByteStream) -> std::io::Result<()> {
/// std::fs::write("report.pdf", file)
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ByteStream(
    /// The bytes.
    pub Bytes,
);

impl AsRef<[u8]> for ByteStream {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<ByteStream> for Bytes {
    fn from(stream: ByteStream) -> Self {
        stream.0
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteStream({} bytes)", self.0.len())
    }
}

impl Received {
    /// Decodes the body. The error names the field that does not fit, never its value.
    pub(crate) fn decode<T: Json>(self) -> Result<Reply<T>, Error> {
        match self.read::<T>() {
            Ok(value) => Ok(Reply::new(value, self.parts)),
            Err(note) => Err(self.undecodable(note)),
        }
    }

    /// Reads the value within its envelope.
    pub(crate) fn read<T: Json>(&self) -> Result<T, String> {
        json::read_at(self.body(), self.row.map_or("", |row| row.value_at))
    }

    #[allow(dead_code)] // not every vendor has responses that may be empty
    pub(crate) fn optional<T: Json>(self) -> Result<Reply<Option<T>>, Error> {
        match self.parts.raw.trim_ascii() {
            b"" | b"null" => Ok(Reply::new(None, self.parts)),
            _ => self.decode::<T>().map(|reply| reply.map(Some)),
        }
    }

    pub(crate) fn empty(self) -> Result<Reply<()>, Error> {
        // A gateway can respond 200 with a page of its own if it never reached the
        // vendor.
        if self.parts.raw.trim_ascii_start().starts_with(b"<") {
            return Err(
                self.undecodable("unexpected response body: HTML or XML, expected none".to_owned())
            );
        }
        Ok(Reply::new((), self.parts))
    }

    pub(crate) fn stream(self) -> Result<Reply<ByteStream>, Error> {
        Ok(Reply::new(ByteStream(self.parts.raw.clone()), self.parts))
    }

    /// Returns the JSON of the body.
    pub(crate) fn body(&self) -> &[u8] {
        let is_no_content =
            self.parts.status == StatusCode::NO_CONTENT && self.parts.raw.is_empty();
        if is_no_content { b"null" } else { self.parts.raw.trim_ascii() }
    }

    pub(crate) fn undecodable(self, note: String) -> Error {
        // A gateway can respond 200 without having reached the vendor, so the outcome of
        // a decision is unknown.
        let repeatable = self.failure.class.is_none_or(OperationClass::is_repeatable);
        let kind = if repeatable { ErrorKind::Decode } else { ErrorKind::OutcomeUnknown };
        self.error(kind).note(note)
    }
}
