//! Unions that stay open: an object of a kind that this version does not know is kept whole.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// An object of a kind that this version does not know.
///
/// `common()` has the members that all kinds share, where the union has such; `raw()` has everything.
/// `Debug` prints no member.
#[derive(Clone, PartialEq)]
pub struct UnknownVariant<C = NoCommon> {
    common: C,
    raw: Value,
}

impl<C> UnknownVariant<C> {
    /// The members that every kind of the union shares.
    pub const fn common(&self) -> &C {
        &self.common
    }

    /// The whole object.
    pub const fn raw(&self) -> &Value {
        &self.raw
    }
}

impl<C: DeserializeOwned> UnknownVariant<C> {
    pub(crate) fn read<E: serde::de::Error>(raw: Value) -> Result<Self, E> {
        let common = C::deserialize(&raw).map_err(|_| E::custom("the members that all kinds share do not decode"))?;
        Ok(Self { common, raw })
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

/// A union whose kinds share no members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoCommon;

impl<'de> Deserialize<'de> for NoCommon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// Decodes the object that a discriminator has chosen. The error names no value.
pub(crate) fn variant<T: DeserializeOwned, E: serde::de::Error>(raw: Value) -> Result<Box<T>, E> {
    T::deserialize(raw).map(Box::new).map_err(|_| E::custom("the object does not decode as the kind that it names"))
}

/// The discriminator's text, wherever it stands in the object.
pub(crate) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let raw = Value::deserialize(deserializer)?;
    if raw.is_object() { Ok(raw) } else { Err(D::Error::custom("not an object")) }
}

/// An open union, decoded by a discriminator. Emitted by build.rs for each `x-one-of` of a document.
macro_rules! open_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $discriminator:literal, common $common:ty {
            $( $(#[$doc:meta])* $variant:ident($type:ty) = $tag:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant(Box<$type>), )*
            /// A kind that this version does not know; the object is kept whole.
            Unknown(Box<$crate::UnknownVariant<$common>>),
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(value) => value.serialize(serializer), )*
                    Self::Unknown(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let raw = $crate::union::object(deserializer)?;
                match raw.get($discriminator).and_then(::serde_json::Value::as_str) {
                    $( Some($tag) => $crate::union::variant(raw).map(Self::$variant), )*
                    _ => $crate::UnknownVariant::read(raw).map(Box::new).map(Self::Unknown),
                }
            }
        }

        $(
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    Self::$variant(Box::new(value))
                }
            }
        )*
    };
}

pub(crate) use open_union;
