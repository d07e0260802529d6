//! Rules for schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::names::is_name;
use super::read::text;
use super::surface::Marked;
use super::{Lint, is_pascal, snake, step};

const FORBIDDEN: [&str; 7] =
    ["title", "oneOf", "anyOf", "not", "discriminator", "readOnly", "writeOnly"];

impl<'a> Lint<'a> {
    pub(super) fn components(&mut self) {
        let schemas = self.document.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            let pointer = step("/components/schemas", name);
            if !is_pascal(name) {
                self.report(
                    &pointer,
                    "component-name",
                    "a component must be named in PascalCase, acronyms as words",
                );
            }
            if schema.get("description").and_then(Value::as_str).unwrap_or_default().is_empty() {
                self.report(
                    &pointer,
                    "component-description",
                    "a component must have a one-line description",
                );
            }
            if schema.get("x-one-of").is_some() {
                self.union(schema, &pointer);
            } else {
                self.schema(schema, &pointer, true);
            }
        }
    }

    /// `is_named` says that the schema is a component, which may be an object, an enum or
    /// a composition.
    pub(super) fn schema(&mut self, schema: &'a Value, pointer: &str, is_named: bool) {
        let Some(object) = schema.as_object() else {
            return self.report(pointer, "schema", "a schema must be an object");
        };
        for keyword in FORBIDDEN {
            if object.contains_key(keyword) {
                self.report(
                    pointer,
                    "forbidden-keyword",
                    format!("unsupported keyword `{keyword}`"),
                );
            }
        }
        self.description(schema, pointer);
        self.provenance(schema, pointer);
        if object.contains_key("x-one-of") && object.get("x-read-only") != Some(&Value::Bool(true))
        {
            self.report(
                pointer,
                "union",
                "x-one-of must be at a component, or at a field that is never sent",
            );
        }
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, object, pointer);
        }
        if let Some(members) = object.get("allOf").and_then(Value::as_array) {
            return self.all_of(members, pointer, is_named);
        }
        if object.contains_key("enum") && object.get("type") == Some(&"string".into()) && !is_named
        {
            self.report(pointer, "inline-enum", "a string enum must be a named component");
        }
        if object.contains_key("x-unconfirmed-values") && !object.contains_key("enum") {
            self.report(pointer, "provenance", "only an enum may have x-unconfirmed-values");
        }
        self.kind(object, pointer, is_named);
    }

    fn kind(&mut self, object: &'a Map<String, Value>, pointer: &str, is_named: bool) {
        let is_personal = object.get("x-personal") == Some(&Value::Bool(true));
        match object.get("type").and_then(Value::as_str) {
            Some("string" | "number" | "integer" | "boolean") => {}
            Some("array") => {
                if is_personal {
                    self.report(pointer, "personal", "mark the items, not the list");
                }
                match object.get("items") {
                    Some(items) => self.schema(items, &format!("{pointer}/items"), false),
                    None => self.report(pointer, "array-items", "a list must have `items`"),
                }
            }
            Some("object") => self.object(object, pointer, is_named, is_personal),
            None if is_personal => {}
            None => self.report(
                pointer,
                "free-form",
                "an untyped value must be marked `x-personal: true`",
            ),
            Some(other) => self.report(pointer, "schema", format!("unknown type `{other}`")),
        }
    }

    fn object(
        &mut self,
        object: &'a Map<String, Value>,
        pointer: &str,
        is_named: bool,
        is_personal: bool,
    ) {
        let properties = object.get("properties").and_then(Value::as_object);
        let additional = object.get("additionalProperties").filter(|value| value.is_object());
        match (properties, additional) {
            (None, None) if !is_personal => {
                return self.report(
                    pointer,
                    "free-form",
                    "a free-form object must be marked `x-personal: true`",
                );
            }
            (Some(_), _) if is_personal => {
                self.report(pointer, "personal", "mark the fields, not the object")
            }
            (Some(_), _) if !is_named => {
                self.report(
                    pointer,
                    "unnamed-object",
                    "an object with fields must be a named component",
                );
            }
            _ => {}
        }
        if let Some(additional) = additional {
            self.schema(additional, &format!("{pointer}/additionalProperties"), false);
        }
        let mut names = BTreeSet::new();
        for (name, property) in properties.into_iter().flatten() {
            let pointer = step(&format!("{pointer}/properties"), name);
            let own = property.get("x-rust-name").and_then(Value::as_str).unwrap_or(name);
            if !names.insert(snake(own)) {
                self.report(
                    &pointer,
                    "property-name",
                    "the snake_case name is used twice in this object",
                );
            }
            self.schema(property, &pointer, false);
        }
        for name in object.get("required").and_then(Value::as_array).into_iter().flatten() {
            let property = properties.and_then(|all| all.get(name.as_str().unwrap_or_default()));
            let why = match property {
                None => "is not among the properties",
                // Turning on the feature in one crate of a build would break the others.
                Some(property) if property.get("x-provenance").is_some() => "is unconfirmed",
                Some(_) => continue,
            };
            self.report(pointer, "required", format!("required {name} {why}"));
        }
    }

    fn reference(&mut self, reference: &str, object: &Map<String, Value>, pointer: &str) {
        if self.target(reference).is_none() {
            self.report(pointer, "reference", format!("`{reference}` does not exist"));
        }
        if object.len() > 1 {
            self.report(
                pointer,
                "reference-siblings",
                "`$ref` must stand alone; use a one-element allOf",
            );
        }
    }

    fn all_of(&mut self, members: &'a [Value], pointer: &str, is_named: bool) {
        match members {
            [only] if only.get("$ref").is_some() => {
                self.schema(only, &format!("{pointer}/allOf/0"), false)
            }
            [_, _, ..] if is_named => {
                for (index, member) in members.iter().enumerate() {
                    self.schema(member, &format!("{pointer}/allOf/{index}"), true);
                }
            }
            _ => self.report(
                pointer,
                "all-of",
                "allOf must be one reference (nullable), or compose a named component",
            ),
        }
    }

    fn union(&mut self, schema: &'a Value, pointer: &str) {
        let discriminator =
            schema.get("x-discriminator").and_then(Value::as_str).unwrap_or_default();
        if discriminator.is_empty() {
            self.report(pointer, "union", "x-one-of must have x-discriminator");
        }
        let Some(variants) = schema.get("x-one-of").and_then(Value::as_object) else {
            return self.report(
                pointer,
                "union",
                "x-one-of must map each discriminator value to a component",
            );
        };
        for (tag, variant) in variants {
            let pointer = step(&format!("{pointer}/x-one-of"), tag);
            match variant.as_str().and_then(|reference| self.target(reference)) {
                Some(target) if self.has_property(target, discriminator, 0) => {}
                Some(_) => self.report(
                    &pointer,
                    "union",
                    format!("the variant has no field `{discriminator}`"),
                ),
                None => self.report(&pointer, "union", "the variant does not exist"),
            }
        }
        if let Some(common) = schema.get("x-common")
            && common.as_str().and_then(|reference| self.target(reference)).is_none()
        {
            self.report(pointer, "union", "x-common does not exist");
        }
    }

    fn has_property(&self, schema: &Value, name: &str, depth: u8) -> bool {
        let target =
            schema.get("$ref").and_then(Value::as_str).and_then(|reference| self.target(reference));
        let members = schema.get("allOf").and_then(Value::as_array);
        depth < 8
            && (schema.get("properties").is_some_and(|all| all.get(name).is_some())
                || target.is_some_and(|target| self.has_property(target, name, depth + 1))
                || members
                    .into_iter()
                    .flatten()
                    .any(|member| self.has_property(member, name, depth + 1)))
    }

    /// Checks `x-unwrap` of every component, and what `marked_schema` checks.
    pub(super) fn marked_components(&mut self) {
        let schemas = self.document.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            let pointer = step("/components/schemas", name);
            if let Some(mark) = schema.get("x-unwrap") {
                let properties = self.properties(schema);
                let named = properties.iter().find(|(known, _)| mark == known);
                let is_value = named.is_some_and(|(_, property)| {
                    property.get("$ref").is_some() || text(self.follow(property), "type") == "array"
                });
                if !is_value {
                    let detail = format!("{mark} must be a property that is a reference or a list");
                    self.report(&pointer, "unwrap", detail);
                }
            }
            self.marked_schema(schema, &pointer);
        }
    }

    /// Checks the schemas of an operation likewise.
    pub(super) fn sent_and_received(&mut self, operation: &Marked<'a>) {
        let pointer = operation.pointer.as_str();
        for parameter in &operation.parameters {
            let pointer = format!("{pointer}/parameters/{}", text(parameter, "name"));
            self.marked_schema(parameter.get("schema").unwrap_or(&Value::Null), &pointer);
        }
        let inside = [("requestBody", operation.body), ("responses", operation.response)];
        for (name, schema) in inside {
            self.marked_schema(schema.unwrap_or(&Value::Null), &step(pointer, name));
        }
    }

    /// Checks bounds and `x-rust-name` of a schema and of all schemas in it.
    fn marked_schema(&mut self, schema: &'a Value, pointer: &str) {
        self.bounds(schema, pointer);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let pointer = step(&format!("{pointer}/properties"), name);
            if property.get("x-rust-name").is_some() && !is_name(text(property, "x-rust-name")) {
                self.report(&pointer, "rust-name", "x-rust-name must be a snake_case identifier");
            }
            self.marked_schema(property, &pointer);
        }
        for name in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get(name) {
                self.marked_schema(inner, &step(pointer, name));
            }
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            self.marked_schema(part, &format!("{pointer}/allOf/{index}"));
        }
    }
}
