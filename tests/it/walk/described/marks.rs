//! The marks of the surface: resources, verbs, arguments, setters, pages, and how a
//! decision is shown.

use serde_json::{Map, Value};

use super::{Body, is_dropped, resolve};

/// One method of a resource.
pub struct Method<'a> {
    pub resource: &'a str,
    pub verb: &'a str,
    pub is_variant: bool,
    /// Fields of the body that are arguments; the empty pointer stands for the whole
    /// body.
    pub positional: Vec<&'a str>,
    /// Fields of the body with a constant value.
    pub constants: Vec<(&'a str, &'a Value)>,
    pub shown_by: Option<&'a str>,
    pub not_shown: Option<&'a str>,
    /// Its effect: facet, and a constant or a pointer into the body.
    pub wanted: Vec<(&'a str, &'a str)>,
}

/// A field of a body that has a setter.
pub struct Field<'a> {
    pub pointer: String,
    pub setter: String,
    /// Whether its envelope requires it.
    pub required: bool,
    pub schema: &'a Value,
}

/// An object of a body whose fields have setters in its place.
pub struct Envelope {
    pub pointer: String,
    /// Whether the object around it requires it.
    pub required: bool,
}

/// How a list is walked.
pub struct Pages<'a> {
    marks: Map<String, Value>,
    /// The schema of the response.
    pub schema: &'a Value,
}

impl Pages<'_> {
    pub fn text(&self, mark: &str) -> Option<&str> {
        self.marks.get(mark)?.as_str()
    }

    pub fn number(&self, mark: &str) -> Option<u64> {
        self.marks.get(mark)?.as_u64()
    }

    pub fn style(&self) -> &str {
        self.text("style").unwrap_or_default()
    }

    /// A mark that holds one pointer or several.
    pub fn pointers(&self, mark: &str) -> Vec<&str> {
        self.marks.get(mark).map(pointers).unwrap_or_default()
    }

    /// The sort parameter, the filter parameter, the name of the time.
    pub fn keyset(&self) -> Option<(&str, &str, &str)> {
        let keyset = self.marks.get("keyset")?;
        Some((keyset["sort"].as_str()?, keyset["filter"].as_str()?, keyset["by"].as_str()?))
    }
}

fn pointers(value: &Value) -> Vec<&str> {
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    value.as_str().into_iter().chain(many).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The operation's own method, then those of its variants.
pub fn methods<'a>(document: &'a Value, operation: &'a Value) -> Vec<Method<'a>> {
    let tags = document["tags"].as_array().unwrap();
    let tag = tags.iter().find(|tag| tag["name"] == operation["tags"][0]).unwrap();
    let pairs = |value: &'a Value| value.as_object().into_iter().flatten();
    let wanted = |of: &'a Value| {
        pairs(&of["x-wanted"]).map(|(facet, it)| (facet.as_str(), it.as_str().unwrap()))
    };
    let constants =
        |of: &'a Value| pairs(&of["x-set"]).map(|(pointer, value)| (pointer.as_str(), value));
    let base = Method {
        resource: tag["x-resource-name"].as_str().unwrap(),
        verb: operation["x-name"].as_str().unwrap(),
        is_variant: false,
        positional: texts(&operation["x-positional"]),
        constants: constants(operation).collect(),
        shown_by: operation["x-shown-by"].as_str(),
        not_shown: operation["x-not-shown"].as_str(),
        wanted: wanted(operation).collect(),
    };
    let variants = pairs(&operation["x-variants"]).map(|(verb, marks)| {
        let constants: Vec<_> = base.constants.iter().copied().chain(constants(marks)).collect();
        let is_free = |pointer: &&str| !constants.iter().any(|(known, _)| known == pointer);
        let positional = match marks.get("x-positional") {
            Some(own) => texts(own),
            None => base.positional.iter().copied().filter(is_free).collect(),
        };
        let not_shown = marks["x-not-shown"].as_str();
        let shown_by =
            marks["x-shown-by"].as_str().or(base.shown_by).filter(|_| not_shown.is_none());
        let wanted = if marks.get("x-wanted").is_some() {
            wanted(marks).collect()
        } else {
            base.wanted.clone()
        };
        let not_shown = not_shown.or(base.not_shown);
        Method {
            verb,
            is_variant: true,
            positional,
            constants,
            shown_by,
            not_shown,
            wanted,
            ..base
        }
    });
    let variants: Vec<_> = variants.collect();
    std::iter::once(base).chain(variants).collect()
}

/// The fields of a body, taken out of the envelopes that `x-flat` names.
pub fn fields<'a>(
    document: &'a Value,
    operation: &'a Value,
    body: Option<&Body<'a>>,
) -> (Vec<Field<'a>>, Vec<Envelope>) {
    let flat = texts(operation.get("x-flat").unwrap_or(&document["x-flat"]));
    let has_fields = |body: &&Body<'_>| {
        matches!(body.media, "application/json" | "application/x-www-form-urlencoded")
    };
    let (mut fields, mut envelopes) = (Vec::new(), Vec::new());
    let mut left: Vec<(String, &Value)> =
        body.filter(has_fields).map(|body| (String::new(), body.schema)).into_iter().collect();
    while let Some((at, schema)) = left.pop() {
        for (name, property, required) in properties(document, schema) {
            let pointer = format!("{at}/{name}");
            if flat.contains(&pointer.as_str()) {
                envelopes.push(Envelope { pointer: pointer.clone(), required });
                left.push((pointer, property));
            } else if property["x-read-only"] != true && !is_dropped(property) {
                let renamed = operation["x-setters"][&pointer].as_str().map(str::to_owned);
                let own_name = property["x-rust-name"].as_str().unwrap_or(name);
                let setter = renamed.unwrap_or_else(|| snake(own_name));
                fields.push(Field { pointer, setter, required, schema: property });
            }
        }
    }
    (fields, envelopes)
}

/// The schema behind a reference, also behind a nullable one.
pub fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolve(document, schema);
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) if schema.get("properties").is_none() => follow(document, only),
        _ => schema,
    }
}

/// Name, schema and whether it is required, of each property, including those of composed
/// objects.
pub fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
    let schema = follow(document, schema);
    let required = texts(&schema["required"]);
    let own = schema["properties"].as_object().into_iter().flatten();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    own.map(|(name, property)| (name.as_str(), property, required.contains(&name.as_str())))
        .chain(parts.flat_map(|part| properties(document, part)))
        .collect()
}

/// The schema at a pointer.
pub fn at<'a>(document: &'a Value, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(follow(document, schema), |schema, name| {
        let mut all = properties(document, schema).into_iter();
        all.find(|(known, ..)| *known == name).map(|(_, property, _)| follow(document, property))
    })
}

/// The page marks of the operation, which override those that the spec states for all
/// lists.
pub fn pages<'a>(
    document: &'a Value,
    operation: &'a Value,
    success: Option<&'a Value>,
) -> Option<Pages<'a>> {
    let schema = success.filter(|_| operation.get("x-not-paged").is_none())?;
    let of_all = document["x-pages"].as_object().cloned().unwrap_or_default();
    let marks = match operation["x-pages"].as_object() {
        Some(own) if own.contains_key("style") => own.clone(),
        Some(own) => of_all.into_iter().chain(own.clone()).collect(),
        None => {
            let is_list = |pointer: &&str| {
                at(document, schema, pointer).is_some_and(|it| it["type"] == "array")
            };
            pointers(of_all.get("items")?).iter().any(is_list).then_some(of_all)?
        }
    };
    Some(Pages { marks, schema })
}

/// The name of a setter: `filter[createdAt]` -> `filter_created_at`.
pub fn snake(name: &str) -> String {
    const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn \
        else enum extern false final fn for if impl in let loop macro match mod move mut override \
        priv pub ref return self static struct super trait true try type typeof unsafe unsized use \
        virtual where while yield";
    let letters: Vec<char> = name.chars().collect();
    let (mut snake, mut was_lower) = (String::new(), false);
    for (index, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            if !snake.is_empty() && !snake.ends_with('_') {
                snake.push('_');
            }
            was_lower = false;
            continue;
        }
        let is_upper = letter.is_ascii_uppercase();
        let before = index.checked_sub(1).map(|before| letters[before]);
        let ends_upper = before
            .is_some_and(|before| before.is_ascii_uppercase() || before.is_ascii_digit())
            && letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if is_upper && (was_lower || ends_upper) && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        was_lower = if letter.is_ascii_digit() { was_lower } else { !is_upper };
        snake.push(letter.to_ascii_lowercase());
    }
    let snake = snake.trim_end_matches('_').to_owned();
    if KEYWORDS.split_whitespace().any(|known| known == snake) {
        format!("{snake}_")
    } else {
        snake
    }
}

#[test]
fn a_name_is_written_as_a_method_is() {
    for (name, setter) in [
        ("filter[created-at]", "filter_created_at"),
        ("filter[createdAt]", "filter_created_at"),
        ("userIPAddress", "user_ip_address"),
        ("type", "type_"),
        ("line1", "line1"),
    ] {
        assert_eq!(snake(name), setter);
    }
}
