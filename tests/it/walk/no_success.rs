//! Responses with the status of a success that are none: the vendor's own error object, a
//! gateway's page, a body where none is documented.

use kyc_review::ErrorKind;

use super::Walk;
use super::bodies::smallest;
use super::call::Operation;
use super::described::Described;
use super::server::Response;

/// Error bodies of each vendor, with the code and the message that are read.
const ERRORS: [(&str, &str, Option<&str>, &str); 8] = [
    (
        "beltic",
        r#"{"errors":[{"code":"SESSION_LOCKED","detail":"It is locked."}]}"#,
        Some("SESSION_LOCKED"),
        "It is locked.",
    ),
    (
        "beltic",
        r#"{"error":{"code":"SESSION_LOCKED","message":"It is locked."}}"#,
        Some("SESSION_LOCKED"),
        "It is locked.",
    ),
    (
        "persona",
        r#"{"errors":[{"title":"Bad request","details":"It is locked."}]}"#,
        None,
        "Bad request: It is locked.",
    ),
    ("provide", r#"{"message":"It is locked."}"#, None, "It is locked."),
    (
        "provide",
        r#"{"errors":[{"message":"It is locked.","status":10102}]}"#,
        None,
        "It is locked.",
    ),
    (
        "rebilly",
        r#"{"type":"about:blank","status":409,"title":"Conflict","detail":"It is locked."}"#,
        None,
        "It is locked.",
    ),
    ("rebilly", r#"{"error":"It is locked.","status":409}"#, None, "It is locked."),
    (
        "sumsub",
        r#"{"description":"It is locked.","code":409,"correlationId":"req-1","errorCode":1,"errorName":"locked"}"#,
        Some("locked"),
        "It is locked.",
    ),
];

/// Tries each of them as the response of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    let vendor = walk.vendor;
    for (_, body, code, message) in ERRORS.iter().filter(|(known, ..)| *known == vendor) {
        if let Some(error) = refused(walk, operation, described, body).await {
            let messages = error.messages();
            if error.code() != *code || !messages.iter().any(|told| told == message) {
                walk.fault(format!("{}, {body}: {:?}, {messages:?}", described.id, error.code()));
            }
        }
    }
    if operation.reply != "empty" {
        return;
    }
    for body in [
        "Service temporarily unavailable",
        "\u{feff}<html></html>",
        "<html></html>",
        "[]",
        r#"{"id":"1"}"#,
        "true",
    ] {
        refused(walk, operation, described, body).await;
    }
    for body in ["", " ", "{}", "null"] {
        if let Err(error) = call(walk, operation, described, body).await {
            walk.fault(format!("{}, {body:?}: {error:?}", described.id));
        }
    }
}

/// Returns the error of a response that is no success.
async fn refused(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    body: &str,
) -> Option<kyc_review::Error> {
    // Bytes may be anything.
    if operation.reply == "bytes" && !body.starts_with('{') {
        return None;
    }
    let wanted = match described.class {
        "decision" => ErrorKind::OutcomeUnknown,
        _ => ErrorKind::Decode,
    };
    match call(walk, operation, described, body).await {
        Err(error)
            if error.kind() == wanted
                || (described.class == "create" && error.is_outcome_unknown()) =>
        {
            walk.counts.undecodable += 1;
            Some(error)
        }
        other => {
            walk.fault(format!("{}, {body}: {other:?}", described.id));
            None
        }
    }
}

async fn call(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    body: &str,
) -> Result<super::call::Outcome, kyc_review::Error> {
    let case = smallest(walk, described, &described.methods[0]);
    let response = Response::new(200, "application/json", body.as_bytes().to_vec());
    walk.server.respond(move |_| response.clone());
    let answer = operation.call(walk.clients, &case).await;
    walk.server.take();
    answer.unwrap()
}
