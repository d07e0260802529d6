//! Injectable time: signatures, timeouts and waits all use one clock, so that tests need
//! not wait.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The future that [`Clock::sleep`] returns.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the current time, for signatures and for reading a server's hints.
    fn now(&self) -> DateTime<Utc>;

    /// Waits for `duration` before another attempt.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Ends after `duration`, the time limit of work in progress. The same as
    /// [`sleep`](Self::sleep), except in test clocks, whose waits end at once and whose
    /// time limits do not.
    fn deadline(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// The system's clock and tokio's timer.
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

/// Returns the result of `work`, or `None` if `limit` ends first.
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
