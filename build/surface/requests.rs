//! Emits the request of each operation: setters, `with`, `reconcile`, `items`, `pages`,
//! `send`, `IntoFuture`.

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Type;

use super::row::{Answer, Body, Parameter, Place, Row};
use super::types::{Operation, Types, argument, present};
use super::{docs, shape};

/// One operation, with the types that progenitor gave it.
pub struct Request<'a> {
    pub row: &'a Row<'a>,
    /// Its place in the table.
    pub number: usize,
    pub types: &'a Types,
    pub operation: &'a Operation,
    /// A variant that can be given what its operation can: it has the same type.
    pub is_shared: bool,
    /// A decision that can be read back within its call.
    pub reconciles: bool,
}

/// One argument of a method, or one setter of a request.
pub struct Setter {
    pub name: String,
    /// The type of what is taken, without bounds.
    pub ty: TokenStream,
    pub is_list: bool,
    /// A list that is one text, with commas between.
    pub is_comma: bool,
    pub is_id: bool,
    /// `set(3, value)` of a draft.
    pub call: TokenStream,
    pub docs: String,
    /// Where the value goes: a parameter's name, or a pointer into the body.
    pub target: String,
}

impl<'a> Request<'a> {
    /// What its setters are called, to see whether two requests can be one type.
    pub fn shape(&self) -> Result<(Vec<String>, bool, bool), String> {
        let (_, setters) = self.setters()?;
        let has_whole = self.row.positional.contains(&"");
        Ok((setters.into_iter().map(|setter| setter.name).collect(), has_whole, self.reconciles))
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
                docs: "Adds a filter by its name, for one that has no setter.".to_owned(),
                target: String::new(),
            });
        }
        for pointer in &self.row.positional {
            arguments.push(if pointer.is_empty() {
                self.whole("body")?
            } else {
                self.member(pointer)?
            });
        }
        let is_set = |pointer: &str| {
            self.row.positional.contains(&pointer)
                || self.row.constants.iter().any(|(known, _)| *known == pointer)
        };
        for member in self.row.members.list.iter().filter(|member| !is_set(&member.pointer)) {
            // What the body's type lacks was dropped as unconfirmed.
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
            Body::Bytes(media) => format!("Sets the body, `{media}`."),
            Body::Lines(media, most) => {
                format!("Sets the body, `{media}`: one JSON object a line, at most {most}.")
            }
            Body::Multipart => "Sets the body, a form of several parts.".to_owned(),
            _ if self.row.members.list.is_empty() => "Sets the body.".to_owned(),
            _ => "Sets the whole body. Refused when sent if one of its fields was set before."
                .to_owned(),
        };
        let (name, target) = (name.to_owned(), String::new());
        Ok(Setter { name, ty, is_list, is_comma: false, is_id: false, call, docs, target })
    }

    /// What a send gives: the type, and the way to it from a draft.
    pub fn reply(&self) -> Result<(TokenStream, &'static str), String> {
        if matches!(self.row.answer, Answer::Empty) {
            return Ok((quote! { () }, "empty"));
        }
        if matches!(self.row.answer, Answer::Bytes(_)) {
            return Ok((quote! { ByteStream }, "stream"));
        }
        if self.row.pages.is_some() {
            let item = self.item()?;
            return Ok((quote! { Page<#item> }, "page"));
        }
        let ty = self.types.named(&super::answer_type(self.row, self.types)?);
        Ok(match self.row.answer {
            Answer::OptionalJson => (quote! { Option<#ty> }, "optional"),
            _ => (ty, "json"),
        })
    }

    /// The type of a list's items.
    pub fn item(&self) -> Result<TokenStream, String> {
        let answer = self.operation.answer.as_ref().ok_or("no answer was generated")?;
        let pages = self.row.pages.as_ref().ok_or("no list")?;
        let items = pages.get("items").ok_or("x-pages names no items")?;
        let mut lists = shape::item_lists(items).filter_map(|pointer| {
            let list = if pointer.is_empty() {
                present(answer).clone()
            } else {
                self.types.field(answer, pointer)?
            };
            self.types.item(&list)
        });
        let item = lists.next().ok_or("the answer has no list where x-pages says")?;
        Ok(self.types.named(&item))
    }

    /// The request type and what it can do.
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
        let reconcile = self.reconciles.then(|| {
            quote! {
                #[doc = " Reads the subject back within this call if the outcome is unknown. Default: no."]
                #[doc = ""]
                #[doc = " See [`Reconcile`](crate::Reconcile): the reply is then the subject as read. If it is proven that"]
                #[doc = " nothing was applied, the decision is sent again, once."]
                #[inline]
                pub fn reconcile(self, reconcile: bool) -> Self {
                    Self(self.0.reconcile(reconcile))
                }
            }
        });
        let walk = match self.row.pages {
            Some(_) => {
                let item = self.item()?;
                Some(quote! {
                    #[doc = " Starts behind a page that was had before: its [`next`](Page::next)."]
                    #[inline]
                    pub fn start_at(self, next: impl Into<String>) -> Self {
                        Self(self.0.start_at(next.into()))
                    }
                    #[doc = " Walks through all items, one page in memory."]
                    #[inline]
                    pub fn items(self) -> Items<#item> {
                        self.0.items::<#item>()
                    }
                    #[doc = " Walks through all pages."]
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
            " The request of [`{resource}::{0}`](super::resources::{resource}::{0}).",
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
                #[doc = " Sets options of this call alone: they add to the client's own, and win over them."]
                #[inline]
                pub fn with(self, options: CallOptions) -> Self {
                    Self(self.0.with(options))
                }
                #[doc = " Sends it; the same as awaiting it."]
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
    /// What an argument or setter takes.
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

/// The description of a parameter or field as the documentation of what sets it.
fn sentence(description: &str, name: &str) -> String {
    match description.trim() {
        "" => format!("Sets `{name}`."),
        description => format!("Sets `{name}`: {description}"),
    }
}
