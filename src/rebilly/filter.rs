//! Conditions in Rebilly's filter language. Source:
//! <https://www.rebilly.com/docs/dev-docs/search-filters>.

use std::fmt;

use crate::value::{IntoValue, Personal, Sealed};

/// A condition on the items of a list, for a request's `filter`, which also accepts text
/// in the vendor's language.
///
/// ```
/// use kyc_review::rebilly::Filter;
///
/// let waiting =
///     Filter::status(["pending", "in-progress"]).and("documentType", ["identity-proof"]);
/// assert_eq!(waiting.as_str(), "status:pending,in-progress;documentType:identity-proof");
///
/// let recent = Filter::between("createdTime", "2026-01-01T00:00:00Z", "");
/// assert_eq!(recent.as_str(), "createdTime:2026-01-01T00:00:00Z..");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Filter(String);

impl Filter {
    /// Selects items whose `status` is one of `values`.
    #[must_use]
    pub fn status(values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self::field("status", values)
    }

    /// Selects items whose field `name` is one of `values`.
    #[must_use]
    pub fn field(name: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let values: Vec<String> =
            values.into_iter().map(|value| value.as_ref().to_owned()).collect();
        Self(format!("{name}:{}", values.join(",")))
    }

    /// Selects items whose field `name` is from `from` to `to`, both included; an empty
    /// one sets no bound.
    #[must_use]
    pub fn between(name: &str, from: &str, to: &str) -> Self {
        Self(format!("{name}:{from}..{to}"))
    }

    /// Adds the condition that the field `name` is one of `values`.
    #[must_use]
    pub fn and(self, name: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self(format!("{};{}", self.0, Self::field(name, values).0))
    }

    /// Returns the condition in the vendor's language.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the values, because one may be personal data.
impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter([personal])")
    }
}

impl IntoValue<Personal<String>> for Filter {
    fn into_value(self, _: Sealed) -> Result<Personal<String>, &'static str> {
        Ok(self.0.into())
    }
}

impl IntoValue<String> for Filter {
    fn into_value(self, _: Sealed) -> Result<String, &'static str> {
        Ok(self.0)
    }
}
