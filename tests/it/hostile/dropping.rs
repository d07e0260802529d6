//! Futures dropped at every point: the client still works, no permit is held, nothing is
//! decided twice.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kyc_review::sandbox::{ManualClock, Sandbox};
use kyc_review::{Clock, Limit, Vendor};

use super::pages::{Pager, served};
use super::{ALL, Client, Setup, good, seed};
use crate::support::wire::{Wire, answer};

/// Polls at most `polls` times, then drops.
async fn cut<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_call_that_is_dropped_at_any_point_leaves_the_client_whole_and_at_most_one_decision() {
    for vendor in ALL {
        let clock = Arc::new(ManualClock::new());
        let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
        let window = Duration::from_secs(10);
        let setup =
            Setup { limits: Some(vec![Limit::all(1, window)]), budget: 5, ..Setup::sandbox() };
        let client = Client::of(&sandbox, vendor, &setup);
        let (mut ids, mut points) = (Vec::new(), 0);
        loop {
            let id = seed(&sandbox, vendor);
            let read = cut(client.read(&id), points).await;
            clock.advance(window);
            let decided = cut(client.decide(&id), points).await;
            clock.advance(window);
            ids.push(id);
            if let (Some(read), Some(decided)) = (read, decided) {
                read.unwrap();
                decided.unwrap();
                break;
            }
            points += 1;
            assert!(points < 100, "{vendor}");
        }
        assert!(points > 1, "{vendor}: dropped at {points} points");
        for id in &ids {
            client.read(id).await.unwrap();
            clock.advance(window);
            assert!(sandbox.ledger().decisions(id).len() <= 1, "{vendor}");
        }
        assert_eq!(sandbox.ledger().decisions(ids.last().unwrap()).len(), 1, "{vendor}");
        assert_eq!(sandbox.ledger().decisions(&ids[0]).len(), 0, "{vendor}: never polled");
        // A dropped call holds no permit: no call has ever waited for one.
        assert_eq!(clock.waits(), [], "{vendor}");
        drop(client.read(&ids[0]));
        cut(client.read(&ids[0]), 0).await;
        client.read(&ids[0]).await.unwrap();
        assert_eq!(clock.waits(), [], "{vendor}");
    }
}

/// A clock whose first waits never end.
#[derive(Debug)]
struct Stuck(AtomicUsize);

impl Clock for Stuck {
    fn now(&self) -> DateTime<Utc> {
        ManualClock::new().now()
    }

    fn sleep(&self, _: Duration) -> kyc_review::Sleep {
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
        {
            Ok(_) => Box::pin(std::future::pending()),
            Err(_) => Box::pin(std::future::ready(())),
        }
    }

    fn deadline(&self, _: Duration) -> kyc_review::Sleep {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_waits_gives_its_repetition_back() {
    const DROPPED: usize = 3;
    for vendor in ALL {
        let (body, turns) = (good(vendor), AtomicUsize::new(0));
        let wire = Wire::start(move |_| match turns.fetch_add(1, Ordering::Relaxed) > DROPPED {
            true => answer(200, &body),
            false => answer(503, ""),
        })
        .await;
        let clock = Arc::new(Stuck(AtomicUsize::new(DROPPED)));
        // Allows exactly one retry.
        let setup = Setup { budget: 5, clock: Some(clock.clone()), ..Setup::at(wire.url()) };
        let client = Client::build(vendor, &setup).unwrap();
        for dropped in 0..DROPPED {
            let read = client.read("id_1");
            let waiting = async {
                while clock.0.load(Ordering::Relaxed) >= DROPPED - dropped {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                answer = read => panic!("{vendor}: {answer:?}"),
                () = waiting => {}
            }
        }
        assert_eq!(client.read("id_1").await.unwrap().attempts, 2, "{vendor}");
        assert_eq!(wire.requests().len(), DROPPED + 2, "{vendor}");
    }
}

#[tokio::test]
async fn a_pager_that_is_dropped_within_a_page_asks_for_it_once_and_gives_each_item_once() {
    const ITEMS: usize = 9;
    for vendor in ALL {
        let wire = Wire::start(move |request| served(vendor, request, ITEMS)).await;
        let mut pager = Pager::new(&Client::at(vendor, wire.url()), None);
        let (mut ids, mut points, mut cuts) = (Vec::new(), 0, 0);
        loop {
            match cut(pager.next(), points).await {
                None => {
                    points += 1;
                    cuts += 1;
                }
                Some(Ok(Some(id))) => {
                    ids.push(id);
                    points = 0;
                }
                Some(end) => break assert_eq!(end.unwrap(), None, "{vendor}"),
            }
        }
        let expected: Vec<String> = (0..ITEMS).map(|number| format!("id_{number}")).collect();
        let pages = match vendor {
            // Five and an empty one; without a total, the list is walked twice.
            Vendor::Provide => 2 * 6,
            // Each page but the first begins one item early; the last holds nothing new.
            Vendor::Rebilly | Vendor::Sumsub => ITEMS,
            _ => 5,
        };
        assert_eq!((ids, wire.requests().len()), (expected, pages), "{vendor}");
        assert!(cuts >= pages, "{vendor}: {cuts} cuts");
        // The whole pager is dropped while a page is in flight.
        let client = Client::at(vendor, wire.url());
        for points in 0..4 {
            let mut pager = Pager::new(&client, None);
            cut(pager.next(), points).await;
            drop(pager);
        }
        assert_eq!(
            Pager::new(&client, None).next().await.unwrap().as_deref(),
            Some("id_0"),
            "{vendor}"
        );
    }
}
