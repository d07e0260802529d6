//! A request on the wire, against the spec: method, target, headers, body.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::bodies::Expected;
use super::call::{Case, Scalar};
use super::described::Described;
use super::server::Seen;
use super::{Walk, values};

/// All that is wrong with a request.
pub fn faults(
    walk: &Walk<'_>,
    described: &Described<'_>,
    case: &Case,
    expected: &Expected,
    seen: &Seen,
) -> Vec<String> {
    let mut wrong = Vec::new();
    head(walk, described, case, seen, &mut wrong);
    headers(walk, described, case, expected, seen, &mut wrong);
    wrong.extend(compare_body(expected, seen).err());
    wrong
}

/// The target of an operation with these ids.
pub fn target(walk: &Walk<'_>, described: &Described<'_>, ids: &[String]) -> String {
    let mut path = described.path.to_owned();
    for (parameter, id) in described.in_path().zip(ids) {
        path = path.replace(&format!("{{{}}}", parameter.name), &encode(id));
    }
    let mut base = walk.base.as_str();
    for _ in 0..described.above_base {
        base = base.rsplit_once('/').unwrap().0;
    }
    format!("{base}{path}")
}

/// The ids of a call.
pub fn ids(described: &Described<'_>, case: &Case) -> Vec<String> {
    described.in_path().map(|parameter| case.values[parameter.name].text()).collect()
}

/// Checks method, path and query.
fn head(
    walk: &Walk<'_>,
    described: &Described<'_>,
    case: &Case,
    seen: &Seen,
    wrong: &mut Vec<String>,
) {
    let mut wanted = target(walk, described, &ids(described, case));
    let mut sent = seen.target().to_owned();
    if let Some((before, _)) = wanted.split_once("{filters}") {
        // Filters may be in any order.
        let filters = sent
            .strip_prefix(before)
            .map(|rest| rest.split(';').skip(1).map(str::to_owned).collect());
        let filters: BTreeSet<String> = filters.unwrap_or_default();
        let matrix = described.parameters.iter().filter(|parameter| parameter.place == "matrix");
        let given = matrix.filter_map(|parameter| {
            Some((parameter.name.to_owned(), case.values.get(parameter.name)?.text()))
        });
        let all = given.chain(case.filters.iter().cloned());
        let all: BTreeSet<String> =
            all.map(|(name, value)| format!("{}={}", encode(&name), encode(&value))).collect();
        if filters != all {
            wrong.push(format!("the filters are {filters:?} and should be {all:?}"));
        }
        sent = sent.split(';').next().unwrap_or_default().to_owned();
        wanted = before.to_owned();
    }
    if (seen.method.as_str(), sent.as_str()) != (described.method.as_str(), wanted.as_str()) {
        wrong.push(format!("{} {sent} for {} {wanted}", seen.method, described.method));
    }
    let mut pairs = seen.query();
    let in_query = described.parameters.iter().filter(|parameter| parameter.place == "query");
    let mut wanted: Vec<_> = in_query
        .filter_map(|parameter| Some((parameter, case.values.get(parameter.name)?)))
        .filter(|(parameter, value)| !values::is_left_out(parameter, value))
        .map(|(parameter, value)| (parameter.name.to_owned(), value.text()))
        .collect();
    pairs.sort();
    wanted.sort();
    if pairs != wanted {
        wrong.push(format!("the query is {pairs:?} and should be {wanted:?}"));
    }
    let query = seen.url.split_once('?').map_or("", |(_, query)| query);
    if query.contains('+') || seen.url.ends_with('?') {
        wrong.push(format!("the query is written as {query}"));
    }
}

/// Checks the headers of the spec with their values, the content types, and those of the
/// client; there may be no others.
fn headers(
    walk: &Walk<'_>,
    described: &Described<'_>,
    case: &Case,
    body: &Expected,
    seen: &Seen,
    wrong: &mut Vec<String>,
) {
    let mut expect = |name: &str, value: Option<&str>| {
        let sent: Vec<&str> = seen
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, it)| it.as_str())
            .collect();
        if sent != value.into_iter().collect::<Vec<_>>() {
            wrong.push(format!("{name} is {sent:?} and should be {value:?}"));
        }
    };
    let mut known: BTreeSet<String> =
        ["accept", "content-type", "user-agent"].map(str::to_owned).into();
    for parameter in described.parameters.iter().filter(|parameter| parameter.place == "header") {
        let name = parameter.name.to_ascii_lowercase();
        expect(&name, case.values.get(parameter.name).map(Scalar::text).as_deref());
        known.insert(name);
    }
    let media: BTreeSet<&str> =
        described.answers.iter().flat_map(|answer| answer.media.iter().copied()).collect();
    let accept = media.into_iter().collect::<Vec<_>>().join(", ");
    // No `Accept` is sent for bytes of any type.
    let is_any = accept.is_empty() || accept == "application/octet-stream";
    expect("accept", Some(accept.as_str()).filter(|_| !is_any));

    let media = described.body.as_ref().map(|body| body.media);
    // Sumsub requires it even if a write has no body.
    let always =
        Some("application/json").filter(|_| walk.vendor == "sumsub" && described.method != "GET");
    let content_type = match body {
        Expected::Nothing | Expected::Refusal => always,
        Expected::Parts(_) => seen.header("content-type").filter(|sent| {
            sent.strip_prefix(media.unwrap_or_default())
                .is_some_and(|rest| rest.starts_with("; boundary="))
        }),
        _ => media,
    };
    expect("content-type", content_type);
    if matches!(body, Expected::Parts(_)) && content_type.is_none() {
        wrong.push("the content type names no boundary".to_owned());
    }

    let of_client =
        walk.document["x-client-headers"].as_array().unwrap().iter().filter_map(Value::as_str);
    for name in of_client
        .map(str::to_ascii_lowercase)
        .filter(|name| !known.contains(name))
        .collect::<Vec<_>>()
    {
        let is_sent = seen.header(&name).is_some_and(|value| !value.is_empty());
        let should_be = match name.as_str() {
            "idempotency-key" => described.takes_key,
            // The alternative to the API key.
            "authorization" if walk.vendor == "rebilly" => false,
            "authorization" | "x-api-key" => described.own_credential.is_none(),
            _ => true,
        };
        if is_sent != should_be {
            wrong
                .push(format!("the client's header {name}: sent {is_sent}, should be {should_be}"));
        }
        known.insert(name);
    }
    for (name, value) in &seen.headers {
        if !known.contains(name) {
            wrong.push(format!("the header {name} is in no spec"));
        }
        if described.own_credential.is_some() && value.contains(super::KEY) {
            wrong.push(format!("the client's own key goes out in {name}"));
        }
    }
}

fn compare_body(expected: &Expected, seen: &Seen) -> Result<(), String> {
    let sent = seen.body.as_deref();
    match expected {
        Expected::Nothing | Expected::Refusal => {
            sent.map_or(Ok(()), |sent| Err(format!("a body of {} bytes was sent", sent.len())))
        }
        Expected::Json(wanted) => {
            let body: Value = serde_json::from_slice(sent.unwrap_or_default())
                .map_err(|error| error.to_string())?;
            super::difference(&body, wanted).map_or(Ok(()), |why| Err(format!("the body: {why}")))
        }
        Expected::Form(wanted) => {
            let body = String::from_utf8(sent.unwrap_or_default().to_vec())
                .map_err(|error| error.to_string())?;
            let decode = |text: &str| {
                percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
            };
            let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
            let mut pairs: Vec<_> =
                pairs.map(|(name, value)| (decode(name), decode(value))).collect();
            let mut wanted = wanted.clone();
            pairs.sort();
            wanted.sort();
            if pairs == wanted {
                Ok(())
            } else {
                Err(format!("the form is {pairs:?} and should be {wanted:?}"))
            }
        }
        Expected::Parts(wanted) => {
            let boundary =
                seen.header("content-type").and_then(|value| value.split_once("boundary="));
            let parts =
                parts(sent.unwrap_or_default(), boundary.map_or("", |(_, boundary)| boundary));
            if &parts == wanted {
                Ok(())
            } else {
                Err(format!("the parts are {parts:?} and should be {wanted:?}"))
            }
        }
        Expected::Bytes(wanted) if sent == Some(wanted) => Ok(()),
        Expected::Bytes(_) => Err("the bytes of the body are others".to_owned()),
    }
}

/// Name, file name and content of each part.
fn parts(body: &[u8], boundary: &str) -> Vec<(String, Option<String>, Vec<u8>)> {
    let find =
        |text: &[u8], what: &[u8]| text.windows(what.len()).position(|window| window == what);
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

/// Encodes everything but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let each =
        |byte: u8| if plain(&byte) { (byte as char).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(each).collect()
}
