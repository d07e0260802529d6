//! What the five vendor modules share: the client's own methods, and settings from the
//! environment.

use crate::call::{Error, Vendor};

/// A key from the environment.
pub(crate) fn from_env(vendor: Vendor, name: &'static str) -> Result<String, Error> {
    std::env::var(name)
        .map_err(|_| Error::configuration(vendor, format!("the environment has no {name}")))
}

/// An optional setting from the environment.
pub(crate) fn from_env_or(name: &'static str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// The methods that every client has, over its field `context`.
macro_rules! client {
    ($client:ident, $vendor:literal) => {
        /// The methods that give resources, as build.rs writes them.
        mod surface {
            include!(concat!(env!("OUT_DIR"), "/", $vendor, "_client.rs"));
        }

        impl $client {
            /// Returns a cheap clone whose calls take these options. It shares
            /// connections, limits and budget.
            #[must_use]
            pub fn with(&self, options: $crate::CallOptions) -> Self {
                Self { context: self.context.with(options) }
            }

            /// Makes a call that no spec covers: same transport, bytes or JSON out.
            pub fn request(&self, method: $crate::Method, path: &str) -> $crate::RawRequest {
                $crate::RawRequest::new(&self.context, method, path)
            }

            #[cfg(any(test, fuzzing))]
            #[allow(dead_code)] // one vendor's serves the tests of the transport
            pub(crate) fn transport(&self) -> &::std::sync::Arc<$crate::transport::Transport> {
                &self.context.transport
            }

            /// A client over a transport.
            fn over(transport: ::std::sync::Arc<$crate::transport::Transport>) -> Self {
                Self { context: $crate::api::Context::new(transport) }
            }
        }

        impl $crate::Reconcile for $client {
            async fn reconcile(
                &self,
                error: &$crate::Error,
            ) -> ::std::result::Result<$crate::Reconciled, $crate::Error> {
                $crate::api::reconcile(&self.context, error).await
            }
        }

        impl ::std::fmt::Debug for $client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($client)).finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use client;
