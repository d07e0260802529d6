//! The surface: resources, requests and the table of operations, from the marks of a spec
//! and progenitor's types.

pub mod common;
pub mod docs;
#[cfg(feature = "sandbox")]
pub mod entries;
#[cfg(feature = "sandbox")]
pub mod outline;
pub mod requests;
pub mod resources;
pub mod row;
pub mod shape;
pub mod table;
pub mod types;

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use serde_json::Value;
use syn::Type;

use requests::Request;
use row::Row;
use types::Types;

/// The code of the surface, and the list of calls for the tests.
pub struct Surface {
    pub code: TokenStream,
    /// The table of operations.
    pub table: String,
    /// The methods of the client that return its resources.
    pub client: TokenStream,
    #[cfg(feature = "sandbox")]
    pub entries: String,
}

/// Emits the surface of one spec.
pub fn code(
    document: &Value,
    client: &str,
    rows: &[Row<'_>],
    types: &Types,
) -> Result<Surface, String> {
    let mut requests = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let operation = types.operation(&row.id.to_upper_camel_case());
        let operation = operation.ok_or_else(|| format!("{}: no request was generated", row.id))?;
        let judged = match table::reply(row, rows, types) {
            Some(_) => table::subject(row, rows, types)?.map(|subject| types.named(&subject)),
            None => None,
        };
        let mut request = Request { row, number, types, operation, is_shared: false, judged };
        if row.variant.is_some() {
            let base = requests.iter().rfind(|other: &&Request<'_>| other.row.variant.is_none());
            request.is_shared = base.map(Request::shape).transpose()? == Some(request.shape()?);
        }
        requests.push(request);
    }
    let (mut code, methods) = resources::code(document, client, &requests)?;
    let subjects = table::subjects(rows, types)?;
    code.extend(table::judge(&subjects, types));
    let common = common::code(document, types);
    code.extend(quote::quote! {
        #[doc = " Accessors that all kinds of a union share."]
        mod common {
            use super::{enums, types, unions};
            use crate::api::prelude::*;
            #common
        }
    });
    Ok(Surface {
        code,
        table: table::table(rows, types, &subjects)?,
        client: methods,
        #[cfg(feature = "sandbox")]
        entries: entries::operations(&requests, client)?,
    })
}

/// The type of an operation's response, without its envelope.
pub fn answer_type(row: &Row<'_>, types: &Types) -> Result<Type, String> {
    let operation = types.operation(&row.id.to_upper_camel_case());
    let success = operation
        .and_then(|operation| operation.success.as_ref())
        .ok_or("no response type was generated")?;
    if row.value_at.is_empty() {
        return Ok(success.clone());
    }
    let inner = types.field(success, &row.value_at);
    inner.ok_or_else(|| format!("the response has no field at {}", row.value_at))
}
