//! What the rules for the surface share: operations with their parameters, bodies and
//! responses, and lookup in a schema by JSON pointer, both as the generator reads them.

use serde_json::{Map, Value};

use super::read::{self, text};
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
        let marked = |(path, method, operation): (&'a String, &'a String, &'a Value)| Marked {
            pointer: step(&step("/paths", path), method),
            path,
            value: operation,
            parameters: read::parameters(self.document, path, operation),
            has_body: operation.get("requestBody").is_some(),
            body: self.body(operation),
            response: read::response(self.document, operation),
        };
        read::operations(self.document).map(marked).collect()
    }

    fn body(&self, operation: &'a Value) -> Option<&'a Value> {
        let content = self.resolve(operation.get("requestBody")?).get("content")?.as_object()?;
        let (media, content) = content.iter().next()?;
        let is_read = super::operation::SERIALISED.contains(&media.as_str());
        content.get("schema").filter(|_| is_read)
    }

    /// Follows references, and the one-element `allOf` that makes a reference nullable.
    pub(super) fn follow(&self, schema: &'a Value) -> &'a Value {
        read::follow(self.document, schema)
    }

    /// The properties of an object and of the parts that it is composed of.
    pub(super) fn properties(&self, schema: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let all = read::properties(self.document, schema).into_iter();
        all.map(|(name, property, _)| (name.as_str(), property)).collect()
    }

    /// The schema of the field at a JSON pointer.
    pub(super) fn at(&self, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
        read::at(self.document, schema, pointer)
    }

    /// The schema of the field at a JSON pointer, if it is a list.
    pub(super) fn list_at(&self, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
        read::list_at(self.document, schema, pointer)
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
