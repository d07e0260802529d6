//! What a document says of its operations, read here a second time: nothing of the build is used.

use serde_json::Value;

/// One operation of a document.
pub struct Described<'a> {
    pub id: &'a str,
    pub method: String,
    pub path: &'a str,
    /// How many segments of the base the path does not stand under.
    pub above_base: usize,
    pub class: &'a str,
    /// An idempotency key goes out, and may be relied on.
    pub takes_key: bool,
    pub parameters: Vec<Parameter<'a>>,
    pub body: Option<Body<'a>>,
    /// The parameter that names what the call is about.
    pub subject: Option<&'a str>,
    /// Status, media types and schema of each success.
    pub answers: Vec<Answer<'a>>,
    pub errors: Vec<Answer<'a>>,
}

pub struct Parameter<'a> {
    pub name: &'a str,
    pub place: &'a str,
    pub required: bool,
    pub schema: &'a Value,
}

pub struct Body<'a> {
    pub media: &'a str,
    pub required: bool,
    pub schema: &'a Value,
}

pub struct Answer<'a> {
    /// As the document has it: `200`, `4XX`.
    pub status: &'a str,
    pub media: Vec<&'a str>,
    pub schema: Option<&'a Value>,
}

impl<'a> Answer<'a> {
    /// The schema of a JSON answer. Bytes may bear the media type of JSON as well: a customer's file.
    pub fn json(&self) -> Option<&'a Value> {
        self.schema.filter(|schema| self.media == ["application/json"] && schema["format"] != "binary")
    }

    /// Those that a server may send.
    pub fn statuses(&self) -> Vec<u16> {
        match self.status {
            "2XX" => vec![200],
            "4XX" => vec![400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 429],
            "5XX" => vec![500, 501, 502, 503, 504],
            status => vec![status.parse().unwrap()],
        }
    }
}

/// The operations of a document, and the ids of those that are written by hand.
pub fn operations(document: &Value) -> (Vec<Described<'_>>, Vec<&str>) {
    let (mut operations, mut handwritten) = (Vec::new(), Vec::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            if is_dropped(operation) {
                continue;
            }
            if operation.get("x-handwritten").is_some() {
                handwritten.push(id);
            } else {
                operations.push(describe(document, path, item, method, operation));
            }
        }
    }
    (operations, handwritten)
}

fn describe<'a>(
    document: &'a Value,
    path: &'a str,
    item: &'a Value,
    method: &str,
    operation: &'a Value,
) -> Described<'a> {
    let lists = [&item["parameters"], &operation["parameters"]];
    let parameters = lists.into_iter().filter_map(Value::as_array).flatten().map(|it| resolve(document, it));
    let parameters: Vec<_> = parameters
        .filter(|parameter| !is_dropped(parameter))
        .map(|parameter| Parameter {
            name: parameter["name"].as_str().unwrap(),
            place: parameter["in"].as_str().unwrap(),
            required: parameter["required"] == true,
            schema: resolve(document, &parameter["schema"]),
        })
        .collect();
    let body = operation.get("requestBody").map(|body| resolve(document, body)).map(|body| {
        let content = body["content"].as_object().unwrap();
        assert_eq!(content.len(), 1, "{path}");
        let (media, content) = content.iter().next().unwrap();
        Body { media, required: body["required"] == true, schema: &content["schema"] }
    });
    let (answers, errors) = operation["responses"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(status, answer)| {
            let content = resolve(document, answer)["content"].as_object();
            let media = content.into_iter().flat_map(|content| content.keys()).map(String::as_str).collect();
            let schema = content.and_then(|content| content.values().next()).map(|content| &content["schema"]);
            Answer { status, media, schema }
        })
        .partition(|answer: &Answer<'_>| answer.status.starts_with('2'));
    let in_path = |name: &&str| path.contains(&format!("{{{name}}}"));
    // In the order of the template, which need not be that of the list.
    let first = path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name);
    Described {
        id: operation["operationId"].as_str().unwrap(),
        method: method.to_uppercase(),
        path,
        above_base: above_base(document, item),
        class: operation["x-operation-class"].as_str().unwrap(),
        takes_key: method == "post" && has_keys(document) && operation["x-no-idempotency-key"] != true,
        parameters,
        body,
        subject: operation["x-subject"].as_str().or(first).filter(in_path),
        answers,
        errors,
    }
}

/// Where a path has a server of its own on the same host, it may stand above the base of the others.
fn above_base(document: &Value, item: &Value) -> usize {
    let url = |value: &Value| value["servers"][0]["url"].as_str().map(|url| url.trim_end_matches('/').to_owned());
    match (url(document), url(item)) {
        (Some(base), Some(own)) => base.strip_prefix(&own).map_or(0, |rest| rest.matches('/').count()),
        _ => 0,
    }
}

/// Whether the vendor has idempotency keys that the client makes itself.
fn has_keys(document: &Value) -> bool {
    document["x-client-headers"].as_array().unwrap().iter().any(|name| name == "Idempotency-Key")
}

fn is_dropped(value: &Value) -> bool {
    value["x-provenance"] == "unconfirmed" && !cfg!(feature = "unconfirmed")
}

pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().map_or(value, |reference| document.pointer(&reference[1..]).unwrap())
}
