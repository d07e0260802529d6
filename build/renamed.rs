//! Fields of one object that would have the same Rust name, which `x-rust-name` tells
//! apart.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use syn::{Item, parse_quote};

use crate::generate::schema::{components_mut, text};

/// The name of a field on the wire, by component and Rust name.
pub type Renamed = BTreeMap<(String, String), String>;

/// Renames each marked property to its `x-rust-name`.
pub fn take(document: &mut Value) -> Renamed {
    let mut renamed = Renamed::new();
    for (component, schema) in components_mut(document).into_iter().flatten() {
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { continue };
        let marked =
            properties.iter().filter(|(_, property)| !text(property, "x-rust-name").is_empty());
        let marked: Vec<(String, String)> = marked
            .map(|(name, property)| (name.clone(), text(property, "x-rust-name").to_owned()))
            .collect();
        if marked.is_empty() {
            continue;
        }
        let mut named = Map::new();
        for (name, property) in std::mem::take(properties) {
            let own = marked.iter().find(|(known, _)| *known == name).map(|(_, own)| own.clone());
            named.insert(own.unwrap_or(name), property);
        }
        *properties = named;
        renamed.extend(marked.into_iter().map(|(wire, own)| ((component.clone(), own), wire)));
    }
    renamed
}

/// Adds serde attributes with the names on the wire, which later passes read.
pub fn restore(file: &mut syn::File, renamed: &Renamed) {
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        for item in module.content.as_mut().map(|(_, items)| items).into_iter().flatten() {
            let Item::Struct(item) = item else { continue };
            let name = item.ident.to_string();
            for field in &mut item.fields {
                let own = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                if let Some(wire) = renamed.get(&(name.clone(), own)) {
                    field.attrs.push(parse_quote! { #[serde(rename = #wire)] });
                }
            }
        }
    }
}
