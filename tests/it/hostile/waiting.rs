//! Hints to wait, in each vendor's own header and unit; vendors that are down; for how
//! long a response may stop the client.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kyc_review::sandbox::ManualClock;
use kyc_review::{CallOptions, Clock, ErrorKind, RetryPolicy, Vendor};
use tokio::task::JoinSet;

use super::{ALL, Client, Setup, good};
use crate::support::wire::{Wire, answer, with_headers};

/// The client's reaction to a hint.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// Waits this many seconds.
    Waits(u64),
    /// Waits for a random time of its own.
    Draws,
    /// Gives up at once, with this many seconds in the error.
    GivesUp(u64),
}
use Then::{Draws, GivesUp, Waits};

/// ManualClock starts at 2026-01-01 00:00:00, which is 1767225600.
const COMMON: &[(&str, Then)] = &[
    ("", Draws),
    ("retry-after: 0", Waits(0)),
    ("retry-after: 5", Waits(5)),
    ("retry-after: 60", Waits(60)),
    ("retry-after: 61", GivesUp(61)),
    ("retry-after: 1000000000", GivesUp(1_000_000_000)),
    ("retry-after: 18446744073709551615", GivesUp(u64::MAX)),
    ("retry-after: 99999999999999999999999", Draws),
    ("retry-after: -1", Draws),
    ("retry-after: soon", Draws),
    ("retry-after: 5.5", Draws),
    ("retry-after: Thu, 01 Jan 2026 00:00:09 GMT", Waits(9)),
    ("retry-after: Thu, 01 Jan 1970 00:00:00 GMT", Waits(0)),
    ("retry-after: Fri, 31 Dec 9999 23:59:59 GMT", GivesUp(251_635_075_199)),
];

const PERSONA: &[(&str, Then)] = &[
    ("ratelimit-remaining: 0\r\nratelimit-reset: 5", Waits(5)),
    ("quota-remaining: 0\r\nquota-reset: 7", Waits(7)),
    ("quotalimit-remaining: 0\r\nquotalimit-reset: 8", Waits(8)),
    (
        "ratelimit-remaining: 0\r\nratelimit-reset: 5\r\nquota-remaining: 0\r\nquota-reset: 7",
        Waits(7),
    ),
    ("ratelimit-remaining: 3\r\nratelimit-reset: 5", Draws),
    ("ratelimit-remaining: 0\r\nratelimit-reset: 0", Waits(0)),
    ("ratelimit-remaining: 0\r\nratelimit-reset: 1000000000", GivesUp(1_000_000_000)),
    ("ratelimit-remaining: 0\r\nratelimit-reset: 18446744073709551615", GivesUp(u64::MAX)),
    ("ratelimit-remaining: 0\r\nratelimit-reset: -1", Draws),
    ("ratelimit-remaining: 0\r\nratelimit-reset: soon", Draws),
];

const REBILLY: &[(&str, Then)] = &[
    ("x-ratelimit-retry-after: 1767225605", Waits(5)),
    ("x-ratelimit-retry-after: 1767225600", Waits(0)),
    ("x-ratelimit-retry-after: 1767225599", Waits(0)),
    ("x-ratelimit-retry-after: 0", Waits(0)),
    ("x-ratelimit-retry-after: -1", Waits(0)),
    ("x-ratelimit-retry-after: -9223372036854775808", Waits(0)),
    (
        "x-ratelimit-retry-after: 9223372036854775807",
        GivesUp(9_223_372_036_854_775_807 - 1_767_225_600),
    ),
    ("x-ratelimit-retry-after: 9223372036854775808", Draws),
    ("x-ratelimit-retry-after: soon", Draws),
    ("x-ratelimit-retry-after: 1767225605\r\nretry-after: 9", Waits(5)),
];

async fn check(vendor: Vendor, status: u16, header: &'static str, then: Then) {
    let lines = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let wire = Wire::start(move |_| with_headers(status, &lines, "{}")).await;
    for is_decision in [false, true] {
        let clock = Arc::new(ManualClock::new());
        let retry = RetryPolicy::new().max_attempts(2);
        let setup = Setup {
            retry,
            limits: Some(Vec::new()),
            clock: Some(clock.clone()),
            ..Setup::at(wire.url())
        };
        let client = Client::build(vendor, &setup).unwrap();
        let error =
            if is_decision { client.decide("id_1").await } else { client.read("id_1").await }
                .unwrap_err();
        let what = format!("{vendor} {header:?} {is_decision}: {error}");
        assert_eq!(
            error.kind(),
            if status == 429 { ErrorKind::RateLimited } else { ErrorKind::Conflict },
            "{what}"
        );
        let waits = clock.waits();
        match then {
            Waits(seconds) => assert_eq!(waits, [Duration::from_secs(seconds)], "{what}"),
            Draws => assert!(
                waits.len() == 1 && waits[0] <= Duration::from_millis(500),
                "{what}: {waits:?}"
            ),
            GivesUp(seconds) => {
                assert_eq!((waits.len(), error.attempts()), (0, 1), "{what}");
                assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_vendors_hint_is_followed_in_its_own_unit_and_bounded() {
    for vendor in [Vendor::Beltic, Vendor::Persona, Vendor::Rebilly, Vendor::Sumsub] {
        for (header, then) in COMMON {
            check(vendor, 429, header, *then).await;
        }
    }
    for (header, then) in PERSONA {
        check(Vendor::Persona, 429, header, *then).await;
    }
    for (header, then) in REBILLY {
        check(Vendor::Rebilly, 429, header, *then).await;
    }
}

#[tokio::test]
async fn sumsubs_conflict_is_waited_for_only_on_its_own_word_and_provides_ban_never() {
    for (hint, waits, attempts) in [
        ("", 0, 1),
        ("retry-after: 5\r\n", 1, 2),
        ("retry-after: 1000000000\r\n", 0, 1),
        ("retry-after: x\r\n", 0, 1),
    ] {
        let wire = Wire::start(move |_| with_headers(409, hint, "{}")).await;
        let clock = Arc::new(ManualClock::new());
        let retry = RetryPolicy::new().max_attempts(2);
        let setup = Setup { retry, clock: Some(clock.clone()), ..Setup::at(wire.url()) };
        let error =
            Client::build(Vendor::Sumsub, &setup).unwrap().decide("id_1").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Conflict, attempts), "{hint}");
        assert_eq!(clock.waits().len(), waits, "{hint}");
        // No other vendor gives that hint on a conflict.
        for vendor in ALL.into_iter().filter(|vendor| *vendor != Vendor::Sumsub) {
            let error = Client::at(vendor, wire.url()).decide("id_1").await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Conflict, 1),
                "{vendor} {hint}"
            );
        }
    }
    for (header, _) in COMMON.iter().filter(|(header, _)| !header.is_empty()) {
        let wire = Wire::start(move |_| with_headers(429, &format!("{header}\r\n"), "{}")).await;
        let client = Client::at(Vendor::Provide, wire.url());
        for error in
            [client.read("id_1").await.unwrap_err(), client.decide("id_1").await.unwrap_err()]
        {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Permission, 1), "{header}");
        }
    }
}

#[tokio::test]
async fn a_window_that_an_answer_calls_used_up_stops_the_client_no_longer_than_its_own_window() {
    let body = good(Vendor::Persona);
    for reset in ["1000000000", "31536000", "61"] {
        let (body, header) =
            (body.clone(), format!("ratelimit-remaining: 0\r\nratelimit-reset: {reset}\r\n"));
        let wire = Wire::start(move |_| with_headers(200, &header, &body)).await;
        let clock = Arc::new(ManualClock::new());
        let setup = Setup { clock: Some(clock.clone()), ..Setup::at(wire.url()) };
        let client = Client::build(Vendor::Persona, &setup).unwrap();
        client.read("id_1").await.unwrap();
        client.read("id_1").await.unwrap();
        assert_eq!(clock.waits(), [Duration::from_secs(60)], "{reset}");
    }
}

#[tokio::test]
async fn a_vendor_that_is_down_gets_no_more_than_the_budget_and_recovers() {
    for vendor in ALL {
        let (body, up) = (good(vendor), Arc::new(AtomicBool::new(false)));
        let is_up = up.clone();
        let wire = Wire::start(move |_| match is_up.load(Ordering::Relaxed) {
            true => answer(200, &body),
            false => answer(503, ""),
        })
        .await;
        let setup = Setup { limits: Some(Vec::new()), budget: 50, ..Setup::at(wire.url()) };
        let client = Client::build(vendor, &setup).unwrap();
        let mut callers = JoinSet::new();
        for _ in 0..200 {
            let client = client.with(CallOptions::new());
            callers.spawn(async move { client.read("id_1").await.unwrap_err().kind() });
        }
        assert!(callers.join_all().await.iter().all(|kind| *kind == ErrorKind::Server), "{vendor}");
        assert_eq!(wire.requests().len(), 210, "{vendor}");
        up.store(true, Ordering::Relaxed);
        for _ in 0..5 {
            client.read("id_1").await.unwrap();
        }
        up.store(false, Ordering::Relaxed);
        assert_eq!(client.read("id_1").await.unwrap_err().attempts(), 2, "{vendor}");
    }
}

#[tokio::test]
async fn callers_that_fail_together_do_not_come_back_together() {
    let wire = Wire::start(|_| answer(503, "")).await;
    for vendor in ALL {
        let clock = Arc::new(ManualClock::new());
        let retry = RetryPolicy::new().max_attempts(2);
        let setup = Setup {
            retry,
            limits: Some(Vec::new()),
            budget: 5000,
            clock: Some(clock.clone()),
            ..Setup::at(wire.url())
        };
        let client = Client::build(vendor, &setup).unwrap();
        for _ in 0..200 {
            client.read("id_1").await.unwrap_err();
        }
        let waits: BTreeSet<Duration> = clock.waits().into_iter().collect();
        assert!(waits.len() > 50, "{vendor}: {} different waits", waits.len());
        assert!(*waits.first().unwrap() < Duration::from_millis(100), "{vendor}");
        assert!(*waits.last().unwrap() > Duration::from_millis(400), "{vendor}");
        assert!(*waits.last().unwrap() <= Duration::from_millis(500), "{vendor}");
        assert!(clock.now() > ManualClock::new().now());
    }
}
