//! Keys that authorise calls: their check, and their header.

use reqwest::header::HeaderValue;

use super::{Error, Vendor};
use crate::value::Secret;

impl Secret {
    /// Checks that the text is a valid header value. White space around it (a key file's
    /// last line end) is dropped.
    pub(crate) fn checked(self, vendor: Vendor, name: &'static str) -> Result<Self, Error> {
        let text = self.expose().trim();
        if text.is_empty() {
            return Err(Error::configuration(vendor, format!("{name} is empty")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(vendor, format!("{name} must be visible ASCII")));
        }
        Ok(Self::from(text))
    }

    /// Returns `prefix` and the text as a header value that HTTP libraries hide.
    pub(crate) fn header(&self, vendor: Vendor, prefix: &str) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::try_from(format!("{prefix}{}", self.expose()))
            .map_err(|_| Error::configuration(vendor, "invalid key: must be visible ASCII"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}
