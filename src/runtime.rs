//! The runtime under the generated code: one call of an operation, from its parameters to its typed answer.
//!
//! Every call goes through the one transport: signed, classified, bounded, with the raw body kept and errors that show nothing.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode, Url};
use serde::Serialize;
use serde_json::Value;

use crate::json::{self, Json};
use crate::transport::{Answer, Body, Operation, Place, Transport, base_path};
use crate::{CallOptions, Clock, Error, ErrorKind, InvalidId, MultipartForm, Reply};

/// What a generated client carries: the shared transport and the options of this clone.
#[derive(Clone)]
pub(crate) struct Context {
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

/// A call that is being made up. The first thing that is wrong with it is told when it is sent, before any I/O.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    context: &'a Context,
    operation: &'static Operation,
    /// By the number of the parameter.
    values: Vec<(usize, Vec<String>)>,
    body: Option<(Bytes, Option<HeaderValue>)>,
    problem: Option<String>,
}

#[allow(dead_code)] // not every vendor has every form of body and answer
impl<'a> Call<'a> {
    pub(crate) const fn new(context: &'a Context, operation: &'static Operation) -> Self {
        Self { context, operation, values: Vec::new(), body: None, problem: None }
    }

    /// Sets a parameter of the path by its number in the table.
    pub(crate) fn id<T: fmt::Display, V: TryInto<T, Error: Into<InvalidId>>>(self, number: usize, id: V) -> Self {
        match id.try_into() {
            Ok(id) => self.put(number, vec![id.to_string()]),
            Err(error) => {
                let why = error.into();
                self.refuse_value(number, &format!(": {why}"))
            }
        }
    }

    /// Sets any other parameter by its number in the table.
    pub(crate) fn set<T: Serialize, V: TryInto<T>>(self, number: usize, value: V) -> Self {
        match value.try_into().ok().and_then(|value| serde_json::to_value(value).ok()) {
            Some(value) => self.put(number, scalars(&value)),
            None => self.refuse_value(number, ""),
        }
    }

    fn put(mut self, number: usize, texts: Vec<String>) -> Self {
        self.values.retain(|(known, _)| *known != number);
        self.values.push((number, texts));
        self
    }

    fn refuse_value(self, number: usize, why: &str) -> Self {
        let name = self.operation.parameters.get(number).map_or("parameter", |parameter| parameter.name);
        self.refuse(format!("the value of {name} is refused{why}"))
    }

    fn refuse(mut self, problem: String) -> Self {
        self.problem.get_or_insert(problem);
        self
    }

    /// Sets a body that is written by serde.
    pub(crate) fn body<T: Serialize, V: TryInto<T>>(self, value: V) -> Self {
        let Ok(value) = value.try_into() else {
            return self.refuse("the body is refused".to_owned());
        };
        let bytes = match self.operation.body {
            Body::Form => serde_json::to_value(value).ok().map(|value| form(&value)),
            _ => serde_json::to_vec(&value).ok(),
        };
        match bytes {
            Some(bytes) => self.bytes(bytes.into()),
            None => self.refuse("the body cannot be written".to_owned()),
        }
    }

    /// Sets a body of several parts.
    pub(crate) fn form(mut self, form: MultipartForm) -> Self {
        match form.finish() {
            Ok((content_type, bytes)) => {
                self.body = Some((bytes, Some(content_type)));
                self
            }
            Err(why) => self.refuse(why.to_owned()),
        }
    }

    /// Sets a body as it is.
    pub(crate) fn bytes(mut self, bytes: Bytes) -> Self {
        self.body = Some((bytes, None));
        self
    }

    pub(crate) async fn json<T: Json>(self) -> Result<Reply<T>, Error> {
        self.answer().await?.decode()
    }

    pub(crate) async fn optional<T: Json>(self) -> Result<Reply<Option<T>>, Error> {
        let answer = self.answer().await?;
        match answer.parts.raw.trim_ascii() {
            b"" | b"null" => Ok(Reply::new(None, answer.parts)),
            _ => answer.decode::<T>().map(|reply| reply.map(Some)),
        }
    }

    pub(crate) async fn empty(self) -> Result<Reply<()>, Error> {
        let answer = self.answer().await?;
        // A gateway can answer 200 with a page of its own for a vendor that was never reached.
        if answer.parts.raw.trim_ascii_start().starts_with(b"<") {
            return Err(answer.undecodable("a page in place of an answer without a body".to_owned()));
        }
        Ok(Reply::new((), answer.parts))
    }

    pub(crate) async fn stream(self) -> Result<Reply<ByteStream>, Error> {
        let answer = self.answer().await?;
        Ok(Reply::new(ByteStream(answer.parts.raw.clone()), answer.parts))
    }

    async fn answer(self) -> Result<Answer, Error> {
        let transport = &self.context.transport;
        let request =
            self.request().map_err(|why| Error::invalid(transport.dialect.vendor(), self.operation.id, why))?;
        transport.send(request, self.operation, &self.context.options).await
    }

    /// The request that the transport signs and sends.
    fn request(&self) -> Result<Request, String> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let mut path = self.operation.path.unwrap_or_default().to_owned();
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for (number, parameter) in self.operation.parameters.iter().enumerate() {
            let name = parameter.name;
            let given = self.values.iter().find(|(known, _)| *known == number).map(|(_, values)| values.as_slice());
            if parameter.required && given.is_none_or(<[_]>::is_empty) {
                return Err(format!("{name} is not set"));
            }
            for value in given.unwrap_or_default() {
                match parameter.place {
                    Place::Path => path = path.replace(&format!("{{{name}}}"), &crate::id::encode_segment(value)),
                    Place::Query => query.push((name, value.as_str())),
                    Place::Header => {
                        let header = HeaderName::try_from(name).map_err(|_| format!("{name} is no header"))?;
                        let mut value =
                            HeaderValue::try_from(value).map_err(|_| format!("{name} cannot stand in a header"))?;
                        value.set_sensitive(parameter.is_personal);
                        headers.push((header, value));
                    }
                }
            }
        }
        let base = &self.context.transport.base;
        // Set, not joined: a base path that begins with two slashes would name another host.
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base_path(base, self.operation.above_base)));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(self.operation.method.clone(), url);
        for (name, value) in headers {
            request.headers_mut().append(name, value);
        }
        if let Some(accept) = self.operation.accept {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
        }
        self.add_body(&mut request)?;
        Ok(request)
    }

    fn add_body(&self, request: &mut Request) -> Result<(), String> {
        let content_type = match self.operation.body {
            Body::None | Body::Multipart => None,
            Body::Json { .. } => Some("application/json"),
            Body::Form => Some("application/x-www-form-urlencoded"),
            Body::Bytes(media) => Some(media),
        };
        match &self.body {
            Some((bytes, own)) => {
                *request.body_mut() = Some(bytes.clone().into());
                if let Some(value) = own.clone().or_else(|| content_type.map(HeaderValue::from_static)) {
                    request.headers_mut().insert(CONTENT_TYPE, value);
                }
                Ok(())
            }
            None if matches!(self.operation.body, Body::None | Body::Json { optional: true }) => Ok(()),
            None => Err("the body is not set".to_owned()),
        }
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// The exact bytes of an answer that is no JSON: a PDF, an image. `Debug` prints how many there are.
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
        let is_no_content = self.parts.status == StatusCode::NO_CONTENT && self.parts.raw.is_empty();
        let body = if is_no_content { b"null" } else { self.parts.raw.trim_ascii() };
        let value = match json::parse(body) {
            Ok(value) => value,
            Err(error) => return Err(self.unreadable(&error)),
        };
        // An empty list comes as `null` from some servers.
        let empty_list = value.is_null().then(|| Value::Array(Vec::new()));
        let decoded = T::from_json(value).or_else(|problem| empty_list.ok_or(problem).and_then(T::from_json));
        match decoded {
            Ok(value) => Ok(Reply::new(value, self.parts)),
            Err(problem) => Err(self.undecodable(format!("the body is JSON of another shape: {problem}"))),
        }
    }

    fn unreadable(self, error: &serde_json::Error) -> Error {
        let what = match error.classify() {
            _ if self.parts.raw.is_empty() => "the body is empty",
            serde_json::error::Category::Data => "an object in the body names a member twice",
            serde_json::error::Category::Eof => "the body ends too early",
            _ => "the body is no JSON",
        };
        self.undecodable(format!("{what} (line {}, column {})", error.line(), error.column()))
    }

    fn undecodable(self, note: String) -> Error {
        // A gateway can answer 200 for a vendor that was never reached: what was decided is then not known.
        let repeatable = self.failure.class.is_none_or(crate::OperationClass::is_repeatable);
        let kind = if repeatable { ErrorKind::Decode } else { ErrorKind::OutcomeUnknown };
        self.error(kind).note(note)
    }
}

/// The pairs of a flat object.
fn form(value: &Value) -> Vec<u8> {
    let mut pairs = Url::parse("form:").ok();
    if let (Some(pairs), Some(members)) = (&mut pairs, value.as_object()) {
        for (name, value) in members {
            for text in scalars(value) {
                pairs.query_pairs_mut().append_pair(name, &text);
            }
        }
    }
    pairs.as_ref().and_then(Url::query).unwrap_or_default().as_bytes().to_vec()
}

/// One text for each value that a parameter stands for: none, one, or one an element.
fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        other => vec![other.to_string()],
    }
}
