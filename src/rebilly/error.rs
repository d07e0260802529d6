//! Rebilly's error bodies: problems of RFC 9457, and the `error` text of older answers.
//! Source: <https://www.rebilly.com/docs/dev-docs/api>.

use serde_json::Value;

use crate::call::FieldError;
use crate::call::error::ErrorDetails;

/// Reads what is there; an unreadable body gives nothing.
///
/// The member `instance` is left where it is: it may be the path of the request, and so
/// hold the id of a document, while a request id is printed with every error.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let mut details = ErrorDetails::default();
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return details;
    };
    // A problem of no type of its own says nothing that the status does not say.
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
