//! The table of operations: what the transport may repeat is decided from it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Value, json};

use crate::generate::schema::{for_each_object, operations, text};

/// The code of the table.
pub struct Operations {
    pub code: TokenStream,
}

/// Emits `OPERATIONS`, sorted by operation id.
pub fn table(document: &Value) -> Operations {
    let mut rows: Vec<(String, TokenStream)> = operations(document)
        .map(|(path, _, operation)| {
            let id = text(operation, "operationId");
            let class = match text(operation, "x-operation-class") {
                "read" => format_ident!("Read"),
                "idempotent" => format_ident!("Idempotent"),
                "create" => format_ident!("Create"),
                _ => format_ident!("Decision"),
            };
            let body_optional =
                operation.get("requestBody").is_some_and(|body| body.get("required") != Some(&Value::Bool(true)));
            let subject = match subject(path, text(operation, "x-subject")) {
                Some(segment) => quote! { Some(#segment) },
                None => quote! { None },
            };
            let row = quote! {
                crate::transport::Operation {
                    id: #id,
                    path: Some(#path),
                    subject: #subject,
                    class: crate::OperationClass::#class,
                    body_optional: #body_optional,
                }
            };
            (id.to_owned(), row)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows = rows.into_iter().map(|(_, row)| row);
    let code = quote! {
        /// Every operation of the document, sorted by id.
        pub(crate) const OPERATIONS: &[crate::transport::Operation] = &[ #( #rows ),* ];
    };
    Operations { code }
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
