//! What comes back: decoded in every way, written again, and printed without a person.

use serde_json::Value;

use super::call::{Decoded, Operation};
use super::described::Described;
use super::request::{BINARY, smallest};
use super::{Kinds, Walk, printed_person};
use crate::support::sample::{Sampler, WAYS, Way};

/// Every success of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    for answer in &described.answers {
        for status in answer.statuses() {
            match (answer.json(), answer.media.first().copied()) {
                (Some(schema), _) => json(walk, operation, described, status, schema).await,
                (_, Some(media)) => {
                    let bytes = Decoded::Bytes(BINARY.to_vec());
                    check(walk, operation, described, (status, media, BINARY), &bytes, "bytes").await;
                }
                (_, None) => {
                    check(walk, operation, described, (status, "", b""), &Decoded::Nothing, "an empty answer").await;
                }
            }
        }
    }
    expect_kind(walk, operation, described);
}

/// The kind of the answer in the list is that of the document.
fn expect_kind(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    let (all, json) =
        (described.answers.len(), described.answers.iter().filter(|answer| answer.json().is_some()).count());
    let without = described.answers.iter().filter(|answer| answer.media.is_empty()).count();
    let kind = match (json, without) {
        _ if without == all => "empty",
        (0, _) => "bytes",
        (_, 0) => "json",
        _ => "optional",
    };
    if operation.answer != kind {
        walk.fault(format!("{}: the answer is {} and should be {kind}", described.id, operation.answer));
    }
}

async fn json(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>, status: u16, schema: &Value) {
    for way in WAYS {
        let mut turn = 0;
        loop {
            let sampler = Sampler::new(walk.document, way).turn(turn);
            let sample = sampler.schema(schema);
            turn += 1;
            let is_last = way == Way::Unknown || turn >= sampler.turns();
            // Not as this crate would write it.
            let body = serde_json::to_vec_pretty(&sample.json).unwrap();
            let (wanted, what) = (Decoded::Json(sample.back), format!("{way:?}, turn {turn}"));
            let is_right = check(walk, operation, described, (status, "application/json", &body), &wanted, &what).await;
            // What is kept of an unknown member tells a kind from an unknown one.
            if is_right && way == Way::UnknownInKnown {
                walk.counts.kinds.extend(sampler.kinds());
            }
            if is_last {
                break;
            }
        }
    }
}

/// Whether the answer is what it should be.
async fn check(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    (status, media, body): (u16, &str, &[u8]),
    wanted: &Decoded,
    what: &str,
) -> bool {
    let case = smallest(walk, described);
    walk.server.answer(status, media, body);
    let answer = (operation.call)(walk.clients, &case).await;
    walk.server.take();
    let before = walk.faults.len();
    let told = format!("{} answered {status}, {what}", described.id);
    let outcome = match answer {
        Ok(outcome) => outcome,
        Err(error) => {
            let body = String::from_utf8_lossy(body);
            walk.fault(format!("{told}: {error}\n    {}", body.chars().take(400).collect::<String>()));
            return false;
        }
    };
    walk.counts.answers += 1;
    if outcome.status != status || outcome.raw != body {
        walk.fault(format!("{told}: status and raw body are not those that were sent"));
    }
    let why = match (&outcome.value, wanted) {
        (Decoded::Json(value), Decoded::Json(wanted)) => super::difference(value, wanted),
        (value, wanted) => (value != wanted).then(|| format!("{value:?} and should be {wanted:?}")),
    };
    if let Some(why) = why {
        walk.fault(format!("{told}: written again it differs: {why}"));
    }
    if let Some(why) = printed_person(&outcome.shown) {
        walk.fault(format!("{told}: {why}"));
    }
    walk.faults.len() == before
}

/// Union and kind of every kind that a document knows.
pub fn kinds(document: &Value) -> Kinds {
    let components = document["components"]["schemas"].as_object().unwrap().iter();
    let unions = components.filter_map(|(name, schema)| Some((name, schema["x-one-of"].as_object()?)));
    unions.flat_map(|(name, kinds)| kinds.keys().map(move |kind| (name.clone(), kind.clone()))).collect()
}
