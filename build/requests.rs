//! How a request's body is made: a constructor with what is required, and a setter for each member that is not.

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;
use syn::{Fields, Item, ItemStruct, PathArguments, Type};

use crate::generate::reach::reached;
use crate::generate::schema::{components, flag, operations};

/// Which components go out, and which only come in.
pub struct Directions {
    /// What a request body is made of, but for those whose setters are hand-written.
    pub sent: BTreeSet<String>,
    /// What an answer is made of, and no request.
    pub only_received: BTreeSet<String>,
}

/// Follows the references of every operation.
pub fn directions(document: &Value) -> Directions {
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(document) {
        for (member, found) in [("requestBody", &mut sent), ("responses", &mut received)] {
            if let Some(value) = operation.get(member) {
                found.extend(reached(document, value));
            }
        }
    }
    let only_received = received.difference(&sent).cloned().collect();
    let has_own =
        |name: &String| components(document).any(|(other, schema)| other == name && flag(schema, "x-own-setters"));
    sent.retain(|name| !has_own(name));
    Directions { sent, only_received }
}

/// Adds constructor and setters to each of `types`.
pub fn construct(file: &mut syn::File, types: &BTreeSet<String>) -> Result<(), String> {
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = module.content.as_mut().filter(|_| module.ident == "types") else { continue };
        let mut made = Vec::new();
        for item in &*items {
            if let Item::Struct(item) = item
                && types.contains(&item.ident.to_string())
                && let Fields::Named(_) = item.fields
            {
                made.push(methods(item)?);
            }
        }
        items.extend(made);
    }
    Ok(())
}

fn methods(item: &ItemStruct) -> Result<Item, String> {
    let ident = &item.ident;
    let fields: Vec<_> = item.fields.iter().filter_map(|field| Some((field.ident.as_ref()?, field))).collect();
    let (optional, required): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(_, field)| value(&field.ty).is_some());
    let new = (!required.is_empty()).then(|| {
        let arguments = required.iter().map(|(name, field)| {
            let ty = &field.ty;
            quote! { #name: impl Into<#ty> }
        });
        let names = required.iter().map(|(name, _)| name);
        let rest = optional.iter().map(|(name, _)| name);
        quote! {
            /// With what is required.
            pub fn new(#( #arguments ),*) -> Self {
                Self { #( #names: #names.into(), )* #( #rest: None, )* }
            }
        }
    });
    // A setter of a name that every type has would be called in place of it.
    let is_free =
        |name: &syn::Ident| !["new", "clone", "default", "eq", "ne", "fmt"].contains(&name.to_string().as_str());
    let setters = optional.iter().filter(|(name, _)| is_free(name)).map(|(name, field)| {
        let ty = value(&field.ty);
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        quote! {
            #( #docs )*
            #[must_use]
            pub fn #name(mut self, value: impl Into<#ty>) -> Self {
                self.#name = Some(value.into());
                self
            }
        }
    });
    syn::parse2(quote! { impl #ident { #new #( #setters )* } }).map_err(|error| error.to_string())
}

/// `T` of `Option<T>`.
fn value(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
