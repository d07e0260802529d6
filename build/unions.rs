//! Turns `x-one-of` into an enum that decodes by its discriminator, at any position in
//! the object.

use quote::{format_ident, quote};
use serde_json::{Value, json};

use crate::generate::print;
use crate::generate::schema::{
    Replacement, component_name, components, components_mut, text, variant_names,
};

/// The code of a spec's unions, and the paths that replace their components.
pub struct Unions {
    pub code: String,
    pub replacements: Vec<Replacement>,
}

/// Emits `mod unions`, and leaves an empty object in place of each union for the
/// generator to replace.
pub fn take(document: &mut Value, vendor: &str) -> Result<Unions, String> {
    let mut code = String::from(
        "/// Open unions: each keeps an object of an unknown kind.\npub mod unions {\n",
    );
    let mut replacements = Vec::new();
    for (name, schema) in components(document) {
        let Some(variants) = schema.get("x-one-of").and_then(Value::as_object) else {
            continue;
        };
        let ident = format_ident!("{name}");
        let doc = text(schema, "description");
        let discriminator = text(schema, "x-discriminator");
        let tags: Vec<&str> = variants.keys().map(String::as_str).collect();
        let names = variant_names(tags.iter().copied());
        let names: Vec<_> = names.iter().map(|variant| format_ident!("{variant}")).collect();
        let docs = tags.iter().map(|tag| format!("An object whose `{discriminator}` is `{tag}`."));
        let types = variants.values().filter_map(Value::as_str).filter_map(component_name);
        let types: Vec<_> = types.map(|name| format_ident!("{name}")).collect();
        let is_one = |ty: &&_| types.iter().filter(|other| other == ty).count() == 1;
        let froms: Vec<_> = names.iter().zip(&types).filter(|(_, ty)| is_one(ty)).collect();
        let (from_names, from_types): (Vec<_>, Vec<_>) = froms.into_iter().unzip();
        let common = match schema.get("x-common").and_then(Value::as_str).and_then(component_name) {
            Some(common) => {
                let common = format_ident!("{common}");
                quote! { super::types::#common }
            }
            None => quote! { crate::value::NoCommon },
        };
        let head = quote! {
            by #discriminator, common #common,
            from [ #( #from_names(super::types::#from_types) )* ]
        };
        let body = quote! {
            #[doc = #doc]
            pub enum #ident { #( #[doc = #docs] #names(super::types::#types) = #tags, )* }
        };
        code.push_str(&print::in_macro("crate::value::open_union!", &head.to_string(), body)?);
        replacements.push(Replacement {
            name: name.clone(),
            path: format!("crate::api::{vendor}::unions::{name}"),
            impls: Vec::new(),
        });
    }
    if let Some(schemas) = components_mut(document) {
        for schema in schemas.values_mut().filter(|schema| schema.get("x-one-of").is_some()) {
            *schema = json!({ "type": "object", "properties": {} });
        }
    }
    code.push_str("}\n");
    Ok(Unions { code, replacements })
}
