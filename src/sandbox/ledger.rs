//! What was decided, as the vendors' side has it.

use chrono::{DateTime, Utc};

use crate::call::Vendor;

/// One decision that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Who carried it out.
    pub vendor: Vendor,
    /// The id of the subject.
    pub subject: String,
    /// The vendor's word for it (`decline`, `rejection`).
    pub action: String,
    /// When, on the sandbox's clock.
    pub at: DateTime<Utc>,
}

/// Every decision that took effect, in order.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(super) entries: Vec<Decision>,
}

impl Ledger {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Decision] {
        &self.entries
    }

    /// Those on one subject.
    #[must_use]
    pub fn decisions(&self, subject: impl ToString) -> Vec<&Decision> {
        let subject = subject.to_string();
        self.entries.iter().filter(|decision| decision.subject == subject).collect()
    }
}
