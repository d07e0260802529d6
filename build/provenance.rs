//! Drops what is marked as unconfirmed, unless the cargo feature `unconfirmed` is on.

use serde_json::{Map, Value};

use crate::generate::schema::{for_each_object, is_method, resolve};

/// Removes operations, parameters, fields and enum values that are marked as unconfirmed.
pub fn drop_unconfirmed(document: &mut Value) {
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|name, operation| !is_method(name) || !is_unconfirmed(operation));
        }
        paths.retain(|_, item| {
            item.as_object().is_some_and(|item| item.keys().any(|name| is_method(name)))
        });
    }
    let described = document.clone();
    for_each_object(document, &mut |object| {
        if let Some(Value::Array(parameters)) = object.get_mut("parameters") {
            parameters.retain(|parameter| !is_unconfirmed(resolve(&described, parameter)));
        }
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            properties.retain(|_, property| !is_unconfirmed(property));
        }
        drop_values(object);
    });
}

fn drop_values(object: &mut Map<String, Value>) {
    let Some(Value::Array(unconfirmed)) = object.remove("x-unconfirmed-values") else {
        return;
    };
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !unconfirmed.contains(value));
    }
}

fn is_unconfirmed(value: &Value) -> bool {
    value.get("x-provenance").and_then(Value::as_str) == Some("unconfirmed")
}
