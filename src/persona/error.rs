//! Persona's error bodies: `errors[]` with `title`, `details` (plural), `source.pointer`
//! and `meta`. There is no code, so a program can rely only on the HTTP status. Source:
//! <https://docs.withpersona.com/errors>.

use serde_json::Value;

use crate::call::FieldError;
use crate::call::error::ErrorDetails;
use crate::value::json;

/// Reads the fields that are present; an unreadable body gives no details.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let mut found = ErrorDetails::default();
    let Ok(body) = json::parse(body) else {
        return found;
    };
    for entry in body.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let (title, details) = (text(entry, "/title"), text(entry, "/details"));
        let message = match (title, details) {
            (Some(title), Some(details)) => format!("{title}: {details}"),
            (Some(only), None) | (None, Some(only)) => only.to_owned(),
            (None, None) => continue,
        };
        if let Some(field) = text(entry, "/source/pointer") {
            found.fields.push(FieldError {
                field: field.to_owned(),
                message: details.unwrap_or(&message).to_owned(),
            });
        }
        found.messages.push(message);
    }
    found
}

fn text<'a>(entry: &'a Value, pointer: &str) -> Option<&'a str> {
    entry.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}
