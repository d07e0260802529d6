//! How names on the wire become names in Rust.

/// What Rust 2024 does not take for an identifier.
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Whether a name is a snake_case identifier.
pub(super) fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    starts_well && name.split('_').all(is_word) && !KEYWORDS.contains(&name)
}

/// Whether a setter can have a name: a snake_case identifier, or a keyword with `_` behind.
pub(super) fn is_setter_name(name: &str) -> bool {
    is_name(name) || name.strip_suffix('_').is_some_and(|name| KEYWORDS.contains(&name))
}

/// `filter[created-at]` -> `filter_created_at`, `type` -> `type_`: the rule of the generator.
pub(super) fn setter_name(name: &str) -> String {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut word = String::new();
        // The case of the last letter of the word, which digits continue.
        let mut was_upper = None;
        let mut chars = part.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek();
            let next_is = |test: fn(&char) -> bool| next.is_some_and(test);
            let is_upper = if c.is_ascii_digit() { was_upper } else { Some(c.is_ascii_uppercase()) };
            let begins_word = was_upper == Some(true)
                && c.is_ascii_uppercase()
                && next_is(char::is_ascii_lowercase);
            if begins_word {
                words.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
            was_upper = if begins_word { None } else { is_upper };
            if is_upper == Some(false) && next_is(char::is_ascii_uppercase) {
                words.push(std::mem::take(&mut word));
                was_upper = None;
            }
        }
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    let name = words.join("_");
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// A noun and what may be its singular.
fn forms(noun: &str) -> Vec<String> {
    let mut forms = vec![noun.to_owned()];
    forms.extend(noun.strip_suffix('s').map(str::to_owned));
    forms.extend(noun.strip_suffix("es").map(str::to_owned));
    forms.extend(noun.strip_suffix("ies").map(|stem| format!("{stem}y")));
    forms
}

/// Whether a verb says the noun of its resource again, as `add_case_tag` of `cases` does. The
/// word `list` at its start is the verb.
pub(super) fn repeats(verb: &str, resource: &str) -> bool {
    let verb = format!("_{}_", verb.strip_prefix("list").unwrap_or(verb));
    forms(resource).iter().any(|noun| verb.contains(&format!("_{noun}_")))
}
