//! Who is asked, and what asking again would do.

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
    /// The name in lower case, as the cargo feature has it.
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

/// What a second sending of the same request would do. The transport decides from it what
/// may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationClass {
    /// Has no effect; may be repeated.
    Read,
    /// Has an effect that a repetition does not change, and is no decision on a person.
    Idempotent,
    /// Makes a new thing each time.
    Create,
    /// Changes the outcome or the review state of a subject. Never repeated blindly.
    Decision,
}

impl OperationClass {
    /// Whether a second sending is harmless.
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        matches!(self, Self::Read | Self::Idempotent)
    }

    /// The name in lower case, as the documents in `specs/` have it.
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
