//! Passes over progenitor's code before it is parsed: they drop the type builders and the
//! bodies of its calls, and shorten paths.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Prefixes that are removed from paths, each with the names that must follow.
const PREFIXES: [(&[&str], &[&str]); 7] = [
    (&["std", "option"], &["Option"]),
    (&["std", "string"], &["String"]),
    (&["std", "vec"], &["Vec"]),
    (&["std", "boxed"], &["Box"]),
    (&["std", "collections"], &["BTreeMap"]),
    (&["serde_json"], &["Value", "Map"]),
    (&["crate"], &["Personal", "Timestamp", "CalendarDate", "Patch"]),
];

/// Empties the module `builder` within the module `types`; the types get setters instead.
pub fn without_type_builders(tokens: TokenStream) -> TokenStream {
    within(tokens, "types", &mut |types| within(types, "builder", &mut |_| TokenStream::new()))
}

/// Empties the functions outside the module `types`: only their signatures are read.
pub fn without_bodies(tokens: TokenStream) -> TokenStream {
    let (mut out, mut last, mut is_types, mut is_function) =
        (TokenStream::new(), String::new(), false, false);
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && !is_types => {
                let inner = match std::mem::take(&mut is_function) {
                    true => TokenStream::new(),
                    false => without_bodies(group.stream()),
                };
                TokenTree::Group(Group::new(Delimiter::Brace, inner))
            }
            token => token,
        };
        let text =
            if let TokenTree::Ident(ident) = &token { ident.to_string() } else { String::new() };
        is_types = last == "mod" && text == "types";
        is_function |= text == "fn";
        last = text;
        out.extend([token]);
    }
    out
}

/// Applies `change` to the content of a module.
fn within(
    tokens: TokenStream,
    name: &str,
    change: &mut dyn FnMut(TokenStream) -> TokenStream,
) -> TokenStream {
    let (mut out, mut last, mut is_module) = (TokenStream::new(), String::new(), false);
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) if is_module => {
                TokenTree::Group(Group::new(group.delimiter(), change(group.stream())))
            }
            token => token,
        };
        let text =
            if let TokenTree::Ident(ident) = &token { ident.to_string() } else { String::new() };
        is_module = last == "mod" && text == name;
        last = text;
        out.extend([token]);
    }
    out
}

/// `::std::option::Option<crate::Personal<String>>` -> `Option<Personal<String>>`; the
/// vendor's own modules are shortened likewise.
pub fn short_paths(tokens: TokenStream, vendor: &str) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let own: &[&str] = &["crate", "api", vendor];
    let mut out = TokenStream::new();
    let mut rest = tokens.as_slice();
    while let Some((token, behind)) = rest.split_first() {
        let prefixes = PREFIXES.iter().copied().chain([(own, &["enums", "unions", "ids"][..])]);
        let skipped =
            prefixes.filter_map(|(prefix, names)| prefix_length(rest, prefix, names)).next();
        if let Some(length) = skipped {
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), short_paths(group.stream(), vendor));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            token => out.extend([token.clone()]),
        }
        rest = behind;
    }
    out
}

/// How many tokens the prefix has, if the tokens start with it and one of the names
/// follows.
fn prefix_length(tokens: &[TokenTree], prefix: &[&str], names: &[&str]) -> Option<usize> {
    let is_colon = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
        _ => false,
    };
    let is_ident = |token: Option<&TokenTree>, name: &str| match token {
        Some(TokenTree::Ident(ident)) => ident == name,
        _ => false,
    };
    let mut place = 0;
    if prefix.first() != Some(&"crate") {
        if !is_colon(tokens.first()) || !is_colon(tokens.get(1)) {
            return None;
        }
        place = 2;
    }
    for segment in prefix {
        if !is_ident(tokens.get(place), segment)
            || !is_colon(tokens.get(place + 1))
            || !is_colon(tokens.get(place + 2))
        {
            return None;
        }
        place += 3;
    }
    names.iter().any(|name| is_ident(tokens.get(place), name)).then_some(place)
}
