//! Our rules for a spec. Each problem names the JSON pointer and the rule that is broken.
//!
//! Compiled only with the feature `sandbox`, which all tests have: the specs of a user's
//! build cannot have changed. Needs only `serde_json` and `build/read.rs`, so that the
//! tests can include both by path.

mod bounds;
mod decisions;
mod flat;
mod names;
mod operation;
mod pages;
mod requests;
mod resource;
mod schema;
mod setters;
mod surface;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

use super::read;

/// One broken rule.
#[derive(Debug, PartialEq)]
pub struct Problem {
    /// The place, as a JSON pointer into the spec.
    pub pointer: String,
    /// The name of the rule.
    pub rule: &'static str,
    /// What is wrong or expected.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {}: {}", self.pointer, self.rule, self.detail)
    }
}

/// Every broken rule of a spec, in the order of the spec. The marks of the surface are
/// checked only if nothing else is wrong.
pub fn check(document: &Value) -> Vec<Problem> {
    let problems = check_rules(document);
    if problems.is_empty() { check_surface(document) } else { problems }
}

/// The broken rules of a spec as an error, with its file on each line.
pub fn hold(document: &Value, file: &str) -> Result<(), String> {
    let problems: Vec<_> = check(document).iter().map(|p| format!("{file}: {p}")).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn check_rules(document: &Value) -> Vec<Problem> {
    let mut lint = Lint { document, problems: Vec::new() };
    lint.document_level();
    lint.operations();
    lint.components();
    lint.problems
}

fn check_surface(document: &Value) -> Vec<Problem> {
    let mut lint = Lint { document, problems: Vec::new() };
    lint.surface();
    lint.problems
}

struct Lint<'a> {
    document: &'a Value,
    problems: Vec<Problem>,
}

impl<'a> Lint<'a> {
    fn report(&mut self, pointer: &str, rule: &'static str, detail: impl Into<String>) {
        self.problems.push(Problem { pointer: pointer.to_owned(), rule, detail: detail.into() });
    }

    fn document_level(&mut self) {
        let version = self.document.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.0.") {
            self.report("/openapi", "openapi-version", "invalid version: must be 3.0.x");
        }
        let version =
            self.document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
        if version.is_empty() || !version.chars().all(|c| c.is_ascii_graphic()) {
            self.report("/info/version", "info-version", "invalid version: must be visible ASCII");
        }
    }

    /// What a reference names.
    fn target(&self, reference: &str) -> Option<&'a Value> {
        read::target(self.document, reference)
    }

    /// A reference followed once, or the value itself.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        read::resolve(self.document, value)
    }

    fn description(&mut self, value: &Value, pointer: &str) {
        for member in ["description", "summary"] {
            let Some(text) = value.get(member).and_then(Value::as_str) else {
                continue;
            };
            let text = text.trim_end();
            if text.contains("```") || text.contains('\n') || text.starts_with(' ') {
                let detail =
                    "must be one paragraph of plain text: no fence, line break or leading space";
                self.report(&format!("{pointer}/{member}"), "description", detail);
            }
        }
    }

    fn provenance(&mut self, value: &Value, pointer: &str) {
        if let Some(provenance) = value.get("x-provenance")
            && provenance != "unconfirmed"
        {
            self.report(
                &format!("{pointer}/x-provenance"),
                "provenance",
                "unknown value: must be `unconfirmed`",
            );
        }
    }
}

/// Appends a step to a JSON pointer: `/paths`, `/a/b` -> `/paths/~1a~1b`.
fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The snake case of generated identifiers, as far as it decides whether two names clash.
fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut previous = '_';
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && previous.is_ascii_lowercase() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
        previous = c;
    }
    out.trim_end_matches('_').to_owned()
}

/// Accepts `InquiryStatus`, but not `inquiryStatus`, `Inquiry_Status` or `KYCDocument`.
fn is_pascal(name: &str) -> bool {
    let starts_upper = name.starts_with(|c: char| c.is_ascii_uppercase());
    let mut run = 0;
    let has_acronym = name.chars().any(|c| {
        run = if c.is_ascii_uppercase() { run + 1 } else { 0 };
        run > 1
    });
    starts_upper && !has_acronym && name.chars().all(|c| c.is_ascii_alphanumeric())
}
