//! What sends a request under the transport: `reqwest`, or something of your own in front
//! of it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;

use reqwest::{Request, Response};
use tower_service::Service;

/// What [`Sender::send`] returns.
pub type Sending = Pin<Box<dyn Future<Output = Result<Response, SendError>> + Send>>;

/// Sends one request that is already signed, and returns the answer unread.
///
/// For a proxy, mTLS or a recorder: set it with a builder's `sender`, or a `tower`
/// service with `service`. Signing, limits, time-outs and repetitions stay above it, so
/// it is called once an attempt. It must not change the target or the body of a request,
/// which the signature covers, and must not follow redirects.
pub trait Sender: fmt::Debug + Send + Sync {
    /// Sends it.
    fn send(&self, request: Request) -> Sending;
}

/// Why a request has no answer.
#[derive(Debug)]
pub struct SendError {
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
    pub(crate) never_left: bool,
    pub(crate) is_timeout: bool,
}

impl SendError {
    /// The request may have reached the vendor: on a decision the outcome is unknown.
    pub fn lost(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), never_left: false, is_timeout: false }
    }

    /// The request never left this machine, so that it may be sent again whatever it is.
    pub fn never_left(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), never_left: true, is_timeout: false }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.never_left {
            "no connection was made"
        } else {
            "the connection broke before the answer"
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
        // The target names a person's id.
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
