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

/// What each vendor's `error.rs` finds in a body. Reading never fails: what is not there
/// stays empty.
#[derive(Clone, Default)]
pub(crate) struct ErrorDetails {
    pub(crate) code: Option<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) request_id: Option<String>,
}

/// A code or request id that may be printed: short, of harmless characters, and none of
/// our own keys.
///
/// A server can echo what it was sent into any member of its answer.
pub(crate) fn safe_token(text: &str, secrets: &[&str]) -> Option<String> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.:/ ".contains(c);
    let fits = !text.is_empty() && text.len() <= 100 && text.chars().all(harmless);
    let leaks = secrets.iter().any(|secret| shares_a_run(text, secret));
    (fits && !leaks).then(|| text.to_owned())
}

/// Whether two texts share so many characters in a row that it is no chance, whatever
/// their case.
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
        // A short key is a key all the same.
        assert_eq!(safe_token("xk1y", &["k1"]), None);
    }
}
