//! The contents of a vendor's error body.

use std::fmt;

/// The vendor's error about one field of the request.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FieldError {
    /// Returns the field, in the vendor's notation (`/data/attributes/name`,
    /// `documents.0.type`).
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns the vendor's message. It may contain the rejected value: do not log it.
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

/// What each vendor's `error.rs` finds in a body. Reading never fails: what is missing
/// stays empty.
#[derive(Clone, Default)]
pub(crate) struct ErrorDetails {
    pub(crate) code: Option<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) request_id: Option<String>,
}

/// Returns a code or request id if it may be printed: short, of harmless characters, and
/// not one of the client's keys.
///
/// A server can echo what it was sent in any field of its response.
pub(crate) fn safe_token(text: &str, secrets: &[&str]) -> Option<String> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.:/ ".contains(c);
    let fits = !text.is_empty() && text.len() <= 100 && text.chars().all(harmless);
    let leaks = secrets.iter().any(|secret| shares_a_run(text, secret));
    (fits && !leaks).then(|| text.to_owned())
}

/// Returns whether two texts share too many characters in a row for chance, ignoring
/// case.
fn shares_a_run(text: &str, secret: &str) -> bool {
    const RUN: usize = 12;
    let (text, secret) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    match secret.len().min(RUN) {
        0 => false,
        run if text.len() < run => text.len() >= 8 && secret.contains(&text),
        run => secret
            .as_bytes()
            .windows(run)
            .any(|part| text.as_bytes().windows(run).any(|other| part == other)),
    }
}

#[cfg(test)]
mod tests {
    use super::safe_token;

    #[test]
    fn no_part_of_a_key_is_printed_and_a_chance_is_no_part() {
        let secrets = ["sk_fuzz_7c1d90ab", ""];
        for leak in [
            "sk_fuzz_7c1d90ab",
            "Bearer sk_fuzz_7c1d90ab",
            "Bearer sk_fuzz_7c1d90a",
            "xx k_fuzz_7c1d90ab",
            "SK_FUZZ_7C1D90AB",
            "7c1d90ab",
        ] {
            assert_eq!(safe_token(leak, &secrets), None, "{leak}");
        }
        for code in ["0", "fuzz", "sk_fuzz", "req_7c1d90", "app-token-signature mismatch", "4003"] {
            assert_eq!(safe_token(code, &secrets).as_deref(), Some(code));
        }
        for odd in ["", "a\nb", "<b>", &"x".repeat(101)] {
            assert_eq!(safe_token(odd, &secrets), None);
        }
        // A short key is a key, too.
        assert_eq!(safe_token("xk1y", &["k1"]), None);
    }
}
