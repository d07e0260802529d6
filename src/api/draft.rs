//! Requests being built: parameters, body, options. Errors are reported when the request
//! is sent, before any I/O.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use serde_json::{Map, Value};

use super::bounds;
use super::context::Context;
use crate::call::error::Failure;
use crate::call::{Answer, Body, CallOptions, Error, Operation, Place, Wanted};
use crate::transport::base_path;
use crate::value::json::Json;
use crate::value::{
    IdType, IntoId, IntoList, IntoValue, ListItem, MultipartForm, SEAL, encode_segment,
};

/// The error of a client that has an idempotency key: it would send it with two subjects.
pub(super) const KEY_OF_CLIENT: &str =
    "an idempotency key names one request: set it with the request's `with`, not the client's";

/// The state of every generated request. `Debug` shows the operation and no argument.
#[derive(Clone)]
pub(crate) struct Draft(Box<Inner>);

#[derive(Clone)]
struct Inner {
    context: Context,
    operation: &'static Operation,
    /// Values by the index of their parameter.
    values: Vec<(usize, Vec<String>)>,
    /// Matrix filters, which have no index.
    filters: Vec<(String, String)>,
    content: Content,
    /// Fields of the body that the method itself set, by pointer.
    fixed: Vec<(&'static str, Value)>,
    /// Fields of the body that setters set, by pointer.
    fields: Vec<(&'static str, Value)>,
    options: Option<Box<CallOptions>>,
    /// Where the list begins.
    place: Option<String>,
    reconcile: bool,
    problem: Option<String>,
}

/// A body that was set as a whole.
#[derive(Clone)]
enum Content {
    None,
    Json(Value),
    Bytes(Bytes, Option<HeaderValue>),
}

/// A request as it goes to the transport.
pub(crate) struct Ready {
    pub(crate) request: Request,
    pub(crate) failure: Failure,
    pub(crate) options: Arc<CallOptions>,
}

impl Draft {
    pub(crate) fn new(context: &Context, operation: &'static Operation) -> Self {
        Self(Box::new(Inner {
            context: context.clone(),
            operation,
            values: Vec::new(),
            filters: Vec::new(),
            content: Content::None,
            fixed: Vec::new(),
            fields: Vec::new(),
            options: None,
            place: None,
            reconcile: false,
            problem: None,
        }))
    }

    /// Marks the end of the method's arguments; setters of options follow.
    #[must_use]
    pub(crate) fn made(mut self) -> Self {
        self.0.fixed.append(&mut self.0.fields);
        self
    }

    pub(crate) fn id<T: IdType>(self, number: usize, id: impl IntoId<T>) -> Self {
        match id.into_id(SEAL) {
            Ok(id) => self.put(number, vec![id.text().to_owned()]),
            Err(why) => self.refuse_value(number, &why.to_string()),
        }
    }

    /// Sets a parameter that is one value.
    pub(crate) fn set<T: Json>(self, number: usize, value: impl IntoValue<T>) -> Self {
        match value.into_value(SEAL) {
            Ok(value) => {
                self.put(number, value.to_json().map(|value| texts(&value)).unwrap_or_default())
            }
            Err(why) => self.refuse_value(number, why),
        }
    }

    /// Adds to a parameter that is a comma-separated list. An empty list is a value, too.
    pub(crate) fn list<T: ListItem>(self, number: usize, items: impl IntoList<T>) -> Self {
        let items: Vec<String> = items.into_list(SEAL).iter().map(ListItem::written).collect();
        self.add_items(number, &items)
    }

    fn add_items(self, number: usize, items: &[String]) -> Self {
        let is_item = |text: &String| {
            !text.trim().is_empty()
                && !text.contains([',', '[', ']'])
                && !text.chars().any(char::is_control)
        };
        if !items.iter().all(is_item) {
            return self.refuse_value(
                number,
                "items must be non-empty, without commas, brackets or control characters",
            );
        }
        // An empty list is sent as an empty text, if the vendor accepts one.
        let parameter = self.0.operation.parameters.get(number);
        if items.is_empty()
            && parameter.is_some_and(|parameter| bounds::text(parameter, "").is_err())
        {
            return self;
        }
        let known = self.0.values.iter().find(|(known, _)| *known == number);
        let known =
            known.and_then(|(_, texts)| texts.first()).filter(|text| !text.is_empty()).cloned();
        let joined: Vec<String> = known.into_iter().chain(items.iter().cloned()).collect();
        self.put(number, vec![joined.join(",")])
    }

    /// Adds a matrix filter by its name.
    pub(crate) fn filter(mut self, name: String, value: String) -> Self {
        self.0.filters.push((name, value));
        self
    }

    /// Sets a field of the body to a constant.
    pub(crate) fn constant(self, pointer: &'static str, json: &str) -> Self {
        let value = serde_json::from_str(json).unwrap_or_default();
        self.field(pointer, Some(value))
    }

    /// Sets a field of the body.
    pub(crate) fn member<T: Json>(self, pointer: &'static str, value: impl IntoValue<T>) -> Self {
        match value.into_value(SEAL) {
            Ok(value) => self.field(pointer, value.to_json()),
            Err(why) => self.refuse(format!("invalid `{}`: {why}", name_of(pointer))),
        }
    }

    /// Sets a field of the body that is a list.
    pub(crate) fn members<T: Json>(
        self,
        pointer: &'static str,
        items: impl IntoIterator<Item = impl IntoValue<T>>,
    ) -> Self {
        match list(items) {
            Ok(items) => self.field(pointer, Some(items)),
            Err(why) => self.refuse(format!("invalid item of `{}`: {why}", name_of(pointer))),
        }
    }

    fn field(mut self, pointer: &'static str, value: Option<Value>) -> Self {
        self.0.fields.retain(|(known, _)| *known != pointer);
        if let Some(value) = value {
            self.0.fields.push((pointer, value));
        }
        self
    }

    /// Sets the whole body.
    pub(crate) fn whole<T: Json>(self, value: impl IntoValue<T>) -> Self {
        match value.into_value(SEAL) {
            Ok(value) => self.content(Content::Json(value.to_json().unwrap_or_default())),
            Err(why) => self.refuse(format!("the body {why}")),
        }
    }

    /// Sets a body that is a list.
    pub(crate) fn whole_list<T: Json>(
        self,
        items: impl IntoIterator<Item = impl IntoValue<T>>,
    ) -> Self {
        match list(items) {
            Ok(items) => self.content(Content::Json(items)),
            Err(why) => self.refuse(format!("invalid item of the body: {why}")),
        }
    }

    /// Sets a body of several parts.
    pub(crate) fn form(self, form: MultipartForm) -> Self {
        match form.finish() {
            Ok((content_type, bytes)) => self.content(Content::Bytes(bytes, Some(content_type))),
            Err(why) => self.refuse(why.to_owned()),
        }
    }

    /// Sets a body as it is.
    pub(crate) fn bytes(self, bytes: impl Into<Bytes>) -> Self {
        self.content(Content::Bytes(bytes.into(), None))
    }

    fn content(mut self, content: Content) -> Self {
        if let Some((pointer, _)) = self.0.fields.first() {
            let name = name_of(pointer).to_owned();
            return self.refuse(format!(
                "`body` would replace `{name}`: call it before the other methods"
            ));
        }
        self.0.content = content;
        self
    }

    pub(crate) fn with(mut self, options: CallOptions) -> Self {
        let options = match self.0.options.take() {
            Some(known) => options.over(&known),
            None => options,
        };
        self.0.options = Some(Box::new(options));
        self
    }

    pub(crate) fn reconcile(mut self, reconcile: bool) -> Self {
        self.0.reconcile = reconcile;
        self
    }

    pub(crate) fn start_at(mut self, place: String) -> Self {
        self.0.place = Some(place);
        self
    }

    fn put(mut self, number: usize, texts: Vec<String>) -> Self {
        self.set_texts(number, texts);
        self
    }

    /// Sets the texts of a parameter.
    pub(super) fn set_texts(&mut self, number: usize, texts: Vec<String>) {
        self.0.values.retain(|(known, _)| *known != number);
        self.0.values.push((number, texts));
    }

    /// Returns the first text of a parameter.
    pub(super) fn text(&self, number: usize) -> Option<&str> {
        let (_, texts) = self.0.values.iter().find(|(known, _)| *known == number)?;
        texts.first().map(String::as_str)
    }

    fn refuse_value(self, number: usize, why: &str) -> Self {
        let name =
            self.0.operation.parameters.get(number).map_or("parameter", |parameter| parameter.name);
        self.refuse(format!("invalid `{name}`: {why}"))
    }

    fn refuse(mut self, problem: String) -> Self {
        self.0.problem.get_or_insert(problem);
        self
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    pub(super) fn context(&self) -> &Context {
        &self.0.context
    }

    pub(super) fn reconciles(&self) -> bool {
        self.0.reconcile
    }

    pub(super) fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Makes a read of a subject: another operation with the same ids.
    pub(super) fn reading(
        context: &Context,
        operation: &'static Operation,
        ids: &[String],
    ) -> Self {
        let mut draft = Self::new(context, operation);
        for (number, id) in ids.iter().enumerate() {
            draft.set_texts(number, vec![id.clone()]);
        }
        draft.0.context.options = Arc::new(context.options.for_reading());
        draft
    }

    /// Sends the request, with the retries that its class allows, and returns the
    /// response.
    pub(super) async fn answer(&self, link: Option<&str>) -> Result<Answer, Error> {
        let transport = &self.0.context.transport;
        let operation = self.0.operation;
        let ready = self
            .ready(link)
            .map_err(|why| Error::invalid(transport.dialect.vendor(), operation.id, why))?;
        let mut answer =
            transport.send(ready.request, operation, &ready.options, ready.failure).await?;
        answer.row = Some(operation);
        answer.base = operation.paging.is_some().then(|| transport.base.clone());
        Ok(answer)
    }

    /// Makes the request that the transport signs and sends. `link` is the query of the
    /// link that a list's last page returned.
    fn ready(&self, link: Option<&str>) -> Result<Ready, String> {
        let inner = &*self.0;
        if let Some(problem) = &inner.problem {
            return Err(problem.clone());
        }
        if inner.context.options.idempotency_key.is_some() {
            return Err(KEY_OF_CLIENT.to_owned());
        }
        let link: Vec<(String, String)> = link.map(pairs_of).unwrap_or_default();
        let mut options = match &inner.options {
            Some(own) => Arc::new((**own).clone().over(&inner.context.options)),
            None => Arc::clone(&inner.context.options),
        };
        if !link.is_empty() && !options.query.is_empty() {
            let mut own = (*options).clone();
            own.query.retain(|(name, _)| !link.iter().any(|(known, _)| known == name));
            options = Arc::new(own);
        }
        let (request, body) = self.request(&link)?;
        let transport = &inner.context.transport;
        let failure = Failure {
            vendor: Some(transport.dialect.vendor()),
            operation: Some(inner.operation.id),
            class: Some(inner.operation.class),
            ids: self.ids(),
            subject: inner.operation.subject,
            wanted: wanted(inner.operation, body.as_ref()),
            shown: inner.operation.shown,
            ..Failure::default()
        };
        Ok(Ready { request, failure, options })
    }

    fn ids(&self) -> Vec<String> {
        let in_path = self
            .0
            .operation
            .parameters
            .iter()
            .take_while(|parameter| parameter.place == Place::Path);
        in_path.enumerate().filter_map(|(number, _)| self.text(number).map(str::to_owned)).collect()
    }

    fn request(&self, link: &[(String, String)]) -> Result<(Request, Option<Value>), String> {
        let inner = &*self.0;
        let operation = inner.operation;
        let mut path = operation.path.unwrap_or_default().to_owned();
        let mut query: Vec<(&str, &str)> = Vec::new();
        let mut headers = Vec::new();
        let mut filters = String::new();
        let is_replaced =
            |name: &str| is_of_the_page(name) || link.iter().any(|(known, _)| known == name);
        for (number, parameter) in operation.parameters.iter().enumerate() {
            let name = parameter.name;
            let given = inner
                .values
                .iter()
                .find(|(known, _)| *known == number)
                .map(|(_, values)| values.as_slice());
            if parameter.required && given.is_none_or(<[_]>::is_empty) {
                return Err(format!("`{name}` is not set"));
            }
            for value in given.unwrap_or_default() {
                bounds::text(parameter, value)?;
                match parameter.place {
                    Place::Path => {
                        path = path.replace(&format!("{{{name}}}"), &encode_segment(value))
                    }
                    Place::Matrix => filters.push_str(&matrix(name, value)),
                    Place::Query if !link.is_empty() && is_replaced(name) => {}
                    Place::Query => query.push((name, value.as_str())),
                    Place::Header => {
                        let header = HeaderName::try_from(name)
                            .map_err(|_| format!("invalid header name `{name}`"))?;
                        let mut value = HeaderValue::try_from(value).map_err(|_| {
                            format!("invalid `{name}`: must not contain control characters")
                        })?;
                        value.set_sensitive(
                            parameter.is_personal || operation.own_credential.is_some(),
                        );
                        headers.push((header, value));
                    }
                }
            }
        }
        for (name, value) in &inner.filters {
            filters.push_str(&matrix(name, value));
        }
        query.extend(link.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let path = path.replace("{;}", &filters);
        let base = &inner.context.transport.base;
        // Set, not joined, because a base path that begins with two slashes would name
        // another host.
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base_path(base, operation.above_base)));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(operation.method.clone(), url);
        for (name, value) in headers {
            request.headers_mut().append(name, value);
        }
        if let Some(accept) = operation.accept {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
        }
        let body = self.add_body(&mut request)?;
        Ok((request, body))
    }

    /// Writes the body, and returns it if it is JSON.
    fn add_body(&self, request: &mut Request) -> Result<Option<Value>, String> {
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

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("operation", &self.0.operation.id).finish_non_exhaustive()
    }
}

/// Returns what a decision is to bring about, with values from its body.
fn wanted(operation: &Operation, body: Option<&Value>) -> Wanted {
    let facets = operation.wanted.iter().filter_map(|(facet, value)| {
        if !value.starts_with('/') {
            return Some((*facet, (*value).to_owned()));
        }
        let found = body.and_then(|body| body.pointer(value))?;
        texts(found).into_iter().next().map(|text| (*facet, text))
    });
    Wanted::new(facets.collect())
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

/// Returns the name of the field at the end of a pointer.
fn name_of(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

fn list<T: Json>(
    items: impl IntoIterator<Item = impl IntoValue<T>>,
) -> Result<Value, &'static str> {
    let mut list = Vec::new();
    for item in items {
        list.push(item.into_value(SEAL)?.to_json().unwrap_or_default());
    }
    Ok(Value::Array(list))
}

/// Returns whether a parameter says which page is meant, for which a link has its own.
fn is_of_the_page(name: &str) -> bool {
    matches!(name, "page[after]" | "page[before]")
}

fn matrix(name: &str, value: &str) -> String {
    format!(";{}={}", encode_segment(name), encode_segment(value))
}

/// Splits a query into pairs.
pub(super) fn pairs_of(query: &str) -> Vec<(String, String)> {
    let mut url = Url::parse("query:").ok();
    if let Some(url) = &mut url {
        url.set_query(Some(query));
    }
    let pairs = url.as_ref().map(|url| url.query_pairs().into_owned().collect());
    pairs.unwrap_or_default()
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

/// Returns the text of a scalar, or of each item of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Object(_) => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        scalar => vec![scalar.to_string()],
    }
}
