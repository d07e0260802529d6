//! Time, injectable: signatures, time-outs and waits all ask one clock, so that tests
//! wait for nothing.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// What [`Clock::sleep`] returns.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time of day, for signatures and for reading a server's hints.
    fn now(&self) -> DateTime<Utc>;

    /// Ends after `duration`: the wait before another attempt.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Ends after `duration`: the limit of work under way. The same as
    /// [`sleep`](Self::sleep), except for clocks of tests, whose waits end at once and
    /// whose limits do not.
    fn deadline(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// The machine's clock and tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// `work`, or nothing when `limit` ends first.
pub(crate) async fn race<T>(work: impl Future<Output = T>, limit: Sleep) -> Option<T> {
    let mut work = pin!(work);
    let mut limit = limit;
    poll_fn(|context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}
