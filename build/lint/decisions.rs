//! Rules for decisions: `x-shown-by` and `x-wanted`, or `x-not-shown` with the reason why
//! not.

use serde_json::Value;

use super::names::is_name;
use super::surface::{Marked, Method};
use super::{Lint, step};

const MARKS: [&str; 3] = ["x-shown-by", "x-wanted", "x-not-shown"];

impl<'a> Lint<'a> {
    pub(super) fn decision(&mut self, operation: &Marked<'a>, all: &[Marked<'a>]) {
        for method in operation.methods() {
            if operation.text("x-operation-class") == "decision" {
                self.one_decision(operation, &method, all);
                continue;
            }
            for name in MARKS.iter().filter(|name| method.marks.get(**name).is_some()) {
                let detail = "only an operation of class `decision` may have this mark";
                self.report(&step(&method.pointer, name), "no-decision", detail);
            }
        }
    }

    fn one_decision(&mut self, operation: &Marked<'a>, method: &Method<'a>, all: &[Marked<'a>]) {
        let Method { pointer, marks, is_variant, .. } = method;
        let [own_shown, own_wanted, own_why] = MARKS.map(|name| marks.get(name));
        let has_own = own_shown.is_some() || own_wanted.is_some();
        if let Some(why) = own_why {
            if has_own || why.as_str().unwrap_or_default().is_empty() {
                let detail = "x-not-shown must be a reason, without x-shown-by and x-wanted";
                self.report(&step(pointer, "x-not-shown"), "not-shown", detail);
            }
            return;
        }
        let base = |name: &str| operation.value.get(name);
        if !has_own && base("x-not-shown").is_some() {
            return;
        }
        let shown = own_shown.or_else(|| base("x-shown-by"));
        let wanted = own_wanted.or_else(|| base("x-wanted"));
        let Some((shown, wanted)) = shown.zip(wanted) else {
            let detail = "a decision must have x-shown-by and x-wanted, or x-not-shown";
            return self.report(pointer, "decision", detail);
        };
        if !is_variant || own_shown.is_some() {
            self.shown_by(operation, &step(pointer, "x-shown-by"), shown, all);
        }
        if !is_variant || own_wanted.is_some() {
            self.wanted(operation, &step(pointer, "x-wanted"), wanted);
        }
    }

    /// A decision must be shown by a read whose ids the decision has.
    fn shown_by(&mut self, operation: &Marked<'a>, place: &str, shown: &Value, all: &[Marked<'a>]) {
        let is_it = |other: &&Marked<'_>| shown == other.text("operationId");
        let Some(read) = all.iter().find(is_it) else {
            return self.report(place, "shown-by", format!("there is no operation {shown}"));
        };
        if read.text("x-operation-class") != "read" || read.response.is_none() {
            let detail = format!("{shown} must be a read with a JSON response");
            self.report(place, "shown-by", detail);
        }
        let is_same_number = read.path_parameters().count() == operation.path_parameters().count();
        let is_known = |name: &str| operation.path_parameters().any(|own| own == name);
        if !is_same_number && !read.path_parameters().all(is_known) {
            let detail = format!("{shown} needs an id that the decision lacks");
            self.report(place, "shown-by", detail);
        }
        let is_unconfirmed = |one: &Marked<'_>| one.text("x-provenance") == "unconfirmed";
        if is_unconfirmed(read) && !is_unconfirmed(operation) {
            let detail = format!("{shown} is unconfirmed, but the decision is not");
            self.report(place, "shown-by", detail);
        }
    }

    /// A wanted facet must be a constant or a field of the body.
    fn wanted(&mut self, operation: &Marked<'a>, pointer: &str, wanted: &Value) {
        let Some(facets) = wanted.as_object().filter(|facets| !facets.is_empty()) else {
            return self.report(pointer, "wanted", "x-wanted must map facets to texts");
        };
        for (facet, value) in facets {
            let value = value.as_str().unwrap_or_default();
            if !is_name(facet) || value.is_empty() {
                let detail =
                    format!("`{facet}`: must be snake_case, with a text that is not empty");
                self.report(pointer, "wanted", detail);
            }
            let body = operation.body.filter(|_| value.starts_with('/'));
            let is_missing = body.is_none_or(|body| self.at(body, value).is_none());
            if value.starts_with('/') && is_missing {
                let detail = format!("`{facet}`: the body has no field at `{value}`");
                self.report(pointer, "wanted", detail);
            }
        }
    }
}
