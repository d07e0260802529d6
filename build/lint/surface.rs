//! What the rules for the surface share: operations with their parameters, bodies and
//! responses, and lookup in a schema by JSON pointer, both as the generator reads them.

use serde_json::{Map, Value};

use super::{Lint, step};

/// One operation of a spec.
pub(super) struct Marked<'a> {
    pub pointer: String,
    pub path: &'a str,
    pub value: &'a Value,
    /// Those of the path item come first; references are followed.
    pub parameters: Vec<&'a Value>,
    pub has_body: bool,
    /// The schema of a JSON or form body.
    pub body: Option<&'a Value>,
    /// The schema of a successful JSON response.
    pub response: Option<&'a Value>,
}

impl<'a> Marked<'a> {
    pub(super) fn text(&self, name: &str) -> &'a str {
        text(self.value, name)
    }

    /// The operation itself, then its variants.
    pub(super) fn methods(&self) -> Vec<Method<'a>> {
        let (pointer, verb) = (self.pointer.clone(), self.text("x-name"));
        let mut methods = vec![Method { pointer, verb, marks: self.value, is_variant: false }];
        let variants = self.value.get("x-variants").and_then(Value::as_object);
        for (verb, marks) in variants.into_iter().flatten() {
            let pointer = step(&step(&self.pointer, "x-variants"), verb);
            methods.push(Method { pointer, verb, marks, is_variant: true });
        }
        methods
    }

    /// The parameters in one place: `path`, `query` or `header`.
    fn parameters_in(&self, place: &str) -> impl Iterator<Item = &'a Value> {
        self.parameters.iter().copied().filter(move |one| text(one, "in") == place)
    }

    pub(super) fn path_parameters(&self) -> impl Iterator<Item = &'a str> {
        let single = self.parameters_in("path").filter(|one| text(one, "style") != "matrix");
        single.map(|parameter| text(parameter, "name"))
    }

    /// The parameters in the query, then those in headers.
    pub(super) fn other_parameters(&self) -> impl Iterator<Item = &'a Value> {
        self.parameters_in("query").chain(self.parameters_in("header"))
    }

    /// The scalars of a path parameter of matrix style, each a setter of its own.
    pub(super) fn filters(&self) -> Option<&'a Map<String, Value>> {
        let is_matrix = |parameter: &&&Value| text(parameter, "style") == "matrix";
        let matrix = self.parameters.iter().find(is_matrix)?;
        matrix.pointer("/schema/properties").and_then(Value::as_object)
    }

    /// The parameter of this name in the query or in a header.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a Value> {
        self.other_parameters().find(|parameter| text(parameter, "name") == name)
    }
}

/// One method of a resource: an operation, or a variant that inherits from it.
pub(super) struct Method<'a> {
    pub pointer: String,
    pub verb: &'a str,
    pub marks: &'a Value,
    pub is_variant: bool,
}

impl<'a> Lint<'a> {
    /// Checks the marks that the surface is generated from.
    pub(super) fn surface(&mut self) {
        let operations = self.marked();
        self.resources(&operations);
        self.root_pages();
        self.root_flat();
        for operation in &operations {
            self.marks(operation);
            self.variants(operation);
            self.filters(operation);
            self.comma_lists(operation);
            self.own_credential(operation);
            self.lines(operation);
            self.setters(operation);
            self.pages(operation);
            self.decision(operation, &operations);
            self.sent_and_received(operation);
        }
        self.marked_components();
    }

    fn marked(&self) -> Vec<Marked<'a>> {
        let mut operations = Vec::new();
        let paths = self.document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let shared = item.get("parameters").and_then(Value::as_array);
            for (method, operation) in item.as_object().into_iter().flatten() {
                if !matches!(method.as_str(), "get" | "put" | "post" | "patch" | "delete") {
                    continue;
                }
                let own = operation.get("parameters").and_then(Value::as_array);
                let parameters = shared.into_iter().chain(own).flatten();
                operations.push(Marked {
                    pointer: step(&step("/paths", path), method),
                    path,
                    value: operation,
                    parameters: parameters.map(|parameter| self.resolve(parameter)).collect(),
                    has_body: operation.get("requestBody").is_some(),
                    body: self.body(operation),
                    response: self.response(operation),
                });
            }
        }
        operations
    }

    fn body(&self, operation: &'a Value) -> Option<&'a Value> {
        let content = self.resolve(operation.get("requestBody")?).get("content")?.as_object()?;
        let (media, content) = content.iter().next()?;
        let is_read = super::operation::SERIALISED.contains(&media.as_str());
        content.get("schema").filter(|_| is_read)
    }

    fn response(&self, operation: &'a Value) -> Option<&'a Value> {
        let responses = operation.get("responses").and_then(Value::as_object)?;
        let successes = responses.iter().filter(|(code, _)| code.starts_with('2'));
        let mut contents = successes.filter_map(|(_, one)| self.resolve(one).get("content"));
        contents.find_map(|content| content.get("application/json")?.get("schema"))
    }

    /// Follows references, and the one-element `allOf` that makes a reference nullable.
    pub(super) fn follow(&self, schema: &'a Value) -> &'a Value {
        let schema = self.resolve(schema);
        match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([only]) if schema.get("properties").is_none() => self.resolve(only),
            _ => schema,
        }
    }

    /// The properties of an object and of the parts that it is composed of.
    pub(super) fn properties(&self, schema: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let schema = self.follow(schema);
        let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut all: Vec<_> = own.map(|(name, property)| (name.as_str(), property)).collect();
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            all.extend(self.properties(part));
        }
        all
    }

    /// The schema of the field at a JSON pointer.
    pub(super) fn at(&self, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
        let mut names = pointer.split('/');
        if names.next() != Some("") {
            return None;
        }
        names.try_fold(self.follow(schema), |schema, name| {
            let found = self.properties(schema).into_iter().find(|(known, _)| *known == name);
            found.map(|(_, property)| self.follow(property))
        })
    }

    /// The schema of the field at a JSON pointer, if it is a list.
    pub(super) fn list_at(&self, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
        self.at(schema, pointer).filter(|found| text(found, "type") == "array")
    }

    /// The kinds of a union and their `x-common`; any other schema alone.
    pub(super) fn kinds(&self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.follow(schema);
        let of = |reference: &'a Value| reference.as_str().and_then(|name| self.target(name));
        let all = schema.get("x-one-of").and_then(Value::as_object).into_iter().flatten();
        let mut kinds: Vec<_> = all.filter_map(|(_, reference)| of(reference)).collect();
        kinds.extend(schema.get("x-common").and_then(of));
        if kinds.is_empty() { vec![schema] } else { kinds }
    }
}

/// A text field, or an empty text.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of a mark, which is one text or a list of texts.
pub(super) fn texts(value: Option<&Value>) -> Vec<&str> {
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    value.and_then(Value::as_str).into_iter().chain(many).collect()
}
