//! Responses: decoded in every way, written again, and printed without a person.

use kyc_review::ErrorKind;
use serde_json::{Value, json};

use super::bodies::{BINARY, smallest};
use super::call::{Decoded, Operation, Outcome};
use super::described::{Described, Pages};
use super::server::Response;
use super::{Kinds, Walk, printed_person};
use crate::support::sample::{Sampler, WAYS, Way};

/// The expected result of a response.
pub enum Wanted {
    Value(Decoded),
    /// The value of the reply is missing.
    Undecodable,
}

/// Checks every success of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    for answer in &described.answers {
        for status in answer.statuses() {
            match (answer.json(), answer.media.first().copied()) {
                (Some(schema), _) => in_every_way(walk, operation, described, status, schema).await,
                (_, Some(media)) => {
                    let (response, bytes) =
                        (Response::new(status, media, BINARY), Decoded::Bytes(BINARY.to_vec()));
                    check(walk, operation, described, response, Wanted::Value(bytes), "bytes")
                        .await;
                }
                (_, None) => {
                    let nothing = match &described.pages {
                        Some(_) => Decoded::Page(json!([]), None, None),
                        None => Decoded::Nothing,
                    };
                    let response = Response::new(status, "", "");
                    check(
                        walk,
                        operation,
                        described,
                        response,
                        Wanted::Value(nothing),
                        "an empty response",
                    )
                    .await;
                }
            }
        }
    }
}

/// The kind of the reply in the generated list must be that of the spec.
pub fn expect_kind(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    let (all, json) = (
        described.answers.len(),
        described.answers.iter().filter(|answer| answer.json().is_some()).count(),
    );
    let without = described.answers.iter().filter(|answer| answer.media.is_empty()).count();
    let kind = match (json, without) {
        _ if described.pages.is_some() => "page",
        _ if without == all => "empty",
        (0, _) => "bytes",
        (_, 0) => "json",
        _ => "optional",
    };
    if operation.reply != kind {
        walk.fault(format!(
            "{}: the reply is {} and should be {kind}",
            described.id, operation.reply
        ));
    }
}

async fn in_every_way(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    status: u16,
    schema: &Value,
) {
    for way in WAYS {
        let mut turn = 0;
        loop {
            let sampler = Sampler::new(walk.document, way).turn(turn);
            let sample = sampler.schema(schema);
            turn += 1;
            let is_last = way == Way::Unknown || turn >= sampler.turns();
            let what = format!("{way:?}, turn {turn}");
            let is_right =
                json_is_taken(walk, operation, described, status, sample.json, &sample.back, &what)
                    .await;
            // The fields kept of an unknown kind distinguish it from a known one.
            if is_right && way == Way::UnknownInKnown {
                walk.counts.kinds.extend(sampler.kinds());
            }
            if is_last {
                break;
            }
        }
    }
}

/// Checks that a JSON response decodes to the expected value: `back` is what remains of
/// all of it.
pub async fn json_is_taken(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    status: u16,
    mut json: Value,
    back: &Value,
    what: &str,
) -> bool {
    let mut headers = Vec::new();
    let wanted = match &described.pages {
        Some(pages) => page(walk, pages, &mut json, back, &mut headers),
        None => match (back.pointer(&described.unwrap), described.unwrap.as_str()) {
            (Some(back), "") => Wanted::Value(Decoded::Json(back.clone())),
            (Some(back), _) if !back.is_null() => Wanted::Value(Decoded::Json(back.clone())),
            _ => Wanted::Undecodable,
        },
    };
    // The formatting differs from this crate's own.
    let mut response =
        Response::new(status, "application/json", serde_json::to_vec_pretty(&json).unwrap());
    for (name, value) in headers {
        response = response.with_header(&name, value);
    }
    check(walk, operation, described, response, wanted, what).await
}

/// The expected page of a list: its items, the position of the next page, the total.
fn page(
    walk: &Walk<'_>,
    pages: &Pages<'_>,
    json: &mut Value,
    back: &Value,
    headers: &mut Vec<(String, u64)>,
) -> Wanted {
    let found = pages
        .pointers("items")
        .into_iter()
        .find(|at| json.pointer(at).is_some_and(|it| !it.is_object()));
    // A vendor with several containers leaves out the empty ones.
    let is_empty = pages.pointers("items").len() > 1 && *json == json!({});
    let Some(at) = found.or(is_empty.then_some("/items")) else { return Wanted::Undecodable };
    // An optional field that is null is not written back.
    let items =
        back.pointer(at).filter(|items| !items.is_null()).cloned().unwrap_or_else(|| json!([]));
    let count = items.as_array().unwrap().len() as u64;
    let next_at = pages
        .pointers("next")
        .into_iter()
        .find(|at| json.pointer(at).is_some_and(Value::is_string));
    if let Some(place) = next_at.and_then(|at| json.pointer_mut(at)) {
        *place = match pages.style() {
            "link" => json!(format!("{}/of/pages?a=b&page%5Bafter%5D=c%2Bd", walk.base)),
            _ => json!("c+d"),
        };
    }
    let total = match pages.text("total") {
        Some(total) if total.starts_with("header:") => {
            headers.push((total["header:".len()..].to_owned(), 7_315_518));
            Some(7_315_518)
        }
        Some(at) => json.pointer(at).and_then(Value::as_u64),
        None => None,
    };
    let next = match pages.style() {
        "link" => next_at.map(|_| "a=b&page%5Bafter%5D=c%2Bd".to_owned()),
        "cursor" => next_at.map(|_| "c+d".to_owned()),
        "offset" => Some(count.to_string()).filter(|_| count > 0),
        "page" => Some((pages.number("first").unwrap_or(1) + 1).to_string()).filter(|_| count > 0),
        _ => None,
    };
    let more = pages.pointers("more").into_iter().find_map(|at| json.pointer(at)?.as_bool());
    let is_told =
        more == Some(false) || (more.is_none() && !pages.pointers("more").is_empty() && count == 0);
    Wanted::Value(Decoded::Page(items, next.filter(|_| !is_told), total))
}

/// Checks that the reply is as expected.
async fn check(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    response: Response,
    wanted: Wanted,
    what: &str,
) -> bool {
    let Response::Whole(status, _, body) = response.clone() else { return false };
    let case = smallest(walk, described, &described.methods[0]);
    walk.server.respond(move |_| response.clone());
    let answer = operation.call(walk.clients, &case).await;
    walk.server.take();
    let before = walk.faults.len();
    let told = format!("{} answered {status}, {what}", described.id);
    match (answer, wanted) {
        (Err(problem), _) => walk.fault(format!("{told}: {problem}")),
        (Ok(Err(error)), Wanted::Undecodable) => {
            let kind = if described.class == "decision" {
                ErrorKind::OutcomeUnknown
            } else {
                ErrorKind::Decode
            };
            // The outcome of a creation is unknown too, if the creation cannot be
            // retried.
            let is_right =
                error.kind() == kind || (described.class == "create" && error.is_outcome_unknown());
            if !is_right || printed_person(&format!("{error} {error:?}")).is_some() {
                walk.fault(format!("{told}: {error:?}, should be {kind:?}"));
            }
            walk.counts.undecodable += 1;
        }
        (Ok(Err(error)), _) => {
            let body = String::from_utf8_lossy(&body);
            walk.fault(format!(
                "{told}: {error}\n    {}",
                body.chars().take(400).collect::<String>()
            ));
        }
        (Ok(Ok(outcome)), Wanted::Undecodable) => {
            walk.fault(format!("{told}: {:?}, and nothing was there", outcome.value))
        }
        (Ok(Ok(outcome)), Wanted::Value(wanted)) => {
            walk.counts.answers += 1;
            for why in faults(&outcome, status, &body, &wanted) {
                walk.fault(format!("{told}: {why}"));
            }
        }
    }
    walk.faults.len() == before
}

fn faults(outcome: &Outcome, status: u16, body: &[u8], wanted: &Decoded) -> Vec<String> {
    let mut wrong = Vec::new();
    if outcome.status != status || outcome.raw != body {
        wrong.push("status and raw body are not those that were sent".to_owned());
    }
    let why = match (&outcome.value, wanted) {
        (Decoded::Json(value), Decoded::Json(wanted)) => super::difference(value, wanted),
        (Decoded::Page(items, next, total), Decoded::Page(wanted, wanted_next, wanted_total)) => {
            super::difference(items, wanted).or_else(|| {
                let (told, wanted) = ((next, total), (wanted_next, wanted_total));
                (told != wanted)
                    .then(|| format!("next and total are {told:?} and should be {wanted:?}"))
            })
        }
        (value, wanted) => (value != wanted).then(|| format!("{value:?} and should be {wanted:?}")),
    };
    wrong.extend(why.map(|why| format!("written again it differs: {why}")));
    wrong.extend(printed_person(&outcome.shown));
    wrong
}

/// Union and kind of every kind in a spec.
pub fn kinds(document: &Value) -> Kinds {
    let components = document["components"]["schemas"].as_object().unwrap().iter();
    let unions =
        components.filter_map(|(name, schema)| Some((name, schema["x-one-of"].as_object()?)));
    unions
        .flat_map(|(name, kinds)| kinds.keys().map(move |kind| (name.clone(), kind.clone())))
        .collect()
}
