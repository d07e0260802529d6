//! Drops generated code that nobody calls: builders of answers, a constructor that panics, examples that do not run.

use std::collections::BTreeSet;

use serde_json::Value;
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, Type};

use crate::generate::schema::{component_name, components, operations};

/// The components that a request body is made of; only these keep a builder.
pub fn request_types(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, _, operation) in operations(document) {
        if let Some(body) = operation.get("requestBody") {
            reach(body, document, &mut found);
        }
    }
    found
}

fn reach(value: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let Some(name) = component_name(text) else {
                return;
            };
            if found.insert(name.to_owned())
                && let Some((_, schema)) = components(document).find(|(other, _)| *other == name)
            {
                reach(schema, document, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, document, found)),
        Value::Object(members) => members.values().for_each(|member| reach(member, document, found)),
        _ => {}
    }
}

/// Prunes a generated file.
pub fn prune(file: &mut syn::File, request_types: &BTreeSet<String>) {
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                if let Some((_, items)) = &mut module.content {
                    prune_types(items, request_types);
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                block.items.retain(|item| !matches!(item, ImplItem::Fn(f) if f.sig.ident == "new"));
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        function.attrs.iter_mut().for_each(drop_example);
                    }
                }
            }
            _ => {}
        }
    }
    file.items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "prelude"));
}

fn prune_types(items: &mut Vec<Item>, request_types: &BTreeSet<String>) {
    items.retain(|item| match item {
        // `impl X { pub fn builder() }` is the only inherent impl of a generated struct.
        Item::Impl(block) => block.trait_.is_some() || is_kept(&block.self_ty, request_types),
        _ => true,
    });
    for item in items {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            items.retain(|item| match item {
                Item::Struct(item) => request_types.contains(&item.ident.to_string()),
                Item::Impl(block) => is_kept(&block.self_ty, request_types),
                _ => true,
            });
        }
    }
}

fn is_kept(ty: &Type, request_types: &BTreeSet<String>) -> bool {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| request_types.contains(&last.ident.to_string()))
        }
        _ => true,
    }
}

/// The generated example of an operation is marked `ignore`: it shows nothing that compiles.
fn drop_example(attribute: &mut Attribute) {
    if let Meta::NameValue(meta) = &mut attribute.meta
        && let Expr::Lit(expression) = &mut meta.value
        && let Lit::Str(text) = &mut expression.lit
    {
        let value = text.value();
        if let Some((before, _)) = value.split_once("```ignore") {
            *text = syn::LitStr::new(before.trim_end(), text.span());
        }
    }
}
