//! How generated types are read from JSON and written as JSON.
//!
//! serde's derive writes some twenty lines a member, which every user of this crate would compile. Here each type lists its
//! members once, in a constructor and in [`Model::members`], and all that serde, `Debug` and `PartialEq` need is done by that list.
//! An error says at which member decoding stopped, and never what stood there.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::{CalendarDate, Patch, Personal, Timestamp};

/// Where an answer stops to fit, and why. It names members and JSON types, never values.
#[derive(Debug)]
pub(crate) struct Problem {
    /// From the innermost member outwards.
    path: Vec<&'static str>,
    what: &'static str,
}

impl Problem {
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { path: Vec::new(), what }
    }

    fn at(mut self, member: &'static str) -> Self {
        self.path.push(member);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        for (index, member) in self.path.iter().rev().enumerate() {
            f.write_str(if index == 0 { " at " } else { "." })?;
            f.write_str(member)?;
        }
        Ok(())
    }
}

/// `?` without its generic functions: this code is compiled for each type that a caller reads.
macro_rules! get {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(problem) => return Err(problem),
        }
    };
}

pub(crate) use get;

/// A value that stands in a document.
pub(crate) trait Json: Sized {
    /// Reads it.
    fn from_json(value: Value) -> Result<Self, Problem>;

    /// Reads it where it may be absent.
    fn from_absent() -> Result<Self, Problem> {
        Err(Problem::new("a required member is missing"))
    }

    /// Reads a null where it may be absent: none, but for what tells the two apart.
    fn from_null() -> Option<Self> {
        None
    }

    /// Writes it; nothing where it is to be left out.
    fn to_json(&self) -> Option<Value>;

    /// How many members a map has. That is shown in place of its keys, for nobody knows what these are.
    fn keys(&self) -> Option<usize> {
        None
    }
}

/// One member of a type, whatever its own type is.
pub(crate) trait Member: fmt::Debug {
    /// Its JSON; nothing where it is to be left out.
    fn json(&self) -> Option<Value>;
    /// How many keys it has that must not be shown.
    fn hidden(&self) -> Option<usize>;
    /// Whether another member of the same type is equal.
    fn equals(&self, other: &dyn Member) -> bool;
    /// For the comparison.
    fn any(&self) -> &dyn Any;
}

impl<T: Json + fmt::Debug + PartialEq + 'static> Member for T {
    fn json(&self) -> Option<Value> {
        self.to_json()
    }

    fn hidden(&self) -> Option<usize> {
        self.keys()
    }

    fn equals(&self, other: &dyn Member) -> bool {
        other.any().downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// The members of a type: name on the wire (`""` for all that have no name of their own), whether it is always written, value.
pub(crate) type Members<'a> = Vec<(&'static str, bool, &'a dyn Member)>;

/// An object with members. build.rs implements it for each type of a document.
pub(crate) trait Model: Sized {
    /// Its name in the document.
    const NAME: &'static str;
    /// Takes the members out of an object.
    fn read(object: &mut Object) -> Result<Self, Problem>;
    /// Lists them.
    fn members(&self) -> Members<'_>;
}

/// An object under reading.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// A member; what may be absent is none then.
    pub(crate) fn take<T: Json>(&mut self, name: &'static str) -> Result<T, Problem> {
        let taken = match self.0.remove(name) {
            Some(value) => T::from_json(value),
            None => T::from_absent(),
        };
        match taken {
            Ok(value) => Ok(value),
            Err(problem) => Err(problem.at(name)),
        }
    }

    /// A member that must be there and may be null.
    pub(crate) fn nullable<T: Json>(&mut self, name: &'static str) -> Result<Option<T>, Problem> {
        let value = self.0.remove(name).ok_or_else(|| Problem::new("a required member is missing").at(name))?;
        Option::from_json(value).map_err(|problem| problem.at(name))
    }

    /// All members that are left.
    pub(crate) fn rest<T: Json>(&mut self) -> Result<T, Problem> {
        T::from_json(Value::Object(std::mem::take(&mut self.0)))
    }
}

/// Reads an object.
pub(crate) fn read<T: Model>(value: Value) -> Result<T, Problem> {
    match value {
        Value::Object(members) => T::read(&mut Object(members)),
        _ => Err(Problem::new("not an object")),
    }
}

/// Writes an object.
pub(crate) fn write(members: Members<'_>) -> Value {
    let mut object = Map::new();
    for (name, is_always_written, member) in members {
        match member.json() {
            Some(Value::Object(rest)) if name.is_empty() => {
                for (name, value) in rest {
                    object.entry(name).or_insert(value);
                }
            }
            Some(value) => drop(object.insert(name.to_owned(), value)),
            None if is_always_written => drop(object.insert(name.to_owned(), Value::Null)),
            None => {}
        }
    }
    Value::Object(object)
}

pub(crate) fn serialize<S: Serializer>(members: Members<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    write(members).serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Json, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_json(serde::Deserialize::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(crate) fn debug(name: &str, members: &Members<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (name, _, member) in members {
        let name = if name.is_empty() { "extra" } else { name };
        match member.hidden() {
            Some(1) => shown.field(name, &format_args!("[1 member]")),
            Some(count) => shown.field(name, &format_args!("[{count} members]")),
            None => shown.field(name, member),
        };
    }
    shown.finish()
}

pub(crate) fn equal(one: &Members<'_>, other: &Members<'_>) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|((.., one), (.., other))| one.equals(*other))
}

/// What each model needs of other crates' traits.
macro_rules! model {
    ($($name:ident)*) => { $(
        impl $crate::json::Json for $name {
            #[inline]
            fn from_json(value: ::serde_json::Value) -> ::std::result::Result<Self, $crate::json::Problem> {
                $crate::json::read(value)
            }

            #[inline]
            fn to_json(&self) -> Option<::serde_json::Value> {
                Some($crate::json::write($crate::json::Model::members(self)))
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::json::debug(<Self as $crate::json::Model>::NAME, &$crate::json::Model::members(self), f)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::json::equal(&$crate::json::Model::members(self), &$crate::json::Model::members(other))
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::json::serialize($crate::json::Model::members(self), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::json::deserialize(deserializer)
            }
        }
    )* };
}

/// A type that wraps another one keeps what serde derives.
macro_rules! wrapper {
    ($name:ident) => {
        impl $crate::json::Json for $name {
            fn from_json(value: ::serde_json::Value) -> ::std::result::Result<Self, $crate::json::Problem> {
                Ok(Self($crate::json::get!($crate::json::Json::from_json(value))))
            }

            fn to_json(&self) -> Option<::serde_json::Value> {
                $crate::json::Json::to_json(&self.0)
            }
        }
    };
}

#[allow(unused_imports)] // not every vendor has such types
pub(crate) use {model, wrapper};

impl<T: Json> Json for Option<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        if value.is_null() {
            return Ok(T::from_null());
        }
        match T::from_json(value) {
            Ok(value) => Ok(Some(value)),
            Err(problem) => Err(problem),
        }
    }

    fn from_absent() -> Result<Self, Problem> {
        Ok(None)
    }

    fn to_json(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_json)
    }

    fn keys(&self) -> Option<usize> {
        self.as_ref().and_then(T::keys)
    }
}

impl<T: Json> Json for Box<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self::new(get!(T::from_json(value))))
    }

    fn to_json(&self) -> Option<Value> {
        T::to_json(self)
    }
}

impl<T: Json> Json for Vec<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(get!(T::from_json(item)));
                }
                Ok(list)
            }
            _ => Err(Problem::new("not a list")),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.iter().map(|item| item.to_json().unwrap_or_default()).collect())
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => {
                let mut map = Self::new();
                for (name, value) in members {
                    map.insert(name, get!(T::from_json(value)));
                }
                Ok(map)
            }
            _ => Err(Problem::new("not an object")),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.iter().map(|(name, value)| (name.clone(), value.to_json().unwrap_or_default())).collect())
    }

    fn keys(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T: Json> Json for Personal<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self::new(get!(T::from_json(value))))
    }

    fn to_json(&self) -> Option<Value> {
        self.expose().to_json()
    }
}

impl<T: Json> Json for Patch<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        if value.is_null() { Ok(Self::Null) } else { Ok(Self::Value(get!(T::from_json(value)))) }
    }

    fn from_null() -> Option<Self> {
        Some(Self::Null)
    }

    fn to_json(&self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::Value(value) => value.to_json(),
        }
    }
}

impl Json for Value {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(value)
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl Json for Map<String, Value> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => Ok(members),
            _ => Err(Problem::new("not an object")),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.clone()))
    }
}

/// Scalars: how each is read from a JSON value, and what is said where it is none.
macro_rules! scalars {
    ($( $type:ty, $value:ident => $read:expr, $what:literal; $self:ident => $write:expr; )*) => { $(
        impl Json for $type {
            fn from_json($value: Value) -> Result<Self, Problem> {
                $read.ok_or(Problem::new($what))
            }

            fn to_json(&self) -> Option<Value> {
                let $self = self;
                Some($write)
            }
        }
    )* };
}

scalars! {
    String, value => text(value), "not a string"; it => Value::String(it.clone());
    i64, value => integer(&value), "not an integer of 64 bits"; it => Value::from(*it);
    f64, value => value.as_f64(), "not a number"; it => Number::from_f64(*it).map_or(Value::Null, Value::Number);
    bool, value => value.as_bool(), "not a boolean"; it => Value::Bool(*it);
    Timestamp, value => serde_json::from_value(value).ok(), "not a time"; it => serde_json::to_value(it).unwrap_or_default();
    CalendarDate, value => serde_json::from_value(value).ok(), "not a date"; it => serde_json::to_value(it).unwrap_or_default();
}

/// A whole number, also where a server writes it with a fraction of zero or an exponent, and `-0`.
fn integer(value: &Value) -> Option<i64> {
    // Up to here every whole number is a number of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    value.as_i64().or_else(|| value.as_f64().filter(whole).map(|number| number as i64))
}

/// The text of a value.
pub(crate) fn string(value: Value) -> Result<String, Problem> {
    text(value).ok_or(Problem::new("not a string"))
}

pub(crate) fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The JSON of a body, but for an object that names a member twice: which of the two counts would be a guess.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Unambiguous>(bytes)?;
    serde_json::from_slice(bytes)
}

/// Walks through any JSON and keeps nothing of it. A walk of its own, for only serde_json's own `Value` reads numbers
/// right where a crate beside this one has turned on `arbitrary_precision`.
struct Unambiguous;

impl<'de> serde::Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Self>()?;
            if !names.insert(name) {
                return Err(A::Error::custom("an object names a member twice"));
            }
        }
        Ok(self)
    }
}
