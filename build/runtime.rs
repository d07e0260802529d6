//! The runtime under the generated code is ours: one identifier changes. Half of the code goes before anybody parses it.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

/// Replaces the identifier `progenitor_client` by the path `crate::runtime`.
pub fn substitute(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "progenitor_client" => out.extend(quote! { crate::runtime }),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), substitute(group.stream()));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            token => out.extend([token]),
        }
    }
    out
}

/// Leaves out the module `builder` within the module `types`: types have setters of their own.
pub fn without_type_builders(tokens: TokenStream) -> TokenStream {
    within(tokens, "types", &mut |types| within(types, "builder", &mut |_| TokenStream::new()))
}

/// Changes the content of a module.
fn within(tokens: TokenStream, name: &str, change: &mut dyn FnMut(TokenStream) -> TokenStream) -> TokenStream {
    let (mut out, mut last, mut is_module) = (TokenStream::new(), String::new(), false);
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) if is_module => {
                TokenTree::Group(Group::new(group.delimiter(), change(group.stream())))
            }
            token => token,
        };
        let text = if let TokenTree::Ident(ident) = &token { ident.to_string() } else { String::new() };
        is_module = last == "mod" && text == name;
        last = text;
        out.extend([token]);
    }
    out
}
