//! Bounds: each is checked before any I/O for requests, by a value that breaks it; a
//! response is never held to one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::bodies::{self, Expected};
use super::call::{Case, Operation, Payload, Scalar};
use super::described::{Described, Method, follow, properties};
use super::values::{self, Set};
use super::{Walk, answer, refused, request};
use crate::support::bounded::whole;
use crate::support::sample::{CANARY, CANARY_NUMBER, Direction, Sampler, Way};

const KEYWORDS: [&str; 9] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "pattern",
];

/// A bound of a schema whose value is present.
struct Bound<'a> {
    /// The path in the schema.
    key: String,
    /// The pointer to the value.
    pointer: String,
    /// The name that an error must contain.
    name: String,
    keyword: &'static str,
    schema: &'a Value,
}

/// Breaks every bound of the parameters and of the body of one operation.
pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    method: &Method<'_>,
) {
    for parameter in &described.parameters {
        for keyword in
            KEYWORDS.into_iter().filter(|keyword| parameter.schema.get(*keyword).is_some())
        {
            for value in broken(parameter.schema, keyword, &Value::Null) {
                let mut case = bodies::smallest(walk, described, method);
                let value = match value {
                    Value::String(text) if parameter.comma_of.is_some() => Scalar::List(
                        Some(text).filter(|text| !text.is_empty()).into_iter().collect(),
                    ),
                    Value::String(text) => Scalar::Text(text),
                    number => number
                        .as_i64()
                        .map_or_else(|| Scalar::Number(number.as_f64().unwrap()), Scalar::Integer),
                };
                let what = format!("{keyword} of {} broken", parameter.name);
                let is_left_out = values::is_left_out(parameter, &value);
                case.values.insert(parameter.name.to_owned(), value);
                if is_left_out {
                    request::as_it_is(
                        walk,
                        operation,
                        described,
                        case,
                        &format!("no items, {what}"),
                    )
                    .await;
                    continue;
                }
                refused::check(walk, operation, described, &case, Some(parameter.name), &what)
                    .await;
            }
            walk.counts.bounds += 1;
        }
    }
    if let Some(most) = described.body.as_ref().and_then(|body| body.max_lines) {
        lines(walk, operation, described, most).await;
    }
    let is_object =
        |media: &str| matches!(media, "application/json" | "application/x-www-form-urlencoded");
    let Some(body) = described.body.as_ref().filter(|body| is_object(body.media)) else { return };
    let mut left = BTreeSet::new();
    keys(walk.document, body.schema, "", &mut Vec::new(), &mut left);
    let mut turn = 0;
    loop {
        let sampler = Sampler::new(walk.document, Way::Whole).direction(Direction::Sent).turn(turn);
        let json = sampler.schema(body.schema).json;
        let mut found = Vec::new();
        find(
            walk.document,
            body.schema,
            &json,
            (String::new(), String::new(), String::new()),
            &mut found,
        );
        for bound in found
            .into_iter()
            .filter(|bound| left.remove(&format!("{} {}", bound.key, bound.keyword)))
        {
            for value in broken(bound.schema, bound.keyword, json.pointer(&bound.pointer).unwrap())
            {
                let mut json = json.clone();
                *json.pointer_mut(&bound.pointer).unwrap() = value;
                let case = given(described, method, json);
                let what = format!("{} of {} broken", bound.keyword, bound.key);
                refused::check(walk, operation, described, &case, Some(&bound.name), &what).await;
            }
            walk.counts.bounds += 1;
        }
        turn += 1;
        if turn >= sampler.turns() {
            break;
        }
    }
    for bound in left {
        walk.fault(format!("{}: the bound {bound} was never broken", described.id));
    }
}

/// Checks that no bound of a response makes it undecodable.
pub async fn of_the_response(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
) {
    let Some(schema) = described.success() else { return };
    let json = Sampler::new(walk.document, Way::Whole).schema(schema).json;
    let mut found = Vec::new();
    find(walk.document, schema, &json, (String::new(), String::new(), String::new()), &mut found);
    for bound in found {
        // Only the first value: those that break the bound by far contain personal data,
        // which does not help here.
        let value =
            broken(bound.schema, bound.keyword, json.pointer(&bound.pointer).unwrap()).remove(0);
        let mut json = json.clone();
        *json.pointer_mut(&bound.pointer).unwrap() = value;
        let what = format!("{} of {} broken in the response", bound.keyword, bound.key);
        answer::json_is_taken(walk, operation, described, 200, json.clone(), &json, &what).await;
        walk.counts.bounds_received += 1;
    }
}

/// A body given by setters if it has some.
fn given(described: &Described<'_>, method: &Method<'_>, json: Value) -> Case {
    let values = values::of(described, Set::Required);
    if described.fields.is_empty() {
        return Case { values, body: Some(Payload::Json(json)), ..Case::default() };
    }
    let is_constant = |pointer: &str| method.constants.iter().any(|(known, _)| *known == pointer);
    let fields = described.fields.iter().filter(|field| !is_constant(&field.pointer));
    let fields = fields
        .filter_map(|field| Some((field.pointer.clone(), json.pointer(&field.pointer)?.clone())));
    let body = method.positional.contains(&"").then(|| Payload::Json(json.clone()));
    Case { values, fields: fields.collect(), body, ..Case::default() }
}

/// Bodies of lines: none, too many, and lines that are not objects.
async fn lines(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>, most: usize) {
    let line = format!("{{\"a\":\"{CANARY}\"}}\n");
    let bad = [
        String::new(),
        "\n\n".to_owned(),
        line.repeat(most + 1),
        format!("[{}]", line.trim()),
        format!("{line}x"),
    ];
    for (number, body) in bad.into_iter().enumerate() {
        let body = Some(Payload::Bytes(body.into_bytes()));
        let case = Case { values: values::of(described, Set::Required), body, ..Case::default() };
        refused::check(walk, operation, described, &case, None, &format!("bad lines {number}"))
            .await;
        walk.counts.bounds += 1;
    }
    let body = line.repeat(most).into_bytes();
    let values = values::of(described, Set::Required);
    let case = Case { values, body: Some(Payload::Bytes(body.clone())), ..Case::default() };
    request::check_case(
        walk,
        operation,
        described,
        case,
        &Expected::Bytes(body),
        "as many lines as may be",
    )
    .await;
}

/// Values that break a bound, just barely and by far.
fn broken(schema: &Value, keyword: &str, value: &Value) -> Vec<Value> {
    let limit = whole(schema, keyword).unwrap_or_default();
    let number = |distance: i64| match schema[keyword].as_i64() {
        Some(limit) if schema["type"] == "integer" => json!(limit + distance),
        _ => json!(schema[keyword].as_f64().unwrap() + distance as f64),
    };
    let text = |of: &str, length: usize| json!(of.chars().cycle().take(length).collect::<String>());
    let items = |count: usize| {
        value.as_array().unwrap().iter().cycle().take(count).cloned().collect::<Value>()
    };
    match keyword {
        // A text this short cannot be told from the error's own words.
        "minLength" => vec![json!("x".repeat(limit - 1))],
        "maxLength" => vec![text("x", limit + 1), text(CANARY, 10 * limit)],
        "minItems" => vec![items(limit - 1)],
        "maxItems" => vec![items(limit + 1)],
        // What is refused is a map without an entry, or with one that has no name.
        "minProperties" => {
            let entry = value.as_object().unwrap().values().next().unwrap();
            vec![json!({}), json!({ " ": entry })]
        }
        "maxProperties" => {
            let entry = value.as_object().unwrap().values().next().unwrap();
            let entries = (0..=limit).map(|number| (format!("key {number}"), entry.clone()));
            vec![entries.collect()]
        }
        "minimum" => vec![number(-1), number(-CANARY_NUMBER)],
        "maximum" => vec![number(1), number(CANARY_NUMBER)],
        _ => {
            let pattern = regex_lite::Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
            let wishes = ["", "é?!", CANARY, &format!("{CANARY}, é")];
            let broken: Vec<Value> =
                wishes.into_iter().filter(|it| !pattern.is_match(it)).map(Value::from).collect();
            assert!(!broken.is_empty(), "{pattern}");
            broken
        }
    }
}

/// Finds the bounds of the fields that a value has. `at` is the path in the schema, the
/// pointer, and the last name.
fn find<'a>(
    document: &'a Value,
    schema: &'a Value,
    value: &Value,
    at: (String, String, String),
    found: &mut Vec<Bound<'a>>,
) {
    let schema_of_null = schema;
    let schema = follow(document, schema);
    if schema_of_null["x-read-only"] == true || value.is_null() {
        return;
    }
    let (key, pointer, name) = at;
    for keyword in KEYWORDS.into_iter().filter(|keyword| schema.get(*keyword).is_some()) {
        found.push(Bound {
            key: key.clone(),
            pointer: pointer.clone(),
            name: name.clone(),
            keyword,
            schema,
        });
    }
    let known = properties(document, schema);
    for (property, schema, _) in &known {
        if let Some(inner) = value.get(*property) {
            let at = (
                format!("{key}/{property}"),
                format!("{pointer}/{property}"),
                (*property).to_owned(),
            );
            find(document, schema, inner, at, found);
        }
    }
    if let (Some(schema), Some(first)) = (schema.get("items"), value.get(0)) {
        find(
            document,
            schema,
            first,
            (format!("{key}/*"), format!("{pointer}/0"), name.clone()),
            found,
        );
    }
    if let (Some(schema), Some(other)) =
        (schema.get("additionalProperties"), value.get("another-key"))
    {
        find(
            document,
            schema,
            other,
            (format!("{key}/*"), format!("{pointer}/another-key"), name.clone()),
            found,
        );
    }
    let kind = schema["x-discriminator"].as_str().and_then(|name| value[name].as_str());
    if let Some(target) = kind.and_then(|kind| schema["x-one-of"].get(kind)?.as_str()) {
        let (variant, key) = (
            document.pointer(&target[1..]).unwrap(),
            format!("{key}/<{}>", kind.unwrap_or_default()),
        );
        find(document, variant, value, (key, pointer, name), found);
    }
}

/// Collects the paths of all bounds, each with its keyword. `above` has the components
/// around the schema.
fn keys<'a>(
    document: &'a Value,
    schema: &'a Value,
    at: &str,
    above: &mut Vec<&'a Value>,
    found: &mut BTreeSet<String>,
) {
    let is_read_only = schema["x-read-only"] == true;
    let schema = follow(document, schema);
    if is_read_only || above.iter().any(|outer| std::ptr::eq(*outer, schema)) {
        return;
    }
    above.push(schema);
    let here = KEYWORDS.into_iter().filter(|keyword| schema.get(*keyword).is_some());
    found.extend(here.map(|keyword| format!("{at} {keyword}")));
    for (name, property, _) in properties(document, schema) {
        keys(document, property, &format!("{at}/{name}"), above, found);
    }
    for inner in ["items", "additionalProperties"].into_iter().filter_map(|name| schema.get(name)) {
        keys(document, inner, &format!("{at}/*"), above, found);
    }
    for (kind, target) in schema["x-one-of"].as_object().into_iter().flatten() {
        let variant = document.pointer(&target.as_str().unwrap()[1..]).unwrap();
        keys(document, variant, &format!("{at}/<{kind}>"), above, found);
    }
    above.pop();
}
