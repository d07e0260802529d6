//! Personal data, which is never printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value about a person. `Debug` prints `[personal]`, there is no `Display`, and serde
/// reads and writes the value itself.
///
/// ```
/// use kyc_review::Personal;
///
/// let name: Personal<String> = serde_json::from_str("\"Ada\"").unwrap();
/// assert_eq!(name.expose(), "Ada");
/// assert_eq!(format!("{name:?}"), "[personal]");
/// assert_eq!(serde_json::to_string(&name).unwrap(), "\"Ada\"");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value, which the caller must then keep out of logs.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    pub(crate) const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// Returns the owned value.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Personal<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl PartialEq<str> for Personal<String> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Personal<String> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
