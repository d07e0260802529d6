//! What stands around a value: the way to it by a JSON pointer, and what a page has
//! beside its items.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Misfit;
use super::object::Slot;
use super::reader::{Broken, Reader, Stop};

/// A page whose items are not read yet.
#[derive(Default)]
pub(crate) struct Envelope {
    /// What the body has at the wanted pointers. Lists of items are empty here; other
    /// values are, where they hold others.
    pub(crate) value: Value,
    /// Where the items of each list are, in bytes.
    lists: Vec<(&'static str, Vec<Range<usize>>)>,
}

impl Envelope {
    /// Takes the places of the items of a list.
    pub(crate) fn take(&mut self, pointer: &str) -> Vec<Range<usize>> {
        let list = self.lists.iter_mut().find(|(known, _)| *known == pointer);
        list.map(|(_, items)| std::mem::take(items)).unwrap_or_default()
    }
}

/// Reads what a page has at the pointers, without its items.
pub(crate) fn envelope(
    body: &[u8],
    lists: &[&'static str],
    wanted: &[&'static str],
) -> Result<Envelope, String> {
    let mut reader = Reader::new(body).map_err(|broken| broken.to_string())?;
    let mut found = Envelope::default();
    let mut at = String::new();
    let read = reader.around(&mut at, lists, wanted, &mut found.lists);
    match read.and_then(|value| reader.end().map(|()| value)) {
        Ok(value) => Ok(Envelope { value, ..found }),
        Err(broken) => Err(reader.note(broken)),
    }
}

/// Returns whether a body is an object of these fields alone, one of the marks among
/// them. Stops at the first other field.
pub(crate) fn consists_of(body: &[u8], fields: &[&str], marks: &[&str]) -> bool {
    let Ok(mut reader) = Reader::new(body) else { return false };
    let mut is_marked = false;
    let mut is_made_of = || {
        if reader.peek()? != b'{' {
            return Ok(false);
        }
        reader.enter()?;
        let mut is_first = true;
        while let Some(name) = reader.name(is_first)? {
            is_first = false;
            if !fields.contains(&&*name) {
                return Ok(false);
            }
            reader.peek()?;
            let start = reader.at();
            reader.skip()?;
            let is_nothing = matches!(reader.since(start), "null" | "[]" | "{}" | "\"\"");
            is_marked |= marks.contains(&&*name) && !is_nothing;
        }
        reader.end()?;
        Ok::<_, Broken>(true)
    };
    is_made_of().unwrap_or(false) && is_marked
}

impl Reader<'_> {
    /// Says why a body cannot be read, and where.
    pub(super) fn note(&self, broken: Broken) -> String {
        if self.is_empty() {
            return "the body is empty (line 1, column 0)".to_owned();
        }
        let (line, mut column) = self.line_and_column();
        if broken == Broken::Syntax {
            // The character that is not JSON counts too.
            column = column.saturating_add(1);
        }
        format!("{broken} (line {line}, column {column})")
    }

    /// Fills a slot with the value at a pointer, and returns whether there is one.
    pub(super) fn fill_at(&mut self, at: &str, slot: &mut dyn Slot) -> Result<bool, Stop> {
        let Some(at) = at.strip_prefix('/') else {
            return self.fill_or_empty(slot).map(|()| true);
        };
        let (step, rest) = at.find('/').map_or((at, ""), |place| at.split_at(place));
        if self.peek()? != b'{' {
            return Err(self.misfit("not an object"));
        }
        self.enter()?;
        let mark = self.mark();
        let (mut is_first, mut is_found) = (true, false);
        let mut problem: Option<Misfit> = None;
        while let Some(name) = self.name(is_first)? {
            is_first = false;
            let is_it = name == step;
            self.met(name);
            if !is_it {
                self.skip()?;
                continue;
            }
            match self.fill_at(rest, slot) {
                Ok(found) => is_found |= found,
                Err(Stop::Misfit(what)) => drop(problem.get_or_insert(what)),
                Err(broken) => return Err(broken),
            }
        }
        self.leave(mark)?;
        problem.map_or(Ok(is_found), |problem| Err(Stop::Misfit(problem)))
    }

    /// Some servers send an empty list as `null`.
    fn fill_or_empty(&mut self, slot: &mut dyn Slot) -> Result<(), Stop> {
        let is_null = self.peek()? == b'n';
        match slot.fill(self) {
            Err(Stop::Misfit(problem)) if is_null => {
                let mut empty = Reader::new(b"[]")?;
                slot.fill(&mut empty).map_err(|_| Stop::Misfit(problem))
            }
            filled => filled,
        }
    }

    /// Reads what leads to the pointers, and skips the rest.
    fn around(
        &mut self,
        at: &mut String,
        lists: &[&'static str],
        wanted: &[&'static str],
        found: &mut Vec<(&'static str, Vec<Range<usize>>)>,
    ) -> Result<Value, Broken> {
        let first = self.peek()?;
        if first == b'['
            && let Some(list) = lists.iter().find(|list| **list == at.as_str())
        {
            let items = self.items()?;
            found.push((list, items));
            return Ok(Value::Array(Vec::new()));
        }
        let leads_on = |pointer: &&&str| {
            pointer.strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        if first == b'{' && lists.iter().chain(wanted).any(|pointer| leads_on(&pointer)) {
            self.enter()?;
            let mut members = Map::new();
            let mut is_first = true;
            while let Some(name) = self.name(is_first)? {
                is_first = false;
                let length = at.len();
                at.push('/');
                at.push_str(&name);
                let value = self.around(at, lists, wanted, found)?;
                at.truncate(length);
                if members.insert(name.into_owned(), value).is_some() {
                    return Err(Broken::Doubled);
                }
            }
            return Ok(Value::Object(members));
        }
        match first {
            b'{' => self.skip().map(|()| Value::Object(Map::new())),
            b'[' => self.skip().map(|()| Value::Array(Vec::new())),
            _ => self.value(),
        }
    }

    /// Skips a list, and returns where its items are.
    fn items(&mut self) -> Result<Vec<Range<usize>>, Broken> {
        self.enter()?;
        let mut items = Vec::new();
        while self.item(items.is_empty())? {
            self.peek()?;
            let start = self.at();
            self.skip()?;
            self.charge(size_of::<Range<usize>>())?;
            items.push(start..self.at());
        }
        Ok(items)
    }
}
