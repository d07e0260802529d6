//! Finds the components that a part of a spec refers to, and drops those that nothing
//! refers to any longer.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::generate::schema::{component_name, components_mut};

/// The schemas that `value` refers to, directly or through others.
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

/// Drops what the operations referred to `before` and no longer do: error responses, and
/// what only unconfirmed operations use. What no operation ever referred to stays,
/// because callers decode it on demand.
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
