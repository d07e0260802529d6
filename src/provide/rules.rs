//! The states of an application, the transitions between them, and what it shows of a
//! status that was set.
//!
//! `pending` → `submitted` → `review` → `accepted`, `rejected` or `remediate`; `failed`
//! means that the hand-over failed. The vendor itself never changes a decision, never
//! moves on from `remediate`, and never goes back from `review`. A person can set any
//! status at any time, and no field states when.

use crate::api::provide::enums::KycApplicationStatus;
use crate::api::provide::types::KycApplication;
use crate::call::{Reading, Shows, Vendor, Wanted};

/// Judged by status alone, because the vendor states no time. A status that was there
/// before therefore counts as applied too, and one that the vendor's poller or a later
/// decision may have put in place of the wanted one proves nothing.
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
    // Statuses that come before the wanted one: the vendor itself never changes a
    // decision, moves on from `remediate`, or goes back from `review`.
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
