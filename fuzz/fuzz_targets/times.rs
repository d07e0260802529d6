//! Checks that times and days keep their text, that equality, hash and order agree, and
//! that what was read can be written and read again.
//!
//! Input: one text per line.

#![no_main]

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

use chrono::DateTime;
use kyc_review::{CalendarDate, Timestamp};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &str| {
    let texts: Vec<&str> = input.split('\n').take(4).collect();
    let times: Vec<Timestamp> = texts.iter().map(|text| time(text)).collect();
    let hashes = RandomState::new();
    for a in &times {
        for b in &times {
            let order = a.partial_cmp(b);
            assert_eq!(order, b.partial_cmp(a).map(Ordering::reverse));
            assert_eq!(order == Some(Ordering::Equal), a == b);
            assert!(a != b || hashes.hash_one(a) == hashes.hash_one(b));
            assert!(order.is_some() || a.instant().is_none() || b.instant().is_none());
        }
    }
    for text in texts {
        day(text);
        instant(text);
    }
});

fn time(text: &str) -> Timestamp {
    let value = Value::from(text);
    let time: Timestamp = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(time.as_str(), text);
    assert_eq!(serde_json::to_value(&time).unwrap(), value);
    assert_eq!(text.parse::<Timestamp>().ok(), time.instant().map(|_| time.clone()));
    if let Some(instant) = time.instant() {
        assert_eq!(Timestamp::from(instant), time);
        again(&Timestamp::from(instant));
    }
    time
}

/// Checks that the crate reads what it writes as the same value.
fn again(time: &Timestamp) {
    let read: Timestamp = time.as_str().parse().unwrap();
    assert_eq!(&read, time, "{time}");
}

fn instant(text: &str) {
    if let Some(instant) =
        text.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 999_999_999))
    {
        again(&Timestamp::from(instant));
    }
}

fn day(text: &str) {
    let value = Value::from(text);
    let date: CalendarDate = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(date.as_str(), text);
    assert_eq!(serde_json::to_value(&date).unwrap(), value);
    assert_eq!(text.parse::<CalendarDate>().ok(), date.day().map(|_| date.clone()));
    if let Some(day) = date.day() {
        let written = CalendarDate::from(day);
        let read: CalendarDate = written.as_str().parse().unwrap();
        assert_eq!((read.day(), &read), (Some(day), &written));
    }
}
