//! The rules that build.rs checks the specs against, with their own tests.

#[allow(dead_code)]
#[path = "../../build/lint/mod.rs"]
mod rules;

/// Every spec in `specs/` follows the rules. build.rs would refuse it otherwise; this
/// lists all violations at once.
#[test]
fn every_document_keeps_the_rules() {
    for vendor in ["beltic", "persona", "provide", "rebilly", "sumsub"] {
        let document = crate::support::document(vendor);
        assert_eq!(rules::check(&document), [], "specs/{vendor}.yaml");
    }
}
