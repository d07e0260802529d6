//! One row per operation and per variant of one: everything that a spec says about the
//! call.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape;
use crate::generate::read;
use crate::generate::schema::{flag, operations, resolve, text};

/// One method of a resource.
#[derive(Clone)]
pub struct Row<'a> {
    pub id: &'a str,
    /// The name of the variant; `None` for the operation itself.
    pub variant: Option<&'a str>,
    /// The name of the method.
    pub verb: &'a str,
    /// The client's method that returns the resource.
    pub resource: &'a str,
    pub docs: Docs<'a>,
    pub method: String,
    pub path: &'a str,
    /// How many trailing segments of the spec's server URL are left out before the path.
    pub above_base: usize,
    pub class: &'a str,
    pub takes_key: bool,
    /// The number of the path parameter that identifies the subject.
    pub subject: Option<usize>,
    /// The header that authorizes the call in place of the client's credential.
    pub own_credential: Option<&'a str>,
    pub parameters: Vec<Parameter<'a>>,
    pub body: Body<'a>,
    pub members: shape::Members<'a>,
    pub bounds: Vec<shape::Bound<'a>>,
    /// Fields of the body that are arguments of the method.
    pub positional: Vec<&'a str>,
    /// Fields of the body that always have this value.
    pub constants: Vec<(&'a str, &'a Value)>,
    pub success: Success,
    /// JSON pointer to the value within the response.
    pub value_at: String,
    pub pages: Option<Map<String, Value>>,
    pub shown_by: Option<&'a str>,
    /// The intended result of a decision: a facet, and a constant or a pointer into the
    /// body.
    pub wanted: Vec<(&'a str, &'a str)>,
    pub not_shown: Option<&'a str>,
}

/// What the documentation of an operation is made from.
#[derive(Clone, Copy)]
pub struct Docs<'a> {
    pub summary: &'a str,
    pub description: &'a str,
    pub page: &'a str,
    pub is_unconfirmed: bool,
}

/// One parameter; its index in the row is its number.
#[derive(Clone)]
pub struct Parameter<'a> {
    pub name: &'a str,
    pub place: Place,
    pub required: bool,
    pub description: &'a str,
    pub schema: &'a Value,
    /// The method that sets it.
    pub setter: String,
    /// What a comma-separated list consists of: the reference of an enum, or `string`.
    pub comma_of: Option<&'a str>,
}

/// Where a parameter goes, in the order of sending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Path,
    /// `;name=value` at the end of the path.
    Matrix,
    Query,
    Header,
}

/// The body of a request.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    None,
    Json {
        optional: bool,
    },
    Form,
    Multipart,
    /// One JSON object per line: media type and maximum number of lines.
    Lines(&'a str, u64),
    Bytes(&'a str),
}

/// The body of a successful response.
#[derive(Clone, PartialEq)]
pub enum Success {
    Empty,
    Json,
    /// JSON or no body.
    OptionalJson,
    /// Bytes of one of these media types.
    Bytes(String),
}

/// Every operation of a spec, sorted by id, each followed by its variants.
pub fn rows(document: &Value) -> Vec<Row<'_>> {
    let mut bases: Vec<(Row<'_>, &Value)> =
        operations(document).map(|found| (row(document, found), found.2)).collect();
    bases.sort_by(|(a, _), (b, _)| a.id.cmp(b.id));
    let mut rows = Vec::new();
    for (base, operation) in bases {
        let variants = operation.get("x-variants").and_then(Value::as_object);
        let variants =
            variants.into_iter().flatten().map(|(verb, marks)| variant(&base, verb, marks));
        let variants: Vec<_> = variants.collect();
        rows.push(base);
        rows.extend(variants);
    }
    rows
}

fn row<'a>(
    document: &'a Value,
    (path, method, operation): (&'a String, &'a String, &'a Value),
) -> Row<'a> {
    let item = document.get("paths").and_then(|paths| paths.get(path)).unwrap_or(&Value::Null);
    let renames = operation.get("x-setters");
    let parameters = parameters(document, path, operation);
    let flat = marks(operation.get("x-flat").or_else(|| document.get("x-flat")));
    let (body, body_schema) = body(document, operation);
    let success = success(document, operation);
    let schema = read::response(document, operation).map(|schema| resolve(document, schema));
    let value_at =
        schema.and_then(|schema| schema.get("x-unwrap")?.as_str()).map(|name| format!("/{name}"));
    let tag = operation.pointer("/tags/0");
    let tags = document.get("tags").and_then(Value::as_array);
    let tag =
        tags.into_iter().flatten().find(|known| known.get("name") == tag).unwrap_or(&Value::Null);
    Row {
        id: text(operation, "operationId"),
        variant: None,
        verb: text(operation, "x-name"),
        resource: text(tag, "x-resource-name"),
        docs: Docs {
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            page: operation
                .pointer("/externalDocs/url")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            is_unconfirmed: operation.get("x-provenance") == Some(&json!("unconfirmed")),
        },
        method: method.to_uppercase(),
        path,
        above_base: above_base(document, item),
        class: text(operation, "x-operation-class"),
        takes_key: !flag(operation, "x-no-idempotency-key"),
        subject: subject(&parameters, text(operation, "x-subject")),
        own_credential: operation.get("x-own-credential").and_then(Value::as_str),
        members: shape::members(document, body_schema, &flat, renames),
        bounds: shape::bounds(document, body_schema),
        parameters,
        body,
        positional: marks(operation.get("x-positional")),
        constants: constants(operation.get("x-set")),
        value_at: value_at.unwrap_or_default(),
        pages: read::pages(document, operation),
        success,
        shown_by: operation.get("x-shown-by").and_then(Value::as_str),
        wanted: wanted(operation.get("x-wanted")),
        not_shown: operation.get("x-not-shown").and_then(Value::as_str),
    }
}

fn variant<'a>(base: &Row<'a>, verb: &'a str, marks_of: &'a Value) -> Row<'a> {
    let mut row = base.clone();
    row.variant = Some(verb);
    row.verb = verb;
    row.constants.extend(constants(marks_of.get("x-set")));
    let is_constant = |pointer: &&str| row.constants.iter().any(|(known, _)| known == pointer);
    row.positional = match marks_of.get("x-positional") {
        Some(own) => marks(Some(own)),
        None => base.positional.iter().copied().filter(|pointer| !is_constant(pointer)).collect(),
    };
    for (member, place) in
        [("summary", &mut row.docs.summary), ("description", &mut row.docs.description)]
    {
        if let Some(own) = marks_of.get(member).and_then(Value::as_str) {
            *place = own;
        }
    }
    if let Some(page) = marks_of.pointer("/externalDocs/url").and_then(Value::as_str) {
        row.docs.page = page;
    }
    if let Some(own) = marks_of.get("x-shown-by").and_then(Value::as_str) {
        row.shown_by = Some(own);
    }
    if marks_of.get("x-wanted").is_some() {
        row.wanted = wanted(marks_of.get("x-wanted"));
    }
    if let Some(why) = marks_of.get("x-not-shown").and_then(Value::as_str) {
        (row.not_shown, row.shown_by) = (Some(why), None);
    }
    row
}

fn marks(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn constants(value: Option<&Value>) -> Vec<(&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(pointer, value)| (pointer.as_str(), value)).collect()
}

fn wanted(value: Option<&Value>) -> Vec<(&str, &str)> {
    let facets = value.and_then(Value::as_object).into_iter().flatten();
    facets.filter_map(|(facet, value)| Some((facet.as_str(), value.as_str()?))).collect()
}

fn parameters<'a>(document: &'a Value, path: &str, operation: &'a Value) -> Vec<Parameter<'a>> {
    let renames = operation.get("x-setters");
    let mut parameters = Vec::new();
    for parameter in read::parameters(document, path, operation) {
        let name = text(parameter, "name");
        let schema = resolve(document, &parameter["schema"]);
        let setter = |name: &str| match renames.and_then(|renames| renames.get(name)?.as_str()) {
            Some(renamed) => renamed.to_owned(),
            None => setter_name(name),
        };
        let place = match text(parameter, "in") {
            "path" => Place::Path,
            "header" => Place::Header,
            _ => Place::Query,
        };
        if text(parameter, "style") == "matrix" {
            let filters = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            parameters.extend(filters.map(|(name, schema)| Parameter {
                name,
                place: Place::Matrix,
                required: false,
                description: text(schema, "description"),
                schema,
                setter: setter(name),
                comma_of: None,
            }));
            continue;
        }
        parameters.push(Parameter {
            name,
            place,
            required: flag(parameter, "required"),
            description: text(parameter, "description"),
            schema,
            setter: setter(name),
            comma_of: parameter.get("x-comma-of").and_then(Value::as_str),
        });
    }
    // Arguments follow the order of the path, the others the order of sending.
    parameters.sort_by_key(|parameter: &Parameter<'_>| match parameter.place {
        Place::Path => (Place::Path, path.find(&format!("{{{}}}", parameter.name)), ""),
        place => (place, None, parameter.name),
    });
    parameters
}

/// Counts the segments by which a path item's own server is shorter than the spec's. A
/// server on another host belongs to another client.
fn above_base(document: &Value, item: &Value) -> usize {
    let server = |value: &Value| {
        let url = value.pointer("/servers/0/url")?.as_str()?.split_once("://")?.1.to_owned();
        let (host, path) = url.split_once('/').unwrap_or((&url, ""));
        Some((host.to_owned(), path.split('/').filter(|segment| !segment.is_empty()).count()))
    };
    match (server(document), server(item)) {
        (Some((host, levels)), Some((own_host, own_levels))) if host == own_host => {
            levels.saturating_sub(own_levels)
        }
        _ => 0,
    }
}

fn body<'a>(document: &'a Value, operation: &'a Value) -> (Body<'a>, Option<&'a Value>) {
    let Some(body) = operation.get("requestBody").map(|body| resolve(document, body)) else {
        return (Body::None, None);
    };
    let Some((media, content)) =
        body["content"].as_object().and_then(|content| content.iter().next())
    else {
        return (Body::None, None);
    };
    let schema = content.get("schema").map(|schema| resolve(document, schema));
    match media.as_str() {
        "application/json" => (Body::Json { optional: !flag(body, "required") }, schema),
        "application/x-www-form-urlencoded" => (Body::Form, schema),
        media if media.starts_with("multipart/") => (Body::Multipart, None),
        media => match content.get("x-max-lines").and_then(Value::as_u64) {
            Some(most) => (Body::Lines(media, most), None),
            None => (Body::Bytes(media), None),
        },
    }
}

fn success(document: &Value, operation: &Value) -> Success {
    let responses = operation["responses"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(code, _)| code.starts_with('2'));
    let contents: Vec<Option<&Map<String, Value>>> = responses
        .map(|(_, success)| resolve(document, success).get("content").and_then(Value::as_object))
        .collect();
    let known: BTreeMap<&str, &Value> = contents
        .iter()
        .flatten()
        .copied()
        .flatten()
        .map(|(media, content)| (media.as_str(), content))
        .collect();
    if known.values().any(|content| content.pointer("/schema/format") == Some(&json!("binary"))) {
        return Success::Bytes(known.into_keys().collect::<Vec<_>>().join(", "));
    }
    match (known.is_empty(), contents.contains(&None)) {
        (true, _) => Success::Empty,
        (false, true) => Success::OptionalJson,
        (false, false) => Success::Json,
    }
}

/// The parameter that `x-subject` names, or the first one in the path.
fn subject(parameters: &[Parameter<'_>], name: &str) -> Option<usize> {
    let mut in_path =
        parameters.iter().enumerate().filter(|(_, parameter)| parameter.place == Place::Path);
    match name {
        "" => in_path.next().map(|(number, _)| number),
        name => in_path.find(|(_, parameter)| parameter.name == name).map(|(number, _)| number),
    }
}

/// `filter[created-at]` -> `filter_created_at`, `type` -> `type_`: progenitor's rule.
pub fn setter_name(parameter: &str) -> String {
    use heck::ToSnakeCase;
    let plain: String =
        parameter.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = plain.to_snake_case();
    if syn::parse_str::<syn::Ident>(&name).is_ok() { name } else { format!("{name}_") }
}
