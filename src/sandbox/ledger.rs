//! The record of decisions on the vendors' side.

use chrono::{DateTime, Utc};

use crate::call::Vendor;

/// A decision that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The vendor that carried it out.
    pub vendor: Vendor,
    /// The id of the subject.
    pub subject: String,
    /// The vendor's name for it (`decline`, `rejection`).
    pub action: String,
    /// When it took effect, on the sandbox's clock.
    pub at: DateTime<Utc>,
}

/// The decisions that took effect, in order.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(super) entries: Vec<Decision>,
}

impl Ledger {
    /// Returns every decision.
    #[must_use]
    pub fn all(&self) -> &[Decision] {
        &self.entries
    }

    /// Returns the decisions on one subject.
    #[must_use]
    pub fn decisions(&self, subject: impl ToString) -> Vec<&Decision> {
        let subject = subject.to_string();
        self.entries.iter().filter(|decision| decision.subject == subject).collect()
    }
}
