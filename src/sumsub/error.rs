//! Sumsub's error bodies: `{description, code, correlationId, errorCode?, errorName?}`,
//! where `code` is the HTTP status again. Source:
//! <https://docs.sumsub.com/reference/error-codes-description>.

use serde_json::Value;

use crate::call::error::ErrorDetails;
use crate::value::json;

/// Reads the fields that are present; an empty or unreadable body (401, 403, a gateway's
/// page) gives no details.
pub(super) fn read(body: &[u8]) -> ErrorDetails {
    let Ok(body) = json::parse(body) else {
        return ErrorDetails::default();
    };
    ErrorDetails {
        code: text(&body, "errorName").or_else(|| number(&body)),
        messages: text(&body, "description").into_iter().collect(),
        fields: Vec::new(),
        request_id: text(&body, "correlationId"),
    }
}

/// Reads the vendor's own number as text. Zero has been seen, and names no error.
fn number(body: &Value) -> Option<String> {
    let code = body.get("errorCode")?;
    code.as_i64()
        .map(|code| code.to_string())
        .or_else(|| text(body, "errorCode"))
        .filter(|code| code != "0")
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
