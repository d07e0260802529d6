//! The client-side rate limit: no more calls in a window than the vendor documents, and
//! none while the vendor says that the window is used up.
//!
//! It logs the calls of the last window. `governor` cannot follow a vendor's own
//! remaining and reset headers, and its windows let twice the number through around their
//! border.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;

use crate::call::{Limit, RateLimit};

/// The windows of one client, shared by its clones.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    windows: Vec<Mutex<Window>>,
    paused_until: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Debug)]
struct Window {
    limit: Limit,
    /// When each call of the last window began, oldest first.
    calls: VecDeque<DateTime<Utc>>,
}

impl Limiter {
    pub(crate) fn new(limits: &[Limit]) -> Self {
        let window = |limit: &Limit| Mutex::new(Window { limit: *limit, calls: VecDeque::new() });
        Self { windows: limits.iter().map(window).collect(), paused_until: Mutex::default() }
    }

    /// Counts a call now, or returns how long to wait until it is allowed. Nothing is
    /// held while the caller waits.
    pub(crate) fn take(&self, method: &Method, now: DateTime<Utc>) -> Result<(), Duration> {
        if self.windows.is_empty() {
            return Ok(());
        }
        let mut windows: Vec<MutexGuard<'_, Window>> =
            self.windows.iter().map(lock).filter(|window| window.limit.covers(method)).collect();
        let paused = lock(&self.paused_until).and_then(|until| left(now, until));
        let full = windows.iter_mut().filter_map(|window| window.wait(now)).max();
        match paused.max(full) {
            Some(wait) => Err(wait),
            None => {
                windows.iter_mut().for_each(|window| window.calls.push_back(now));
                Ok(())
            }
        }
    }

    /// Pauses while the vendor says that its own window is used up, but no longer than
    /// the longest known window: an odd header must not silence a client for years, and a
    /// vendor that means it will say so again.
    pub(crate) fn follow(&self, seen: Option<RateLimit>, now: DateTime<Utc>) {
        let used_up = seen.filter(|seen| seen.remaining == Some(0)).and_then(|seen| seen.reset);
        let longest = self.windows.iter().map(|window| lock(window).limit.window).max();
        let pause = used_up.zip(longest).map(|(reset, longest)| reset.min(longest));
        if let Some(until) =
            pause.and_then(|pause| now.checked_add_signed(TimeDelta::from_std(pause).ok()?))
        {
            let mut paused = lock(&self.paused_until);
            *paused = (*paused).max(Some(until));
        }
    }
}

impl Window {
    /// Returns how long it takes until the oldest call of a full window has left it.
    fn wait(&mut self, now: DateTime<Utc>) -> Option<Duration> {
        let span = TimeDelta::from_std(self.limit.window).unwrap_or(TimeDelta::MAX);
        let is_over = |call: &DateTime<Utc>| {
            // A clock that was set back leaves calls in the future, which count for no
            // longer than a window.
            now.signed_duration_since(*call) >= span || call.signed_duration_since(now) > span
        };
        while self.calls.front().is_some_and(is_over) {
            self.calls.pop_front();
        }
        if self.calls.len() < self.limit.calls {
            return None;
        }
        let oldest = *self.calls.front()?;
        Some(
            oldest
                .checked_add_signed(span)
                .and_then(|free| left(now, free))
                .unwrap_or(self.limit.window),
        )
    }
}

fn left(now: DateTime<Utc>, until: DateTime<Utc>) -> Option<Duration> {
    until.signed_duration_since(now).to_std().ok().filter(|left| !left.is_zero())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn no_window_holds_more_calls_than_its_limit() {
        let limiter = Limiter::new(&[Limit::all(3, 10 * SECOND)]);
        for second in [0, 4, 9] {
            limiter.take(&Method::GET, at(second)).unwrap();
        }
        assert_eq!(limiter.take(&Method::GET, at(9)), Err(SECOND));
        assert_eq!(limiter.take(&Method::POST, at(10)), Ok(()));
        assert_eq!(limiter.take(&Method::GET, at(10)), Err(4 * SECOND));
    }

    #[test]
    fn reads_and_writes_have_windows_of_their_own() {
        let limiter = Limiter::new(&[Limit::reads(1, 5 * SECOND), Limit::writes(1, 5 * SECOND)]);
        limiter.take(&Method::GET, at(0)).unwrap();
        limiter.take(&Method::POST, at(0)).unwrap();
        assert_eq!(limiter.take(&Method::GET, at(1)), Err(4 * SECOND));
        assert_eq!(limiter.take(&Method::DELETE, at(2)), Err(3 * SECOND));
    }

    #[test]
    fn a_used_up_window_of_the_vendor_is_followed() {
        let limiter = Limiter::new(&[Limit::all(300, 60 * SECOND)]);
        let seen = |remaining, reset| {
            Some(RateLimit { limit: Some(300), remaining: Some(remaining), reset: Some(reset) })
        };
        limiter.follow(seen(1, 30 * SECOND), at(0));
        assert_eq!(limiter.take(&Method::GET, at(0)), Ok(()));
        limiter.follow(seen(0, 30 * SECOND), at(0));
        limiter.follow(seen(0, 20 * SECOND), at(1));
        limiter.follow(None, at(1));
        assert_eq!(limiter.take(&Method::GET, at(5)), Err(25 * SECOND));
        assert_eq!(limiter.take(&Method::GET, at(30)), Ok(()));
        // No reset silences a client for longer than its window.
        limiter.follow(seen(0, Duration::MAX), at(30));
        assert_eq!(limiter.take(&Method::GET, at(31)), Err(59 * SECOND));
        assert_eq!(limiter.take(&Method::GET, at(90)), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_blocks_nobody_for_longer_than_a_window() {
        let limiter = Limiter::new(&[Limit::all(1, 10 * SECOND)]);
        limiter.take(&Method::GET, at(1000)).unwrap();
        assert_eq!(limiter.take(&Method::GET, at(0)), Ok(()));
        assert_eq!(limiter.take(&Method::GET, at(0)), Err(10 * SECOND));
    }
}
