//! Open unions: an object of an unknown kind is kept whole.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::value::json::{Json, Reader, Stop, parse};

/// An object of a kind that this version does not know.
///
/// `common()` returns the fields that all kinds share, if there are any; `raw()` returns
/// the whole object. `Debug` prints no field.
#[derive(Clone, PartialEq)]
pub struct UnknownVariant<C = NoCommon> {
    common: C,
    raw: Value,
}

impl<C> UnknownVariant<C> {
    /// Returns the fields that all kinds of the union share.
    pub const fn common(&self) -> &C {
        &self.common
    }

    /// Returns the text of a field; empty if there is none.
    #[doc(hidden)]
    pub fn text(&self, name: &str) -> &str {
        self.raw.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the whole object.
    pub const fn raw(&self) -> &Value {
        &self.raw
    }
}

#[allow(private_bounds)]
impl<C: Json> UnknownVariant<C> {
    pub(crate) fn blank() -> Self {
        Self { common: C::blank(), raw: Value::Null }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Stop> {
        reader.peek()?;
        let start = reader.at();
        let common = C::read(reader)?;
        let raw = reader.since(start);
        reader.charge(raw.len())?;
        Ok(Self { common, raw: parse(raw.as_bytes())? })
    }
}

impl<C> fmt::Debug for UnknownVariant<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnknownVariant([personal])")
    }
}

impl<C> Serialize for UnknownVariant<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

/// The common fields of a union whose kinds share none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoCommon;

impl Json for NoCommon {
    fn blank() -> Self {
        Self
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.skip().map_err(Stop::Broken)
    }

    fn to_json(&self) -> Option<Value> {
        None
    }
}

/// Writes an object with its variant's discriminator, whatever value the field had.
pub(crate) fn tagged<T: Json>(
    value: &T,
    discriminator: &'static str,
    tag: &'static str,
) -> Option<Value> {
    let mut written = value.to_json()?;
    if let Value::Object(members) = &mut written {
        members.insert(discriminator.to_owned(), Value::from(tag));
    }
    Some(written)
}

/// Defines an open union, decoded by a discriminator. `from` lists the kinds whose type
/// belongs to no other kind. Emitted by build.rs for each `x-one-of` of a spec.
macro_rules! open_union {
    (
        by $discriminator:literal, common $common:ty,
        from [ $( $from:ident($from_type:ty $(,)?) )* ]
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident($type:ty $(,)?) = $tag:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant(Box<$type>), )*
            /// A kind that this version does not know, with the whole object.
            Unknown(Box<$crate::UnknownVariant<$common>>),
        }

        impl $crate::value::json::Json for $name {
            #[inline]
            fn blank() -> Self {
                Self::Unknown(Box::new($crate::UnknownVariant::blank()))
            }

            #[inline]
            fn fill(
                &mut self,
                reader: &mut $crate::value::json::Reader<'_>,
            ) -> ::std::result::Result<(), $crate::value::json::Stop> {
                let kind = $crate::value::json::get!(reader.kind($discriminator));
                *self = match kind.as_deref() {
                    $(
                        Some($tag) => Self::$variant($crate::value::json::get!(
                            $crate::value::json::Json::read(reader)
                        )),
                    )*
                    _ => Self::Unknown(Box::new($crate::value::json::get!(
                        $crate::UnknownVariant::read(reader)
                    ))),
                };
                Ok(())
            }

            #[inline]
            fn to_json(&self) -> Option<::serde_json::Value> {
                match self {
                    $(
                        Self::$variant(value) => {
                            $crate::value::union::tagged(value, $discriminator, $tag)
                        }
                    )*
                    Self::Unknown(value) => Some(value.raw().clone()),
                }
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::value::json::Json::to_json(self).serialize(serializer)
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

        $(
            impl $crate::value::IntoValue<$name> for $from_type {
                #[inline]
                fn into_value(
                    self,
                    _: $crate::value::Sealed,
                ) -> ::std::result::Result<$name, &'static str> {
                    Ok($name::from(self))
                }
            }

            impl From<$from_type> for $name {
                #[inline]
                fn from(value: $from_type) -> Self {
                    Self::$from(Box::new(value))
                }
            }
        )*
    };
}

pub(crate) use open_union;
