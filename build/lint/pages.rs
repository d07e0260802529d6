//! Rules for lists: `x-pages`, or `x-not-paged` with the reason why not.

use serde_json::{Map, Value};

use super::read::{self, text, texts};
use super::surface::Marked;
use super::{Lint, step};

/// Each style with its required fields, and with its optional ones.
const STYLES: [(&str, &[&str], &[&str]); 5] = [
    ("link", &["next"], &["size"]),
    ("cursor", &["next", "cursor"], &["size"]),
    ("offset", &["offset"], &["size", "max-offset"]),
    ("page", &["page"], &["size", "first"]),
    ("whole", &[], &[]),
];
/// The fields that any style may have; `items` is required.
const SHARED: [&str; 6] = ["style", "items", "id", "more", "total", "keyset"];
/// Where a list in a response needs a mark.
const LISTS: [&str; 7] = ["", "/data", "/items", "/list", "/list/items", "/events", "/keys"];

impl<'a> Lint<'a> {
    /// The default of a spec must be complete by itself.
    pub(super) fn root_pages(&mut self) {
        let Some(pages) = self.document.get("x-pages") else { return };
        match pages.as_object() {
            Some(pages) => self.pages_form(pages, "/x-pages"),
            None => self.report("/x-pages", "pages", "x-pages must be an object"),
        }
    }

    pub(super) fn pages(&mut self, operation: &Marked<'a>) {
        let place = step(&operation.pointer, "x-pages");
        let own = operation.value.get("x-pages");
        if let Some(why) = operation.value.get("x-not-paged") {
            if own.is_some() || why.as_str().unwrap_or_default().is_empty() {
                let detail = "x-not-paged must be a reason, without x-pages";
                self.report(&step(&operation.pointer, "x-not-paged"), "not-paged", detail);
            }
            return;
        }
        if own.is_some_and(|own| !own.is_object()) {
            return self.report(&place, "pages", "x-pages must be an object");
        }
        let Some(pages) = read::pages(self.document, operation.value) else {
            let has_list = |place: &&str| self.list_at(operation.response?, place);
            let found = LISTS.iter().find(|place| has_list(place).is_some());
            if let Some(found) = found {
                let detail = format!("the list at `{found}` must have x-pages or x-not-paged");
                self.report(&operation.pointer, "list", detail);
            }
            return;
        };
        if own.is_some() {
            self.pages_form(&pages, &place);
        }
        self.page_parameters(operation, &pages, &place);
        self.page_places(operation, &pages, &place);
    }

    fn pages_form(&mut self, pages: &Map<String, Value>, place: &str) {
        let name = pages.get("style").and_then(Value::as_str).unwrap_or_default();
        let Some((_, needed, allowed)) = STYLES.iter().find(|(style, ..)| *style == name) else {
            return self.report(place, "pages", format!("unknown style `{name}`"));
        };
        for name in needed.iter().chain(&["items"]).filter(|name| !pages.contains_key(**name)) {
            self.report(place, "pages", format!("`{name}` is missing"));
        }
        for (name, value) in pages {
            let known = || SHARED.iter().chain(*needed).chain(*allowed);
            if !known().any(|known| known == name) {
                self.report(place, "pages", format!("`{name}` is unknown in this style"));
            }
            let list = value.as_array();
            let list = list.filter(|all| !all.is_empty());
            let is_texts = list.is_some_and(|all| all.iter().all(Value::is_string));
            let is_well_formed = match name.as_str() {
                "items" | "next" | "more" => value.is_string() || is_texts,
                "max-offset" | "first" => value.is_u64(),
                "keyset" => value.as_object().is_some_and(|keyset| {
                    let names = ["sort", "by", "filter"];
                    keyset.len() == 3 && names.iter().all(|name| keyset.contains_key(*name))
                }),
                _ => value.is_string(),
            };
            if !is_well_formed {
                self.report(place, "pages", format!("invalid `{name}`: {value}"));
            }
        }
    }

    /// Everything that the walk sets in the next request must be a parameter of the
    /// operation. A list that follows links may lack the size parameter.
    fn page_parameters(&mut self, operation: &Marked<'a>, pages: &Map<String, Value>, place: &str) {
        let style = pages.get("style").and_then(Value::as_str).unwrap_or_default();
        let keyset = pages.get("keyset").and_then(Value::as_object);
        let of_pages = ["cursor", "offset", "page", "size"].map(|name| (name, pages.get(name)));
        let of_keyset = ["sort", "filter"].map(|name| (name, keyset.and_then(|all| all.get(name))));
        for (name, parameter) in of_pages.into_iter().chain(of_keyset) {
            let Some(parameter) = parameter.and_then(Value::as_str) else { continue };
            if style == "link" && name == "size" {
                continue;
            }
            if operation.parameter(parameter).is_none() {
                let detail = format!("{name}: the operation has no parameter `{parameter}`");
                self.report(place, "pages-parameter", detail);
            }
        }
    }

    fn page_places(&mut self, operation: &Marked<'a>, pages: &Map<String, Value>, place: &str) {
        let Some(response) = operation.response else {
            return self.report(place, "pages-items", "a list must have a JSON response");
        };
        for name in ["next", "more"] {
            let all = texts(pages.get(name));
            if !all.is_empty() && !all.iter().any(|at| self.at(response, at).is_some()) {
                let detail = format!("{name}: the response has no field at {all:?}");
                self.report(place, "pages-response", detail);
            }
        }
        let total = pages.get("total").and_then(Value::as_str).unwrap_or_default();
        let is_there = match total.strip_prefix("header:") {
            Some(header) => !header.is_empty(),
            None => total.is_empty() || self.at(response, total).is_some(),
        };
        if !is_there {
            let detail =
                format!("invalid total `{total}`: must be `header:` and a name, or a field");
            self.report(place, "pages-response", detail);
        }
        let places = texts(pages.get("items"));
        let Some(list) = places.iter().find_map(|place| self.list_at(response, place)) else {
            let detail = format!("items: the response has no list at {places:?}");
            return self.report(place, "pages-items", detail);
        };
        let item = list.get("items").unwrap_or(&Value::Null);
        let scalars = ["string", "integer", "number", "boolean"];
        if scalars.contains(&text(self.follow(item), "type")) {
            if pages.get("id").is_some_and(|id| id != "") {
                self.report(place, "pages-id", "the id of scalar items must be `''` or absent");
            }
            return;
        }
        if item.get("$ref").is_none() && item.pointer("/allOf/0/$ref").is_none() {
            let detail = "an item must be a reference to a component, or a scalar";
            return self.report(place, "pages-item", detail);
        }
        let kinds = self.kinds(item);
        let id = pages.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_whole = pages.get("style") == Some(&"whole".into());
        // An explicit empty id means the whole item.
        let is_said = pages.get("id").is_some();
        if (id.is_empty() && !is_whole && !is_said) || (!id.is_empty() && !self.has_all(&kinds, id))
        {
            let detail = format!("id: an item has no field at `{id}` that identifies it");
            self.report(place, "pages-id", detail);
        }
        let by = pages.get("keyset").map(|keyset| text(keyset, "by"));
        if let Some(by) = by
            && !self.has_all(&kinds, &format!("/{by}"))
        {
            self.report(place, "pages-item", format!("keyset: an item has no field `{by}`"));
        }
    }

    fn has_all(&self, kinds: &[&'a Value], at: &str) -> bool {
        kinds.iter().all(|kind| self.at(kind, at).is_some())
    }
}
