//! Provide's error bodies: `{"message": …}` nearly everywhere, `{"errors": [{"message":
//! …, "status": …}]}` for an invalid update, and none if the server crashed. Neither has
//! a code. Read in the server that the vendor published at
//! <https://github.com/provideplatform/ident>.

use serde_json::Value;

use crate::call::error::ErrorDetails;
use crate::value::json;

/// Reads the fields that are present; an unreadable body gives no details.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let mut details = ErrorDetails::default();
    let Ok(body) = json::parse(body) else {
        return details;
    };
    details.messages.extend(text(&body));
    let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
    details.messages.extend(errors.filter_map(text));
    details
}

fn text(value: &Value) -> Option<String> {
    let message = value.get("message")?.as_str()?;
    (!message.is_empty()).then(|| message.to_owned())
}
