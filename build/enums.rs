//! String enums become open enums of ours: an unknown value is kept and written back.

use proc_macro2::TokenStream;
use progenitor::TypeImpl;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::schema::{Replacement, components, text, variant_names};

/// The code of all enums of a document, and what to use in their place.
pub struct Enums {
    pub code: TokenStream,
    pub replacements: Vec<Replacement>,
}

/// Emits `mod enums` from the string enums of a document.
pub fn take(document: &mut Value, vendor: &str) -> Enums {
    let mut items = TokenStream::new();
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
        let docs = values.iter().map(|value| format!("`{value}` on the wire."));
        items.extend(quote! {
            crate::open_enum::open_enum! {
                #[doc = #doc]
                pub enum #ident { #( #[doc = #docs] #variants = #values, )* }
            }
        });
        replacements.push(Replacement {
            name: name.clone(),
            path: format!("crate::api::{vendor}::enums::{name}"),
            impls: vec![TypeImpl::Display, TypeImpl::FromStr],
        });
    }
    let code = quote! {
        /// Open enums of the document: each keeps a value that it does not know.
        pub mod enums { #items }
    };
    Enums { code, replacements }
}
