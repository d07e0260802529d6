//! The operations of a spec, parsed a second time here: nothing of the build is used.

mod marks;

use serde_json::Value;

pub use marks::{Envelope, Field, Method, Pages, at, follow, properties};

/// One operation of a spec.
pub struct Described<'a> {
    pub id: &'a str,
    pub method: String,
    pub path: &'a str,
    /// The number of trailing segments of the base that the path is not under.
    pub above_base: usize,
    pub class: &'a str,
    /// An idempotency key is sent, and may be relied on.
    pub takes_key: bool,
    /// The header that replaces the client's own credentials.
    pub own_credential: Option<&'a str>,
    /// Those of the path first, in its order.
    pub parameters: Vec<Parameter<'a>>,
    pub body: Option<Body<'a>>,
    /// The parameter that names the subject of the call.
    pub subject: Option<&'a str>,
    /// Status, media types and schema of each success.
    pub answers: Vec<Answer<'a>>,
    pub errors: Vec<Answer<'a>>,
    /// The pointer to the value in a success.
    pub unwrap: String,
    pub pages: Option<Pages<'a>>,
    /// Why a response with a list is not walked.
    pub not_paged: Option<&'a str>,
    /// Fields of the body that have setters, taken out of their envelopes.
    pub fields: Vec<Field<'a>>,
    pub envelopes: Vec<Envelope>,
    /// The operation's own method, then those of its variants.
    pub methods: Vec<Method<'a>>,
}

pub struct Parameter<'a> {
    pub name: &'a str,
    /// `path`, `query`, `header`; `matrix` for a filter after the path.
    pub place: &'a str,
    pub required: bool,
    pub schema: &'a Value,
    /// The schema of the items of a comma-separated list.
    pub comma_of: Option<&'a Value>,
    pub setter: String,
}

pub struct Body<'a> {
    pub media: &'a str,
    pub required: bool,
    pub schema: &'a Value,
    /// The maximum number of lines, if each line is a JSON object.
    pub max_lines: Option<usize>,
}

pub struct Answer<'a> {
    /// As in the spec: `200`, `4XX`.
    pub status: &'a str,
    pub media: Vec<&'a str>,
    pub schema: Option<&'a Value>,
}

impl<'a> Answer<'a> {
    /// The schema of a JSON response. Bytes may have the media type of JSON too: a
    /// customer's file.
    pub fn json(&self) -> Option<&'a Value> {
        self.schema
            .filter(|schema| self.media == ["application/json"] && schema["format"] != "binary")
    }

    /// The statuses that a server may send.
    pub fn statuses(&self) -> Vec<u16> {
        match self.status {
            "2XX" => vec![200],
            "4XX" => vec![400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 429],
            "5XX" => vec![500, 501, 502, 503, 504],
            status => vec![status.parse().unwrap()],
        }
    }
}

impl<'a> Described<'a> {
    /// The schema of a success that is JSON.
    pub fn success(&self) -> Option<&'a Value> {
        self.answers.iter().find_map(Answer::json)
    }

    pub fn in_path(&self) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters.iter().filter(|parameter| parameter.place == "path")
    }
}

/// The operations of a spec.
pub fn operations(document: &Value) -> Vec<Described<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["operationId"].is_string() && !is_dropped(operation) {
                operations.push(describe(document, path, item, method, operation));
            }
        }
    }
    operations
}

fn describe<'a>(
    document: &'a Value,
    path: &'a str,
    item: &'a Value,
    method: &str,
    operation: &'a Value,
) -> Described<'a> {
    let body = operation.get("requestBody").map(|body| resolve(document, body)).map(|body| {
        let content = body["content"].as_object().unwrap();
        assert_eq!(content.len(), 1, "{path}");
        let (media, content) = content.iter().next().unwrap();
        let max_lines = content["x-max-lines"].as_u64().map(|most| most as usize);
        Body { media, required: body["required"] == true, schema: &content["schema"], max_lines }
    });
    let (answers, errors): (Vec<_>, Vec<_>) = operation["responses"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(status, answer)| {
            let content = resolve(document, answer)["content"].as_object();
            let media = content
                .into_iter()
                .flat_map(|content| content.keys())
                .map(String::as_str)
                .collect();
            let schema = content
                .and_then(|content| content.values().next())
                .map(|content| &content["schema"]);
            Answer { status, media, schema }
        })
        .partition(|answer: &Answer<'_>| answer.status.starts_with('2'));
    let in_path = |name: &&str| path.contains(&format!("{{{name}}}"));
    // In the order of the template, which can differ from that of the list.
    let first =
        path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name);
    let success = answers.iter().find_map(Answer::json);
    let unwrap = success.and_then(|schema| resolve(document, schema)["x-unwrap"].as_str());
    let (fields, envelopes) = marks::fields(document, operation, body.as_ref());
    Described {
        id: operation["operationId"].as_str().unwrap(),
        method: method.to_uppercase(),
        path,
        above_base: above_base(document, item),
        class: operation["x-operation-class"].as_str().unwrap(),
        takes_key: method == "post"
            && has_keys(document)
            && operation["x-no-idempotency-key"] != true,
        own_credential: operation["x-own-credential"].as_str(),
        parameters: parameters(document, path, item, operation),
        body,
        subject: operation["x-subject"].as_str().or(first).filter(in_path),
        unwrap: unwrap.map(|name| format!("/{name}")).unwrap_or_default(),
        pages: marks::pages(document, operation, success),
        not_paged: operation["x-not-paged"].as_str(),
        answers,
        errors,
        fields,
        envelopes,
        methods: marks::methods(document, operation),
    }
}

fn parameters<'a>(
    document: &'a Value,
    path: &str,
    item: &'a Value,
    operation: &'a Value,
) -> Vec<Parameter<'a>> {
    let lists = [&item["parameters"], &operation["parameters"]];
    let all =
        lists.into_iter().filter_map(Value::as_array).flatten().map(|it| resolve(document, it));
    let setter = |name: &str| match operation["x-setters"][name].as_str() {
        Some(renamed) => renamed.to_owned(),
        None => marks::snake(name),
    };
    let mut parameters = Vec::new();
    for parameter in all.filter(|parameter| !is_dropped(parameter)) {
        let schema = resolve(document, &parameter["schema"]);
        if parameter["style"] == "matrix" {
            let filters = schema["properties"].as_object().unwrap().iter();
            parameters.extend(filters.map(|(name, schema)| Parameter {
                name,
                place: "matrix",
                required: false,
                schema: resolve(document, schema),
                comma_of: None,
                setter: setter(name),
            }));
            continue;
        }
        let name = parameter["name"].as_str().unwrap();
        let comma_of = parameter["x-comma-of"].as_str();
        parameters.push(Parameter {
            name,
            place: parameter["in"].as_str().unwrap(),
            required: parameter["required"] == true,
            schema,
            comma_of: comma_of
                .map(|of| of.strip_prefix('#').map_or(schema, |at| document.pointer(at).unwrap())),
            setter: setter(name),
        });
    }
    // Only parameters of the path have a position in it.
    parameters.sort_by_key(|parameter| {
        path.find(&format!("{{{}}}", parameter.name)).unwrap_or(usize::MAX)
    });
    parameters
}

/// A path with a server of its own on the same host may be above the base of the others.
fn above_base(document: &Value, item: &Value) -> usize {
    let url = |value: &Value| {
        value["servers"][0]["url"].as_str().map(|url| url.trim_end_matches('/').to_owned())
    };
    match (url(document), url(item)) {
        (Some(base), Some(own)) => {
            base.strip_prefix(&own).map_or(0, |rest| rest.matches('/').count())
        }
        _ => 0,
    }
}

/// Whether the vendor has idempotency keys that the client generates.
fn has_keys(document: &Value) -> bool {
    document["x-client-headers"].as_array().unwrap().iter().any(|name| name == "Idempotency-Key")
}

fn is_dropped(value: &Value) -> bool {
    value["x-provenance"] == "unconfirmed" && !cfg!(feature = "unconfirmed")
}

pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().map_or(value, |reference| document.pointer(&reference[1..]).unwrap())
}
