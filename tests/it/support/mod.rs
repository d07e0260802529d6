//! Shared helpers of the tests.

use std::sync::Arc;

use httpmock::MockServer;
use kyc_review::sandbox::ManualClock;
use serde_json::Value;

/// Returns a spec of `specs/`.
pub fn document(vendor: &str) -> Value {
    let path = format!("{}/specs/{vendor}.yaml", env!("CARGO_MANIFEST_DIR"));
    yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Starts a mock server, with a clock for its clients on which waits end at once.
pub async fn mock() -> (MockServer, Arc<ManualClock>) {
    (MockServer::start_async().await, Arc::new(ManualClock::new()))
}

pub mod bounded;
pub mod person_like;
pub mod sample;
pub mod wire;
