//! The retry budget that all clones of a client share, so that retries do not flood a
//! vendor that is down.

use std::sync::atomic::{AtomicU32, Ordering};

/// The cost of a retry.
const COST: u32 = 5;

/// What a success gives back.
const REFILL: u32 = 1;

/// Tokens for retries.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

impl Budget {
    /// Returns a full budget; `capacity` tokens are `capacity / 5` retries.
    pub(crate) fn new(capacity: u32) -> Self {
        Self { tokens: AtomicU32::new(capacity), capacity }
    }

    /// Takes the price of one retry, if enough tokens are left.
    pub(crate) fn take(&self) -> Option<Price<'_>> {
        self.change(|tokens| tokens.checked_sub(COST)).then(|| Price(Some(self)))
    }

    /// Gives tokens back after a success: one, or the price of the retry that succeeded.
    pub(crate) fn succeeded(&self, was_repeated: bool) {
        let back = if was_repeated { COST } else { REFILL };
        self.change(|tokens| Some(tokens.saturating_add(back).min(self.capacity)));
    }

    /// Returns the tokens that are left.
    pub(crate) fn left(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    fn change(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

/// The price of a retry that has not been sent yet. It goes back when dropped, as by a
/// caller that stops waiting.
#[derive(Debug)]
#[must_use]
pub(crate) struct Price<'a>(Option<&'a Budget>);

impl Price<'_> {
    /// Spends the price, because the retry is sent.
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
