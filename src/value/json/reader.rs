//! A reader of JSON text that builds no tree.

mod text;

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Number, Value};

use super::Misfit;

/// The deepest nesting that is read, as in serde_json.
const MOST_DEEP: u32 = 128;
/// What may always be kept in memory, in bytes; above it, a multiple of the text counts.
const LEAST_BUDGET: usize = 16 << 20;
const BUDGET_FACTOR: usize = 6;

/// Why reading stopped.
#[derive(Debug)]
pub enum Stop {
    /// The value was read to its end, and is not what was expected.
    Misfit(Misfit),
    /// The text cannot be read on.
    Broken(Broken),
}

/// Why a text cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is not JSON.
    Syntax,
    /// It ends too early.
    Truncated,
    /// An object has two fields of one name; which of them counts would be a guess.
    Doubled,
    /// It is nested too deeply.
    TooDeep,
    /// Its values would take too much memory.
    TooLarge,
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "the body is not JSON",
            Self::Truncated => "the body is truncated",
            Self::Doubled => "the body has a duplicate key",
            Self::TooDeep => "the body is nested too deeply",
            Self::TooLarge => "the body holds more values than its size allows",
        })
    }
}

/// What an object has in the place of its kind.
enum Found<'a> {
    Text(Cow<'a, str>),
    Nothing,
    Other,
}

/// A place in a JSON text.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// How many bytes values may still take in memory.
    budget: usize,
    /// The names that were met in each open object, as far as no bit set holds them.
    names: Vec<Cow<'a, str>>,
    /// Optional fields that did not fit and read as absent.
    pub(super) misfits: Vec<Misfit>,
}

impl<'a> Reader<'a> {
    /// Adds the field around what was noted since.
    pub(super) fn within_field(&mut self, noted: usize, name: &'static str) {
        for misfit in self.misfits.get_mut(noted..).unwrap_or_default() {
            misfit.add(name);
        }
    }

    /// Adds the item around what was noted since.
    pub(super) fn within_item(&mut self, noted: usize, index: usize) {
        for misfit in self.misfits.get_mut(noted..).unwrap_or_default() {
            misfit.add_item(index);
        }
    }

    /// Starts at the beginning of a text.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Broken> {
        let text = std::str::from_utf8(bytes).map_err(|_| Broken::Syntax)?;
        Ok(Self {
            text,
            at: 0,
            depth: 0,
            budget: LEAST_BUDGET.max(bytes.len().saturating_mul(BUDGET_FACTOR)),
            names: Vec::new(),
            misfits: Vec::new(),
        })
    }

    /// Where the reader is, in bytes.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Whether the whole text is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text since a place.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The line, counted from one, and how many characters of it were read.
    pub(crate) fn line_and_column(&self) -> (usize, usize) {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        (line.saturating_add(1), column)
    }

    /// Counts what a value takes in memory.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), Broken> {
        self.budget = self.budget.checked_sub(bytes).ok_or(Broken::TooLarge)?;
        Ok(())
    }

    /// The first byte of the next value, or of what is in its place.
    pub(crate) fn peek(&mut self) -> Result<u8, Broken> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for (skipped, byte) in rest.iter().enumerate() {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                self.at = self.at.saturating_add(skipped);
                return Ok(*byte);
            }
        }
        self.at = self.text.len();
        Err(Broken::Truncated)
    }

    /// Requires that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        if self.peek().is_ok() { Err(Broken::Syntax) } else { Ok(()) }
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.peek()? != byte {
            return Err(Broken::Syntax);
        }
        self.step();
        Ok(())
    }

    /// Enters an object or a list.
    pub(crate) fn enter(&mut self) -> Result<(), Broken> {
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth >= MOST_DEEP { Err(Broken::TooDeep) } else { Ok(()) }
    }

    /// Whether another item follows in a list that was entered.
    pub(crate) fn item(&mut self, is_first: bool) -> Result<bool, Broken> {
        self.goes_on(is_first, b']')
    }

    fn goes_on(&mut self, is_first: bool, end: u8) -> Result<bool, Broken> {
        match self.peek()? {
            byte if byte == end => {
                self.step();
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            _ if is_first => Ok(true),
            b',' => {
                self.step();
                // A comma before the end is no JSON.
                if self.peek()? == end { Err(Broken::Syntax) } else { Ok(true) }
            }
            _ => Err(Broken::Syntax),
        }
    }

    /// The name of the next field of an object that was entered.
    pub(crate) fn name(&mut self, is_first: bool) -> Result<Option<Cow<'a, str>>, Broken> {
        if !self.goes_on(is_first, b'}')? {
            return Ok(None);
        }
        if self.peek()? != b'"' {
            return Err(Broken::Syntax);
        }
        let name = self.string()?;
        self.expect(b':')?;
        Ok(Some(name))
    }

    /// Where the names of an object begin that is about to be read.
    pub(crate) fn mark(&self) -> usize {
        self.names.len()
    }

    /// Remembers a name of the object.
    pub(crate) fn met(&mut self, name: Cow<'a, str>) {
        self.names.push(name);
    }

    /// Forgets the names of an object, of which none may be there twice.
    pub(crate) fn leave(&mut self, mark: usize) -> Result<(), Broken> {
        /// Up to this number, comparing each with each is faster than sorting.
        const FEW: usize = 8;
        let names = self.names.get_mut(mark..).unwrap_or_default();
        let is_doubled = if names.len() <= FEW {
            let mut rest = &*names;
            let mut found = false;
            while let Some((name, others)) = rest.split_first() {
                found |= others.contains(name);
                rest = others;
            }
            found
        } else {
            names.sort_unstable();
            names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
        };
        self.names.truncate(mark);
        if is_doubled { Err(Broken::Doubled) } else { Ok(()) }
    }

    /// Reads a value to its end and keeps nothing.
    pub(crate) fn skip(&mut self) -> Result<(), Broken> {
        match self.peek()? {
            b'{' => {
                self.enter()?;
                let mark = self.mark();
                let mut is_first = true;
                while let Some(name) = self.name(is_first)? {
                    is_first = false;
                    self.met(name);
                    self.skip()?;
                }
                self.leave(mark)
            }
            b'[' => {
                self.enter()?;
                let mut is_first = true;
                while self.item(is_first)? {
                    is_first = false;
                    self.skip()?;
                }
                Ok(())
            }
            b'"' => self.string().map(drop),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            _ => self.literal().map(drop),
        }
    }

    /// Reads a value that is not what was expected to its end.
    pub(crate) fn misfit(&mut self, what: &'static str) -> Stop {
        match self.skip() {
            Ok(()) => Stop::Misfit(Misfit::new(what)),
            Err(broken) => Stop::Broken(broken),
        }
    }

    /// Reads `true`, `false`, or `null` as `None`.
    pub(crate) fn literal(&mut self) -> Result<Option<bool>, Broken> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for (word, value) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
            if rest.starts_with(word.as_bytes()) {
                self.at = self.at.saturating_add(word.len());
                return Ok(value);
            }
            if !rest.is_empty() && word.as_bytes().starts_with(rest) {
                self.at = self.text.len();
                return Err(Broken::Truncated);
            }
        }
        Err(Broken::Syntax)
    }

    /// Reads a number as its text.
    pub(crate) fn number(&mut self) -> Result<&'a str, Broken> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied();
        let digits = |mut at: usize| {
            while byte(at).is_some_and(|byte| byte.is_ascii_digit()) {
                at = at.saturating_add(1);
            }
            at
        };
        let mut at = start;
        if byte(at) == Some(b'-') {
            at = at.saturating_add(1);
        }
        let mut parts = [digits(at), 0, 0];
        // No digit in front of others is a zero.
        let is_padded = byte(at) == Some(b'0') && parts[0] > at.saturating_add(1);
        let mut is_number = parts[0] > at && !is_padded;
        at = parts[0];
        if byte(at) == Some(b'.') {
            let first = at.saturating_add(1);
            parts[1] = digits(first);
            is_number &= parts[1] > first;
            at = parts[1];
        }
        if matches!(byte(at), Some(b'e' | b'E')) {
            let mut first = at.saturating_add(1);
            if matches!(byte(first), Some(b'+' | b'-')) {
                first = first.saturating_add(1);
            }
            parts[2] = digits(first);
            is_number &= parts[2] > first;
            at = parts[2];
        }
        self.at = at;
        match is_number {
            true => Ok(self.since(start)),
            false if at >= bytes.len() && !is_padded => Err(Broken::Truncated),
            false => Err(Broken::Syntax),
        }
    }

    /// Reads a value of any form.
    pub(crate) fn value(&mut self) -> Result<Value, Broken> {
        self.charge(size_of::<Value>())?;
        Ok(match self.peek()? {
            b'{' => {
                self.enter()?;
                let mut members = Map::new();
                let mut is_first = true;
                while let Some(name) = self.name(is_first)? {
                    is_first = false;
                    // An entry of a map takes about this much beside its value.
                    self.charge(name.len().saturating_add(2 * size_of::<String>()))?;
                    let value = self.value()?;
                    if members.insert(name.into_owned(), value).is_some() {
                        return Err(Broken::Doubled);
                    }
                }
                Value::Object(members)
            }
            b'[' => {
                self.enter()?;
                let mut items = Vec::new();
                while self.item(items.is_empty())? {
                    items.push(self.value()?);
                }
                Value::Array(items)
            }
            b'"' => {
                let text = self.string()?;
                self.charge(text.len())?;
                Value::String(text.into_owned())
            }
            b'-' | b'0'..=b'9' => {
                let number: Result<Number, _> = self.number()?.parse();
                Value::Number(number.map_err(|_| Broken::Syntax)?)
            }
            _ => self.literal()?.map_or(Value::Null, Value::Bool),
        })
    }

    /// Looks ahead for the kind of the object that comes next, and stays before it;
    /// `None` if it states no kind. A value that does not fit is read to its end.
    pub(crate) fn kind(
        &mut self,
        discriminator: &'static str,
    ) -> Result<Option<Cow<'a, str>>, Stop> {
        if self.peek()? != b'{' {
            return Err(self.misfit("not an object"));
        }
        let (start, depth, mark) = (self.at, self.depth, self.mark());
        let found = self.look_for(discriminator)?;
        (self.at, self.depth) = (start, depth);
        self.names.truncate(mark);
        match found {
            Found::Text(kind) => Ok(Some(kind)),
            Found::Nothing => Ok(None),
            Found::Other => {
                self.skip()?;
                Err(Stop::Misfit(Misfit::new("not a string").at(discriminator)))
            }
        }
    }

    fn look_for(&mut self, discriminator: &str) -> Result<Found<'a>, Broken> {
        self.enter()?;
        let mut is_first = true;
        while let Some(name) = self.name(is_first)? {
            is_first = false;
            if name == discriminator {
                return Ok(match self.peek()? {
                    b'"' => Found::Text(self.string()?),
                    b'n' => Found::Nothing,
                    _ => Found::Other,
                });
            }
            self.skip()?;
        }
        Ok(Found::Nothing)
    }
}
