//! The integration tests: one binary, with files named by behaviour. `<vendor>.rs` holds
//! that vendor's contract tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

#[cfg(feature = "beltic")]
mod beltic;
#[cfg(feature = "persona")]
mod compile_errors;
#[cfg(feature = "full")]
mod configuration;
#[cfg(feature = "full")]
mod documents;
#[cfg(feature = "full")]
mod environment;
#[cfg(feature = "full")]
mod generated;
#[cfg(feature = "full")]
mod hostile;
#[cfg(feature = "full")]
mod ids;
mod layers;
mod lint;
mod msrv;
#[cfg(feature = "persona")]
mod persona;
#[cfg(feature = "full")]
mod policy;
#[cfg(feature = "provide")]
mod provide;
#[cfg(feature = "rebilly")]
mod rebilly;
#[cfg(feature = "full")]
mod reconcile;
#[cfg(feature = "full")]
mod redaction;
#[cfg(feature = "full")]
mod requests;
#[cfg(feature = "sumsub")]
mod sumsub;
#[cfg(all(feature = "full", feature = "tracing"))]
mod tracing;
#[cfg(feature = "full")]
mod transport;
#[cfg(feature = "full")]
mod usage;
#[cfg(feature = "full")]
mod values;
#[cfg(all(feature = "_generate", feature = "sandbox"))]
mod walk;
#[cfg(feature = "full")]
mod webhooks;
