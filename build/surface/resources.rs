//! Emits each resource, with one method per operation, and the client's method that
//! returns it.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::docs;
use super::requests::{Request, Setter};
use crate::generate::schema::text;

/// The modules `requests` and `resources`, and the client's methods.
pub fn code(
    document: &Value,
    client: &str,
    requests: &[Request<'_>],
) -> Result<(TokenStream, TokenStream), String> {
    let of = |request: &Request<'_>, what: String| format!("{}: {what}", request.row.id);
    let types = requests
        .iter()
        .filter(|request| !request.is_shared)
        .map(|request| request.code().map_err(|what| of(request, what)));
    let types = types.collect::<Result<Vec<_>, _>>()?;
    let mut by_resource = BTreeMap::<&str, Vec<TokenStream>>::new();
    for request in requests {
        let method = method(request).map_err(|what| of(request, what))?;
        by_resource.entry(request.row.resource).or_default().push(method);
    }
    let (mut resources, mut methods) = (TokenStream::new(), TokenStream::new());
    for (name, operations) in by_resource {
        let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
        let tag = tags
            .into_iter()
            .find(|tag| text(tag, "x-resource-name") == name)
            .unwrap_or(&Value::Null);
        let description = text(tag, "description");
        let docs = docs::attributes(&[description.to_owned()]);
        let (ident, method) =
            (format_ident!("{}", name.to_upper_camel_case()), format_ident!("{name}"));
        let returns = docs::attributes(&[format!("Returns the resource `{ident}`: {description}")]);
        resources.extend(quote! {
            #docs
            #[derive(Clone, Debug)]
            pub struct #ident(pub(crate) Context);
            impl #ident { #( #operations )* }
        });
        methods.extend(quote! {
            #returns
            #[inline]
            #[must_use]
            pub fn #method(&self) -> resources::#ident {
                resources::#ident(self.context.clone())
            }
        });
    }
    let client_type = format_ident!("{client}");
    let module = format_ident!("{}", client.to_lowercase());
    let code = quote! {
        #[doc = " One request type per operation: call its setters, then await it."]
        pub mod requests {
            use super::{enums, ids, types, unions};
            use crate::api::prelude::*;
            #( #types )*
        }
        #[doc = " One type per resource, with one method per operation."]
        pub mod resources {
            use super::{OPERATIONS, enums, ids, requests, types, unions};
            use crate::api::prelude::*;
            #resources
        }
    };
    let client = quote! {
        use crate::api::#module::resources;
        impl super::#client_type { #methods }
    };
    Ok((code, client))
}

/// Emits one method of a resource.
fn method(request: &Request<'_>) -> Result<TokenStream, String> {
    let row = request.row;
    let (name, ident, number) = (format_ident!("{}", row.verb), request.ident(), request.number);
    let (arguments, _) = request.setters()?;
    let names: Vec<_> =
        arguments.iter().map(|argument| format_ident!("{}", argument.name)).collect();
    let taken: Vec<_> = arguments.iter().map(|argument| argument.taken()).collect();
    let calls = arguments.iter().zip(&names).map(|(argument, name)| {
        let call = &argument.call;
        // A scope of its own, because an argument may be called `value`.
        quote! {
            let draft = {
                let value = #name;
                draft.#call
            };
        }
    });
    let constants = row.constants.iter().map(|(pointer, value)| {
        let value = value.to_string();
        quote! { let draft = draft.constant(#pointer, #value); }
    });
    let mut paragraphs = docs::method(row);
    let described =
        arguments.iter().filter(|argument| !argument.is_id && argument.target.contains('/'));
    let described: Vec<String> = described.map(Setter::described).collect();
    if !described.is_empty() {
        paragraphs.insert(1, described.join("\n"));
    }
    let docs = docs::attributes(&paragraphs);
    let alias = (row.id != row.verb && row.variant.is_none()).then(|| {
        let id = row.id;
        quote! { #[doc(alias = #id)] }
    });
    Ok(quote! {
        #docs
        #alias
        #[inline]
        pub fn #name(&self #( , #names: #taken )*) -> requests::#ident {
            let draft = Draft::new(&self.0, &OPERATIONS[#number]);
            #( #constants )*
            #( #calls )*
            requests::#ident(draft.made())
        }
    })
}
