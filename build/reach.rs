//! Which components a part of a document refers to, and leaving out those that nothing
//! refers to any longer.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::generate::schema::{component_name, components_mut};

/// The schemas that `value` refers to, also by way of others.
pub fn reached(document: &Value, value: &Value) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    follow(document, value, &mut seen);
    seen.iter().filter_map(|pointer| component_name(pointer)).map(str::to_owned).collect()
}

fn follow(document: &Value, value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if let Some(pointer) = text.strip_prefix('#')
                && let Some(target) = document.pointer(pointer)
                && seen.insert(text.clone())
            {
                follow(document, target, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| follow(document, item, seen)),
        Value::Object(members) => {
            members.values().for_each(|member| follow(document, member, seen))
        }
        _ => {}
    }
}

/// Drops what the operations referred to `before` and refer to no longer: error answers,
/// and what only unconfirmed or hand-written operations have. What no operation ever
/// referred to is there to be decoded on demand, and stays.
pub fn drop_left_behind(document: &mut Value, before: &BTreeSet<String>) {
    let still = document.get("paths").map(|paths| reached(document, paths)).unwrap_or_default();
    if let Some(schemas) = components_mut(document) {
        let on_demand: BTreeSet<String> =
            schemas.keys().filter(|name| !before.contains(*name)).cloned().collect();
        let kept = on_demand
            .iter()
            .map(|name| Value::String(format!("#/components/schemas/{name}")))
            .collect();
        let kept = reached(document, &Value::Array(kept));
        if let Some(schemas) = components_mut(document) {
            schemas.retain(|name, _| still.contains(name) || kept.contains(name));
        }
    }
}
