//! Complete resources of invented people, in the vendor's format.

use serde_json::{Value, json};

/// Returns an inquiry whose times match its status.
pub(super) fn inquiry(id: &str, account: &str, status: &str, now: &str, expires: &str) -> Value {
    let when = |statuses: &[&str]| statuses.contains(&status).then_some(now);
    json!({
        "type": "inquiry",
        "id": id,
        "attributes": {
            "status": status,
            "reference-id": "example-ada",
            "note": null,
            "behaviors": { "form-filler-name-distractions": 0 },
            "tags": [],
            "creator": "API",
            "reviewer-comment": null,
            "created-at": now,
            "updated-at": now,
            "started-at": when(&[
                "pending", "completed", "failed", "needs_review", "approved", "declined"
            ]),
            "expires-at": expires,
            "completed-at": when(&["completed", "needs_review", "approved", "declined"]),
            "failed-at": when(&["failed"]),
            "marked-for-review-at": when(&["needs_review"]),
            "decisioned-at": when(&["approved", "declined"]),
            "expired-at": when(&["expired"]),
            "redacted-at": null,
            "previous-step-name": "start",
            "next-step-name": "verification_government_id",
            "fields": {
                "name-first": field("string", "Ada"),
                "name-middle": { "type": "string", "value": null },
                "name-last": field("string", "Example"),
                "birthdate": field("date", "1990-05-15"),
                "email-address": field("string", "ada@example.test"),
                "address-country-code": field("string", "CA")
            }
        },
        "relationships": {
            "account": one("account", account),
            "documents": { "data": [] },
            "template": { "data": null },
            "inquiry-template": one("inquiry-template", "itmpl_SANDBOX"),
            "inquiry-template-version": one("inquiry-template-version", "itmplv_SANDBOX"),
            "reports": { "data": [] },
            "transaction": { "data": null },
            "reviewer": { "data": null },
            "selfies": { "data": [] },
            "sessions": { "data": [] },
            "verifications": { "data": [] }
        }
    })
}

/// Returns a session whose times match its status.
pub(super) fn session(
    id: &str,
    inquiry: &str,
    device: &str,
    network: &str,
    status: &str,
    now: &str,
) -> Value {
    let used = status != "new";
    json!({
        "type": "inquiry-session",
        "id": id,
        "attributes": {
            "status": status,
            "created-at": now,
            "started-at": used.then_some(now),
            "expired-at": (status == "expired").then_some(now),
            "ip-address": used.then_some("192.0.2.1"),
            "user-agent": used.then_some("Example/1.0"),
            "os-name": used.then_some("Example OS"),
            "os-full-version": null,
            "device-type": used.then_some("smartphone"),
            "device-name": null,
            "browser-name": used.then_some("Example Browser"),
            "browser-full-version": null,
            "mobile-sdk-name": null,
            "mobile-sdk-full-version": null,
            "device-handoff-method": null,
            "is-proxy": false,
            "is-tor": false,
            "is-datacenter": false,
            "is-vpn": false,
            "threat-level": used.then_some("low"),
            "country-code": used.then_some("CA"),
            "country-name": used.then_some("Canada"),
            "region-code": null,
            "region-name": null,
            "latitude": null,
            "longitude": null,
            "gps-latitude": null,
            "gps-longitude": null,
            "gps-precision": null,
            "gps-country-code": null,
            "ip-connection-type": used.then_some("residential"),
            "ip-isp": null,
            "network-organization": null
        },
        "relationships": {
            "inquiry": one("inquiry", inquiry),
            "device": one("device", device),
            "network": one("network", network)
        }
    })
}

/// Returns the account that an inquiry belongs to.
pub(super) fn account(id: &str, now: &str) -> Value {
    json!({
        "type": "account",
        "id": id,
        "attributes": {
            "reference-id": "example-ada",
            "account-type-name": "User",
            "created-at": now,
            "updated-at": now,
            "redacted-at": null,
            "fields": {
                "name": {
                    "type": "hash",
                    "value": {
                        "first": field("string", "Ada"),
                        "middle": { "type": "string", "value": null },
                        "last": field("string", "Example")
                    }
                },
                "birthdate": field("date", "1990-05-15"),
                "email_address": field("string", "ada@example.test")
            },
            "tags": [],
            "account-status": "Default"
        },
        "relationships": { "account-type": one("account-type", "acttp_SANDBOX") }
    })
}

/// Returns the device that a session runs on.
pub(super) fn device(id: &str) -> Value {
    json!({
        "type": "device",
        "id": id,
        "attributes": {
            "device-vendor-id": null,
            "device-fingerprint": "example-device",
            "browser-fingerprint": "example-browser"
        }
    })
}

/// Returns the network that a session comes from.
pub(super) fn network(id: &str, now: &str) -> Value {
    json!({
        "type": "network",
        "id": id,
        "attributes": {
            "created-at": now,
            "ip-address": "192.0.2.1",
            "service-provider": "Example Networks",
            "service-type": "residential",
            "proxy-type": null,
            "threat-level": "low",
            "country-code": "CA",
            "country-name": "Canada",
            "region-code": null,
            "region-name": null,
            "latitude": null,
            "longitude": null
        }
    })
}

fn field(kind: &str, value: &str) -> Value {
    json!({ "type": kind, "value": value })
}

fn one(kind: &str, id: &str) -> Value {
    json!({ "data": { "type": kind, "id": id } })
}
