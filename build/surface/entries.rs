//! Emits the list that the tests walk: every method with its arguments and setters, and
//! every type that no method uses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::requests::{Request, Setter};
use super::row::{Body, Place};
use crate::generate::schema::{components, flag};

/// Emits `operations! { … }`, one entry per method: `id = resource.verb(arguments)
/// { setters } body reply marks;`.
pub fn operations(requests: &[Request<'_>], client: &str) -> Result<String, String> {
    let mut lines = String::from("operations! {\n");
    for request in requests {
        let line = entry(request).map_err(|what| format!("{}: {what}", request.row.id))?;
        lines.push_str(&as_seen_from_outside(&line, &client.to_lowercase()));
    }
    lines.push_str("}\n");
    Ok(lines)
}

fn entry(request: &Request<'_>) -> Result<String, String> {
    let row = request.row;
    let (arguments, setters) = request.setters()?;
    let arguments = arguments
        .iter()
        .map(|argument| argument.taken_by_tests(row.body))
        .collect::<Vec<_>>()
        .join(", ");
    let setters = setters.iter().filter(|setter| !setter.ty.is_empty());
    let setters = setters
        .map(|setter| format!("        {}: {},\n", setter.name, setter.taken_by_tests(row.body)));
    let setters: String = setters.collect();
    let body = match row.body {
        Body::None => "none".to_owned(),
        _ if row.positional.contains(&"") => "argument".to_owned(),
        body => request.whole("body")?.taken_by_tests(body),
    };
    let (reply, decode) = request.reply()?;
    let reply = match decode {
        "page" => format!("page({})", request.item()?),
        "empty" => "empty".to_owned(),
        "stream" => "bytes".to_owned(),
        "optional" => {
            format!("optional({})", request.types.named(&super::answer_type(row, request.types)?))
        }
        _ => format!("json({reply})"),
    };
    let variant = row.variant.map(|_| " variant").unwrap_or_default();
    let decision = if request.judged.is_some() { " decision" } else { "" };
    let has_filter = row.parameters.iter().any(|parameter| parameter.place == Place::Matrix);
    let filter = if has_filter { " filter" } else { "" };
    let (id, resource, verb) = (row.id, row.resource, row.verb);
    Ok(format!(
        "    {id} = {resource}.{verb}({arguments}) {{\n{setters}    }} \
         body {body} reply {reply}{variant}{decision}{filter};\n"
    ))
}

impl Setter {
    /// Formats the setter as `kind(Type) "target"`.
    fn taken_by_tests(&self, body: Body<'_>) -> String {
        let (ty, target) = (&self.ty, &self.target);
        match (self.is_id, self.is_list, target.as_str()) {
            (true, ..) => format!("id {target:?}"),
            (_, _, "") => match body {
                Body::Multipart => "form".to_owned(),
                Body::Bytes(_) | Body::Lines(..) => "bytes".to_owned(),
                _ if self.is_list => format!("whole_list({ty})"),
                _ => format!("whole({ty})"),
            },
            (_, is_list, pointer) if pointer.starts_with('/') => {
                format!("{}({ty}) {target:?}", if is_list { "members" } else { "member" })
            }
            _ => format!("{}({ty}) {target:?}", if self.is_comma { "comma" } else { "scalar" }),
        }
    }
}

/// Emits `on_demand! { … }`: the types that no operation refers to, which callers decode
/// on demand.
pub fn on_demand(document: &Value, referred_to: &BTreeSet<String>, client: &str) -> String {
    let is_object =
        |schema: &Value| schema.get("properties").is_some() || schema.get("allOf").is_some();
    let types = components(document)
        .filter(|(name, schema)| {
            !referred_to.contains(*name) && is_object(schema) && !flag(schema, "x-lenient")
        })
        .map(|(name, _)| format!("    {name}(types::{name})\n"));
    let lines: String = types.collect();
    as_seen_from_outside(&format!("on_demand! {{\n{lines}}}\n"), &client.to_lowercase())
}

/// Rewrites paths to those that another crate uses.
fn as_seen_from_outside(code: &str, vendor: &str) -> String {
    let mut code = code.replace(" :: ", "::").replace(":: ", "::").replace(" ::", "::");
    code = code.replace(&format!("crate::api::{vendor}::"), "");
    for module in ["types", "enums", "unions", "ids"] {
        code = code.replace(&format!("{module}::"), &format!("kyc_review::{vendor}::TYPES::"));
    }
    let code = code.replace("::TYPES::", "::types::").replace("crate::", "kyc_review::");
    code.replace("::std::", "std::")
}
