//! Methods for the verdicts of a review, and defaults for the values that a reviewer
//! reads on a document and puts in place of what the machine has read.

use crate::api::rebilly::enums::{AmlCheckReviewStatus, KycMatchesOverwriteType};
use crate::api::rebilly::requests::PostAmlCheckReview;
use crate::api::rebilly::types::{
    KycAddressMatchesOverwrite, KycFundsMatchesOverwrite, KycIdentityMatchesOverwrite,
    KycPurchaseMatchesOverwrite,
};

impl PostAmlCheckReview {
    /// Sets the verdict that no hit is the customer.
    pub fn false_positive(self) -> Self {
        self.status(AmlCheckReviewStatus::FalsePositive)
    }

    /// Sets the verdict that a hit is the customer.
    pub fn confirmed_match(self) -> Self {
        self.status(AmlCheckReviewStatus::ConfirmedMatch)
    }
}

impl Default for KycIdentityMatchesOverwrite {
    /// Returns a value that changes no field until one is set.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::IdentityProof)
    }
}

impl Default for KycAddressMatchesOverwrite {
    /// Returns a value that changes no field until one is set.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::AddressProof)
    }
}

impl Default for KycPurchaseMatchesOverwrite {
    /// Returns a value that changes no field until one is set.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::PurchaseProof)
    }
}

impl Default for KycFundsMatchesOverwrite {
    /// Returns a value that changes no field until one is set.
    fn default() -> Self {
        Self::new(KycMatchesOverwriteType::FundsProof)
    }
}
