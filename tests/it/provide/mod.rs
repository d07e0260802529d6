//! Provide: the request of each operation, its response, and each documented error.

mod client;
mod create;
mod decide;
mod errors;
mod list;
mod read;
mod sandbox;

use std::sync::Arc;

use httpmock::{HttpMockRequest, MockServer};
use kyc_review::provide::Provide;
use kyc_review::sandbox::ManualClock;
use serde_json::{Value, json};

const ID: &str = "1bd7e730-67e5-4418-b624-c0c47b072f8b";
const USER: &str = "7062d7c2-1ab6-4e51-ab55-d1ab0cf8f2d3";
const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0b2tlbjoxIn0.c2lnbmF0dXJl";

fn client(server: &MockServer, clock: Arc<ManualClock>) -> Provide {
    Provide::builder().token(TOKEN).base_url(server.base_url()).clock(clock).build().unwrap()
}

/// A complete response in the vendor's format, as in lists and decisions, with nulls and
/// fields unknown to this version.
fn application(status: &str) -> Value {
    json!({
        "id": ID, "created_at": "2019-09-12T19:58:58.28653-04:00",
        "application_id": "fc3f3a5c-1f4a-4cd5-a2a5-a8a4b0c0ffee",
        "user_id": USER, "provider": "vouched", "identifier": "N6xKXq_Z-", "type": "kyc",
        "status": status,
        "name": "Ada Example", "description": null,
        "a_member_of_tomorrow": { "a": [1, "two", null] }
    })
}

/// Adds or replaces fields of a body.
fn with(mut body: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The target of a request, as in its request line.
fn target(request: &HttpMockRequest) -> String {
    request.uri().path_and_query().unwrap().to_string()
}
