//! Bodies: sampled from the spec, given by setters or as a whole, with the expected bytes
//! on the wire.

use std::collections::BTreeMap;

use kyc_review::MultipartForm;
use serde_json::{Map, Value};

use super::call::{Case, Payload};
use super::described::{Body, Described, Method, resolve};
use super::{Kinds, Walk, values};
use crate::support::sample::{Direction, Sample, Sampler, Way};

/// Bytes that are not text.
pub const BINARY: &[u8] = &[0, 1, 2, b'\r', b'\n', 0x7f, 0x80, 0xff, b'%', b'-', b'-'];

/// A body of lines.
const LINES: &[u8] = b"{\"a\":\"\xc3\xa9\"}\n\n{\"b\":[1, {}]}";

/// A body as given, with what is expected on the wire.
pub struct Prepared {
    /// Arguments and values of setters, by pointer.
    pub fields: BTreeMap<String, Value>,
    pub payload: Option<Payload>,
    pub expected: Expected,
    /// Union and kind of each union in it.
    pub kinds: Kinds,
    pub what: String,
}

pub enum Expected {
    /// No body is sent.
    Nothing,
    /// No request is sent: a body is required, and none of its fields is set.
    Refusal,
    Json(Value),
    Form(Vec<(String, String)>),
    /// Name, file name, content.
    Parts(Vec<(String, Option<String>, Vec<u8>)>),
    Bytes(Vec<u8>),
}

impl Prepared {
    fn new(payload: Option<Payload>, expected: Expected, what: impl Into<String>) -> Self {
        Self { fields: BTreeMap::new(), payload, expected, kinds: Kinds::new(), what: what.into() }
    }

    pub fn case(self, described: &Described<'_>, set: values::Set) -> (Case, Expected) {
        let values = values::of(described, set);
        (Case { values, fields: self.fields, body: self.payload, ..Case::default() }, self.expected)
    }
}

/// A body by setters: every field that the way includes, once for each kind of the unions
/// in it.
pub fn by_setters(
    walk: &Walk<'_>,
    described: &Described<'_>,
    method: &Method<'_>,
    way: Way,
) -> Vec<Prepared> {
    let Some(body) = described.body.as_ref().filter(|_| !described.fields.is_empty()) else {
        return by_body(walk, described, method, way);
    };
    let prepare = |turn: usize, (sample, kinds): (Sample, Kinds)| {
        let (given, mut back) = completed(walk, described, method, &sample);
        let mut fields: BTreeMap<String, Value> = BTreeMap::new();
        for field in &described.fields {
            let is_constant = method.constants.iter().any(|(pointer, _)| *pointer == field.pointer);
            let value = given.pointer(&field.pointer).filter(|_| !is_constant);
            fields.extend(value.map(|value| (field.pointer.clone(), value.clone())));
        }
        // A field without a name has no setter.
        let envelopes = described.envelopes.iter().map(|envelope| envelope.pointer.as_str());
        for at in envelopes.chain([""]) {
            if let Some(Value::Object(members)) = back.pointer_mut(at) {
                members.remove("another-key");
            }
        }
        // A body that is an argument has its required fields; setters add to it.
        let argument = method
            .positional
            .contains(&"")
            .then(|| samples(walk, body, Way::Required).remove(0).0.json);
        let is_nothing = fields.is_empty() && method.constants.is_empty() && argument.is_none();
        let expected = match is_nothing {
            // The vendor requires an empty object.
            true if may_be_empty(walk, body) => Expected::Json(Value::Object(Map::new())),
            true if body.required => Expected::Refusal,
            true => Expected::Nothing,
            false => written(body, back),
        };
        let what = format!("by setters, {way:?}, turn {turn}");
        Prepared { fields, payload: argument.map(Payload::Json), expected, kinds, what }
    };
    samples(walk, body, way)
        .into_iter()
        .enumerate()
        .map(|(turn, sample)| prepare(turn, sample))
        .collect()
}

/// A body by setters, once for each field that null clears: all fields set, and that one
/// cleared.
pub fn cleared(walk: &Walk<'_>, described: &Described<'_>, method: &Method<'_>) -> Vec<Prepared> {
    let is_set = |pointer: &str| {
        method.positional.contains(&pointer)
            || method.constants.iter().any(|(known, _)| *known == pointer)
    };
    let fields = described.fields.iter().filter(|field| field.schema["x-clearable"] == true);
    let mut all = Vec::new();
    for field in fields.filter(|field| !is_set(&field.pointer)) {
        let mut prepared = by_setters(walk, described, method, Way::Whole).remove(0);
        let Expected::Json(body) = &mut prepared.expected else { continue };
        *body.pointer_mut(&field.pointer).unwrap() = Value::Null;
        prepared.fields.insert(field.pointer.clone(), Value::Null);
        prepared.what = format!("{} cleared", field.pointer);
        all.push(prepared);
    }
    all
}

/// A body as a whole, once for each kind of the unions in it, together with the fields
/// that are arguments.
pub fn by_body(
    walk: &Walk<'_>,
    described: &Described<'_>,
    method: &Method<'_>,
    way: Way,
) -> Vec<Prepared> {
    let Some(body) = &described.body else {
        return vec![Prepared::new(None, Expected::Nothing, format!("{way:?}"))];
    };
    match body.media {
        "application/json" | "application/x-www-form-urlencoded" => {}
        media if media.starts_with("multipart/") => return vec![parts(walk, body, way)],
        _ => {
            let bytes = if body.max_lines.is_some() { LINES } else { BINARY }.to_vec();
            return vec![Prepared::new(
                Some(Payload::Bytes(bytes.clone())),
                Expected::Bytes(bytes),
                format!("{way:?}"),
            )];
        }
    }
    let prepare = |turn: usize, (sample, kinds): (Sample, Kinds)| {
        let fields = arguments(walk, described, method, &sample);
        let fields: BTreeMap<String, Value> =
            fields.into_iter().map(|(pointer, it)| (pointer, it.json)).collect();
        let (mut given, back) = completed(walk, described, method, &sample);
        // Arguments and constants override the fields of the body.
        let set = fields
            .keys()
            .map(String::as_str)
            .chain(method.constants.iter().map(|(pointer, _)| *pointer));
        for pointer in set {
            if let (Some(place), Some(own)) =
                (given.pointer_mut(pointer), sample.json.pointer(pointer))
            {
                *place = own.clone();
            }
        }
        let is_nothing = !body.required && back == Value::Object(Map::new());
        let expected = if is_nothing { Expected::Nothing } else { written(body, back) };
        let what = format!("as a whole, {way:?}, turn {turn}");
        Prepared { fields, payload: Some(Payload::Json(given)), expected, kinds, what }
    };
    samples(walk, body, way)
        .into_iter()
        .enumerate()
        .map(|(turn, sample)| prepare(turn, sample))
        .collect()
}

/// The required values of an operation, with the smallest body.
pub fn smallest(walk: &Walk<'_>, described: &Described<'_>, method: &Method<'_>) -> Case {
    as_smallest(walk, described, method).case(described, values::Set::Required).0
}

/// The smallest body that an operation accepts.
pub fn as_smallest(walk: &Walk<'_>, described: &Described<'_>, method: &Method<'_>) -> Prepared {
    let first = by_setters(walk, described, method, Way::Required).into_iter().next().unwrap();
    match first.expected {
        Expected::Refusal => {
            by_body(walk, described, method, Way::Required).into_iter().next().unwrap()
        }
        _ => first,
    }
}

/// Whether a body is sent even if none of its fields is set.
pub fn may_be_empty(walk: &Walk<'_>, body: &Body<'_>) -> bool {
    resolve(walk.document, body.schema)["x-may-be-empty"] == true
}

/// One sample for each kind of its unions.
fn samples(walk: &Walk<'_>, body: &Body<'_>, way: Way) -> Vec<(Sample, Kinds)> {
    let (mut samples, mut turns) = (Vec::new(), 1);
    while samples.len() < turns {
        let sampler =
            Sampler::new(walk.document, way).direction(Direction::Sent).turn(samples.len());
        let sample = sampler.schema(body.schema);
        turns = if way == Way::Unknown { 1 } else { sampler.turns() };
        samples.push((sample, sampler.kinds()));
    }
    samples
}

/// The fields that the method takes as arguments.
fn arguments(
    walk: &Walk<'_>,
    described: &Described<'_>,
    method: &Method<'_>,
    sample: &Sample,
) -> BTreeMap<String, Sample> {
    let pointers = method.positional.iter().filter(|pointer| !pointer.is_empty());
    let value = |pointer: &str| match (sample.json.pointer(pointer), sample.back.pointer(pointer)) {
        (Some(json), Some(back)) if !json.is_null() => {
            Sample { json: json.clone(), back: back.clone() }
        }
        _ => {
            let field = described.fields.iter().find(|field| field.pointer == pointer);
            let sampler = Sampler::new(walk.document, Way::Whole).direction(Direction::Sent);
            sampler.schema(field.expect(pointer).schema)
        }
    };
    pointers.map(|pointer| ((*pointer).to_owned(), value(pointer))).collect()
}

/// What is given and what remains of it on the wire, with constants, arguments, and the
/// required fields of the envelopes that these add.
fn completed(
    walk: &Walk<'_>,
    described: &Described<'_>,
    method: &Method<'_>,
    sample: &Sample,
) -> (Value, Value) {
    let mut sample = sample.clone();
    for (pointer, value) in arguments(walk, described, method, &sample) {
        place(&mut sample, &pointer, &value);
    }
    for (pointer, value) in &method.constants {
        place(&mut sample, pointer, &Sample { json: (*value).clone(), back: (*value).clone() });
    }
    loop {
        let lacks = |pointer: &str, required: bool| {
            let around = pointer.rsplit_once('/').unwrap().0;
            required
                && sample.json.pointer(around).is_some_and(Value::is_object)
                && sample.json.pointer(pointer).is_none()
        };
        let envelope =
            described.envelopes.iter().find(|envelope| lacks(&envelope.pointer, envelope.required));
        let field = described.fields.iter().find(|field| lacks(&field.pointer, field.required));
        let empty = Value::Object(Map::new());
        match (envelope, field) {
            (Some(envelope), _) => {
                place(&mut sample, &envelope.pointer, &Sample { json: empty.clone(), back: empty });
            }
            (_, Some(field)) => {
                let sampler = Sampler::new(walk.document, Way::Required).direction(Direction::Sent);
                place(&mut sample, &field.pointer, &sampler.schema(field.schema));
            }
            (None, None) => return (sample.json, sample.back),
        }
    }
}

fn place(sample: &mut Sample, pointer: &str, value: &Sample) {
    for (body, value) in [(&mut sample.json, &value.json), (&mut sample.back, &value.back)] {
        let mut place = body;
        for name in pointer.split('/').skip(1) {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = place.as_object_mut().unwrap().entry(name).or_insert(Value::Null);
        }
        *place = value.clone();
    }
}

/// A body on the wire.
fn written(body: &Body<'_>, back: Value) -> Expected {
    if body.media == "application/json" {
        return Expected::Json(back);
    }
    let pairs = back.as_object().unwrap().iter().map(|(name, value)| (name.clone(), plain(value)));
    Expected::Form(pairs.collect())
}

fn parts(walk: &Walk<'_>, body: &Body<'_>, way: Way) -> Prepared {
    let schema = resolve(walk.document, body.schema);
    let (mut form, mut parts) = (MultipartForm::new(), Vec::new());
    for (name, property) in schema["properties"].as_object().unwrap() {
        if property["format"] == "binary" {
            form = form.file(name, "a \"file\".bin", "application/octet-stream", BINARY);
            parts.push((name.clone(), Some("a %22file%22.bin".to_owned()), BINARY.to_vec()));
        } else {
            let value = plain(
                &Sampler::new(walk.document, way).direction(Direction::Sent).schema(property).json,
            );
            form = form.text(name, &value);
            parts.push((name.clone(), None, value.into_bytes()));
        }
    }
    Prepared::new(Some(Payload::Form(form)), Expected::Parts(parts), format!("{way:?}"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
