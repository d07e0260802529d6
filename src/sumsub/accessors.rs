//! Accessors for what reviewers most often read from a response: the outcome of a review.
//! Source: <https://docs.sumsub.com/docs/statuses-lifecycle-and-outcomes>.

use std::sync::LazyLock;

use crate::api::sumsub::enums::{RejectLabel, ReviewAnswer, ReviewRejectType, ReviewStatus};
use crate::api::sumsub::types::{Applicant, ApplicantAction, KytTxn, OkAnswer, Review};

/// The outcome of a review. Even a completed review of an applicant may be reopened.
///
/// Derived from status, answer and reject type alone. A reject label does not tell
/// whether a rejection is final: the same label occurs with both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The review is not completed. An answer that it already has does not count.
    Pending,
    /// Completed with GREEN.
    Approved,
    /// Completed with RED, and for an applicant with the reject type FINAL.
    Rejected,
    /// Completed with RED and the reject type RETRY: the subject may try again.
    Resubmission,
    /// Completed with anything else: no answer, an unknown one, or an applicant's RED
    /// without a known reject type. Read the fields, and do not take it for a decision.
    Undetermined,
}

/// The status of a review that has none.
static NO_STATUS: LazyLock<ReviewStatus> = LazyLock::new(|| ReviewStatus::from(""));

impl Review {
    /// Returns its status; empty if the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &ReviewStatus {
        self.review_status.as_ref().unwrap_or(&NO_STATUS)
    }

    /// Returns its answer, once the review is completed. Before,
    /// [`review_result`](Self::review_result) may already have an answer (GREEN while a
    /// service is awaited), which means nothing yet.
    #[must_use]
    pub fn answer(&self) -> Option<&ReviewAnswer> {
        let result =
            self.review_result.as_ref().filter(|_| *self.status() == ReviewStatus::Completed)?;
        result.review_answer.as_ref()
    }

    /// Returns the labels of a rejection.
    #[must_use]
    pub fn reject_labels(&self) -> &[RejectLabel] {
        let labels = self.review_result.as_ref().and_then(|result| result.reject_labels.as_deref());
        labels.unwrap_or_default()
    }

    /// Returns the outcome of the review of an applicant; for a transaction see
    /// [`KytTxn::outcome`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome_or(Outcome::Undetermined)
    }

    /// Returns the outcome, or `untyped_red` for a RED without a known reject type.
    fn outcome_or(&self, untyped_red: Outcome) -> Outcome {
        if *self.status() != ReviewStatus::Completed {
            return Outcome::Pending;
        }
        let kind =
            self.review_result.as_ref().and_then(|result| result.review_reject_type.as_ref());
        match (self.answer(), kind) {
            (Some(ReviewAnswer::Green), _) => Outcome::Approved,
            (Some(ReviewAnswer::Red), Some(ReviewRejectType::Final)) => Outcome::Rejected,
            (Some(ReviewAnswer::Red), Some(ReviewRejectType::Retry)) => Outcome::Resubmission,
            (Some(ReviewAnswer::Red), _) => untyped_red,
            _ => Outcome::Undetermined,
        }
    }
}

impl KytTxn {
    /// Returns the status of the transaction's review; empty if the vendor sends none.
    #[must_use]
    pub fn review_status(&self) -> &ReviewStatus {
        self.review.as_ref().map_or(&NO_STATUS, Review::status)
    }

    /// Returns the answer of the review, once it is completed; see [`Review::answer`].
    #[must_use]
    pub fn review_answer(&self) -> Option<&ReviewAnswer> {
        self.review.as_ref().and_then(Review::answer)
    }

    /// Returns the outcome of the review. A RED without a reject type is a rejection: for
    /// a transaction the vendor documents no other.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.review.as_ref().map_or(Outcome::Pending, |review| review.outcome_or(Outcome::Rejected))
    }

    /// Returns whether the review is completed with GREEN.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.outcome() == Outcome::Approved
    }

    /// Returns whether the review is completed with a rejection that is not a request to
    /// try again.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.outcome() == Outcome::Rejected
    }
}

impl Applicant {
    /// Returns the id of the inspection that its images belong to.
    #[must_use]
    pub fn inspection_id(&self) -> Option<&str> {
        self.inspection_id.as_deref()
    }

    /// Returns the status of the applicant's review; empty if the vendor sends none.
    #[must_use]
    pub fn review_status(&self) -> &ReviewStatus {
        self.review.as_ref().map_or(&NO_STATUS, Review::status)
    }

    /// Returns the answer of the review, once it is completed; see [`Review::answer`].
    #[must_use]
    pub fn review_answer(&self) -> Option<&ReviewAnswer> {
        self.review.as_ref().and_then(Review::answer)
    }

    /// Returns the outcome of the review. A RED whose reject type is neither FINAL nor
    /// RETRY is [`Outcome::Undetermined`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.review
            .as_ref()
            .map_or(Outcome::Pending, |review| review.outcome_or(Outcome::Undetermined))
    }

    /// Returns whether the review is completed with GREEN.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.outcome() == Outcome::Approved
    }

    /// Returns whether the review is completed with a rejection that is not a request to
    /// try again.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.outcome() == Outcome::Rejected
    }
}

impl ApplicantAction {
    /// Returns the status of the action's review; empty if the vendor sends none.
    #[must_use]
    pub fn review_status(&self) -> &ReviewStatus {
        self.review.as_ref().map_or(&NO_STATUS, Review::status)
    }

    /// Returns the answer of the review, once it is completed; see [`Review::answer`].
    #[must_use]
    pub fn review_answer(&self) -> Option<&ReviewAnswer> {
        self.review.as_ref().and_then(Review::answer)
    }

    /// Returns the outcome of the review, derived as for an applicant.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.review
            .as_ref()
            .map_or(Outcome::Pending, |review| review.outcome_or(Outcome::Undetermined))
    }

    /// Returns whether the review is completed with GREEN.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.outcome() == Outcome::Approved
    }

    /// Returns whether the review is completed with a rejection that is not a request to
    /// try again.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.outcome() == Outcome::Rejected
    }
}

impl OkAnswer {
    /// Returns whether the vendor says that the call had its effect: `ok` is 1.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.ok == Some(1)
    }
}
