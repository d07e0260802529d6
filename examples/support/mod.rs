//! Shared by the examples: they use the sandbox by default, and the real vendor if its
//! key is set in the environment.

#![allow(dead_code)] // each example uses only what it needs

/// Returns whether to use the real vendor, because its key is set in the environment.
pub fn is_live(key: &str) -> bool {
    std::env::var_os(key).is_some()
}

/// Returns the subject's id for a real call: the first command-line argument.
pub fn subject() -> Result<String, String> {
    std::env::args().nth(1).ok_or_else(|| {
        "missing first argument: must be the id of the subject, as a key is set".into()
    })
}
