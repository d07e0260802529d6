//! A budget of repetitions that all clones of a client share: when a vendor is down,
//! callers do not storm it.

use std::sync::atomic::{AtomicU32, Ordering};

/// A repetition costs this much.
const COST: u32 = 5;

/// A success gives this much back.
const REFILL: u32 = 1;

/// Tokens for repetitions.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

impl Budget {
    /// A full budget; `capacity` tokens are `capacity / 5` repetitions.
    pub(crate) fn new(capacity: u32) -> Self {
        Self { tokens: AtomicU32::new(capacity), capacity }
    }

    /// Takes the price of one repetition, if it is there.
    pub(crate) fn take(&self) -> Option<Price<'_>> {
        self.change(|tokens| tokens.checked_sub(COST)).then(|| Price(Some(self)))
    }

    /// A call succeeded: a little comes back, and the price of the repetition that
    /// brought it.
    pub(crate) fn succeeded(&self, was_repeated: bool) {
        let back = if was_repeated { COST } else { REFILL };
        self.change(|tokens| Some(tokens.saturating_add(back).min(self.capacity)));
    }

    /// What is left.
    pub(crate) fn left(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    fn change(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

/// The price of a repetition that has not been sent yet. Dropped, as with a caller that
/// no longer waits, it goes back.
#[derive(Debug)]
#[must_use]
pub(crate) struct Price<'a>(Option<&'a Budget>);

impl Price<'_> {
    /// The repetition is sent.
    pub(crate) fn spend(mut self) {
        self.0 = None;
    }
}

impl Drop for Price<'_> {
    fn drop(&mut self) {
        if let Some(budget) = self.0 {
            budget.succeeded(true);
        }
    }
}
