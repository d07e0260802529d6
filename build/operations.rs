//! The table of operations: how each is called, and what asking twice would do.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};

use crate::generate::schema::{flag, for_each_object, operations, resolve, text};

/// One operation of a document.
pub struct Row<'a> {
    pub id: &'a str,
    pub method: String,
    pub path: &'a str,
    /// How many segments of the document's server do not stand before the path.
    pub above_base: usize,
    pub class: &'a str,
    pub takes_key: bool,
    pub subject: Option<usize>,
    pub parameters: Vec<Parameter<'a>>,
    pub body: Body<'a>,
    pub answer: Answer,
}

/// One parameter: its place in the row is its number.
pub struct Parameter<'a> {
    pub name: &'a str,
    pub place: &'a str,
    pub required: bool,
    pub description: &'a str,
    pub schema: &'a Value,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    None,
    Json { optional: bool },
    Form,
    Multipart,
    Bytes(&'a str),
}

/// What a success carries.
pub enum Answer {
    Empty,
    Json,
    /// JSON, or nothing.
    OptionalJson,
    /// Bytes of one of these media types.
    Bytes(String),
}

/// Every operation of a document, sorted by id.
pub fn rows(document: &Value) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = operations(document).map(|found| row(document, found)).collect();
    rows.sort_by(|a, b| a.id.cmp(b.id));
    rows
}

fn row<'a>(document: &'a Value, (path, method, operation): (&'a String, &'a String, &'a Value)) -> Row<'a> {
    let item = document.get("paths").and_then(|paths| paths.get(path)).unwrap_or(&Value::Null);
    let shared = item.get("parameters").and_then(Value::as_array);
    let own = operation.get("parameters").and_then(Value::as_array);
    let parameters = shared.into_iter().chain(own).flatten().map(|parameter| {
        let parameter = resolve(document, parameter);
        Parameter {
            name: text(parameter, "name"),
            place: text(parameter, "in"),
            required: flag(parameter, "required"),
            description: text(parameter, "description"),
            schema: resolve(document, &parameter["schema"]),
        }
    });
    let mut parameters: Vec<Parameter<'a>> = parameters.collect();
    // The order in which they go out.
    parameters.sort_by_key(|parameter| (parameter.place != "path", parameter.place == "header", parameter.name));
    Row {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        path,
        above_base: above_base(document, item),
        class: text(operation, "x-operation-class"),
        takes_key: !flag(operation, "x-no-idempotency-key"),
        subject: subject(path, text(operation, "x-subject")),
        parameters,
        body: body(document, operation),
        answer: answer(document, operation),
    }
}

/// A path item may name its own server: the host of the document's, with fewer segments. Another host is another client's.
fn above_base(document: &Value, item: &Value) -> usize {
    let server = |value: &Value| {
        let url = value.pointer("/servers/0/url")?.as_str()?.split_once("://")?.1.to_owned();
        let (host, path) = url.split_once('/').unwrap_or((&url, ""));
        Some((host.to_owned(), path.split('/').filter(|segment| !segment.is_empty()).count()))
    };
    match (server(document), server(item)) {
        (Some((host, levels)), Some((own_host, own_levels))) if host == own_host => levels.saturating_sub(own_levels),
        _ => 0,
    }
}

fn body<'a>(document: &'a Value, operation: &'a Value) -> Body<'a> {
    let Some(body) = operation.get("requestBody").map(|body| resolve(document, body)) else {
        return Body::None;
    };
    let media = body["content"].as_object().and_then(|content| content.keys().next());
    match media.map(String::as_str) {
        None => Body::None,
        Some("application/json") => Body::Json { optional: !flag(body, "required") },
        Some("application/x-www-form-urlencoded") => Body::Form,
        Some(media) if media.starts_with("multipart/") => Body::Multipart,
        Some(media) => Body::Bytes(media),
    }
}

fn answer(document: &Value, operation: &Value) -> Answer {
    let answers = operation["responses"].as_object().into_iter().flatten().filter(|(code, _)| code.starts_with('2'));
    let contents: Vec<Option<&Map<String, Value>>> =
        answers.map(|(_, answer)| resolve(document, answer).get("content").and_then(Value::as_object)).collect();
    let known: BTreeMap<&str, &Value> =
        contents.iter().flatten().copied().flatten().map(|(media, content)| (media.as_str(), content)).collect();
    if known.values().any(|content| content.pointer("/schema/format") == Some(&json!("binary"))) {
        return Answer::Bytes(known.into_keys().collect::<Vec<_>>().join(", "));
    }
    match (known.is_empty(), contents.contains(&None)) {
        (true, _) => Answer::Empty,
        (false, true) => Answer::OptionalJson,
        (false, false) => Answer::Json,
    }
}

/// Emits `OPERATIONS`.
pub fn table(rows: &[Row<'_>]) -> TokenStream {
    let rows = rows.iter().map(|row| {
        let Row { id, path, above_base, takes_key, .. } = row;
        let method = format_ident!("{}", row.method);
        let class = match row.class {
            "read" => format_ident!("Read"),
            "idempotent" => format_ident!("Idempotent"),
            "create" => format_ident!("Create"),
            _ => format_ident!("Decision"),
        };
        let subject = match row.subject {
            Some(segment) => quote! { Some(#segment) },
            None => quote! { None },
        };
        let body = match row.body {
            Body::None => quote! { None },
            Body::Json { optional } => quote! { Json { optional: #optional } },
            Body::Form => quote! { Form },
            Body::Multipart => quote! { Multipart },
            Body::Bytes(media) => quote! { Bytes(#media) },
        };
        let accept = match &row.answer {
            Answer::Empty => quote! { None },
            // Bytes whose type only the answer tells.
            Answer::Bytes(media) if media == "application/octet-stream" => quote! { None },
            Answer::Json | Answer::OptionalJson => quote! { Some("application/json") },
            Answer::Bytes(media) => quote! { Some(#media) },
        };
        let parameters = row.parameters.iter().map(|parameter| {
            let Parameter { name, required, schema, .. } = parameter;
            let is_personal = flag(schema, "x-personal");
            let place = match parameter.place {
                "path" => format_ident!("Path"),
                "header" => format_ident!("Header"),
                _ => format_ident!("Query"),
            };
            quote! { Parameter { name: #name, place: Place::#place, required: #required, is_personal: #is_personal } }
        });
        quote! {
            Operation {
                id: #id,
                method: Method::#method,
                path: Some(#path),
                above_base: #above_base,
                subject: #subject,
                class: OperationClass::#class,
                takes_key: #takes_key,
                body: Body::#body,
                accept: #accept,
                parameters: &[ #( #parameters ),* ],
            }
        }
    });
    quote! {
        /// Every operation of the document, sorted by id.
        pub(crate) static OPERATIONS: &[crate::transport::Operation] = {
            use crate::transport::{Body, Operation, Parameter, Place};
            use crate::{Method, OperationClass};
            &[ #( #rows ),* ]
        };
    }
}

/// The segment of the id that an operation is about: the parameter that `x-subject` names, or the first one.
fn subject(path: &str, name: &str) -> Option<usize> {
    let is_subject = |segment: &str| match name {
        "" => segment.contains('{'),
        name => segment == format!("{{{name}}}"),
    };
    path.split('/').skip(1).position(is_subject)
}

/// Puts class, provenance and public page of each operation where rustdoc shows them.
pub fn document_sources(document: &mut Value) {
    for_each_object(document, &mut |object| {
        let Some(class) = object.get("x-operation-class").and_then(Value::as_str) else {
            return;
        };
        let mut doc = match object.get("description").and_then(Value::as_str) {
            Some(description) => format!("{description}\n\nClass: {class}."),
            None => format!("Class: {class}."),
        };
        if object.get("x-provenance") == Some(&json!("unconfirmed")) {
            doc.push_str(" No public page confirms this operation.");
        }
        if let Some(url) = object.get("externalDocs").and_then(|docs| docs.get("url")).and_then(Value::as_str) {
            doc.push_str(&format!(" Source: <{url}>."));
        }
        object.insert("description".to_owned(), json!(doc));
    });
}
