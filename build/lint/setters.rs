//! Rules for arguments and setters of a request: `x-positional`, `x-setters`, and their
//! names.

use std::collections::BTreeSet;

use serde_json::Value;

use super::flat::Member;
use super::names::{is_among, is_setter_name, setter_name};
use super::read::{text, texts};
use super::surface::{Marked, Method};
use super::{Lint, step};

/// Methods that a request already has.
const RESERVED: &str = "body items pages send with reconcile new clone fmt into_future default";

impl<'a> Lint<'a> {
    pub(super) fn setters(&mut self, operation: &Marked<'a>) {
        self.flat(operation);
        let members = self.members(operation);
        self.renames(operation, &members);
        for method in operation.methods() {
            self.one_method(operation, &members, &method);
        }
    }

    /// A variant's constants add to those of its operation.
    fn one_method(&mut self, operation: &Marked<'a>, members: &[Member<'a>], method: &Method<'a>) {
        let Method { pointer, marks, .. } = method;
        let of = |name: &'static str| [operation.value, marks].map(|marks| marks.get(name));
        let sets = of("x-set").into_iter().flatten().filter_map(Value::as_object);
        let constants: BTreeSet<&str> = sets.flatten().map(|(at, _)| at.as_str()).collect();
        let [inherited, own] = of("x-positional");
        let mut positional = texts(own.or(inherited));
        if own.is_none() {
            positional.retain(|at| !constants.contains(at));
        }
        self.constants(operation, method);
        if own.is_some() {
            self.positional(operation, members, method);
        }
        for both in positional.iter().filter(|at| constants.contains(*at)) {
            let detail = format!("`{both}` must not be both positional and constant");
            self.report(&step(pointer, "x-set"), "constant", detail);
        }
        let named = |name: &'a str| (name, self.renamed(operation, name));
        let mut arguments: Vec<_> = operation.path_parameters().map(named).collect();
        let others = operation.other_parameters().map(|parameter| named(text(parameter, "name")));
        let filters = operation.filters().into_iter().flatten().map(|(name, _)| named(name));
        let mut setters: Vec<_> = others.chain(filters).collect();
        let ids = arguments.clone();
        for Member { pointer: at, name, .. } in members {
            if positional.contains(&at.as_str()) {
                arguments.push((at, name.clone()));
            } else if !constants.contains(at.as_str()) {
                setters.push((at, name.clone()));
            }
        }
        self.unique(pointer, arguments);
        self.reserved(operation, pointer, &setters);
        self.unique(pointer, ids.into_iter().chain(setters).collect());
    }

    fn reserved(&mut self, operation: &Marked<'a>, pointer: &str, setters: &[(&str, String)]) {
        let is_list = super::read::pages(self.document, operation.value).is_some();
        let has_filters = operation.filters().is_some();
        for (what, name) in setters {
            let is_reserved = match name.as_str() {
                "start_at" => is_list,
                "filter" => has_filters,
                name => is_among(RESERVED, name),
            };
            if is_reserved {
                let detail = format!("`{what}`: a request already has a method `{name}`");
                self.report(pointer, "setter-reserved", detail);
            }
        }
    }

    fn unique(&mut self, pointer: &str, names: Vec<(&str, String)>) {
        let mut known = BTreeSet::new();
        for (what, name) in names {
            if !is_setter_name(&name) {
                let detail = format!("`{what}`: `{name}` must be a snake_case identifier");
                self.report(pointer, "setter-name", detail);
            }
            if known.contains(&name) {
                let detail = format!("`{what}`: the name `{name}` is used twice in this operation");
                self.report(pointer, "setter-clash", detail);
            }
            known.insert(name);
        }
    }

    /// The name of the setter of a parameter or field.
    fn renamed(&self, operation: &Marked<'a>, name: &str) -> String {
        let own = operation.value.get("x-setters").and_then(|renames| renames.get(name)?.as_str());
        own.map_or_else(|| setter_name(name), str::to_owned)
    }

    fn renames(&mut self, operation: &Marked<'a>, members: &[Member<'a>]) {
        let Some(marks) = operation.value.get("x-setters") else { return };
        let place = step(&operation.pointer, "x-setters");
        if marks.as_object().is_none_or(|marks| marks.values().any(|name| !name.is_string())) {
            let detail = "x-setters must map JSON pointers and parameter names to names";
            self.report(&place, "setters", detail);
        }
        for what in marks.as_object().into_iter().flatten().map(|(what, _)| what) {
            let is_parameter = operation.parameters.iter().any(|known| text(known, "name") == what);
            let is_filter = operation.filters().is_some_and(|filters| filters.contains_key(what));
            if !is_parameter && !is_filter && !members.iter().any(|known| known.pointer == *what) {
                let detail = format!("`{what}` is neither a parameter nor a field with a setter");
                self.report(&place, "setters", detail);
            }
        }
    }

    fn positional(&mut self, operation: &Marked<'a>, members: &[Member<'a>], method: &Method<'a>) {
        let place = &step(&method.pointer, "x-positional");
        let marks = method.marks.get("x-positional");
        let all = texts(marks);
        let count = marks.and_then(Value::as_array).map(Vec::len);
        let is_twice = matches!(all.as_slice(), [one, other] if one == other);
        if !(1..=2).contains(&all.len()) || count != Some(all.len()) || is_twice {
            self.report(
                place,
                "positional",
                "x-positional must be a list of one or two JSON pointers",
            );
        }
        let mut kinds = BTreeSet::new();
        for pointer in &all {
            let member = members.iter().find(|member| member.pointer == *pointer);
            match member {
                None if pointer.is_empty() && operation.has_body && all.len() == 1 => {}
                None => {
                    let detail = format!("`{pointer}` must be a field of the body with a setter");
                    self.report(place, "positional", detail);
                }
                Some(member) if !kinds.insert(self.kind_of(member.schema)) => {
                    let detail = "two arguments of one type could be swapped unnoticed";
                    self.report(place, "positional-types", detail);
                }
                Some(_) => {}
            }
        }
    }

    /// What distinguishes two arguments: a component, or a type with its format.
    fn kind_of(&self, schema: &'a Value) -> String {
        let reference = schema.get("$ref").or_else(|| schema.pointer("/allOf/0/$ref"));
        let component = reference.and_then(Value::as_str).unwrap_or_default();
        let found = self.follow(schema);
        match found.get("enum").is_some() || found.get("properties").is_some() {
            true => component.to_owned(),
            false => format!("{} {}", text(found, "type"), text(found, "format")),
        }
    }
}
