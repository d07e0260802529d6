//! One call of a generated operation: what is set, and what came of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::sumsub::Sumsub;
use kyc_review::{ByteStream, Error, MultipartForm, Reply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A generated operation, from the list that the build writes.
pub struct Operation {
    pub id: &'static str,
    /// The names of the parameters that it has a setter for.
    pub setters: &'static [&'static str],
    pub body: &'static str,
    pub answer: &'static str,
    pub call: for<'a> fn(&'a Clients, &'a Case) -> Calling<'a>,
}

pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Outcome, Error>> + 'a>>;

/// A client of each vendor.
pub struct Clients {
    pub beltic: Beltic,
    pub persona: Persona,
    pub provide: Provide,
    pub rebilly: Rebilly,
    pub sumsub: Sumsub,
}

/// What a call sets.
#[derive(Debug, Default)]
pub struct Case {
    pub values: BTreeMap<String, Scalar>,
    pub body: Option<Payload>,
    /// Why the type of the body does not take it.
    pub problem: RefCell<Option<String>>,
    /// How the body prints itself.
    pub shown: RefCell<String>,
}

#[derive(Clone, Debug)]
pub enum Scalar {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
}

#[derive(Clone, Debug)]
pub enum Payload {
    Json(Value),
    Form(MultipartForm),
    Bytes(&'static [u8]),
}

/// What the macro asks for, by the JSON type of the parameter and the kind of the body.
impl Case {
    pub fn string(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Scalar::Integer(number) => Some(*number),
            _ => None,
        }
    }

    #[allow(dead_code)] // no document has such a parameter yet
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.values.get(name)? {
            Scalar::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.values.get(name)? {
            Scalar::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    pub fn json<T: DeserializeOwned + Debug>(&self) -> Option<T> {
        let Some(Payload::Json(body)) = &self.body else { return None };
        match serde_json::from_value::<T>(body.clone()) {
            Ok(body) => {
                *self.shown.borrow_mut() = format!("{body:?}");
                Some(body)
            }
            Err(error) => {
                *self.problem.borrow_mut() = Some(error.to_string());
                None
            }
        }
    }

    pub fn multipart(&self) -> Option<MultipartForm> {
        match &self.body {
            Some(Payload::Form(form)) => Some(form.clone()),
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&'static [u8]> {
        match self.body {
            Some(Payload::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Outcome {
    pub status: u16,
    pub raw: Vec<u8>,
    /// How the reply prints itself.
    pub shown: String,
    pub value: Decoded,
}

#[derive(Debug, PartialEq)]
pub enum Decoded {
    Json(Value),
    Nothing,
    Bytes(Vec<u8>),
}

fn outcome<T: Debug>(reply: &Reply<T>, value: Decoded) -> Outcome {
    let (status, raw) = (reply.status_code().as_u16(), reply.raw().to_vec());
    Outcome { status, raw, shown: format!("{reply:?}"), value }
}

/// By the kind of the answer, as the list has it.
pub mod answer {
    use super::*;

    pub fn json<T: Debug + Serialize>(reply: Reply<T>) -> Outcome {
        outcome(&reply, Decoded::Json(serde_json::to_value(&*reply).unwrap()))
    }

    #[allow(dead_code)] // such an answer is in no document without what is unconfirmed
    pub fn optional<T: Debug + Serialize>(reply: Reply<Option<T>>) -> Outcome {
        let value =
            reply.as_ref().map_or(Decoded::Nothing, |value| Decoded::Json(serde_json::to_value(value).unwrap()));
        outcome(&reply, value)
    }

    pub fn empty(reply: Reply<()>) -> Outcome {
        outcome(&reply, Decoded::Nothing)
    }

    pub fn bytes(reply: Reply<ByteStream>) -> Outcome {
        outcome(&reply, Decoded::Bytes(reply.0.to_vec()))
    }
}

/// Sets the body of a call by its kind.
macro_rules! with_body {
    ($call:ident, $case:ident, none $($ty:ty)?) => {};
    ($call:ident, $case:ident, multipart) => {
        if let Some(body) = $case.multipart() {
            $call = $call.body(body);
        }
    };
    ($call:ident, $case:ident, bytes) => {
        if let Some(body) = $case.bytes() {
            $call = $call.body(body);
        }
    };
    ($call:ident, $case:ident, $kind:ident $ty:ty) => {
        if let Some(body) = $case.json::<$ty>() {
            $call = $call.body(body);
        }
    };
}

/// The list that the build writes for each vendor: one entry an operation.
macro_rules! operations {
    ($(
        $id:ident { $($setter:ident = $kind:ident $name:literal,)* }
        $body:ident $(($body_type:ty))? -> $answer:ident $(($answer_type:ty))?;
    )*) => {
        pub const OPERATIONS: &[$crate::walk::call::Operation] = &[$(
            $crate::walk::call::Operation {
                id: stringify!($id),
                setters: &[$($name),*],
                body: stringify!($body),
                answer: stringify!($answer),
                call: |clients, case| {
                    #[allow(unused_mut)]
                    let mut call = client(clients).api().$id();
                    $(
                        if let Some(value) = case.$kind($name) {
                            call = call.$setter(value);
                        }
                    )*
                    $crate::walk::call::with_body!(call, case, $body $($body_type)?);
                    let _ = case;
                    Box::pin(async move { call.send().await.map($crate::walk::call::answer::$answer) })
                },
            },
        )*];
    };
}

/// The types that no operation answers with, from the same list.
macro_rules! on_demand {
    ($($name:ident($ty:ty))*) => {
        pub const ON_DEMAND: &[(&str, $crate::walk::on_demand::Read)] =
            &[$((stringify!($name), $crate::walk::on_demand::read::<$ty>),)*];
    };
}

pub(crate) use {on_demand, operations, with_body};
