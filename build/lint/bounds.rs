//! Rules for bounds of a value: numbers, and patterns that any small regular expression
//! engine reads in the same way.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

use super::Lint;
use super::read::text;

/// How deeply groups may be nested, so that a pattern cannot recurse without end.
const DEEPEST: usize = 8;

impl<'a> Lint<'a> {
    pub(super) fn bounds(&mut self, schema: &Value, pointer: &str) {
        let kinds: [(&str, &[&str], [&str; 2]); 4] = [
            ("Length", &["string"], ["minLength", "maxLength"]),
            ("Items", &["array"], ["minItems", "maxItems"]),
            ("Properties", &["object"], ["minProperties", "maxProperties"]),
            ("", &["integer", "number"], ["minimum", "maximum"]),
        ];
        for (kind, types, names) in kinds {
            let [least, most] = names.map(|name| schema.get(name));
            let is_bound = |value: &Value| match kind {
                "" => value.is_number(),
                _ => value.is_u64(),
            };
            if ![least, most].into_iter().flatten().all(is_bound) {
                self.report(
                    pointer,
                    "bounds",
                    format!("invalid {names:?}: must be numbers, lengths whole"),
                );
            }
            let number = |value: Option<&Value>| value.and_then(Value::as_f64);
            if number(least).zip(number(most)).is_some_and(|(least, most)| least > most) {
                self.report(pointer, "bounds", format!("no value satisfies {names:?}"));
            }
            if least.or(most).is_some() && !types.contains(&text(schema, "type")) {
                self.report(pointer, "bounds", format!("{names:?} only apply to {types:?}"));
            }
        }
        let Some(pattern) = schema.get("pattern") else { return };
        let why = match pattern.as_str() {
            Some(simple) => refused(simple),
            None => Some("must be a text"),
        };
        if let Some(why) =
            why.or((text(schema, "type") != "string").then_some("applies only to strings"))
        {
            self.report(pointer, "pattern", format!("unsupported {pattern}: {why}"));
        }
    }
}

/// What is wrong with a pattern, if anything. It may consist of literals, `.`, character
/// classes, `\d`, `\w`, quantifiers, groups, alternation and anchors.
fn refused(pattern: &str) -> Option<&'static str> {
    let mut rest = pattern.chars().peekable();
    match alternatives(&mut rest, 0) {
        Err(why) => Some(why),
        Ok(()) if pattern.is_empty() => Some("must not be empty"),
        Ok(()) => rest.next().map(|_| "a group is closed that was never opened"),
    }
}

/// Reads up to the end of the group.
fn alternatives(rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<(), &'static str> {
    let mut can_repeat = false;
    while let Some(c) = rest.next_if(|c| *c != ')') {
        can_repeat = match c {
            '^' | '$' | '|' => false,
            '*' | '+' | '?' | '{' if !can_repeat => {
                return Err("a quantifier has nothing to repeat");
            }
            '*' | '+' | '?' => false,
            '{' => {
                counts(rest)?;
                false
            }
            '[' => {
                class(rest)?;
                true
            }
            '(' => {
                group(rest, depth)?;
                true
            }
            '\\' => {
                escape(rest)?;
                true
            }
            ']' | '}' => return Err("a bracket is closed that was never opened"),
            _ => true,
        };
    }
    Ok(())
}

fn group(rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<(), &'static str> {
    if depth == DEEPEST {
        return Err("groups are nested too deeply");
    }
    if rest.next_if_eq(&'?').is_some() && rest.next() != Some(':') {
        return Err("of groups with `?`, only `(?:` is supported");
    }
    alternatives(rest, depth + 1)?;
    rest.next().map(|_| ()).ok_or("a group is not closed")
}

/// Reads the rest of `{3}`, `{3,}` or `{3,5}`.
fn counts(rest: &mut Peekable<Chars<'_>>) -> Result<(), &'static str> {
    let mut inside = String::new();
    while let Some(c) = rest.next_if(|c| c.is_ascii_digit() || *c == ',') {
        inside.push(c);
    }
    let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
    let number = |text: &str| text.parse::<u16>().ok();
    let is_well_formed = match (number(least), number(most)) {
        (Some(least), Some(most)) => least <= most,
        (Some(_), None) => most.is_empty(),
        _ => false,
    };
    let is_closed = rest.next() == Some('}');
    let expected = "a count must be `{3}`, `{3,}` or `{3,5}`";
    if is_well_formed && is_closed { Ok(()) } else { Err(expected) }
}

fn class(rest: &mut Peekable<Chars<'_>>) -> Result<(), &'static str> {
    rest.next_if_eq(&'^');
    let mut is_empty = true;
    while let Some(c) = rest.next_if(|c| *c != ']') {
        match c {
            '\\' => escape(rest)?,
            '[' => return Err("`[` in a character class must be escaped"),
            '&' | '~' | '-' if rest.peek() == Some(&c) => {
                return Err("set operations in a character class are not supported");
            }
            _ => {}
        }
        is_empty = false;
    }
    match rest.next() {
        Some(_) if !is_empty => Ok(()),
        Some(_) => Err("a character class is empty"),
        None => Err("a character class is not closed"),
    }
}

fn escape(rest: &mut Peekable<Chars<'_>>) -> Result<(), &'static str> {
    match rest.next() {
        Some('d' | 'w') => Ok(()),
        Some(c) if c.is_ascii_punctuation() => Ok(()),
        _ => Err("after a backslash, only `d`, `w` and punctuation are supported"),
    }
}
