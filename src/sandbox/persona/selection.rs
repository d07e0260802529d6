//! `include` and `fields[TYPE]`, interpreted as the vendor does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::State;
use super::gate::{Call, Refusal};
use crate::persona::types::{InquiryInclude, InquirySessionInclude};
use crate::sandbox::respond::text;

/// The related resources and the fields that a request asks for.
#[derive(Default)]
pub(super) struct Selection {
    include: Vec<String>,
    fields: BTreeMap<String, Vec<String>>,
}

impl Selection {
    /// Parses the selection of a request whose response holds resources of this type.
    pub(super) fn read(call: &Call, kind: &str) -> Result<Self, Refusal> {
        let known =
            if kind == "inquiry" { InquiryInclude::KNOWN } else { InquirySessionInclude::KNOWN };
        let mut found = Self::default();
        for (name, value) in &call.query {
            let names =
                value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
            if name == "include" {
                found.include = names.collect();
            } else if let Some(of) =
                name.strip_prefix("fields[").and_then(|rest| rest.strip_suffix(']'))
            {
                found.fields.insert(of.to_owned(), names.collect());
            }
        }
        for name in &found.include {
            let mut steps = name.split('.');
            if !steps.next().is_some_and(|first| known.contains(&first)) || steps.count() > 1 {
                return Err(Refusal::bad_request(
                    "include must name relationships of the resource",
                ));
            }
        }
        Ok(found)
    }

    /// Returns the envelope of one resource.
    pub(super) fn document(&self, state: &State, id: &str) -> Value {
        let resource = state.resources.get(id);
        json!({
            "data": resource.map(|resource| self.cut(resource)),
            "included": self.included(state, resource)
        })
    }

    /// Returns the envelope of several resources.
    pub(super) fn documents(&self, state: &State, ids: &[String]) -> Value {
        let resources: Vec<&Value> = ids.iter().filter_map(|id| state.resources.get(id)).collect();
        let data: Vec<Value> = resources.iter().map(|resource| self.cut(resource)).collect();
        json!({ "data": data, "included": self.included(state, resources) })
    }

    fn included<'a>(&self, state: &State, of: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
        let mut found: BTreeMap<&str, Value> = BTreeMap::new();
        for resource in of {
            for name in &self.include {
                let first = name.split('.').next().unwrap_or_default();
                let data =
                    resource.get("relationships").and_then(|all| all.get(first)?.get("data"));
                let targets = data
                    .and_then(Value::as_array)
                    .map_or_else(|| data.into_iter().collect(), Vec::from_iter);
                for target in targets {
                    let target: &Value = target;
                    if let Some((id, resource)) = state.resources.get_key_value(text(target, "/id"))
                    {
                        found.insert(id, self.cut(resource));
                    }
                }
            }
        }
        found.into_values().collect()
    }

    /// Returns the resource with only the fields that its fieldset names. A parent type
    /// (`report`) covers its subtypes (`report/…`).
    fn cut(&self, resource: &Value) -> Value {
        let mut resource = resource.clone();
        let kind = text(&resource, "/type").to_owned();
        let parent = kind.split('/').next().unwrap_or_default();
        let Some(names) = self.fields.get(&kind).or_else(|| self.fields.get(parent)) else {
            return resource;
        };
        let kept: Vec<String> = names.iter().map(|name| kebab(name)).collect();
        let of_fields: Vec<&str> =
            names.iter().filter_map(|name| name.strip_prefix("fields.")).collect();
        if let Some(Value::Object(attributes)) = resource.get_mut("attributes") {
            let all_fields = kept.iter().any(|name| name == "fields");
            attributes.retain(|name, _| {
                kept.contains(name) || (name == "fields" && !of_fields.is_empty())
            });
            if let Some(Value::Object(fields)) =
                attributes.get_mut("fields").filter(|_| !all_fields)
            {
                fields.retain(|name, _| of_fields.contains(&name.as_str()));
            }
        }
        if let Some(Value::Object(resource)) = Some(&mut resource) {
            let has_any = resource
                .get_mut("relationships")
                .and_then(Value::as_object_mut)
                .is_some_and(|all| {
                    all.retain(|name, _| kept.contains(name));
                    !all.is_empty()
                });
            if !has_any {
                resource.remove("relationships");
            }
        }
        resource
    }
}

/// Converts an attribute name to kebab-case, because names are accepted in any case.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    kebab
}
