//! What a review has come to. Source: <https://docs.sumsub.com/docs/statuses-lifecycle-and-outcomes>.

use std::sync::LazyLock;

use crate::api::sumsub::enums::{ReviewAnswer, ReviewRejectType, ReviewStatus};
use crate::api::sumsub::types::{Applicant, KytTxn, Review};

/// What a review has come to. Even a completed review of an applicant may be opened again.
///
/// It is derived from status, answer and reject type alone. A reject label does not tell whether a rejection is final:
/// the same label goes with both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The review is not completed. An answer that stands in it already does not count.
    Pending,
    /// Completed with GREEN.
    Approved,
    /// Completed with RED, and for an applicant with the reject type FINAL.
    Rejected,
    /// Completed with RED and the reject type RETRY: the subject may try again.
    Resubmission,
    /// Completed with anything else: no answer, one that this version does not know, or an applicant's RED without a
    /// known reject type. Read the members, and do not take it for a decision.
    Undetermined,
}

/// What a review without a status has.
static NO_STATUS: LazyLock<ReviewStatus> = LazyLock::new(|| ReviewStatus::from(""));

impl Review {
    /// Its status; an empty text where the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &ReviewStatus {
        self.review_status.as_ref().unwrap_or(&NO_STATUS)
    }

    /// Its answer, once the review is completed. Before, an answer can stand in
    /// [`review_result`](Self::review_result) already (GREEN while a service is awaited), and means nothing yet.
    #[must_use]
    pub fn answer(&self) -> Option<&ReviewAnswer> {
        let result = self.review_result.as_ref().filter(|_| *self.status() == ReviewStatus::Completed)?;
        result.review_answer.as_ref()
    }

    /// What the review of an applicant has come to; for a transaction see [`KytTxn::outcome`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome_or(Outcome::Undetermined)
    }

    /// The outcome, with that of a RED whose reject type says nothing.
    fn outcome_or(&self, untyped_red: Outcome) -> Outcome {
        if *self.status() != ReviewStatus::Completed {
            return Outcome::Pending;
        }
        let kind = self.review_result.as_ref().and_then(|result| result.review_reject_type.as_ref());
        match (self.answer(), kind) {
            (Some(ReviewAnswer::Green), _) => Outcome::Approved,
            (Some(ReviewAnswer::Red), Some(ReviewRejectType::Final)) => Outcome::Rejected,
            (Some(ReviewAnswer::Red), Some(ReviewRejectType::Retry)) => Outcome::Resubmission,
            (Some(ReviewAnswer::Red), _) => untyped_red,
            _ => Outcome::Undetermined,
        }
    }
}

/// The same accessors for everything that has a review.
macro_rules! reviewed {
    ($type:ident, $untyped_red:ident, $what:literal, $red:literal) => {
        impl $type {
            #[doc = concat!("The status of the ", $what, "'s review; an empty text where the vendor sends none.")]
            #[must_use]
            pub fn review_status(&self) -> &ReviewStatus {
                self.review.as_ref().map_or(&NO_STATUS, Review::status)
            }

            /// The answer of the review, once it is completed; see [`Review::answer`].
            #[must_use]
            pub fn review_answer(&self) -> Option<&ReviewAnswer> {
                self.review.as_ref().and_then(Review::answer)
            }

            #[doc = concat!("What the review has come to. ", $red)]
            #[must_use]
            pub fn outcome(&self) -> Outcome {
                self.review.as_ref().map_or(Outcome::Pending, |review| review.outcome_or(Outcome::$untyped_red))
            }

            /// Whether the review is completed with GREEN.
            #[must_use]
            pub fn is_approved(&self) -> bool {
                self.outcome() == Outcome::Approved
            }

            /// Whether the review is completed with a rejection that is no request to try again.
            #[must_use]
            pub fn is_rejected(&self) -> bool {
                self.outcome() == Outcome::Rejected
            }
        }
    };
}

reviewed!(
    KytTxn,
    Rejected,
    "transaction",
    "A RED without a reject type is a rejection: on a transaction the vendor documents no other."
);
reviewed!(
    Applicant,
    Undetermined,
    "applicant",
    "A RED whose reject type is neither FINAL nor RETRY stays [`Outcome::Undetermined`]."
);
