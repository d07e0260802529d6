//! Beltic's error bodies. No page describes those of the identity endpoints, so this
//! reads every form that the vendor or its gateway is known to use elsewhere: `errors[]`,
//! `error` as text or object, `message`.

use serde_json::Value;

use crate::call::FieldError;
use crate::call::error::ErrorDetails;
use crate::value::json;

/// Reads the fields that are present; an unreadable body gives no details.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let mut details = ErrorDetails::default();
    let Ok(body) = json::parse(body) else {
        return details;
    };
    for entry in body.get("errors").and_then(Value::as_array).into_iter().flatten() {
        add(&mut details, entry);
        let pointer = entry.pointer("/source/pointer").and_then(Value::as_str);
        if let (Some(field), Some(message)) =
            (pointer, text(entry, "detail").or_else(|| text(entry, "title")))
        {
            details.fields.push(FieldError { field: field.to_owned(), message });
        }
    }
    match body.get("error") {
        Some(Value::String(message)) => details.messages.push(message.clone()),
        Some(error) => add(&mut details, error),
        None => {}
    }
    details.messages.extend(text(&body, "message"));
    details
}

fn add(details: &mut ErrorDetails, entry: &Value) {
    details.code = details.code.take().or_else(|| text(entry, "code"));
    details.request_id = details.request_id.take().or_else(|| text(entry, "request_id"));
    let message =
        text(entry, "detail").or_else(|| text(entry, "message")).or_else(|| text(entry, "title"));
    details.messages.extend(message);
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}
