//! The states of an application, the ways between them, and what it shows of a status
//! that was set.
//!
//! `pending` → `submitted` → `review` → `accepted`, `rejected` or `remediate`; `failed`
//! says that the hand-over failed. The vendor itself never leaves a decision, never goes
//! from `remediate` on, and never back from `review`; a person can set any status at any
//! time, and no time tells when.

use crate::api::provide::enums::KycApplicationStatus;
use crate::api::provide::types::KycApplication;
use crate::call::{Reading, Shows, Vendor, Wanted};

/// By status alone, for the vendor tells no time of it. So a status that was there before
/// counts as applied too; and one that the vendor's poller, or somebody's later decision,
/// may have put in the place of the wanted one proves nothing.
impl Shows for KycApplication {
    fn shows(&self, wanted: &Wanted) -> Reading {
        match wanted.get("state") {
            Some(wanted) => reading(self.status(), &KycApplicationStatus::from(wanted)),
            None => Reading::unclear(Vendor::Provide),
        }
    }
}

fn reading(status: &KycApplicationStatus, wanted: &KycApplicationStatus) -> Reading {
    if status == wanted {
        return Reading::at(Vendor::Provide, status.as_str(), None, Some(true));
    }
    // What the vendor itself never does: leave a decision, go from `remediate` on, or go
    // back from `review`.
    let comes_first = match status {
        KycApplicationStatus::Pending
        | KycApplicationStatus::Submitted
        | KycApplicationStatus::Failed => matches!(
            wanted,
            KycApplicationStatus::Accepted
                | KycApplicationStatus::Rejected
                | KycApplicationStatus::Remediate
                | KycApplicationStatus::Review
        ),
        KycApplicationStatus::Review => matches!(
            wanted,
            KycApplicationStatus::Accepted
                | KycApplicationStatus::Rejected
                | KycApplicationStatus::Remediate
        ),
        KycApplicationStatus::Remediate => {
            matches!(wanted, KycApplicationStatus::Accepted | KycApplicationStatus::Rejected)
        }
        _ => false,
    };
    if comes_first {
        Reading::not_yet(Vendor::Provide, status.as_str())
    } else {
        Reading::at(Vendor::Provide, status.as_str(), None, Some(false))
    }
}
