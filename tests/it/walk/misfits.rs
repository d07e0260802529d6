//! Responses in which fields have another JSON type than the documented one: an optional
//! field reads as absent and is listed, and fails nothing else.

use std::collections::BTreeSet;

use kyc_review::ErrorKind;
use serde_json::{Value, json};

use super::Walk;
use super::bodies::smallest;
use super::call::Operation;
use super::described::Described;
use super::server::Response;
use crate::support::sample::{Sampler, Way};

/// By these fields decisions are judged, so in the response to a decision they must fit.
pub const JUDGED: [(&str, &[&str]); 5] = [
    (
        "beltic",
        &[
            "attributes",
            "status",
            "decisioned_at",
            "marked_for_review_at",
            "expired_at",
            "revoked_at",
        ],
    ),
    (
        "persona",
        &[
            "attributes",
            "status",
            "account-status",
            "redacted-at",
            "decisioned-at",
            "expired-at",
            "marked-for-review-at",
        ],
    ),
    ("provide", &["status"]),
    (
        "rebilly",
        &[
            "status",
            "rejectionReason",
            "type",
            "reviewerId",
            "reviewStartTime",
            "reviewTime",
            "updatedTime",
        ],
    ),
    (
        "sumsub",
        &[
            "review",
            "reviewStatus",
            "reviewResult",
            "reviewAnswer",
            "reviewRejectType",
            "reviewDate",
        ],
    ),
];

/// A field in a sampled response.
struct Place {
    pointer: String,
    /// The path of the nearest field that may be absent, which may be the field itself;
    /// `None` if everything around it is required.
    absent: Option<String>,
    is_optional: bool,
    /// How many fields are around it.
    level: usize,
    /// Values of the other JSON types.
    others: Vec<Value>,
}

/// Tries every field of the successes of one operation.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>) {
    for answer in &described.answers {
        let (Some(schema), Some(status)) = (answer.json(), answer.statuses().into_iter().next())
        else {
            continue;
        };
        let mut sample = Sampler::new(walk.document, Way::Whole).schema(schema).json;
        // A sampled text is no link to a next page.
        if let Some(pages) = &described.pages {
            for place in pages.pointers("next").into_iter().chain(pages.pointers("more")) {
                sample.pointer_mut(place).map(Value::take);
            }
        }
        let mut places = Places { document: walk.document, found: Vec::new() };
        let is_read = match &described.pages {
            Some(pages) => {
                let lists = pages.pointers("items");
                let list =
                    lists.into_iter().find(|at| sample.pointer(at).is_some_and(Value::is_array));
                list.is_some_and(|at| {
                    let row = format!("{at}/0");
                    places.start(schema, &sample, &row, "[0]")
                })
            }
            None => places.start(schema, &sample, &described.unwrap, ""),
        };
        if !is_read {
            continue;
        }
        let places = places.found;
        let tried = Tried { operation, described, status, sample: &sample };
        tried.optional(walk, &places).await;
        tried.required(walk, &places).await;
    }
}

struct Tried<'a> {
    operation: &'a Operation,
    described: &'a Described<'a>,
    status: u16,
    sample: &'a Value,
}

impl Tried<'_> {
    /// All optional fields of one level at once, in turn with each other JSON type.
    async fn optional(&self, walk: &mut Walk<'_>, places: &[Place]) {
        let levels: BTreeSet<usize> = places.iter().map(|place| place.level).collect();
        for level in levels {
            let is_tried = |place: &&Place| place.is_optional && place.level == level;
            let most = places.iter().filter(is_tried).map(|place| place.others.len()).max();
            for turn in 0..most.unwrap_or(0) {
                let mut body = self.sample.clone();
                let mut wanted = Vec::new();
                let mut is_judged = false;
                for place in places.iter().filter(is_tried).filter(|it| !it.others.is_empty()) {
                    let path = place.absent.clone().unwrap();
                    if self.is_judged(walk, &path) {
                        is_judged = true;
                        continue;
                    }
                    *body.pointer_mut(&place.pointer).unwrap() =
                        place.others[turn % place.others.len()].clone();
                    wanted.push(path);
                }
                self.check(walk, &body, &wanted).await;
                if is_judged && turn == 0 {
                    self.judged(walk, places, level).await;
                }
            }
        }
    }

    /// Fields by which a decision is judged, one at a time.
    async fn judged(&self, walk: &mut Walk<'_>, places: &[Place], level: usize) {
        for place in places.iter().filter(|place| place.is_optional && place.level == level) {
            let path = place.absent.clone().unwrap();
            if !self.is_judged(walk, &path) {
                continue;
            }
            for other in &place.others {
                let mut body = self.sample.clone();
                *body.pointer_mut(&place.pointer).unwrap() = other.clone();
                self.fails(walk, &body, &path).await;
            }
        }
    }

    /// Required fields, one at a time: what is around them reads as absent.
    async fn required(&self, walk: &mut Walk<'_>, places: &[Place]) {
        for place in places.iter().filter(|place| !place.is_optional) {
            let Some(other) = place.others.first() else { continue };
            let mut body = self.sample.clone();
            *body.pointer_mut(&place.pointer).unwrap() = other.clone();
            match &place.absent {
                Some(path) if !self.is_judged(walk, path) => {
                    self.check(walk, &body, std::slice::from_ref(path)).await;
                }
                _ => self.fails(walk, &body, &place.pointer).await,
            }
        }
    }

    fn is_judged(&self, walk: &Walk<'_>, path: &str) -> bool {
        let (_, judged) = JUDGED.iter().find(|(vendor, _)| *vendor == walk.vendor).unwrap();
        let name = path.rsplit(['.', ']']).next().unwrap();
        self.described.class == "decision" && judged.contains(&name)
    }

    async fn check(&self, walk: &mut Walk<'_>, body: &Value, wanted: &[String]) {
        let told = format!("{}, fields of another type", self.described.id);
        match self.call(walk, body).await {
            Ok(Ok(outcome)) => {
                let (mut found, mut wanted) = (outcome.misfits, wanted.to_vec());
                found.sort();
                wanted.sort();
                if found == wanted {
                    walk.counts.misfits += wanted.len();
                } else {
                    let difference = |one: &[String], other: &[String]| {
                        let only = one.iter().filter(|path| !other.contains(path));
                        only.take(5).cloned().collect::<Vec<_>>()
                    };
                    walk.fault(format!(
                        "{told}: {} are listed of {}: {:?} should not, {:?} should",
                        found.len(),
                        wanted.len(),
                        difference(&found, &wanted),
                        difference(&wanted, &found)
                    ));
                }
            }
            other => walk.fault(format!("{told}, {:?}: {other:?}", wanted.first())),
        }
    }

    async fn fails(&self, walk: &mut Walk<'_>, body: &Value, place: &str) {
        match self.call(walk, body).await {
            Ok(Err(error))
                if matches!(error.kind(), ErrorKind::Decode | ErrorKind::OutcomeUnknown) =>
            {
                walk.counts.misfits_refused += 1;
            }
            other => walk.fault(format!(
                "{}, {place} of another type: {other:?}, and should be an error",
                self.described.id
            )),
        }
    }

    async fn call(
        &self,
        walk: &mut Walk<'_>,
        body: &Value,
    ) -> Result<Result<super::call::Outcome, kyc_review::Error>, String> {
        let case = smallest(walk, self.described, &self.described.methods[0]);
        let bytes = serde_json::to_vec(body).unwrap();
        let response = Response::new(self.status, "application/json", bytes);
        walk.server.respond(move |_| response.clone());
        let answer = self.operation.call(walk.clients, &case).await;
        walk.server.take();
        answer
    }
}

/// The fields of a sample, by its schema.
struct Places<'a> {
    document: &'a Value,
    found: Vec<Place>,
}

/// Where the search is.
#[derive(Clone)]
struct At {
    pointer: String,
    path: String,
    absent: Option<String>,
    level: usize,
}

impl<'a> Places<'a> {
    /// Follows the pointer to what is read, and lists its fields.
    fn start(&mut self, schema: &'a Value, sample: &Value, at: &str, path: &str) -> bool {
        let (mut schema, mut json) = (self.resolve(schema), sample);
        for step in at.split('/').skip(1) {
            let inner = match step.parse::<usize>() {
                Ok(index) => json.get(index).zip(Some(&schema["items"])),
                Err(_) => json.get(step).zip(self.property(schema, step).map(|(it, _)| it)),
            };
            let Some((value, inner)) = inner else { return false };
            (schema, json) = (self.resolve(inner), value);
        }
        let at = At { pointer: at.to_owned(), path: path.to_owned(), absent: None, level: 0 };
        self.value(schema, json, &at);
        true
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        loop {
            let only = schema["allOf"].as_array().filter(|all| all.len() == 1);
            schema = match (schema["$ref"].as_str(), only.map(Vec::as_slice)) {
                (Some(reference), _) => self.document.pointer(&reference[1..]).unwrap(),
                (_, Some([only])) => only,
                _ => return schema,
            };
        }
    }

    /// The schema of a property, and whether it is required.
    fn property(&self, schema: &'a Value, name: &str) -> Option<(&'a Value, bool)> {
        let mut required = false;
        let mut found = None;
        let parts = schema["allOf"].as_array().into_iter().flatten();
        for part in parts.map(|part| self.resolve(part)).chain([schema]) {
            required |= part["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
            found = part["properties"].get(name).or(found);
            if part["allOf"].is_array()
                && !std::ptr::eq(part, schema)
                && let Some((inner, is_required)) = self.property(part, name)
            {
                (found, required) = (Some(inner), required | is_required);
            }
        }
        found.map(|found| (found, required))
    }

    fn value(&mut self, schema: &'a Value, json: &Value, at: &At) {
        let schema = self.resolve(schema);
        if schema["x-lenient"] == true {
            return;
        }
        if let Some(variants) = schema["x-one-of"].as_object() {
            let name = schema["x-discriminator"].as_str().unwrap();
            let Some(variant) = json[name].as_str().and_then(|kind| variants[kind].as_str()) else {
                return;
            };
            self.value(self.document.pointer(&variant[1..]).unwrap(), json, at);
            // The kind must fit, whether the spec requires it or not.
            let kind = format!("{}/{name}", at.pointer);
            for place in self.found.iter_mut().filter(|place| place.pointer == kind) {
                (place.is_optional, place.absent) = (false, at.absent.clone());
            }
            return;
        }
        match json {
            Value::Object(members) if is_typed(schema) => {
                for (name, value) in members {
                    let Some((inner, is_required)) = self.property(schema, name) else { continue };
                    let dot = if at.path.is_empty() { "" } else { "." };
                    let path = format!("{}{dot}{name}", at.path);
                    let at = At {
                        pointer: format!("{}/{}", at.pointer, name.replace('/', "~1")),
                        absent: if is_required { at.absent.clone() } else { Some(path.clone()) },
                        path,
                        level: at.level + 1,
                    };
                    self.found.push(Place {
                        pointer: at.pointer.clone(),
                        absent: at.absent.clone(),
                        is_optional: !is_required,
                        level: at.level,
                        others: self.others(inner, value),
                    });
                    self.value(inner, value, &at);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    let at = At {
                        pointer: format!("{}/{index}", at.pointer),
                        path: format!("{}[{index}]", at.path),
                        ..at.clone()
                    };
                    self.value(&schema["items"], value, &at);
                }
            }
            _ => {}
        }
    }

    /// Values of JSON types that the schema does not allow; none if it allows all.
    fn others(&self, schema: &Value, value: &Value) -> Vec<Value> {
        let schema = {
            let mut schema = schema;
            while let Some(reference) = schema["$ref"].as_str() {
                schema = self.document.pointer(&reference[1..]).unwrap();
            }
            match schema["allOf"].as_array().map(Vec::as_slice) {
                Some([only]) => return self.others(only, value),
                _ => schema,
            }
        };
        let is_any = schema["type"].is_null()
            && schema["allOf"].is_null()
            && schema["enum"].is_null()
            && schema["x-one-of"].is_null();
        if schema["x-lenient"] == true || is_any {
            return Vec::new();
        }
        let all = [json!("text"), json!(7), json!(true), json!([]), json!({})];
        let is_other =
            |other: &Value| std::mem::discriminant(other) != std::mem::discriminant(value);
        all.into_iter().filter(is_other).collect()
    }
}

/// Whether an object has fields of its own.
fn is_typed(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["allOf"].is_array()
}
