//! Requests to any path of the vendor, through the same transport.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;
use serde_json::Value;

use super::Context;
use super::draft::KEY_OF_CLIENT;
use crate::call::error::Failure;
use crate::call::{CallOptions, Error, Operation, OperationClass, Received, Reply};
use crate::transport::base_prefix;

/// A request that no spec covers. Awaiting it returns the exact bytes;
/// [`json`](Self::json) decodes them.
///
/// A GET counts as a read and may be retried. Any other method counts as a decision and
/// is sent once, unless [`class`](Self::class) says otherwise, or you set an
/// [`idempotency_key`](crate::CallOptions::idempotency_key) by which the vendor
/// recognises a retry. No key is generated, because no spec says where the vendor accepts
/// one.
#[must_use = "a request does nothing until it is awaited"]
pub struct RawRequest {
    context: Context,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Result<Option<(Bytes, HeaderValue)>, &'static str>,
    class: OperationClass,
    options: CallOptions,
}

impl RawRequest {
    pub(crate) fn new(context: &Context, method: Method, path: &str) -> Self {
        let class = if method.is_safe() { OperationClass::Read } else { OperationClass::Decision };
        Self {
            context: context.clone(),
            method,
            path: path.to_owned(),
            query: Vec::new(),
            body: Ok(None),
            class,
            options: CallOptions::new(),
        }
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets a JSON body.
    pub fn json_body(mut self, body: &impl Serialize) -> Self {
        self.body = match serde_json::to_vec(body) {
            Ok(bytes) => Ok(Some((bytes.into(), HeaderValue::from_static("application/json")))),
            Err(_) => Err("the body cannot be serialized as JSON"),
        };
        self
    }

    /// Sets a body of any other type.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = match HeaderValue::try_from(content_type) {
            Ok(content_type) => Ok(Some((body.into(), content_type))),
            Err(_) => Err("invalid content type: must not contain control characters"),
        };
        self
    }

    /// Sets options of this call alone: they add to the client's own, and win over them.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options.over(&self.options);
        self
    }

    /// Sets what sending the request twice would do, which decides whether the transport
    /// may retry it.
    pub fn class(mut self, class: OperationClass) -> Self {
        self.class = class;
        self
    }

    /// Sends the request and returns the exact bytes of the response.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a path that
    /// neither begins with `/` nor is a link to the vendor's own origin, or that contains
    /// dot segments; else as every call.
    pub async fn send(self) -> Result<Reply<Bytes>, Error> {
        let received = self.receive().await?;
        let body = received.parts.raw.clone();
        Ok(Reply::new(body, received.parts))
    }

    /// Sends the request and decodes the response.
    ///
    /// # Errors
    /// As [`send`](Self::send), and [`ErrorKind::Decode`](crate::ErrorKind::Decode) for
    /// a response that is not JSON.
    pub async fn json(self) -> Result<Reply<Value>, Error> {
        self.receive().await?.decode()
    }

    async fn receive(self) -> Result<Received, Error> {
        let Context { transport, options } = &self.context;
        let invalid = |why| Error::invalid(transport.dialect.vendor(), "request", why);
        if options.idempotency_key.is_some() {
            return Err(invalid(KEY_OF_CLIENT));
        }
        let options = &self.options.clone().over(options);
        let url = self.url(&transport.base).map_err(invalid)?;
        let mut request = Request::new(self.method, url);
        if let Some((body, content_type)) = self.body.map_err(invalid)? {
            *request.body_mut() = Some(body.into());
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        // The path is checked above; there is no template to compare it with.
        let operation = Operation {
            // No spec says that a key has an effect here; only the caller can.
            takes_key: options.idempotency_key.is_some(),
            ..Operation::bare("request", request.method().clone(), self.class)
        };
        let failure = Failure {
            vendor: Some(transport.dialect.vendor()),
            operation: Some(operation.id),
            class: Some(operation.class),
            ..Failure::default()
        };
        transport.send(request, &operation, options, failure).await
    }

    fn url(&self, base: &Url) -> Result<Url, &'static str> {
        let is_foreign = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '#' | '\\');
        if self.path.contains(is_foreign) {
            return Err(
                "invalid request path: must not contain `#`, backslashes, white space or control \
                 characters",
            );
        }
        let mut url = if self.path.starts_with('/') {
            let (path, query) =
                self.path.split_once('?').map_or((self.path.as_str(), None), |(path, query)| {
                    (path, Some(query).filter(|query| !query.is_empty()))
                });
            stays_below(path)?;
            let text = format!("{}{path}", base_prefix(base));
            let mut url = Url::parse(&text).map_err(|_| "invalid request path")?;
            url.set_query(query);
            url
        } else {
            let link = Url::parse(&self.path)
                .map_err(|_| "invalid request path: must begin with `/`, or be a link")?;
            let is_ours = link.scheme() == base.scheme() && link.origin() == base.origin();
            if !is_ours || !link.username().is_empty() || link.password().is_some() {
                return Err("invalid request path: a link must lead to the vendor's own origin");
            }
            stays_below(link.path())?;
            link
        };
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

/// Refuses a path that leads elsewhere once it is decoded.
fn stays_below(path: &str) -> Result<(), &'static str> {
    let is_step = |segment: &str| {
        let segment = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
        matches!(&*segment, "." | "..") || segment.contains(['/', '\\'])
    };
    match path.split('/').any(is_step) {
        true => Err("invalid request path: must not contain dot segments or encoded slashes"),
        false => Ok(()),
    }
}

impl IntoFuture for RawRequest {
    type Output = Result<Reply<Bytes>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("class", &self.class)
            .finish_non_exhaustive()
    }
}
