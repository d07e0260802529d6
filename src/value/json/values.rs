//! JSON of scalars, lists and maps, and of optional, clearable and personal values.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::{Json, Problem, get};
use crate::value::{CalendarDate, Patch, Personal, Timestamp};

impl<T: Json> Json for Option<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        if value.is_null() {
            return Ok(T::from_null());
        }
        match T::from_json(value) {
            Ok(value) => Ok(Some(value)),
            Err(problem) => Err(problem),
        }
    }

    fn from_absent() -> Result<Self, Problem> {
        Ok(None)
    }

    fn to_json(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_json)
    }

    fn keys(&self) -> Option<usize> {
        self.as_ref().and_then(T::keys)
    }
}

impl<T: Json> Json for Box<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self::new(get!(T::from_json(value))))
    }

    fn to_json(&self) -> Option<Value> {
        T::to_json(self)
    }
}

impl<T: Json> Json for Vec<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(get!(T::from_json(item)));
                }
                Ok(list)
            }
            _ => Err(Problem::new("not a list")),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.iter().map(|item| item.to_json().unwrap_or_default()).collect())
    }

    fn refusal(&self) -> Option<&'static str> {
        self.iter().find_map(T::refusal)
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => {
                let mut map = Self::new();
                for (name, value) in members {
                    map.insert(name, get!(T::from_json(value)));
                }
                Ok(map)
            }
            _ => Err(Problem::new("not an object")),
        }
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
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self::new(get!(T::from_json(value))))
    }

    fn to_json(&self) -> Option<Value> {
        self.expose().to_json()
    }
}

impl<T: Json> Json for Patch<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        if value.is_null() { Ok(Self::Null) } else { Ok(Self::Value(get!(T::from_json(value)))) }
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
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(value)
    }

    fn to_json(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl Json for Map<String, Value> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => Ok(members),
            _ => Err(Problem::new("not an object")),
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.clone()))
    }
}

/// Implements `Json` for scalars: how each is read, the error text, how it is written.
macro_rules! scalars {
    ($( $type:ty, $value:ident => $read:expr, $what:literal; $self:ident => $write:expr; )*) => { $(
        impl Json for $type {
            fn from_json($value: Value) -> Result<Self, Problem> {
                $read.ok_or(Problem::new($what))
            }

            fn to_json(&self) -> Option<Value> {
                let $self = self;
                Some($write)
            }
        }
    )* };
}

scalars! {
    String, value => text(value), "not a string"; it => Value::String(it.clone());
    i64, value => integer(&value), "not a 64-bit integer"; it => Value::from(*it);
    f64, value => value.as_f64(), "not a number";
        it => Number::from_f64(*it).map_or(Value::Null, Value::Number);
    bool, value => value.as_bool(), "not a boolean"; it => Value::Bool(*it);
    Timestamp, value => serde_json::from_value(value).ok(), "not a time";
        it => serde_json::to_value(it).unwrap_or_default();
    CalendarDate, value => serde_json::from_value(value).ok(), "not a date";
        it => serde_json::to_value(it).unwrap_or_default();
}

/// Reads a whole number, also if it is written as `-0`, with an exponent or with a
/// fraction of zero.
fn integer(value: &Value) -> Option<i64> {
    // Up to 2^53 every whole number has an `f64` of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    value.as_i64().or_else(|| value.as_f64().filter(whole).map(|number| number as i64))
}

/// Reads a string.
pub(crate) fn string(value: Value) -> Result<String, Problem> {
    text(value).ok_or(Problem::new("not a string"))
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
