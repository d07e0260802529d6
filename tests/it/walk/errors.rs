//! Each documented error of each operation.

use kyc_review::{ErrorKind, OperationClass};
use serde_json::Value;

use super::bodies::smallest;
use super::call::{Operation, Scalar};
use super::described::Described;
use super::server::Seen;
use super::{Walk, printed_person};
use crate::support::sample::{CANARY, Sampler, Way};

/// The maximum number of attempts of a call of these clients.
const ATTEMPTS: u32 = 3;

/// The expected error of a status: its kind, and the number of attempts.
fn expected(vendor: &str, described: &Described<'_>, status: u16) -> (ErrorKind, u32) {
    let class = described.class;
    let may_repeat = matches!(class, "read" | "idempotent");
    let repeated = |is_repeated: bool| if is_repeated { ATTEMPTS } else { 1 };
    let unless_decided = |kind| if may_repeat { kind } else { ErrorKind::OutcomeUnknown };
    match status {
        // Sumsub: the state of the subject forbids it.
        304 if vendor == "sumsub" => (ErrorKind::Conflict, 1),
        300..=399 => (ErrorKind::Redirect, 1),
        401 => (ErrorKind::Authentication, 1),
        403 => (ErrorKind::Permission, 1),
        404 => (ErrorKind::NotFound, 1),
        408 => (unless_decided(ErrorKind::Timeout), repeated(may_repeat)),
        409 => (ErrorKind::Conflict, 1),
        // Provide: the caller's address is banned.
        429 if vendor == "provide" => (ErrorKind::Permission, 1),
        429 => (ErrorKind::RateLimited, repeated(class != "create" || described.takes_key)),
        500 | 502 | 503 | 504 => (unless_decided(ErrorKind::Server), repeated(may_repeat)),
        505.. | 501 => (unless_decided(ErrorKind::Server), 1),
        _ => (ErrorKind::InvalidRequest, 1),
    }
}

/// Checks every error of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    let case = smallest(walk, described, &described.methods[0]);
    // The client's own text about a value must not contain it.
    for (name, value) in &case.values {
        let parameter =
            described.parameters.iter().find(|parameter| parameter.name == name).unwrap();
        if let Scalar::Text(text) = value {
            let is_free =
                ["enum", "pattern"].iter().all(|rule| parameter.schema.get(*rule).is_none());
            assert!(text.contains(CANARY) || !is_free, "{name}");
        }
    }
    let subject = described.subject.and_then(|name| match case.values.get(name)? {
        Scalar::Text(text) => Some(text.as_str()),
        _ => None,
    });
    for answer in &described.errors {
        for status in answer.statuses() {
            let body = answer.schema.map(|schema| {
                let mut body = Sampler::new(walk.document, Way::Whole).schema(schema).json;
                spoil(&mut body);
                serde_json::to_vec_pretty(&body).unwrap()
            });
            let body = body.unwrap_or_default();
            walk.server.answer(
                status,
                answer.media.first().copied().unwrap_or_default(),
                body.clone(),
            );
            let result = operation.call(walk.clients, &case).await;
            let sent = walk.server.take();
            let told = format!("{} fails with {status}", described.id);
            let Ok(Err(error)) = result else {
                walk.fault(format!("{told}: no error"));
                continue;
            };
            walk.counts.errors += 1;
            let (kind, attempts) = expected(walk.vendor, described, status);
            let class = error.class().map(OperationClass::as_str);
            let facts = (
                error.kind(),
                error.status().map(|status| status.as_u16()),
                error.operation(),
                class,
            );
            let wanted = (kind, Some(status), Some(described.id), Some(described.class));
            if facts != wanted {
                walk.fault(format!("{told}: {facts:?} and should be {wanted:?}"));
            }
            if (error.attempts(), sent.len()) != (attempts, attempts as usize) {
                let told_attempts = error.attempts();
                walk.fault(format!(
                    "{told}: sent {} times, told {told_attempts}, should be {attempts}",
                    sent.len()
                ));
            }
            let same = |one: &Seen, other: &Seen| {
                let key = |seen: &Seen| seen.header("idempotency-key").map(str::to_owned);
                (&one.url, &one.body, key(one)) == (&other.url, &other.body, key(other))
            };
            if sent.windows(2).any(|pair| !same(&pair[0], &pair[1])) {
                walk.fault(format!("{told}: the attempts differ"));
            }
            if error.raw_body() != Some(body.as_slice()) {
                walk.fault(format!("{told}: the raw body is not what was sent"));
            }
            if error.subject() != subject {
                walk.fault(format!(
                    "{told}: the subject is {:?} and should be {subject:?}",
                    error.subject()
                ));
            }
            let shown = format!("{error} {error:?} {error:#?} {:?}", error.field_errors());
            if let Some(why) = printed_person(&shown) {
                walk.fault(format!("{told}: {why}"));
            }
        }
    }
}

/// A vendor's texts may name a person, whatever the spec says: none is printed, unless it
/// looks like a code.
fn spoil(body: &mut Value) {
    match body {
        Value::String(text) => *text = format!("{CANARY}, é"),
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Object(members) => members.values_mut().for_each(spoil),
        _ => {}
    }
}
