//! Vendors, and what retrying an operation would do.

use std::fmt;

/// One of the five vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Vendor {
    /// Beltic, <https://docs.beltic.com>.
    Beltic,
    /// Persona, <https://docs.withpersona.com>.
    Persona,
    /// Provide, <https://docs.provide.services>.
    Provide,
    /// Rebilly, <https://www.rebilly.com/docs>.
    Rebilly,
    /// Sumsub, <https://docs.sumsub.com>.
    Sumsub,
}

impl Vendor {
    /// Returns the name in lower case, which is also the cargo feature's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Beltic => "beltic",
            Self::Persona => "persona",
            Self::Provide => "provide",
            Self::Rebilly => "rebilly",
            Self::Sumsub => "sumsub",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The effect of sending the same request twice. It decides what the transport may retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationClass {
    /// Has no effect, so it may be retried.
    Read,
    /// Has an effect that a second request does not change, and is not a decision on a
    /// person.
    Idempotent,
    /// Creates something new with each request.
    Create,
    /// Changes the outcome or the review state of a subject. Never retried blindly.
    Decision,
}

impl OperationClass {
    /// Returns whether sending the request twice is harmless.
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        matches!(self, Self::Read | Self::Idempotent)
    }

    /// Returns the name in lower case, as in `specs/`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Idempotent => "idempotent",
            Self::Create => "create",
            Self::Decision => "decision",
        }
    }
}
