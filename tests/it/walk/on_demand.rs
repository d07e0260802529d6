//! The types that no operation responds with: what they decode from, write back, and
//! print.

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Walk, printed_person};
use crate::support::sample::{Sampler, WAYS};

/// Decodes; returns what is written back and what is printed.
pub type Read = fn(Value) -> Result<(Value, String), serde_json::Error>;

pub fn read<T: DeserializeOwned + Serialize + Debug>(
    value: Value,
) -> Result<(Value, String), serde_json::Error> {
    let value: T = serde_json::from_value(value)?;
    Ok((serde_json::to_value(&value)?, format!("{value:?}")))
}

/// Checks every object that no path refers to.
pub fn walk(walk: &mut Walk<'_>, types: &[(&str, Read)]) {
    let mut referred_to = BTreeSet::new();
    follow(walk.document, &walk.document["paths"], &mut referred_to);
    let components = walk.document["components"]["schemas"].as_object().unwrap().iter();
    let is_object = |schema: &Value| schema["type"] == "object" || schema["allOf"].is_array();
    let described: BTreeSet<&str> = components
        .filter(|(name, schema)| {
            is_object(schema) && !referred_to.contains(&format!("#/components/schemas/{name}"))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    let generated: BTreeSet<&str> = types.iter().map(|(name, _)| *name).collect();
    if described != generated {
        walk.fault(format!("no path refers to {described:?}, and the list has {generated:?}"));
    }
    for (name, read) in types {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        for way in WAYS {
            let sample = Sampler::new(walk.document, way).schema(&schema);
            let wrong = match read(sample.json) {
                Ok((back, shown)) => {
                    super::difference(&back, &sample.back).or_else(|| printed_person(&shown))
                }
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = wrong {
                walk.fault(format!("{name}, {way:?}: {why}"));
            }
        }
        walk.counts.on_demand += 1;
    }
}

fn follow(document: &Value, value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/components/") && seen.insert(text.clone()) => {
            follow(document, document.pointer(&text[1..]).unwrap(), seen);
        }
        Value::Array(items) => items.iter().for_each(|item| follow(document, item, seen)),
        Value::Object(members) => {
            members.values().for_each(|member| follow(document, member, seen))
        }
        _ => {}
    }
}
