//! Connections that break, and responses that come too late: a decision is made once, and
//! its outcome is reported as unknown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{ErrorKind, RetryPolicy, Vendor};
use tokio::net::TcpListener;

use super::{ALL, Client, Setup, good, seed};
use crate::support::wire::{Act, Request, Wire, answer};

#[tokio::test]
async fn a_connection_that_is_not_made_has_carried_nothing_to_any_vendor() {
    for vendor in ALL {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let client = Client::at(vendor, &url);
        for error in
            [client.read("id_1").await.unwrap_err(), client.decide("id_1").await.unwrap_err()]
        {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3), "{vendor}");
            assert!(error.is_retryable() && !error.is_outcome_unknown(), "{vendor}");
        }
    }
}

fn keys(requests: &[Request]) -> Vec<Option<&str>> {
    requests.iter().map(|request| request.header("idempotency-key")).collect()
}

#[tokio::test]
async fn a_connection_that_breaks_carries_a_decision_once_or_with_one_key() {
    for vendor in ALL {
        let whole = good(vendor);
        let head = format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n", whole.len());
        for act in [
            // After the body; within the status line; within the headers; within the
            // response; one byte before its end.
            Act::Close,
            Act::SendAndClose(b"HTTP/1.1 2".to_vec()),
            Act::SendAndClose(head.as_bytes()[..30].to_vec()),
            Act::SendAndClose(head.clone().into_bytes()),
            Act::SendAndClose(format!("{head}{}", &whole[..whole.len() - 1]).into_bytes()),
            // Not HTTP at all.
            Act::SendAndClose(b"SSH-2.0-x\r\n\r\n".to_vec()),
        ] {
            let wire = Wire::start(move |_| act.clone()).await;
            let client = Client::at(vendor, wire.url());
            let error = client.decide("id_1").await.unwrap_err();
            assert!(error.is_outcome_unknown() && !error.is_retryable(), "{vendor}: {error}");
            assert_eq!(error.subject(), Some("id_1"));
            let sent = wire.requests();
            let expected = if vendor == Vendor::Persona { 3 } else { 1 };
            assert_eq!((sent.len(), error.attempts() as usize), (expected, expected), "{vendor}");
            let keys = keys(&sent);
            assert!(
                keys.iter()
                    .all(|key| *key == keys[0] && key.is_some() == (vendor == Vendor::Persona)),
                "{keys:?}"
            );
            assert!(sent.iter().all(|request| request.body == sent[0].body));
            // A read is retried.
            assert_eq!(client.read("id_1").await.unwrap_err().attempts(), 3, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_closes_before_the_request_is_read_carries_a_decision_no_second_time() {
    for vendor in ALL {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = accepted.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                drop(stream);
            }
        });
        // The client cannot tell whether it was read, so it reports the safe result.
        let error = Client::at(vendor, &url).decide("id_1").await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{vendor}: {error}");
        let expected = if vendor == Vendor::Persona { 3 } else { 1 };
        assert_eq!(accepted.load(Ordering::Relaxed), expected, "{vendor}");
        task.abort();
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_server_has_closed_doubles_nothing() {
    for vendor in ALL {
        let body = good(vendor);
        let wire = Wire::start(move |_| {
            let Act::Send(bytes) = answer(200, &body) else { unreachable!() };
            Act::SendAndClose(bytes)
        })
        .await;
        let client =
            Client::build(vendor, &Setup { limits: Some(Vec::new()), ..Setup::at(wire.url()) })
                .unwrap();
        let mut attempts = 0;
        for _ in 0..20 {
            attempts += match client.decide("id_1").await {
                Ok(reply) => reply.attempts,
                Err(error) => {
                    assert!(error.is_outcome_unknown(), "{vendor}: {error}");
                    error.attempts()
                }
            };
        }
        assert!(wire.requests().len() <= attempts as usize, "{vendor}");
        if vendor != Vendor::Persona {
            assert_eq!(attempts, 20, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_failure_after_the_body_sends_a_decision_once_at_every_vendor() {
    for vendor in ALL {
        for status in [408, 500, 502, 503, 504, 520, 599] {
            let wire = Wire::start(move |_| answer(status, "{}")).await;
            let setup =
                Setup { retry: RetryPolicy::new().max_attempts(9), ..Setup::at(wire.url()) };
            let error = Client::build(vendor, &setup).unwrap().decide("id_1").await.unwrap_err();
            assert!(
                error.is_outcome_unknown() && !error.is_retryable(),
                "{vendor} {status}: {error}"
            );
            assert_eq!((wire.requests().len(), error.attempts()), (1, 1), "{vendor} {status}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_leaves_one_decision_behind() {
    for vendor in ALL {
        let clock = Arc::new(ManualClock::new());
        let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
        let id = seed(&sandbox, vendor);
        let (attempt, retry) = (Duration::from_secs(5), RetryPolicy::none());
        let client = Client::of(&sandbox, vendor, &Setup { attempt, retry, ..Setup::sandbox() });
        sandbox.fault(Fault::hang());
        let (error, ()) = tokio::join!(client.decide(&id), async {
            sandbox.until_requests(1).await;
            clock.advance(Duration::from_secs(5));
        });
        let error = error.unwrap_err();
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{vendor}: {error}");
        assert_eq!(
            (error.subject(), error.attempts(), error.elapsed().as_secs()),
            (Some(id.as_str()), 1, 5),
            "{vendor}"
        );
        assert_eq!((sandbox.ledger().decisions(&id).len(), sandbox.requests()), (1, 1), "{vendor}");
        client.read(&id).await.unwrap();
    }
}
