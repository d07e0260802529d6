//! Makes decoding tolerant: no bound, pattern, closed object or null list makes a
//! response fail to decode.

use serde_json::{Map, Value, json};

use crate::generate::schema::{components_mut, flag, for_each_object, is_method, text};

const BOUNDS: [&str; 14] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "uniqueItems",
    "default",
];

/// Removes what a response need not satisfy, and opens what the spec closes.
pub fn relax(document: &mut Value) {
    matrix(document);
    one_success(document);
    neutral_media(document);
    if let Some(schemas) = components_mut(document) {
        for schema in schemas.values_mut() {
            if flag(schema, "x-lenient") {
                *schema = json!({ "description": schema.get("description"), "x-personal": true });
            }
        }
    }
    for_each_object(document, &mut |object| {
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            properties.retain(|_, property| !flag(property, "x-read-only"));
        }
        if is_schema(object) {
            relax_schema(object);
        }
    });
}

/// Turns filters of matrix style into single query parameters: the generator lacks the
/// style, and so gives each filter a type.
fn matrix(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let all = std::mem::take(paths);
    for (path, mut item) in all {
        let mut has_filters = false;
        for operation in
            item.as_object_mut().into_iter().flatten().filter(|(name, _)| is_method(name))
        {
            let Some(Value::Array(parameters)) = operation.1.get_mut("parameters") else {
                continue;
            };
            let filters =
                parameters.iter().position(|parameter| text(parameter, "style") == "matrix");
            if let Some(filters) = filters.map(|place| parameters.remove(place)) {
                has_filters = true;
                let single = filters
                    .pointer("/schema/properties")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten();
                parameters.extend(single.map(
                    |(name, schema)| json!({ "name": name, "in": "query", "schema": schema }),
                ));
            }
        }
        paths.insert(if has_filters { path.replace("{filters}", "") } else { path }, item);
    }
}

/// Leaves one response per operation: the transport reads errors, and any 2xx is a
/// success.
fn one_success(document: &mut Value) {
    for_each_object(document, &mut |object| {
        let Some(Value::Object(responses)) = object.get_mut("responses") else {
            return;
        };
        let is_answers =
            responses.keys().all(|code| code.starts_with(|c: char| c.is_ascii_digit()));
        let mut successes =
            responses.iter().filter(|(code, _)| code.starts_with('2')).map(|(_, success)| success);
        let with_body = successes
            .clone()
            .find(|success| success.get("content").is_some() || success.get("$ref").is_some());
        let Some(success) = with_body.or_else(|| successes.next()) else {
            return;
        };
        if is_answers {
            let success = success.clone();
            *responses = Map::from_iter([("2XX".to_owned(), success)]);
        }
    });
}

/// Turns bodies that are not JSON into bytes of one media type; the table of operations
/// has the actual media types.
fn neutral_media(document: &mut Value) {
    for_each_object(document, &mut |object| {
        let bytes = || json!({ "schema": { "type": "string", "format": "binary" } });
        let Some(Value::Object(content)) = object.get_mut("content") else {
            return;
        };
        let is_binary = content
            .values()
            .any(|content| content.pointer("/schema/format") == Some(&json!("binary")));
        if is_binary || content.keys().any(|media| media.starts_with("multipart/")) {
            *content = Map::from_iter([("application/octet-stream".to_owned(), bytes())]);
        }
    });
}

fn is_schema(object: &Map<String, Value>) -> bool {
    object.get("type").is_some_and(Value::is_string) && !object.contains_key("in")
}

fn relax_schema(object: &mut Map<String, Value>) {
    object.retain(|name, _| !BOUNDS.contains(&name.as_str()));
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        object.remove("additionalProperties");
    }
    if matches!(object.get("type").and_then(Value::as_str), Some("integer" | "number" | "boolean"))
    {
        object.remove("enum");
        // A narrower type could fail to decode what a vendor sends.
        if object.get("type") == Some(&json!("integer")) {
            object.insert("format".to_owned(), json!("int64"));
        }
    }
    let required: Vec<Value> =
        object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for (name, property) in properties {
            if !required.contains(&json!(name)) {
                accept_null(property);
            }
        }
    }
}

/// Makes an optional list or map nullable, so that it becomes an `Option`: null and
/// absent are not empty.
fn accept_null(property: &mut Value) {
    let Some(property) = property.as_object_mut() else {
        return;
    };
    let is_list = property.get("type") == Some(&json!("array"));
    let is_map = property.contains_key("additionalProperties");
    if is_list || is_map {
        property.insert("nullable".to_owned(), json!(true));
    }
}
