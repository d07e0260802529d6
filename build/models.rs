//! Emits how types are decoded and encoded: each lists its fields once, and
//! `crate::value::json` does the rest.
//!
//! Replaces serde's derive, whose code for each field every user would compile.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Item, ItemStruct, LitStr, Meta, Path, Token};

use super::surface::types::argument;

/// What serde's attributes say about a field.
#[derive(Default)]
struct Serde {
    name: Option<String>,
    is_flattened: bool,
    /// Whether the field is required but may be null.
    is_nullable: bool,
}

/// Removes everything but the types from progenitor's code, and the builders from those.
pub fn keep_types(file: &mut syn::File) {
    file.items.retain(|item| matches!(item, Item::Mod(module) if module.ident == "types"));
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = &mut module.content else { continue };
        items.retain(|item| match item {
            Item::Mod(module) => module.ident != "builder",
            // The only inherent impl of a generated type is that of `builder()`.
            Item::Impl(block) => block.trait_.is_some(),
            _ => true,
        });
        let is_parsed = |block: &syn::ItemImpl| {
            let name = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
            name.is_some_and(|name| name.ident == "FromStr" || name.ident == "TryFrom")
        };
        let uses_errors =
            items.iter().any(|item| matches!(item, Item::Impl(block) if is_parsed(block)));
        items.retain(|item| {
            uses_errors || !matches!(item, Item::Mod(module) if module.ident == "error")
        });
        let imports: [syn::ItemUse; 2] = [
            syn::parse_quote! {
                use crate::value::{
                    BTreeMap, CalendarDate, Map, Patch, Personal, Timestamp, Value, json,
                };
            },
            syn::parse_quote! { use super::{enums, ids, unions}; },
        ];
        items.splice(0..0, imports.into_iter().map(Item::Use));
    }
}

/// Rewrites every struct in `mod types`, and returns the module that reads and writes
/// them. Types that wrap another one keep serde's derives.
pub fn rewrite(file: &mut syn::File, only_received: &BTreeSet<String>) -> Result<String, String> {
    let mut code = String::from(HEAD);
    let mut names = String::new();
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = module.content.as_mut().filter(|_| module.ident == "types") else {
            continue;
        };
        for item in items {
            let Item::Struct(item) = item else { continue };
            let name = item.ident.to_string();
            if let Fields::Named(_) = item.fields {
                code.push_str(&model(item, &name, !only_received.contains(&name))?);
                names.push_str(&format!(" {name}"));
            } else {
                code.push_str(&WRAPPER.replace("NAME", &name));
            }
        }
    }
    Ok(code + &format!("    json::model! {{{names} }}\n}}\n"))
}

const HEAD: &str = "/// How the types are read and written.
#[allow(unused_imports, clippy::wildcard_imports)] // what a vendor's types need differs
mod models {
    use super::types::*;
    use crate::value::json::{self, Json};
    use serde_json::Value;
";

/// It keeps serde's derives, but as a field it is read through `Json`.
const WRAPPER: &str = "    impl json::Json for NAME {
        fn blank() -> Self {
            Self(json::Json::blank())
        }
        fn fill(&mut self, reader: &mut json::Reader<'_>) -> Result<(), json::Stop> {
            self.0.fill(reader)
        }
        fn to_json(&self) -> Option<Value> {
            json::Json::to_json(&self.0)
        }
    }
";

/// Emits text, because parsing and printing it would take a tenth of the generator's
/// time.
fn model(item: &mut ItemStruct, name: &str, is_made_up: bool) -> Result<String, String> {
    keep_derives(&mut item.attrs, is_made_up)?;
    // So that a field that is added or confirmed later breaks no caller.
    item.attrs.push(syn::parse_quote! { #[non_exhaustive] });
    // The reader marks the fields that it has met in a bit set.
    if item.fields.len() > 128 {
        return Err(format!("{name}: more than 128 fields"));
    }
    let (mut fields, mut blanks) = (String::new(), String::new());
    let (mut slots, mut values) = (String::new(), String::new());
    for field in &mut item.fields {
        let serde = take_serde(&mut field.attrs)?;
        let Some(member) = &field.ident else { continue };
        let wire = serde.name.unwrap_or_else(|| member.to_string());
        let is_nullable = serde.is_nullable;
        let is_optional = argument(&field.ty, "Option").is_some();
        let field = match (serde.is_flattened, is_nullable) {
            (true, _) => "json::rest()".to_owned(),
            (false, true) => format!("json::nullable({wire:?})"),
            (false, false) if is_optional => format!("json::optional({wire:?})"),
            (false, false) => format!("json::required({wire:?})"),
        };
        fields.push_str(&format!("            {field},\n"));
        let blank = if is_optional { "None" } else { "json::Json::blank()" };
        blanks.push_str(&format!("                {member}: {blank},\n"));
        slots.push_str(&format!("                &mut self.{member},\n"));
        values.push_str(&format!("                &self.{member},\n"));
    }
    Ok(format!(
        "    impl json::Model for {name} {{
        const NAME: &'static str = {name:?};
        const FIELDS: &'static [json::Field] = &[
{fields}        ];
        #[inline]
        fn blank() -> Self {{
            Self {{
{blanks}            }}
        }}
        #[inline]
        fn fill(&mut self, reader: &mut json::Reader<'_>) -> Result<(), json::Stop> {{
            json::fill_object(reader, Self::FIELDS, &mut [
{slots}            ])
        }}
        #[inline]
        fn values(&self) -> Vec<&dyn json::Member> {{
            vec![
{values}            ]
        }}
    }}
"
    ))
}

/// Keeps `Clone`, and `Default` on types that a caller builds.
fn keep_derives(attributes: &mut [Attribute], is_made_up: bool) -> Result<(), String> {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        let has_default =
            paths.map_err(|error| error.to_string())?.iter().any(|path| path.is_ident("Default"));
        *attribute = if is_made_up && has_default {
            syn::parse_quote! { #[derive(Clone, Default)] }
        } else {
            syn::parse_quote! { #[derive(Clone)] }
        };
    }
    Ok(())
}

/// Removes serde's attributes and returns what they say.
fn take_serde(attributes: &mut Vec<Attribute>) -> Result<Serde, String> {
    let mut found = Serde::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        for meta in metas.map_err(|error| error.to_string())? {
            let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
            match (name.as_str(), &meta) {
                ("rename", Meta::NameValue(pair)) => {
                    let text: LitStr = syn::parse2(pair.value.to_token_stream())
                        .map_err(|error| error.to_string())?;
                    found.name = Some(text.value());
                }
                ("flatten", _) => found.is_flattened = true,
                ("deserialize_with", _) => found.is_nullable = true,
                ("skip_serializing_if" | "default", _) => {}
                (other, _) => return Err(format!("unknown serde attribute `{other}`")),
            }
        }
    }
    attributes.retain(|attribute| !attribute.path().is_ident("serde"));
    Ok(found)
}
