//! Conversion of names on the wire to Rust names.

/// Words that Rust 2024 does not accept as identifiers.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn \
    else enum extern false final fn for gen if impl in let loop macro match mod move mut \
    override priv pub ref return self static struct super trait true try type typeof unsafe \
    unsized use virtual where while yield";

/// Whether a name is among words separated by spaces.
pub(super) fn is_among(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

fn is_keyword(name: &str) -> bool {
    is_among(KEYWORDS, name)
}

/// Whether a name is a snake_case identifier.
pub(super) fn is_name(name: &str) -> bool {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.chars().all(is_known);
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    starts_well && name.split('_').all(is_word) && !is_keyword(name)
}

/// Whether a name is a snake_case identifier, or a keyword followed by `_`.
pub(super) fn is_setter_name(name: &str) -> bool {
    is_name(name) || name.strip_suffix('_').is_some_and(is_keyword)
}

/// `filter[created-at]` -> `filter_created_at`, `type` -> `type_`: the generator's rule.
pub(super) fn setter_name(name: &str) -> String {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut word = String::new();
        // The case of the word's last letter; a digit takes that of the letter before it.
        let mut was_upper = None;
        let mut chars = part.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek();
            let next_is = |test: fn(&char) -> bool| next.is_some_and(test);
            let is_capital = c.is_ascii_uppercase();
            let is_upper = if c.is_ascii_digit() { was_upper } else { Some(is_capital) };
            let is_last = is_capital && next_is(char::is_ascii_lowercase);
            let begins_word = is_last && was_upper == Some(true);
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
    if is_keyword(&name) { format!("{name}_") } else { name }
}

/// A noun and its possible singulars.
fn forms(noun: &str) -> Vec<String> {
    let mut forms = vec![noun.to_owned()];
    forms.extend(noun.strip_suffix('s').map(str::to_owned));
    forms.extend(noun.strip_suffix("es").map(str::to_owned));
    forms.extend(noun.strip_suffix("ies").map(|stem| format!("{stem}y")));
    forms
}

/// Whether a verb repeats the noun of its resource, as `add_case_tag` of `cases` does. A
/// leading `list` counts as the verb.
pub(super) fn repeats(verb: &str, resource: &str) -> bool {
    let verb = format!("_{}_", verb.strip_prefix("list").unwrap_or(verb));
    forms(resource).iter().any(|noun| verb.contains(&format!("_{noun}_")))
}
