//! Drops generated code that nobody calls: builders of types, a constructor that panics, examples that do not run.

use quote::ToTokens;
use syn::{Attribute, Expr, Fields, Ident, ImplItem, Item, Lit, Meta};

/// Prunes a generated file.
pub fn prune(file: &mut syn::File) {
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                if let Some((_, items)) = &mut module.content {
                    prune_types(items);
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                block.items.retain(|item| !matches!(item, ImplItem::Fn(f) if is_constructor(&f.sig.ident)));
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        function.attrs.iter_mut().for_each(shorten);
                    }
                }
            }
            // The transport has the base and the HTTP client.
            Item::Struct(client) => {
                if let Fields::Named(fields) = &mut client.fields {
                    let kept = std::mem::take(&mut fields.named).into_iter();
                    fields.named =
                        kept.filter(|field| field.ident.as_ref().is_some_and(|name| name == "inner")).collect();
                }
            }
            _ => {}
        }
    }
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        // Imports of what the calls no longer name, and an assertion that hooks exist, which they no longer use.
        Item::Use(import) => !import.to_token_stream().to_string().contains("runtime"),
        Item::Const(_) => false,
        Item::Impl(block) => block.trait_.is_none() && !block.items.is_empty(),
        _ => true,
    });
}

/// The client is made by its builder. No operation has these names: the lint refuses them.
fn is_constructor(name: &Ident) -> bool {
    name == "new" || name == "new_with_client"
}

/// `requests` has setters on the types themselves.
fn prune_types(items: &mut Vec<Item>) {
    items.retain(|item| match item {
        Item::Mod(module) => module.ident != "builder",
        // `impl X { pub fn builder() }` is the only inherent impl of a generated type.
        Item::Impl(block) => block.trait_.is_some(),
        _ => true,
    });
    let uses_errors = items
        .iter()
        .any(|item| !matches!(item, Item::Mod(_)) && item.to_token_stream().to_string().contains("ConversionError"));
    items.retain(|item| uses_errors || !matches!(item, Item::Mod(module) if module.ident == "error"));
}

/// The parameters are documented on their setters, and the generated example is marked `ignore`: it shows nothing that compiles.
fn shorten(attribute: &mut Attribute) {
    if let Meta::NameValue(meta) = &mut attribute.meta
        && let Expr::Lit(expression) = &mut meta.value
        && let Lit::Str(text) = &mut expression.lit
    {
        let value = text.value();
        let end = ["\n\nArguments:", "```ignore"].into_iter().filter_map(|mark| value.find(mark)).min();
        if let Some(kept) = end.and_then(|end| value.get(..end)) {
            *text = syn::LitStr::new(kept.trim_end(), text.span());
        }
    }
}
