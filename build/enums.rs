//! Replaces string enums with open enums, which keep an unknown value and write it back.

use progenitor::TypeImpl;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::print;
use crate::generate::schema::{Replacement, components, text, variant_names};

/// The code of a spec's enums, and the paths that replace their components.
pub struct Enums {
    pub code: String,
    pub replacements: Vec<Replacement>,
}

/// Emits `mod enums` from the string enums of a spec.
pub fn take(document: &mut Value, vendor: &str) -> Result<Enums, String> {
    let mut code = String::from("/// Open enums: each keeps an unknown value.\npub mod enums {\n");
    let mut replacements = Vec::new();
    for (name, schema) in components(document) {
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            continue;
        };
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let ident = format_ident!("{name}");
        let doc = text(schema, "description");
        let variants = variant_names(values.iter().copied());
        let variants = variants.iter().map(|variant| format_ident!("{variant}"));
        let docs = values.iter().map(|value| format!("`{value}`."));
        let body = quote! {
            #[doc = #doc]
            pub enum #ident { #( #[doc = #docs] #variants = #values, )* }
        };
        code.push_str(&print::in_macro("crate::value::open_enum!", "", body)?);
        replacements.push(Replacement {
            name: name.clone(),
            path: format!("crate::api::{vendor}::enums::{name}"),
            impls: vec![TypeImpl::Display, TypeImpl::FromStr],
        });
    }
    code.push_str("}\n");
    Ok(Enums { code, replacements })
}
