//! Emits `OPERATIONS`: how each operation is called, which bounds apply, how its list is
//! walked, and which read shows its decision.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::Type;

use super::row::{Body, Parameter, Place, Row, Success};
use super::shape::{Bound, own_bounds};
use super::types::{Types, type_name};
use crate::generate::schema::flag;
use crate::generate::schema::texts;

/// Emits the table, in the order of the rows. It is text, because parsing and printing it
/// would take a tenth of the generator's time.
pub fn table(rows: &[Row<'_>], types: &Types, subjects: &[Type]) -> Result<String, String> {
    let mut code = String::from(HEAD);
    for row in rows {
        let entry = entry(row, rows, types, subjects);
        code.push_str(&entry.map_err(|what| format!("{}: {what}", row.id))?);
    }
    Ok(code + "    ]\n};\n")
}

const HEAD: &str = "/// All operations of the spec, sorted by id, each followed by its variants.
pub(crate) static OPERATIONS: &[crate::call::Operation] = {
    use crate::call::{Body, Bound, Keyset, Method, Operation, OperationClass, Paging};
    use crate::call::{Parameter, Place, Rule, Shown, Style, Total};
    &[
";

/// Emits what judges decisions by their subjects.
pub fn judge(subjects: &[Type], types: &Types) -> TokenStream {
    let (numbers, subjects): (Vec<_>, Vec<_>) = subjects.iter().enumerate().unzip();
    let subjects = subjects.into_iter().map(|subject| types.named(subject));
    quote! {
        /// Returns what judges decisions by a subject of this type.
        #[inline]
        pub(crate) fn judge(subject: usize) -> Option<crate::api::Judge> {
            match subject {
                #( #numbers => Some(crate::api::judge::<#subjects>), )*
                _ => None,
            }
        }
    }
}

fn entry(
    row: &Row<'_>,
    rows: &[Row<'_>],
    types: &Types,
    subjects: &[Type],
) -> Result<String, String> {
    let Row { id, above_base, takes_key, value_at, .. } = row;
    let method = &row.method;
    let class = match row.class {
        "read" => "Read",
        "idempotent" => "Idempotent",
        "create" => "Create",
        _ => "Decision",
    };
    let path = match row.parameters.iter().any(|parameter| parameter.place == Place::Matrix) {
        true => row.path.replace("-{filters}", "-{;}"),
        false => row.path.to_owned(),
    };
    let subject = option(row.subject);
    let body = match row.body {
        Body::None => "None".to_owned(),
        Body::Json { optional } => format!("Json {{ optional: {optional} }}"),
        Body::Form => "Form".to_owned(),
        Body::Multipart => "Multipart".to_owned(),
        Body::Lines(media, most) => {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            format!("Lines {{ media: {media:?}, most: {most} }}")
        }
        Body::Bytes(media) => format!("Bytes({media:?})"),
    };
    let accept = match &row.success {
        Success::Empty => None,
        // The media type of these bytes is known only from the response.
        Success::Bytes(media) if media == "application/octet-stream" => None,
        Success::Json | Success::OptionalJson => Some("application/json"),
        Success::Bytes(media) => Some(media.as_str()),
    };
    let accept = option(accept.map(quoted));
    let own_credential = option(row.own_credential.map(quoted));
    let parameters = list(16, row.parameters.iter().map(parameter));
    let envelopes = list(16, row.members.envelopes.iter().map(|envelope| quoted(envelope)));
    let members = row.members.list.iter().filter(|member| member.required);
    let required = list(16, members.map(|member| quoted(&member.pointer)));
    let bounds = list(16, row.bounds.iter().map(bound));
    let paging = option(row.pages.as_ref().map(|pages| paging(row, pages)).transpose()?);
    let shown = row.shown_by.map(|read| shown(row, read, rows, types, subjects));
    let shown = option(shown.transpose()?);
    let wanted = row.wanted.iter().map(|(facet, value)| format!("({facet:?}, {value:?})"));
    let wanted = list(16, wanted);
    Ok(format!(
        "        Operation {{
            id: {id:?},
            method: Method::{method},
            path: Some({path:?}),
            above_base: {above_base},
            subject: {subject},
            class: OperationClass::{class},
            takes_key: {takes_key},
            own_credential: {own_credential},
            body: Body::{body},
            accept: {accept},
            parameters: {parameters},
            envelopes: {envelopes},
            required: {required},
            bounds: {bounds},
            value_at: {value_at:?},
            paging: {paging},
            shown: {shown},
            wanted: {wanted},
        }},
"
    ))
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn option(value: Option<impl Display>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

/// A list with an item per line.
fn list(indent: usize, items: impl Iterator<Item = String>) -> String {
    let lines: String = items.map(|item| format!("{:indent$}{item},\n", "")).collect();
    if lines.is_empty() {
        return "&[]".to_owned();
    }
    format!("&[\n{lines}{:end$}]", "", end = indent - 4)
}

/// A list on one line.
fn short_list(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}

fn parameter(parameter: &Parameter<'_>) -> String {
    let Parameter { name, required, schema, .. } = parameter;
    let is_personal = flag(schema, "x-personal");
    let place = match parameter.place {
        Place::Path => "Path",
        Place::Matrix => "Matrix",
        Place::Query => "Query",
        Place::Header => "Header",
    };
    let rules = short_list(own_bounds(schema).map(|(keyword, value)| rule(keyword, value)));
    format!(
        "Parameter {{ name: {name:?}, place: Place::{place}, required: {required}, \
         is_personal: {is_personal}, rules: {rules} }}"
    )
}

fn bound(bound: &Bound<'_>) -> String {
    let at = short_list(bound.at.iter().map(|step| quoted(step)));
    format!("Bound {{ at: {at}, rule: {} }}", rule(bound.keyword, bound.value))
}

fn rule(keyword: &str, value: &Value) -> String {
    let whole = usize::try_from(value.as_u64().unwrap_or_default()).unwrap_or(usize::MAX);
    let number = value.as_f64().unwrap_or_default();
    let text = value.as_str().unwrap_or_default();
    match keyword {
        "minLength" => format!("Rule::MinLength({whole})"),
        "maxLength" => format!("Rule::MaxLength({whole})"),
        "minItems" => format!("Rule::MinItems({whole})"),
        "maxItems" | "maxProperties" => format!("Rule::MaxItems({whole})"),
        "minProperties" => format!("Rule::MinProperties({whole})"),
        "minimum" => format!("Rule::Minimum({number:?})"),
        "maximum" => format!("Rule::Maximum({number:?})"),
        _ => format!("Rule::Pattern({text:?})"),
    }
}

fn paging(row: &Row<'_>, pages: &Map<String, Value>) -> Result<String, String> {
    let text = |name: &str| pages.get(name).and_then(Value::as_str);
    let list = |name: &str| short_list(texts(pages.get(name)).into_iter().map(quoted));
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
        "link" => "Link".to_owned(),
        "cursor" => {
            let parameter = named("cursor")?.ok_or("invalid x-pages: `cursor` is missing")?;
            format!("Cursor {{ parameter: {parameter} }}")
        }
        "offset" => {
            let parameter = named("offset")?.ok_or("invalid x-pages: `offset` is missing")?;
            let most = option(number("max-offset"));
            format!("Offset {{ parameter: {parameter}, most: {most} }}")
        }
        "page" => {
            let parameter = named("page")?.ok_or("invalid x-pages: `page` is missing")?;
            let first = number("first").unwrap_or(1);
            format!("Number {{ parameter: {parameter}, first: {first} }}")
        }
        "whole" => "Whole".to_owned(),
        other => return Err(format!("invalid x-pages: unknown style `{other}`")),
    };
    // A list without a size parameter can still be walked.
    let size = text("size")
        .and_then(|name| row.parameters.iter().position(|parameter| parameter.name == name));
    let size = option(size);
    let total = match text("total").map(|total| (total, total.strip_prefix("header:"))) {
        None => "Unknown".to_owned(),
        Some((_, Some(header))) => format!("Header({:?})", header.to_lowercase()),
        Some((pointer, None)) => format!("At({pointer:?})"),
    };
    let keyset = pages.get("keyset").and_then(Value::as_object).map(|keyset| {
        let text = |name: &str| keyset.get(name).and_then(Value::as_str).unwrap_or_default();
        let (sort, filter, by) = (parameter(text("sort"))?, parameter(text("filter"))?, text("by"));
        Ok::<_, String>(format!("Keyset {{ sort: {sort}, filter: {filter}, by: {by:?} }}"))
    });
    let keyset = option(keyset.transpose()?);
    Ok(format!(
        "Paging {{
                style: Style::{style},
                items: {items},
                id: {id:?},
                next: {next},
                more: {more},
                size: {size},
                total: Total::{total},
                keyset: {keyset},
            }}"
    ))
}

/// The types of all subjects that show decisions.
pub fn subjects(rows: &[Row<'_>], types: &Types) -> Result<Vec<Type>, String> {
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
) -> Result<String, String> {
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
        Some(Reply::Read(found)) => format!("Some(|| &OPERATIONS[{found}])"),
        _ => "None".to_owned(),
    };
    Ok(format!("Shown {{ by: || &OPERATIONS[{by}], subject: {subject}, reply: {reply} }}"))
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
