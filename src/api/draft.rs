//! Requests being built: parameters, body, options. Errors are reported when the request
//! is sent, before any I/O.

mod body;
mod ready;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::context::Context;
use super::{Judge, bounds};
use crate::call::{CallOptions, Operation};
use crate::value::json::Json;
use crate::value::{IdType, IntoId, IntoList, IntoValue, ListItem, MultipartForm, SEAL};

pub(super) use ready::pairs_of;

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
    /// What judges the subject if the outcome is unknown and the call is to read it back.
    judge: Option<Judge>,
    problem: Option<String>,
}

/// A body that was set as a whole.
#[derive(Clone)]
enum Content {
    None,
    Json(Value),
    Bytes(Bytes, Option<HeaderValue>),
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
            judge: None,
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

    /// Refuses a blank text, or a list with one, in a field that is an argument.
    pub(crate) fn not_blank(self, pointer: &'static str) -> Self {
        let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        let value = self.0.fields.iter().find(|(known, _)| *known == pointer);
        let why = match value.map(|(_, value)| value) {
            Some(Value::Array(items)) if items.iter().any(is_blank) => "items must not be empty",
            Some(value) if is_blank(value) => "must not be empty",
            _ => return self,
        };
        self.refuse(format!("invalid `{}`: {why}", name_of(pointer)))
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

    pub(crate) fn reconcile(mut self, reconcile: bool, judge: Judge) -> Self {
        self.0.judge = reconcile.then_some(judge);
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

    pub(super) fn judge(&self) -> Option<Judge> {
        self.0.judge
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
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("operation", &self.0.operation.id).finish_non_exhaustive()
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

/// Returns the text of a scalar, or of each item of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Object(_) => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        scalar => vec![scalar.to_string()],
    }
}
