//! The layers of `src/`: imports name the layer that they come from, and no layer imports
//! one above it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// From bottom to top. Modules of the same layer may not import each other.
const LAYERS: [&[&str]; 6] =
    [&["value"], &["call"], &["transport"], &["api"], &VENDORS, &["sandbox", "fuzzing", "lib"]];

const VENDORS: [&str; 5] = ["beltic", "persona", "provide", "rebilly", "sumsub"];

/// The files that wire up the vendors may name all of them.
const WIRING: [&str; 3] = ["lib.rs", "fuzzing.rs", "sandbox/mod.rs"];

/// A path in the code of a file: its target, by the first two names after the crate's
/// root.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    to: Vec<String>,
    /// `$crate::…`: a macro may be used in any layer, so it may name what the crate's
    /// root exports.
    in_macro: bool,
}

/// A handwritten file: its path in `src/`, its module, and the targets of its paths.
struct Source {
    file: String,
    module: Vec<String>,
    arrows: BTreeSet<Arrow>,
}

impl Source {
    fn new(file: &str, code: &str) -> Self {
        let mut module: Vec<String> =
            file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        let mut arrows = BTreeSet::new();
        let root = if file == "lib.rs" { Vec::new() } else { module.clone() };
        walk(code.parse().unwrap(), &root, &mut arrows);
        Self { file: file.to_owned(), module, arrows }
    }

    fn layer(&self) -> &str {
        &self.module[0]
    }

    /// The vendor that the file belongs to, in its own layer or in the sandbox.
    fn vendor(&self) -> Option<&str> {
        self.module.iter().take(2).map(String::as_str).find(|name| VENDORS.contains(name))
    }

    /// Why a path of this file is refused.
    fn refusal(&self, Arrow { to, in_macro }: &Arrow) -> Option<&'static str> {
        let own = level(self.layer()).expect("a file of src/ belongs to no layer");
        let Some(target) = level(&to[0]) else {
            return (!in_macro).then_some("names no layer");
        };
        let named = to.iter().map(String::as_str).find(|name| VENDORS.contains(name));
        if target > own {
            Some("points up")
        } else if target == own && to[0] != self.layer() && !WIRING.contains(&self.file.as_str()) {
            Some("a neighbour")
        } else if named.is_some() && named != self.vendor() && !WIRING.contains(&self.file.as_str())
        {
            Some("another vendor")
        } else {
            None
        }
    }

    fn refusals(&self) -> impl Iterator<Item = String> {
        let told = |arrow| {
            self.refusal(arrow)
                .map(|why| format!("src/{}: {}: {why}", self.file, arrow.to.join("::")))
        };
        self.arrows.iter().filter_map(told)
    }
}

fn level(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|layers| layers.contains(&layer))
}

/// Collects every path that begins with `crate` or `super`, in imports and elsewhere,
/// except in code that is for tests only.
fn walk(code: TokenStream, module: &[String], arrows: &mut BTreeSet<Arrow>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let is_colon = |at: usize| {
        matches!(
            tokens.get(at),
            Some(TokenTree::Punct(punct)) if punct.as_char() == ':'
        )
    };
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Bracket && is_for_tests(&group.stream()) =>
            {
                let is_end = |token: &TokenTree| match token {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    _ => false,
                };
                at += tokens[at..].iter().position(is_end).unwrap_or(tokens.len());
            }
            TokenTree::Group(group) => {
                let inner = match at.checked_sub(2).map(|before| (&tokens[before], &tokens[at - 1]))
                {
                    Some((TokenTree::Ident(word), TokenTree::Ident(name))) if *word == "mod" => {
                        Some(name.to_string())
                    }
                    _ => None,
                };
                let module: Vec<String> = module.iter().cloned().chain(inner).collect();
                walk(group.stream(), &module, arrows);
            }
            TokenTree::Ident(word)
                if (*word == "crate" || *word == "super")
                    && is_colon(at + 1)
                    && is_colon(at + 2) =>
            {
                let before = at.checked_sub(1).map(|at| &tokens[at]);
                let in_macro =
                    matches!(before, Some(TokenTree::Punct(punct)) if punct.as_char() == '$');
                let mut start =
                    if *word == "crate" { &[][..] } else { &module[..module.len() - 1] };
                at += 3;
                while matches!(&tokens[at], TokenTree::Ident(word) if *word == "super") {
                    start = &start[..start.len() - 1];
                    at += 3;
                }
                let mut leaves = Vec::new();
                names(&tokens[at..], start, &mut leaves);
                arrows.extend(leaves.into_iter().map(|to| Arrow { to, in_macro }));
            }
            _ => {}
        }
        at += 1;
    }
}

/// Matches `cfg(test)` and `cfg(all(test, …))`.
fn is_for_tests(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text.starts_with("cfg(test)") || text.starts_with("cfg(all(test,")
}

/// The first two names of each path that continues here; a group of imports has several.
fn names(tokens: &[TokenTree], start: &[String], found: &mut Vec<Vec<String>>) {
    let go_on = |name: String, rest: &[TokenTree], found: &mut Vec<Vec<String>>| {
        let path: Vec<String> = start.iter().cloned().chain([name]).collect();
        match rest {
            [TokenTree::Punct(a), TokenTree::Punct(b), rest @ ..]
                if path.len() < 2 && a.as_char() == ':' && b.as_char() == ':' =>
            {
                names(rest, &path, found);
            }
            _ => found.push(path.into_iter().take(2).collect()),
        }
    };
    match tokens {
        [TokenTree::Ident(name), rest @ ..] => go_on(name.to_string(), rest, found),
        [TokenTree::Group(group), ..] => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let is_comma = |token: &TokenTree| {
                matches!(
                    token,
                    TokenTree::Punct(punct) if punct.as_char() == ','
                )
            };
            inner
                .split(is_comma)
                .filter(|part| !part.is_empty())
                .for_each(|part| names(part, start, found));
        }
        _ if !start.is_empty() => found.push(start.iter().take(2).cloned().collect()),
        _ => found.push(vec!["*".to_owned()]),
    }
}

/// Every handwritten file under `src/`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source::new(&file, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn no_path_points_up_and_each_names_its_layer() {
    let sources = sources();
    let seen: usize = sources.iter().map(|source| source.arrows.len()).sum();
    assert!(seen > 300, "only {seen} paths were found");
    let wrong: Vec<String> = sources.iter().flat_map(Source::refusals).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_arrow_is_seen_in_every_form() {
    for (file, code, why) in [
        ("value/secret.rs", "use crate::call::{Error, Vendor};", "points up"),
        ("value/json/parse.rs", "use super::super::super::call::Error;", "points up"),
        ("value/mod.rs", "mod a { use super::super::call::Error; }", "points up"),
        ("call/error.rs", "fn f() { crate::transport::go() }", "points up"),
        ("transport/send.rs", "use crate::{call::Error, api::Draft};", "points up"),
        ("transport/send.rs", "macro_rules! m { () => { $crate::sandbox::X } }", "points up"),
        ("beltic/mod.rs", "use crate::sandbox::Sandbox;", "points up"),
        ("call/page.rs", "use crate::Error;", "names no layer"),
        ("call/page.rs", "impl From<crate::InvalidTime> for Error {}", "names no layer"),
        ("call/page.rs", "use crate::*;", "names no layer"),
        ("beltic/mod.rs", "use crate::persona::Persona;", "a neighbour"),
        ("beltic/mod.rs", "use crate::api::persona::types::Inquiry;", "another vendor"),
        ("api/draft.rs", "use crate::api::{context::Context, persona::types};", "another vendor"),
        ("sandbox/beltic.rs", "use super::persona::State;", "another vendor"),
        ("sandbox/server.rs", "use super::persona::State;", "another vendor"),
        ("sandbox/server.rs", "use crate::persona::Persona;", "another vendor"),
        ("sandbox/mod.rs", "fn f() { crate::nowhere::x() }", "names no layer"),
    ] {
        let source = Source::new(file, code);
        let refusals: BTreeSet<_> =
            source.arrows.iter().filter_map(|arrow| source.refusal(arrow)).collect();
        assert_eq!(refusals, BTreeSet::from([why]), "{file}: {code}");
    }
    for (file, code) in [
        (
            "call/error.rs",
            "use crate::value::{Timestamp, id::check}; use super::{Operation, page::Page};",
        ),
        (
            "call/error.rs",
            "#[cfg(test)] mod tests { use super::*; use crate::sandbox::Sandbox; } \
             use crate::value::X;",
        ),
        (
            "call/error.rs",
            "/// See [`x`](crate::sandbox::Sandbox).\n\
             fn f() -> &'static str { \"crate::sandbox::X\" }",
        ),
        ("value/id.rs", "macro_rules! m { () => { $crate::InvalidId } }"),
        ("beltic/mod.rs", "use crate::api::beltic::types; mod a { pub use super::types; }"),
        ("sandbox/beltic.rs", "use crate::beltic::types::X; use super::server::Backend;"),
        ("sandbox/mod.rs", "fn f(_: crate::beltic::Beltic, _: crate::persona::Persona) {}"),
        ("lib.rs", "pub use call::Error;"),
    ] {
        assert_eq!(Source::new(file, code).refusals().next(), None, "{file}: {code}");
    }
}

#[test]
fn no_two_files_of_the_transport_import_each_other() {
    let sources = sources();
    let files: Vec<&Source> =
        sources.iter().filter(|source| source.layer() == "transport").collect();
    let reaches = |from: &Source, to: &Source| {
        from.arrows.iter().any(|arrow| to.module.len() > 1 && arrow.to == to.module[..2])
    };
    let mut both = Vec::new();
    let mut seen = 0;
    for from in &files {
        for to in files.iter().filter(|to| to.file != from.file && reaches(from, to)) {
            seen += 1;
            if reaches(to, from) {
                both.push(format!("{} and {}", from.file, to.file));
            }
        }
    }
    assert!(seen > 5, "only {seen} arrows were found");
    assert!(both.is_empty(), "{both:?}");
}

/// The files that each vendor's folder has. Others construct a body or belong to one
/// vendor alone.
#[test]
fn every_vendor_has_the_same_files() {
    for vendor in LAYERS[4] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(vendor);
        for file in ["mod.rs", "auth.rs", "error.rs", "rules.rs", "accessors.rs", "webhook.rs"] {
            assert!(folder.join(file).exists(), "src/{vendor}/{file}");
        }
    }
}

/// Macros are a second language, so there are few, and each serves every vendor.
#[test]
fn there_are_few_macros() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let count = |source: &Source| {
        fs::read_to_string(root.join(&source.file)).unwrap().matches("macro_rules!").count()
    };
    let macros: usize = sources().iter().map(count).sum();
    assert!(macros <= 12, "{macros} macros");
}
