//! The runtime under the generated code: what progenitor's output names as its client library.
//!
//! A generated call is `pre`, `exec`, `post`, then a match on the status. All of it is ours, so that every call goes through
//! the one transport: signed, classified, bounded, with the raw body kept and errors that show nothing.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;

use crate::transport::{Answer, Transport};
use crate::{CallOptions, Clock, ErrorKind, Reply};

pub use crate::Reply as ResponseValue;

/// Encodes one path segment.
pub(crate) fn encode_path(segment: &str) -> String {
    crate::id::encode_segment(segment)
}

/// What a generated client carries: the shared transport and the options of this clone.
#[derive(Clone)]
pub struct Context {
    pub(crate) transport: Arc<Transport>,
    pub(crate) options: Arc<CallOptions>,
}

impl Context {
    /// The client's source of time.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.transport.config.clock)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("options", &self.options).finish_non_exhaustive()
    }
}

/// What the generated code says of a call.
pub(crate) struct OperationInfo {
    /// The operation id of the document.
    pub(crate) operation_id: &'static str,
}

/// What every generated client tells of itself.
pub trait ClientInfo<Inner> {
    /// The version of the document; it is sent nowhere.
    fn api_version() -> &'static str;
    /// Scheme, host and path prefix.
    fn baseurl(&self) -> &str;
    /// The HTTP client under the transport.
    fn client(&self) -> &reqwest::Client;
    /// Transport and options.
    fn inner(&self) -> &Inner;
}

/// The hooks of a generated call, for every client whose inner value is our [`Context`].
pub(crate) trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Before the request is sent.
    async fn pre(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), crate::Error>;
    /// Sends it.
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> Result<Answer, crate::Error>;
    /// After the answer.
    async fn post(&self, answer: &Result<Answer, crate::Error>, info: &OperationInfo) -> Result<(), crate::Error>;
}

impl<C: ClientInfo<Context>> ClientHooks<Context> for C {
    async fn pre(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), crate::Error> {
        // Every generated request bears the version of the document, which no vendor asks for.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> Result<Answer, crate::Error> {
        let context = self.inner();
        let operation = context.transport.operation(info.operation_id)?;
        context.transport.send(request, operation, &context.options).await
    }

    async fn post(&self, _: &Result<Answer, crate::Error>, _: &OperationInfo) -> Result<(), crate::Error> {
        Ok(())
    }
}

/// The error of a generated call: our one error, which it derefs to and converts into.
#[derive(Debug)]
pub struct Error<E = ()>(crate::Error, PhantomData<E>);

/// Generated code builds errors by the names of the stock runtime's variants.
#[allow(non_snake_case)]
impl<E> Error<E> {
    pub(crate) fn InvalidRequest(note: String) -> Self {
        // The text is the generator's own: it names a parameter and a type, never a value.
        crate::error::Failure::default().error(ErrorKind::InvalidArgument).note(note).into()
    }

    pub(crate) fn UnexpectedResponse(answer: Answer) -> Self {
        answer.error(ErrorKind::Decode).note("an answer that is no success reached the decoder").into()
    }
}

impl<E> From<crate::Error> for Error<E> {
    fn from(error: crate::Error) -> Self {
        Self(error, PhantomData)
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    /// Only building a request fails here; sending it is the transport's.
    fn from(error: reqwest::Error) -> Self {
        let failure = crate::error::Failure::default().error(ErrorKind::InvalidArgument);
        failure.note("the request cannot be built").caused_by(error.without_url()).into()
    }
}

impl<E> From<Error<E>> for crate::Error {
    fn from(error: Error<E>) -> Self {
        error.0
    }
}

impl<E> Deref for Error<E> {
    type Target = crate::Error;

    fn deref(&self) -> &crate::Error {
        &self.0
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}

/// The exact bytes of an answer that is no JSON: a PDF, an image.
#[derive(Clone, PartialEq, Eq)]
pub struct ByteStream(pub Bytes);

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteStream({} bytes)", self.0.len())
    }
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// Decodes the body. The error says where it stops to fit, never what stands there.
    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Reply<T>, crate::Error> {
        let is_no_content = self.parts.status == StatusCode::NO_CONTENT && self.parts.raw.is_empty();
        let body = if is_no_content { b"null" } else { self.parts.raw.trim_ascii() };
        // An empty list comes as `null` from some servers.
        let empty_list = || (body == b"null").then(|| serde_json::from_slice(b"[]").ok()).flatten();
        match serde_json::from_slice(body) {
            Ok(value) => Ok(Reply::new(value, self.parts)),
            Err(error) => match empty_list() {
                Some(value) => Ok(Reply::new(value, self.parts)),
                None => Err(self.undecodable(&error)),
            },
        }
    }

    fn undecodable(self, error: &serde_json::Error) -> crate::Error {
        let what = match error.classify() {
            _ if self.parts.raw.is_empty() => "the body is empty".to_owned(),
            serde_json::error::Category::Data => "the body is JSON of another shape".to_owned(),
            serde_json::error::Category::Eof => "the body ends too early".to_owned(),
            _ => "the body is no JSON".to_owned(),
        };
        let note = format!("{what} (line {}, column {})", error.line(), error.column());
        // A gateway can answer 200 for a vendor that was never reached: what was decided is then not known.
        let repeatable = self.failure.class.is_none_or(crate::OperationClass::is_repeatable);
        let kind = if repeatable { ErrorKind::Decode } else { ErrorKind::OutcomeUnknown };
        self.error(kind).note(note)
    }
}

impl<T: DeserializeOwned> Reply<T> {
    pub(crate) async fn from_response<E>(answer: Answer) -> Result<Self, Error<E>> {
        answer.decode().map_err(Error::from)
    }
}

impl Reply<()> {
    pub(crate) fn empty(answer: Answer) -> Self {
        Self::new((), answer.parts)
    }
}

/// What generated code would need for form bodies, which no document has.
pub(crate) trait RequestBuilderExt {}

/// One query parameter: absent, one pair, or a pair an element.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T: Serialize> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = serde_json::to_value(self.value).map_err(serde::ser::Error::custom)?;
        let mut pairs = serializer.serialize_seq(None)?;
        for text in scalars(&value) {
            pairs.serialize_element(&(self.name, text))?;
        }
        pairs.end()
    }
}

fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        other => vec![other.to_string()],
    }
}
