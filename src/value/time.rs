//! Points in time and calendar days: compared as time, written back as the vendor's text.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time.
///
/// Reads RFC 3339 with any offset (`2024-05-02T09:32:10.120-04:00`), and with
/// - a space instead of the `T`;
/// - an offset without colon (`2024-05-02 09:32:10+0000`);
/// - no offset, which means UTC (`2024-07-09 05:11:41`, `2023-10-11 06:08:58.546`).
///
/// Other text in a response is kept, and [`instant`](Self::instant) is then `None`.
///
/// Two timestamps are equal if they are the same instant or, if neither has one, the same
/// text.
///
/// ```
/// use kyc_review::Timestamp;
///
/// let a: Timestamp = "2024-05-02 09:32:10+0000".parse().unwrap();
/// let b: Timestamp = "2024-05-02T11:32:10+02:00".parse().unwrap();
/// assert_eq!(a, b);
/// assert_eq!(serde_json::to_string(&a).unwrap(), "\"2024-05-02 09:32:10+0000\"");
/// ```
#[derive(Clone)]
pub struct Timestamp {
    text: Box<str>,
    instant: Option<DateTime<Utc>>,
}

impl Timestamp {
    /// Returns the text as the vendor wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the instant, or `None` if the text is not a time in a known form.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.instant
    }

    pub(crate) fn blank() -> Self {
        Self { text: Box::default(), instant: None }
    }

    pub(crate) fn read(text: &str) -> Self {
        Self { instant: parse_instant(text), text: text.into() }
    }
}

const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"];
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let with_offset =
        WITH_OFFSET.iter().find_map(|style| DateTime::parse_from_str(text, style).ok());
    let without =
        || WITHOUT_OFFSET.iter().find_map(|style| NaiveDateTime::parse_from_str(text, style).ok());
    with_offset.map(|time| time.to_utc()).or_else(|| without().map(|time| time.and_utc()))
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        let text = instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        Self { text: text.into(), instant: Some(instant) }
    }
}

/// Text that is not a valid time or date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTime;

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid date or time: expected YYYY-MM-DD for a date, RFC 3339 for a time")
    }
}

impl std::error::Error for InvalidTime {}

impl FromStr for Timestamp {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = Self::read(text);
        if read.instant.is_some() { Ok(read) } else { Err(InvalidTime) }
    }
}

impl TryFrom<&str> for Timestamp {
    type Error = InvalidTime;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        match (self.instant, other.instant) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.text == other.text,
            _ => false,
        }
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.instant {
            Some(instant) => instant.hash(state),
            None => self.text.hash(state),
        }
    }
}

impl PartialOrd for Timestamp {
    /// Compares the instants; `None` if either is unknown, unless the texts are equal.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.instant, other.instant) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ if self == other => Some(Ordering::Equal),
            _ => None,
        }
    }
}

/// A calendar day, `2024-05-02`. Other text in a response is kept, and [`day`](Self::day)
/// is then `None`.
///
/// ```
/// use kyc_review::CalendarDate;
///
/// let odd: CalendarDate = serde_json::from_str("\"1988-00-00\"").unwrap();
/// assert_eq!((odd.as_str(), odd.day()), ("1988-00-00", None));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CalendarDate {
    text: Box<str>,
    day: Option<NaiveDate>,
}

impl CalendarDate {
    /// Returns the text as the vendor wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the day, or `None` if the text is not a complete date.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    pub(crate) fn blank() -> Self {
        Self { text: Box::default(), day: None }
    }

    pub(crate) fn read(text: &str) -> Self {
        Self { day: NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(), text: text.into() }
    }
}

impl From<NaiveDate> for CalendarDate {
    fn from(day: NaiveDate) -> Self {
        Self { text: day.to_string().into(), day: Some(day) }
    }
}

impl FromStr for CalendarDate {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = Self::read(text);
        if read.day.is_some() { Ok(read) } else { Err(InvalidTime) }
    }
}

impl TryFrom<&str> for CalendarDate {
    type Error = InvalidTime;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::read(&text))
    }
}

impl fmt::Debug for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for CalendarDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for CalendarDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::read(&text))
    }
}
