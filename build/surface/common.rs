//! Emits accessors on a union for what all of its kinds share.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Type;

use super::docs;
use super::shape;
use super::types::Types;
use crate::generate::schema::{component_name, components, flag, text, variant_names};

/// Emits `id()`, `kind()`, and an accessor for each field that `x-common` lists and every
/// kind has with the same type.
pub fn code(document: &Value, types: &Types) -> TokenStream {
    let unions = components(document).filter(|(_, schema)| schema.get("x-one-of").is_some());
    unions.map(|(name, schema)| union(document, name, schema, types)).collect()
}

fn union(document: &Value, name: &str, schema: &Value, types: &Types) -> TokenStream {
    let ident = format_ident!("{name}");
    let kinds = schema.get("x-one-of").and_then(Value::as_object);
    let tags: Vec<&str> = kinds.into_iter().flatten().map(|(tag, _)| tag.as_str()).collect();
    let variants: Vec<_> =
        variant_names(tags.iter().copied()).iter().map(|name| format_ident!("{name}")).collect();
    let structs =
        kinds.into_iter().flatten().filter_map(|(_, target)| component_name(target.as_str()?));
    let structs: Vec<Type> = structs.filter_map(|name| syn::parse_str(name).ok()).collect();
    let discriminator = text(schema, "x-discriminator");
    let doc =
        format!(" Returns `{discriminator}`, also for a kind that this version does not know.");
    let common = schema.get("x-common").and_then(Value::as_str).and_then(component_name);
    let common = common
        .and_then(|name| Some((components(document).find(|(known, _)| *known == name)?.1, name)));
    let shared = common.map(|(common, name)| {
        let is_own = flag(schema, "x-own-accessors");
        shared(document, (common, name, is_own), &variants, &structs, types)
    });
    quote! {
        impl unions::#ident {
            #[doc = #doc]
            #[must_use]
            #[inline]
            pub fn kind(&self) -> &str {
                match self {
                    #( Self::#variants(_) => #tags, )*
                    Self::Unknown(value) => value.text(#discriminator),
                }
            }
            #shared
        }
    }
}

fn text_of(ty: &Type) -> String {
    quote! { #ty }.to_string()
}

fn shared(
    document: &Value,
    (common, name, is_own): (&Value, &str, bool),
    variants: &[syn::Ident],
    structs: &[Type],
    types: &Types,
) -> TokenStream {
    let Ok(common_type) = syn::parse_str::<Type>(name) else { return TokenStream::new() };
    let flat = ["/attributes", "/relationships"];
    let members = shape::members(document, Some(common), &flat, None).list;
    let mut methods = TokenStream::new();
    let mut taken = if is_own { Vec::new() } else { vec!["kind".to_owned(), "type_".to_owned()] };
    for member in members {
        let pointer = member.pointer.as_str();
        let Some(ty) = types.field(&common_type, pointer) else { continue };
        let is_same = |kind: &Type| {
            types.field(kind, pointer).is_some_and(|own| text_of(&own) == text_of(&ty))
        };
        if taken.contains(&member.setter) || !structs.iter().all(is_same) {
            continue;
        }
        taken.push(member.setter.clone());
        // A union with hand-written accessors calls these from within the crate.
        let (method, visibility) = match is_own {
            true => (format_ident!("field_{}", member.setter), quote! { pub(crate) }),
            false => (format_ident!("{}", member.setter), quote! { pub }),
        };
        let description = text(member.schema, "description");
        let doc = match description {
            "" => format!("Returns `{}`.", pointer.trim_start_matches('/')),
            description => format!("Returns `{}`: {description}", pointer.trim_start_matches('/')),
        };
        let docs = docs::attributes(&[doc]);
        let returned = types.named(&ty);
        // Every kind requires the id, so the accessor needs no `Option`.
        let is_always = pointer == "/id"
            && structs.iter().chain([&common_type]).all(|kind| types.is_required(kind, "id"));
        let get = |kind: &Type, of: TokenStream| match is_always {
            true => Some(quote! { &#of.id }),
            false => types.getter(kind, pointer, of),
        };
        let arms: Option<Vec<TokenStream>> = variants
            .iter()
            .zip(structs)
            .map(|(variant, kind)| {
                let get = get(kind, quote! { value })?;
                Some(quote! { Self::#variant(value) => #get, })
            })
            .collect();
        let Some((arms, unknown)) = arms.zip(get(&common_type, quote! { value.common() })) else {
            continue;
        };
        let returned = match is_always {
            true => quote! { &str },
            false => quote! { Option<&#returned> },
        };
        methods.extend(quote! {
            #docs
            #[must_use]
            #[inline]
            #visibility fn #method(&self) -> #returned {
                match self {
                    #( #arms )*
                    Self::Unknown(value) => #unknown,
                }
            }
        });
    }
    methods
}
