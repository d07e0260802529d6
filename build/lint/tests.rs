//! Breaks each rule once in an otherwise good spec.

use serde_json::{Value, json};

use super::{Problem, check_rules};

mod marks;
mod surface;

fn good() -> Value {
    let response = json!({
        "description": "ok",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } }
    });
    let body = json!({
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } }
    });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "tags": [{ "name": "items" }],
        "paths": {
            "/a/{id}": {
                "post": {
                    "operationId": "approve_a",
                    "summary": "Approve.",
                    "tags": ["items"],
                    "externalDocs": { "url": "https://vendor.example/approve" },
                    "x-operation-class": "decision",
                    "parameters": [
                        {
                            "name": "id", "in": "path", "required": true,
                            "schema": { "$ref": "#/components/schemas/ItemId" }
                        },
                        { "name": "page[after]", "in": "query", "schema": { "type": "string" } }
                    ],
                    "requestBody": body,
                    "responses": {
                        "200": response,
                        "201": response,
                        "404": { "description": "no" }
                    }
                }
            }
        },
        "components": {
            "schemas": {
                "ItemId": { "type": "string", "x-id": true, "description": "An id." },
                "Status": { "type": "string", "enum": ["a"], "description": "A status." },
                "A": {
                    "type": "object",
                    "description": "A thing.",
                    "required": ["id"],
                    "properties": {
                        "id": { "type": "string" },
                        "status": {
                            "nullable": true,
                            "allOf": [{ "$ref": "#/components/schemas/Status" }]
                        },
                        "name": { "type": "string", "x-personal": true },
                        "bag": { "type": "object", "x-personal": true },
                        "tags": { "type": "array", "items": { "type": "string" } }
                    }
                },
                "B": {
                    "description": "Composed.",
                    "allOf": [
                        { "$ref": "#/components/schemas/A" },
                        { "type": "object", "properties": { "kind": { "type": "string" } } }
                    ]
                },
                "U": {
                    "description": "A union.", "x-discriminator": "kind",
                    "x-one-of": { "b": "#/components/schemas/B" }
                }
            }
        }
    })
}

/// Returns the spec with `value` at `pointer`, whose parent must exist.
fn put(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        Value::Object(members) if value == Value::Null => drop(members.remove(name)),
        parent => parent[name.replace("~1", "/")] = value,
    }
    document
}

fn places(problems: Vec<Problem>) -> Vec<(String, &'static str)> {
    problems.into_iter().map(|problem| (problem.pointer, problem.rule)).collect()
}

/// Returns the broken rules and their places, with `value` at `pointer`.
fn broken(pointer: &str, value: Value) -> Vec<(String, &'static str)> {
    places(check_rules(&put(good(), pointer, value)))
}

const OPERATION: &str = "/paths/~1a~1{id}/post";
const A: &str = "/components/schemas/A";

#[test]
fn a_good_document_has_no_problems() {
    assert_eq!(check_rules(&good()), []);
}

#[test]
fn each_rule_names_the_place_and_itself() {
    let op = |member: &str| format!("{OPERATION}/{member}");
    let property = format!("{A}/properties/x");
    let cases: Vec<(String, Value, &str, String)> = vec![
        ("/openapi".into(), json!("3.1.0"), "openapi-version", "/openapi".into()),
        ("/info/version".into(), json!("é"), "info-version", "/info/version".into()),
        (op("operationId"), json!("approveA"), "operation-id", OPERATION.into()),
        (op("operationId"), json!("new"), "operation-id", OPERATION.into()),
        (op("x-operation-class"), Value::Null, "operation-class", OPERATION.into()),
        (op("summary"), Value::Null, "operation-summary", OPERATION.into()),
        (op("externalDocs"), Value::Null, "operation-page", OPERATION.into()),
        (
            op("externalDocs/url"),
            json!("http://vendor.example/approve"),
            "operation-page",
            OPERATION.into(),
        ),
        (op("tags"), Value::Null, "operation-tag", OPERATION.into()),
        (op("tags"), json!([]), "operation-tag", OPERATION.into()),
        (op("tags/0"), json!("ghosts"), "operation-tag", OPERATION.into()),
        (op("description"), json!("a\n\n    b"), "description", op("description")),
        (op("x-provenance"), json!("guess"), "provenance", op("x-provenance")),
        (
            op("parameters/0/schema"),
            json!({ "type": "string" }),
            "path-parameter-id",
            op("parameters/id"),
        ),
        (op("parameters/0/required"), json!(false), "path-parameter", op("parameters/id")),
        (
            op("parameters/0"),
            json!({ "name": "q", "in": "query", "schema": { "type": "string" } }),
            "path-parameter",
            OPERATION.into(),
        ),
        (
            op("parameters/1/style"),
            json!("deepObject"),
            "parameter-style",
            op("parameters/page[after]"),
        ),
        (
            op("parameters/1/schema"),
            json!({ "type": "array", "items": { "type": "string" } }),
            "parameter-style",
            op("parameters/page[after]"),
        ),
        (
            op("parameters/1/schema"),
            json!({ "type": "string", "enum": ["a"] }),
            "inline-enum",
            op("parameters/page[after]"),
        ),
        (op("parameters/1/name"), json!("body"), "parameter-name", op("parameters/body")),
        (
            op("requestBody/content"),
            json!({ "application/x-ndjson": { "schema": { "$ref": "#/components/schemas/A" } } }),
            "request-media",
            op("requestBody"),
        ),
        (
            op("responses/201"),
            json!({
                "description": "d",
                "content": { "application/json": { "schema": { "type": "string" } } }
            }),
            "response-success",
            op("responses/201"),
        ),
        (op("x-subject"), json!("nobody"), "subject", OPERATION.into()),
        (
            op("responses/201"),
            json!({
                "description": "d",
                "content": {
                    "application/vnd.a+json": { "schema": { "$ref": "#/components/schemas/A" } }
                }
            }),
            "response-media",
            op("responses/201"),
        ),
        (
            op("responses/201"),
            json!({
                "description": "d",
                "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/A" } },
                    "text/csv": { "schema": { "type": "string", "format": "binary" } }
                }
            }),
            "response-media",
            op("responses/201"),
        ),
        (
            op("responses"),
            json!({ "404": { "description": "no" } }),
            "response-success",
            op("responses"),
        ),
        (
            op("responses/default"),
            json!({ "description": "any" }),
            "response-default",
            op("responses/default"),
        ),
        (
            "/components/schemas/KYCThing".into(),
            json!({ "type": "string", "description": "d" }),
            "component-name",
            "/components/schemas/KYCThing".into(),
        ),
        (format!("{A}/description"), Value::Null, "component-description", A.into()),
        (
            property.clone(),
            json!({ "type": "string", "enum": ["a"] }),
            "inline-enum",
            property.clone(),
        ),
        (
            property.clone(),
            json!({ "type": "object", "properties": { "y": { "type": "string" } } }),
            "unnamed-object",
            property.clone(),
        ),
        (property.clone(), json!({}), "free-form", property.clone()),
        (property.clone(), json!({ "type": "object" }), "free-form", property.clone()),
        (
            property.clone(),
            json!({ "oneOf": [], "type": "string" }),
            "forbidden-keyword",
            property.clone(),
        ),
        (
            property.clone(),
            json!({ "$ref": "#/components/schemas/Nobody" }),
            "reference",
            property.clone(),
        ),
        (
            property.clone(),
            json!({ "$ref": "#/components/schemas/Status", "nullable": true }),
            "reference-siblings",
            property.clone(),
        ),
        (property.clone(), json!({ "allOf": [{ "type": "string" }] }), "all-of", property.clone()),
        (
            property.clone(),
            json!({ "x-one-of": {}, "x-personal": true }),
            "union",
            property.clone(),
        ),
        (property.clone(), json!({ "type": "array" }), "array-items", property.clone()),
        (
            property.clone(),
            json!({ "type": "array", "items": { "type": "string" }, "x-personal": true }),
            "personal",
            property,
        ),
        (
            format!("{A}/properties/Name"),
            json!({ "type": "string" }),
            "property-name",
            format!("{A}/properties/name"),
        ),
        (format!("{A}/required"), json!(["ghost"]), "required", A.into()),
        (format!("{A}/properties/id/x-provenance"), json!("unconfirmed"), "required", A.into()),
        (
            "/components/schemas/U/x-discriminator".into(),
            json!("shape"),
            "union",
            "/components/schemas/U/x-one-of/b".into(),
        ),
        (
            "/components/schemas/U/x-one-of".into(),
            json!({ "b": "#/components/schemas/Nobody" }),
            "union",
            "/components/schemas/U/x-one-of/b".into(),
        ),
    ];
    for (pointer, value, rule, place) in cases {
        let found = broken(&pointer, value.clone());
        assert!(
            found.contains(&(place.clone(), rule)),
            "{pointer} = {value}: got {found:?}, expected {rule} at {place}"
        );
    }
}
