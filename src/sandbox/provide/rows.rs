//! An application of the sandbox, and the responses that show it.

use chrono::{FixedOffset, SecondsFormat};
use serde_json::{Map, Value, json};

use super::super::respond::{set, text};
use super::super::server::Shared;
use super::{Caller, known};

/// The Provide application that all rows belong to.
const APPLICATION_ID: &str = "5a4db0c5-0000-4000-8000-aaaaaaaaaaaa";
/// The owner of the user token, and the subject of every seeded row.
pub(super) const USER_ID: &str = "5a4db0c5-0000-4000-8000-bbbbbbbbbbbb";

/// String fields of `params` that the vendor knows; it drops unknown ones.
const PARAMS: [&str; 14] = [
    "type",
    "webhook_url",
    "date_of_birth",
    "first_name",
    "last_name",
    "name",
    "email",
    "id_photo",
    "id_photo_back",
    "selfie",
    "selfie_video",
    "id_number",
    "ssn",
    "affiliate_id",
];

/// An application.
pub(super) struct Row {
    /// The fields that every response has.
    pub(super) record: Value,
    /// What was submitted.
    params: Value,
    /// The provider's view, if it has a job.
    representation: Option<Value>,
}

impl Row {
    /// Returns a row of an invented person.
    pub(super) fn seeded(id: &str, status: &str, shared: &Shared) -> Self {
        let params =
            json!({ "first_name": "Ada", "last_name": "Example", "date_of_birth": "1990-05-15" });
        let body = json!({ "name": "Ada Example", "params": params });
        let mut row = Self::created(id, USER_ID, "kyc", &body, shared);
        if status == "failed" {
            set(
                &mut row.record,
                [("description", json!("the sandbox's provider refused the application"))],
            );
        } else if status != "pending" {
            row.submit(shared);
        }
        set(&mut row.record, [("status", json!(status))]);
        row.represent(shared);
        row
    }

    /// Returns a row as it is created: pending, and without a job at its provider.
    pub(super) fn created(id: &str, user: &str, kind: &str, body: &Value, shared: &Shared) -> Self {
        let or = |given: &str, default: &str| {
            if given.is_empty() { default.to_owned() } else { given.to_owned() }
        };
        let submitted = body.get("params").and_then(Value::as_object);
        let members = submitted.into_iter().flatten().filter(|(name, value)| {
            !value.is_null() && (PARAMS.contains(&name.as_str()) || name.as_str() == "params")
        });
        let params = Value::Object(
            members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>(),
        );
        let full = format!("{} {}", text(&params, "/first_name"), text(&params, "/last_name"));
        let name = or(text(&params, "/name"), &or(full.trim(), "Ada Example"));
        let record = json!({
            "id": id, "created_at": now(shared),
            "application_id": APPLICATION_ID, "user_id": user,
            "provider": or(text(body, "/provider"), "vouched"), "identifier": null,
            "type": or(kind, "kyc"), "status": "pending",
            "name": or(text(body, "/name"), &name), "description": null
        });
        Self { record, params, representation: None }
    }

    /// Hands the application to its provider.
    pub(super) fn submit(&mut self, shared: &Shared) {
        let identifier = match text(&self.record, "/provider") {
            "vouched" => format!("sb_{:06}", shared.next()),
            _ => format!("{:032x}", shared.next()),
        };
        set(&mut self.record, [("status", json!("submitted")), ("identifier", json!(identifier))]);
        self.represent(shared);
    }

    pub(super) fn status(&self) -> &str {
        text(&self.record, "/status")
    }

    /// Returns whether this row has an id; no row has one that is not a UUID.
    pub(super) fn is(&self, id: &str) -> bool {
        known(id).is_some_and(|id| text(&self.record, "/id") == id)
    }

    pub(super) fn is_seen_by(&self, caller: Caller) -> bool {
        match caller {
            Caller::Application => text(&self.record, "/application_id") == APPLICATION_ID,
            Caller::User => text(&self.record, "/user_id") == USER_ID,
        }
    }

    /// Returns the response to a creation, which includes what was submitted.
    pub(super) fn created_answer(&self) -> Value {
        let mut answer = self.record.clone();
        set(&mut answer, [("params", self.params.clone())]);
        answer
    }

    /// Returns the response to reading one row, which is shorter without a job at the
    /// provider.
    pub(super) fn details(&self) -> Value {
        match &self.representation {
            None => self.record.clone(),
            Some(representation) => {
                let mut answer = self.created_answer();
                set(&mut answer, [("provider_representation", representation.clone())]);
                answer
            }
        }
    }

    /// Sets the provider's view to match the status, for a provider that the sandbox
    /// knows.
    fn represent(&mut self, shared: &Shared) {
        let identifier = text(&self.record, "/identifier");
        let is_decided = matches!(self.status(), "accepted" | "rejected" | "remediate");
        let is_good = self.status() == "accepted";
        self.representation = match text(&self.record, "/provider") {
            _ if identifier.is_empty() => None,
            "vouched" => Some(vouched(identifier, is_decided, is_good, &self.params, shared)),
            "identitymind" => Some(identitymind(identifier, is_decided, is_good)),
            _ => None,
        };
    }
}

fn vouched(
    identifier: &str,
    is_done: bool,
    is_good: bool,
    params: &Value,
    shared: &Shared,
) -> Value {
    let result = json!({
        "success": is_good, "type": "drivers-license", "country": "US", "state": "CA",
        "id": "X0000000",
        "firstName": params.get("first_name"), "lastName": params.get("last_name"),
        "dob": params.get("date_of_birth"),
        "confidences": {
            "id": 1, "backId": null, "selfie": 0.9327, "idMatch": 1,
            "faceMatch": if is_good { 0.97 } else { 0.4327 }
        }
    });
    let error = json!({
        "type": "FaceMatchError", "message": "the faces do not match", "suggestion": null
    });
    let errors = if is_done && !is_good { vec![error] } else { Vec::new() };
    let submitted = shared.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "id": identifier, "status": if is_done { "completed" } else { "active" },
        "submitted": submitted, "result": is_done.then_some(result), "errors": errors
    })
}

fn identitymind(identifier: &str, is_decided: bool, is_good: bool) -> Value {
    let (state, code) = match (is_decided, is_good) {
        (_, true) => ("A", "ACCEPT"),
        (true, _) => ("D", "DENY"),
        _ => ("R", "MANUAL_REVIEW"),
    };
    json!({
        "mtid": identifier, "tid": identifier, "rcd": "", "state": state,
        "ednaScoreCard": {
            "er": {
                "profile": "sandbox",
                "reportedRule": {
                    "name": "sandbox rule", "resultCode": code, "ruleId": 1, "testResults": []
                }
            },
            "etr": [{ "test": "sb:1", "details": "true" }],
            "sc": [{ "test": "sb:1", "details": "true" }]
        }
    })
}

/// Returns the sandbox's time with an offset, as the vendor writes it.
fn now(shared: &Shared) -> String {
    let zone = FixedOffset::west_opt(4 * 3600);
    let now = shared.clock.now();
    zone.map_or_else(
        || shared.now_text(),
        |zone| now.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false),
    )
}

/// Parses the body of a creation, or returns why it is invalid. Null counts as absent.
pub(super) fn readable(body: &[u8]) -> Result<Value, &'static str> {
    let body: Value = serde_json::from_slice(body).map_err(|_| "the body is not JSON")?;
    let members = body.as_object().ok_or("the body is not an object")?;
    let is_text =
        |value: Option<&Value>| value.is_none_or(|value| value.is_null() || value.is_string());
    let is_object =
        |value: Option<&Value>| value.is_none_or(|value| value.is_null() || value.is_object());
    if !["user_id", "provider", "type", "name"].iter().all(|name| is_text(members.get(*name))) {
        return Err("a field of the application is not a string");
    }
    if !text(&body, "/user_id").is_empty() && known(text(&body, "/user_id")).is_none() {
        return Err("user_id is not a UUID");
    }
    let params = members.get("params");
    if !is_object(params) {
        return Err("params is not an object");
    }
    let member = |name: &str| params.and_then(|params| params.get(name));
    if !PARAMS.iter().all(|name| is_text(member(name))) || !is_object(member("params")) {
        return Err("a field of params has the wrong type");
    }
    Ok(body)
}
