//! Where a vendor's response shows the effect of a decision.

use serde_json::{Value, json};

/// The places in a response that show one facet, each with its value.
pub fn places(vendor: &str, facet: &str, value: &str) -> Vec<(&'static str, Value)> {
    let is = |place: &'static str, value: &str| (place, json!(value));
    match (vendor, facet, value) {
        // Shown by a time alone.
        (_, "redacted", _) | ("rebilly", "state", "reviewed") => vec![],
        ("rebilly", "state", "claimed") => vec![("/reviewTime", Value::Null)],
        ("rebilly", "state", "released") => vec![("/reviewerId", Value::Null)],
        ("rebilly", "reason", _) => vec![is("/rejectionReason/type", value)],
        ("rebilly" | "provide", "state", _) => vec![is("/status", value)],
        ("persona", "state", _) => {
            vec![is("/data/attributes/account-status", value), is("/data/attributes/status", value)]
        }
        // A credential is in no envelope.
        ("beltic", "state", _) => vec![is("/data/attributes/status", value), is("/status", value)],
        ("sumsub", "answer", _) => {
            vec![
                is("/review/reviewStatus", "completed"),
                is("/review/reviewResult/reviewAnswer", value),
            ]
        }
        ("sumsub", "outcome", _) => {
            let answer = match value {
                "approved" => "GREEN",
                "rejected" => "RED",
                other => other,
            };
            // The review alone, or within an action.
            vec![
                is("/reviewStatus", "completed"),
                is("/reviewResult/reviewAnswer", answer),
                is("/reviewResult/reviewRejectType", "FINAL"),
                is("/review/reviewStatus", "completed"),
                is("/review/reviewResult/reviewAnswer", answer),
                is("/review/reviewResult/reviewRejectType", "FINAL"),
            ]
        }
        ("sumsub", "state", _) => vec![is("/reviewStatus", value)],
        ("sumsub", "reset", _) => vec![is("/reviewStatus", "init")],
        other => panic!("{other:?} stands nowhere"),
    }
}

/// Whether a facet is shown by a time alone, or by who holds the subject.
pub fn bears_no_state(vendor: &str, facet: &str, value: &str) -> bool {
    facet == "redacted"
        || (vendor == "rebilly" && matches!(value, "claimed" | "released" | "reviewed"))
}

/// Whether the effect of a decision is never shown, only its absence.
pub fn is_never_proven(vendor: &str, facet: &str) -> bool {
    (vendor, facet) == ("sumsub", "reset")
}

/// Sets all times of a response.
pub fn set_times(value: &mut Value, time: &str) {
    const SAMPLED: &str = "2024-05-02 09:32:10+0000";
    match value {
        Value::String(text) if text == SAMPLED => *text = time.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| set_times(item, time)),
        Value::Object(members) => members.values_mut().for_each(|member| set_times(member, time)),
        _ => {}
    }
}
