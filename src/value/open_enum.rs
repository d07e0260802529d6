//! Open enums: an unknown value is kept and written back.

use std::fmt;

/// The text of an enum value that this version does not know.
///
/// It cannot be built or matched on outside this crate, so code compares by text
/// (`*status == "new-value"`) and keeps working once the value gets its own variant.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Defines an open enum of strings.
///
/// Emitted by build.rs for each string enum of a spec; `pub(crate)` for hand-written
/// enums.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $text:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant, )*
            /// A value that this version does not know, with its text.
            Unknown($crate::UnknownValue),
        }

        impl $name {
            /// All values that this version knows, as sent.
            pub const KNOWN: &'static [&'static str] = &[ $( $text, )* ];

            /// Returns the value as sent.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    other => Self::Unknown($crate::UnknownValue::new(other)),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }

        impl $crate::value::TextEnum for $name {
            #[inline]
            fn of(text: &str) -> Self {
                Self::from(text)
            }
        }

        impl $crate::value::json::Json for $name {
            #[inline]
            fn blank() -> Self {
                Self::Unknown($crate::UnknownValue::default())
            }

            #[inline]
            fn fill(
                &mut self,
                reader: &mut $crate::value::json::Reader<'_>,
            ) -> ::std::result::Result<(), $crate::value::json::Stop> {
                match $crate::value::json::text(reader) {
                    Ok(text) => {
                        *self = <Self as From<&str>>::from(&text);
                        Ok(())
                    }
                    Err(stop) => Err(stop),
                }
            }

            #[inline]
            fn to_json(&self) -> Option<::serde_json::Value> {
                Some(::serde_json::Value::from(self.as_str()))
            }

            #[inline]
            fn refusal(&self) -> Option<&'static str> {
                self.as_str().trim().is_empty().then_some("must not be empty")
            }
        }
    };
}

pub(crate) use open_enum;
