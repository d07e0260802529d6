//! Rules for the names of the surface: `x-resource-name` of a tag, `x-name` of an
//! operation and the names of its variants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::names::{is_among, is_name, repeats};
use super::read::text;
use super::surface::{Marked, Method};
use super::{Lint, step};

/// Methods that the client already has.
const TAKEN: &str = "with request webhooks reconcile builder from_env clone with_version";
/// Names with another meaning in Rust.
const MISLEADING: &str = "clone new default fmt into from eq drop";
/// Every mark that an operation may have.
const MARKS: &str = "x-name x-positional x-flat x-setters x-set x-variants x-pages x-not-paged \
    x-shown-by x-wanted x-not-shown x-own-credential x-operation-class x-vendor-operation-id \
    x-subject x-provenance x-confidence x-no-idempotency-key";
/// What a variant may override.
const OVERRIDES: &str = "summary description externalDocs x-set x-positional x-shown-by x-wanted \
    x-not-shown";

impl<'a> Lint<'a> {
    pub(super) fn resources(&mut self, operations: &[Marked<'a>]) {
        let mut names = BTreeSet::new();
        let mut resources = BTreeMap::new();
        let tags = self.document.get("tags").and_then(Value::as_array);
        for (index, tag) in tags.into_iter().flatten().enumerate() {
            let pointer = format!("/tags/{index}");
            let (tag, name) = (text(tag, "name"), text(tag, "x-resource-name"));
            if !is_name(name) || is_among(TAKEN, name) {
                let detail =
                    format!("invalid `{name}`: must be a snake_case noun, and not reserved");
                self.report(&pointer, "resource-name", detail);
            } else if !names.insert(name) {
                self.report(&pointer, "resource-name", format!("`{name}` is used twice"));
            }
            if !operations.iter().any(|operation| tags_of(operation).contains(&tag)) {
                self.report(&pointer, "resource-used", format!("no operation has the tag `{tag}`"));
            }
            resources.insert(tag, name);
        }
        let mut verbs = BTreeSet::new();
        for operation in operations {
            let tags = tags_of(operation);
            let [tag] = tags.as_slice() else {
                let detail = "an operation must have exactly one tag, its resource";
                self.report(&operation.pointer, "operation-resource", detail);
                continue;
            };
            let resource = resources.get(tag).copied().unwrap_or_default();
            for method in operation.methods() {
                self.verb(&method, resource);
                if is_name(method.verb) && !verbs.insert((resource, method.verb)) {
                    let detail = format!("`{resource}` already has a method `{}`", method.verb);
                    self.report(&method.pointer, "verb-unique", detail);
                }
            }
        }
    }

    fn verb(&mut self, method: &Method<'a>, resource: &str) {
        let (pointer, verb) = (method.pointer.as_str(), method.verb);
        if !is_name(verb) {
            self.report(pointer, "verb", format!("invalid x-name `{verb}`: must be snake_case"));
        } else if is_among(MISLEADING, verb) {
            self.report(pointer, "verb", format!("x-name: `{verb}` has another meaning in Rust"));
        }
        if is_name(resource) && repeats(verb, resource) {
            let detail = format!("`{verb}` repeats the noun of `{resource}`");
            self.report(pointer, "verb-noun", detail);
        }
    }

    /// Rejects unknown marks, because a misspelled one would be ignored.
    pub(super) fn marks(&mut self, operation: &Marked<'a>) {
        for name in operation.value.as_object().into_iter().flatten().map(|(name, _)| name) {
            if name.starts_with("x-") && !is_among(MARKS, name) {
                let detail = format!("unknown mark `{name}`");
                self.report(&step(&operation.pointer, name), "operation-mark", detail);
            }
        }
    }

    pub(super) fn variants(&mut self, operation: &Marked<'a>) {
        for Method { pointer, marks, .. } in operation.methods().split_off(1) {
            for name in marks.as_object().into_iter().flatten().map(|(name, _)| name) {
                if !is_among(OVERRIDES, name) {
                    let detail = format!("a variant cannot override `{name}`");
                    self.report(&step(&pointer, name), "variant", detail);
                }
            }
            if text(marks, "summary").is_empty() {
                self.report(&pointer, "variant", "a variant must have its own one-line summary");
            }
            if marks.get("x-set").is_none() && marks.get("x-positional").is_none() {
                let detail = "a variant must have x-set or x-positional";
                self.report(&pointer, "variant", detail);
            }
            self.description(marks, &pointer);
        }
    }
}

fn tags_of<'a>(operation: &Marked<'a>) -> Vec<&'a str> {
    let tags = operation.value.get("tags").and_then(Value::as_array);
    tags.into_iter().flatten().filter_map(Value::as_str).collect()
}
