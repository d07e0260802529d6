//! How a spec is read, by the rules and by the generator alike: operations, references,
//! properties, fields by JSON pointer, lists.
//!
//! Needs nothing but `serde_json`, as the rules do.

use serde_json::{Map, Value};

/// Every operation of a spec: path, method, operation.
pub fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods =
            item.as_object().into_iter().flatten().filter(|(method, _)| is_method(method));
        methods.map(move |(method, operation)| (path, method, operation))
    })
}

/// Whether a field of a path item is an operation.
pub fn is_method(name: &str) -> bool {
    matches!(name, "get" | "put" | "post" | "patch" | "delete")
}

/// The parameters of an operation, those of its path item first; references are followed.
pub fn parameters<'a>(document: &'a Value, path: &str, operation: &'a Value) -> Vec<&'a Value> {
    let item = document.get("paths").and_then(|paths| paths.get(path));
    let lists = [item.and_then(|item| item.get("parameters")), operation.get("parameters")];
    let all = lists.into_iter().filter_map(|list| list?.as_array()).flatten();
    all.map(|parameter| resolve(document, parameter)).collect()
}

/// The schema of a successful JSON response.
pub fn response<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses").and_then(Value::as_object)?;
    let successes = responses.iter().filter(|(code, _)| code.starts_with('2'));
    let mut contents = successes.filter_map(|(_, one)| resolve(document, one).get("content"));
    contents.find_map(|content| content.get("application/json")?.get("schema"))
}

/// A reference followed once, or the value itself.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| target(document, reference)).unwrap_or(value)
}

/// What a reference into this spec names.
pub fn target<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

/// Follows references, and the one-element `allOf` that makes a reference nullable.
pub fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolve(document, schema);
    match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if schema.get("properties").is_none() => resolve(document, only),
        _ => schema,
    }
}

/// The properties of an object and of the parts that it is composed of, each with whether
/// it is required.
pub fn properties<'a>(
    document: &'a Value,
    schema: &'a Value,
) -> Vec<(&'a String, &'a Value, bool)> {
    let schema = follow(document, schema);
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &String| required.into_iter().flatten().any(|known| known == name);
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut all: Vec<_> = own.map(|(name, property)| (name, property, is_required(name))).collect();
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        all.extend(properties(document, part));
    }
    all
}

/// The schema of the field at a JSON pointer into a value of this schema.
pub fn at<'a>(document: &'a Value, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut names = pointer.split('/');
    if names.next() != Some("") {
        return None;
    }
    names.try_fold(follow(document, schema), |schema, name| {
        let found = properties(document, schema).into_iter().find(|(known, ..)| *known == name);
        found.map(|(_, property, _)| follow(document, property))
    })
}

/// The schema of the field at a JSON pointer, if it is a list.
pub fn list_at<'a>(document: &'a Value, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    at(document, schema, pointer).filter(|found| text(found, "type") == "array")
}

/// How a list is walked. The operation's own mark overrides single fields of the spec's
/// default, or all of it if it names a style. The default alone applies to an operation
/// whose response has a list at the default's `items`.
pub fn pages(document: &Value, operation: &Value) -> Option<Map<String, Value>> {
    if operation.get("x-not-paged").is_some() {
        return None;
    }
    let default = document.get("x-pages").and_then(Value::as_object);
    match operation.get("x-pages").and_then(Value::as_object) {
        Some(own) if own.contains_key("style") => Some(own.clone()),
        Some(own) => {
            let mut pages = default.cloned().unwrap_or_default();
            pages.extend(own.clone());
            Some(pages)
        }
        None => {
            let (default, schema) = (default?, response(document, operation)?);
            let is_here = texts(default.get("items"))
                .iter()
                .any(|at| list_at(document, schema, at).is_some());
            is_here.then(|| default.clone())
        }
    }
}

/// A text field, or an empty text.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of a mark, which is one text or a list of texts.
pub fn texts(value: Option<&Value>) -> Vec<&str> {
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    value.and_then(Value::as_str).into_iter().chain(many).collect()
}
