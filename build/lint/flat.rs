//! Rules for `x-flat`, which turns the fields of an envelope into setters of the request.

use serde_json::Value;

use super::names::setter_name;
use super::read::texts;
use super::surface::Marked;
use super::{Lint, step};

/// A field of the body that has a setter.
pub(super) struct Member<'a> {
    pub pointer: String,
    pub name: String,
    pub schema: &'a Value,
}

impl<'a> Lint<'a> {
    /// The default at the root of a spec must lift outer envelopes before inner ones.
    pub(super) fn root_flat(&mut self) {
        self.nested_flat("/x-flat", self.document.get("x-flat"));
    }

    /// The fields of a body; those of a lifted envelope replace the envelope.
    pub(super) fn members(&self, operation: &Marked<'a>) -> Vec<Member<'a>> {
        let mut found = Vec::new();
        self.collect(operation, "", &mut found);
        found
    }

    fn collect(&self, operation: &Marked<'a>, at: &str, found: &mut Vec<Member<'a>>) {
        let envelope = operation.body.and_then(|body| self.at(body, at));
        for (name, schema) in envelope.into_iter().flat_map(|found| self.properties(found)) {
            let pointer = format!("{at}/{name}");
            if self.lifted(operation).contains(&pointer.as_str()) {
                self.collect(operation, &pointer, found);
            } else if schema.get("x-read-only") != Some(&Value::Bool(true)) {
                let renames = operation.value.get("x-setters");
                let own = renames.and_then(|renames| renames.get(&pointer)?.as_str());
                let in_rust = schema.get("x-rust-name").and_then(Value::as_str).unwrap_or(name);
                let name = own.map_or_else(|| setter_name(in_rust), str::to_owned);
                found.push(Member { pointer, name, schema });
            }
        }
    }

    /// The envelopes that an operation lifts, by its own mark or that of the spec.
    fn lifted(&self, operation: &Marked<'a>) -> Vec<&'a str> {
        texts(operation.value.get("x-flat").or_else(|| self.document.get("x-flat")))
    }

    pub(super) fn flat(&mut self, operation: &Marked<'a>) {
        let place = step(&operation.pointer, "x-flat");
        let own = operation.value.get("x-flat");
        if own.is_some() {
            self.nested_flat(&place, own);
        }
        for pointer in self.lifted(operation) {
            let found = operation.body.and_then(|body| self.at(body, pointer));
            match found {
                None if own.is_some() => {
                    self.report(&place, "flat", format!("the body has no field at `{pointer}`"));
                }
                Some(found) if self.properties(found).is_empty() => {
                    let detail = format!("`{pointer}` must be an object with fields");
                    self.report(&place, "flat", detail);
                }
                _ => {}
            }
        }
    }

    fn nested_flat(&mut self, place: &str, marks: Option<&Value>) {
        let all = texts(marks);
        let Some(marks) = marks else { return };
        if marks.as_array().is_none_or(|marks| marks.len() != all.len()) {
            self.report(place, "flat", "x-flat must be a list of JSON pointers");
        }
        for pointer in &all {
            let outer = pointer.rsplit_once('/').map(|(outer, _)| outer);
            if !outer.is_some_and(|outer| outer.is_empty() || all.contains(&outer)) {
                let detail = format!("the envelope around `{pointer}` must be lifted too");
                self.report(place, "flat", detail);
            }
        }
    }
}
