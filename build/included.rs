//! Related resources in `included`: which type decodes which resource, and which
//! envelopes contain them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::schema::{component_name, components, reference, text};
use crate::generate::surface::docs::attributes;

/// Emits the impls of a spec that marks resources; nothing for any other spec.
pub fn code(document: &Value, vendor: &str) -> TokenStream {
    let mut impls = TokenStream::new();
    let mut add = |path: TokenStream, resource_type: &str| {
        impls.extend(quote! {
            impl super::IncludedResource for #path {
                const TYPE: &'static str = #resource_type;
            }
        });
    };
    for (name, schema) in
        components(document).filter(|(_, schema)| schema.get("x-resource").is_some())
    {
        let resource_type = text(schema, "x-resource");
        let ident = format_ident!("{name}");
        let Some(kinds) = schema.get("x-one-of").and_then(Value::as_object) else {
            add(quote! { types::#ident }, resource_type);
            continue;
        };
        add(quote! { unions::#ident }, resource_type);
        for (resource_type, kind) in kinds {
            if let Some(kind) = kind.as_str().and_then(component_name) {
                let kind = format_ident!("{kind}");
                add(quote! { types::#kind }, resource_type);
            }
        }
    }
    if impls.is_empty() {
        return impls;
    }
    let vendor = format_ident!("{vendor}");
    let all: Vec<_> = components(document)
        .filter(|(_, schema)| schema.pointer("/properties/included").is_some())
        .collect();
    let holders = all.iter().map(|(name, _)| format_ident!("{name}"));
    let envelopes = all.iter().filter_map(|(name, schema)| envelope(document, name, schema));
    let [decoded, raw, of_type] = [&DECODED[..], &RAW, &OF_TYPE].map(|paragraphs| {
        attributes(&paragraphs.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    });
    quote! {
        use crate::api::#vendor::{types, unions};
        #impls
        #( #envelopes )*
        #(
            impl types::#holders {
                #decoded
                #[inline]
                pub fn included<T: super::IncludedResource>(&self) -> Result<Vec<T>, crate::Error> {
                    super::included::decode(self.included_raw())
                }
                #raw
                #[inline]
                #[must_use]
                pub fn included_raw(&self) -> &[crate::Personal<serde_json::Value>] {
                    self.included.as_deref().unwrap_or_default()
                }
                #of_type
                #[inline]
                #[must_use]
                pub fn included_of_type(
                    &self,
                    resource_type: &str,
                ) -> Vec<&crate::Personal<serde_json::Value>> {
                    super::included::of_type(self.included_raw(), resource_type)
                }
            }
        )*
    }
}

const DECODED: [&str; 3] = [
    "Returns the resources in `included` that are a `T`, in the order of the response; empty \
     unless the request asked for them with `include`.",
    "# Errors",
    "[`ErrorKind::Decode`](crate::ErrorKind::Decode) if a resource of that type does not decode.",
];
const RAW: [&str; 1] = ["Returns all resources in `included`, undecoded."];
const OF_TYPE: [&str; 1] = ["Returns the resources in `included` of one type \
     (`report/watchlist`) or family (`report/*`), undecoded."];

/// Emits `Deref` from an envelope of one resource to the resource, so that its accessors
/// can be called on the envelope.
fn envelope(document: &Value, name: &str, schema: &Value) -> Option<TokenStream> {
    let is_required = schema.get("required")?.as_array()?.iter().any(|name| name == "data");
    let resource = reference(schema.pointer("/properties/data")?).filter(|_| is_required)?;
    let is_union = components(document)
        .any(|(name, schema)| name == resource && schema.get("x-one-of").is_some());
    let (envelope, resource) = (format_ident!("{name}"), format_ident!("{resource}"));
    let module = if is_union { format_ident!("unions") } else { format_ident!("types") };
    Some(quote! {
        impl std::ops::Deref for types::#envelope {
            type Target = #module::#resource;
            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.data
            }
        }
    })
}
