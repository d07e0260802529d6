//! Emits `OPERATIONS`: how each operation is called, which bounds apply, how its list is
//! walked, and which read shows its decision.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};
use syn::Type;

use super::row::{Body, Parameter, Place, Row, Success};
use super::shape::{Bound, own_bounds};
use super::types::{Types, type_name};
use crate::generate::schema::flag;
use crate::generate::schema::texts;

/// Emits the table, in the order of the rows.
pub fn table(rows: &[Row<'_>], types: &Types) -> Result<TokenStream, String> {
    let subjects = subjects(rows, types)?;
    let entries = rows.iter().map(|row| {
        entry(row, rows, types, &subjects).map_err(|what| format!("{}: {what}", row.id))
    });
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    let (numbers, subjects): (Vec<_>, Vec<_>) = subjects.iter().enumerate().unzip();
    let subjects = subjects.into_iter().map(|subject| types.named(subject));
    Ok(quote! {
        /// All operations of the spec, sorted by id, each followed by its variants.
        pub(crate) static OPERATIONS: &[crate::call::Operation] = {
            use crate::call::{Body, Bound, Keyset, Method, Operation, OperationClass, Paging};
            use crate::call::{Parameter, Place, Rule, Shown, Style, Total};
            &[ #( #entries ),* ]
        };
        /// Returns what judges decisions by a subject of this type.
        #[inline]
        pub(crate) fn judge(subject: usize) -> Option<crate::api::Judge> {
            match subject {
                #( #numbers => Some(crate::api::judge::<#subjects>), )*
                _ => None,
            }
        }
    })
}

fn entry(
    row: &Row<'_>,
    rows: &[Row<'_>],
    types: &Types,
    subjects: &[Type],
) -> Result<TokenStream, String> {
    let Row { id, above_base, takes_key, value_at, .. } = row;
    let method = format_ident!("{}", row.method);
    let class = format_ident!(
        "{}",
        match row.class {
            "read" => "Read",
            "idempotent" => "Idempotent",
            "create" => "Create",
            _ => "Decision",
        }
    );
    let path = match row.parameters.iter().any(|parameter| parameter.place == Place::Matrix) {
        true => row.path.replace("-{filters}", "-{;}"),
        false => row.path.to_owned(),
    };
    let subject = option(row.subject.map(|number| quote! { #number }));
    let body = match row.body {
        Body::None => quote! { None },
        Body::Json { optional } => quote! { Json { optional: #optional } },
        Body::Form => quote! { Form },
        Body::Multipart => quote! { Multipart },
        Body::Lines(media, most) => {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            quote! { Lines { media: #media, most: #most } }
        }
        Body::Bytes(media) => quote! { Bytes(#media) },
    };
    let accept = match &row.success {
        Success::Empty => None,
        // The media type of these bytes is known only from the response.
        Success::Bytes(media) if media == "application/octet-stream" => None,
        Success::Json | Success::OptionalJson => Some("application/json"),
        Success::Bytes(media) => Some(media.as_str()),
    };
    let accept = option(accept.map(|media| quote! { #media }));
    let own_credential = option(row.own_credential.map(|header| quote! { #header }));
    let parameters = row.parameters.iter().map(parameter);
    let envelopes = &row.members.envelopes;
    let required =
        row.members.list.iter().filter(|member| member.required).map(|member| &member.pointer);
    let bounds = row.bounds.iter().map(bound);
    let paging = option(row.pages.as_ref().map(|pages| paging(row, pages)).transpose()?);
    let shown = row.shown_by.map(|read| shown(row, read, rows, types, subjects));
    let shown = option(shown.transpose()?);
    let (facets, values): (Vec<&str>, Vec<&str>) = row.wanted.iter().copied().unzip();
    Ok(quote! {
        Operation {
            id: #id,
            method: Method::#method,
            path: Some(#path),
            above_base: #above_base,
            subject: #subject,
            class: OperationClass::#class,
            takes_key: #takes_key,
            own_credential: #own_credential,
            body: Body::#body,
            accept: #accept,
            parameters: &[ #( #parameters ),* ],
            envelopes: &[ #( #envelopes ),* ],
            required: &[ #( #required ),* ],
            bounds: &[ #( #bounds ),* ],
            value_at: #value_at,
            paging: #paging,
            shown: #shown,
            wanted: &[ #( (#facets, #values) ),* ],
        }
    })
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote! { None }, |value| quote! { Some(#value) })
}

fn parameter(parameter: &Parameter<'_>) -> TokenStream {
    let Parameter { name, required, schema, .. } = parameter;
    let is_personal = flag(schema, "x-personal");
    let place = format_ident!(
        "{}",
        match parameter.place {
            Place::Path => "Path",
            Place::Matrix => "Matrix",
            Place::Query => "Query",
            Place::Header => "Header",
        }
    );
    let rules = own_bounds(schema).map(|(keyword, value)| rule(keyword, value));
    quote! {
        Parameter {
            name: #name,
            place: Place::#place,
            required: #required,
            is_personal: #is_personal,
            rules: &[ #( #rules ),* ],
        }
    }
}

fn bound(bound: &Bound<'_>) -> TokenStream {
    let (at, rule) = (&bound.at, rule(bound.keyword, bound.value));
    quote! { Bound { at: &[ #( #at ),* ], rule: #rule } }
}

fn rule(keyword: &str, value: &Value) -> TokenStream {
    let whole = usize::try_from(value.as_u64().unwrap_or_default()).unwrap_or(usize::MAX);
    let number = value.as_f64().unwrap_or_default();
    let text = value.as_str().unwrap_or_default();
    match keyword {
        "minLength" => quote! { Rule::MinLength(#whole) },
        "maxLength" => quote! { Rule::MaxLength(#whole) },
        "minItems" => quote! { Rule::MinItems(#whole) },
        "maxItems" | "maxProperties" => quote! { Rule::MaxItems(#whole) },
        "minProperties" => quote! { Rule::MinProperties(#whole) },
        "minimum" => quote! { Rule::Minimum(#number) },
        "maximum" => quote! { Rule::Maximum(#number) },
        _ => quote! { Rule::Pattern(#text) },
    }
}

fn paging(row: &Row<'_>, pages: &Map<String, Value>) -> Result<TokenStream, String> {
    let text = |name: &str| pages.get(name).and_then(Value::as_str);
    let list = |name: &str| {
        pages
            .get(name)
            .map(|value| texts(Some(value)).into_iter().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let number = |name: &str| pages.get(name).and_then(Value::as_u64);
    let parameter = |name: &str| {
        let place = row.parameters.iter().position(|parameter| parameter.name == name);
        place.ok_or_else(|| {
            format!("invalid x-pages: `{name}` must be a parameter of the operation")
        })
    };
    let named = |member: &str| text(member).map(&parameter).transpose();
    let (items, next, more) = (list("items"), list("next"), list("more"));
    let id = text("id").unwrap_or_default();
    let style = match text("style").unwrap_or_default() {
        "link" => quote! { Link },
        "cursor" => {
            let parameter = named("cursor")?.ok_or("invalid x-pages: `cursor` is missing")?;
            quote! { Cursor { parameter: #parameter } }
        }
        "offset" => {
            let parameter = named("offset")?.ok_or("invalid x-pages: `offset` is missing")?;
            let most = option(number("max-offset").map(|most| quote! { #most }));
            quote! { Offset { parameter: #parameter, most: #most } }
        }
        "page" => {
            let parameter = named("page")?.ok_or("invalid x-pages: `page` is missing")?;
            let first = number("first").unwrap_or(1);
            quote! { Number { parameter: #parameter, first: #first } }
        }
        "whole" => quote! { Whole },
        other => return Err(format!("invalid x-pages: unknown style `{other}`")),
    };
    // A list without a size parameter can still be walked.
    let size = text("size")
        .and_then(|name| row.parameters.iter().position(|parameter| parameter.name == name));
    let size = option(size.map(|number| quote! { #number }));
    let total = match text("total").map(|total| (total, total.strip_prefix("header:"))) {
        None => quote! { Unknown },
        Some((_, Some(header))) => {
            let header = header.to_lowercase();
            quote! { Header(#header) }
        }
        Some((pointer, None)) => quote! { At(#pointer) },
    };
    let keyset = pages.get("keyset").and_then(Value::as_object).map(|keyset| {
        let text = |name: &str| keyset.get(name).and_then(Value::as_str).unwrap_or_default();
        let (sort, filter, by) = (parameter(text("sort"))?, parameter(text("filter"))?, text("by"));
        Ok::<_, String>(quote! { Keyset { sort: #sort, filter: #filter, by: #by } })
    });
    let keyset = option(keyset.transpose()?);
    Ok(quote! {
        Paging {
            style: Style::#style,
            items: &[ #( #items ),* ],
            id: #id,
            next: &[ #( #next ),* ],
            more: &[ #( #more ),* ],
            size: #size,
            total: Total::#total,
            keyset: #keyset,
        }
    })
}

/// The types of all subjects that show decisions.
fn subjects(rows: &[Row<'_>], types: &Types) -> Result<Vec<Type>, String> {
    let mut found = Vec::new();
    for row in rows {
        if let Some(subject) = subject(row, rows, types)?.filter(|subject| !found.contains(subject))
        {
            found.push(subject);
        }
    }
    Ok(found)
}

/// The type of the subject that shows a decision.
pub fn subject(row: &Row<'_>, rows: &[Row<'_>], types: &Types) -> Result<Option<Type>, String> {
    let is_read = |other: &&Row<'_>| other.variant.is_none() && Some(other.id) == row.shown_by;
    rows.iter().find(is_read).map(|reading| super::answer_type(reading, types)).transpose()
}

/// What shows a decision: the read, the number of its type, and which read returns the
/// same type as the decision.
fn shown(
    row: &Row<'_>,
    read: &str,
    rows: &[Row<'_>],
    types: &Types,
    subjects: &[Type],
) -> Result<TokenStream, String> {
    let is_base = |other: &&Row<'_>| other.variant.is_none();
    let place = |id: &str| {
        rows.iter()
            .filter(is_base)
            .find(|other| other.id == id)
            .and_then(|found| rows.iter().position(|other| std::ptr::eq(other, found)))
    };
    let by =
        place(read).ok_or_else(|| format!("invalid x-shown-by: there is no operation `{read}`"))?;
    let known = subject(row, rows, types)?;
    let subject = subjects.iter().position(|subject| Some(subject) == known.as_ref());
    let subject = subject.ok_or("the read has no type")?;
    let reply = match reply(row, rows, types) {
        Some(Reply::Read(found)) => quote! { Some(|| &OPERATIONS[#found]) },
        _ => quote! { None },
    };
    Ok(quote! {
        Shown { by: || &OPERATIONS[#by], subject: #subject, reply: #reply }
    })
}

/// Where the reply of a decision comes from after it was read back.
pub enum Reply {
    /// From the read itself.
    Reading,
    /// From a read that returns the decision's own type, by its number.
    Read(usize),
}

/// `None` if no read returns the decision's own type: it can then be read back with its
/// error, but not within the call.
pub fn reply(row: &Row<'_>, rows: &[Row<'_>], types: &Types) -> Option<Reply> {
    let reading =
        rows.iter().find(|other| other.variant.is_none() && Some(other.id) == row.shown_by)?;
    let name = |row: &Row<'_>| super::answer_type(row, types).ok().and_then(|ty| type_name(&ty));
    if row.success == Success::Empty || name(row) == name(reading) {
        return Some(Reply::Reading);
    }
    let in_path = |row: &Row<'_>| {
        row.parameters.iter().filter(|parameter| parameter.place == Place::Path).count()
    };
    let required =
        |row: &Row<'_>| row.parameters.iter().filter(|parameter| parameter.required).count();
    let found = rows.iter().position(|other| {
        let is_get = other.class == "read" && other.verb == "get" && other.pages.is_none();
        let has_same_ids = required(other) == in_path(other) && in_path(other) == in_path(reading);
        is_get && has_same_ids && other.resource == row.resource && name(other) == name(row)
    });
    found.map(Reply::Read)
}
