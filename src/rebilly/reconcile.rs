//! What a document shows of a decision whose answer was lost.

use crate::api::rebilly::enums::KycDocumentStatus;
use crate::api::rebilly::unions::KycDocument;
use crate::call::reconcile::{Reading, judge};
use crate::call::{Error, Reconcile, Reconciled, Vendor};
use crate::rebilly::Rebilly;

/// By status, reason and review phase, with `reviewTime` and `reviewStartTime`. Who reviewed is not compared, for the client
/// does not know whose credentials it bears: what a colleague did in the same way since the call began counts as applied.
/// A release has no time: a document that nobody holds is [`Reconciled::Applied`], whoever released it.
impl Reconcile for Rebilly {
    async fn reconcile(&self, error: &Error) -> Result<Reconciled, Error> {
        let reader = self.reader();
        let wanted = match error.operation() {
            Some("post_kyc_document_acceptance") => Some(Wanted::Accepted),
            Some("post_kyc_document_rejection") => Some(Wanted::Rejected(error.intent())),
            Some("post_kyc_document_review") => Some(Wanted::Reviewed),
            Some("post_kyc_document_start_review") => Some(Wanted::Claimed),
            Some("post_kyc_document_stop_review") => Some(Wanted::Released),
            _ => None,
        };
        let wanted = wanted.zip(error.subject());
        judge(error, Vendor::Rebilly, self.api.inner.transport.clock(), || async {
            let Some((wanted, id)) = wanted else {
                return Ok(Reading::unclear(Vendor::Rebilly));
            };
            Ok(reading(&*reader.kyc_documents().get(id).await?, wanted))
        })
        .await
    }
}

/// What a call was to bring about.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Accepted,
    /// For this reason, where it is known.
    Rejected(Option<&'a str>),
    Reviewed,
    Claimed,
    Released,
}

fn reading(document: &KycDocument, wanted: Wanted<'_>) -> Reading {
    let is_rejected = *document.status() == KycDocumentStatus::Rejected;
    let reason = document.rejection().and_then(|rejection| rejection.type_.as_ref()).filter(|_| is_rejected);
    let status = match reason {
        Some(reason) => format!("{} {reason}", document.status()),
        None => document.status().to_string(),
    };
    let at = |since, is_wanted| Reading::at(Vendor::Rebilly, status.clone(), since, is_wanted);
    let not_yet = || Reading::not_yet(Vendor::Rebilly, status.clone());
    let (claimed, reviewed) = (document.review_start_time(), document.review_time());
    let is_claimed_again = claimed.zip(reviewed).is_some_and(|(claimed, reviewed)| claimed > reviewed);
    match wanted {
        Wanted::Released if document.reviewer_id().is_none() => at(None, Some(true)),
        Wanted::Released => at(if is_claimed_again { claimed } else { reviewed.or(claimed) }, Some(false)),
        // Another document of the customer was accepted in its place; nothing later has changed this one.
        _ if *document.status() == KycDocumentStatus::Archived => at(document.updated_time(), Some(false)),
        Wanted::Claimed => match (claimed, reviewed) {
            (Some(_), Some(_)) if is_claimed_again => at(claimed, Some(true)),
            (_, Some(_)) => at(reviewed, Some(false)),
            (Some(_), None) => at(claimed, Some(true)),
            (None, None) => not_yet(),
        },
        // The machine accepts and rejects too; only a person leaves this time.
        _ if reviewed.is_none() => not_yet(),
        // Reviewed once, and claimed anew: whether before or since the acknowledgement does not show.
        Wanted::Reviewed if is_claimed_again => Reading::unclear(Vendor::Rebilly),
        Wanted::Reviewed => at(reviewed, Some(true)),
        Wanted::Accepted => at(reviewed, Some(*document.status() == KycDocumentStatus::Accepted)),
        Wanted::Rejected(_) if !is_rejected => at(reviewed, Some(false)),
        Wanted::Rejected(wanted) => at(reviewed, reason.zip(wanted).map(|(reason, wanted)| *reason == *wanted)),
    }
}
