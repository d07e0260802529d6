//! Breaks each rule for resources, verbs, arguments and setters once in a good spec.

use serde_json::{Value, json};

use super::super::check_surface;
use super::{places, put};

/// A case: pointer, value, the rule that it breaks, and the place that is reported.
pub(super) type Case<'a> = (String, Value, &'a str, String);

pub(super) const LIST: &str = "/paths/~1cases/get";
pub(super) const GET: &str = "/paths/~1cases~1{case-id}/get";
pub(super) const REVIEW: &str = "/paths/~1cases~1{case-id}~1review/post";
pub(super) const FIND: &str = "/paths/~1cases~1-{filters}/get";
pub(super) const IMPORT: &str = "/paths/~1imports/post";
pub(super) const SCHEMAS: &str = "/components/schemas";

pub(super) fn good() -> Value {
    let json = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "content": { "application/json": { "schema": schema } } })
    };
    let query = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let id = json!({
        "name": "case-id", "in": "path", "required": true,
        "schema": { "$ref": "#/components/schemas/CaseId" }
    });
    let mut include = query("include");
    include["x-comma-of"] = json!("#/components/schemas/Status");
    let key = json!({
        "name": "X-Key", "in": "header", "schema": { "type": "string", "x-personal": true }
    });
    let filters = json!({
        "name": "filters", "in": "path", "required": true, "style": "matrix", "explode": true,
        "schema": { "type": "object", "properties": {
            "createdAt__gte": { "type": "string" }, "limit": { "type": "integer" }
        } }
    });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "x-flat": ["/data", "/data/attributes"],
        "x-pages": {
            "style": "offset", "items": "/data", "id": "/id", "offset": "offset", "size": "limit",
            "more": "/more", "total": "header:total", "max-offset": 1000,
            "keyset": { "sort": "sort", "by": "createdAt", "filter": "filter" }
        },
        "tags": [
            { "name": "Cases", "x-resource-name": "cases" },
            { "name": "Imports", "x-resource-name": "imports" }
        ],
        "paths": {
            "/cases": { "get": {
                "operationId": "list_cases", "tags": ["Cases"], "x-name": "list",
                "x-operation-class": "read",
                "parameters": [
                    query("offset"), query("limit"), query("sort"), query("filter"), include
                ],
                "responses": { "200": json("CaseList") }
            } },
            "/cases/{case-id}": { "get": {
                "operationId": "get_case", "tags": ["Cases"], "x-name": "get",
                "x-operation-class": "read", "x-own-credential": "X-Key",
                "parameters": [id, key],
                "responses": { "200": json("CaseEnvelope") }
            } },
            "/cases/{case-id}/review": { "post": {
                "operationId": "review_case", "tags": ["Cases"], "x-name": "review",
                "x-operation-class": "decision",
                "x-positional": ["/data/status"], "x-set": { "/data/type": "review" },
                "x-setters": { "/data/attributes/body": "text", "type": "type_of" },
                "x-shown-by": "get_case", "x-wanted": { "state": "/data/status" },
                "x-variants": { "approve": {
                    "summary": "Approves a case", "x-set": { "/data/status": "approved" },
                    "x-wanted": { "state": "approved" }
                } },
                "parameters": [id, query("type")],
                "requestBody": json("Review"),
                "responses": { "200": json("CaseEnvelope") }
            } },
            "/cases/-{filters}": { "get": {
                "operationId": "find_cases", "tags": ["Cases"], "x-name": "find",
                "x-operation-class": "read", "x-not-paged": "It gives all of them.",
                "parameters": [filters],
                "responses": { "200": json("CaseList") }
            } },
            "/imports": { "post": {
                "operationId": "import_cases", "tags": ["Imports"], "x-name": "create",
                "x-operation-class": "create", "x-positional": [""],
                "requestBody": { "content": { "application/x-ndjson": {
                    "schema": { "type": "string", "format": "binary" }, "x-max-lines": 1000
                } } },
                "responses": { "204": { "description": "done" } }
            } }
        },
        "components": { "schemas": {
            "CaseId": { "type": "string", "x-id": true },
            "Status": { "type": "string", "enum": ["approved", "declined"] },
            "Case": { "type": "object", "properties": {
                "id": { "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^c-\\d+$" },
                "createdAt": { "type": "string" },
                "Id": { "type": "integer", "x-rust-name": "number", "minimum": 0.5 }
            } },
            "CaseList": { "type": "object", "properties": {
                "more": { "type": "boolean" },
                "data": { "type": "array", "items": { "$ref": "#/components/schemas/Case" } }
            } },
            "CaseEnvelope": { "type": "object", "x-unwrap": "data", "properties": {
                "data": { "$ref": "#/components/schemas/Case" }
            } },
            "Review": { "type": "object", "properties": {
                "data": { "$ref": "#/components/schemas/ReviewData" }
            } },
            "ReviewData": { "type": "object", "properties": {
                "type": { "type": "string", "enum": ["review"] },
                "status": { "allOf": [{ "$ref": "#/components/schemas/Status" }] },
                "attributes": { "$ref": "#/components/schemas/ReviewAttributes" }
            } },
            "ReviewAttributes": { "type": "object", "properties": {
                "body": { "type": "string" },
                "note": { "type": "string" },
                "caseId": { "type": "string", "x-read-only": true },
                "tags": { "type": "array", "minItems": 1, "items": { "type": "string" } }
            } }
        } }
    })
}

pub(super) fn each_is_found(cases: Vec<Case<'_>>) {
    for (pointer, value, rule, place) in cases {
        let found = places(check_surface(&put(good(), &pointer, value.clone())));
        let wanted = (place.clone(), rule);
        let is_found = found.contains(&wanted);
        assert!(is_found, "{pointer} = {value}: got {found:?}, expected {rule} at {place}");
    }
}

/// Returns the pointer to a mark of an operation.
pub(super) fn at(operation: &str, name: &str) -> String {
    format!("{operation}/{name}")
}

/// Returns a case whose problem is reported at the mark.
pub(super) fn here<'a>(operation: &str, name: &str, value: Value, rule: &'a str) -> Case<'a> {
    (at(operation, name), value, rule, at(operation, name))
}

/// Returns a case whose problem is reported at the operation.
pub(super) fn of<'a>(operation: &str, name: &str, value: Value, rule: &'a str) -> Case<'a> {
    (at(operation, name), value, rule, operation.to_owned())
}

#[test]
fn a_good_spec_has_no_problems() {
    assert_eq!(check_surface(&good()), []);
}

#[test]
fn rules_for_resources_and_verbs() {
    let tag = |name: Value, rule| of("/tags/1", "x-resource-name", name, rule);
    let approve = at(REVIEW, "x-variants/approve");
    each_is_found(vec![
        tag(Value::Null, "resource-name"),
        tag(json!("webhooks"), "resource-name"),
        tag(json!("Imports"), "resource-name"),
        tag(json!("cases"), "resource-name"),
        of(LIST, "tags", json!(["Cases", "Imports"]), "operation-resource"),
        (at(IMPORT, "tags"), json!(["Cases"]), "resource-used", "/tags/1".to_owned()),
        of(LIST, "x-name", Value::Null, "verb"),
        of(LIST, "x-name", json!("listAll"), "verb"),
        of(LIST, "x-name", json!("match"), "verb"),
        of(LIST, "x-name", json!("clone"), "verb"),
        of(FIND, "x-name", json!("list"), "verb-unique"),
        (at(LIST, "x-name"), json!("approve"), "verb-unique", approve.clone()),
        of(LIST, "x-name", json!("list_cases"), "verb-noun"),
        of(LIST, "x-name", json!("add_case_tag"), "verb-noun"),
        here(LIST, "x-handwritten", json!(true), "operation-mark"),
        here(LIST, "x-positionals", json!([]), "operation-mark"),
        here(&approve, "x-flat", json!([]), "variant"),
        of(&approve, "summary", Value::Null, "variant"),
        of(&approve, "x-set", Value::Null, "variant"),
    ]);
}

#[test]
fn rules_for_arguments_and_setters() {
    let field = |name: &str, schema: Value, rule| {
        let attributes = at(SCHEMAS, "ReviewAttributes/properties");
        (at(&attributes, name), schema, rule, REVIEW.to_owned())
    };
    let text = || json!({ "type": "string" });
    let approve = at(REVIEW, "x-variants/approve");
    let flat = |value: Value| ("/x-flat".to_owned(), value, "flat", "/x-flat".to_owned());
    each_is_found(vec![
        here(REVIEW, "x-positional", json!("/data/status"), "positional"),
        here(REVIEW, "x-positional", json!(["/data/state"]), "positional"),
        here(REVIEW, "x-positional", json!(["/data/attributes"]), "positional"),
        here(LIST, "x-positional", json!([""]), "positional"),
        here(REVIEW, "x-positional", json!(["", "/data/status"]), "positional"),
        here(REVIEW, "x-positional", json!(["/data/status", "/data/status"]), "positional"),
        here(&approve, "x-positional", json!(["/data/state"]), "positional"),
        (
            at(REVIEW, "x-positional"),
            json!(["/data/attributes/note", "/data/attributes/body"]),
            "positional-types",
            at(REVIEW, "x-positional"),
        ),
        flat(json!("/data")),
        flat(json!(["/data/attributes"])),
        here(REVIEW, "x-flat", json!(["/data/attributes"]), "flat"),
        here(REVIEW, "x-flat", json!(["/data", "/data/nothing"]), "flat"),
        here(REVIEW, "x-flat", json!(["/data", "/data/status"]), "flat"),
        here(REVIEW, "x-set", json!({ "/data/kind": "review" }), "constant"),
        here(REVIEW, "x-set", json!({ "/data/type": "preview" }), "constant"),
        here(REVIEW, "x-set", json!({ "/data/type": 1 }), "constant"),
        here(REVIEW, "x-set", json!({ "/data/status": "approved" }), "constant"),
        here(&approve, "x-set", json!([]), "constant"),
        here(REVIEW, "x-setters", json!({ "/data/kind": "kind" }), "setters"),
        here(REVIEW, "x-setters", json!({ "sort": "sorted" }), "setters"),
        here(REVIEW, "x-setters", json!({ "type": 1 }), "setters"),
        of(REVIEW, "x-setters", json!({ "type": "Type" }), "setter-name"),
        of(REVIEW, "x-setters", json!({}), "setter-reserved"),
        field("note_", text(), "setter-clash"),
        field("case_id", text(), "setter-clash"),
        field("TypeOf", text(), "setter-clash"),
        field("1st", text(), "setter-name"),
        of(LIST, "parameters/4/name", json!("start-at"), "setter-reserved"),
        of(FIND, "parameters/0/schema/properties/filter", text(), "setter-reserved"),
    ]);
}
