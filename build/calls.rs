//! The request of each operation: progenitor's builders, with one line into our runtime in place of each body.
//!
//! Progenitor decides names and types. What it writes behind them (a field, a conversion and an error text for each parameter,
//! a whole HTTP request for each operation) is the same every time, and every user compiles it; the runtime has it once.

use std::collections::BTreeMap;

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, GenericArgument, Ident, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type, WherePredicate};

use crate::generate::operations::{Answer, Body, Parameter, Row};

/// What progenitor has decided of one operation.
#[derive(Default)]
struct Shape {
    setters: BTreeMap<String, Type>,
    answer: Option<Type>,
}

/// Replaces the requests of a generated client by our own, and returns the list of its calls as `operations!` has it.
pub fn slim(file: &mut syn::File, rows: &[Row<'_>]) -> Result<TokenStream, String> {
    let shapes = shapes(file);
    let mut requests = TokenStream::new();
    let mut methods = BTreeMap::new();
    let mut list = TokenStream::new();
    for (index, row) in rows.iter().enumerate() {
        let call = Call::new(row, &shapes).map_err(|what| format!("{}: no {what} was generated", row.id))?;
        requests.extend(call.request());
        list.extend(call.entry());
        let ident = &call.ident;
        methods.insert(
            row.id,
            quote! { { builder::#ident(crate::runtime::Call::new(&self.inner, &OPERATIONS[#index])) } },
        );
    }
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "builder" => {
                *module = parse(quote! {
                    /// One request type an operation: set its parameters, then send it.
                    pub mod builder {
                        use super::types;
                        use crate::Reply;
                        use crate::runtime::{ByteStream, Call};
                        #requests
                    }
                })?;
            }
            Item::Impl(block) if block.trait_.is_none() => point_methods(block, &mut methods)?,
            _ => {}
        }
    }
    match methods.keys().next() {
        Some(id) => Err(format!("{id}: no method was generated")),
        None => Ok(list),
    }
}

fn parse<T: syn::parse::Parse>(tokens: TokenStream) -> Result<T, String> {
    syn::parse2(tokens).map_err(|error| error.to_string())
}

/// Makes each method of the client build our request.
fn point_methods(block: &mut syn::ItemImpl, methods: &mut BTreeMap<&str, TokenStream>) -> Result<(), String> {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let Some(body) = methods.remove(function.sig.ident.to_string().as_str())
        {
            function.block = parse(body)?;
            // Generated code is compiled where it is called, and nowhere else.
            function.attrs.push(syn::parse_quote! { #[inline] });
        }
    }
    Ok(())
}

/// By the name of the request type.
fn shapes(file: &syn::File) -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::<String, Shape>::new();
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    for item in modules.flat_map(|(_, items)| items) {
        let Item::Impl(block) = item else { continue };
        let Type::Path(path) = &*block.self_ty else { continue };
        let Some(name) = path.path.segments.last() else { continue };
        let shape = shapes.entry(name.ident.to_string()).or_default();
        for item in &block.items {
            let ImplItem::Fn(function) = item else { continue };
            if function.sig.ident == "send" {
                shape.answer = answer(&function.sig.output);
            } else if let Some(ty) = setter(function) {
                shape.setters.insert(function.sig.ident.to_string(), ty);
            }
        }
    }
    shapes
}

/// `T` of `where V: TryInto<T>`.
fn setter(function: &ImplItemFn) -> Option<Type> {
    let takes_value = matches!(function.sig.inputs.iter().nth(1), Some(FnArg::Typed(_)));
    let clause = function.sig.generics.where_clause.as_ref().filter(|_| takes_value)?;
    clause.predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else { return None };
        let syn::TypeParamBound::Trait(bound) = predicate.bounds.first()? else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "TryInto")?;
        first_argument(&last.arguments).cloned()
    })
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn answer(output: &ReturnType) -> Option<Type> {
    match output {
        ReturnType::Type(_, ty) => argument(argument(ty, "Result")?, "ResponseValue").cloned(),
        ReturnType::Default => None,
    }
}

/// `T` of `Name<T>`.
pub fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    first_argument(&last.arguments)
}

fn first_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// One operation, with the types that progenitor gave it.
pub struct Call<'a> {
    pub row: &'a Row<'a>,
    ident: Ident,
    pub setters: Vec<(&'a Parameter<'a>, Ident, &'a Type)>,
    pub body: Option<&'a Type>,
    pub answer: &'a Type,
}

impl<'a> Call<'a> {
    fn new(row: &'a Row<'a>, shapes: &'a BTreeMap<String, Shape>) -> Result<Self, String> {
        let name = row.id.to_upper_camel_case();
        let shape = shapes.get(&name).ok_or("request")?;
        let setters = row.parameters.iter().map(|parameter| {
            let setter = setter_name(parameter.name);
            let ty = shape.setters.get(&setter).ok_or_else(|| format!("setter for `{}`", parameter.name))?;
            Ok((parameter, format_ident!("{setter}"), ty))
        });
        let setters = setters.collect::<Result<_, String>>()?;
        let body = match row.body {
            Body::Json { .. } | Body::Form => Some(shape.setters.get("body").ok_or("body")?),
            Body::None | Body::Multipart | Body::Bytes(_) => None,
        };
        Ok(Self { row, ident: format_ident!("{name}"), setters, body, answer: shape.answer.as_ref().ok_or("answer")? })
    }

    /// The request type.
    fn request(&self) -> TokenStream {
        let Self { row, ident, answer, .. } = self;
        let setters = self.setters.iter().enumerate().map(|(index, (parameter, setter, ty))| {
            let doc = match parameter.description {
                "" => format!("Sets `{}`.", parameter.name),
                description => description.to_owned(),
            };
            let (set, bound) = match parameter.place {
                "path" => (format_ident!("id"), quote! { TryInto<#ty, Error: Into<crate::InvalidId>> }),
                _ => (format_ident!("set"), quote! { TryInto<#ty> }),
            };
            quote! {
                #[doc = #doc]
                pub fn #setter<V: #bound>(self, value: V) -> Self {
                    Self(self.0.#set::<#ty, V>(#index, value))
                }
            }
        });
        let ty = self.body;
        let body = match row.body {
            Body::None => TokenStream::new(),
            Body::Json { .. } | Body::Form => quote! {
                /// Sets the body.
                pub fn body<V: TryInto<#ty>>(self, value: V) -> Self {
                    Self(self.0.body::<#ty, V>(value))
                }
            },
            Body::Multipart => quote! {
                /// Sets the body, a form of several parts.
                pub fn body(self, form: crate::MultipartForm) -> Self {
                    Self(self.0.form(form))
                }
            },
            Body::Bytes(media) => {
                let doc = format!("Sets the body, `{media}`.");
                quote! {
                    #[doc = #doc]
                    pub fn body(self, body: impl Into<bytes::Bytes>) -> Self {
                        Self(self.0.bytes(body.into()))
                    }
                }
            }
        };
        let (answer, decode) = match &row.answer {
            Answer::Json => (quote! { #answer }, quote! { json }),
            Answer::OptionalJson => (quote! { Option<#answer> }, quote! { optional }),
            Answer::Bytes(_) => (quote! { ByteStream }, quote! { stream }),
            Answer::Empty => (quote! { () }, quote! { empty }),
        };
        let doc = format!("The request of [`{0}`](super::Client::{0}).", row.id);
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #ident<'a>(pub(super) Call<'a>);
            impl #ident<'_> {
                #( #setters )*
                #body
                /// Sends it.
                pub async fn send(self) -> Result<Reply<#answer>, crate::Error> {
                    self.0.#decode().await
                }
            }
        }
    }
}

/// `filter[created-at]` -> `filter_created_at`, `type` -> `type_`: progenitor's rule.
fn setter_name(parameter: &str) -> String {
    let plain: String = parameter.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = plain.to_snake_case();
    if syn::parse_str::<Ident>(&name).is_ok() { name } else { format!("{name}_") }
}
