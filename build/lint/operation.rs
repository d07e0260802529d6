//! Rules for paths, operations, parameters, bodies and responses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lint, read, snake, step};

const CLASSES: [&str; 4] = ["read", "idempotent", "create", "decision"];
const RESERVED_PARAMETERS: [&str; 3] = ["body", "client", "header_map"];
/// The media types that the client serializes; a body of any other is sent as the
/// caller's bytes.
pub(super) const SERIALISED: [&str; 2] = ["application/json", "application/x-www-form-urlencoded"];

impl<'a> Lint<'a> {
    pub(super) fn operations(&mut self) {
        let mut ids = BTreeSet::new();
        for (path, method, operation) in read::operations(self.document) {
            let pointer = step(&step("/paths", path), method);
            self.operation(operation, &pointer, &mut ids);
            self.subject(path, operation, &pointer);
            self.parameters(path, &read::parameters(self.document, path, operation), &pointer);
            self.request_body(operation, &pointer);
            self.responses(operation, &pointer);
        }
    }

    fn operation(&mut self, operation: &'a Value, pointer: &str, ids: &mut BTreeSet<&'a str>) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let well_formed =
            !id.is_empty() && snake(id) == id && id.starts_with(|c: char| c.is_ascii_lowercase());
        if !well_formed || matches!(id, "new" | "new_with_client") {
            self.report(
                pointer,
                "operation-id",
                format!("invalid operationId `{id}`: must be snake_case"),
            );
        }
        if !ids.insert(id) {
            self.report(pointer, "operation-id", format!("operationId `{id}` is used twice"));
        }
        let class = operation.get("x-operation-class").and_then(Value::as_str).unwrap_or_default();
        if !CLASSES.contains(&class) {
            self.report(
                pointer,
                "operation-class",
                format!("invalid x-operation-class: must be one of {CLASSES:?}"),
            );
        }
        if operation.get("summary").and_then(Value::as_str).unwrap_or_default().is_empty() {
            self.report(pointer, "operation-summary", "an operation must have a one-line summary");
        }
        let page =
            operation.pointer("/externalDocs/url").and_then(Value::as_str).unwrap_or_default();
        if !page.starts_with("https://") {
            self.report(
                pointer,
                "operation-page",
                "an operation must name its public page: externalDocs with an https url",
            );
        }
        let declared = self.document.get("tags").and_then(Value::as_array);
        let is_declared = |tag: &Value| {
            declared.into_iter().flatten().any(|known| known.get("name") == Some(tag))
        };
        let tags = operation.get("tags").and_then(Value::as_array);
        if !tags.is_some_and(|tags| !tags.is_empty() && tags.iter().all(is_declared)) {
            self.report(
                pointer,
                "operation-tag",
                "an operation must have a tag that the spec declares",
            );
        }
        self.description(operation, pointer);
        self.provenance(operation, pointer);
    }

    /// The subject that an error names must be a whole segment of the path.
    fn subject(&mut self, path: &str, operation: &Value, pointer: &str) {
        if let Some(subject) = operation.get("x-subject") {
            let wanted = format!("{{{}}}", subject.as_str().unwrap_or_default());
            if !path.split('/').any(|segment| segment == wanted) {
                self.report(
                    pointer,
                    "subject",
                    format!("invalid x-subject {subject}: must be a segment of the path"),
                );
            }
        }
    }

    fn parameters(&mut self, path: &str, parameters: &[&'a Value], pointer: &str) {
        let mut names = BTreeSet::new();
        let mut in_path = BTreeSet::new();
        for parameter in parameters {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let place = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
            let pointer = format!("{pointer}/parameters/{name}");
            if !names.insert(snake(name)) || RESERVED_PARAMETERS.contains(&snake(name).as_str()) {
                self.report(
                    &pointer,
                    "parameter-name",
                    "the snake_case name is reserved or used twice in this operation",
                );
            }
            if place == "path" {
                in_path.insert(name);
                self.path_parameter(parameter, &pointer);
            } else {
                self.other_parameter(parameter, place, &pointer);
            }
            self.description(parameter, &pointer);
            self.provenance(parameter, &pointer);
        }
        for template in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            if !in_path.remove(template) {
                self.report(pointer, "path-parameter", format!("`{{{template}}}` is not declared"));
            }
        }
        for name in in_path {
            self.report(pointer, "path-parameter", format!("`{name}` is not in the path"));
        }
    }

    fn path_parameter(&mut self, parameter: &'a Value, pointer: &str) {
        if parameter.get("required") != Some(&Value::Bool(true)) {
            self.report(pointer, "path-parameter", "a path parameter must be `required: true`");
        }
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        // Filters are not ids; `check_surface` has rules for them.
        if parameter.get("style") == Some(&"matrix".into()) {
            return;
        }
        if self.resolve(schema).get("x-id") != Some(&Value::Bool(true)) {
            self.report(
                pointer,
                "path-parameter-id",
                "the schema of a path parameter must be a component marked `x-id: true`",
            );
        }
    }

    fn other_parameter(&mut self, parameter: &'a Value, place: &str, pointer: &str) {
        if !matches!(place, "query" | "header") {
            self.report(pointer, "parameter-style", format!("unsupported `in: {place}`"));
        }
        if parameter.get("content").is_some()
            || matches!(parameter.get("style"), Some(s) if s != "form" && s != "simple")
        {
            self.report(
                pointer,
                "parameter-style",
                "the style must be `form` or `simple`, without `content`",
            );
        }
        let Some(schema) = parameter.get("schema") else {
            return self.report(pointer, "parameter-style", "a parameter must have a schema");
        };
        if schema.get("enum").is_some_and(|_| schema.get("type") == Some(&"string".into())) {
            self.report(pointer, "inline-enum", "a string enum must be a named component");
        }
        let kind = self.resolve(schema).get("type").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "string" | "integer" | "number" | "boolean") {
            self.report(pointer, "parameter-style", "a parameter must be a scalar");
        }
    }

    fn request_body(&mut self, operation: &'a Value, pointer: &str) {
        let Some(body) = operation.get("requestBody") else {
            return;
        };
        let pointer = format!("{pointer}/requestBody");
        let content = self.resolve(body).get("content").and_then(Value::as_object);
        let mut media = content.into_iter().flatten();
        let (Some((kind, content)), None) = (media.next(), media.next()) else {
            return self.report(
                &pointer,
                "request-media",
                "a body must have exactly one media type",
            );
        };
        let is_bytes = content.pointer("/schema/format") == Some(&"binary".into());
        let is_known =
            SERIALISED.contains(&kind.as_str()) || kind.starts_with("multipart/") || is_bytes;
        if !is_known {
            self.report(
                &pointer,
                "request-media",
                format!("`{kind}` is sent as bytes: the schema must be `format: binary`"),
            );
        }
        match content.get("schema") {
            Some(schema) => self.schema(
                schema,
                &format!("{}/schema", step(&format!("{pointer}/content"), kind)),
                false,
            ),
            None => self.report(&pointer, "request-media", "a body must have a schema"),
        }
    }

    fn responses(&mut self, operation: &'a Value, pointer: &str) {
        let pointer = format!("{pointer}/responses");
        let mut has_success = false;
        let mut success: Option<&Value> = None;
        for (code, response) in
            operation.get("responses").and_then(Value::as_object).into_iter().flatten()
        {
            let pointer = step(&pointer, code);
            if code == "default" {
                self.report(
                    &pointer,
                    "response-default",
                    "unsupported `default`: list the statuses",
                );
            }
            let content = self.resolve(response).get("content").and_then(Value::as_object);
            let schema = content
                .and_then(|content| content.values().next())
                .map(|content| &content["schema"]);
            let is_bytes =
                |content: &Value| content.pointer("/schema/format") == Some(&"binary".into());
            let bytes =
                content.into_iter().flatten().filter(|(_, content)| is_bytes(content)).count();
            let is_typed =
                content.is_some_and(|all| all.len() == 1 && all.contains_key("application/json"));
            let is_known = content.is_none_or(|all| all.len() == bytes || (bytes == 0 && is_typed));
            if code.starts_with('2') && !is_known {
                let detail =
                    "must be `application/json` alone, or only media types with `format: binary`";
                self.report(&pointer, "response-media", detail);
            }
            if schema == Some(&Value::Null) {
                self.report(&pointer, "response-schema", "content must have a schema");
            }
            if let Some(schema) = schema {
                self.schema(schema, &format!("{pointer}/content/schema"), false);
            }
            has_success |= code.starts_with('2');
            // A success without a body beside one with a body makes the response
            // optional.
            if let Some(schema) = schema.filter(|_| code.starts_with('2'))
                && *success.get_or_insert(schema) != schema
            {
                self.report(
                    &pointer,
                    "response-success",
                    "all successes with a body must have the same schema",
                );
            }
        }
        if !has_success {
            self.report(&pointer, "response-success", "an operation must have a 2xx response");
        }
    }
}
