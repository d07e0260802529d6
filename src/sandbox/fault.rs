//! What can go wrong with the next request.

use std::time::Duration;

use crate::Vendor;

/// A fault of one request. It hits the next one that reaches its vendor, or any vendor where none is named.
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

    /// The vendor does it, and answers when so much time has passed on the sandbox's clock.
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
