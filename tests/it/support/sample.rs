//! JSON made from a schema of a document, in several ways.

use serde_json::{Map, Value, json};

/// What stands in every personal member.
pub const CANARY: &str = "canary-7f3a";

/// Which JSON to make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// Every member.
    Whole,
    /// Only the members that are required.
    Required,
    /// Every member; every enum an unknown value, every union an unknown kind, every object an unknown member.
    Unknown,
    /// Every member; null wherever the document says that it may be.
    Nulls,
}

pub struct Sampler<'a> {
    pub document: &'a Value,
    pub way: Way,
}

impl Sampler<'_> {
    pub fn component(&self, name: &str) -> Value {
        self.sample(&json!({ "$ref": format!("#/components/schemas/{name}") }), 0)
    }

    fn resolve<'v>(&'v self, schema: &'v Value) -> &'v Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).unwrap(),
            None => schema,
        }
    }

    fn sample(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(variants) = schema["x-one-of"].as_object() {
            return self.union(schema, variants, depth);
        }
        if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            return self.sample(only, depth);
        }
        if let Some(values) = schema["enum"].as_array() {
            let is_open = schema["type"] == "string" && self.way == Way::Unknown;
            return if is_open { json!("a-value-of-the-future") } else { values[0].clone() };
        }
        let is_personal = schema["x-personal"] == true;
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), Some("date-time")) if !is_personal => json!("2024-05-02 09:32:10+0000"),
            (Some("string"), Some("date")) if !is_personal => json!("2024-05-02"),
            (Some("string"), _) if is_personal => json!(CANARY),
            (Some("string"), _) => json!("text"),
            (Some("integer"), _) => json!(7_315_518),
            (Some("number"), _) => json!(7315.518),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) if depth > 12 => json!([]),
            (Some("array"), _) => json!([self.sample(&schema["items"], depth + 1)]),
            (None, _) if schema["allOf"].is_null() => json!({ CANARY: [CANARY, 1, null] }),
            (Some("object"), _) if is_personal => json!({ CANARY: [CANARY, 1, null] }),
            _ => Value::Object(self.object(schema, depth)),
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        for member in schema["allOf"].as_array().into_iter().flatten() {
            object.extend(self.object(self.resolve(member), depth));
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.contains(&json!(name));
            let is_unconfirmed = property["x-provenance"] == "unconfirmed" && !cfg!(feature = "unconfirmed");
            let is_left_out = property["x-read-only"] == true || is_unconfirmed;
            let is_deep = depth > 12 && !is_required;
            if is_left_out || is_deep || (self.way == Way::Required && !is_required) {
                continue;
            }
            let is_null = self.way == Way::Nulls && property["nullable"] == true;
            let value = if is_null { Value::Null } else { self.sample(property, depth + 1) };
            object.insert(name.clone(), value);
        }
        if let Some(additional) = schema.get("additionalProperties").filter(|additional| additional.is_object())
            && self.way != Way::Required
        {
            object.insert("another-key".to_owned(), self.sample(additional, depth + 1));
        } else if self.way == Way::Unknown {
            object.insert("memberOfTheFuture".to_owned(), json!({ "a": [1, null] }));
        }
        object
    }

    fn union(&self, schema: &Value, variants: &Map<String, Value>, depth: usize) -> Value {
        let discriminator = schema["x-discriminator"].as_str().unwrap();
        // The kinds take turns by depth, so that lists of a document do not all hold the first one.
        let (tag, variant) = variants.iter().nth(depth % variants.len()).unwrap();
        let reference = match (self.way, schema["x-common"].as_str()) {
            (Way::Unknown, Some(common)) => common,
            _ => variant.as_str().unwrap(),
        };
        let mut value = self.sample(&json!({ "$ref": reference }), depth);
        value[discriminator] = if self.way == Way::Unknown { json!("a-kind-of-the-future") } else { json!(tag) };
        value
    }
}

/// What is left of a value when the members that only the sampler knows, and nulls, are taken out.
pub fn without_unknown_and_null(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| !value.is_null() && *name != "memberOfTheFuture")
            .map(|(name, value)| (name.clone(), without_unknown_and_null(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_unknown_and_null).collect(),
        other => other.clone(),
    }
}
