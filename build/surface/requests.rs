//! Emits the request of each operation: setters, `with`, `reconcile`, `items`, `pages`,
//! `send`, `IntoFuture`.

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Type;

use super::docs;
use super::row::{Body, Parameter, Place, Row, Success};
use super::types::{Operation, Types, argument, present};
use crate::generate::schema::texts;

/// One operation, with the types that progenitor gave it.
pub struct Request<'a> {
    pub row: &'a Row<'a>,
    /// Its place in the table.
    pub number: usize,
    pub types: &'a Types,
    pub operation: &'a Operation,
    /// Whether this is a variant with the same setters as its operation, and so of its
    /// type.
    pub is_shared: bool,
    /// The type of the subject that shows this decision, if it can be read back within
    /// its call.
    pub judged: Option<TokenStream>,
}

/// One argument of a method, or one setter of a request.
pub struct Setter {
    pub name: String,
    /// The type of the value, without bounds.
    pub ty: TokenStream,
    pub is_list: bool,
    /// Whether the value is a list that is sent as one text, joined by commas.
    pub is_comma: bool,
    pub is_id: bool,
    /// The call on the draft, such as `set(3, value)`.
    pub call: TokenStream,
    pub docs: String,
    /// The parameter's name, or a JSON pointer into the body.
    pub target: String,
}

impl<'a> Request<'a> {
    /// The names of its setters and what else decides whether two requests share a type.
    pub fn shape(&self) -> Result<(Vec<String>, bool, bool), String> {
        let (_, setters) = self.setters()?;
        let has_whole = self.row.positional.contains(&"");
        Ok((
            setters.into_iter().map(|setter| setter.name).collect(),
            has_whole,
            self.judged.is_some(),
        ))
    }

    /// The name of the request type.
    pub fn ident(&self) -> syn::Ident {
        let id = self.row.id.to_upper_camel_case();
        match self.row.variant {
            Some(variant) if !self.is_shared => {
                let resource = self.row.resource.to_upper_camel_case();
                format_ident!("{resource}{}", variant.to_upper_camel_case())
            }
            _ => format_ident!("{id}"),
        }
    }

    /// The arguments of the method, then the setters of the request.
    pub fn setters(&self) -> Result<(Vec<Setter>, Vec<Setter>), String> {
        let (mut arguments, mut setters) = (Vec::new(), Vec::new());
        for (number, parameter) in self.row.parameters.iter().enumerate() {
            let setter = self.parameter(number, parameter)?;
            if parameter.place == Place::Path {
                arguments.push(setter)
            } else {
                setters.push(setter)
            }
        }
        if self.row.path.contains("-{filters}")
            && self.row.parameters.iter().any(|p| p.place == Place::Matrix)
        {
            setters.push(Setter {
                name: "filter".to_owned(),
                ty: TokenStream::new(),
                is_list: false,
                is_comma: false,
                is_id: false,
                call: quote! { filter(name, value) },
                docs: "Adds a filter by name, for filters that have no setter.".to_owned(),
                target: String::new(),
            });
        }
        for pointer in &self.row.positional {
            arguments.push(if pointer.is_empty() {
                self.whole("body")?
            } else {
                let setter = self.member(pointer)?;
                let call = setter.call;
                Setter { call: quote! { #call.not_blank(#pointer) }, ..setter }
            });
        }
        let is_set = |pointer: &str| {
            self.row.positional.contains(&pointer)
                || self.row.constants.iter().any(|(known, _)| *known == pointer)
        };
        for member in self.row.members.list.iter().filter(|member| !is_set(&member.pointer)) {
            // A field that the body's type lacks was dropped as unconfirmed.
            if let Ok(setter) = self.member(&member.pointer) {
                setters.push(setter);
            }
        }
        Ok((arguments, setters))
    }

    fn parameter(&self, number: usize, parameter: &Parameter<'_>) -> Result<Setter, String> {
        let progenitors = super::row::setter_name(parameter.name);
        let ty = self.operation.setters.get(&progenitors);
        let ty = ty.ok_or_else(|| format!("no setter was generated for `{}`", parameter.name))?;
        let is_id = parameter.place == Place::Path;
        let (ty, is_comma) = match parameter.comma_of {
            Some("string") => (quote! { String }, true),
            Some(reference) => {
                let name = crate::generate::schema::component_name(reference)
                    .ok_or("x-comma-of names no component")?;
                let name = format_ident!("{name}");
                (quote! { enums::#name }, true)
            }
            None => (self.types.named(present(ty)), false),
        };
        let call = match (is_id, is_comma) {
            (true, _) => quote! { id::<#ty>(#number, value) },
            (_, true) => quote! { list::<#ty>(#number, value) },
            _ => quote! { set::<#ty>(#number, value) },
        };
        Ok(Setter {
            name: parameter.setter.clone(),
            ty,
            is_list: false,
            is_comma,
            is_id,
            call,
            docs: sentence(parameter.description, parameter.name),
            target: parameter.name.to_owned(),
        })
    }

    fn body_type(&self) -> Result<&Type, String> {
        self.operation
            .setters
            .get("body")
            .ok_or_else(|| "no type was generated for the body".to_owned())
    }

    fn member(&self, pointer: &str) -> Result<Setter, String> {
        let member = self.row.members.list.iter().find(|member| member.pointer == pointer);
        let member = member.ok_or_else(|| format!("the body has no field at {pointer}"))?;
        let ty = self.types.field(self.body_type()?, pointer);
        let ty = ty.ok_or_else(|| format!("the body's type has no field at {pointer}"))?;
        let (ty, is_list) = match argument(&ty, "Vec") {
            Some(item) => (self.types.named(item), true),
            None => (self.types.named(&ty), false),
        };
        let call = match is_list {
            true => quote! { members::<#ty>(#pointer, value) },
            false => quote! { member::<#ty>(#pointer, value) },
        };
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let docs = member.schema.get("description").and_then(Value::as_str).unwrap_or_default();
        Ok(Setter {
            name: member.setter.clone(),
            ty,
            is_list,
            is_comma: false,
            is_id: false,
            call,
            docs: sentence(docs, name),
            target: pointer.to_owned(),
        })
    }

    /// The whole body, as one argument.
    pub fn whole(&self, name: &str) -> Result<Setter, String> {
        let (ty, is_list, call) = match self.row.body {
            Body::Multipart => (quote! { MultipartForm }, false, quote! { form(value) }),
            Body::Bytes(_) | Body::Lines(..) => (quote! { Bytes }, false, quote! { bytes(value) }),
            _ => match self.types.item(self.body_type()?) {
                Some(item) if self.row.members.list.is_empty() => {
                    let item = self.types.named(&item);
                    (quote! { #item }, true, quote! { whole_list::<#item>(value) })
                }
                _ => {
                    let ty = self.types.named(self.body_type()?);
                    (quote! { #ty }, false, quote! { whole::<#ty>(value) })
                }
            },
        };
        let docs = match self.row.body {
            Body::Bytes(media) => format!("Sets the body, of media type `{media}`."),
            Body::Lines(media, most) => format!(
                "Sets the body, of media type `{media}`: one JSON object per line, at most {most}."
            ),
            Body::Multipart => "Sets the body, a multipart form.".to_owned(),
            _ if self.row.members.list.is_empty() => "Sets the body.".to_owned(),
            _ => "Sets the whole body. Call it before the setters of its fields: after one of \
                  those, sending fails."
                .to_owned(),
        };
        let (name, target) = (name.to_owned(), String::new());
        Ok(Setter { name, ty, is_list, is_comma: false, is_id: false, call, docs, target })
    }

    /// The type of the reply, and the method of a draft that decodes it.
    pub fn reply(&self) -> Result<(TokenStream, &'static str), String> {
        if matches!(self.row.success, Success::Empty) {
            return Ok((quote! { () }, "empty"));
        }
        if matches!(self.row.success, Success::Bytes(_)) {
            return Ok((quote! { ByteStream }, "stream"));
        }
        if self.row.pages.is_some() {
            let item = self.item()?;
            return Ok((quote! { Page<#item> }, "page"));
        }
        let ty = self.types.named(&super::answer_type(self.row, self.types)?);
        Ok(match self.row.success {
            Success::OptionalJson => (quote! { Option<#ty> }, "optional"),
            _ => (ty, "json"),
        })
    }

    /// The type of a list's items.
    pub fn item(&self) -> Result<TokenStream, String> {
        let success = self.operation.success.as_ref().ok_or("no response type was generated")?;
        let pages = self.row.pages.as_ref().ok_or("the operation is not paged")?;
        let items = pages.get("items").ok_or("x-pages names no items")?;
        let mut lists = texts(Some(items)).into_iter().filter_map(|pointer| {
            let list = if pointer.is_empty() {
                present(success).clone()
            } else {
                self.types.field(success, pointer)?
            };
            self.types.item(&list)
        });
        let item = lists.next().ok_or("the response has no list where x-pages says")?;
        Ok(self.types.named(&item))
    }

    /// Emits the request type and its methods.
    pub fn code(&self) -> Result<TokenStream, String> {
        let ident = self.ident();
        let (_, setters) = self.setters()?;
        let setters = setters.iter().map(Setter::code);
        let has_body = !matches!(self.row.body, Body::None) && !self.row.positional.contains(&"");
        let body = if has_body { Some(self.whole("body")?.code()) } else { None };
        let (reply, decode) = self.reply()?;
        let send = match decode {
            "empty" | "stream" => {
                let decode = format_ident!("{decode}");
                quote! { self.0.#decode() }
            }
            "page" => {
                let item = self.item()?;
                quote! { self.0.page::<#item>() }
            }
            _ => {
                let ty = self.types.named(&super::answer_type(self.row, self.types)?);
                let decode = format_ident!("{decode}");
                quote! { self.0.#decode::<#ty>() }
            }
        };
        let reconcile = self.judged.as_ref().map(|judged| {
            let docs = docs::attributes(&RECONCILE.map(str::to_owned));
            quote! {
                #docs
                #[inline]
                pub fn reconcile(self, reconcile: bool) -> Self {
                    Self(self.0.reconcile(reconcile, crate::api::judge::<#judged>))
                }
            }
        });
        let walk = match self.row.pages {
            Some(_) => {
                let item = self.item()?;
                Some(quote! {
                    #[doc = " Starts at the [`next`](Page::next) of an earlier page."]
                    #[inline]
                    pub fn start_at(self, next: impl Into<String>) -> Self {
                        Self(self.0.start_at(next.into()))
                    }
                    #[doc = " Returns a stream of all items, which keeps one page in memory."]
                    #[inline]
                    pub fn items(self) -> Items<#item> {
                        self.0.items::<#item>()
                    }
                    #[doc = " Returns a stream of all pages."]
                    #[inline]
                    pub fn pages(self) -> Pages<#item> {
                        self.0.pages::<#item>()
                    }
                })
            }
            None => None,
        };
        let resource = self.row.resource.to_upper_camel_case();
        let doc = format!(
            " A request that [`{resource}::{0}`](super::resources::{resource}::{0}) returns.",
            self.row.verb
        );
        Ok(quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #ident(pub(super) Draft);
            impl #ident {
                #( #setters )*
                #body
                #reconcile
                #walk
                #[doc = " Sets options for this call, which add to the client's and override them."]
                #[inline]
                pub fn with(self, options: CallOptions) -> Self {
                    Self(self.0.with(options))
                }
                #[doc = " Sends the request, as awaiting it does."]
                #[inline]
                pub fn send(self) -> Pending<#reply> {
                    #send
                }
            }
            impl IntoFuture for #ident {
                type Output = Result<Reply<#reply>, Error>;
                type IntoFuture = Pending<#reply>;
                #[inline]
                fn into_future(self) -> Pending<#reply> {
                    self.send()
                }
            }
        })
    }
}

impl Setter {
    /// The type that an argument or setter takes, with its bounds.
    pub fn taken(&self) -> TokenStream {
        let ty = &self.ty;
        match (self.is_id, self.is_list) {
            (true, _) => quote! { impl IntoId<#ty> },
            (_, true) => quote! { impl IntoIterator<Item = impl IntoValue<#ty>> },
            _ if self.is_comma => quote! { impl IntoList<#ty> },
            _ if ty.to_string() == "MultipartForm" => quote! { MultipartForm },
            _ if ty.to_string() == "Bytes" => quote! { impl Into<Bytes> },
            _ => quote! { impl IntoValue<#ty> },
        }
    }

    /// What the documentation of a method says of this argument.
    pub fn described(&self) -> String {
        let wire = self.target.rsplit('/').next().unwrap_or_default();
        match self.docs.split_once("`: ") {
            Some((_, description)) => format!("- `{}`: {description}", self.name),
            None => format!("- `{}`: The field `{wire}`.", self.name),
        }
    }

    fn code(&self) -> TokenStream {
        let (name, taken, call) = (format_ident!("{}", self.name), self.taken(), &self.call);
        let docs = docs::attributes(std::slice::from_ref(&self.docs));
        if self.ty.is_empty() {
            return quote! {
                #docs
                #[inline]
                pub fn #name(self, name: impl Into<String>, value: impl Into<String>) -> Self {
                    Self(self.0.filter(name.into(), value.into()))
                }
            };
        }
        quote! {
            #docs
            #[inline]
            pub fn #name(self, value: #taken) -> Self {
                Self(self.0.#call)
            }
        }
    }
}

/// What [`Request::code`] says of `reconcile`.
const RECONCILE: [&str; 2] = [
    "Sets whether this call reads the subject back if the outcome is unknown. Off by default.",
    "The reply is then the subject as read; see [`Reconcile`](crate::Reconcile). If the read \
     proves that nothing was applied, the decision is sent again, once.",
];

/// The documentation of a setter, from the description of its parameter or field.
pub fn sentence(description: &str, name: &str) -> String {
    match description.trim() {
        "" => format!("Sets `{name}`."),
        description => format!("Sets `{name}`: {description}"),
    }
}
