//! Reading generated types from JSON, and writing them.
//!
//! serde's derive writes some twenty lines per field, which every user of this crate
//! would compile. Here each type lists its fields once, in a constructor and in
//! [`Model::members`], and serde, `Debug` and `PartialEq` all use that list. An error
//! names the field at which decoding stopped, never its value.

mod parse;
mod values;

use std::any::Any;
use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

pub(crate) use parse::parse;
pub(crate) use values::string;

/// Where and why a response does not decode. Names fields and JSON types, never values.
#[derive(Debug)]
pub struct Problem {
    /// Field names, innermost first.
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
        for (index, member) in self.path.iter().rev().enumerate() {
            f.write_str(if index == 0 { "`" } else { "." })?;
            f.write_str(member)?;
        }
        f.write_str(if self.path.is_empty() { "" } else { "` is " })?;
        f.write_str(self.what)
    }
}

/// `?` without its generic functions, because this code is compiled for each type that a
/// caller reads.
macro_rules! get {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(problem) => return Err(problem),
        }
    };
}

pub(crate) use get;

/// A value in a request or response body.
pub trait Json: Sized {
    /// Reads a value.
    fn from_json(value: Value) -> Result<Self, Problem>;

    /// Returns the value of an absent field, or an error if the field is required.
    fn from_absent() -> Result<Self, Problem> {
        Err(Problem::new("missing"))
    }

    /// Returns the value of a null in an optional field: `None`, except for types that
    /// distinguish null from absent.
    fn from_null() -> Option<Self> {
        None
    }

    /// Writes the value; `None` omits the field.
    fn to_json(&self) -> Option<Value>;

    /// Returns why the value must not be sent: an enum whose text is empty is none of its
    /// values, and as a filter it would find everything.
    fn refusal(&self) -> Option<&'static str> {
        None
    }

    /// Returns how many fields a map has, which `Debug` shows instead of their names,
    /// because these may be anything.
    fn keys(&self) -> Option<usize> {
        None
    }
}

/// A field of a model, whatever its type.
pub(crate) trait Member: fmt::Debug {
    /// Returns the JSON of the field; `None` omits it.
    fn json(&self) -> Option<Value>;
    /// Returns how many fields it has whose names must not be shown.
    fn hidden(&self) -> Option<usize>;
    /// Returns whether another field has the same type and value.
    fn equals(&self, other: &dyn Member) -> bool;
    /// Returns the field itself, for the comparison.
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

/// The fields of a model: name as sent (`""` for the map of all other fields), whether it
/// is always written, value.
pub(crate) type Members<'a> = Vec<(&'static str, bool, &'a dyn Member)>;

/// An object with fields. build.rs implements it for each object type of a spec.
pub(crate) trait Model: Sized {
    /// Its name in the spec.
    const NAME: &'static str;
    /// Takes the fields out of an object.
    fn read(object: &mut Object) -> Result<Self, Problem>;
    /// Lists the fields.
    fn members(&self) -> Members<'_>;
}

/// An object that is being read.
pub(crate) struct Object {
    fields: Map<String, Value>,
    /// The first optional field that does not decode.
    problem: Option<Problem>,
}

impl Object {
    /// Takes a field, or `T::from_absent()` if the object lacks it.
    pub(crate) fn take<T: Json>(&mut self, name: &'static str) -> Result<T, Problem> {
        let taken = match self.fields.remove(name) {
            Some(value) => T::from_json(value),
            None => T::from_absent(),
        };
        match taken {
            Ok(value) => Ok(value),
            Err(problem) => Err(problem.at(name)),
        }
    }

    /// Takes an optional field. A problem fails [`read`], not this function: most fields
    /// are optional, and an early return for each is dear to compile.
    pub(crate) fn optional<T: Json>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            Ok(value) => value,
            Err(problem) => {
                self.problem.get_or_insert(problem);
                None
            }
        }
    }

    /// Takes a required field that may be null.
    pub(crate) fn nullable<T: Json>(&mut self, name: &'static str) -> Result<Option<T>, Problem> {
        let value = self.fields.remove(name).ok_or_else(|| Problem::new("missing").at(name))?;
        Option::from_json(value).map_err(|problem| problem.at(name))
    }

    /// Takes all remaining fields.
    pub(crate) fn rest<T: Json>(&mut self) -> Result<T, Problem> {
        T::from_json(Value::Object(std::mem::take(&mut self.fields)))
    }
}

/// Reads an object.
pub(crate) fn read<T: Model>(value: Value) -> Result<T, Problem> {
    match value {
        Value::Object(fields) => {
            let mut object = Object { fields, problem: None };
            let read = T::read(&mut object);
            object.problem.map_or(read, Err)
        }
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

pub(crate) fn serialize<S: Serializer>(
    members: Members<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    write(members).serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Json, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::from_json(serde::Deserialize::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(crate) fn debug(name: &str, members: &Members<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (name, _, member) in members {
        let name = if name.is_empty() { "extra" } else { name };
        match member.hidden() {
            Some(1) => shown.field(name, &format_args!("[1 field]")),
            Some(count) => shown.field(name, &format_args!("[{count} fields]")),
            None => shown.field(name, member),
        };
    }
    shown.finish()
}

pub(crate) fn equal(one: &Members<'_>, other: &Members<'_>) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((.., one), (.., other))| one.equals(*other))
}

/// Implements `Json`, `Debug`, `PartialEq` and serde's traits for each model.
macro_rules! model {
    ($($name:ident)*) => { $(
        impl $crate::value::json::Json for $name {
            #[inline]
            fn from_json(
                value: ::serde_json::Value,
            ) -> ::std::result::Result<Self, $crate::value::json::Problem> {
                $crate::value::json::read(value)
            }

            #[inline]
            fn to_json(&self) -> Option<::serde_json::Value> {
                Some($crate::value::json::write($crate::value::json::Model::members(self)))
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::value::json::debug(
                    <Self as $crate::value::json::Model>::NAME,
                    &$crate::value::json::Model::members(self),
                    f,
                )
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::value::json::equal(
                    &$crate::value::json::Model::members(self),
                    &$crate::value::json::Model::members(other),
                )
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::value::json::serialize($crate::value::json::Model::members(self), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::value::json::deserialize(deserializer)
            }
        }
    )* };
}

#[allow(unused_imports)] // not every vendor has such types
pub(crate) use model;
