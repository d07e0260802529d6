//! A clock that a test advances by hand.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::Clock;
use crate::call::clock::Sleep;

/// A clock that stands still until it is advanced.
///
/// Waits between attempts end at once and advance it by their length. Timeouts expire
/// only once it has been advanced past them.
///
/// ```
/// use std::time::Duration;
/// use kyc_review::{Clock, sandbox::ManualClock};
///
/// let clock = ManualClock::new();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(61));
/// assert_eq!((clock.now() - before).num_seconds(), 61);
/// ```
#[derive(Clone)]
pub struct ManualClock {
    state: Arc<Mutex<State>>,
}

struct State {
    now: DateTime<Utc>,
    waits: Vec<Duration>,
    wakers: Vec<Waker>,
}

impl ManualClock {
    /// Creates a clock that stands at 2026-01-01 00:00:00 UTC.
    #[must_use]
    pub fn new() -> Self {
        Self::at(DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default())
    }

    /// Creates a clock that stands at `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { state: Arc::new(Mutex::new(State { now, waits: Vec::new(), wakers: Vec::new() })) }
    }

    /// Advances the clock, and expires the timeouts that have ended by then.
    pub fn advance(&self, duration: Duration) {
        let now = self.now();
        let moved =
            TimeDelta::from_std(duration).ok().and_then(|delta| now.checked_add_signed(delta));
        self.set(moved.unwrap_or(DateTime::<Utc>::MAX_UTC));
    }

    /// Sets the time, which may also be an earlier one.
    pub fn set(&self, now: DateTime<Utc>) {
        let wakers = {
            let mut state = self.lock();
            state.now = now;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Returns the waits between attempts so far.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.lock().waits.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.lock().now
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.lock().waits.push(duration);
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }

    fn deadline(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        let end = TimeDelta::from_std(duration)
            .ok()
            .and_then(|delta| self.now().checked_add_signed(delta));
        Box::pin(poll_fn(move |context| {
            let mut state = clock.lock();
            if end.is_some_and(|end| state.now >= end) {
                return Poll::Ready(());
            }
            state.wakers.push(context.waker().clone());
            Poll::Pending
        }))
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock").field("now", &self.now()).finish_non_exhaustive()
    }
}
