//! Error responses: problems of RFC 9457.

use axum::response::Response;
use serde_json::{Value, json};

use crate::sandbox::respond;

/// The refused fields, with our message on each.
pub(super) type Refused = Vec<(String, &'static str)>;

pub(super) fn refuse_as(status: u16, detail: &str) -> Response {
    respond::json(status, &problem(status, detail))
}

/// Returns a 422 with the refused fields.
pub(super) fn invalid(refused: &[(String, &'static str)]) -> Response {
    let mut problem = problem(422, "Invalid data sent.");
    let fields = refused
        .iter()
        .map(|(field, message)| json!({ "field": field, "message": message }))
        .collect();
    respond::set(&mut problem, [("invalidFields", Value::Array(fields))]);
    respond::json(422, &problem)
}

fn problem(status: u16, detail: &str) -> Value {
    let title = match status {
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        405 => "Method not allowed",
        422 => "Validation error",
        429 => "Rate Limit Exceeded",
        _ => "Error",
    };
    json!({ "type": "about:blank", "title": title, "status": status, "detail": detail })
}
