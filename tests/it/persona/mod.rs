//! Persona: the request of each operation, its response, each documented error, and the
//! sandbox.

mod errors;
mod included;
mod inquiries;
mod sandbox;
mod selection;
mod sessions;
mod setup;

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, MockServer, When};
use kyc_review::persona::Persona;
use kyc_review::sandbox::ManualClock;
use serde_json::{Value, json};

const KEY: &str = "persona_sandbox_test";
const INQUIRY: &str = "inq_5FrMN7NAGgFdGGysCDd7DaBW";
const SESSION: &str = "iqse_ABC123";

fn client(server: &MockServer, clock: Arc<ManualClock>) -> Persona {
    Persona::builder().api_key(KEY).base_url(server.base_url()).clock(clock).build().unwrap()
}

/// What every request has, and what none has.
fn common(when: When) -> When {
    when.header("authorization", "Bearer persona_sandbox_test")
        .header("persona-version", "2025-12-08")
        .header("key-inflection", "kebab")
        .header("accept", "application/json")
        .header("user-agent", concat!("kyc-review/", env!("CARGO_PKG_VERSION")))
        .header_missing("api-version")
        .header_missing("cookie")
}

/// A GET without a body, query or idempotency key.
fn bare_get(when: When, path: String) -> When {
    common(when)
        .method(httpmock::Method::GET)
        .path(path)
        .header_missing("idempotency-key")
        .header_missing("content-type")
        .is_true(|request| request.body().is_empty() && request.uri().query().is_none())
}

/// A POST without a body or query, with an idempotency key that the client generated.
fn bare_post(when: When, path: String) -> When {
    common(when)
        .method(httpmock::Method::POST)
        .path(path)
        .header_missing("content-type")
        .is_true(|request| request.body().is_empty() && request.uri().query().is_none())
        .is_true(|request| {
            key_of(request).is_some_and(|key| key.len() == 36 && key.matches('-').count() == 4)
        })
}

fn key_of(request: &HttpMockRequest) -> Option<String> {
    request.headers().get("idempotency-key")?.to_str().ok().map(str::to_owned)
}

/// Records the idempotency keys that arrive.
fn keep_keys(when: When, kept: &Arc<Mutex<Vec<String>>>) -> When {
    let kept = kept.clone();
    when.is_true(move |request| {
        kept.lock().unwrap().extend(key_of(request));
        true
    })
}

/// A complete inquiry in the vendor's format, with fields and values unknown to this
/// version, nulls, and absent fields.
fn inquiry(status: &str) -> Value {
    json!({
        "data": {
            "relationships": {
                "account": { "data": { "type": "account", "id": "act_1" } },
                "documents": { "data": [{ "id": "doc_1", "type": "document/government-id" }] },
                "template": { "data": null },
                "inquiry-template": { "data": { "type": "inquiry-template", "id": "itmpl_1" } },
                "inquiry-template-version": { "data": null },
                "reports": { "data": [] },
                "transaction": { "data": null },
                "reviewer": { "data": { "type": "workflow-run", "id": "wfr_1" } },
                "selfies": { "data": [{ "type": "selfie/center", "id": "self_1" }] },
                "sessions": { "data": [{ "type": "inquiry-session", "id": SESSION }] },
                "verifications": {
                    "data": [{ "type": "verification/from-the-future", "id": "ver_1" }]
                },
                "a-new-relationship": { "data": { "type": "new", "id": "new_1" } }
            },
            "attributes": {
                "status": status, "reference-id": "ref-Ada", "note": null,
                "behaviors": { "devtools-open": false, "api-version-less-than-minimum-count": 0 },
                "tags": ["vip", null], "creator": "ada@example.test",
                "reviewer-comment": "Ada matches",
                "created-at": "2025-01-15T10:30:00.000Z", "updated-at": "2025-01-15T10:31:00.000Z",
                "started-at": "2025-01-15T10:30:01.000Z", "expires-at": null,
                "completed-at": "2025-01-15T10:30:40.000Z",
                "failed-at": null, "marked-for-review-at": "2025-01-15T10:30:50.000Z",
                "decisioned-at": "2025-01-15T10:31:00.000+00:00", "expired-at": null,
                "redacted-at": null,
                "previous-step-name": "start",
                "fields": {
                    "name-first": { "type": "string", "value": "Ada" },
                    "name-middle": { "type": "string", "value": null },
                    "birthdate": { "type": "date", "value": "1990-05-15" },
                    "identification-number": null,
                    "Selected_Options": {
                        "type": "multi_choices", "value": ["a", 1, null, { "type": "hash" }]
                    },
                    "consented": { "type": "boolean", "value": true }
                },
                "a-new-attribute": { "deep": [1, "two", null] }
            },
            "id": INQUIRY, "type": "inquiry", "a-new-member": 7
        },
        "included": [],
        "meta": { "new": true }
    })
}

fn session_resource(id: &str, status: &str) -> Value {
    json!({
        "type": "inquiry-session", "id": id,
        "attributes": {
            "status": status, "created-at": "2025-01-15T10:30:00.000Z",
            "started-at": "2025-01-15T10:30:01.000Z",
            "expired-at": "2025-01-15T11:30:00.000Z", "ip-address": "192.0.2.1",
            "user-agent": "Ada's browser",
            "os-name": null, "device-type": "smartphone", "is-proxy": false, "is-tor": null,
            "threat-level": "low",
            "country-code": "CA", "latitude": 45, "longitude": -73.5, "gps-precision": null,
            "gps-country-code": null,
            "ip-connection-type": "from-the-future", "a-new-attribute": []
        },
        "relationships": {
            "inquiry": { "data": { "type": "inquiry", "id": INQUIRY } },
            "device": { "data": { "type": "device", "id": "dev_1" } },
            "network": { "data": null }
        }
    })
}

/// A complete session.
fn session(status: &str) -> Value {
    json!({ "data": session_resource(SESSION, status) })
}
