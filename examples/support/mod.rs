//! What the examples share: the sandbox by default, the real vendor where its key is in
//! the environment.

#![allow(dead_code)] // each example takes what it needs

/// Whether the real vendor is to be asked: its key is in the environment.
pub fn is_live(key: &str) -> bool {
    std::env::var_os(key).is_some()
}

/// The subject of a real call: the first argument of the command line.
pub fn subject() -> Result<String, String> {
    std::env::args().nth(1).ok_or_else(|| {
        "with a key in the environment, give the id of the subject as argument".into()
    })
}
