//! The body of a draft: its envelopes, its fields, what the spec requires and bounds.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Url};
use serde_json::{Map, Value};

use super::{Content, Draft, texts};
use crate::api::bounds;
use crate::call::Body;

impl Draft {
    /// Writes the body, and returns it if it is JSON.
    pub(super) fn add_body(&self, request: &mut Request) -> Result<Option<Value>, String> {
        let operation = self.0.operation;
        let (media, optional) = match operation.body {
            Body::None => return Ok(None),
            Body::Json { optional } => ("application/json", optional),
            Body::Form => ("application/x-www-form-urlencoded", false),
            Body::Multipart => ("", false),
            Body::Bytes(media) | Body::Lines { media, .. } => (media, false),
        };
        let (bytes, content_type, json) = match &self.0.content {
            Content::Bytes(bytes, own) => {
                if let Body::Lines { most, .. } = operation.body {
                    bounds::lines(bytes, most)?;
                }
                (bytes.clone(), own.clone(), None)
            }
            Content::None
                if matches!(
                    operation.body,
                    Body::Multipart | Body::Bytes(_) | Body::Lines { .. }
                ) =>
            {
                return Err("the body is not set".to_owned());
            }
            _ => {
                let Some(body) = self.json_body(optional)? else { return Ok(None) };
                let bytes = match operation.body {
                    Body::Form => form(&body),
                    _ => serde_json::to_vec(&body)
                        .map_err(|_| "the body cannot be serialized as JSON".to_owned())?,
                };
                (bytes.into(), None, Some(body))
            }
        };
        let content_type = content_type
            .or_else(|| HeaderValue::from_str(media).ok().filter(|media| !media.is_empty()));
        if let Some(content_type) = content_type {
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        *request.body_mut() = Some(bytes.into());
        Ok(json)
    }

    /// Returns the body with its envelopes, checked by the spec's rules; `None` if it is
    /// optional and nothing is set.
    fn json_body(&self, optional: bool) -> Result<Option<Value>, String> {
        let (inner, operation) = (&*self.0, self.0.operation);
        let mut body = match &inner.content {
            Content::Json(body) => body.clone(),
            _ if inner.fixed.is_empty() && inner.fields.is_empty() => {
                if optional {
                    return Ok(None);
                }
                if operation.required.is_empty() && !operation.envelopes.contains(&"") {
                    return Err("the body is not set: set at least one field".to_owned());
                }
                Value::Object(Map::new())
            }
            _ => Value::Object(Map::new()),
        };
        if body.is_object() {
            for envelope in operation.envelopes {
                place_at(&mut body, envelope, None);
            }
            for (pointer, value) in inner.fixed.iter().chain(&inner.fields) {
                place_at(&mut body, pointer, Some(value));
            }
        }
        for pointer in operation.required {
            let (envelope, name) = pointer.rsplit_once('/').unwrap_or_default();
            let is_missing =
                |envelope: &Value| envelope.is_object() && envelope.get(name).is_none();
            if body.pointer(envelope).is_some_and(is_missing) {
                return Err(format!("`{name}` is not set"));
            }
        }
        bounds::body(operation.bounds, &body)?;
        Ok(Some(body))
    }
}

/// Puts a value, or an envelope that does not exist yet, at a pointer.
fn place_at(body: &mut Value, pointer: &str, value: Option<&Value>) {
    let mut place = body;
    for name in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else { return };
        place = members.entry(name.to_owned()).or_insert(Value::Null);
    }
    match value {
        Some(value) => *place = value.clone(),
        None if place.is_null() => *place = Value::Object(Map::new()),
        None => {}
    }
}

/// Writes a flat object as a form.
fn form(value: &Value) -> Vec<u8> {
    let mut pairs = Url::parse("form:").ok();
    if let (Some(pairs), Some(members)) = (&mut pairs, value.as_object()) {
        for (name, value) in members {
            for text in texts(value) {
                pairs.query_pairs_mut().append_pair(name, &text);
            }
        }
    }
    pairs.as_ref().and_then(Url::query).unwrap_or_default().as_bytes().to_vec()
}
