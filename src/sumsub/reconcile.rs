//! What a review shows of a decision whose answer was lost.

use crate::api::sumsub::enums::ReviewStatus;
use crate::api::sumsub::types::Review;
use crate::call::reconcile::{Reading, judge};
use crate::call::{Error, Reconcile, Reconciled, Vendor};
use crate::sumsub::{Outcome, Sumsub};

/// By status and answer of the review, with `reviewDate` once it is completed.
///
/// That an applicant was returned has no time: one in `init` is [`Reconciled::Applied`], whoever returned it. A reset is
/// allowed from `init` too, so that it cannot be told there, and that of a single step shows nowhere.
impl Reconcile for Sumsub {
    async fn reconcile(&self, error: &Error) -> Result<Reconciled, Error> {
        let reader = self.reader();
        let operation = error.operation().unwrap_or_default();
        let wanted = match operation {
            "review_transaction" => Some(Wanted::Answer(error.intent())),
            "approve_applicant" => Some(Wanted::Outcome(Outcome::Approved)),
            "reject_applicant" => Some(Wanted::Outcome(Outcome::Rejected)),
            "return_applicant_to_init" => Some(Wanted::Returned),
            "reset_applicant" => Some(Wanted::Reset),
            _ => None,
        };
        let wanted = wanted.zip(error.subject());
        judge(error, Vendor::Sumsub, self.api.inner.transport.clock(), || async {
            match wanted {
                None => Ok(Reading::unclear(Vendor::Sumsub)),
                Some((wanted, id)) if operation == "review_transaction" => {
                    let transaction = reader.transactions().get(id).await?;
                    let review = transaction.review.as_ref();
                    Ok(review.map_or_else(|| Reading::unclear(Vendor::Sumsub), |review| reading(review, wanted)))
                }
                // The review alone, without the person's data.
                Some((wanted, id)) => Ok(reading(&*reader.applicants().status(id).await?, wanted)),
            }
        })
        .await
    }
}

/// What a call was to bring about.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// A completed review with this answer, where it is known.
    Answer(Option<&'a str>),
    /// A completed review that has come to this.
    Outcome(Outcome),
    Returned,
    Reset,
}

fn reading(review: &Review, wanted: Wanted<'_>) -> Reading {
    let at = |is_wanted| Reading::at(Vendor::Sumsub, completed(review), review.review_date.as_ref(), is_wanted);
    let not_yet = || Reading::not_yet(Vendor::Sumsub, review.status().as_str());
    let unclear = || Reading::unclear(Vendor::Sumsub);
    match (review.status(), wanted) {
        (ReviewStatus::Unknown(_), _) => unclear(),
        (ReviewStatus::Completed, Wanted::Answer(wanted)) => {
            at(review.answer().zip(wanted).map(|(answer, wanted)| *answer == *wanted))
        }
        (ReviewStatus::Completed, Wanted::Outcome(wanted)) => {
            let outcome = Some(review.outcome()).filter(|outcome| *outcome != Outcome::Undetermined);
            at(outcome.map(|outcome| outcome == wanted))
        }
        (ReviewStatus::Completed, _) => at(Some(false)),
        (_, Wanted::Answer(_) | Wanted::Outcome(_)) => not_yet(),
        (ReviewStatus::Init, Wanted::Returned) => {
            Reading::at(Vendor::Sumsub, review.status().as_str(), None, Some(true))
        }
        // It takes effect from there only.
        (ReviewStatus::OnHold, Wanted::Returned) => not_yet(),
        (ReviewStatus::OnHold | ReviewStatus::AwaitingService | ReviewStatus::AwaitingUser, Wanted::Reset) => not_yet(),
        // Before the call, or soon after it: an applicant who is back at the beginning can hand in again.
        (_, Wanted::Returned | Wanted::Reset) => unclear(),
    }
}

/// A completed review in the vendor's words: `completed GREEN`, `completed RED FINAL`.
fn completed(review: &Review) -> String {
    let result = review.review_result.as_ref();
    let answer = result.and_then(|result| result.review_answer.as_ref()).map(|answer| answer.as_str());
    let kind = result.and_then(|result| result.review_reject_type.as_ref()).map(|kind| kind.as_str());
    [Some(review.status().as_str()), answer, kind].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
