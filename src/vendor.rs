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

            /// A client over a transport. The generated code appends paths to the base.
            fn over(transport: ::std::sync::Arc<$crate::transport::Transport>) -> Self {
                let base = transport.base.as_str().trim_end_matches('/').to_owned();
                let http = transport.http.clone();
                let context = $crate::runtime::Context { transport, options: ::std::sync::Arc::default() };
                Self { api: $crate::api::$module::Client::new_with_client(&base, http, context) }
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

pub(crate) use {awaitable, client};
