//! What the tests walk through: every call of a client, and every type that no call has.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::calls::Call;
use crate::generate::operations::{Answer, Body};
use crate::generate::schema::{components, flag};

/// The code of `<vendor>_calls.rs`.
pub fn code(operations: TokenStream, document: &Value, referred_to: &BTreeSet<String>, vendor: &str) -> String {
    let on_demand = on_demand(document, referred_to);
    let code = quote! { operations! { #operations } on_demand! { #on_demand } };
    as_seen_from_outside(&code.to_string(), vendor)
}

impl Call<'_> {
    /// The call as the tests' macro `operations!` reads it: `id { setter = kind "name", … } body -> answer;`
    pub fn entry(&self) -> TokenStream {
        let id = format_ident!("{}", self.row.id);
        let setters = self.setters.iter().map(|(parameter, setter, _)| {
            let name = parameter.name;
            let kind =
                format_ident!("{}", parameter.schema.get("type").and_then(|kind| kind.as_str()).unwrap_or("string"));
            quote! { #setter = #kind #name, }
        });
        let ty = self.body;
        let body = match self.row.body {
            Body::None => quote! { none },
            Body::Json { .. } => quote! { json(#ty) },
            Body::Form => quote! { form(#ty) },
            Body::Multipart => quote! { multipart },
            Body::Bytes(_) => quote! { bytes },
        };
        let answer = self.answer;
        let answer = match &self.row.answer {
            Answer::Empty => quote! { empty },
            Answer::Json => quote! { json(#answer) },
            Answer::OptionalJson => quote! { optional(#answer) },
            Answer::Bytes(_) => quote! { bytes },
        };
        quote! { #id { #( #setters )* } #body -> #answer; }
    }
}

/// The types that no operation answers with, and that are there to be decoded on demand, as the tests' macro `on_demand!` reads them.
fn on_demand(document: &Value, referred_to: &BTreeSet<String>) -> TokenStream {
    let is_object = |schema: &Value| schema.get("properties").is_some() || schema.get("allOf").is_some();
    let types = components(document)
        .filter(|(name, schema)| !referred_to.contains(*name) && is_object(schema) && !flag(schema, "x-lenient"))
        .map(|(name, _)| format_ident!("{name}"));
    quote! { #( #types(types::#types) )* }
}

/// The paths of a list of calls, as a crate writes them that uses this one.
fn as_seen_from_outside(code: &str, vendor: &str) -> String {
    let code = code.replace(&format!("crate :: api :: {vendor} ::"), &format!("kyc_review :: {vendor} :: api ::"));
    code.replace("crate ::", "kyc_review ::").replace("types ::", &format!("kyc_review :: {vendor} :: api :: types ::"))
}
