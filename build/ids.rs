//! Replaces path parameters with id types, which reject text that would change the route.

use proc_macro2::TokenStream;
use progenitor::TypeImpl;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::schema::{Replacement, components, flag, text};

/// The code of a spec's id types, and the paths that replace their components.
pub struct Ids {
    pub code: TokenStream,
    pub replacements: Vec<Replacement>,
}

/// Emits `mod ids` from the components marked `x-id`.
pub fn take(document: &Value, vendor: &str) -> Ids {
    let mut items = TokenStream::new();
    let mut replacements = Vec::new();
    for (name, schema) in components(document).filter(|(_, schema)| flag(schema, "x-id")) {
        let ident = format_ident!("{name}");
        let doc = text(schema, "description");
        let spaced = flag(schema, "x-id-spaces");
        items.extend(quote! { #[doc = #doc] #ident: #spaced, });
        replacements.push(Replacement {
            name: name.clone(),
            path: format!("crate::api::{vendor}::ids::{name}"),
            impls: vec![TypeImpl::Display, TypeImpl::FromStr],
        });
    }
    let code = quote! {
        /// Ids that are path parameters.
        pub mod ids { crate::value::id_types! { #items } }
    };
    Ids { code, replacements }
}
