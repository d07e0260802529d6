//! What goes out: method, target, headers and body, against the document.

use std::collections::{BTreeMap, BTreeSet};

use kyc_review::{ErrorKind, MultipartForm};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::call::{Case, Operation, Payload, Scalar};
use super::described::{Body, Described, Parameter, resolve};
use super::server::Seen;
use super::{Kinds, Walk, printed_person};
use crate::support::sample::{CANARY, Direction, Sample, Sampler, Way};

/// Bytes that are no text.
pub const BINARY: &[u8] = &[0, 1, 2, b'\r', b'\n', 0x7f, 0x80, 0xff, b'%', b'-', b'-'];

/// Which parameters are set.
#[derive(Clone, Copy, PartialEq)]
pub enum Set {
    All,
    Required,
}

/// A body, and what it must be on the wire.
struct Prepared {
    payload: Payload,
    expected: Expected,
    /// Union and kind of the unions in it.
    kinds: Kinds,
}

enum Expected {
    Json(Value),
    Form(Vec<(String, String)>),
    /// Name, file name, content.
    Parts(Vec<(String, Option<String>, Vec<u8>)>),
    Bytes(&'static [u8]),
}

/// Everything that is checked of the requests of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    for (set, way) in [(Set::All, Way::Whole), (Set::Required, Way::Required)] {
        let bodies = bodies(walk, described, way);
        if bodies.is_empty() {
            check(walk, operation, described, set, None, &format!("{way:?}")).await;
        }
        for (turn, body) in bodies.into_iter().enumerate() {
            check(walk, operation, described, set, Some(body), &format!("{way:?}, turn {turn}")).await;
        }
    }
    // Nulls that the document tells from absence, and values that it does not know, are sent as they are.
    for way in [Way::Nulls, Way::Unknown, Way::UnknownInKnown] {
        for (turn, body) in bodies(walk, described, way).into_iter().enumerate() {
            if !matches!(body.expected, Expected::Json(_)) {
                continue;
            }
            let (kinds, what) = (body.kinds.clone(), format!("{way:?}, turn {turn}"));
            let is_right = check(walk, operation, described, Set::Required, Some(body), &what).await;
            if is_right && way == Way::UnknownInKnown {
                walk.counts.kinds_sent.extend(kinds);
            }
        }
    }
    if let Some(body) = &described.body
        && !body.required
    {
        check(walk, operation, described, Set::Required, None, "without its body").await;
    }
    left_out(walk, operation, described).await;
}

/// A case that the operation takes: with the smallest body, where it needs one.
pub fn smallest(walk: &Walk<'_>, described: &Described<'_>) -> Case {
    let body = bodies(walk, described, Way::Required).into_iter().next();
    Case { values: values(described, Set::Required), body: body.map(|body| body.payload), ..Case::default() }
}

fn values(described: &Described<'_>, set: Set) -> BTreeMap<String, Scalar> {
    let parameters = described.parameters.iter().enumerate();
    let wanted = parameters.filter(|(_, parameter)| set == Set::All || parameter.required);
    wanted.map(|(index, parameter)| (parameter.name.to_owned(), scalar(index, parameter))).collect()
}

/// A value that no other parameter of the operation has, as far as its type lets it, and that must be encoded.
fn scalar(index: usize, parameter: &Parameter<'_>) -> Scalar {
    let Parameter { name, place, schema, .. } = parameter;
    if let Some(values) = schema["enum"].as_array() {
        let value = &values[index % values.len()];
        return match value {
            Value::String(text) => Scalar::Text(text.clone()),
            other => Scalar::Integer(other.as_i64().unwrap()),
        };
    }
    let is_personal = schema["x-personal"] == true;
    match (schema["type"].as_str().unwrap(), schema["format"].as_str(), *place) {
        ("integer", ..) => Scalar::Integer(7_000 + index as i64),
        ("number", ..) => Scalar::Number(7_000.25 + index as f64),
        ("boolean", ..) => Scalar::Boolean(index.is_multiple_of(2)),
        ("string", Some("date-time"), _) if !is_personal => {
            Scalar::Text(format!("2024-05-02 09:32:{:02}+0000", index % 60))
        }
        ("string", Some("date"), _) if !is_personal => Scalar::Text(format!("2024-05-{:02}", 1 + index % 30)),
        ("string", _, "header") => Scalar::Text(format!("{CANARY} {name} {index}")),
        ("string", _, "path") if schema["x-id-spaces"] == true => Scalar::Text(format!("{CANARY} {name}+é:@;={index}")),
        ("string", _, "path") => Scalar::Text(format!("{CANARY}{name}+é:@;={index}")),
        ("string", ..) => Scalar::Text(format!("{CANARY} {name}&=+%41é#/?{index}")),
        (other, ..) => panic!("{name} is {other}"),
    }
}

fn text(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Boolean(value) => value.to_string(),
    }
}

/// A body in one way, once for each kind of its unions.
fn bodies(walk: &Walk<'_>, described: &Described<'_>, way: Way) -> Vec<Prepared> {
    let Some(Body { media, schema, .. }) = &described.body else { return Vec::new() };
    let sample = |turn| {
        let sampler = Sampler::new(walk.document, way).direction(Direction::Sent).turn(turn);
        let sample = sampler.schema(schema);
        (sample, sampler)
    };
    let (first, sampler) = sample(0);
    let turns = if way == Way::Unknown { 1 } else { sampler.turns() };
    match *media {
        "application/json" => {
            let rest = (1..turns).map(sample);
            let samples = std::iter::once((first, sampler)).chain(rest);
            let prepare = |(Sample { json, back }, sampler): (_, Sampler<'_>)| Prepared {
                payload: Payload::Json(json),
                expected: Expected::Json(back),
                kinds: sampler.kinds(),
            };
            samples.map(prepare).collect()
        }
        "application/x-www-form-urlencoded" => {
            let pairs = first.back.as_object().unwrap().iter().flat_map(|(name, value)| match value {
                Value::Array(items) => items.iter().map(|item| (name.clone(), plain(item))).collect(),
                value => vec![(name.clone(), plain(value))],
            });
            let expected = Expected::Form(pairs.collect());
            vec![Prepared { expected, payload: Payload::Json(first.json), kinds: Kinds::new() }]
        }
        media if media.starts_with("multipart/") => {
            let schema = resolve(walk.document, schema);
            let (mut form, mut parts) = (MultipartForm::new(), Vec::new());
            for (name, property) in schema["properties"].as_object().unwrap() {
                if property["format"] == "binary" {
                    form = form.file(name, "a \"file\".bin", "application/octet-stream", BINARY);
                    parts.push((name.clone(), Some("a %22file%22.bin".to_owned()), BINARY.to_vec()));
                } else {
                    let value = plain(&Sampler::new(walk.document, way).schema(property).json);
                    form = form.text(name, &value);
                    parts.push((name.clone(), None, value.into_bytes()));
                }
            }
            vec![Prepared { payload: Payload::Form(form), expected: Expected::Parts(parts), kinds: Kinds::new() }]
        }
        _ => vec![Prepared { payload: Payload::Bytes(BINARY), expected: Expected::Bytes(BINARY), kinds: Kinds::new() }],
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn check(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    set: Set,
    body: Option<Prepared>,
    what: &str,
) -> bool {
    let before = walk.faults.len();
    let (payload, expected) = body.map(|body| (body.payload, body.expected)).unzip();
    let case = Case { values: values(described, set), body: payload, ..Case::default() };
    // What comes back is looked at elsewhere.
    walk.server.answer(500, "", "");
    let answer = (operation.call)(walk.clients, &case).await;
    let id = described.id;
    if let Some(problem) = case.problem.take() {
        walk.fault(format!("{id}, {what}: its own type does not take the body: {problem}"));
        return false;
    }
    let shown = answer.map_or_else(|error| format!("{error} {error:?}"), |outcome| outcome.shown);
    if let Some(why) = printed_person(&shown).or_else(|| printed_person(&case.shown.borrow())) {
        walk.fault(format!("{id}, {what}: {why}"));
    }
    let seen = walk.server.take();
    let Some(seen) = seen.first() else {
        walk.fault(format!("{id}, {what}: nothing was sent: {shown}"));
        return false;
    };
    walk.counts.requests += 1;
    let mut wrong = Vec::new();
    head(walk, described, &case, seen, &mut wrong);
    headers(walk, described, &case, expected.as_ref(), seen, &mut wrong);
    if let Err(why) = compare_body(described, expected.as_ref(), seen) {
        wrong.push(why);
    }
    for why in wrong {
        walk.fault(format!("{id}, {what}: {why}"));
    }
    walk.faults.len() == before
}

/// Method, path and query.
fn head(walk: &Walk<'_>, described: &Described<'_>, case: &Case, seen: &Seen, wrong: &mut Vec<String>) {
    let mut path = described.path.to_owned();
    for parameter in described.parameters.iter().filter(|parameter| parameter.place == "path") {
        path = path.replace(&format!("{{{}}}", parameter.name), &encode(&text(&case.values[parameter.name])));
    }
    let mut base = walk.base.as_str();
    for _ in 0..described.above_base {
        base = base.rsplit_once('/').unwrap().0;
    }
    let (target, query) = seen.url.split_once('?').unwrap_or((&seen.url, ""));
    if (seen.method.as_str(), target) != (described.method.as_str(), format!("{base}{path}").as_str()) {
        wrong.push(format!("{} {target} for {} {base}{path}", seen.method, described.method));
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> =
        pairs.map(|pair| pair.split_once('=').map(|(name, value)| (decode(name), decode(value))).unwrap()).collect();
    let in_query = described.parameters.iter().filter(|parameter| parameter.place == "query");
    let mut wanted: Vec<_> = in_query
        .filter_map(|parameter| Some((parameter.name.to_owned(), text(case.values.get(parameter.name)?))))
        .collect();
    pairs.sort();
    wanted.sort();
    if pairs != wanted {
        wrong.push(format!("the query is {pairs:?} and should be {wanted:?}"));
    }
    if query.contains('+') || seen.url.ends_with('?') {
        wrong.push(format!("the query is written as {query}"));
    }
}

/// Those of the document with their values, the content types, those of the client; and no others.
fn headers(
    walk: &Walk<'_>,
    described: &Described<'_>,
    case: &Case,
    body: Option<&Expected>,
    seen: &Seen,
    wrong: &mut Vec<String>,
) {
    let mut expect = |name: &str, value: Option<&str>| {
        let sent: Vec<&str> =
            seen.headers.iter().filter(|(known, _)| known == name).map(|(_, it)| it.as_str()).collect();
        if sent != value.into_iter().collect::<Vec<_>>() {
            wrong.push(format!("{name} is {sent:?} and should be {value:?}"));
        }
    };
    let mut known: BTreeSet<String> = ["accept", "content-type", "user-agent"].map(str::to_owned).into();
    for parameter in described.parameters.iter().filter(|parameter| parameter.place == "header") {
        let name = parameter.name.to_ascii_lowercase();
        expect(&name, case.values.get(parameter.name).map(text).as_deref());
        known.insert(name);
    }
    let media: BTreeSet<&str> = described.answers.iter().flat_map(|answer| answer.media.iter().copied()).collect();
    let accept = media.into_iter().collect::<Vec<_>>().join(", ");
    // Bytes of any type are asked for as such.
    let is_any = accept.is_empty() || accept == "application/octet-stream";
    expect("accept", Some(accept.as_str()).filter(|_| !is_any));

    let media = described.body.as_ref().map(|body| body.media);
    let content_type = match body {
        // Sumsub asks for it even where a write has no body.
        None if walk.vendor == "sumsub" && described.method != "GET" => Some("application/json"),
        None => None,
        Some(Expected::Json(body)) if is_sent(described, body) => media,
        Some(Expected::Json(_)) => None,
        Some(Expected::Parts(_)) => seen.header("content-type").filter(|sent| {
            sent.strip_prefix(media.unwrap_or_default()).is_some_and(|rest| rest.starts_with("; boundary="))
        }),
        Some(_) => media,
    };
    let is_sumsubs = walk.vendor == "sumsub" && content_type.is_none() && described.method != "GET";
    expect("content-type", if is_sumsubs { Some("application/json") } else { content_type });
    if matches!(body, Some(Expected::Parts(_))) && content_type.is_none() {
        wrong.push("the content type names no boundary".to_owned());
    }

    let of_client = walk.document["x-client-headers"].as_array().unwrap().iter().filter_map(Value::as_str);
    for name in of_client.map(str::to_ascii_lowercase).filter(|name| !known.contains(name)).collect::<Vec<_>>() {
        let is_sent = seen.header(&name).is_some_and(|value| !value.is_empty());
        let should_be = match name.as_str() {
            "idempotency-key" => described.takes_key,
            // The other one of two ways.
            "authorization" if walk.vendor == "rebilly" => false,
            _ => true,
        };
        if is_sent != should_be {
            wrong.push(format!("the client's header {name}: sent {is_sent}, should be {should_be}"));
        }
        known.insert(name);
    }
    for (name, _) in seen.headers.iter().filter(|(name, _)| !known.contains(name)) {
        wrong.push(format!("the header {name} is in no document"));
    }
}

/// A body that need not be there is left out where it says nothing.
fn is_sent(described: &Described<'_>, body: &Value) -> bool {
    described.body.as_ref().is_some_and(|it| it.required) || body.as_object().is_none_or(|members| !members.is_empty())
}

fn compare_body(described: &Described<'_>, expected: Option<&Expected>, seen: &Seen) -> Result<(), String> {
    let sent = seen.body.as_deref();
    match expected {
        None => sent.map_or(Ok(()), |sent| Err(format!("a body of {} bytes was sent", sent.len()))),
        Some(Expected::Json(wanted)) if !is_sent(described, wanted) => {
            sent.map_or(Ok(()), |_| Err("an empty body was sent".to_owned()))
        }
        Some(Expected::Json(wanted)) => {
            let body: Value = serde_json::from_slice(sent.unwrap_or_default()).map_err(|error| error.to_string())?;
            super::difference(&body, wanted).map_or(Ok(()), |why| Err(format!("the body: {why}")))
        }
        Some(Expected::Form(wanted)) => {
            let body = String::from_utf8(sent.unwrap_or_default().to_vec()).map_err(|error| error.to_string())?;
            let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
            let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
            let mut pairs: Vec<_> = pairs.map(|(name, value)| (decode(name), decode(value))).collect();
            let mut wanted = wanted.clone();
            pairs.sort();
            wanted.sort();
            if pairs == wanted { Ok(()) } else { Err(format!("the form is {pairs:?} and should be {wanted:?}")) }
        }
        Some(Expected::Parts(wanted)) => {
            let boundary = seen.header("content-type").and_then(|value| value.split_once("boundary="));
            let parts = parts(sent.unwrap_or_default(), boundary.map_or("", |(_, boundary)| boundary));
            if &parts == wanted { Ok(()) } else { Err(format!("the parts are {parts:?} and should be {wanted:?}")) }
        }
        Some(Expected::Bytes(wanted)) => {
            if sent == Some(wanted) {
                Ok(())
            } else {
                Err("the bytes of the body are others".to_owned())
            }
        }
    }
}

/// Name, file name and content of each part.
fn parts(body: &[u8], boundary: &str) -> Vec<(String, Option<String>, Vec<u8>)> {
    let find = |text: &[u8], what: &[u8]| text.windows(what.len()).position(|window| window == what);
    let between = |text: &str, before: &str| {
        let (_, rest) = text.split_once(before)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let (mut rest, delimiter) = (body, format!("--{boundary}\r\n"));
    let mut parts = Vec::new();
    while let Some(behind) = rest.strip_prefix(delimiter.as_bytes()) {
        let head = find(behind, b"\r\n\r\n").unwrap();
        let end = find(behind, format!("\r\n--{boundary}").as_bytes()).unwrap();
        let lines = String::from_utf8(behind[..head].to_vec()).unwrap();
        let name = between(&lines, " name=\"").unwrap_or_default();
        parts.push((name, between(&lines, " filename=\""), behind[head + 4..end].to_vec()));
        rest = &behind[end + 2..];
    }
    if rest != format!("--{boundary}--\r\n").as_bytes() {
        parts.push(("the form does not end".to_owned(), None, rest.to_vec()));
    }
    parts
}

/// Everything but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let each = |byte: u8| if plain(&byte) { (byte as char).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(each).collect()
}

/// Without what is required, nothing is sent.
async fn left_out(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    let required = described.parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name);
    let mut cases: Vec<(&str, Case)> = required
        .map(|name| {
            let mut case = smallest(walk, described);
            case.values.remove(name);
            (name, case)
        })
        .collect();
    if described.body.as_ref().is_some_and(|body| body.required) {
        cases.push(("the body", Case { body: None, ..smallest(walk, described) }));
    }
    for (what, case) in cases {
        walk.server.answer(500, "", "");
        let told = match (operation.call)(walk.clients, &case).await {
            Ok(_) => "an answer".to_owned(),
            Err(error) if error.kind() == ErrorKind::InvalidArgument && error.operation() == Some(described.id) => {
                String::new()
            }
            Err(error) => error.to_string(),
        };
        let sent = walk.server.take().len();
        walk.counts.refusals += 1;
        if !told.is_empty() || sent > 0 {
            walk.fault(format!("{} without {what}: {sent} requests, {told}", described.id));
        }
    }
}
