//! The rules that build.rs applies to the specs, with their own tests.

#[allow(dead_code)]
#[path = "../../build/read.rs"]
mod read;
#[allow(dead_code)]
#[path = "../../build/lint/mod.rs"]
mod rules;

/// Checks every spec in `specs/`, although build.rs does too: a failed test names all
/// problems of a spec.
#[test]
fn every_document_keeps_the_rules() {
    for vendor in ["beltic", "persona", "provide", "rebilly", "sumsub"] {
        let document = crate::support::document(vendor);
        assert_eq!(rules::check(&document), [], "specs/{vendor}.yaml");
    }
}
