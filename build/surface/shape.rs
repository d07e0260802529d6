//! The shape of a body: the fields that have setters, the bounds of what is sent, and
//! where lists are.

use serde_json::Value;

use super::row::setter_name;
use crate::generate::schema::{component_name, components, flag, follow, properties, text};

/// The fields of a request's body that have setters.
#[derive(Clone, Default)]
pub struct Members<'a> {
    pub list: Vec<Member<'a>>,
    /// Lifted envelopes that a body requires, outermost first.
    pub envelopes: Vec<String>,
}

/// One field.
#[derive(Clone)]
pub struct Member<'a> {
    pub pointer: String,
    pub setter: String,
    /// Whether its envelope requires it.
    pub required: bool,
    pub schema: &'a Value,
}

/// A limit that a spec sets for a value that is sent.
#[derive(Clone)]
pub struct Bound<'a> {
    /// The path from the body inwards: field names, `*` for every item or value, and
    /// `<kind=value>` for one kind of a union.
    pub at: Vec<String>,
    pub keyword: &'static str,
    pub value: &'a Value,
}

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

/// The fields of a body; those of a lifted envelope replace the envelope.
pub fn members<'a>(
    document: &'a Value,
    body: Option<&'a Value>,
    flat: &[&str],
    renames: Option<&Value>,
) -> Members<'a> {
    let mut found = Members::default();
    if let Some(body) = body {
        if flag(body, "x-may-be-empty") {
            found.envelopes.push(String::new());
        }
        collect(document, body, "", true, (flat, renames), &mut found);
    }
    found
}

fn collect<'a>(
    document: &'a Value,
    schema: &'a Value,
    at: &str,
    is_needed: bool,
    marks: (&[&str], Option<&Value>),
    found: &mut Members<'a>,
) {
    for (name, property, required) in properties(document, schema) {
        let pointer = format!("{at}/{name}");
        let is_read_only = flag(property, "x-read-only");
        if marks.0.contains(&pointer.as_str()) {
            if required && is_needed {
                found.envelopes.push(pointer.clone());
            }
            collect(document, property, &pointer, required && is_needed, marks, found);
        } else if !is_read_only {
            let renamed = marks.1.and_then(|renames| renames.get(&pointer)?.as_str());
            let setter =
                renamed.map_or_else(|| setter_name(rust_name(property, name)), str::to_owned);
            found.list.push(Member { pointer, setter, required, schema: property });
        }
    }
}

/// The name that stands for a field in Rust.
pub fn rust_name<'a>(property: &'a Value, name: &'a str) -> &'a str {
    match text(property, "x-rust-name") {
        "" => name,
        renamed => renamed,
    }
}

/// Every bound of a body.
pub fn bounds<'a>(document: &'a Value, body: Option<&'a Value>) -> Vec<Bound<'a>> {
    let mut found = Vec::new();
    if let Some(body) = body {
        bound(document, body, &mut Vec::new(), &mut Vec::new(), &mut found);
    }
    found
}

/// The bounds of one scalar.
pub fn own_bounds(schema: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    KEYWORDS.iter().filter_map(|keyword| Some((*keyword, schema.get(*keyword)?)))
}

fn bound<'a>(
    document: &'a Value,
    schema: &'a Value,
    at: &mut Vec<String>,
    within: &mut Vec<&'a Value>,
    found: &mut Vec<Bound<'a>>,
) {
    let followed = follow(document, schema);
    // A schema that contains itself would recurse without end.
    if flag(schema, "x-read-only")
        || within.iter().any(|outer| std::ptr::eq(*outer, followed))
        || within.len() > 12
    {
        return;
    }
    within.push(followed);
    found.extend(own_bounds(followed).map(|(keyword, value)| Bound {
        at: at.clone(),
        keyword,
        value,
    }));
    for (name, property, _) in properties(document, followed) {
        at.push(name.clone());
        bound(document, property, at, within, found);
        at.pop();
    }
    for inner in ["items", "additionalProperties"].iter().filter_map(|name| followed.get(*name)) {
        at.push("*".to_owned());
        bound(document, inner, at, within, found);
        at.pop();
    }
    let discriminator = text(followed, "x-discriminator");
    for (kind, target) in followed.get("x-one-of").and_then(Value::as_object).into_iter().flatten()
    {
        let target = target.as_str().and_then(component_name);
        let schema = components(document).find(|(name, _)| Some(name.as_str()) == target);
        if let Some((_, schema)) = schema {
            at.push(format!("<{discriminator}={kind}>"));
            bound(document, schema, at, within, found);
            at.pop();
        }
    }
    within.pop();
}
