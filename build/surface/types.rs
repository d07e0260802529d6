//! The Rust types that progenitor chose for parameters, bodies and responses, and for
//! their fields.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{
    FnArg, GenericArgument, Ident, ImplItem, ImplItemFn, Item, LitStr, Meta, PathArguments,
    ReturnType, Token, Type, WherePredicate,
};

/// The types of one operation.
#[derive(Default)]
pub struct Operation {
    pub setters: BTreeMap<String, Type>,
    pub success: Option<Type>,
}

/// The types of a generated client.
pub struct Types {
    operations: BTreeMap<String, Operation>,
    /// By type name: the fields by their name on the wire.
    structs: BTreeMap<String, BTreeMap<String, Type>>,
    /// The same with the fields' Rust names.
    idents: BTreeMap<String, BTreeMap<String, (Ident, Type)>>,
    /// By the name of a type without fields: the type that it wraps.
    wrappers: BTreeMap<String, Type>,
}

impl Types {
    /// Reads the types from progenitor's code.
    pub fn of(file: &syn::File) -> Self {
        let mut types = Self {
            operations: BTreeMap::new(),
            structs: BTreeMap::new(),
            idents: BTreeMap::new(),
            wrappers: BTreeMap::new(),
        };
        for item in &file.items {
            let Item::Mod(module) = item else { continue };
            let items =
                module.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default();
            match module.ident.to_string().as_str() {
                "builder" => types.read_operations(items),
                "types" => types.read_structs(items),
                _ => {}
            }
        }
        types
    }

    /// The types of an operation, by the name of progenitor's request type.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.get(name)
    }

    /// The type of a field, at a JSON pointer into a value of `ty`, without its `Option`.
    pub fn field(&self, ty: &Type, pointer: &str) -> Option<Type> {
        let mut ty = present(ty).clone();
        for wire in pointer.split('/').skip(1) {
            let mut name = type_name(&ty)?;
            while let Some(inner) = self.wrappers.get(&name) {
                name = type_name(inner)?;
            }
            ty = present(self.structs.get(&name)?.get(wire)?).clone();
        }
        Some(ty)
    }

    /// An expression for an `Option` of a reference to a field, given `of`, a reference
    /// to a value of `ty`. It has no closures: of thousands, each is dear to compile.
    pub fn getter(&self, ty: &Type, pointer: &str, of: TokenStream) -> Option<TokenStream> {
        let (wire, rest) = match pointer.strip_prefix('/')?.split_once('/') {
            Some((wire, rest)) => (wire, format!("/{rest}")),
            None => (pointer.strip_prefix('/')?, String::new()),
        };
        let (field, field_type) = self.idents.get(&type_name(present(ty))?)?.get(wire)?;
        Some(match (argument(field_type, "Option"), rest.is_empty()) {
            (Some(_), true) => quote! { #of.#field.as_ref() },
            (None, true) => quote! { Some(&#of.#field) },
            (Some(inner), false) => {
                let rest = self.getter(inner, &rest, quote! { value })?;
                quote! { match &#of.#field { Some(value) => #rest, None => None } }
            }
            (None, false) => self.getter(field_type, &rest, quote! { #of.#field })?,
        })
    }

    /// Whether a field is required.
    pub fn is_required(&self, ty: &Type, wire: &str) -> bool {
        let field = type_name(ty).and_then(|name| self.structs.get(&name)?.get(wire));
        field.is_some_and(|ty| argument(ty, "Option").is_none())
    }

    /// The type of a list's items; the list may be a named type.
    pub fn item(&self, ty: &Type) -> Option<Type> {
        let ty = present(ty);
        match argument(ty, "Vec") {
            Some(item) => Some(item.clone()),
            None => self.item(self.wrappers.get(&type_name(ty)?)?),
        }
    }

    /// The path of a type, seen from a module beside `types`.
    pub fn named(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Path(path) if path.qself.is_none() => {
                let mut path = path.clone();
                for segment in &mut path.path.segments {
                    if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                        for argument in &mut arguments.args {
                            if let GenericArgument::Type(inner) = argument
                                && let Ok(named) = syn::parse2(self.named(inner))
                            {
                                *inner = named;
                            }
                        }
                    }
                }
                let is_ours = path.path.get_ident().is_some_and(|ident| {
                    let name = ident.to_string();
                    self.structs.contains_key(&name) || self.wrappers.contains_key(&name)
                });
                if is_ours {
                    quote! { types::#path }
                } else {
                    quote! { #path }
                }
            }
            other => quote! { #other },
        }
    }

    fn read_operations(&mut self, items: &[Item]) {
        for item in items {
            let Item::Impl(block) = item else { continue };
            let Some(name) = type_name(&block.self_ty) else { continue };
            let operation = self.operations.entry(name).or_default();
            for item in &block.items {
                let ImplItem::Fn(function) = item else { continue };
                if function.sig.ident == "send" {
                    operation.success = success(&function.sig.output);
                } else if let Some(ty) = setter(function) {
                    operation.setters.insert(function.sig.ident.to_string(), ty);
                }
            }
        }
    }

    fn read_structs(&mut self, items: &[Item]) {
        for item in items {
            let Item::Struct(item) = item else { continue };
            let name = item.ident.to_string();
            let mut fields = BTreeMap::new();
            for field in &item.fields {
                match &field.ident {
                    Some(ident) => {
                        let wire = wire_name(field, &ident.to_string());
                        let idents = self.idents.entry(name.clone()).or_default();
                        idents.insert(wire.clone(), (ident.clone(), field.ty.clone()));
                        fields.insert(wire, field.ty.clone());
                    }
                    None => drop(self.wrappers.insert(name.clone(), field.ty.clone())),
                }
            }
            if !self.wrappers.contains_key(&name) {
                self.structs.insert(name, fields);
            }
        }
    }
}

/// The field's name on the wire; empty for a flattened field.
fn wire_name(field: &syn::Field, ident: &str) -> String {
    let serde = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let metas = serde
        .filter_map(|a| a.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok());
    for meta in metas.flatten() {
        if meta.path().is_ident("flatten") {
            return String::new();
        }
        if let Meta::NameValue(pair) = &meta
            && pair.path.is_ident("rename")
            && let Ok(text) = syn::parse2::<LitStr>(quote::ToTokens::to_token_stream(&pair.value))
        {
            return text.value();
        }
    }
    ident.to_owned()
}

/// The last segment of a path, without its arguments.
pub fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// `T` of `Option<T>`, or the type itself.
pub fn present(ty: &Type) -> &Type {
    argument(ty, "Option").unwrap_or(ty)
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
fn success(output: &ReturnType) -> Option<Type> {
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
