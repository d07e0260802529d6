//! Reasons for which an applicant or an action is rejected or sent back.

use std::collections::BTreeMap;

use crate::value::{IntoValue, Personal, Sealed};

/// The reasons for which an applicant is rejected or sent back, by group.
///
/// Groups and reasons are the vendor's terms. Known ones are `fraud` (`documentForgery`,
/// `multiAccounting`, `stolenIdentity`, …), `finance` (`chargeback`,
/// `suspiciousAccounts`, `moneyMuling`, …), `device` (`suspiciousDevice`, …) and, for
/// sending someone back, `manual` (`additionalDocumentRequest`, …). `Debug` prints none
/// of them. Source: <https://docs.sumsub.com/reference/external-rejection-reasons-list>.
///
/// ```
/// use kyc_review::sumsub::RejectionReasons;
///
/// let reasons = RejectionReasons::new()
///     .reason("fraud", "documentForgery")
///     .reason("finance", "chargeback");
/// assert_eq!(format!("{reasons:?}"), "RejectionReasons([personal])");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct RejectionReasons(Personal<BTreeMap<String, Vec<String>>>);

impl RejectionReasons {
    /// Returns no reasons; the calls that take reasons require at least one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reason.
    pub fn reason(self, group: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut groups = self.0.into_exposed();
        groups.entry(group.into()).or_default().push(reason.into());
        Self(Personal::new(groups))
    }
}

impl IntoValue<BTreeMap<String, Vec<String>>> for RejectionReasons {
    fn into_value(self, _: Sealed) -> Result<BTreeMap<String, Vec<String>>, &'static str> {
        Ok(self.0.into_exposed())
    }
}
