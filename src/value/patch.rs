//! A request field that can be cleared.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::{Personal, TextEnum, Timestamp};

/// A change to a nullable field: clear it or set it. As an `Option`, `None` leaves the
/// field unchanged.
///
/// ```
/// use kyc_review::Patch;
///
/// assert_eq!(serde_json::to_string(&Patch::<String>::Null).unwrap(), "null");
/// assert_eq!(serde_json::to_string(&Patch::Value("x")).unwrap(), "\"x\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// Sends null, which clears the field.
    Null,
    /// Sends the value.
    Value(T),
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: TextEnum> From<&str> for Patch<T> {
    fn from(value: &str) -> Self {
        Self::Value(T::of(value))
    }
}

impl From<Timestamp> for Patch<Personal<Timestamp>> {
    fn from(value: Timestamp) -> Self {
        Self::Value(Personal::new(value))
    }
}

impl From<String> for Patch<Personal<String>> {
    fn from(value: String) -> Self {
        Self::Value(value.into())
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<&str> for Patch<Personal<String>> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}
