//! Request fields that can be cleared, so that absent, null and a value differ.
//!
//! A property marked `x-clearable` becomes `Option<Patch<T>>`.

use std::collections::BTreeMap;

use progenitor::GenerationSettings;
use schemars::schema::SchemaObject;
use serde_json::{Map, Value, json};

use crate::generate::personal;
use crate::generate::schema::{flag, for_each_object, reference};

/// The Rust type of each marked schema.
#[derive(Default)]
pub struct Clearable(BTreeMap<String, String>);

/// Rewrites each marked property to a schema that
/// [`register`](Clearable::register) maps to its Rust type.
pub fn take(document: &mut Value, vendor: &str) -> Result<Clearable, String> {
    let mut found = Clearable::default();
    let mut unsupported = Vec::new();
    for_each_object(document, &mut |object| {
        if !flag(&Value::Object(object.clone()), "x-clearable") {
            return;
        }
        let description = object.get("description").cloned();
        match inner_type(object, vendor) {
            Some(path) => {
                *object = Map::from_iter([("x-clearable".to_owned(), json!(path))]);
                object.extend(description.map(|text| ("description".to_owned(), text)));
                found.0.insert(path.clone(), format!("crate::Patch<{path}>"));
            }
            None => unsupported.push(format!("x-clearable does not support {object:?}")),
        }
    });
    if unsupported.is_empty() { Ok(found) } else { Err(unsupported.join("\n")) }
}

fn inner_type(object: &Map<String, Value>, vendor: &str) -> Option<String> {
    let mut schema = object.clone();
    for member in ["x-clearable", "nullable", "description"] {
        schema.remove(member);
    }
    if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return reference(only).map(|name| format!("crate::api::{vendor}::enums::{name}"));
    }
    if schema.get("type") == Some(&json!("string")) && schema.len() == 1 {
        return Some("::std::string::String".to_owned());
    }
    if schema.get("type") == Some(&json!("boolean")) && schema.len() == 1 {
        return Some("bool".to_owned());
    }
    if schema.get("type") == Some(&json!("integer")) && !schema.contains_key("x-personal") {
        return Some("i64".to_owned());
    }
    personal::conversions()
        .into_iter()
        .find(|(known, _, _)| *known == Value::Object(schema.clone()))
        .map(|(_, path, _)| path.to_owned())
}

impl Clearable {
    /// Maps the marked schemas to their Rust types in the generator's settings.
    pub fn register(&self, settings: &mut GenerationSettings) {
        for (path, ty) in &self.0 {
            let schema: SchemaObject =
                serde_json::from_value(json!({ "x-clearable": path })).unwrap_or_default();
            settings.with_conversion(schema, ty, std::iter::empty());
        }
    }
}
