//! Keys and tokens that never show themselves.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::call::{Error, Vendor};

/// A key or token. It has no `Display`, and `Debug` prints `[secret]`.
///
/// ```
/// let key = kyc_review::Secret::from("sk_live_1");
/// assert_eq!(format!("{key:?}"), "[secret]");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// The text itself, for a header or a signature.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Checks that the text can stand in a header. White space around it (a key file's last line end) is dropped.
    pub(crate) fn checked(self, vendor: Vendor, name: &'static str) -> Result<Self, Error> {
        let text = self.0.trim();
        if text.is_empty() {
            return Err(Error::configuration(vendor, format!("{name} is empty")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(vendor, format!("{name} holds a character that no key has")));
        }
        Ok(Self(text.into()))
    }

    /// `prefix` and the text as a header value that HTTP libraries know to hide.
    pub(crate) fn header(&self, vendor: Vendor, prefix: &str) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::try_from(format!("{prefix}{}", self.0))
            .map_err(|_| Error::configuration(vendor, "the key cannot stand in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&&str> for Secret {
    fn from(text: &&str) -> Self {
        Self::from(*text)
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
