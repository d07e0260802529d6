//! The states of Sumsub's reviews, the transitions between them, and what each shows of a
//! decision.
//!
//! `init` → `pending` → `prechecked`, `queued` → `completed` or `onHold`, with
//! `awaitingUser` and `awaitingService` in between. A completed review is GREEN or RED,
//! and an applicant's RED is FINAL or RETRY. No state is permanent: it can change by a
//! reset, a return to `init`, a monitoring hold, or a new submission by the applicant.

use crate::api::sumsub::enums::ReviewStatus;
use crate::api::sumsub::types::{ApplicantAction, KytTxn, Review};
use crate::call::{Reading, Shows, Vendor, Wanted};
use crate::sumsub::Outcome;

/// Judged by status and answer of its review, with `reviewDate` once it is completed.
impl Shows for KytTxn {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let review = self.review.as_ref();
        review.map_or_else(
            || Reading::unclear(Vendor::Sumsub),
            |review| reading(review, Aim::Answer(wanted.get("answer"))),
        )
    }
}

/// Judged like an applicant.
impl Shows for ApplicantAction {
    fn shows(&self, wanted: &Wanted) -> Reading {
        self.review
            .as_ref()
            .map_or_else(|| Reading::unclear(Vendor::Sumsub), |review| review.shows(wanted))
    }
}

/// Judged by status and outcome, with `reviewDate` once it is completed.
///
/// A return has no time: an applicant in `init` counts as returned, whoever did it. A
/// reset is allowed from `init` too, so that state does not show whether it was applied.
impl Shows for Review {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let aim = match (wanted.get("outcome"), wanted.get("state"), wanted.get("reset")) {
            (Some("approved"), ..) => Aim::Outcome(Outcome::Approved),
            (Some("rejected"), ..) => Aim::Outcome(Outcome::Rejected),
            (_, Some("init"), _) => Aim::Returned,
            (.., Some(_)) => Aim::Reset,
            _ => return Reading::unclear(Vendor::Sumsub),
        };
        reading(self, aim)
    }
}

/// What a call was to bring about.
#[derive(Clone, Copy)]
enum Aim<'a> {
    /// A completed review with this answer, if it is known.
    Answer(Option<&'a str>),
    /// A completed review with this outcome.
    Outcome(Outcome),
    Returned,
    Reset,
}

fn reading(review: &Review, wanted: Aim<'_>) -> Reading {
    let at = |is_wanted| {
        Reading::at(Vendor::Sumsub, completed(review), review.review_date.as_ref(), is_wanted)
    };
    let not_yet = || Reading::not_yet(Vendor::Sumsub, review.status().as_str());
    let unclear = || Reading::unclear(Vendor::Sumsub);
    match (review.status(), wanted) {
        (ReviewStatus::Unknown(_), _) => unclear(),
        (ReviewStatus::Completed, Aim::Answer(wanted)) => {
            at(review.answer().zip(wanted).map(|(answer, wanted)| *answer == *wanted))
        }
        (ReviewStatus::Completed, Aim::Outcome(wanted)) => {
            let outcome =
                Some(review.outcome()).filter(|outcome| *outcome != Outcome::Undetermined);
            at(outcome.map(|outcome| outcome == wanted))
        }
        (ReviewStatus::Completed, _) => at(Some(false)),
        (_, Aim::Answer(_) | Aim::Outcome(_)) => not_yet(),
        (ReviewStatus::Init, Aim::Returned) => {
            Reading::at(Vendor::Sumsub, review.status().as_str(), None, Some(true))
        }
        // A return takes effect only from this state.
        (ReviewStatus::OnHold, Aim::Returned) => not_yet(),
        (
            ReviewStatus::OnHold | ReviewStatus::AwaitingService | ReviewStatus::AwaitingUser,
            Aim::Reset,
        ) => not_yet(),
        // From before the call, or from soon after it: an applicant who is back at the
        // beginning can submit again.
        (_, Aim::Returned | Aim::Reset) => unclear(),
    }
}

/// Describes a completed review in the vendor's terms, such as `completed GREEN` or
/// `completed RED FINAL`.
fn completed(review: &Review) -> String {
    let result = review.review_result.as_ref();
    let answer =
        result.and_then(|result| result.review_answer.as_ref()).map(|answer| answer.as_str());
    let kind =
        result.and_then(|result| result.review_reject_type.as_ref()).map(|kind| kind.as_str());
    [Some(review.status().as_str()), answer, kind]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}
