//! Breaks each rule for requests, lists, decisions and schemas once in a good spec.

use serde_json::{Value, json};

use super::surface::{Case, FIND, GET, IMPORT, LIST, REVIEW, SCHEMAS};
use super::surface::{at, each_is_found, here, of};

#[test]
fn rules_for_what_a_request_carries() {
    let comma = |what: &str, value: Value| {
        let place = at(LIST, "parameters/include/x-comma-of");
        (at(LIST, &format!("parameters/4/{what}")), value, "comma-list", place)
    };
    let matrix = |what: &str, value: Value| {
        let place = at(FIND, "parameters/filters");
        (at(FIND, &format!("parameters/0/{what}")), value, "filters", place)
    };
    let lines = |operation: &str, media: &str, most: Value| {
        let place = at(operation, &format!("requestBody/content/application~1{media}"));
        (at(&place, "x-max-lines"), most, "max-lines", place)
    };
    let key = |schema: Value| {
        let place = at(GET, "x-own-credential");
        (at(GET, "parameters/1/schema"), schema, "own-credential", place)
    };
    each_is_found(vec![
        comma("x-comma-of", json!("text")),
        comma("x-comma-of", json!("#/components/schemas/Case")),
        comma("schema", json!({ "type": "integer" })),
        matrix("explode", json!(false)),
        matrix("in", json!("query")),
        matrix("schema/properties", json!({})),
        matrix("schema/properties/limit", json!({ "type": "object" })),
        here(GET, "x-own-credential", json!("Authorization"), "own-credential"),
        here(GET, "x-own-credential", json!("case-id"), "own-credential"),
        key(json!({ "type": "string" })),
        lines(IMPORT, "x-ndjson", Value::Null),
        lines(IMPORT, "x-ndjson", json!(0)),
        lines(REVIEW, "json", json!(9)),
    ]);
}

#[test]
fn rules_for_lists() {
    let root = |name: &str, value: Value| {
        let place = "/x-pages".to_owned();
        (at(&place, name), value, "pages", place)
    };
    // A default that applies to a list which lacks what it names.
    let default = |name: &str, value: Value, rule| {
        let place = at(LIST, "x-pages");
        (at("/x-pages", name), value, rule, place)
    };
    let keyset = |sort: &str, by: &str, rule| {
        let value = json!({ "sort": sort, "by": by, "filter": "filter" });
        default("keyset", value, rule)
    };
    let own = |value: Value, rule| here(LIST, "x-pages", value, rule);
    let item = |value: Value, rule| {
        let items = at(SCHEMAS, "CaseList/properties/data/items");
        (items, value, rule, at(LIST, "x-pages"))
    };
    let both = |pages: Value| {
        let place = at(FIND, "x-not-paged");
        (at(FIND, "x-pages"), pages, "not-paged", place)
    };
    let cursor = json!({ "style": "cursor", "items": "/data", "next": "/next", "cursor": "limit" });
    each_is_found(vec![
        root("style", json!("token")),
        root("style", json!("cursor")),
        root("items", Value::Null),
        root("items", json!([])),
        root("offset", Value::Null),
        root("page", json!("page")),
        root("cursors", json!("cursor")),
        root("max-offset", json!("100")),
        root("keyset", json!({ "sort": "sort" })),
        ("/x-pages".to_owned(), json!("link"), "pages", "/x-pages".to_owned()),
        default("offset", json!("skip"), "pages-parameter"),
        default("size", json!("count"), "pages-parameter"),
        keyset("order", "createdAt", "pages-parameter"),
        keyset("sort", "madeAt", "pages-item"),
        default("more", json!(["/meta/more", "/no"]), "pages-response"),
        default("total", json!("/total"), "pages-response"),
        default("total", json!("header:"), "pages-response"),
        default("id", json!("/key"), "pages-id"),
        item(json!({ "type": "string" }), "pages-id"),
        item(json!({ "type": "object", "x-personal": true }), "pages-item"),
        own(json!("whole"), "pages"),
        own(json!({ "style": "whole" }), "pages"),
        own(json!({ "style": "whole", "items": "/data", "first": 1 }), "pages"),
        own(json!({ "style": "whole", "items": "/cases" }), "pages-items"),
        own(json!({ "offset": "skip" }), "pages-parameter"),
        own(cursor, "pages-response"),
        here(IMPORT, "x-pages", json!({ "style": "whole", "items": "" }), "pages-items"),
        ("/x-pages/items".to_owned(), json!("/items"), "list", LIST.to_owned()),
        ("/x-pages".to_owned(), Value::Null, "list", LIST.to_owned()),
        here(FIND, "x-not-paged", json!(""), "not-paged"),
        both(json!({ "style": "whole", "items": "/data" })),
    ]);
}

#[test]
fn rules_for_decisions() {
    let approve = at(REVIEW, "x-variants/approve");
    let ids = json!([{ "name": "other-id", "in": "path" }, { "name": "third-id", "in": "path" }]);
    let shown = at(REVIEW, "x-shown-by");
    each_is_found(vec![
        of(REVIEW, "x-shown-by", Value::Null, "decision"),
        of(REVIEW, "x-wanted", Value::Null, "decision"),
        here(REVIEW, "x-not-shown", json!("No read shows it."), "not-shown"),
        here(REVIEW, "x-not-shown", json!(""), "not-shown"),
        here(&approve, "x-not-shown", json!("No read shows it."), "not-shown"),
        here(&approve, "x-shown-by", json!("nobody"), "shown-by"),
        here(&approve, "x-wanted", json!({ "state": "/data/state" }), "wanted"),
        here(LIST, "x-not-shown", json!("It decides nothing."), "no-decision"),
        here(IMPORT, "x-shown-by", json!("get_case"), "no-decision"),
        here(GET, "x-wanted", json!({ "state": "approved" }), "no-decision"),
        here(REVIEW, "x-shown-by", json!("nobody"), "shown-by"),
        here(REVIEW, "x-shown-by", json!("import_cases"), "shown-by"),
        (at(GET, "x-operation-class"), json!("create"), "shown-by", shown.clone()),
        (at(GET, "x-provenance"), json!("unconfirmed"), "shown-by", shown.clone()),
        (at(GET, "parameters"), ids, "shown-by", shown),
        here(REVIEW, "x-wanted", json!({}), "wanted"),
        here(REVIEW, "x-wanted", json!("approved"), "wanted"),
        here(REVIEW, "x-wanted", json!({ "state": true }), "wanted"),
        here(REVIEW, "x-wanted", json!({ "State": "approved" }), "wanted"),
        here(REVIEW, "x-wanted", json!({ "state": "/data/state" }), "wanted"),
    ]);
}

#[test]
fn rules_for_schemas() {
    let envelope = format!("{SCHEMAS}/CaseEnvelope");
    let id = format!("{SCHEMAS}/Case/properties/id");
    let pattern = |text: &str| here(&id, "pattern", json!(text), "pattern");
    // The problem is reported at the schema.
    let at_schema = |(pointer, value, rule, place): Case<'static>| {
        let schema = place.rsplit_once('/').unwrap().0.to_owned();
        (pointer, value, rule, schema)
    };
    let number = format!("{SCHEMAS}/Case/properties/Id");
    let maximum = at(LIST, "parameters/0/schema/maximum");
    let parameter = (maximum, json!(10), "bounds", at(LIST, "parameters/offset"));
    let mut cases = vec![
        of(&envelope, "x-unwrap", json!("cases"), "unwrap"),
        of(&envelope, "properties/data", json!({ "type": "string" }), "unwrap"),
        of(&number, "x-rust-name", json!("Number"), "rust-name"),
        of(&number, "minimum", json!("0"), "bounds"),
        of(&number, "maximum", json!(0), "bounds"),
        of(&id, "minLength", json!(1.5), "bounds"),
        of(&id, "minLength", json!(10), "bounds"),
        of(&id, "maxItems", json!(10), "bounds"),
        of(&number, "pattern", json!("^a$"), "pattern"),
        of(&id, "pattern", json!(1), "pattern"),
        parameter,
    ];
    let refused = [
        "",
        "(?=a)",
        "(?<n>a)",
        "(?i)a",
        "\\bword",
        "\\p{L}",
        "(a)\\1",
        "a{2,1}",
        "a{,3}",
        "a**",
        "*",
        "(a",
        "a)",
        "[a",
        "[]",
        "[a&&b]",
        "[a--b]",
        "[[:digit:]]",
        "a]",
        "a}",
        "^+",
        "a\\",
    ];
    cases.extend(refused.into_iter().map(pattern).map(at_schema));
    each_is_found(cases);
}

#[test]
fn patterns_that_are_simple() {
    let simple = [
        "^[MFX]$",
        "^\\d{3}-\\d{2}-\\d{4}$",
        "^(?:a|b)+c?$",
        "^[\\w.+-]+@[^@]*$",
        "a{2,}|b{1,3}",
        "^https?://",
        "[-a]",
        "\\.\\/",
    ];
    for pattern in simple {
        let mut spec = super::surface::good();
        let place = format!("{SCHEMAS}/Case/properties/id/pattern");
        *spec.pointer_mut(&place).unwrap() = json!(pattern);
        assert_eq!(super::super::check_surface(&spec), [], "{pattern}");
    }
}
