//! The checks of a request body, whose violations are a 422.

use serde_json::Value;

use super::problem::Refused;
use crate::rebilly::types::{KycDocumentSubtype, KycDocumentType, RejectionReason};
use crate::value::Timestamp;

/// Returns whether a text can be an id: at most 50 characters, all of them in the
/// vendor's pattern.
pub(super) fn is_id(text: &str) -> bool {
    let is_of_pattern = |c: char| c.is_ascii_alphanumeric() || "_@~-.".contains(c);
    !text.is_empty() && text.len() <= 50 && text.chars().all(is_of_pattern)
}

/// Checks a document that a caller writes.
pub(super) fn document(body: &Value) -> Refused {
    let mut refused = Refused::new();
    let mut hold = |holds: bool, field: &str, message| {
        if !holds {
            refused.push((field.to_owned(), message));
        }
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let is_text_or_null =
        |name: &str| body.get(name).is_none_or(|value| value.is_null() || value.is_string());
    hold(text("customerId").is_some_and(is_id), "customerId", "The id of a customer is required");
    let document_type = text("documentType").filter(|known| KycDocumentType::KNOWN.contains(known));
    hold(document_type.is_some(), "documentType", "A known type is required");
    let files = body.get("fileIds").and_then(Value::as_array);
    let are_ids =
        files.is_some_and(|files| files.iter().all(|file| file.as_str().is_some_and(is_id)));
    hold(are_ids, "fileIds", "A list of file ids is required");
    hold(
        body.get("documentSubtype").is_none_or(is_subtype_or_null),
        "documentSubtype",
        "Must be a known subtype or null",
    );
    hold(is_text_or_null("notes"), "notes", "Must be a string or null");
    hold(is_text_or_null("reason"), "reason", "Must be a string or null");
    let is_level = |level: &Value| matches!(level.as_i64(), Some(1..=3));
    hold(body.get("matchLevel").is_none_or(is_level), "matchLevel", "Must be 1, 2 or 3");
    let is_object_or_null = |value: &Value| value.is_object() || value.is_null();
    hold(
        body.get("settings").is_none_or(is_object_or_null),
        "settings",
        "Must be an object or null",
    );
    refused
}

/// Checks the body of a rejection.
pub(super) fn rejection(body: &Value) -> Refused {
    let mut refused = Refused::new();
    let reason = body.get("type").and_then(Value::as_str);
    if reason.is_none_or(|reason| !RejectionReason::KNOWN.contains(&reason)) {
        refused.push(("type".to_owned(), "A known reason is required"));
    }
    let fits =
        |message: &Value| message.as_str().is_some_and(|message| message.chars().count() <= 255);
    if body.get("message").is_some_and(|message| !fits(message)) {
        refused.push(("message".to_owned(), "Must be a string of at most 255 characters"));
    }
    refused
}

fn is_subtype_or_null(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| KycDocumentSubtype::KNOWN.contains(&text))
}

/// The type of a field of a reading.
#[derive(Clone, Copy)]
enum Form {
    Flag,
    Count,
    Text,
    Time,
    Subtype,
}

const IDENTITY: &[(&str, Form)] = &[
    ("containsImage", Form::Flag),
    ("isIdentityDocument", Form::Flag),
    ("isPublishedOnline", Form::Flag),
    ("firstName", Form::Text),
    ("lastName", Form::Text),
    ("dateOfBirth", Form::Time),
    ("expirationDate", Form::Time),
    ("issueDate", Form::Time),
    ("nationality", Form::Text),
    ("issuanceCountry", Form::Text),
    ("issuanceRegion", Form::Text),
    ("documentNumber", Form::Text),
    ("sex", Form::Text),
    ("documentSubtype", Form::Subtype),
    ("hasMatchingFaceProof", Form::Flag),
    ("isTampered", Form::Flag),
    ("isDigitallyTampered", Form::Flag),
    ("isPhotocopy", Form::Flag),
    ("expiryDate", Form::Time),
];
const ADDRESS: &[(&str, Form)] = &[
    ("firstName", Form::Text),
    ("lastName", Form::Text),
    ("line1", Form::Text),
    ("city", Form::Text),
    ("region", Form::Text),
    ("postalCode", Form::Text),
    ("wordCount", Form::Count),
    ("uniqueWords", Form::Count),
    ("date", Form::Time),
    ("phone", Form::Text),
    ("documentSubtype", Form::Subtype),
    ("isTampered", Form::Flag),
];
const PURCHASE: &[(&str, Form)] = &[
    ("firstName", Form::Text),
    ("lastName", Form::Text),
    ("paymentInstrumentId", Form::Text),
    ("documentSubtype", Form::Subtype),
];
const FUNDS: &[(&str, Form)] =
    &[("firstName", Form::Text), ("lastName", Form::Text), ("documentSubtype", Form::Subtype)];

/// Checks a reviewer's reading of a document of this type.
pub(super) fn matches(body: &Value, document_type: &str) -> Refused {
    let members = match document_type {
        "identity-proof" => IDENTITY,
        "address-proof" => ADDRESS,
        "purchase-proof" => PURCHASE,
        "funds-proof" => FUNDS,
        _ => return vec![("type".to_owned(), "Documents of this type have no reading")],
    };
    let Some(body) =
        body.as_object().filter(|body| body.get("type").is_some_and(|kind| kind == document_type))
    else {
        return vec![("type".to_owned(), "Must be the type of the document")];
    };
    let mut refused = Refused::new();
    for (name, value) in body.iter().filter(|(name, _)| *name != "type") {
        match members.iter().find(|(member, _)| member == name) {
            None => refused.push((name.clone(), "Documents of this type have no such field")),
            Some((member, form)) if !fits(value, *form) => {
                refused.push(((*member).to_owned(), "The value has the wrong type"))
            }
            Some(_) => {}
        }
    }
    refused
}

fn fits(value: &Value, form: Form) -> bool {
    match form {
        Form::Flag => value.is_boolean(),
        Form::Count => value.is_i64(),
        Form::Text => value.is_string() || value.is_null(),
        Form::Time => {
            value.is_null() || value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok())
        }
        Form::Subtype => is_subtype_or_null(value),
    }
}
