//! Clocks that are wrong, and signatures that must be recomputed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, Clock, ErrorKind, Vendor};
use sha2::Sha256;

use super::{ALL, Client, KEY, Setup, good, seed};
use crate::support::wire::{Request, Wire, answer, with_headers};

/// Whether the signature covers exactly the bytes that arrived.
fn is_signed(request: &Request) -> bool {
    let mut parts = request.line.split(' ');
    let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    for part in [
        request.header("x-app-access-ts").unwrap().as_bytes(),
        method.as_bytes(),
        target.as_bytes(),
    ] {
        mac.update(part);
    }
    mac.update(&request.body);
    let expected: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    request.header("x-app-access-sig") == Some(expected.as_str())
}

#[tokio::test]
async fn each_sending_is_signed_anew_over_the_bytes_and_the_order_that_go_out() {
    let (body, turns) = (good(Vendor::Sumsub), Mutex::new(0));
    let wire = Wire::start(move |request| {
        let mut turn = turns.lock().unwrap();
        *turn += 1;
        match (*turn % 3, request.line.starts_with("GET")) {
            (0, _) => answer(200, &body),
            (_, true) => with_headers(503, "retry-after: 7\r\n", ""),
            (_, false) => with_headers(409, "retry-after: 7\r\n", "{}"),
        }
    })
    .await;
    let options =
        CallOptions::new().query("z", "1 2").query("a", "é+&=").query("m[]", "3").query("a", "0");
    let client = Client::at(Vendor::Sumsub, wire.url()).with(options);
    client.read("a;b").await.unwrap();
    client.decide("a;b").await.unwrap();
    let sent = wire.requests();
    assert_eq!(sent.len(), 6);
    for (index, request) in sent.iter().enumerate() {
        assert!(is_signed(request), "{}", request.line);
        assert!(
            request.line.contains("?z=1%202&a=%C3%A9%2B%26%3D&m%5B%5D=3&a=0 HTTP/1.1"),
            "{}",
            request.line
        );
        let time: i64 = request.header("x-app-access-ts").unwrap().parse().unwrap();
        assert_eq!(time, 1_767_225_600 + 7 * [0, 1, 2, 2, 3, 4][index]);
        assert!(sent[..index].iter().all(|other| {
            other.header("x-app-access-sig") != request.header("x-app-access-sig")
        }));
    }
}

/// A clock that goes back an hour on each reading, from a certain reading on.
#[derive(Debug)]
struct Backwards(Mutex<DateTime<Utc>>);

impl Clock for Backwards {
    fn now(&self) -> DateTime<Utc> {
        let mut now = self.0.lock().unwrap();
        *now -= Duration::from_secs(3600);
        *now
    }

    fn sleep(&self, _: Duration) -> kyc_review::Sleep {
        Box::pin(std::future::ready(()))
    }

    fn deadline(&self, _: Duration) -> kyc_review::Sleep {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_within_a_call_breaks_no_client() {
    for vendor in ALL {
        let (body, first) = (good(vendor), Mutex::new(true));
        let wire = Wire::start(move |request| match std::mem::take(&mut *first.lock().unwrap()) {
            true if request.line.starts_with("GET") => with_headers(503, "retry-after: 5\r\n", ""),
            _ => answer(200, &body),
        })
        .await;
        let clock = Arc::new(Backwards(Mutex::new(ManualClock::new().now())));
        let client =
            Client::build(vendor, &Setup { clock: Some(clock), ..Setup::at(wire.url()) }).unwrap();
        assert_eq!(client.read("id_1").await.unwrap().attempts, 2, "{vendor}");
        assert_eq!(client.decide("id_1").await.unwrap().attempts, 1, "{vendor}");
    }
}

#[tokio::test]
async fn no_time_of_day_breaks_a_client() {
    for vendor in ALL {
        for time in [
            DateTime::<Utc>::MIN_UTC + Duration::from_secs(86_400),
            DateTime::from_timestamp(-1, 0).unwrap(),
            DateTime::UNIX_EPOCH,
            DateTime::from_timestamp(4_294_967_296, 0).unwrap(),
            DateTime::<Utc>::MAX_UTC - Duration::from_secs(86_400),
        ] {
            let clock = Arc::new(ManualClock::at(time));
            let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
            let id = seed(&sandbox, vendor);
            let client = Client::of(
                &sandbox,
                vendor,
                &Setup { clock: Some(clock), limits: None, ..Setup::sandbox() },
            );
            sandbox.fault(Fault::rate_limited(Duration::from_secs(1)));
            // A wait past the end of time is cut there; what happens after a ban does not
            // matter here.
            let _ = client.read(&id).await;
            let (read, decided) = (client.read(&id).await, client.decide(&id).await);
            if vendor == Vendor::Sumsub && time < DateTime::UNIX_EPOCH {
                for error in [read.unwrap_err(), decided.unwrap_err()] {
                    assert_eq!(error.kind(), ErrorKind::Configuration, "{time}");
                    assert!(
                        error.to_string().contains("invalid clock: must not be before 1970"),
                        "{error}"
                    );
                }
                continue;
            }
            read.unwrap_or_else(|error| panic!("{vendor} {time}: {error}"));
            decided.unwrap_or_else(|error| panic!("{vendor} {time}: {error}"));
            assert_eq!(sandbox.ledger().decisions(&id).len(), 1, "{vendor} {time}");
        }
    }
}

#[tokio::test]
async fn ten_minutes_are_too_far_for_a_signature_and_matter_to_nobody_else() {
    for vendor in ALL {
        for minutes in [-10_i64, 10] {
            let clock = Arc::new(ManualClock::new());
            let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
            let id = seed(&sandbox, vendor);
            let off = Arc::new(ManualClock::at(clock.now() + chrono::TimeDelta::minutes(minutes)));
            let client =
                Client::of(&sandbox, vendor, &Setup { clock: Some(off), ..Setup::sandbox() });
            let decided = client.decide(&id).await;
            if vendor == Vendor::Sumsub {
                let error = decided.unwrap_err();
                assert_eq!(
                    (error.kind(), error.attempts()),
                    (ErrorKind::Authentication, 1),
                    "{minutes}"
                );
                assert_eq!(error.code(), Some("app-token-request-expired"));
            } else {
                decided.unwrap();
            }
            let count = usize::from(vendor != Vendor::Sumsub);
            assert_eq!(sandbox.ledger().decisions(&id).len(), count, "{vendor}");
        }
    }
}
