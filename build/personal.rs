//! Maps the schemas of personal data and times to the crate's own types.

use progenitor::{GenerationSettings, TypeImpl};
use schemars::schema::SchemaObject;
use serde_json::{Map, Value, json};

use crate::generate::schema::for_each_object;

/// Every inline schema that has a type of its own in the crate.
pub fn conversions() -> [(Value, &'static str, Vec<TypeImpl>); 10] {
    let text = || vec![TypeImpl::Display, TypeImpl::FromStr];
    [
        (
            json!({ "type": "string", "x-personal": true }),
            "crate::Personal<::std::string::String>",
            vec![],
        ),
        (
            json!({ "type": "string", "format": "date", "x-personal": true }),
            "crate::Personal<crate::CalendarDate>",
            vec![],
        ),
        (
            json!({ "type": "string", "format": "date-time", "x-personal": true }),
            "crate::Personal<crate::Timestamp>",
            vec![],
        ),
        (json!({ "type": "number", "x-personal": true }), "crate::Personal<f64>", vec![]),
        (
            json!({ "type": "integer", "format": "int64", "x-personal": true }),
            "crate::Personal<i64>",
            vec![],
        ),
        (json!({ "type": "boolean", "x-personal": true }), "crate::Personal<bool>", vec![]),
        (json!({ "x-personal": true }), "crate::Personal<::serde_json::Value>", vec![]),
        (
            json!({ "x-personal": "object" }),
            "crate::Personal<::serde_json::Map<::std::string::String, ::serde_json::Value>>",
            vec![],
        ),
        (json!({ "type": "string", "format": "date-time" }), "crate::Timestamp", text()),
        (json!({ "type": "string", "format": "date" }), "crate::CalendarDate", text()),
    ]
}

/// Reduces each personal schema to the form that is registered for it.
pub fn normalise(document: &mut Value) {
    for_each_object(document, &mut |object| {
        if object.get("x-personal") != Some(&Value::Bool(true)) {
            return;
        }
        if object.get("type") == Some(&json!("object")) {
            object.remove("type");
            object.insert("x-personal".to_owned(), json!("object"));
        }
        let keep_format = matches!(
            object.get("format").and_then(Value::as_str),
            Some("date" | "date-time" | "int64")
        );
        let form = ["type", "x-personal", "x-clearable", "description", "nullable"];
        *object = std::mem::take(object)
            .into_iter()
            .filter(|(name, _)| form.contains(&name.as_str()) || (name == "format" && keep_format))
            .collect::<Map<_, _>>();
    });
}

/// Maps the schemas to their Rust types in the generator's settings.
pub fn register(settings: &mut GenerationSettings) {
    for (schema, path, impls) in conversions() {
        let schema: SchemaObject = serde_json::from_value(schema).unwrap_or_default();
        settings.with_conversion(schema, path, impls.into_iter());
    }
}
