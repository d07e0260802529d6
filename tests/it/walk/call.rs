//! One method of a resource: what it is given, and its outcome.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use kyc_review::{ByteStream, Error, Items, MultipartForm, Page, Pages, Reply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Clients;

/// A method of a resource, from the list that the build writes.
pub struct Operation {
    /// The operation's id in the spec.
    pub id: &'static str,
    pub resource: &'static str,
    pub verb: &'static str,
    /// Kind and target of each argument.
    pub arguments: &'static [(&'static str, &'static str)],
    /// Name, kind and target of each setter.
    pub setters: &'static [(&'static str, &'static str, &'static str)],
    pub body: &'static str,
    pub reply: &'static str,
    pub marks: &'static [&'static str],
    pub make: fn(&Clients, &Case) -> Result<Running, String>,
}

impl Operation {
    pub fn is(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }

    /// Sends one request.
    pub async fn call(
        &self,
        clients: &Clients,
        case: &Case,
    ) -> Result<Result<Outcome, Error>, String> {
        match (self.make)(clients, case)? {
            Running::Call(call) => Ok(call.await),
            Running::List(_) => Err("a list is walked and not called".to_owned()),
        }
    }

    /// Starts to walk a list.
    pub fn list(&self, clients: &Clients, case: &Case) -> Result<Box<dyn Lister>, String> {
        match (self.make)(clients, case)? {
            Running::List(list) => Ok(list),
            Running::Call(_) => Err("it is no list".to_owned()),
        }
    }
}

/// What a request was turned into.
pub enum Running {
    Call(Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send>>),
    List(Box<dyn Lister>),
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Act {
    #[default]
    Send,
    Items,
    Pages,
}

/// The values that a request is given.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Parameters by name.
    pub values: BTreeMap<String, Scalar>,
    /// Fields of the body by pointer: the arguments, and those with a setter.
    pub fields: BTreeMap<String, Value>,
    /// The body as a whole.
    pub body: Option<Payload>,
    /// Matrix filters without a setter.
    pub filters: Vec<(String, String)>,
    pub act: Act,
    pub start_at: Option<String>,
    pub reconcile: bool,
    /// The debug output of the request.
    pub shown: RefCell<String>,
}

#[derive(Clone, Debug)]
pub enum Scalar {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    List(Vec<String>),
}

impl Scalar {
    /// The text on the wire.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::List(items) => items.join(","),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Number(number) => (*number).into(),
            Self::Boolean(value) => (*value).into(),
            Self::List(items) => items.iter().map(String::as_str).collect(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Payload {
    Json(Value),
    Form(MultipartForm),
    Bytes(Vec<u8>),
}

/// The values that the macro asks for, by kind.
impl Case {
    pub fn id(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.values.get(name).map(Scalar::text))
    }

    pub fn scalar<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, String> {
        self.values.get(name).map(|value| typed(name, value.value())).transpose()
    }

    pub fn comma<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Vec<T>>, String> {
        self.scalar(name)
    }

    pub fn member<T: DeserializeOwned>(&self, pointer: &str) -> Result<Option<T>, String> {
        self.fields.get(pointer).map(|value| typed(pointer, value.clone())).transpose()
    }

    pub fn members<T: DeserializeOwned>(&self, pointer: &str) -> Result<Option<Vec<T>>, String> {
        self.member(pointer)
    }

    pub fn whole<T: DeserializeOwned + Debug>(&self) -> Result<Option<T>, String> {
        let Some(Payload::Json(body)) = &self.body else { return Ok(None) };
        let body: T = typed("the body", body.clone())?;
        self.shown.borrow_mut().push_str(&format!("{body:?}"));
        Ok(Some(body))
    }

    pub fn whole_list<T: DeserializeOwned + Debug>(&self) -> Result<Option<Vec<T>>, String> {
        self.whole()
    }

    pub fn form(&self) -> Result<Option<MultipartForm>, String> {
        Ok(match &self.body {
            Some(Payload::Form(form)) => Some(form.clone()),
            _ => None,
        })
    }

    pub fn bytes(&self) -> Result<Option<Vec<u8>>, String> {
        Ok(match &self.body {
            Some(Payload::Bytes(bytes)) => Some(bytes.clone()),
            _ => None,
        })
    }
}

fn typed<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, String> {
    serde_json::from_value(value)
        .map_err(|error| format!("its own type does not take {what}: {error}"))
}

/// The outcome of a request.
#[derive(Debug)]
pub struct Outcome {
    pub status: u16,
    pub raw: Vec<u8>,
    /// The debug output of the reply.
    pub shown: String,
    pub value: Decoded,
    /// The paths of the fields that did not fit.
    pub misfits: Vec<String>,
    /// The items of a page that could not be read.
    pub unread: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub enum Decoded {
    Json(Value),
    /// Items, the position of the next page, the total.
    Page(Value, Option<String>, Option<u64>),
    Nothing,
    Bytes(Vec<u8>),
}

fn outcome<T: Debug>(reply: &Reply<T>, value: Decoded) -> Outcome {
    let (status, raw) = (reply.status_code().as_u16(), reply.raw().to_vec());
    let misfits = reply.misfits().iter().map(kyc_review::Misfit::path).collect();
    Outcome { status, raw, shown: format!("{reply:?}"), value, misfits, unread: Vec::new() }
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

/// Outcomes by the kind of the reply in the generated list.
pub mod reply {
    use super::*;

    pub fn json<T: Debug + Serialize>(reply: Reply<T>) -> Outcome {
        outcome(&reply, Decoded::Json(super::json(&*reply)))
    }

    #[allow(dead_code)] // only unconfirmed operations have such a response
    pub fn optional<T: Debug + Serialize>(reply: Reply<Option<T>>) -> Outcome {
        let value =
            reply.as_ref().map_or(Decoded::Nothing, |value| Decoded::Json(super::json(value)));
        outcome(&reply, value)
    }

    pub fn page<T: Debug + Serialize>(reply: Reply<Page<T>>) -> Outcome {
        let value = Decoded::Page(super::json(&reply.items), reply.next.clone(), reply.total);
        let unread = reply.unread.iter().map(kyc_review::Misfit::path).collect();
        Outcome { unread, ..outcome(&reply, value) }
    }

    #[allow(dead_code)] // not every vendor has such a response
    pub fn empty(reply: Reply<()>) -> Outcome {
        outcome(&reply, Decoded::Nothing)
    }

    #[allow(dead_code)] // not every vendor has such a response
    pub fn bytes(reply: Reply<ByteStream>) -> Outcome {
        outcome(&reply, Decoded::Bytes(reply.0.to_vec()))
    }
}

pub type Next<'a> = Pin<Box<dyn Future<Output = Result<Option<Value>, Error>> + 'a>>;

/// A walk through a list: over its items one by one, or over its pages, each of them the
/// list of its items.
pub trait Lister {
    fn next(&mut self) -> Next<'_>;
    fn resume(&mut self) -> bool;
    fn position(&self) -> Option<String>;
}

impl<T: Serialize> Lister for Items<T> {
    fn next(&mut self) -> Next<'_> {
        Box::pin(async { Ok(self.try_next().await?.map(|item| json(&item))) })
    }

    fn resume(&mut self) -> bool {
        Self::resume(self)
    }

    fn position(&self) -> Option<String> {
        Self::position(self)
    }
}

impl<T: Serialize> Lister for Pages<T> {
    fn next(&mut self) -> Next<'_> {
        Box::pin(async { Ok(self.try_next().await?.map(|page| json(&page.items))) })
    }

    fn resume(&mut self) -> bool {
        Self::resume(self)
    }

    fn position(&self) -> Option<String> {
        Self::position(self)
    }
}
