//! Applicants: read them, decide on them, send them back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::sumsub::types::{Applicant, ApplicantApproval, ApplicantRejection, ApplicantReturn, OkAnswer, Review};
use crate::api::vendor::{awaitable, decision, id};
use crate::call::{Error, Vendor};
use crate::sumsub::tags::has_blank;
use crate::sumsub::{ApplicantId, Sumsub, VerificationStepId};
use crate::value::{InvalidId, Personal};

const APPROVE: &str = "approve_applicant";
const REJECT: &str = "reject_applicant";
const RETURN: &str = "return_applicant_to_init";
const RESET_STEP: &str = "reset_applicant_step";

/// Applicants, individuals and companies. Source: <https://docs.sumsub.com/reference/get-applicant-data>.
///
/// Every id here is Sumsub's own, not your `externalUserId`.
///
/// Shortly after an applicant went to pending, a decision can be refused with a conflict
/// ([`is_conflict`](Error::is_conflict)) that passes: wait for [`retry_after`](Error::retry_after), or 10 to 15 seconds
/// where the vendor gives none, and send it again.
#[derive(Clone, Debug)]
pub struct Applicants {
    client: Sumsub,
}

impl Applicants {
    pub(super) fn new(client: Sumsub) -> Self {
        Self { client }
    }

    /// One applicant, with all data. Source: <https://docs.sumsub.com/reference/get-applicant-data>.
    pub fn get(&self, id: impl TryInto<ApplicantId, Error: Into<InvalidId>>) -> GetApplicant {
        GetApplicant { client: self.client.clone(), id: applicant_id("get_applicant", id) }
    }

    /// The review of an applicant, without the applicant's data. The app token needs the permission *View applicants*.
    /// Source: <https://docs.sumsub.com/reference/get-applicant-review-status>.
    pub fn status(&self, id: impl TryInto<ApplicantId, Error: Into<InvalidId>>) -> GetApplicantStatus {
        GetApplicantStatus { client: self.client.clone(), id: applicant_id("get_applicant_review_status", id) }
    }

    /// Completes the review with GREEN; steps and documents keep their states. Allowed from any status, except where a
    /// video identification has not been reviewed yet. Source: <https://docs.sumsub.com/reference/approve-applicant>.
    pub fn approve(&self, id: impl TryInto<ApplicantId, Error: Into<InvalidId>>) -> ApproveApplicant {
        let id = applicant_id(APPROVE, id);
        ApproveApplicant { client: self.client.clone(), id, note: None, tags: Vec::new(), reconcile: false }
    }

    /// Completes the review with RED and FINAL: the applicant cannot retry. The server sets the label
    /// `EXTERNAL_DECISION_REJECTION` itself; the reasons are logged, and never shown in an answer.
    /// Sources: <https://docs.sumsub.com/reference/reject-applicant>,
    /// <https://docs.sumsub.com/reference/external-rejection-reasons-list>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use kyc_review::sumsub::RejectionReasons;
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (sumsub, id) = (sandbox.sumsub(), sandbox.seed().applicant("onHold"));
    ///
    /// let reasons = RejectionReasons::new().reason("fraud", "documentForgery");
    /// let applicant = sumsub.applicants().reject(&id, reasons).note("The photo was replaced").await?;
    /// assert!(applicant.is_rejected());
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn reject(
        &self,
        id: impl TryInto<ApplicantId, Error: Into<InvalidId>>,
        reasons: RejectionReasons,
    ) -> RejectApplicant {
        let id = applicant_id(REJECT, id);
        RejectApplicant { client: self.client.clone(), id, reasons, note: None, tags: Vec::new(), reconcile: false }
    }

    /// Asks the applicant for more: puts the review back to `init`, and resets no step. It takes effect only for an
    /// applicant on hold with a step that is still asked for; otherwise the system puts its own status in place, so
    /// look at the answer. A known reason is `additionalDocumentRequest` in the group `manual`. Source:
    /// <https://docs.sumsub.com/reference/change-applicant-status-to-init>.
    pub fn return_to_init(
        &self,
        id: impl TryInto<ApplicantId, Error: Into<InvalidId>>,
        reasons: RejectionReasons,
    ) -> ReturnApplicantToInit {
        let id = applicant_id(RETURN, id);
        ReturnApplicantToInit {
            client: self.client.clone(),
            id,
            reasons,
            note: None,
            tags: Vec::new(),
            reconcile: false,
        }
    }

    /// Begins the verification anew: the review goes back to `init`, uploaded documents become inactive, and all states
    /// given so far are deleted. Refused while the applicant is `pending`, `prechecked` or `queued`. Sends no body.
    /// Source: <https://docs.sumsub.com/reference/reset-applicant>.
    pub fn reset(&self, id: impl TryInto<ApplicantId, Error: Into<InvalidId>>) -> ResetApplicant {
        ResetApplicant { client: self.client.clone(), id: applicant_id("reset_applicant", id) }
    }

    /// Lets the applicant go through one step again, by its name
    /// ([`IdDocSetType::KNOWN`](super::IdDocSetType::KNOWN) has them). Not every step can be reset; `COMPANY_DATA`,
    /// `COMPANY_DOCUMENTS`, `APPLICANT_DATA`, `IDENTITY` and `PHONE_VERIFICATION` can. Sends no body.
    /// Source: <https://docs.sumsub.com/reference/reset-single-verification-step>.
    pub fn reset_step(
        &self,
        id: impl TryInto<ApplicantId, Error: Into<InvalidId>>,
        step: impl TryInto<VerificationStepId, Error: Into<InvalidId>>,
    ) -> ResetApplicantStep {
        ResetApplicantStep {
            client: self.client.clone(),
            id: applicant_id(RESET_STEP, id),
            step: crate::api::vendor::id(Vendor::Sumsub, RESET_STEP, step),
        }
    }
}

fn applicant_id(
    operation: &'static str,
    text: impl TryInto<ApplicantId, Error: Into<InvalidId>>,
) -> Result<ApplicantId, Error> {
    id(Vendor::Sumsub, operation, text)
}

/// Why an applicant is rejected or sent back: reasons by group.
///
/// Groups and reasons are the vendor's words. Known are `fraud` (`documentForgery`, `multiAccounting`,
/// `stolenIdentity`, …), `finance` (`chargeback`, `suspiciousAccounts`, `moneyMuling`, …), `device`
/// (`suspiciousDevice`, …) and, to send somebody back, `manual` (`additionalDocumentRequest`, …). `Debug` prints none
/// of them. Source: <https://docs.sumsub.com/reference/external-rejection-reasons-list>.
///
/// ```
/// use kyc_review::sumsub::RejectionReasons;
///
/// let reasons = RejectionReasons::new().reason("fraud", "documentForgery").reason("finance", "chargeback");
/// assert_eq!(format!("{reasons:?}"), "RejectionReasons([personal])");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct RejectionReasons(Personal<BTreeMap<String, Vec<String>>>);

impl RejectionReasons {
    /// No reason; the calls that take reasons ask for one at least.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more reason.
    pub fn reason(self, group: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut groups = self.0.into_exposed();
        groups.entry(group.into()).or_default().push(reason.into());
        Self(Personal::new(groups))
    }

    fn checked(self, operation: &'static str) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let refuse = |why| Err(Error::invalid(Vendor::Sumsub, operation, why));
        let groups = self.0.into_exposed();
        if groups.is_empty() {
            return refuse("no reason is given");
        }
        if groups.iter().any(|(group, reasons)| group.trim().is_empty() || has_blank(reasons)) {
            return refuse("a group or a reason is empty");
        }
        Ok(groups)
    }
}

/// The options that a decision on an applicant has.
macro_rules! annotated {
    ($name:ident) => {
        impl $name {
            /// A note for the applicant's profile.
            pub fn note(mut self, note: impl Into<Personal<String>>) -> Self {
                self.note = Some(note.into());
                self
            }

            /// Tags for the applicant's profile; adds to those given before. A profile holds 30 at most.
            pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.tags.extend(tags.into_iter().map(Into::into));
                self
            }
        }
    };
}

fn tags(operation: &'static str, tags: Vec<String>) -> Result<Option<Vec<String>>, Error> {
    if has_blank(&tags) {
        return Err(Error::invalid(Vendor::Sumsub, operation, "a tag is empty"));
    }
    Ok(Some(tags).filter(|tags| !tags.is_empty()))
}

/// See [`Applicants::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetApplicant {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
}

awaitable!(GetApplicant => Applicant, request, {
    request.client.api().get_applicant().applicant_id(request.id?).send().await
});

/// See [`Applicants::status`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetApplicantStatus {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
}

awaitable!(GetApplicantStatus => Review, request, {
    request.client.api().get_applicant_review_status().applicant_id(request.id?).send().await
});

/// See [`Applicants::approve`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ApproveApplicant {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
    note: Option<Personal<String>>,
    tags: Vec<String>,
    reconcile: bool,
}

annotated!(ApproveApplicant);

decision!(ApproveApplicant => Applicant, request, {
    // Without note and tags this is `{}`, which the vendor asks for.
    let body = ApplicantApproval { note: request.note, tags: tags(APPROVE, request.tags)? };
    let id = request.id?;
}, send {
    request.client.api().approve_applicant().applicant_id(&id).body(body.clone()).send().await
}, read {
    request.client.applicants().get(&id).await
});

/// See [`Applicants::reject`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RejectApplicant {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
    reasons: RejectionReasons,
    note: Option<Personal<String>>,
    tags: Vec<String>,
    reconcile: bool,
}

annotated!(RejectApplicant);

decision!(RejectApplicant => Applicant, request, {
    let reasons = request.reasons.checked(REJECT)?;
    let body = ApplicantRejection { note: request.note, reasons, tags: tags(REJECT, request.tags)? };
    let id = request.id?;
}, send {
    request.client.api().reject_applicant().applicant_id(&id).body(body.clone()).send().await
}, read {
    request.client.applicants().get(&id).await
});

/// See [`Applicants::return_to_init`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ReturnApplicantToInit {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
    reasons: RejectionReasons,
    note: Option<Personal<String>>,
    tags: Vec<String>,
    reconcile: bool,
}

annotated!(ReturnApplicantToInit);

decision!(ReturnApplicantToInit => Applicant, request, {
    let reasons = request.reasons.checked(RETURN)?;
    let body = ApplicantReturn { note: request.note, reasons, tags: tags(RETURN, request.tags)? };
    let id = request.id?;
}, send {
    request.client.api().return_applicant_to_init().applicant_id(&id).body(body.clone()).send().await
}, read {
    request.client.applicants().get(&id).await
});

/// See [`Applicants::reset`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ResetApplicant {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
}

awaitable!(ResetApplicant => OkAnswer, request, {
    request.client.api().reset_applicant().applicant_id(request.id?).send().await
});

/// See [`Applicants::reset_step`]. No page shows the answer, so that [`OkAnswer::is_ok`] can be false of a success.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ResetApplicantStep {
    client: Sumsub,
    id: Result<ApplicantId, Error>,
    step: Result<VerificationStepId, Error>,
}

awaitable!(ResetApplicantStep => OkAnswer, request, {
    let (id, step) = (request.id?, request.step?);
    let reply = request.client.api().reset_applicant_step().applicant_id(id).id_doc_set_type(step).send().await?;
    // Calls beside it answer with `ok`.
    Ok(reply.map(|answer| OkAnswer { ok: answer.expose().get("ok").and_then(Value::as_i64) }))
});

impl OkAnswer {
    /// Whether the vendor says that the call had its effect: `ok` is 1.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.ok == Some(1)
    }
}
