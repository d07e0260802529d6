//! Ids in request paths. Text that would change the route is refused before any I/O.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Longer than any id that a vendor documents (Rebilly: 50), and short enough for every
/// proxy.
const LONGEST: usize = 256;

/// Every character but those that RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The reason why a text cannot be one path segment. Never shows the text.
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

/// Accepts text that, once encoded, is exactly one path segment and not `.` or `..`.
///
/// `spaced` allows spaces between other characters, for names that people write.
pub(crate) fn check(name: &'static str, text: &str, spaced: bool) -> Result<(), InvalidId> {
    let refuse = |why| Err(InvalidId { name, why });
    if text.trim().is_empty() {
        return refuse("must not be empty");
    }
    if text.len() > LONGEST {
        return refuse("must be at most 256 bytes long");
    }
    if text == "." || text == ".." {
        return refuse("must not be a dot segment");
    }
    if text.contains(['/', '\\', '?', '#']) {
        return refuse(r"must not contain `/`, `\`, `?` or `#`");
    }
    let is_inner_space = |c: char| spaced && c == ' ';
    if text.trim() != text
        || text.chars().any(|c| c.is_control() || (c.is_whitespace() && !is_inner_space(c)))
    {
        return refuse("must not contain control characters or white space");
    }
    // Percent signs are encoded again, so only a server that decodes twice would decode
    // these.
    let lower = text.to_ascii_lowercase();
    if ["%2e", "%2f", "%5c", "%25", "%00"].iter().any(|step| lower.contains(step)) {
        return refuse("must not contain a percent-encoded `.`, `/`, `\\`, `%` or NUL");
    }
    Ok(())
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub(crate) fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Defines a vendor's ids: opaque texts, each with its own type.
macro_rules! id_types {
    ($( $(#[$meta:meta])* $name:ident: $spaced:literal, )*) => { $(
        $(#[$meta])*
        ///
        /// Accepts any text that is exactly one path segment of at most 256 bytes.
        /// Prefixes are not checked, because vendors change them. `Debug` does not print
        /// the id, which identifies a person.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Returns the id as sent.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Makes an id from one of the sandbox's own constants.
            #[cfg(feature = "sandbox")]
            #[allow(dead_code)] // not every type has such an id
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

        // Some specs declare an id in a body as a plain string.
        impl $crate::value::IntoValue<String> for $name {
            #[inline]
            fn into_value(
                self,
                _: $crate::value::Sealed,
            ) -> ::std::result::Result<String, &'static str> {
                Ok(self.0.into())
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
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
