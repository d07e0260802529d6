//! Flattens a component that is an `allOf` of objects into one object.
//!
//! A one-element `allOf` stays: in OpenAPI 3.0 it makes a reference nullable.

use serde_json::{Map, Value, json};

use crate::generate::schema::{components_mut, reference};

/// Replaces each composed component with the object that it describes.
pub fn flatten_all_of(document: &mut Value) -> Result<(), String> {
    let Some(schemas) = components_mut(document) else {
        return Ok(());
    };
    let originals = schemas.clone();
    for (name, schema) in schemas {
        if is_composed(schema) {
            let mut merged = Merged::default();
            merged.add(name, schema, &originals, 0)?;
            let mut object = Map::new();
            object.insert("type".to_owned(), json!("object"));
            // Later passes read the component's description and our marks.
            let own = schema.as_object().into_iter().flatten();
            let kept = own
                .filter(|(name, _)| !matches!(name.as_str(), "allOf" | "properties" | "required"));
            object.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
            if let Some(additional) = merged.additional {
                object.insert("additionalProperties".to_owned(), additional);
            }
            object.insert("properties".to_owned(), Value::Object(merged.properties));
            if !merged.required.is_empty() {
                object.insert("required".to_owned(), Value::Array(merged.required));
            }
            *schema = Value::Object(object);
        }
    }
    Ok(())
}

fn is_composed(schema: &Value) -> bool {
    schema.get("allOf").and_then(Value::as_array).is_some_and(|members| members.len() > 1)
}

#[derive(Default)]
struct Merged {
    properties: Map<String, Value>,
    required: Vec<Value>,
    additional: Option<Value>,
}

impl Merged {
    fn add(
        &mut self,
        name: &str,
        schema: &Value,
        all: &Map<String, Value>,
        depth: u8,
    ) -> Result<(), String> {
        if depth > 8 {
            return Err(format!("#/components/schemas/{name}: allOf nests too deeply"));
        }
        if let Some(target) = reference(schema) {
            let target = all.get(target).ok_or_else(|| {
                format!(
                    "#/components/schemas/{name}: allOf refers to {target}, which does not exist"
                )
            })?;
            return self.add(name, target, all, depth + 1);
        }
        for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.add(name, member, all, depth + 1)?;
        }
        for (property, value) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            if self.properties.insert(property.clone(), value.clone()).is_some() {
                return Err(format!(
                    "#/components/schemas/{name}: allOf has the property `{property}` twice"
                ));
            }
        }
        if let Some(Value::Array(required)) = schema.get("required") {
            self.required.extend(required.iter().cloned());
        }
        if let Some(additional) = schema.get("additionalProperties") {
            self.additional = Some(additional.clone());
        }
        Ok(())
    }
}
