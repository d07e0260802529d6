//! What an inquiry or a session shows of a decision whose answer was lost.

use super::Persona;
use crate::api::persona::enums::{InquirySessionStatus, InquiryStatus};
use crate::api::persona::types::{InquiryDocument, InquirySessionDocument};
use crate::reconcile::{Reading, judge};
use crate::{Error, Reconcile, Reconciled, Vendor};

/// By status, and the time that the subject has of it: `decisioned-at`, `marked-for-review-at`, `expired-at`. A call of
/// [`expire_all`](super::InquirySessions::expire_all) has no single subject: [`Reconciled::CannotTell`].
impl Reconcile for Persona {
    async fn reconcile(&self, error: &Error) -> Result<Reconciled, Error> {
        let reader = self.reader();
        let (operation, id) = (error.operation().unwrap_or_default(), error.subject());
        judge(error, Vendor::Persona, self.api.inner.transport.clock(), || async {
            let wanted = match operation {
                "approve_an_inquiry" => Some(InquiryStatus::Approved),
                "decline_an_inquiry" => Some(InquiryStatus::Declined),
                "mark_an_inquiry_for_review" => Some(InquiryStatus::NeedsReview),
                _ => None,
            };
            match (wanted, id) {
                (Some(wanted), Some(id)) => Ok(inquiry(&*reader.inquiries().get(id).await?, &wanted)),
                (None, Some(id)) if operation == "expire_an_inquiry_session" => {
                    Ok(session(&*reader.inquiry_sessions().get(id).await?))
                }
                _ => Ok(Reading::unclear(Vendor::Persona)),
            }
        })
        .await
    }
}

fn inquiry(inquiry: &InquiryDocument, wanted: &InquiryStatus) -> Reading {
    let status = inquiry.status();
    let since = match status {
        // No way leads back to these from a decision.
        InquiryStatus::Created | InquiryStatus::Pending | InquiryStatus::Completed | InquiryStatus::Failed => {
            return Reading::not_yet(Vendor::Persona, status.as_str());
        }
        // Nor to this one, which the vendor refuses once an inquiry is approved or declined.
        InquiryStatus::NeedsReview if matches!(wanted, InquiryStatus::Approved | InquiryStatus::Declined) => {
            return Reading::not_yet(Vendor::Persona, status.as_str());
        }
        InquiryStatus::Approved | InquiryStatus::Declined => inquiry.decisioned_at(),
        InquiryStatus::Expired => inquiry.expired_at(),
        InquiryStatus::NeedsReview => inquiry.marked_for_review_at(),
        InquiryStatus::Unknown(_) => None,
    };
    Reading::at(Vendor::Persona, status.as_str(), since, Some(status == wanted))
}

fn session(session: &InquirySessionDocument) -> Reading {
    let status = session.status();
    match status {
        InquirySessionStatus::New | InquirySessionStatus::Active => Reading::not_yet(Vendor::Persona, status.as_str()),
        InquirySessionStatus::Expired => {
            Reading::at(Vendor::Persona, status.as_str(), session.expired_at(), Some(true))
        }
        InquirySessionStatus::Unknown(_) => Reading::unclear(Vendor::Persona),
    }
}

/// `decision!`, with what it means for the idempotency key.
macro_rules! keyed_decision {
    ($($decision:tt)*) => {
        $crate::vendor::decision! {
            ///
            /// Each sending has an idempotency key of its own. One that you set by
            /// [`CallOptions`](crate::CallOptions::idempotency_key) goes out unchanged both times: where the first sending
            /// reached the vendor, the second is answered as the first was, with its server error too.
            $($decision)*
        }
    };
}

pub(super) use keyed_decision;
