//! Values of parameters: unique within the operation, and with characters that must be
//! encoded.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::Scalar;
use super::described::{Described, Parameter};
use crate::support::bounded;
use crate::support::sample::CANARY;

/// Which parameters are set.
#[derive(Clone, Copy, PartialEq)]
pub enum Set {
    All,
    Required,
}

/// The values of an operation's parameters by name.
pub fn of(described: &Described<'_>, set: Set) -> BTreeMap<String, Scalar> {
    let parameters = described.parameters.iter().enumerate();
    let wanted = parameters.filter(|(_, parameter)| set == Set::All || parameter.required);
    wanted.map(|(index, parameter)| (parameter.name.to_owned(), value(index, parameter))).collect()
}

fn value(index: usize, parameter: &Parameter<'_>) -> Scalar {
    let Parameter { name, place, schema, .. } = parameter;
    if let Some(of) = parameter.comma_of {
        return list(index, parameter, of);
    }
    if let Some(values) = schema["enum"].as_array() {
        let value = &values[index % values.len()];
        return match value {
            Value::String(text) => Scalar::Text(text.clone()),
            other => Scalar::Integer(other.as_i64().unwrap()),
        };
    }
    let number = |wish: Value| bounded::number(wish, schema);
    let text = |wish: String| Scalar::Text(bounded::text(&wish, schema));
    let is_personal = schema["x-personal"] == true;
    match (schema["type"].as_str().unwrap(), schema["format"].as_str(), *place) {
        ("integer", ..) => Scalar::Integer(number(json!(7_000 + index)).as_i64().unwrap()),
        ("number", ..) => Scalar::Number(number(json!(7_000.25 + index as f64)).as_f64().unwrap()),
        ("boolean", ..) => Scalar::Boolean(index.is_multiple_of(2)),
        ("string", Some("date-time"), _) if !is_personal => {
            Scalar::Text(format!("2024-05-02 09:32:{:02}+0000", index % 60))
        }
        ("string", Some("date"), _) if !is_personal => {
            Scalar::Text(format!("2024-05-{:02}", 1 + index % 30))
        }
        ("string", _, "header") => text(format!("{CANARY} {name} {index}")),
        ("string", _, "path") if schema["x-id-spaces"] == true => {
            text(format!("{CANARY} {name}+é:@;={index}"))
        }
        ("string", _, "path") => text(format!("{CANARY}{name}+é:@;={index}")),
        ("string", ..) => text(format!("{CANARY} {name}&=+%41é#/?{index}")),
        (other, ..) => panic!("{name} is {other}"),
    }
}

/// Two items, without a character that would split one. A pattern applies to the joined
/// items.
fn list(index: usize, parameter: &Parameter<'_>, of: &Value) -> Scalar {
    let name = parameter.name.replace(['[', ']', ','], "-");
    let wishes = [
        |name: &str, number| format!("{CANARY} {name}&=+%41é#/?{number}"),
        |_: &str, number| format!("field_{number}"),
    ];
    let known = of["enum"].as_array();
    let lists = wishes.map(|wish| {
        let item = |number: usize| match known {
            Some(values) => values[number % values.len()].as_str().unwrap().to_owned(),
            None => bounded::text(
                &wish(&name, number),
                if of == parameter.schema { &Value::Null } else { of },
            ),
        };
        Scalar::List(vec![item(index), item(index + 1)])
    });
    let fits = |list: &Scalar| bounded::text(&list.text(), parameter.schema) == list.text();
    lists.into_iter().find(fits).unwrap_or_else(|| panic!("no list for {}", parameter.name))
}

/// Whether a list is left out, because it is empty and the vendor accepts no empty text.
pub fn is_left_out(parameter: &Parameter<'_>, value: &Scalar) -> bool {
    matches!(value, Scalar::List(items) if items.is_empty())
        && !bounded::text("", parameter.schema).is_empty()
}
