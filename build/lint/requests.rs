//! Rules for the content of a request: `x-set`, `x-comma-of`, filters of matrix style,
//! `x-own-credential`, `x-max-lines`.

use serde_json::Value;

use super::read::text;
use super::surface::{Marked, Method};
use super::{Lint, step};

impl<'a> Lint<'a> {
    /// A constant must be a field of the body that can have that value.
    pub(super) fn constants(&mut self, operation: &Marked<'a>, method: &Method<'a>) {
        let Some(marks) = method.marks.get("x-set") else { return };
        let place = step(&method.pointer, "x-set");
        let Some(marks) = marks.as_object().filter(|marks| !marks.is_empty()) else {
            return self.report(&place, "constant", "x-set must map JSON pointers to values");
        };
        for (at, value) in marks {
            let found = operation.body.filter(|_| !at.is_empty());
            match found.and_then(|body| self.at(body, at)) {
                None => self.report(&place, "constant", format!("the body has no field at `{at}`")),
                Some(schema) if !can_be(schema, value) => {
                    self.report(&place, "constant", format!("`{at}` cannot be {value}"));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn comma_lists(&mut self, operation: &Marked<'a>) {
        for parameter in &operation.parameters {
            let Some(of) = parameter.get("x-comma-of") else { continue };
            let of = of.as_str().unwrap_or_default();
            let name = text(parameter, "name");
            let pointer = format!("{}/parameters/{name}/x-comma-of", operation.pointer);
            let is_enum = || self.target(of).is_some_and(|target| target.get("enum").is_some());
            if of != "string" && !is_enum() {
                let detail = "must be `string` or a reference to an enum";
                self.report(&pointer, "comma-list", detail);
            }
            let schema = parameter.get("schema").map(|schema| self.resolve(schema));
            let schema = schema.filter(|schema| text(schema, "type") == "string");
            let is_text = schema.is_some_and(|schema| schema.get("enum").is_none());
            if !is_text || text(parameter, "in") == "path" {
                let detail = "must be a plain string in the query or a header";
                self.report(&pointer, "comma-list", detail);
            }
        }
    }

    /// Filters must be scalars, sent in the path as `;name=value`.
    pub(super) fn filters(&mut self, operation: &Marked<'a>) {
        let is_matrix = |parameter: &&&Value| text(parameter, "style") == "matrix";
        for parameter in operation.parameters.iter().filter(is_matrix) {
            let pointer = format!("{}/parameters/{}", operation.pointer, text(parameter, "name"));
            let is_in_path = text(parameter, "in") == "path"
                && text(parameter, "name") == "filters"
                && operation.path.contains("-{filters}")
                && parameter.get("explode") == Some(&Value::Bool(true));
            if !is_in_path {
                let detail = "only the exploded path parameter `-{filters}` may be `style: matrix`";
                self.report(&pointer, "filters", detail);
            }
            let scalars = ["string", "integer", "number", "boolean"];
            let is_scalar = |schema: &Value| scalars.contains(&text(schema, "type"));
            let filters = operation.filters().filter(|filters| !filters.is_empty());
            if !filters.is_some_and(|all| all.values().all(|one| is_scalar(self.resolve(one)))) {
                self.report(&pointer, "filters", "the schema must be an inline object of scalars");
            }
        }
    }

    /// A credential that replaces the client's must be a header that is kept secret.
    pub(super) fn own_credential(&mut self, operation: &Marked<'a>) {
        let Some(mark) = operation.value.get("x-own-credential") else { return };
        let header = operation.parameter(mark.as_str().unwrap_or_default());
        let header = header.filter(|header| text(header, "in") == "header");
        let is_personal = header.and_then(|header| header.pointer("/schema/x-personal"));
        if is_personal != Some(&Value::Bool(true)) {
            let detail = "must name a header of the operation whose schema is `x-personal: true`";
            self.report(&step(&operation.pointer, "x-own-credential"), "own-credential", detail);
        }
    }

    /// NDJSON must state its maximum number of lines, and no other media type may.
    pub(super) fn lines(&mut self, operation: &Marked<'a>) {
        let body = operation.value.get("requestBody").map(|body| self.resolve(body));
        let content = body.and_then(|body| body.get("content")?.as_object());
        for (media, content) in content.into_iter().flatten() {
            let most = content.get("x-max-lines");
            let is_bound = most.and_then(Value::as_u64).is_some_and(|most| most > 0);
            let is_lines = media.contains("ndjson");
            if (is_lines || most.is_some()) != (is_lines && is_bound) {
                let pointer = step(&format!("{}/requestBody/content", operation.pointer), media);
                let detail = "NDJSON alone must have x-max-lines, a positive number";
                self.report(&pointer, "max-lines", detail);
            }
        }
    }
}

/// Whether a value has the type of a schema and is in its enum, if any.
fn can_be(schema: &Value, value: &Value) -> bool {
    let is_kind = match text(schema, "type") {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    let values = schema.get("enum").and_then(Value::as_array);
    is_kind && values.is_none_or(|values| values.contains(value))
}
