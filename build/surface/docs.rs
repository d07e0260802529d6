//! The documentation of a method: what it does, what a caller must know, and the vendor's
//! page as the source.

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
            paragraphs.push(format!("An unknown outcome cannot be read back: {}", lower(why)))
        }
        ("decision", None) => paragraphs.push(
            "If the outcome is unknown, the client's `reconcile` reads it back; \
             `.reconcile(true)` does so within the call."
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

/// States what a walk through a list guarantees.
fn walking(pages: &Map<String, Value>) -> &'static str {
    let text = |name: &str| pages.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("style") {
        "link" | "cursor" => {
            "Pages follow cursors: a decision on an item during the walk skips no other item."
        }
        "offset" if pages.contains_key("keyset") => {
            "Pages are counted from the start. A walk checks each page against the previous one \
             and walks again what has shifted (an item was decided or added): no item is skipped, \
             none is delivered twice. It starts at the oldest item unless `sort` says otherwise; \
             past the vendor's largest offset it continues by creation time."
        }
        "offset" | "page" => {
            "Pages are counted from the start. A walk checks each page against the previous one \
             and walks again what has shifted (an item was decided or added): no item is skipped, \
             none is delivered twice."
        }
        _ => "The response holds the whole list, as one page.",
    }
}

/// Emits the paragraphs as documentation attributes.
pub fn attributes(paragraphs: &[String]) -> TokenStream {
    let lines = paragraphs.join("\n\n");
    let lines = lines.lines().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote! { #[doc = #line] }
    });
    quote! { #( #lines )* }
}

/// `Approve an inquiry` -> `Approves an inquiry.`; of several verbs at the start, such as
/// `Add, change or remove`, each is inflected.
fn third_person(summary: &str) -> String {
    let (mut words, mut expects_verb, mut was_verb) = (Vec::new(), true, false);
    for word in summary.trim().trim_end_matches('.').split(' ') {
        let (plain, is_verb) = (word.trim_end_matches(','), expects_verb);
        let is_conjunction = was_verb && matches!(word, "or" | "and");
        expects_verb = is_conjunction || (is_verb && plain != word);
        was_verb = is_verb;
        words.push(match word.strip_prefix(plain) {
            Some(comma) if is_verb => format!("{}{comma}", inflected(plain)),
            _ => word.to_owned(),
        });
    }
    format!("{}.", words.join(" "))
}

/// The third person of a verb.
fn inflected(verb: &str) -> String {
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
    match lower.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        _ if lower == "have" => format!("{}s", &verb[..verb.len() - 2]),
        _ => format!("{verb}{ending}"),
    }
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
