//! What the passes share: walking a spec, names, replacements.

use heck::ToUpperCamelCase;
use progenitor::TypeImpl;
use serde_json::{Map, Value};

pub use super::read::{follow, is_method, operations, properties, resolve, text, texts};

/// A component that is not generated; `path` replaces each reference to it.
pub struct Replacement {
    pub name: String,
    pub path: String,
    pub impls: Vec<TypeImpl>,
}

/// The components of a spec, by name.
pub fn components(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
}

/// The components of a spec, mutable.
pub fn components_mut(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
}

/// Calls `change` on every object of a spec, innermost first.
pub fn for_each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            for member in object.values_mut() {
                for_each_object(member, change);
            }
            change(object);
        }
        Value::Array(items) => {
            for item in items {
                for_each_object(item, change);
            }
        }
        _ => {}
    }
}

/// The component that `$ref` names.
pub fn reference(schema: &Value) -> Option<&str> {
    component_name(schema.get("$ref")?.as_str()?)
}

/// `#/components/schemas/Name` -> `Name`.
pub fn component_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// Whether a field is `true`.
pub fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name) == Some(&Value::Bool(true))
}

/// One unique identifier per value, in order; none is reserved by Rust or is the
/// catch-all `Unknown`.
pub fn variant_names<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = Vec::<String>::new();
    for value in values {
        let mut name = match value.to_upper_camel_case().as_str() {
            "" => "Empty".to_owned(),
            "Unknown" => "UnknownValue".to_owned(),
            "Self" => "SelfValue".to_owned(),
            name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("V{name}"),
            name => name.to_owned(),
        };
        while taken.contains(&name) {
            name.push('2');
        }
        taken.push(name);
    }
    taken
}
