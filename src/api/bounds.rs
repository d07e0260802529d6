//! Checks values against the vendors' rules before any I/O. An error names the field,
//! never the value.

use serde_json::Value;

use crate::call::{Bound, Parameter, Rule};

/// Checks a value of a parameter.
pub(super) fn text(parameter: &Parameter, text: &str) -> Result<(), String> {
    let number = text.parse().ok();
    for rule in parameter.rules {
        check(*rule, Some(text), None, number)
            .map_err(|why| format!("invalid `{}`: {why}", parameter.name))?;
    }
    Ok(())
}

/// Checks a body.
pub(super) fn body(bounds: &[Bound], body: &Value) -> Result<(), String> {
    for bound in bounds {
        at(bound.at, body, bound.rule)
            .map_err(|why| format!("invalid `{}`: {why}", name(bound.at)))?;
    }
    Ok(())
}

/// Names a field of a body. A body that is a list is named `body`.
fn name(at: &[&str]) -> String {
    let body = at.first().is_none_or(|first| *first == "*").then_some("body");
    body.iter().chain(at).copied().collect::<Vec<_>>().join(".")
}

/// Checks a body of JSON objects, one per line.
pub(super) fn lines(bytes: &[u8], most: usize) -> Result<(), String> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut count = 0_usize;
    for line in lines {
        count = count.saturating_add(1);
        if serde_json::from_slice::<serde_json::Map<String, Value>>(line).is_err() {
            return Err(format!("line {count} of the body must be a JSON object"));
        }
    }
    match count {
        0 => Err("the body has no lines: at least one is required".to_owned()),
        count if count > most => {
            Err(format!("the body has {count} lines: at most {most} are allowed"))
        }
        _ => Ok(()),
    }
}

/// Checks each value that the names lead to.
fn at(names: &[&str], value: &Value, rule: Rule) -> Result<(), String> {
    let Some((name, rest)) = names.split_first() else {
        let entries = value.as_object().map(serde_json::Map::len);
        let items = value.as_array().map(Vec::len).or(entries);
        return check(rule, value.as_str(), items, value.as_f64());
    };
    match (*name, value) {
        ("*", Value::Array(items)) => items.iter().try_for_each(|item| at(rest, item, rule)),
        // A blank name says no more than a blank value.
        ("*", Value::Object(members)) if members.keys().any(|name| name.trim().is_empty()) => {
            Err("names must not be empty".to_owned())
        }
        ("*", Value::Object(members)) => {
            members.values().try_for_each(|member| at(rest, member, rule))
        }
        (name, Value::Object(members)) => {
            if let Some((discriminator, kind)) = kind_of(name) {
                let is_kind = members.get(discriminator).and_then(Value::as_str) == Some(kind);
                return if is_kind { at(rest, value, rule) } else { Ok(()) };
            }
            members.get(name).map_or(Ok(()), |member| at(rest, member, rule))
        }
        _ => Ok(()),
    }
}

/// `<type=account>` -> `type`, `account`.
fn kind_of(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix('<')?.strip_suffix('>')?.split_once('=')
}

fn check(
    rule: Rule,
    text: Option<&str>,
    items: Option<usize>,
    number: Option<f64>,
) -> Result<(), String> {
    let length = || text.map(|text| text.chars().count());
    let refuse = |is_broken: bool, why: String| if is_broken { Err(why) } else { Ok(()) };
    match rule {
        Rule::MinLength(least) => {
            let why = if least == 1 {
                "must not be empty".to_owned()
            } else {
                format!("must have at least {least} characters")
            };
            // White space alone says nothing either.
            let is_blank = least == 1 && text.is_some_and(|text| text.trim().is_empty());
            refuse(is_blank || length().is_some_and(|length| length < least), why)
        }
        Rule::MaxLength(most) => refuse(
            length().is_some_and(|length| length > most),
            format!("must have at most {most} characters"),
        ),
        Rule::MinItems(least) => {
            let why = if least == 1 {
                "must have at least one item".to_owned()
            } else {
                format!("must have at least {least} items")
            };
            refuse(items.is_some_and(|items| items < least), why)
        }
        Rule::MaxItems(most) => refuse(
            items.is_some_and(|items| items > most),
            format!("must have at most {most} items"),
        ),
        Rule::MinProperties(least) => refuse(
            items.is_some_and(|entries| entries < least),
            match least {
                1 => "must have at least one entry".to_owned(),
                least => format!("must have at least {least} entries"),
            },
        ),
        Rule::Minimum(least) => {
            refuse(number.is_some_and(|number| number < least), format!("must be at least {least}"))
        }
        Rule::Maximum(most) => {
            refuse(number.is_some_and(|number| number > most), format!("must be at most {most}"))
        }
        #[cfg(feature = "_patterns")]
        Rule::Pattern(pattern) => {
            let matches = |text: &str| {
                regex_lite::Regex::new(pattern).is_ok_and(|known| known.is_match(text))
            };
            refuse(text.is_some_and(|text| !matches(text)), format!("must match `{pattern}`"))
        }
    }
}
