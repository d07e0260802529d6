//! The spec and the surface have equal numbers of operations, lists and decisions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::clients::Vendor;
use super::described::{self, Described, at};
use crate::support::document;

/// Where a response has a list as its main content.
const PLACES: [&str; 6] = ["", "/data", "/items", "/list/items", "/events", "/keys"];

pub fn counts(vendor: &Vendor) {
    let document = document(vendor.name);
    let all = described::operations(&document);
    let described = &all;
    let bases: Vec<_> =
        vendor.operations.iter().filter(|operation| !operation.is("variant")).collect();
    let unique: BTreeSet<(&str, &str)> =
        vendor.operations.iter().map(|it| (it.resource, it.verb)).collect();
    assert_eq!(unique.len(), vendor.operations.len(), "two methods have one name");
    let of_spec: BTreeSet<&str> = described.iter().map(|described| described.id).collect();
    let of_surface: BTreeSet<&str> = bases.iter().map(|operation| operation.id).collect();
    assert_eq!(of_surface, of_spec);
    assert_eq!((bases.len(), of_surface.len()), (described.len(), described.len()));

    let lists: BTreeSet<&str> =
        described.iter().filter(|it| is_list(&document, it)).map(|it| it.id).collect();
    let reasons: BTreeSet<&str> =
        described.iter().filter(|it| it.not_paged.is_some()).map(|it| it.id).collect();
    let streams: BTreeSet<&str> =
        bases.iter().filter(|it| it.reply == "page").map(|it| it.id).collect();
    let in_vain: Vec<_> = streams.intersection(&reasons).collect();
    assert!(in_vain.is_empty(), "a stream and a reason against it: {in_vain:?}");
    let missing: Vec<_> =
        lists.iter().filter(|id| !streams.contains(*id) && !reasons.contains(*id)).collect();
    assert!(missing.is_empty(), "lists that are no streams and have no reason: {missing:?}");

    let decisions: Vec<_> =
        described.iter().filter(|described| described.class == "decision").collect();
    let mut shown = 0;
    for described in &decisions {
        for method in &described.methods {
            let (id, verb) = (described.id, method.verb);
            assert!(
                method.shown_by.is_some() != method.not_shown.is_some(),
                "{id}, {verb}: a mark or a reason"
            );
            let operation =
                vendor.operations.iter().find(|it| (it.id, it.verb) == (id, verb)).expect(id);
            // Not within its call, if no read returns what it replies with.
            let read = named(&all, method.shown_by);
            let replies_the_read = read.is_some_and(|read| {
                described.success().is_none() || has_one_type(&document, described, read)
            });
            assert!(
                operation.is("decision") || !replies_the_read,
                "{id}, {verb} cannot be reconciled within its call"
            );
            assert!(
                !operation.is("decision") || read.is_some(),
                "{id}, {verb} is reconciled by no read"
            );
        }
        shown += usize::from(described.methods.iter().any(|method| method.not_shown.is_none()));
    }
    println!(
        "{}: {} operations = {} methods ({} variants beside); \
         {} lists = {} streams + {} reasons; {} decisions = {shown} marks + {} reasons",
        vendor.name,
        described.len(),
        bases.len(),
        vendor.operations.len() - bases.len(),
        streams.union(&reasons).count(),
        streams.len(),
        reasons.len(),
        decisions.len(),
        decisions.len() - shown,
    );
}

fn named<'a, 'b>(all: &'b [Described<'a>], id: Option<&str>) -> Option<&'b Described<'a>> {
    all.iter().find(|described| Some(described.id) == id)
}

/// Whether two operations respond with the same schema.
fn has_one_type(document: &Value, one: &Described<'_>, other: &Described<'_>) -> bool {
    let schema =
        |of: &Described<'_>| at(document, of.success()?, &of.unwrap).map(std::ptr::from_ref);
    schema(one).is_some() && schema(one) == schema(other)
}

/// Whether a response is a list, or an object around one.
fn is_list(document: &Value, described: &Described<'_>) -> bool {
    let Some(schema) = described.success() else { return false };
    PLACES.iter().any(|place| at(document, schema, place).is_some_and(|it| it["type"] == "array"))
}
