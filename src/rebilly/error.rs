//! Rebilly's error bodies: RFC 9457 problems, and the `error` text of older responses.
//! Source: <https://www.rebilly.com/docs/dev-docs/api>.

use serde_json::Value;

use crate::call::FieldError;
use crate::call::error::ErrorDetails;
use crate::value::json;

/// Reads the fields that are present; an unreadable body gives no details.
///
/// Ignores the field `instance`: it may be the request's path and so contain a document's
/// id, whereas a request id is printed with every error.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let mut details = ErrorDetails::default();
    let Ok(body) = json::parse(body) else {
        return details;
    };
    // A problem without a type of its own says no more than the status.
    details.code = text(&body, "type").filter(|code| code != "about:blank");
    details.messages =
        ["error", "detail", "title"].iter().filter_map(|name| text(&body, name)).collect();
    for entry in body.get("invalidFields").and_then(Value::as_array).into_iter().flatten() {
        match (text(entry, "field"), text(entry, "message")) {
            (Some(field), message) => {
                details.fields.push(FieldError { field, message: message.unwrap_or_default() });
            }
            (None, message) => details.messages.extend(message),
        }
    }
    details
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
