//! The states of Beltic's subjects, the transitions between them, and what each shows of
//! a decision.
//!
//! A session goes from `created`, `started` and `pending` to `completed` or `failed`. A
//! completed one becomes `approved`, `declined`, or first `marked_for_review`. One that
//! is not finished in time becomes `expired`. No decision leads to the first five states,
//! and none from approved or declined to `marked_for_review`. A revoked credential stays
//! revoked.

use crate::api::beltic::enums::{CredentialStatus, SessionStatus};
use crate::api::beltic::types::{Credential, Session, SessionAttributes};
use crate::call::{Reading, Shows, Vendor, Wanted};
use crate::value::Timestamp;

/// Judged by status, and by its time: `decisioned_at`, `marked_for_review_at`,
/// `expired_at`.
impl Shows for Session {
    fn shows(&self, wanted: &Wanted) -> Reading {
        match wanted.get("state") {
            Some(wanted) => reading(self, &SessionStatus::from(wanted)),
            None => Reading::unclear(Vendor::Beltic),
        }
    }
}

/// Judged by status and `revoked_at`.
impl Shows for Credential {
    fn shows(&self, _: &Wanted) -> Reading {
        let status = self.status();
        match status {
            CredentialStatus::Revoked => {
                Reading::at(Vendor::Beltic, status.as_str(), self.revoked_at.as_ref(), Some(true))
            }
            CredentialStatus::Active => Reading::not_yet(Vendor::Beltic, status.as_str()),
            _ => Reading::unclear(Vendor::Beltic),
        }
    }
}

fn reading(session: &Session, wanted: &SessionStatus) -> Reading {
    let status = session.status();
    let time = |pick: fn(&SessionAttributes) -> &Option<Timestamp>| {
        session.attributes.as_ref().and_then(|all| pick(all).as_ref())
    };
    let since = match status {
        // No decision leads back to these.
        SessionStatus::Created
        | SessionStatus::Started
        | SessionStatus::Pending
        | SessionStatus::Completed
        | SessionStatus::Failed => return Reading::not_yet(Vendor::Beltic, status.as_str()),
        // Nor from approved or declined to this one.
        SessionStatus::MarkedForReview
            if matches!(wanted, SessionStatus::Approved | SessionStatus::Declined) =>
        {
            return Reading::not_yet(Vendor::Beltic, status.as_str());
        }
        SessionStatus::Approved | SessionStatus::Declined => time(|all| &all.decisioned_at),
        SessionStatus::MarkedForReview => time(|all| &all.marked_for_review_at),
        SessionStatus::Expired => time(|all| &all.expired_at),
        SessionStatus::Unknown(_) => None,
    };
    Reading::at(Vendor::Beltic, status.as_str(), since, Some(status == wanted))
}
