//! The traits by which a caller passes an id, a value or a list. Each names the types
//! that it accepts, so that the compiler can list them.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::json::Json;
use super::{CalendarDate, InvalidId, Patch, Personal, Timestamp};

/// A token that only this crate can name, so that only this crate can implement the
/// traits.
#[derive(Debug)]
pub struct Sealed(());

pub(crate) const SEAL: Sealed = Sealed(());

/// An id type of a vendor.
pub trait IdType: Sized + Clone {
    /// Checks a text and converts it.
    fn parse(text: &str) -> Result<Self, InvalidId>;
    /// Returns the text as sent.
    fn text(&self) -> &str;
}

/// An open enum of a vendor.
pub trait TextEnum: Json + Clone {
    /// Converts any text.
    fn of(text: &str) -> Self;
}

/// An argument for an id of type `T`: the id, a reference to it, its text, or a UUID.
///
/// An invalid id fails the request before any I/O.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given as an id of type `{T}`",
    label = "expected `{T}`, a reference to one, `&str`, `String` or `Uuid`",
    note = "an id of another type is not accepted; pass its text with `id.as_str()`"
)]
pub trait IntoId<T> {
    #[doc(hidden)]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId>;
}

impl<T: IdType> IntoId<T> for T {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        Ok(self)
    }
}

impl<T: IdType> IntoId<T> for &T {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        Ok(self.clone())
    }
}

impl<T: IdType> IntoId<T> for &str {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(self)
    }
}

impl<T: IdType> IntoId<T> for &&str {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(self)
    }
}

impl<T: IdType> IntoId<T> for String {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(&self)
    }
}

impl<T: IdType> IntoId<T> for &String {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(self)
    }
}

impl<T: IdType> IntoId<T> for Cow<'_, str> {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(&self)
    }
}

impl<T: IdType> IntoId<T> for Box<str> {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(&self)
    }
}

impl<T: IdType> IntoId<T> for Uuid {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(&self.to_string())
    }
}

impl<T: IdType> IntoId<T> for &Uuid {
    #[inline]
    fn into_id(self, _: Sealed) -> Result<T, InvalidId> {
        T::parse(&self.to_string())
    }
}

/// An argument for a value of type `T`: the value itself, and
/// - for an enum, a string or personal text: `&str` or `String`;
/// - for a time or date: text, or chrono's type;
/// - for a field that can be cleared: the value, or `Patch::Null`.
///
/// Text that is invalid for the type fails the request before any I/O.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given as a value of type `{T}`",
    label = "expected `{T}`, or for an enum, a time or personal text `&str` or `String`"
)]
pub trait IntoValue<T> {
    #[doc(hidden)]
    fn into_value(self, _: Sealed) -> Result<T, &'static str>;
}

impl<T: Json> IntoValue<T> for T {
    #[inline]
    fn into_value(self, _: Sealed) -> Result<T, &'static str> {
        match self.refusal() {
            None => Ok(self),
            Some(why) => Err(why),
        }
    }
}

impl<T: TextEnum> IntoValue<T> for &T {
    #[inline]
    fn into_value(self, seal: Sealed) -> Result<T, &'static str> {
        self.clone().into_value(seal)
    }
}

impl<T: TextEnum> IntoValue<T> for &str {
    #[inline]
    fn into_value(self, seal: Sealed) -> Result<T, &'static str> {
        T::of(self).into_value(seal)
    }
}

impl<T: TextEnum> IntoValue<T> for String {
    #[inline]
    fn into_value(self, seal: Sealed) -> Result<T, &'static str> {
        self.as_str().into_value(seal)
    }
}

impl<T: TextEnum> IntoValue<T> for &String {
    #[inline]
    fn into_value(self, seal: Sealed) -> Result<T, &'static str> {
        self.as_str().into_value(seal)
    }
}

/// Implements `IntoValue`: the given type, the type it becomes, and the conversion.
macro_rules! given {
    ($( $given:ty => $taken:ty, $value:ident => $made:expr; )*) => { $(
        impl IntoValue<$taken> for $given {
            #[inline]
            fn into_value(self, _: Sealed) -> Result<$taken, &'static str> {
                let $value = self;
                $made
            }
        }
    )* };
}

given! {
    &str => String, text => Ok(text.to_owned());
    &&str => String, text => Ok((*text).to_owned());
    &String => String, text => Ok(text.clone());
    Cow<'_, str> => String, text => Ok(text.into_owned());
    Uuid => String, id => Ok(id.to_string());
    i32 => String, number => Ok(number.to_string());
    u32 => String, number => Ok(number.to_string());
    u64 => String, number => Ok(number.to_string());
    &str => Personal<String>, text => Ok(text.into());
    &String => Personal<String>, text => Ok(text.as_str().into());
    String => Personal<String>, text => Ok(text.into());
    &Personal<String> => Personal<String>, text => Ok(text.clone());
    &str => Patch<String>, text => Ok(text.into());
    String => Patch<String>, text => Ok(Patch::Value(text));
    &str => Patch<Personal<String>>, text => Ok(text.into());
    String => Patch<Personal<String>>, text => Ok(Patch::Value(text.into()));
    Personal<String> => Patch<Personal<String>>, text => Ok(Patch::Value(text));
    bool => Patch<bool>, flag => Ok(Patch::Value(flag));
    bool => Personal<bool>, flag => Ok(Personal::new(flag));
    i64 => Patch<i64>, number => Ok(Patch::Value(number));
    i32 => Patch<i64>, number => Ok(Patch::Value(number.into()));
    i32 => i64, number => Ok(number.into());
    u32 => i64, number => Ok(number.into());
    u64 => i64, number => i64::try_from(number).map_err(|_| "must fit in an `i64`");
    usize => i64, number => i64::try_from(number).map_err(|_| "must fit in an `i64`");
    i32 => f64, number => Ok(number.into());
    u32 => f64, number => Ok(number.into());
    f32 => f64, number => Ok(number.into());
    i64 => Personal<i64>, number => Ok(Personal::new(number));
    i32 => Personal<i64>, number => Ok(Personal::new(number.into()));
    f64 => Personal<f64>, number => Ok(Personal::new(number));
    i32 => Personal<f64>, number => Ok(Personal::new(number.into()));
    &str => Timestamp, text => text.parse().map_err(|_| NO_TIME);
    String => Timestamp, text => text.parse().map_err(|_| NO_TIME);
    &Timestamp => Timestamp, time => Ok(time.clone());
    DateTime<Utc> => Timestamp, time => Ok(time.into());
    &str => CalendarDate, text => text.parse().map_err(|_| NO_DATE);
    String => CalendarDate, text => text.parse().map_err(|_| NO_DATE);
    &CalendarDate => CalendarDate, date => Ok(date.clone());
    NaiveDate => CalendarDate, date => Ok(date.into());
    Timestamp => Personal<Timestamp>, time => Ok(Personal::new(time));
    CalendarDate => Personal<CalendarDate>, date => Ok(Personal::new(date));
    &str => Personal<CalendarDate>, text => text.parse().map(Personal::new).map_err(|_| NO_DATE);
    NaiveDate => Personal<CalendarDate>, date => Ok(Personal::new(date.into()));
    &str => Personal<Timestamp>, text => text.parse().map(Personal::new).map_err(|_| NO_TIME);
    CalendarDate => Patch<CalendarDate>, date => Ok(Patch::Value(date));
    CalendarDate => Patch<Personal<CalendarDate>>, date => Ok(Patch::Value(Personal::new(date)));
    Timestamp => Patch<Timestamp>, time => Ok(Patch::Value(time));
    serde_json::Value => Personal<serde_json::Value>, value => Ok(Personal::new(value));
    serde_json::Map<String, serde_json::Value> =>
        Personal<serde_json::Map<String, serde_json::Value>>,
        members => Ok(Personal::new(members));
}

impl<T: TextEnum> IntoValue<Patch<T>> for T {
    #[inline]
    fn into_value(self, seal: Sealed) -> Result<Patch<T>, &'static str> {
        Patch::Value(self).into_value(seal)
    }
}

/// An id in a body field that the spec declares as text.
impl<T: IdType> IntoValue<String> for &T {
    #[inline]
    fn into_value(self, _: Sealed) -> Result<String, &'static str> {
        Ok(self.text().to_owned())
    }
}

const NO_TIME: &str = "must be an RFC 3339 time";
const NO_DATE: &str = "must be a date (YYYY-MM-DD)";

/// An item of a comma-separated list.
pub trait ListItem: Sized {
    /// Converts text to an item.
    fn item(text: &str) -> Self;
    /// Returns the item as text.
    fn written(&self) -> String;
}

impl<T: TextEnum + std::fmt::Display> ListItem for T {
    fn item(text: &str) -> Self {
        T::of(text)
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

impl ListItem for String {
    fn item(text: &str) -> Self {
        text.to_owned()
    }

    fn written(&self) -> String {
        self.clone()
    }
}

/// An argument for a list of `T`: one item, or an array, slice or `Vec` of items, each as
/// a value or as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given as a list of `{T}`",
    label = "expected `{T}` or `&str`, or an array, slice or `Vec` of these"
)]
pub trait IntoList<T> {
    #[doc(hidden)]
    fn into_list(self, _: Sealed) -> Vec<T>;
}

impl<T: ListItem> IntoList<T> for T {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        vec![self]
    }
}

impl<T: ListItem + Clone> IntoList<T> for &T {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        vec![self.clone()]
    }
}

impl<T: ListItem> IntoList<T> for &str {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        vec![T::item(self)]
    }
}

impl<T: TextEnum + std::fmt::Display> IntoList<T> for String {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        vec![T::item(&self)]
    }
}

impl<T: ListItem, V: IntoList<T>, const N: usize> IntoList<T> for [V; N] {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        self.into_iter().flat_map(|item| item.into_list(SEAL)).collect()
    }
}

impl<T: ListItem, V: IntoList<T>> IntoList<T> for Vec<V> {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        self.into_iter().flat_map(|item| item.into_list(SEAL)).collect()
    }
}

impl<T: ListItem, V: IntoList<T> + Clone> IntoList<T> for &[V] {
    #[inline]
    fn into_list(self, _: Sealed) -> Vec<T> {
        self.iter().cloned().flat_map(|item| item.into_list(SEAL)).collect()
    }
}
