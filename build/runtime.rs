//! The runtime under the generated code is ours: one identifier changes, nothing else.

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
