//! Ids that stand in a path. What would change the route is refused before any I/O.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Longer than any id that a vendor documents (Rebilly: 50), short enough for every
/// proxy.
const LONGEST: usize = 256;

/// Everything that RFC 3986 does not leave unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a text cannot stand as one path segment. It never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.why)
    }
}

impl std::error::Error for InvalidId {}

impl From<std::convert::Infallible> for InvalidId {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// Accepts a text that is, once encoded, exactly one segment of a path and no step
/// through it.
///
/// `spaced`: a name that people write, in which a space may stand between other
/// characters.
pub(crate) fn check(name: &'static str, text: &str, spaced: bool) -> Result<(), InvalidId> {
    let refuse = |why| Err(InvalidId { name, why });
    if text.trim().is_empty() {
        return refuse("is empty");
    }
    if text.len() > LONGEST {
        return refuse("is longer than any id");
    }
    if text == "." || text == ".." {
        return refuse("is a step through the path");
    }
    if text.contains(['/', '\\', '?', '#']) {
        return refuse("holds a character that would change the route");
    }
    let is_inner_space = |c: char| spaced && c == ' ';
    if text.trim() != text
        || text.chars().any(|c| c.is_control() || (c.is_whitespace() && !is_inner_space(c)))
    {
        return refuse("holds a control character or white space");
    }
    // Percent signs are encoded again, so only a server that decodes twice would see
    // these.
    let lower = text.to_ascii_lowercase();
    if ["%2e", "%2f", "%5c", "%25", "%00"].iter().any(|step| lower.contains(step)) {
        return refuse("holds a percent-encoded step through the path");
    }
    Ok(())
}

/// One segment of a path: everything but letters, digits and `-._~` percent-encoded.
pub(crate) fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Ids of one vendor: opaque texts, each a type of its own.
macro_rules! id_types {
    ($( $(#[$meta:meta])* $name:ident: $spaced:literal, )*) => { $(
        $(#[$meta])*
        ///
        /// Any text that is exactly one path segment is accepted; prefixes and lengths
        /// are not checked, for vendors change them. `Debug` does not print it: an id
        /// stands for a person.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as on the wire.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// An id that the sandbox makes of its own constants.
            #[cfg(feature = "sandbox")]
            #[allow(dead_code)] // it makes no id of some types
            #[inline]
            pub(crate) fn made_here(text: String) -> Self {
                Self(text.into())
            }
        }

        impl $crate::value::IdType for $name {
            #[inline]
            fn parse(text: &str) -> ::std::result::Result<Self, $crate::InvalidId> {
                Self::try_from(text)
            }

            #[inline]
            fn text(&self) -> &str {
                &self.0
            }
        }

        // An id that a body names, where the vendor's document calls it a text.
        impl $crate::value::IntoValue<String> for $name {
            #[inline]
            fn into_value(self, _: $crate::value::Sealed) -> ::std::result::Result<String, &'static str> {
                Ok(self.0.into())
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(text).map_err(::serde::de::Error::custom)
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::InvalidId;

            #[inline]
            fn try_from(text: &str) -> ::std::result::Result<Self, Self::Error> {
                $crate::value::id::check(stringify!($name), text, $spaced)?;
                Ok(Self(text.into()))
            }
        }

        impl ::std::convert::TryFrom<String> for $name {
            type Error = $crate::InvalidId;

            #[inline]
            fn try_from(text: String) -> ::std::result::Result<Self, Self::Error> {
                Self::try_from(text.as_str())
            }
        }

        impl ::std::convert::TryFrom<&String> for $name {
            type Error = $crate::InvalidId;

            #[inline]
            fn try_from(text: &String) -> ::std::result::Result<Self, Self::Error> {
                Self::try_from(text.as_str())
            }
        }

        impl ::std::convert::TryFrom<::uuid::Uuid> for $name {
            type Error = $crate::InvalidId;

            #[inline]
            fn try_from(id: ::uuid::Uuid) -> ::std::result::Result<Self, Self::Error> {
                Self::try_from(id.to_string())
            }
        }

        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::InvalidId;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )* };
}

pub(crate) use id_types;
