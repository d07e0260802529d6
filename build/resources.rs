//! Resources that come along in `included`: which type decodes which, and which documents hold them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::schema::{component_name, components, text};

/// The impls of a document that marks resources; nothing for one that has none.
pub fn code(document: &Value, vendor: &str) -> TokenStream {
    let mut resources = TokenStream::new();
    for (name, schema) in components(document).filter(|(_, schema)| schema.get("x-resource").is_some()) {
        let resource_type = text(schema, "x-resource");
        let ident = format_ident!("{name}");
        let Some(kinds) = schema.get("x-one-of").and_then(Value::as_object) else {
            resources.extend(quote! { types::#ident = #resource_type, });
            continue;
        };
        resources.extend(quote! { unions::#ident = #resource_type, });
        for (resource_type, kind) in kinds {
            if let Some(kind) = kind.as_str().and_then(component_name) {
                let kind = format_ident!("{kind}");
                resources.extend(quote! { types::#kind = #resource_type, });
            }
        }
    }
    if resources.is_empty() {
        return resources;
    }
    let vendor = format_ident!("{vendor}");
    let holders = components(document).filter(|(_, schema)| schema.pointer("/properties/included").is_some());
    let holders = holders.map(|(name, _)| format_ident!("{name}"));
    quote! {
        crate::#vendor::resources! { #resources }
        crate::#vendor::documents! { #( types::#holders, )* }
    }
}
