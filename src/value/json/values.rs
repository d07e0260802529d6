//! JSON of scalars, lists and maps, and of optional, clearable and personal values.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::{Broken, Json, Reader, Stop};
use crate::value::{CalendarDate, Patch, Personal, Timestamp};

impl<T: Json> Json for Option<T> {
    fn blank() -> Self {
        None
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.peek()? == b'n' {
            reader.literal()?;
            *self = T::from_null();
            return Ok(());
        }
        match T::read(reader) {
            Ok(value) => {
                *self = Some(value);
                Ok(())
            }
            Err(stop) => Err(stop),
        }
    }

    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.get_or_insert_with(T::blank).entry(name, reader)
    }

    fn to_json(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_json)
    }

    fn keys(&self) -> Option<usize> {
        self.as_ref().and_then(T::keys)
    }
}

impl<T: Json> Json for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.charge(size_of::<T>())?;
        T::fill(self, reader)
    }

    fn to_json(&self) -> Option<Value> {
        T::to_json(self)
    }
}

impl<T: Json> Json for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.peek()? != b'[' {
            return Err(reader.misfit("not a list"));
        }
        reader.enter()?;
        let (mut index, mut problem) = (0_usize, None);
        while reader.item(index == 0)? {
            reader.charge(size_of::<T>())?;
            let noted = reader.misfits.len();
            match T::read(reader) {
                Ok(item) => self.push(item),
                Err(Stop::Misfit(what)) => drop(problem.get_or_insert(what.at_item(index))),
                Err(stop) => return Err(stop),
            }
            reader.within_item(noted, index);
            index = index.saturating_add(1);
        }
        match problem {
            None => Ok(()),
            Some(problem) => Err(Stop::Misfit(problem)),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.iter().map(|item| item.to_json().unwrap_or_default()).collect())
    }

    fn refusal(&self) -> Option<&'static str> {
        self.iter().find_map(T::refusal)
    }
}

/// Reads a map, field by field.
fn fill_map<T: Json>(map: &mut T, reader: &mut Reader<'_>) -> Result<(), Stop> {
    if reader.peek()? != b'{' {
        return Err(reader.misfit("not an object"));
    }
    reader.enter()?;
    let (mut is_first, mut problem) = (true, None);
    while let Some(name) = reader.name(is_first)? {
        is_first = false;
        match map.entry(&name, reader) {
            Err(Stop::Misfit(what)) => drop(problem.get_or_insert(what)),
            read => read?,
        }
    }
    problem.map_or(Ok(()), |problem| Err(Stop::Misfit(problem)))
}

/// What an entry of a map takes in memory beside its value.
fn charge_entry(name: &str, reader: &mut Reader<'_>) -> Result<(), Broken> {
    reader.charge(name.len().saturating_add(2 * size_of::<String>()))
}

/// Refuses an entry that is there twice.
fn once(is_doubled: bool) -> Result<(), Stop> {
    if is_doubled { Err(Broken::Doubled.into()) } else { Ok(()) }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        fill_map(self, reader)
    }

    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        charge_entry(name, reader)?;
        reader.charge(size_of::<T>())?;
        let value = T::read(reader)?;
        once(self.insert(name.to_owned(), value).is_some())
    }

    fn to_json(&self) -> Option<Value> {
        Some(
            self.iter()
                .map(|(name, value)| (name.clone(), value.to_json().unwrap_or_default()))
                .collect(),
        )
    }

    fn keys(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T: Json> Json for Personal<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.expose_mut().fill(reader)
    }

    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.expose_mut().entry(name, reader)
    }

    fn to_json(&self) -> Option<Value> {
        self.expose().to_json()
    }
}

impl<T: Json> Json for Patch<T> {
    fn blank() -> Self {
        Self::Null
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.peek()? == b'n' {
            reader.literal()?;
            *self = Self::Null;
            return Ok(());
        }
        *self = Self::Value(T::read(reader)?);
        Ok(())
    }

    fn from_null() -> Option<Self> {
        Some(Self::Null)
    }

    fn to_json(&self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::Value(value) => value.to_json(),
        }
    }

    fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Value(value) => value.refusal(),
            Self::Null => None,
        }
    }
}

impl Json for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        *self = reader.value()?;
        Ok(())
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl Json for Map<String, Value> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        fill_map(self, reader)
    }

    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        charge_entry(name, reader)?;
        let value = reader.value()?;
        once(self.insert(name.to_owned(), value).is_some())
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.clone()))
    }
}

/// Implements `Json` for scalars: how each begins and is read, the error text, how it is
/// written.
macro_rules! scalars {
    ($( $type:ty, $blank:expr, $first:pat, $reader:ident => $read:expr, $what:literal;
        $self:ident => $write:expr; )*) => { $(
        impl Json for $type {
            fn blank() -> Self {
                $blank
            }

            fn fill(&mut self, $reader: &mut Reader<'_>) -> Result<(), Stop> {
                if !matches!($reader.peek()?, $first) {
                    return Err($reader.misfit($what));
                }
                match $read {
                    Some(value) => {
                        *self = value;
                        Ok(())
                    }
                    None => Err(Stop::Misfit(super::Misfit::new($what))),
                }
            }

            fn to_json(&self) -> Option<Value> {
                let $self = self;
                Some($write)
            }
        }
    )* };
}

scalars! {
    String, Self::new(), b'"', reader => owned(reader)?, "not a string";
        it => Value::String(it.clone());
    i64, 0, b'-' | b'0'..=b'9', reader => integer(reader.number()?), "not a 64-bit integer";
        it => Value::from(*it);
    f64, 0.0, b'-' | b'0'..=b'9', reader => float(reader.number()?), "not a number";
        it => Number::from_f64(*it).map_or(Value::Null, Value::Number);
    bool, false, b't' | b'f', reader => reader.literal()?, "not a boolean";
        it => Value::Bool(*it);
    Timestamp, Self::blank(), b'"', reader => Some(Self::read(&reader.string()?)), "not a time";
        it => Value::from(it.as_str());
    CalendarDate, Self::blank(), b'"', reader => Some(Self::read(&reader.string()?)), "not a date";
        it => Value::from(it.as_str());
}

fn owned(reader: &mut Reader<'_>) -> Result<Option<String>, Broken> {
    let text = reader.string()?;
    reader.charge(text.len())?;
    Ok(Some(text.into_owned()))
}

fn float(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Reads a whole number, also if it is written as `-0`, with an exponent or with a
/// fraction of zero.
fn integer(text: &str) -> Option<i64> {
    // Up to 2^53 every whole number has an `f64` of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    text.parse().ok().or_else(|| float(text).filter(whole).map(|number| number as i64))
}
