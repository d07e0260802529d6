//! The states of Rebilly's subjects, the transitions between them, and what each shows of
//! a decision.
//!
//! A KYC document has a decision (`pending`, `in-progress` → `accepted`, `rejected`,
//! `archived`), made by the machine or a person, and a separate review (unclaimed →
//! claimed → reviewed), made only by people. Both can change again: a reviewed document
//! can be claimed again, a claim released, a decision replaced by another. An AML check
//! has the same review.

use crate::api::rebilly::enums::KycDocumentStatus;
use crate::api::rebilly::types::AmlCheck;
use crate::api::rebilly::unions::KycDocument;
use crate::call::{Reading, Shows, Vendor, Wanted};
use crate::value::Timestamp;

/// Judged by status, reason and review, with `reviewTime` and `reviewStartTime`. The
/// reviewer is not compared, because the client does not know whose credentials it has:
/// the same decision by a colleague since the call began counts as applied. A release has
/// no time: a document that no one has claimed counts as released, whoever released it.
impl Shows for KycDocument {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let aim = match wanted.get("state") {
            Some("accepted") => Aim::Accepted,
            Some("rejected") => Aim::Rejected(wanted.get("reason")),
            Some("reviewed") => Aim::Reviewed,
            Some("claimed") => Aim::Claimed,
            Some("released") => Aim::Released,
            _ => return Reading::unclear(Vendor::Rebilly),
        };
        reading(self, aim)
    }
}

/// Judged by its review, like a document, and for a verdict by status. A status that the
/// machine has set has no `reviewTime`.
impl Shows for AmlCheck {
    fn shows(&self, wanted: &Wanted) -> Reading {
        let status = self.status.as_ref().map(|status| status.as_str()).unwrap_or_default();
        let at = |since: Option<&Timestamp>, is_wanted| {
            Reading::at(Vendor::Rebilly, status, since, Some(is_wanted))
        };
        let (claimed, reviewed) = (self.review_start_time.as_ref(), self.review_time.as_ref());
        let is_claimed_again =
            claimed.zip(reviewed).is_some_and(|(claimed, reviewed)| claimed > reviewed);
        match wanted.get("state") {
            Some("released") if self.reviewer_id.is_none() => at(None, true),
            Some("released") => {
                at(if is_claimed_again { claimed } else { reviewed.or(claimed) }, false)
            }
            Some("claimed") => match (claimed, reviewed) {
                (Some(_), Some(_)) if !is_claimed_again => at(reviewed, false),
                (Some(_), _) => at(claimed, true),
                (None, Some(_)) => at(reviewed, false),
                (None, None) => Reading::not_yet(Vendor::Rebilly, status),
            },
            Some(_) if reviewed.is_none() => Reading::not_yet(Vendor::Rebilly, status),
            Some(wanted) => at(reviewed, status == wanted),
            None => Reading::unclear(Vendor::Rebilly),
        }
    }
}

/// What a call was to bring about.
#[derive(Clone, Copy)]
enum Aim<'a> {
    Accepted,
    /// For this reason, if it is known.
    Rejected(Option<&'a str>),
    Reviewed,
    Claimed,
    Released,
}

fn reading(document: &KycDocument, wanted: Aim<'_>) -> Reading {
    let is_rejected = *document.status() == KycDocumentStatus::Rejected;
    let reason =
        document.rejection().and_then(|rejection| rejection.type_.as_ref()).filter(|_| is_rejected);
    let status = match reason {
        Some(reason) => format!("{} {reason}", document.status()),
        None => document.status().to_string(),
    };
    let at = |since, is_wanted| Reading::at(Vendor::Rebilly, status.clone(), since, is_wanted);
    let not_yet = || Reading::not_yet(Vendor::Rebilly, status.clone());
    let (claimed, reviewed) = (document.review_start_time(), document.review_time());
    let is_claimed_again =
        claimed.zip(reviewed).is_some_and(|(claimed, reviewed)| claimed > reviewed);
    match wanted {
        Aim::Released if document.reviewer_id().is_none() => at(None, Some(true)),
        Aim::Released => {
            at(if is_claimed_again { claimed } else { reviewed.or(claimed) }, Some(false))
        }
        // Another document of the customer was accepted in its place, and nothing has
        // changed this one since.
        _ if *document.status() == KycDocumentStatus::Archived => {
            at(document.updated_time(), Some(false))
        }
        Aim::Claimed => match (claimed, reviewed) {
            (Some(_), Some(_)) if is_claimed_again => at(claimed, Some(true)),
            (_, Some(_)) => at(reviewed, Some(false)),
            (Some(_), None) => at(claimed, Some(true)),
            (None, None) => not_yet(),
        },
        // The machine accepts and rejects too, but only a person sets this time.
        _ if reviewed.is_none() => not_yet(),
        // Reviewed once and claimed again: it does not show whether the claim came before
        // or after the acknowledgement.
        Aim::Reviewed if is_claimed_again => Reading::unclear(Vendor::Rebilly),
        Aim::Reviewed => at(reviewed, Some(true)),
        Aim::Accepted => at(reviewed, Some(*document.status() == KycDocumentStatus::Accepted)),
        Aim::Rejected(_) if !is_rejected => at(reviewed, Some(false)),
        Aim::Rejected(wanted) => {
            at(reviewed, reason.zip(wanted).map(|(reason, wanted)| *reason == *wanted))
        }
    }
}
