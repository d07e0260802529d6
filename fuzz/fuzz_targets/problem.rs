//! What an error may say of a body that does not decode.

const WHATS: [&str; 9] = [
    "missing",
    "not a 64-bit integer",
    "not a boolean",
    "not a date",
    "not a list",
    "not a number",
    "not a string",
    "not a time",
    "not an object",
];
const SPECS: [&str; 5] = [
    include_str!("../../specs/beltic.yaml"),
    include_str!("../../specs/persona.yaml"),
    include_str!("../../specs/provide.yaml"),
    include_str!("../../specs/rebilly.yaml"),
    include_str!("../../specs/sumsub.yaml"),
];

/// Whether a text consists of a place, all of whose names are the specs', and a fixed
/// text.
pub fn is_fixed(error: &str) -> bool {
    let (place, what) = match error.strip_prefix('`').and_then(|rest| rest.split_once("` is ")) {
        Some(parts) => parts,
        None => ("", error),
    };
    let is_known = |name: &str| SPECS.iter().any(|spec| spec.contains(&format!(" {name}:")));
    WHATS.contains(&what) && place.split('.').all(|name| name.is_empty() || is_known(name))
}
