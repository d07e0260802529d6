//! What the five vendor modules share: the client's own methods, and requests that are sent when awaited.

use std::future::Future;
use std::pin::Pin;

use crate::{Error, InvalidId, Reply, Vendor};

/// A request under way.
pub(crate) type Pending<T> = Pin<Box<dyn Future<Output = Result<Reply<T>, Error>> + Send>>;

/// An id as a handle takes it: checked at once, reported when the request is awaited.
pub(crate) fn id<T>(
    vendor: Vendor,
    operation: &'static str,
    id: impl TryInto<T, Error: Into<InvalidId>>,
) -> Result<T, Error> {
    id.try_into().map_err(|error| Error::invalid(vendor, operation, error.into().to_string()))
}

/// A key from the environment.
pub(crate) fn from_env(vendor: Vendor, name: &'static str) -> Result<String, Error> {
    std::env::var(name).map_err(|_| Error::configuration(vendor, format!("the environment has no {name}")))
}

/// An optional setting from the environment.
pub(crate) fn from_env_or(name: &'static str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// The methods that every client has, over its field `api`.
macro_rules! client {
    ($client:ident, $module:ident) => {
        impl $client {
            /// A cheap clone whose calls take these options.
            #[must_use]
            pub fn with(&self, options: $crate::CallOptions) -> Self {
                let mut client = self.clone();
                let context = &mut client.api.inner;
                context.options = ::std::sync::Arc::new(options.over(&context.options));
                client
            }

            /// Every operation of the document, as generated: same authorisation, limits and errors.
            #[must_use]
            pub fn api(&self) -> &$crate::api::$module::Client {
                &self.api
            }

            /// A call that no document covers: same transport, bytes or JSON out.
            pub fn request(&self, method: $crate::Method, path: &str) -> $crate::RawRequest {
                $crate::RawRequest::new(&self.api.inner, method, path)
            }

            /// A client that reads a subject back: without what was set for one call alone.
            fn reader(&self) -> Self {
                let mut client = self.clone();
                let context = &mut client.api.inner;
                context.options = ::std::sync::Arc::new(context.options.for_reading());
                client
            }

            /// A client over a transport.
            fn over(transport: ::std::sync::Arc<$crate::transport::Transport>) -> Self {
                let context = $crate::runtime::Context { transport, options: ::std::sync::Arc::default() };
                Self { api: $crate::api::$module::Client { inner: context } }
            }
        }

        impl ::std::fmt::Debug for $client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($client)).finish_non_exhaustive()
            }
        }
    };
}

/// Makes a request struct awaitable: `awaitable!(Approve => Document, request, { … });`
macro_rules! awaitable {
    ($name:ident => $reply:ty, $request:ident, $body:block) => {
        impl $name {
            /// Sends the request; the same as awaiting it.
            ///
            /// # Errors
            /// As every call: see [`ErrorKind`](crate::ErrorKind).
            pub async fn send(self) -> ::std::result::Result<$crate::Reply<$reply>, $crate::Error> {
                ::std::future::IntoFuture::into_future(self).await
            }
        }

        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$crate::Reply<$reply>, $crate::Error>;
            type IntoFuture = $crate::vendor::Pending<$reply>;

            fn into_future(self) -> Self::IntoFuture {
                let $request = self;
                Box::pin(async move { $body })
            }
        }
    };
}

/// Makes the request of a decision awaitable, with a way to read the subject back:
/// `decision!(Approve => Document, request, { let id = request.id?; }, send { … }, read { … });`
///
/// The first block runs once, before anything is sent. The request has the members `client` and `reconcile`.
macro_rules! decision {
    (
        $(#[$doc:meta])*
        $name:ident => $reply:ty, $request:ident, { $($once:tt)* }, send $send:block, read $read:block
    ) => {
        impl $name {
            /// Whether to find out, within this call, what became of it where its outcome is unknown. Default: no.
            ///
            /// The subject is then read back as by [`Reconcile`](crate::Reconcile). Where it is in the state that was asked
            /// for, the reply is the subject as read. Where two readings, two seconds apart, show that nothing was applied,
            /// the decision is sent again, once. In all other cases, and where a reading fails, the error stays
            /// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown). Each sending and each reading has the time of a call.
            $(#[$doc])*
            pub fn reconcile(mut self, reconcile: bool) -> Self {
                self.reconcile = reconcile;
                self
            }
        }

        $crate::vendor::awaitable!($name => $reply, $request, {
            $($once)*
            let send = || async { $send };
            if !$request.reconcile {
                return send().await;
            }
            $crate::reconcile::decide(&$request.client, send, || async { $read }).await
        });
    };
}

pub(crate) use {awaitable, client, decision};
