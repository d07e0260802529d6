//! The integration tests: one binary, files named by behaviour. `<vendor>.rs` holds that vendor's contract tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

mod beltic;
mod configuration;
mod documents;
mod environment;
mod hostile;
mod ids;
mod lint;
mod msrv;
mod persona;
mod policy;
mod provide;
mod rebilly;
mod reconcile;
mod redaction;
mod requests;
mod sumsub;
#[cfg(feature = "tracing")]
mod tracing;
mod transport;
mod values;
mod walk;
mod webhooks;
