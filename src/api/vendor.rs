//! Code that the five vendor modules share: methods of the clients, and settings from the
//! environment.

use crate::call::{Error, Reconciled, Vendor};

/// What reading a subject back returns.
pub(crate) type Verdict = Result<Reconciled, Error>;

/// Reads a required setting from the environment.
pub(crate) fn from_env(vendor: Vendor, name: &'static str) -> Result<String, Error> {
    std::env::var(name).map_err(|_| {
        Error::configuration(
            vendor,
            format!("the environment variable `{name}` is not set, or not Unicode"),
        )
    })
}

/// Reads an optional setting from the environment.
pub(crate) fn from_env_or(name: &'static str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Defines the methods of every client, which use its field `context`.
macro_rules! client {
    ($client:ident, $module:ident, $vendor:literal) => {
        /// The methods that return resources, as build.rs generates them.
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

            /// Makes a request that no spec covers, through the same transport. It
            /// returns bytes or JSON. `path` comes after the base URL and may have a
            /// query, or is a link of the vendor's own as it stands.
            pub fn request(&self, method: $crate::Method, path: &str) -> $crate::RawRequest {
                $crate::RawRequest::new(&self.context, method, path)
            }

            #[cfg(any(test, fuzzing))]
            #[allow(dead_code)] // the transport's tests need only one vendor's
            pub(crate) fn transport(&self) -> &::std::sync::Arc<$crate::transport::Transport> {
                &self.context.transport
            }

            /// Makes a client over a transport.
            fn from_transport(transport: ::std::sync::Arc<$crate::transport::Transport>) -> Self {
                Self { context: $crate::api::Context::new(transport) }
            }
        }

        impl $crate::Reconcile for $client {
            #[inline]
            fn reconcile(
                &self,
                error: &$crate::Error,
            ) -> impl Future<Output = $crate::api::Verdict> + Send {
                $crate::api::reconcile(&self.context, error, $crate::api::$module::judge)
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
