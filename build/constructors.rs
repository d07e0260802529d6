//! Emits how a request's body is built: a constructor that takes the required fields, and
//! a setter for each other field.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::{Field, Fields, Ident, Item, ItemStruct, LitStr, Type};

use crate::generate::reach::reached;
use crate::generate::schema::{components, flag, operations};
use crate::generate::surface::docs::attributes;
use crate::generate::surface::requests::sentence;
use crate::generate::surface::types::argument;

/// Which components are sent, and which are only received.
pub struct Directions {
    /// Those of request bodies, except for those with hand-written setters.
    pub sent: BTreeSet<String>,
    /// Those of responses, except for those that requests also send.
    pub only_received: BTreeSet<String>,
}

/// Sorts the components by following the references of every operation.
pub fn directions(document: &Value) -> Directions {
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(document) {
        for (member, found) in [("requestBody", &mut sent), ("responses", &mut received)] {
            if let Some(value) = operation.get(member) {
                found.extend(reached(document, value));
            }
        }
    }
    // Components that are sent within a free-form value, which no reference shows.
    for (name, _) in components(document).filter(|(_, schema)| flag(schema, "x-sent")) {
        let reference = Value::String(format!("#/components/schemas/{name}"));
        sent.extend(reached(document, &reference));
    }
    let only_received = received.difference(&sent).cloned().collect();
    Directions { sent, only_received }
}

/// Adds a constructor and setters to each of `types`.
pub fn construct(file: &mut syn::File, types: &BTreeSet<String>) -> Result<(), String> {
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = module.content.as_mut().filter(|_| module.ident == "types") else {
            continue;
        };
        let mut made = Vec::new();
        for item in &*items {
            if let Item::Struct(item) = item
                && types.contains(&item.ident.to_string())
                && let Fields::Named(_) = item.fields
            {
                made.extend(construction(item)?);
            }
        }
        items.extend(made);
    }
    Ok(())
}

/// The fields of a type: the required ones, the optional ones, and the map of those that
/// the spec does not name.
struct Members<'a> {
    ident: &'a Ident,
    required: Vec<(&'a Ident, &'a Field)>,
    optional: Vec<(&'a Ident, &'a Field)>,
    extra: Option<(&'a Ident, &'a Field)>,
    has_default: bool,
}

fn construction(item: &ItemStruct) -> Result<Vec<Item>, String> {
    let fields = item.fields.iter().filter_map(|field| Some((field.ident.as_ref()?, field)));
    let (optional, mut required): (Vec<_>, Vec<_>) =
        fields.partition(|(_, field)| value(&field.ty).is_some());
    // Progenitor's name for the map of `additionalProperties`.
    let is_extra = |(name, field): &(&Ident, &Field)| *name == "extra" && is_map(&field.ty);
    let extra = required.iter().position(is_extra).map(|place| required.remove(place));
    let derives = item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let has_default =
        derives.into_iter().any(|derive| derive.to_token_stream().to_string().contains("Default"));
    let members = Members { ident: &item.ident, required, optional, extra, has_default };
    let items = [members.constructor(), members.setters()].into_iter().flatten();
    items.map(|item| syn::parse2(item).map_err(|error| error.to_string())).collect()
}

impl Members<'_> {
    fn constructor(&self) -> Vec<TokenStream> {
        let Self { ident, required, optional, extra, has_default } = self;
        let names: Vec<_> = required.iter().map(|(name, _)| name).collect();
        let types: Vec<_> = required.iter().map(|(_, field)| &field.ty).collect();
        let rest = optional.iter().map(|(name, _)| quote! { #name: None, });
        let extra = extra.iter().map(|(name, _)| quote! { #name: Default::default(), });
        let rest: TokenStream = rest.chain(extra).collect();
        if types.is_empty() && *has_default {
            return Vec::new();
        }
        if types.is_empty() {
            return vec![quote! {
                impl Default for #ident {
                    #[inline]
                    fn default() -> Self {
                        Self { #rest }
                    }
                }
            }];
        }
        let written: Vec<_> = types.iter().map(|ty| ty.to_token_stream().to_string()).collect();
        let is_ambiguous = written.iter().collect::<BTreeSet<_>>().len() < written.len();
        if !is_ambiguous {
            let taken = required.iter().map(|(name, field)| taken_as(&field.ty, &quote! { #name }));
            let (arguments, made): (Vec<_>, Vec<_>) = taken.unzip();
            return vec![quote! {
                impl #ident {
                    /// Creates a value from the required fields.
                    pub fn new(#( #names: #arguments ),*) -> Self {
                        Self { #( #names: #made, )* #rest }
                    }
                }
            }];
        }
        // Arguments of the same type could be swapped unnoticed, so a struct names them.
        let by_name = format_ident!("{ident}Required");
        let doc = format!(" The required fields of [`{ident}`].");
        let docs = required.iter().map(|(_, field)| docs(field));
        vec![
            quote! {
                #[doc = #doc]
                #[derive(Clone)]
                pub struct #by_name { #( #docs pub #names: #types, )* }
            },
            quote! {
                impl From<#by_name> for #ident {
                    #[inline]
                    fn from(required: #by_name) -> Self {
                        Self { #( #names: required.#names, )* #rest }
                    }
                }
            },
        ]
    }

    fn setters(&self) -> Vec<TokenStream> {
        let ident = self.ident;
        // A setter of such a name would hide the method that every type has.
        let taken = ["new", "clone", "default", "eq", "ne", "fmt"];
        let free =
            self.optional.iter().filter(|(name, _)| taken.iter().all(|taken| *name != taken));
        let setters = free.filter_map(|(name, field)| {
            let (ty, made) = taken_as(value(&field.ty)?, &quote! { value });
            let docs = attributes(&[sentence(&description(field), &name.to_string())]);
            Some(quote! {
                #docs
                #[must_use]
                pub fn #name(mut self, value: #ty) -> Self {
                    self.#name = Some(#made);
                    self
                }
            })
        });
        let extra = self.extra.iter().map(|(name, field)| {
            let ty = &field.ty;
            quote! {
                /// Sets all fields that have no setter of their own.
                #[must_use]
                pub fn #name(mut self, value: impl Into<#ty>) -> Self {
                    self.#name = value.into();
                    self
                }
            }
        });
        let setters: Vec<_> = setters.chain(extra).collect();
        if setters.is_empty() {
            Vec::new()
        } else {
            vec![quote! { impl #ident { #( #setters )* } }]
        }
    }
}

fn docs(field: &Field) -> TokenStream {
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    quote! { #( #docs )* }
}

/// The text of a field's documentation.
fn description(field: &Field) -> String {
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines = docs.filter_map(|doc| {
        let text = &doc.meta.require_name_value().ok()?.value;
        Some(syn::parse2::<LitStr>(text.to_token_stream()).ok()?.value().trim().to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_map(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "BTreeMap")
}

/// The type of a parameter for a value of this type, and the conversion: anything that
/// converts, and for a list any iterator over such items.
fn taken_as(ty: &Type, value: &TokenStream) -> (TokenStream, TokenStream) {
    match argument(ty, "Vec") {
        Some(item) => (
            quote! { impl IntoIterator<Item = impl Into<#item>> },
            quote! { #value.into_iter().map(Into::into).collect() },
        ),
        None => (quote! { impl Into<#ty> }, quote! { #value.into() }),
    }
}

/// `T` of `Option<T>`.
fn value(ty: &Type) -> Option<&Type> {
    argument(ty, "Option")
}
