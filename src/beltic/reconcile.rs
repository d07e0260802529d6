//! What a session shows of a decision whose answer was lost.

use crate::api::beltic::enums::SessionStatus;
use crate::api::beltic::types::{Session, SessionAttributes};
use crate::beltic::Beltic;
use crate::call::reconcile::{Reading, judge};
use crate::call::{Error, Reconcile, Reconciled, Vendor};
use crate::value::Timestamp;

/// By status, and the time that the session has of it: `decisioned_at`, `marked_for_review_at`, `expired_at`.
impl Reconcile for Beltic {
    async fn reconcile(&self, error: &Error) -> Result<Reconciled, Error> {
        let reader = self.reader();
        let wanted = match error.operation() {
            Some("decline_session") => Some(SessionStatus::Declined),
            Some("approve_session") => Some(SessionStatus::Approved),
            Some("mark_session_for_review") => Some(SessionStatus::MarkedForReview),
            Some("expire_session") => Some(SessionStatus::Expired),
            _ => None,
        };
        let wanted = wanted.zip(error.subject());
        judge(error, Vendor::Beltic, self.api.inner.transport.clock(), || async {
            let Some((wanted, id)) = &wanted else {
                return Ok(Reading::unclear(Vendor::Beltic));
            };
            Ok(reading(&*reader.sessions().get(*id).await?, wanted))
        })
        .await
    }
}

fn reading(session: &Session, wanted: &SessionStatus) -> Reading {
    let status = session.status();
    let time = |pick: fn(&SessionAttributes) -> &Option<Timestamp>| {
        session.attributes.as_ref().and_then(|all| pick(all).as_ref())
    };
    let since = match status {
        // No way leads back to these from a decision.
        SessionStatus::Created
        | SessionStatus::Started
        | SessionStatus::Pending
        | SessionStatus::Completed
        | SessionStatus::Failed => return Reading::not_yet(Vendor::Beltic, status.as_str()),
        // Nor to this one, from approved or declined.
        SessionStatus::MarkedForReview if matches!(wanted, SessionStatus::Approved | SessionStatus::Declined) => {
            return Reading::not_yet(Vendor::Beltic, status.as_str());
        }
        SessionStatus::Approved | SessionStatus::Declined => time(|all| &all.decisioned_at),
        SessionStatus::MarkedForReview => time(|all| &all.marked_for_review_at),
        SessionStatus::Expired => time(|all| &all.expired_at),
        SessionStatus::Unknown(_) => None,
    };
    Reading::at(Vendor::Beltic, status.as_str(), since, Some(status == wanted))
}
