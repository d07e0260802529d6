//! The rules that build.rs holds the documents to, with their own tests.

#[allow(dead_code)]
#[path = "../../build/lint/mod.rs"]
mod rules;

/// Every document in `specs/` keeps the rules (build.rs would refuse it otherwise; this
/// names them all at once).
#[test]
fn every_document_keeps_the_rules() {
    for vendor in ["beltic", "persona", "provide", "rebilly", "sumsub"] {
        let document = crate::support::document(vendor);
        assert_eq!(rules::check(&document), [], "specs/{vendor}.yaml");
    }
}
