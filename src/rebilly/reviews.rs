//! Words for the verdicts of a review, on the request that carries them; and what a
//! reviewer reads on a document, to be put in place of what the machine has read.

use crate::api::rebilly::enums::{AmlCheckReviewStatus, KycMatchesOverwriteType};
use crate::api::rebilly::requests::PostAmlCheckReview;
use crate::api::rebilly::types::{
    KycAddressMatchesOverwrite, KycFundsMatchesOverwrite, KycIdentityMatchesOverwrite,
    KycPurchaseMatchesOverwrite,
};

impl PostAmlCheckReview {
    /// Says that no hit is the customer.
    pub fn false_positive(self) -> Self {
        self.status(AmlCheckReviewStatus::FalsePositive)
    }

    /// Says that a hit is the customer.
    pub fn confirmed_match(self) -> Self {
        self.status(AmlCheckReviewStatus::ConfirmedMatch)
    }
}

impl Default for KycIdentityMatchesOverwrite {
    /// Leaves every field alone until it is given.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::IdentityProof)
    }
}

impl Default for KycAddressMatchesOverwrite {
    /// Leaves every field alone until it is given.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::AddressProof)
    }
}

impl Default for KycPurchaseMatchesOverwrite {
    /// Leaves every field alone until it is given.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::PurchaseProof)
    }
}

impl Default for KycFundsMatchesOverwrite {
    /// Leaves every field alone until it is given.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::FundsProof)
    }
}
