//! What a vendor's error body says, once it is read.

use std::fmt;

/// What the vendor says of one field of the request.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FieldError {
    /// The field, in the vendor's notation (`/data/attributes/name`, `documents.0.type`).
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The vendor's sentence. It may hold the value that was refused: do not log it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldError([personal])")
    }
}

/// What each vendor's `error.rs` finds in a body. Reading never fails: what is not there stays empty.
#[derive(Clone, Default)]
pub(crate) struct ErrorDetails {
    pub(crate) code: Option<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) request_id: Option<String>,
}

/// A code or request id that may be printed: short, of harmless characters, and none of our own keys.
///
/// A server can echo what it was sent into any member of its answer.
pub(crate) fn safe_token(text: &str, secrets: &[&str]) -> Option<String> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.:/ ".contains(c);
    // A short text is in many a key by chance.
    let is_part = |secret: &str| text.len() >= 8 && secret.contains(text);
    let leaks = secrets.iter().any(|secret| !secret.is_empty() && (text.contains(secret) || is_part(secret)));
    let fits = !text.is_empty() && text.len() <= 100 && text.chars().all(harmless);
    (fits && !leaks).then(|| text.to_owned())
}
