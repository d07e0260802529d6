//! Reading generated types from JSON, and writing them.
//!
//! serde's derive writes some twenty lines per field, which every user of this crate
//! would compile. Here each type lists its fields once, in a constructor and in
//! [`Model::members`], and serde, `Debug` and `PartialEq` all use that list. An error
//! names the field at which decoding stopped, never its value.

mod envelope;
mod misfit;
mod object;
mod reader;
#[cfg(test)]
mod tests;
mod values;

use std::any::Any;
use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

pub(crate) use envelope::{consists_of, envelope};
pub use misfit::Misfit;
#[allow(unused_imports)] // not every vendor has every kind of field
pub(crate) use object::{Field, Presence, Slot, nullable, optional, required, rest};
pub(crate) use reader::{Broken, Reader, Stop};

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
    /// Returns a value to be filled; cheap.
    fn blank() -> Self;

    /// Reads a value. One that does not fit is read to its end.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;

    /// Reads a value.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Stop> {
        let mut value = Self::blank();
        match value.fill(reader) {
            Ok(()) => Ok(value),
            Err(stop) => Err(stop),
        }
    }

    /// Reads a field into a map.
    fn entry(&mut self, _name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        Err(reader.misfit("not a map"))
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

/// The fields of a model, with their values.
pub(crate) struct Members<'a> {
    fields: &'static [Field],
    values: Vec<&'a dyn Member>,
}

impl<'a> Members<'a> {
    fn iter(&self) -> impl Iterator<Item = (&'static Field, &'a dyn Member)> {
        self.fields.iter().zip(self.values.iter().copied())
    }
}

/// An object with fields. build.rs implements it for each object type of a spec.
pub(crate) trait Model: Sized {
    /// Its name in the spec.
    const NAME: &'static str;
    /// Its fields, in the order of `values`.
    const FIELDS: &'static [Field];
    /// Returns a value to be filled.
    fn blank() -> Self;
    /// Reads an object.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;
    /// Lists the values of the fields.
    fn values(&self) -> Vec<&dyn Member>;
}

/// Lists the fields of a model.
pub(crate) fn members<T: Model>(model: &T) -> Members<'_> {
    Members { fields: T::FIELDS, values: model.values() }
}

pub(crate) use object::fill as fill_object;

/// A value, and the optional fields that did not fit.
pub(crate) type Read<T> = (T, Vec<Misfit>);

/// Reads the value at a pointer into a body. The error is a note that names fields, never
/// values.
pub(crate) fn read_at<T: Json>(body: &[u8], at: &str) -> Result<Read<T>, String> {
    let mut value = T::blank();
    match fill_at(body, at, &mut value) {
        Ok(misfits) => Ok((value, misfits)),
        Err(note) => Err(note),
    }
}

fn fill_at(body: &[u8], at: &str, slot: &mut dyn Slot) -> Result<Vec<Misfit>, String> {
    let mut reader = match Reader::new(body) {
        Ok(reader) => reader,
        Err(broken) => return Err(broken.to_string()),
    };
    let filled = reader.fill_at(at, slot).and_then(|found| {
        reader.end()?;
        Ok(found)
    });
    match filled {
        Ok(true) => Ok(reader.misfits),
        Ok(false) => {
            let name = at.trim_start_matches('/');
            Err(format!("unexpected response body: `{name}` is missing"))
        }
        Err(Stop::Misfit(misfit)) => Err(unexpected(&misfit)),
        Err(Stop::Broken(broken)) => Err(reader.note(broken)),
    }
}

/// Says that a body has another shape.
pub(crate) fn unexpected(misfit: &Misfit) -> String {
    format!("unexpected response body: {misfit}")
}

/// Reads one item of a list, whose text was already found to be JSON.
pub(crate) fn read_item<T: Json>(item: &[u8], index: usize) -> Result<Read<T>, Misfit> {
    let mut value = T::blank();
    match fill_item(item, index, &mut value) {
        Ok(misfits) => Ok((value, misfits)),
        Err(misfit) => Err(misfit),
    }
}

fn fill_item(item: &[u8], index: usize, slot: &mut dyn Slot) -> Result<Vec<Misfit>, Misfit> {
    let filled = Reader::new(item).map_err(Stop::Broken).and_then(|mut reader| {
        slot.fill(&mut reader)?;
        Ok(reader.misfits)
    });
    match filled {
        Ok(mut misfits) => {
            misfits.iter_mut().for_each(|misfit| misfit.add_item(index));
            Ok(misfits)
        }
        Err(Stop::Misfit(misfit)) => Err(misfit.at_item(index).absent()),
        Err(Stop::Broken(_)) => Err(Misfit::new("too large").at_item(index).absent()),
    }
}

/// Reads a string.
pub(crate) fn text<'a>(reader: &mut Reader<'a>) -> Result<std::borrow::Cow<'a, str>, Stop> {
    match reader.peek()? {
        b'"' => Ok(reader.string()?),
        _ => Err(reader.misfit("not a string")),
    }
}

/// Reads any JSON.
pub(crate) fn parse(body: &[u8]) -> Result<Value, Broken> {
    let mut reader = Reader::new(body)?;
    let value = reader.value()?;
    reader.end()?;
    Ok(value)
}

/// Writes an object.
pub(crate) fn write(members: &Members<'_>) -> Value {
    let mut object = Map::new();
    for (field, member) in members.iter() {
        match member.json() {
            Some(Value::Object(rest)) if field.presence == Presence::Rest => {
                for (name, value) in rest {
                    object.entry(name).or_insert(value);
                }
            }
            Some(value) => drop(object.insert(field.name.to_owned(), value)),
            None if field.presence == Presence::Nullable => {
                drop(object.insert(field.name.to_owned(), Value::Null));
            }
            None => {}
        }
    }
    Value::Object(object)
}

pub(crate) fn serialize<S: Serializer>(
    members: &Members<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    write(members).serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Json, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value: Value = serde::Deserialize::deserialize(deserializer)?;
    let mut read = T::blank();
    match fill_whole(&value.to_string(), &mut read) {
        Ok(()) => Ok(read),
        Err(problem) => Err(D::Error::custom(problem)),
    }
}

fn fill_whole(text: &str, slot: &mut dyn Slot) -> Result<(), Misfit> {
    let filled = Reader::new(text.as_bytes()).map_err(Stop::Broken).and_then(|mut reader| {
        slot.fill(&mut reader)?;
        // There is no reply that could list them.
        Ok(reader.misfits.into_iter().next())
    });
    match filled {
        Ok(None) => Ok(()),
        Ok(Some(misfit)) | Err(Stop::Misfit(misfit)) => Err(misfit),
        Err(Stop::Broken(_)) => Err(Misfit::new("too large or nested too deeply")),
    }
}

pub(crate) fn debug(name: &str, members: &Members<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (field, member) in members.iter() {
        let name = if field.presence == Presence::Rest { "extra" } else { field.name };
        match member.hidden() {
            Some(1) => shown.field(name, &format_args!("[1 field]")),
            Some(count) => shown.field(name, &format_args!("[{count} fields]")),
            None => shown.field(name, member),
        };
    }
    shown.finish()
}

pub(crate) fn equal(one: &Members<'_>, other: &Members<'_>) -> bool {
    one.values.len() == other.values.len()
        && one.values.iter().zip(&other.values).all(|(one, other)| one.equals(*other))
}

/// Implements `Json`, `Debug`, `PartialEq` and serde's traits for each model.
macro_rules! model {
    ($($name:ident)*) => { $(
        impl $crate::value::json::Json for $name {
            #[inline]
            fn blank() -> Self {
                $crate::value::json::Model::blank()
            }

            #[inline]
            fn fill(
                &mut self,
                reader: &mut $crate::value::json::Reader<'_>,
            ) -> ::std::result::Result<(), $crate::value::json::Stop> {
                $crate::value::json::Model::fill(self, reader)
            }

            #[inline]
            fn to_json(&self) -> Option<::serde_json::Value> {
                Some($crate::value::json::write(&$crate::value::json::members(self)))
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::value::json::debug(
                    <Self as $crate::value::json::Model>::NAME,
                    &$crate::value::json::members(self),
                    f,
                )
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::value::json::equal(
                    &$crate::value::json::members(self),
                    &$crate::value::json::members(other),
                )
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::value::json::serialize(&$crate::value::json::members(self), serializer)
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
