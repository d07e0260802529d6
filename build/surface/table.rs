//! Emits `OPERATIONS`: how each operation is called, what it is held to, how its list is
//! walked, what shows its decision.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::row::{Answer, Body, Parameter, Place, Row};
use super::shape::{Bound, item_lists, own_bounds};
use super::types::{Types, type_name};
use crate::generate::schema::flag;

/// The table, in the order of the rows.
pub fn table(rows: &[Row<'_>], types: &Types) -> Result<TokenStream, String> {
    let entries = rows
        .iter()
        .map(|row| entry(row, rows, types).map_err(|what| format!("{}: {what}", row.id)));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    Ok(quote! {
        /// Every operation of the spec and every variant of one, sorted by id.
        pub(crate) static OPERATIONS: &[crate::call::Operation] = {
            use crate::call::{Body, Bound, Keyset, Method, Operation, OperationClass, Paging, Parameter, Place, Rule};
            use crate::call::{Shown, Style, Total};
            &[ #( #entries ),* ]
        };
    })
}

fn entry(row: &Row<'_>, rows: &[Row<'_>], types: &Types) -> Result<TokenStream, String> {
    let Row { id, above_base, takes_key, answer_at, .. } = row;
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
    let accept = match &row.answer {
        Answer::Empty => None,
        // Bytes whose type only the response tells.
        Answer::Bytes(media) if media == "application/octet-stream" => None,
        Answer::Json | Answer::OptionalJson => Some("application/json"),
        Answer::Bytes(media) => Some(media.as_str()),
    };
    let accept = option(accept.map(|media| quote! { #media }));
    let own_credential = option(row.own_credential.map(|header| quote! { #header }));
    let parameters = row.parameters.iter().map(parameter);
    let envelopes = &row.members.envelopes;
    let required =
        row.members.list.iter().filter(|member| member.required).map(|member| &member.pointer);
    let bounds = row.bounds.iter().map(bound);
    let paging = option(row.pages.as_ref().map(|pages| paging(row, pages)).transpose()?);
    let shown = option(row.shown_by.map(|read| shown(row, read, rows, types)).transpose()?);
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
            answer_at: #answer_at,
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
        "maxItems" => quote! { Rule::MaxItems(#whole) },
        "minProperties" => quote! { Rule::MinProperties(#whole) },
        "minimum" => quote! { Rule::Minimum(#number) },
        "maximum" => quote! { Rule::Maximum(#number) },
        _ => quote! { Rule::Pattern(#text) },
    }
}

fn paging(row: &Row<'_>, pages: &Map<String, Value>) -> Result<TokenStream, String> {
    let text = |name: &str| pages.get(name).and_then(Value::as_str);
    let list = |name: &str| {
        pages.get(name).map(|value| item_lists(value).collect::<Vec<_>>()).unwrap_or_default()
    };
    let number = |name: &str| pages.get(name).and_then(Value::as_u64);
    let parameter = |name: &str| {
        let place = row.parameters.iter().position(|parameter| parameter.name == name);
        place.ok_or_else(|| {
            format!("x-pages names the parameter `{name}`, which the operation lacks")
        })
    };
    let named = |member: &str| text(member).map(&parameter).transpose();
    let (items, next, more) = (list("items"), list("next"), list("more"));
    let id = text("id").unwrap_or_default();
    let style = match text("style").unwrap_or_default() {
        "link" => quote! { Link },
        "cursor" => {
            let parameter = named("cursor")?.ok_or("x-pages names no parameter for the cursor")?;
            quote! { Cursor { parameter: #parameter } }
        }
        "offset" => {
            let parameter = named("offset")?.ok_or("x-pages names no parameter for the offset")?;
            let most = option(number("max-offset").map(|most| quote! { #most }));
            quote! { Offset { parameter: #parameter, most: #most } }
        }
        "page" => {
            let parameter = named("page")?.ok_or("x-pages names no parameter for the page")?;
            let first = number("first").unwrap_or(1);
            quote! { Number { parameter: #parameter, first: #first } }
        }
        "whole" => quote! { Whole },
        other => return Err(format!("x-pages has the style `{other}`")),
    };
    // A list may lack the parameter of the size, and walks all the same.
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

/// What shows a decision: the read, how its answer is judged, and which read has the
/// decision's own answer.
fn shown(
    row: &Row<'_>,
    read: &str,
    rows: &[Row<'_>],
    types: &Types,
) -> Result<TokenStream, String> {
    let is_base = |other: &&Row<'_>| other.variant.is_none();
    let place = |id: &str| {
        rows.iter()
            .filter(is_base)
            .find(|other| other.id == id)
            .and_then(|found| rows.iter().position(|other| std::ptr::eq(other, found)))
    };
    let by =
        place(read).ok_or_else(|| format!("x-shown-by names `{read}`, which is no operation"))?;
    let reading = rows.get(by).ok_or("no read")?;
    let ty = super::answer_type(reading, types)?;
    let judged = types.named(&ty);
    let reply = match reply(row, rows, types) {
        Some(Reply::Read(found)) => quote! { Some(|| &OPERATIONS[#found]) },
        _ => quote! { None },
    };
    Ok(quote! {
        Shown { by: || &OPERATIONS[#by], judge: crate::api::judge::<#judged>, reply: #reply }
    })
}

/// Where the reply of a decision comes from that was read back.
pub enum Reply {
    /// From the reading itself.
    Reading,
    /// From a read of the decision's own type, by its number.
    Read(usize),
}

/// None where no read has what the decision answers with: it is read back by its error,
/// and not within the call.
pub fn reply(row: &Row<'_>, rows: &[Row<'_>], types: &Types) -> Option<Reply> {
    let reading =
        rows.iter().find(|other| other.variant.is_none() && Some(other.id) == row.shown_by)?;
    let name = |row: &Row<'_>| super::answer_type(row, types).ok().and_then(|ty| type_name(&ty));
    if row.answer == Answer::Empty || name(row) == name(reading) {
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
