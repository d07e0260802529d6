//! JSON sampled from a schema of a spec in several ways, with what a reader of it writes
//! back.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::bounded;

/// The value of every personal field.
pub const CANARY: &str = "canary-7f3a";

/// The value of every personal number.
pub const CANARY_NUMBER: i64 = 83_172_945;

/// A field that is in no spec.
const NEW_MEMBER: &str = "memberOfTheFuture";

/// Which JSON to sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// Every field.
    Whole,
    /// Only the required fields.
    Required,
    /// Every field; each enum has an unknown value, each union an unknown kind, each
    /// object an unknown field.
    Unknown,
    /// As `Unknown`, but with known kinds of unions.
    UnknownInKnown,
    /// Every field; null wherever the spec allows it.
    Nulls,
}

pub const WAYS: [Way; 5] =
    [Way::Whole, Way::Required, Way::Unknown, Way::UnknownInKnown, Way::Nulls];

/// The direction of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Direction {
    /// To the vendor.
    Sent,
    /// From the vendor.
    Received,
}

/// A body, and what remains of it after it was read and written again.
#[derive(Clone, Debug)]
pub struct Sample {
    pub json: Value,
    pub back: Value,
}

impl Sample {
    fn of(value: Value) -> Self {
        Self { back: value.clone(), json: value }
    }
}

pub struct Sampler<'a> {
    document: &'a Value,
    way: Way,
    direction: Direction,
    /// Which kind of each union is sampled; the turns cover all kinds.
    turn: usize,
    /// The known kinds of unions that were sampled.
    kinds: RefCell<BTreeSet<(String, String)>>,
    /// The largest number of kinds of a union.
    widest: Cell<usize>,
}

impl<'a> Sampler<'a> {
    pub fn new(document: &'a Value, way: Way) -> Self {
        let (kinds, widest) = (RefCell::default(), Cell::new(1));
        Self { document, way, direction: Direction::Received, turn: 0, kinds, widest }
    }

    pub fn direction(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    pub fn turn(self, turn: usize) -> Self {
        Self { turn, ..self }
    }

    /// The number of turns that cover each kind of the unions found.
    pub fn turns(&self) -> usize {
        self.widest.get()
    }

    /// Union and discriminator value of each known kind that was sampled.
    pub fn kinds(self) -> BTreeSet<(String, String)> {
        self.kinds.into_inner()
    }

    pub fn component(&self, name: &str) -> Value {
        self.schema(&json!({ "$ref": format!("#/components/schemas/{name}") })).json
    }

    pub fn schema(&self, schema: &Value) -> Sample {
        self.sample(schema, &mut Vec::new())
    }

    /// `above` has the components around the schema.
    fn sample(&self, schema: &Value, above: &mut Vec<String>) -> Sample {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap().to_owned();
            let target = self.document.pointer(&reference[1..]).unwrap();
            above.push(name);
            let sample = self.sample(target, above);
            above.pop();
            return sample;
        }
        if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            return self.sample(only, above);
        }
        if schema["x-lenient"] == true {
            return Sample::of(json!({ CANARY: [CANARY, 1, null] }));
        }
        if let (Some(variants), Some(discriminator)) =
            (schema["x-one-of"].as_object(), schema["x-discriminator"].as_str())
        {
            return self.union(schema, variants, discriminator, above);
        }
        let is_personal = schema["x-personal"] == true;
        if let Some(values) = schema["enum"].as_array().filter(|_| !is_personal) {
            let is_open = schema["type"] == "string"
                && matches!(self.way, Way::Unknown | Way::UnknownInKnown);
            return Sample::of(if is_open {
                json!("a-value-of-the-future")
            } else {
                values[0].clone()
            });
        }
        // No one holds a response to the bounds that the spec states for requests.
        let bounds = if self.direction == Direction::Sent { schema } else { &Value::Null };
        let text = |text: &str| json!(bounded::text(text, bounds));
        Sample::of(match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), Some("date-time")) if !is_personal => {
                json!("2024-05-02 09:32:10+0000")
            }
            (Some("string"), Some("date")) if !is_personal => json!("2024-05-02"),
            (Some("string"), _) if is_personal => text(CANARY),
            (Some("string"), _) => text("text"),
            (Some("integer"), _) if is_personal => bounded::number(json!(CANARY_NUMBER), bounds),
            (Some("number"), _) if is_personal => {
                bounded::number(json!(CANARY_NUMBER as f64 + 0.5), bounds)
            }
            (Some("integer"), _) => bounded::number(json!(7_315_518), bounds),
            (Some("number"), _) => bounded::number(json!(7315.518), bounds),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) => return self.list(schema, above),
            (None, _) if schema["allOf"].is_null() => json!({ CANARY: [CANARY, 1, null] }),
            (Some("object"), _) if is_personal => json!({ CANARY: [CANARY, 1, null] }),
            _ => return self.object(schema, above),
        })
    }

    fn list(&self, schema: &Value, above: &mut Vec<String>) -> Sample {
        if self.is_inside_itself(schema, above) {
            return Sample::of(json!([]));
        }
        let count = if self.direction == Direction::Sent { bounded::items(schema) } else { 1 };
        if self.way == Way::Nulls && self.is_nullable(&schema["items"]) {
            return Sample::of(vec![Value::Null; count].into());
        }
        let Sample { json, back } = self.sample(&schema["items"], above);
        Sample { json: vec![json; count].into(), back: vec![back; count].into() }
    }

    fn object(&self, schema: &Value, above: &mut Vec<String>) -> Sample {
        let (mut json, mut back) = (Map::new(), Map::new());
        let additional = self.members(schema, above, &mut json, &mut back);
        if let Some(additional) = additional {
            let is_needed = bounded::whole(schema, "minProperties").is_some_and(|least| least > 0);
            if self.way != Way::Required || (is_needed && self.direction == Direction::Sent) {
                let is_null = self.way == Way::Nulls && self.is_nullable(additional);
                let sample =
                    if is_null { Sample::of(Value::Null) } else { self.sample(additional, above) };
                json.insert("another-key".to_owned(), sample.json);
                back.insert("another-key".to_owned(), sample.back);
            }
        } else if matches!(self.way, Way::Unknown | Way::UnknownInKnown) {
            json.insert(NEW_MEMBER.to_owned(), json!({ "a": [1, null, CANARY] }));
        }
        Sample { json: json.into(), back: back.into() }
    }

    /// Samples the named fields; returns the schema of the unnamed ones.
    fn members<'s>(
        &'s self,
        schema: &'s Value,
        above: &mut Vec<String>,
        json: &mut Map<String, Value>,
        back: &mut Map<String, Value>,
    ) -> Option<&'s Value> {
        let mut additional =
            schema.get("additionalProperties").filter(|additional| additional.is_object());
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let part = part["$ref"]
                .as_str()
                .map_or(part, |name| self.document.pointer(&name[1..]).unwrap());
            additional = self.members(part, above, json, back).or(additional);
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_unconfirmed =
                property["x-provenance"] == "unconfirmed" && !cfg!(feature = "unconfirmed");
            let is_required = required.contains(&json!(name));
            let is_deep = !is_required && self.is_inside_itself(property, above);
            if is_unconfirmed || is_deep || (self.way == Way::Required && !is_required) {
                continue;
            }
            let is_null = self.way == Way::Nulls && self.is_nullable(property);
            let sample =
                if is_null { Sample::of(Value::Null) } else { self.sample(property, above) };
            json.insert(name.clone(), sample.json);
            // A field that only the vendor sets is never sent, even if a caller has it.
            let is_never_sent =
                self.direction == Direction::Sent && property["x-read-only"] == true;
            // An optional field that is null counts as absent, unless the spec
            // distinguishes the two.
            let is_left_out = is_null && !is_required && property["x-clearable"] != true;
            if !is_never_sent && !is_left_out {
                back.insert(name.clone(), sample.back);
            }
        }
        additional
    }

    fn union(
        &self,
        schema: &Value,
        variants: &Map<String, Value>,
        discriminator: &str,
        above: &mut Vec<String>,
    ) -> Sample {
        self.widest.set(self.widest.get().max(variants.len()));
        let (tag, variant) = variants.iter().nth(self.turn % variants.len()).unwrap();
        if self.way == Way::Unknown {
            let reference = schema["x-common"].as_str().unwrap_or(variant.as_str().unwrap());
            let mut json = self.sample(&json!({ "$ref": reference }), above).json;
            json[discriminator] = json!("a-kind-of-the-future");
            // An unknown kind is kept whole.
            return Sample::of(json);
        }
        let name = above.last().cloned().unwrap_or_default();
        self.kinds.borrow_mut().insert((name, tag.clone()));
        let Sample { mut json, mut back } = self.sample(&json!({ "$ref": variant }), above);
        json[discriminator] = json!(tag);
        back[discriminator] = json!(tag);
        Sample { json, back }
    }

    fn is_nullable(&self, schema: &Value) -> bool {
        let target = schema["$ref"].as_str().map(|name| self.document.pointer(&name[1..]).unwrap());
        schema["nullable"] == true || target.is_some_and(|target| target["nullable"] == true)
    }

    /// Whether the schema names a component that is already around it.
    fn is_inside_itself(&self, schema: &Value, above: &[String]) -> bool {
        let inner = [&schema["items"], &schema["additionalProperties"], &schema["allOf"][0]];
        let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        name.is_some_and(|name| above.iter().any(|known| known == name))
            || inner
                .into_iter()
                .any(|inner| !inner.is_null() && self.is_inside_itself(inner, above))
    }
}
