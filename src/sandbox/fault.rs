//! Faults that make a request go wrong.

use std::time::Duration;

use crate::call::Vendor;

/// A fault that hits one request: the next one to reach the vendor that it names, or any
/// vendor if it names none.
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is passed to `Sandbox::fault`"]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) vendor: Option<Vendor>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Status(u16, Option<Duration>),
    DropBeforeCommit,
    DropAfterCommit,
    Hang,
    Slow(Duration),
    Body(u16, String),
}

impl Fault {
    const fn new(kind: Kind) -> Self {
        Self { kind, vendor: None }
    }

    /// Responds with this error status in the vendor's own format; the vendor does not
    /// act.
    pub const fn status(status: u16) -> Self {
        Self::new(Kind::Status(status, None))
    }

    /// Responds with 429 and, in the vendor's own header, the time to wait; the vendor
    /// does not act.
    pub const fn rate_limited(wait: Duration) -> Self {
        Self::new(Kind::Status(429, Some(wait)))
    }

    /// Breaks the connection before the vendor acts.
    pub const fn drop_before_commit() -> Self {
        Self::new(Kind::DropBeforeCommit)
    }

    /// Breaks the connection after the vendor has acted, before it responds.
    pub const fn drop_after_commit() -> Self {
        Self::new(Kind::DropAfterCommit)
    }

    /// Lets the vendor act, and never responds.
    pub const fn hang() -> Self {
        Self::new(Kind::Hang)
    }

    /// Lets the vendor act, and responds once `delay` has passed on the sandbox's clock.
    pub const fn slow(delay: Duration) -> Self {
        Self::new(Kind::Slow(delay))
    }

    /// Lets the vendor act, and responds with this status and body instead of the
    /// vendor's.
    pub fn body(status: u16, body: impl Into<String>) -> Self {
        Self::new(Kind::Body(status, body.into()))
    }

    /// Limits the fault to requests to one vendor.
    pub const fn at(mut self, vendor: Vendor) -> Self {
        self.vendor = Some(vendor);
        self
    }
}

/// A seeded generator of faults: the same seed draws the same sequence.
///
/// It hits each request with the given probability, by one of:
/// - 429, with a wait of one to three seconds;
/// - 503;
/// - a response that is up to ninety seconds late;
/// - a connection that breaks before or after the vendor acts.
#[derive(Clone, Debug)]
pub struct RandomFaults {
    state: u64,
    per_mille: u64,
}

impl RandomFaults {
    /// Creates a generator that hits, on average, `per_mille` of a thousand requests.
    #[must_use]
    pub const fn seeded(seed: u64, per_mille: u16) -> Self {
        Self { state: seed, per_mille: per_mille as u64 }
    }

    /// Draws a number by SplitMix64, which is small and good enough for faults.
    fn draw(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(below).unwrap_or_default()
    }

    pub(super) fn next(&mut self) -> Option<Kind> {
        if self.draw(1000) >= self.per_mille {
            return None;
        }
        Some(match self.draw(5) {
            0 => Kind::Status(429, Some(Duration::from_secs(self.draw(3).saturating_add(1)))),
            1 => Kind::Status(503, None),
            2 => Kind::Slow(Duration::from_secs(self.draw(90))),
            3 => Kind::DropBeforeCommit,
            _ => Kind::DropAfterCommit,
        })
    }
}
