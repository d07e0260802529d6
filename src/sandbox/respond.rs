//! Helpers of the sandbox's handlers for responses and JSON values.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// Returns a JSON response.
pub(super) fn json(status: u16, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    header(response, "content-type", "application/json")
}

/// Returns a response without a body.
pub(super) fn empty(status: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// Sets a header of a response.
pub(super) fn header(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Sets fields of an object.
pub(super) fn set<const N: usize>(object: &mut Value, members: [(&str, Value); N]) {
    if let Value::Object(object) = object {
        for (name, value) in members {
            object.insert(name.to_owned(), value);
        }
    }
}

/// Returns the string at a JSON pointer, or an empty one.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
