//! Successful responses as the transport returns them, and their decoding.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::{StatusCode, Url};

use super::error::Failure;
use super::reply::Parts;
use super::{Error, ErrorKind, Operation, OperationClass, Reply};
use crate::value::json::{self, Json, Read};

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
    /// The fields by which this vendor's decisions are judged.
    pub(crate) judged_by: &'static [&'static str],
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
        let is_decision = self.failure.class == Some(OperationClass::Decision);
        let read = if is_decision { self.read_judged::<T>() } else { self.read() };
        match read {
            Ok((value, misfits)) => Ok(Reply::new(value, self.parts).with_misfits(misfits)),
            Err(note) => Err(self.undecodable(note)),
        }
    }

    /// Reads the value within its envelope.
    fn read<T: Json>(&self) -> Result<Read<T>, String> {
        json::read_at(self.body(), self.row.map_or("", |row| row.value_at))
    }

    /// Reads a value by which a decision is judged: what is judged must fit, because an
    /// absent field would tell that nothing was decided.
    pub(crate) fn read_judged<T: Json>(&self) -> Result<Read<T>, String> {
        let read = self.read();
        let judged = match &read {
            Ok((_, misfits)) => misfits.iter().find(|misfit| misfit.is_one_of(self.judged_by)),
            Err(_) => None,
        };
        judged.map(json::unexpected).map_or(read, Err)
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
        match self.parts.raw.trim_ascii() {
            b"" | b"{}" | b"null" => Ok(Reply::new((), self.parts)),
            _ => Err(self.undecodable("unexpected response body: expected none".to_owned())),
        }
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
