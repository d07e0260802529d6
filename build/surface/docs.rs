//! What rustdoc shows of a method: what it does, what to know of it, where the vendor
//! says so.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::row::Row;

/// The paragraphs of a method's documentation.
pub fn method(row: &Row<'_>) -> Vec<String> {
    let mut paragraphs = vec![third_person(row.docs.summary)];
    if !row.docs.description.is_empty() {
        paragraphs.push(row.docs.description.trim().to_owned());
    }
    if let Some(pages) = &row.pages {
        paragraphs.push(walking(pages).to_owned());
    }
    match (row.class, row.not_shown) {
        ("decision", Some(why)) => {
            paragraphs.push(format!("Whether it was applied cannot be read back: {}", lower(why)))
        }
        ("decision", None) => paragraphs.push(
            "If the outcome is unknown, `reconcile` reads it back; with `.reconcile(true)` the call does so itself."
                .into(),
        ),
        _ => {}
    }
    let mut last = match row.class {
        "read" => "Class: read.",
        "idempotent" => "Class: idempotent.",
        "create" => "Class: create.",
        _ => "Class: decision.",
    }
    .to_owned();
    if row.docs.is_unconfirmed {
        last.push_str(" No public page confirms this operation.");
    }
    if !row.docs.page.is_empty() {
        last.push_str(&format!(" Source: <{}>.", row.docs.page));
    }
    paragraphs.push(last);
    paragraphs
}

/// What a walk through a list guarantees.
fn walking(pages: &Map<String, Value>) -> &'static str {
    let text = |name: &str| pages.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("style") {
        "link" | "cursor" => {
            "Pages are linked by cursors: a decision on an item while the list is walked skips no other item."
        }
        "offset" if pages.contains_key("keyset") => {
            "Pages are counted from the start. While the list is walked each page is checked against the one before, and \
             a shift (an item decided on, an item added) is walked again: no item is skipped, none is delivered twice. \
             A walk goes from the oldest item on, unless \
             `sort` says otherwise; behind the vendor's largest offset it goes on by the time of creation."
        }
        "offset" | "page" => {
            "Pages are counted from the start. While the list is walked each page is checked against the one before, and \
             a shift (an item decided on, an item added) is walked again: no item is skipped, none is delivered twice."
        }
        _ => "The list comes whole, on one page.",
    }
}

/// Documentation attributes.
pub fn attributes(paragraphs: &[String]) -> TokenStream {
    let lines = paragraphs.join("\n\n");
    let lines = lines.lines().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote! { #[doc = #line] }
    });
    quote! { #( #lines )* }
}

/// `Approve an inquiry` -> `Approves an inquiry.`
fn third_person(summary: &str) -> String {
    let summary = summary.trim().trim_end_matches('.');
    let (verb, rest) = summary.split_once(' ').map_or((summary, ""), |(verb, rest)| (verb, rest));
    let lower = verb.to_lowercase();
    let ending = match () {
        () if lower.ends_with(['s', 'x', 'z', 'o'])
            || lower.ends_with("ch")
            || lower.ends_with("sh") =>
        {
            "es"
        }
        () => "s",
    };
    let verb = match lower.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        _ => format!("{verb}{ending}"),
    };
    if rest.is_empty() { format!("{verb}.") } else { format!("{verb} {rest}.") }
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    let rest = chars.as_str();
    if rest.starts_with(|c: char| c.is_uppercase()) {
        sentence.to_owned()
    } else {
        format!("{first}{rest}")
    }
}
