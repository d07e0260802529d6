//! What the specs must state beyond the rules of the build: what is personal, and what is
//! written by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::document;
use crate::support::person_like::is_person_like;

const VENDORS: [&str; 5] = ["beltic", "persona", "provide", "rebilly", "sumsub"];

/// A field whose name suggests a person is marked `x-personal`, or listed in
/// `unmarked.txt` with the reason why not, alone or with its whole component: `persona
/// InquiryTemplateTheme.*`.
#[test]
fn person_like_members_are_marked() {
    let reasons = reasons(include_str!("unmarked.txt"));
    let mut unmarked = BTreeSet::new();
    for vendor in VENDORS {
        let document = document(vendor);
        let members = members(&document);
        let person_like: Vec<&Member> =
            members.iter().filter(|member| member.is_person_like()).collect();
        let open: Vec<&&Member> = person_like.iter().filter(|member| !member.is_marked()).collect();
        let [all, like, open_count] = [members.len(), person_like.len(), open.len()];
        println!(
            "{vendor}: {all} members, {like} person-like, {} marked, {open_count} not",
            like - open_count
        );
        unmarked.extend(open.iter().map(|member| format!("{vendor} {}", member.place)));
    }
    let covers = |reason: &str, place: &str| match reason.strip_suffix('*') {
        Some(component) => place.starts_with(component),
        None => place == reason,
    };
    let new = unmarked.iter().filter(|place| !reasons.keys().any(|reason| covers(reason, place)));
    let new: Vec<String> = new.map(|place| format!("{place}: ")).collect();
    let stale = reasons.keys().filter(|reason| !unmarked.iter().any(|place| covers(reason, place)));
    let stale: Vec<&str> = stale.copied().collect();
    assert!(
        new.is_empty() && stale.is_empty(),
        "mark these x-personal, or add them to tests/it/unmarked.txt, each with its reason:\n{}\n\n\
         take these out of tests/it/unmarked.txt, they are marked or gone:\n{}\n",
        new.join("\n"),
        stale.join("\n")
    );
}

/// Parses lines like `persona InquiryTemplate.name: name of a configuration object`.
fn reasons(text: &str) -> BTreeMap<&str, &str> {
    let mut reasons = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (place, reason) = line.split_once(": ").unwrap_or((line, ""));
        assert!(!reason.trim().is_empty(), "no reason: {line}");
        assert!(!place.contains('*') || place.ends_with(".*"), "only a whole component: {line}");
        assert!(reasons.insert(place, reason).is_none(), "twice: {line}");
    }
    reasons
}

/// A scalar of a body or a parameter, including items of a list and values of a map.
struct Member<'a> {
    /// `Component.property`, or `operation_id.parameter`.
    place: String,
    name: &'a str,
    schema: &'a Value,
}

impl Member<'_> {
    fn is_person_like(&self) -> bool {
        let [kind, format] =
            ["type", "format"].map(|key| self.schema[key].as_str().unwrap_or_default());
        is_person_like(self.name, kind, format)
    }

    fn is_marked(&self) -> bool {
        self.schema["x-personal"] == true
    }
}

fn members(document: &Value) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    let mut add = |owner: &str, name, schema| {
        if let Some(schema) = scalar(document, schema, 0) {
            members.push(Member { place: format!("{owner}.{name}"), name, schema });
        }
    };
    for (component, schema) in document["components"]["schemas"].as_object().unwrap() {
        // A component that takes any JSON is hidden as a whole.
        if schema["x-lenient"] == true {
            continue;
        }
        for part in schema["allOf"].as_array().into_iter().flatten().chain([schema]) {
            for (name, property) in part["properties"].as_object().into_iter().flatten() {
                add(component, name, property);
            }
        }
    }
    for (path, operation) in operations(document) {
        let shared = document["paths"][path]["parameters"].as_array();
        for parameter in shared.into_iter().chain(operation["parameters"].as_array()).flatten() {
            let parameter = resolve(document, parameter);
            if parameter["in"] != "path" {
                add(id(operation), parameter["name"].as_str().unwrap(), &parameter["schema"]);
            }
        }
    }
    members
}

/// The scalar under lists, maps and references, except enums, ids of a path, and what the
/// build drops.
fn scalar<'a>(document: &'a Value, schema: &'a Value, depth: u8) -> Option<&'a Value> {
    if depth > 8 || schema["x-read-only"] == true {
        return None;
    }
    let schema = resolve(document, schema);
    let below = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => Some(only),
        Some(_) => return None,
        None => schema
            .get("items")
            .or_else(|| schema.get("additionalProperties").filter(|values| values.is_object())),
    };
    match below {
        Some(below) => scalar(document, below, depth + 1),
        None if schema.get("enum").is_some() || schema["x-id"] == true => None,
        None => {
            matches!(schema["type"].as_str(), Some("string" | "number" | "integer" | "boolean"))
                .then_some(schema)
        }
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().map_or(value, |reference| document.pointer(&reference[1..]).unwrap())
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let operations = item
            .as_object()
            .unwrap()
            .values()
            .filter(|operation| operation.get("operationId").is_some());
        operations.map(move |operation| (path, operation))
    })
}

fn id(operation: &Value) -> &str {
    operation["operationId"].as_str().unwrap()
}

/// Every operation of a spec has a request in the generated client, unless its feature is
/// disabled.
#[test]
fn every_operation_is_generated() {
    for vendor in VENDORS {
        let document = document(vendor);
        let calls =
            std::fs::read_to_string(format!("{}/{vendor}_calls.rs", env!("OUT_DIR"))).unwrap();
        for (_, operation) in operations(&document) {
            let id = id(operation);
            let is_dropped =
                operation["x-provenance"] == "unconfirmed" && !cfg!(feature = "unconfirmed");
            assert_eq!(calls.contains(&format!("    {id} = ")), !is_dropped, "{vendor} {id}");
        }
    }
}

/// Counts what the rules of the build require of each operation and component, and finds
/// no unused tag.
#[test]
fn every_operation_is_described() {
    for vendor in VENDORS {
        let document = document(vendor);
        let tags: BTreeSet<&str> = document["tags"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|tag| tag["name"].as_str())
            .collect();
        let used =
            operations(&document).flat_map(|(_, operation)| operation["tags"].as_array().unwrap());
        let used: BTreeSet<&str> = used.filter_map(Value::as_str).collect();
        assert_eq!(
            tags, used,
            "{vendor}: the tags that are declared, and those that operations have"
        );
        let components = document["components"]["schemas"].as_object().unwrap().len();
        println!(
            "{vendor}: {} operations under {} tags, {components} components",
            operations(&document).count(),
            tags.len()
        );
    }
}
