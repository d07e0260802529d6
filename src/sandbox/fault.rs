//! What can go wrong with the next request.

use std::time::Duration;

use crate::call::Vendor;

/// A fault of one request. It hits the next one that reaches its vendor, or any vendor
/// where none is named.
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is handed to Sandbox::fault"]
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

    /// The vendor answers with this error status, in its own envelope, and does nothing.
    pub const fn status(status: u16) -> Self {
        Self::new(Kind::Status(status, None))
    }

    /// The vendor answers 429, and asks in its own header to wait so long.
    pub const fn rate_limited(wait: Duration) -> Self {
        Self::new(Kind::Status(429, Some(wait)))
    }

    /// The connection breaks before the vendor does anything.
    pub const fn drop_before_commit() -> Self {
        Self::new(Kind::DropBeforeCommit)
    }

    /// The vendor does it, and the connection breaks before the answer.
    pub const fn drop_after_commit() -> Self {
        Self::new(Kind::DropAfterCommit)
    }

    /// The vendor does it, and never answers.
    pub const fn hang() -> Self {
        Self::new(Kind::Hang)
    }

    /// The vendor does it, and answers when so much time has passed on the sandbox's
    /// clock.
    pub const fn slow(delay: Duration) -> Self {
        Self::new(Kind::Slow(delay))
    }

    /// The vendor does it, and answers with this status and this body instead of its own.
    pub fn body(status: u16, body: impl Into<String>) -> Self {
        Self::new(Kind::Body(status, body.into()))
    }

    /// Only for requests to this vendor.
    pub const fn at(mut self, vendor: Vendor) -> Self {
        self.vendor = Some(vendor);
        self
    }
}

/// Faults drawn from a seeded generator: the same seed draws the same sequence.
///
/// Each request is hit with the given probability, by one of: 429 with a wait of one to
/// three seconds, 503, an answer that comes up to ninety seconds late, and a connection
/// that breaks before or after the vendor acts.
#[derive(Clone, Debug)]
pub struct RandomFaults {
    state: u64,
    per_mille: u64,
}

impl RandomFaults {
    /// `per_mille` of a thousand requests are hit.
    #[must_use]
    pub const fn seeded(seed: u64, per_mille: u16) -> Self {
        Self { state: seed, per_mille: per_mille as u64 }
    }

    /// SplitMix64: small, and good enough to draw faults.
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
