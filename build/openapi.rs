//! The document type that progenitor reads, made from a spec.
//!
//! By hand, because serde's code for all of OpenAPI is two fifths of what a user's build
//! script would compile. A field that is not known here is an error. With the feature
//! `sandbox`, which every test has, serde reads the same spec, and progenitor must make
//! the same of both.

use openapiv3::{
    AdditionalProperties, ArrayType, BooleanType, Components, HeaderStyle, Info, IntegerType,
    MediaType, NumberType, ObjectType, OpenAPI, Operation, Parameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, QueryStyle, ReferenceOr, RequestBody, Response,
    Schema, SchemaData, SchemaKind, StatusCode, StringType, Type,
};
use serde_json::Value;

use super::schema::{flag, text, texts};

/// Reads a spec.
pub fn read(document: &Value) -> Result<OpenAPI, String> {
    let mut read = OpenAPI {
        openapi: text(document, "openapi").to_owned(),
        info: info(document.get("info").unwrap_or(&Value::Null)),
        ..OpenAPI::default()
    };
    for (path, item) in members(document, "paths") {
        let item = path_item(item).map_err(|what| format!("{path}: {what}"))?;
        read.paths.paths.insert(path.clone(), ReferenceOr::Item(item));
    }
    let mut components = Components::default();
    let all = document.get("components").unwrap_or(&Value::Null);
    for (name, value) in members(all, "schemas") {
        let value = or_reference(value, schema).map_err(|what| format!("{name}: {what}"))?;
        components.schemas.insert(name.clone(), value);
    }
    for (name, value) in members(all, "parameters") {
        components.parameters.insert(name.clone(), or_reference(value, parameter)?);
    }
    for (name, value) in members(all, "responses") {
        components.responses.insert(name.clone(), or_reference(value, response)?);
    }
    read.components = Some(components);
    Ok(read)
}

fn info(info: &Value) -> Info {
    Info {
        title: text(info, "title").to_owned(),
        description: optional(info, "description"),
        version: text(info, "version").to_owned(),
        ..Info::default()
    }
}

fn path_item(item: &Value) -> Result<PathItem, String> {
    let method = |name: &str| item.get(name).map(operation).transpose();
    Ok(PathItem {
        get: method("get")?,
        put: method("put")?,
        post: method("post")?,
        patch: method("patch")?,
        delete: method("delete")?,
        parameters: parameters(item)?,
        ..PathItem::default()
    })
}

fn operation(operation: &Value) -> Result<Operation, String> {
    let mut read = Operation {
        tags: texts(operation.get("tags")).into_iter().map(str::to_owned).collect(),
        summary: optional(operation, "summary"),
        description: optional(operation, "description"),
        operation_id: optional(operation, "operationId"),
        parameters: parameters(operation)?,
        ..Operation::default()
    };
    if let Some(body) = operation.get("requestBody") {
        read.request_body = Some(or_reference(body, request_body)?);
    }
    for (code, value) in members(operation, "responses") {
        let code = match code.strip_suffix("XX") {
            Some(hundreds) => hundreds.parse().map(StatusCode::Range),
            None => code.parse().map(StatusCode::Code),
        };
        let code = code.map_err(|_| "unknown status code")?;
        read.responses.responses.insert(code, or_reference(value, response)?);
    }
    Ok(read)
}

fn parameters(around: &Value) -> Result<Vec<ReferenceOr<Parameter>>, String> {
    let list = around.get("parameters").and_then(Value::as_array);
    list.into_iter().flatten().map(|value| or_reference(value, parameter)).collect()
}

fn parameter(parameter: &Value) -> Result<Parameter, String> {
    let schema = parameter.get("schema").ok_or("a parameter has no schema")?;
    let parameter_data = ParameterData {
        name: text(parameter, "name").to_owned(),
        description: optional(parameter, "description"),
        required: flag(parameter, "required"),
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(or_reference(schema, self::schema)?),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    };
    match text(parameter, "in") {
        "path" => Ok(Parameter::Path { parameter_data, style: PathStyle::default() }),
        "header" => Ok(Parameter::Header { parameter_data, style: HeaderStyle::default() }),
        "query" => Ok(Parameter::Query {
            parameter_data,
            allow_reserved: false,
            style: QueryStyle::default(),
            allow_empty_value: None,
        }),
        other => Err(format!("unknown place of a parameter: `{other}`")),
    }
}

fn request_body(body: &Value) -> Result<RequestBody, String> {
    let mut read = RequestBody {
        description: optional(body, "description"),
        required: flag(body, "required"),
        ..RequestBody::default()
    };
    for (media, value) in members(body, "content") {
        read.content.insert(media.clone(), media_type(value)?);
    }
    Ok(read)
}

fn response(response: &Value) -> Result<Response, String> {
    let mut read =
        Response { description: text(response, "description").to_owned(), ..Response::default() };
    for (media, value) in members(response, "content") {
        read.content.insert(media.clone(), media_type(value)?);
    }
    Ok(read)
}

fn media_type(media: &Value) -> Result<MediaType, String> {
    let schema = media.get("schema").map(|value| or_reference(value, schema)).transpose()?;
    Ok(MediaType { schema, ..MediaType::default() })
}

fn schema(schema: &Value) -> Result<Schema, String> {
    const KNOWN: [&str; 9] = [
        "type",
        "format",
        "enum",
        "items",
        "properties",
        "required",
        "additionalProperties",
        "allOf",
        "nullable",
    ];
    let mut schema_data = SchemaData {
        nullable: flag(schema, "nullable"),
        description: optional(schema, "description"),
        ..SchemaData::default()
    };
    for (name, value) in schema.as_object().into_iter().flatten() {
        if name.starts_with("x-") {
            schema_data.extensions.insert(name.clone(), value.clone());
        } else if !KNOWN.contains(&name.as_str()) && name != "description" {
            return Err(format!("unknown field of a schema: `{name}`"));
        }
    }
    Ok(Schema { schema_data, schema_kind: kind(schema)? })
}

fn kind(schema: &Value) -> Result<SchemaKind, String> {
    let list = |name: &str| schema.get(name).and_then(Value::as_array).into_iter().flatten();
    Ok(SchemaKind::Type(match (text(schema, "type"), schema.get("allOf")) {
        ("", Some(_)) => {
            let all_of = list("allOf").map(|part| or_reference(part, self::schema));
            return Ok(SchemaKind::AllOf { all_of: all_of.collect::<Result<_, _>>()? });
        }
        ("", None) => return Ok(SchemaKind::Any(Default::default())),
        (_, Some(_)) => return Err("a schema has `type` and `allOf`".to_owned()),
        ("string", _) => Type::String(StringType {
            format: optional(schema, "format").into(),
            enumeration: list("enum").map(|value| value.as_str().map(str::to_owned)).collect(),
            ..StringType::default()
        }),
        ("integer", _) => Type::Integer(IntegerType {
            format: optional(schema, "format").into(),
            ..IntegerType::default()
        }),
        ("number", _) => Type::Number(NumberType {
            format: optional(schema, "format").into(),
            ..NumberType::default()
        }),
        ("boolean", _) => Type::Boolean(BooleanType::default()),
        ("array", _) => Type::Array(ArrayType {
            items: schema.get("items").map(boxed).transpose()?,
            min_items: None,
            max_items: None,
            unique_items: false,
        }),
        ("object", _) => Type::Object(object(schema)?),
        (other, _) => return Err(format!("unknown type of a schema: `{other}`")),
    }))
}

fn object(schema: &Value) -> Result<ObjectType, String> {
    let mut read = ObjectType {
        required: texts(schema.get("required")).into_iter().map(str::to_owned).collect(),
        ..ObjectType::default()
    };
    for (name, value) in members(schema, "properties") {
        read.properties.insert(name.clone(), boxed(value)?);
    }
    read.additional_properties = match schema.get("additionalProperties") {
        None => None,
        Some(Value::Bool(any)) => Some(AdditionalProperties::Any(*any)),
        Some(value) => {
            Some(AdditionalProperties::Schema(Box::new(or_reference(value, self::schema)?)))
        }
    };
    Ok(read)
}

fn boxed(value: &Value) -> Result<ReferenceOr<Box<Schema>>, String> {
    or_reference(value, |value| schema(value).map(Box::new))
}

fn or_reference<T>(
    value: &Value,
    read: impl Fn(&Value) -> Result<T, String>,
) -> Result<ReferenceOr<T>, String> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => Ok(ReferenceOr::Reference { reference: reference.to_owned() }),
        None => read(value).map(ReferenceOr::Item),
    }
}

fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn optional(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}
