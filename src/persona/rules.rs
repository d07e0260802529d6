//! The states of Persona's subjects, the transitions back between them, and what each
//! shows of a decision.
//!
//! An inquiry goes from `created`, `pending`, `completed`, `failed`, `expired` or
//! `needs_review` to `approved` or `declined`. No decision leads to the first four.
//! `needs_review` is refused once an inquiry is approved or declined. An expired inquiry
//! that is resumed is `pending` again.

use crate::api::persona::enums::{InquirySessionStatus, InquiryStatus};
use crate::api::persona::types::{
    AccountDocument, CaseDocument, InquiryDocument, InquirySessionDocument, ReportDocument,
    TransactionDocument, VerificationDocument,
};
use crate::call::{Reading, Shows, Vendor, Wanted};
use crate::value::Timestamp;

const VENDOR: Vendor = Vendor::Persona;

/// Judged by status, and by its time: `decisioned-at`, `marked-for-review-at`,
/// `expired-at`.
impl Shows for InquiryDocument {
    fn shows(&self, wanted: &Wanted) -> Reading {
        if wanted.get("redacted").is_some() {
            return redacted(self.redacted_at());
        }
        let Some(wanted) = wanted.get("state").map(InquiryStatus::from) else {
            return Reading::unclear(VENDOR);
        };
        let status = self.status();
        let since = match status {
            // It may have been resumed after it expired.
            InquiryStatus::Pending if wanted == InquiryStatus::Expired => {
                return Reading::unclear(VENDOR);
            }
            // No decision leads back to these.
            InquiryStatus::Created
            | InquiryStatus::Pending
            | InquiryStatus::Completed
            | InquiryStatus::Failed => {
                return Reading::not_yet(VENDOR, status.as_str());
            }
            // Nor to this one, which the vendor refuses once an inquiry is approved or
            // declined.
            InquiryStatus::NeedsReview
                if matches!(wanted, InquiryStatus::Approved | InquiryStatus::Declined) =>
            {
                return Reading::not_yet(VENDOR, status.as_str());
            }
            InquiryStatus::Approved | InquiryStatus::Declined => self.decisioned_at(),
            InquiryStatus::Expired => self.expired_at(),
            InquiryStatus::NeedsReview => self.marked_for_review_at(),
            InquiryStatus::Unknown(_) => None,
        };
        Reading::at(VENDOR, status.as_str(), since, Some(*status == wanted))
    }
}

/// Judged by status and `expired-at`.
impl Shows for InquirySessionDocument {
    fn shows(&self, _: &Wanted) -> Reading {
        let status = self.status();
        match status {
            InquirySessionStatus::New | InquirySessionStatus::Active => {
                Reading::not_yet(VENDOR, status.as_str())
            }
            InquirySessionStatus::Expired => {
                Reading::at(VENDOR, status.as_str(), self.expired_at(), Some(true))
            }
            InquirySessionStatus::Unknown(_) => Reading::unclear(VENDOR),
        }
    }
}

/// Judged by status. It has no time, so another status than the wanted one proves
/// nothing.
impl Shows for AccountDocument {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let attributes = self.data.attributes.as_ref();
        let at = attributes.and_then(|attributes| attributes.redacted_at.as_ref());
        let status = attributes.and_then(|attributes| attributes.account_status.as_ref());
        shown(wanted, at, status.map(|status| status.as_str()))
    }
}

/// Judged like an account.
impl Shows for CaseDocument {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let attributes = self.data.attributes.as_ref();
        let at = attributes.and_then(|attributes| attributes.redacted_at.as_ref());
        let status = attributes.and_then(|attributes| attributes.status.as_ref());
        shown(wanted, at, status.map(|status| status.as_str()))
    }
}

/// Judged like an account.
impl Shows for TransactionDocument {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let attributes = self.data.attributes.as_ref();
        let status = attributes.and_then(|attributes| attributes.status.as_ref());
        shown(wanted, None, status.map(|status| status.as_str()))
    }
}

/// Judged by `redacted-at` alone.
impl Shows for ReportDocument {
    fn shows(&self, _: &Wanted) -> Reading {
        redacted(self.redacted_at())
    }
}

/// Judged by `redacted-at` alone.
impl Shows for VerificationDocument {
    fn shows(&self, _: &Wanted) -> Reading {
        redacted(self.redacted_at())
    }
}

fn shown(wanted: &Wanted, redacted_at: Option<&Timestamp>, status: Option<&str>) -> Reading {
    if wanted.get("redacted").is_some() {
        return redacted(redacted_at);
    }
    match (wanted.get("state"), status) {
        (Some(wanted), Some(status)) => Reading::at(VENDOR, status, None, Some(status == wanted)),
        _ => Reading::unclear(VENDOR),
    }
}

/// An erasure is permanent, and `redacted-at` is its time.
fn redacted(at: Option<&Timestamp>) -> Reading {
    match at {
        Some(at) => Reading::at(VENDOR, "redacted", Some(at), Some(true)),
        None => Reading::not_yet(VENDOR, "not redacted"),
    }
}
