//! What the transport hands up: a response, read whole, that the vendor calls a success;
//! and how it is decoded.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::error::Failure;
use super::reply::Parts;
use super::{Error, ErrorKind, Operation, OperationClass, Reply};
use crate::value::json::{self, Json, Problem};

/// A response, read whole, that the vendor calls a success.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) parts: Arc<Parts>,
    pub(crate) failure: Failure,
    /// The operation, where it has a row in a table.
    pub(crate) row: Option<&'static Operation>,
    /// Where the page begins that was asked for, of a list whose pages are counted.
    pub(crate) place: Option<String>,
    /// Where its links must lead, for a list.
    pub(crate) base: Option<Url>,
}

impl Answer {
    /// An error about this response.
    pub(crate) fn error(self, kind: ErrorKind) -> Error {
        let Parts { status, headers, raw, request_id, .. } = &*self.parts;
        let error = self.failure.error(kind).answered(*status, headers.clone(), Bytes::clone(raw));
        error.detailed(Default::default(), request_id.clone())
    }
}

/// The exact bytes of a response that is not JSON: a PDF, an image. `Debug` prints how
/// many there are.
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

impl Answer {
    /// Decodes the body. The error says where it stops to fit, never what stands there.
    pub(crate) fn decode<T: Json>(self) -> Result<Reply<T>, Error> {
        let value = match self.value() {
            Ok(value) => value,
            Err(note) => return Err(self.undecodable(note)),
        };
        // An empty list comes as `null` from some servers.
        let empty_list = value.is_null().then(|| Value::Array(Vec::new()));
        let decoded =
            T::from_json(value).or_else(|problem| empty_list.ok_or(problem).and_then(T::from_json));
        match decoded {
            Ok(value) => Ok(Reply::new(value, self.parts)),
            Err(problem) => Err(self.of_another_shape(&problem)),
        }
    }

    #[allow(dead_code)] // of some vendors no call may reply with nothing
    pub(crate) fn optional<T: Json>(self) -> Result<Reply<Option<T>>, Error> {
        match self.parts.raw.trim_ascii() {
            b"" | b"null" => Ok(Reply::new(None, self.parts)),
            _ => self.decode::<T>().map(|reply| reply.map(Some)),
        }
    }

    pub(crate) fn empty(self) -> Result<Reply<()>, Error> {
        // A gateway can answer 200 with a page of its own for a vendor that was never
        // reached.
        if self.parts.raw.trim_ascii_start().starts_with(b"<") {
            return Err(self.undecodable("a page in place of a response without a body".to_owned()));
        }
        Ok(Reply::new((), self.parts))
    }

    pub(crate) fn stream(self) -> Result<Reply<ByteStream>, Error> {
        Ok(Reply::new(ByteStream(self.parts.raw.clone()), self.parts))
    }

    /// The JSON of the body, out of its envelope.
    pub(crate) fn value(&self) -> Result<Value, String> {
        let mut value = self.whole_value()?;
        let at = self.row.map_or("", |row| row.answer_at);
        if at.is_empty() {
            return Ok(value);
        }
        if !value.is_object() {
            return Err("the body is JSON of another shape: not an object".to_owned());
        }
        let inner = value.pointer_mut(at).map(Value::take);
        let name = at.trim_start_matches('/');
        inner.ok_or_else(|| {
            format!("the body is JSON of another shape: a required member is missing at {name}")
        })
    }

    /// The JSON of the whole body.
    pub(crate) fn whole_value(&self) -> Result<Value, String> {
        let is_no_content =
            self.parts.status == StatusCode::NO_CONTENT && self.parts.raw.is_empty();
        let body = if is_no_content { b"null" } else { self.parts.raw.trim_ascii() };
        json::parse(body).map_err(|error| {
            let what = match error.classify() {
                _ if self.parts.raw.is_empty() => "the body is empty",
                serde_json::error::Category::Data => "an object in the body names a member twice",
                serde_json::error::Category::Eof => "the body ends too early",
                _ => "the body is no JSON",
            };
            format!("{what} (line {}, column {})", error.line(), error.column())
        })
    }

    pub(crate) fn of_another_shape(self, problem: &Problem) -> Error {
        self.undecodable(format!("the body is JSON of another shape: {problem}"))
    }

    pub(crate) fn undecodable(self, note: String) -> Error {
        // A gateway can answer 200 for a vendor that was never reached: what was decided
        // is then not known.
        let repeatable = self.failure.class.is_none_or(OperationClass::is_repeatable);
        let kind = if repeatable { ErrorKind::Decode } else { ErrorKind::OutcomeUnknown };
        self.error(kind).note(note)
    }
}
