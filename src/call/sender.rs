//! The layer that sends requests for the transport: `reqwest`, or a replacement of your
//! own.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;

use reqwest::{Request, Response};
use tower_service::Service;

/// The future that [`Sender::send`] returns.
pub type Sending = Pin<Box<dyn Future<Output = Result<Response, SendError>> + Send>>;

/// A sender of signed requests, for a proxy, mTLS or a recorder.
///
/// Set it with a builder's `sender`, or a `tower` service with `service`. It is called
/// once per attempt, below signing, limits, timeouts and retries. It must not follow
/// redirects, nor change the target or the body of a request, which the signature covers.
pub trait Sender: fmt::Debug + Send + Sync {
    /// Sends a request and returns the response unread.
    fn send(&self, request: Request) -> Sending;
}

/// The reason why a request has no response.
#[derive(Debug)]
pub struct SendError {
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
    pub(crate) never_left: bool,
    pub(crate) is_timeout: bool,
}

impl SendError {
    /// Makes an error of a request that may have reached the vendor: the outcome of a
    /// decision is unknown.
    pub fn lost(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), never_left: false, is_timeout: false }
    }

    /// Makes an error of a request that never left this machine, so that any operation
    /// may be retried.
    pub fn never_left(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), never_left: true, is_timeout: false }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.never_left {
            "the request was not sent"
        } else {
            "the connection broke before the response"
        })
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

impl From<reqwest::Error> for SendError {
    fn from(error: reqwest::Error) -> Self {
        let (never_left, is_timeout) =
            (error.is_connect() || error.is_builder(), error.is_timeout());
        // The URL contains a person's id.
        Self { source: error.without_url().into(), never_left, is_timeout }
    }
}

impl Sender for reqwest::Client {
    fn send(&self, request: Request) -> Sending {
        let sent = self.execute(request);
        Box::pin(async move { sent.await.map_err(SendError::from) })
    }
}

/// A `tower` service as a sender.
pub(crate) struct Tower<S>(pub(crate) S);

impl<S> fmt::Debug for Tower<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tower(…)")
    }
}

impl<S> Sender for Tower<S>
where
    S: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn send(&self, request: Request) -> Sending {
        let mut service = self.0.clone();
        Box::pin(async move {
            // A service that is not ready has not taken the request.
            poll_fn(|context| service.poll_ready(context)).await.map_err(SendError::never_left)?;
            service.call(request).await.map_err(|error| {
                match error.into().downcast::<reqwest::Error>() {
                    Ok(error) => SendError::from(*error),
                    Err(other) => SendError::lost(other),
                }
            })
        })
    }
}
