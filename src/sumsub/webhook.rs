//! Sumsub's webhooks: verification of deliveries, and the events in them. Source:
//! <https://docs.sumsub.com/docs/webhook-manager>.

use std::fmt;

use hmac::Hmac;
use reqwest::header::{HeaderMap, HeaderName};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::Sumsub;
use crate::api::sumsub::enums::{ApplicantType, KytTxnType, ReviewStatus};
use crate::api::sumsub::types::ReviewResult;
use crate::call::WebhookError;
use crate::call::webhook::{Payload, Secrets, event_json, header};
use crate::value::{Personal, Secret, Timestamp};

const DIGEST: HeaderName = HeaderName::from_static("x-payload-digest");
const ALGORITHM: HeaderName = HeaderName::from_static("x-payload-digest-alg");

/// The algorithm of a delivery's digest, which is a setting of the webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// `HMAC_SHA1_HEX`, which old webhooks are still set to.
    HmacSha1,
    /// `HMAC_SHA256_HEX`, the default of new webhooks.
    HmacSha256,
    /// `HMAC_SHA512_HEX`.
    HmacSha512,
}

impl DigestAlgorithm {
    /// Returns the name in the header `X-Payload-Digest-Alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC_SHA1_HEX",
            Self::HmacSha256 => "HMAC_SHA256_HEX",
            Self::HmacSha512 => "HMAC_SHA512_HEX",
        }
    }
}

/// A verifier for deliveries, by the header `X-Payload-Digest`: an HMAC of the body under
/// the webhook's secret (not the secret of an app token), with the algorithm in
/// `X-Payload-Digest-Alg`. Source: <https://docs.sumsub.com/docs/webhook-manager>.
///
/// SHA-256 and SHA-512 are accepted, and SHA-256 is assumed if the second header is
/// missing; see [`algorithms`](Self::algorithms).
///
/// No time is signed, so a recorded delivery can be replayed, and genuine ones come in
/// any order: recognise repeated deliveries by
/// [`correlation_id`](SumsubEvent::correlation_id),
/// [`event_type`](SumsubEvent::event_type) and [`created_at`](SumsubEvent::created_at)
/// together, and read the subject before acting on it.
///
/// ```
/// use kyc_review::header::HeaderMap;
/// use kyc_review::sumsub::{SumsubEventType, SumsubWebhooks};
///
/// let webhooks = SumsubWebhooks::new(["SoMe_SeCrEt_KeY"]).unwrap();
/// let body = r#"{"applicantId":"662edfdb7a26397a65d3bdc6","kytTxnId":"66335d9a243caf315d8c36ef","kytDataTxnId":"general0001","kytTxnType":"finance","type":"applicantKytTxnApproved","externalUserId":"kunde-Zoë","reviewStatus":"completed","createdAtMs":"2024-05-02 09:32:10.149"}"#;
/// let mut headers = HeaderMap::new();
/// headers.insert("x-payload-digest-alg", "HMAC_SHA256_HEX".parse().unwrap());
/// let digest = "d787ee774876bacdad31a09117129ab78f2b55d21ef8cc8a7622f5da0a093f33";
/// headers.insert("x-payload-digest", digest.parse().unwrap());
///
/// let event = webhooks.verify(&headers, body.as_bytes()).unwrap();
/// assert_eq!(event.event_type(), SumsubEventType::ApplicantKytTxnApproved);
/// assert_eq!(event.kyt_txn_id(), Some("66335d9a243caf315d8c36ef"));
/// ```
#[derive(Clone, Debug)]
pub struct SumsubWebhooks {
    secrets: Secrets,
    algorithms: Vec<DigestAlgorithm>,
}

impl SumsubWebhooks {
    /// Makes a verifier for one webhook. While its secret is changed, pass the previous
    /// one too.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self, WebhookError> {
        let algorithms = vec![DigestAlgorithm::HmacSha256, DigestAlgorithm::HmacSha512];
        Ok(Self { secrets: Secrets::new(secrets)?, algorithms })
    }

    /// Sets the accepted algorithms, the first of which is assumed if no header names
    /// one. Pass the one that the webhook is set to. [`DigestAlgorithm::HmacSha1`] is
    /// accepted only if it is listed here.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Returns the event if the delivery is genuine. `body` must be the exact bytes
    /// received, because Sumsub writes JSON with spaces of its own.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<SumsubEvent, WebhookError> {
        let digest = header(headers, &DIGEST)?;
        let named = match header(headers, &ALGORITHM) {
            Err(WebhookError::MissingHeader(_)) => None,
            other => Some(other?),
        };
        let is_meant = |known: &&DigestAlgorithm| named.is_none_or(|named| named == known.as_str());
        let secrets = &self.secrets;
        let genuine = match self
            .algorithms
            .iter()
            .find(is_meant)
            .ok_or(WebhookError::AlgorithmNotAccepted)?
        {
            DigestAlgorithm::HmacSha1 => secrets.have_signed::<Hmac<Sha1>>(&[body], digest),
            DigestAlgorithm::HmacSha256 => secrets.have_signed::<Hmac<Sha256>>(&[body], digest),
            DigestAlgorithm::HmacSha512 => secrets.have_signed::<Hmac<Sha512>>(&[body], digest),
        };
        if genuine? {
            Ok(SumsubEvent { body: Payload::read(body)? })
        } else {
            Err(WebhookError::NoMatch)
        }
    }
}

impl Sumsub {
    /// Makes a verifier; see [`SumsubWebhooks::new`].
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<SumsubWebhooks, WebhookError> {
        SumsubWebhooks::new(secrets)
    }
}

/// An event signed by Sumsub. It has ids and statuses, but no data of a person. Sources:
/// <https://docs.sumsub.com/docs/user-verification-webhooks>,
/// <https://docs.sumsub.com/docs/transaction-monitoring-webhooks>.
///
/// `Debug` prints only the type.
#[derive(Clone, PartialEq)]
pub struct SumsubEvent {
    body: Payload,
}

impl SumsubEvent {
    /// Returns Sumsub's own id of the applicant. Nearly every event has one.
    #[must_use]
    pub fn applicant_id(&self) -> Option<&str> {
        self.body.text("/applicantId")
    }

    /// Returns the inspection's id, on events about applicants.
    #[must_use]
    pub fn inspection_id(&self) -> Option<&str> {
        self.body.text("/inspectionId")
    }

    /// Returns the id under which Sumsub's support finds what happened.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.body.text("/correlationId")
    }

    /// Returns the level's name, on events about applicants.
    #[must_use]
    pub fn level_name(&self) -> Option<&str> {
        self.body.text("/levelName")
    }

    /// Returns who looks at the reviews of this level, if the event says so.
    #[must_use]
    pub fn review_mode(&self) -> Option<&str> {
        self.body.text("/reviewMode")
    }

    /// Returns Sumsub's id of the account, which may contain dots.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.body.text("/clientId")
    }

    /// Returns the applicant action's id, on events about applicant actions.
    #[must_use]
    pub fn applicant_action_id(&self) -> Option<&str> {
        self.body.text("/applicantActionId")
    }

    /// Returns your own id of the applicant action.
    #[must_use]
    pub fn external_applicant_action_id(&self) -> Option<&str> {
        self.body.text("/externalApplicantActionId")
    }

    /// Returns Sumsub's own id of the transaction, which
    /// [`Transactions`](super::resources::Transactions) takes.
    #[must_use]
    pub fn kyt_txn_id(&self) -> Option<&str> {
        self.body.text("/kytTxnId")
    }

    /// Returns your own id of the transaction.
    #[must_use]
    pub fn kyt_data_txn_id(&self) -> Option<&str> {
        self.body.text("/kytDataTxnId")
    }

    /// Returns the case's id, on events about cases.
    #[must_use]
    pub fn kyt_case_id(&self) -> Option<&str> {
        self.body.text("/kytCaseId")
    }
}

impl SumsubEvent {
    /// Returns what happened; empty if the body does not say.
    #[must_use]
    pub fn event_type(&self) -> SumsubEventType {
        SumsubEventType::from(self.body.text_or_empty("/type"))
    }

    /// Returns when it happened, to the millisecond, or to the second if the event has
    /// only that.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        self.body.time("/createdAtMs").or_else(|| self.body.time("/createdAt"))
    }

    /// Returns whether it happened in the sandbox; `None` if the event does not say.
    #[must_use]
    pub fn sandbox_mode(&self) -> Option<bool> {
        self.body.at("/sandboxMode")?.as_bool()
    }

    /// Returns whether the applicant is a person or a company.
    #[must_use]
    pub fn applicant_type(&self) -> Option<ApplicantType> {
        self.body.text("/applicantType").map(ApplicantType::from)
    }

    /// Returns the kind of the transaction.
    #[must_use]
    pub fn kyt_txn_type(&self) -> Option<KytTxnType> {
        self.body.text("/kytTxnType").map(KytTxnType::from)
    }

    /// Returns your own id of the user.
    #[must_use]
    pub fn external_user_id(&self) -> Option<Personal<&str>> {
        self.body.text("/externalUserId").map(Personal::new)
    }

    /// Returns the status of the review.
    #[must_use]
    pub fn review_status(&self) -> Option<ReviewStatus> {
        self.body.text("/reviewStatus").map(ReviewStatus::from)
    }

    /// Returns the verdict, on an event that reports one. Other events may carry an older
    /// verdict, or one that is not final, which is only in [`json`](Self::json). A final
    /// verdict may be followed by another.
    #[must_use]
    pub fn review_result(&self) -> Option<ReviewResult> {
        let tells_of_one = matches!(
            self.event_type(),
            SumsubEventType::ApplicantReviewed
                | SumsubEventType::ApplicantActionReviewed
                | SumsubEventType::ApplicantKytTxnApproved
                | SumsubEventType::ApplicantKytTxnRejected
                | SumsubEventType::ApplicantKytTxnReviewed
        );
        tells_of_one.then(|| self.body.decode("/reviewResult")).flatten()
    }

    event_json!();
}

impl fmt::Debug for SumsubEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SumsubEvent")
            .field("event_type", &self.event_type())
            .finish_non_exhaustive()
    }
}

crate::value::open_enum::open_enum! {
    /// The types of events. Sources:
    /// <https://docs.sumsub.com/docs/user-verification-webhooks>,
    /// <https://docs.sumsub.com/docs/transaction-monitoring-webhooks>,
    /// <https://docs.sumsub.com/docs/case-management-webhooks>.
    pub enum SumsubEventType {
        /// `applicantCreated` on the wire.
        ApplicantCreated = "applicantCreated",
        /// `applicantPending` on the wire.
        ApplicantPending = "applicantPending",
        /// `applicantPrechecked` on the wire.
        ApplicantPrechecked = "applicantPrechecked",
        /// `applicantOnHold` on the wire.
        ApplicantOnHold = "applicantOnHold",
        /// `applicantAwaitingService` on the wire.
        ApplicantAwaitingService = "applicantAwaitingService",
        /// `applicantAwaitingUser` on the wire.
        ApplicantAwaitingUser = "applicantAwaitingUser",
        /// `applicantReviewed` on the wire.
        ApplicantReviewed = "applicantReviewed",
        /// `applicantReset` on the wire.
        ApplicantReset = "applicantReset",
        /// `applicantStepsReset` on the wire.
        ApplicantStepsReset = "applicantStepsReset",
        /// `applicantLevelChanged` on the wire.
        ApplicantLevelChanged = "applicantLevelChanged",
        /// `applicantTagsChanged` on the wire.
        ApplicantTagsChanged = "applicantTagsChanged",
        /// `applicantPersonalInfoChanged` on the wire.
        ApplicantPersonalInfoChanged = "applicantPersonalInfoChanged",
        /// `applicantActivated` on the wire.
        ApplicantActivated = "applicantActivated",
        /// `applicantDeactivated` on the wire.
        ApplicantDeactivated = "applicantDeactivated",
        /// `applicantDeleted` on the wire.
        ApplicantDeleted = "applicantDeleted",
        /// `applicantPersonalDataDeleted` on the wire.
        ApplicantPersonalDataDeleted = "applicantPersonalDataDeleted",
        /// `applicantVerificationLinkOpened` on the wire.
        ApplicantVerificationLinkOpened = "applicantVerificationLinkOpened",
        /// `applicantWorkflowCompleted` on the wire.
        ApplicantWorkflowCompleted = "applicantWorkflowCompleted",
        /// `applicantWorkflowFailed` on the wire.
        ApplicantWorkflowFailed = "applicantWorkflowFailed",
        /// `applicantActionPending` on the wire.
        ApplicantActionPending = "applicantActionPending",
        /// `applicantActionReviewed` on the wire.
        ApplicantActionReviewed = "applicantActionReviewed",
        /// `applicantActionOnHold` on the wire.
        ApplicantActionOnHold = "applicantActionOnHold",
        /// `applicantActionLevelChanged` on the wire.
        ApplicantActionLevelChanged = "applicantActionLevelChanged",
        /// `applicantKytTxnCreated` on the wire.
        ApplicantKytTxnCreated = "applicantKytTxnCreated",
        /// `applicantKytTxnApproved` on the wire.
        ApplicantKytTxnApproved = "applicantKytTxnApproved",
        /// `applicantKytTxnRejected` on the wire.
        ApplicantKytTxnRejected = "applicantKytTxnRejected",
        /// `applicantKytTxnReviewed` on the wire.
        ApplicantKytTxnReviewed = "applicantKytTxnReviewed",
        /// `applicantKytTxnDeleted` on the wire.
        ApplicantKytTxnDeleted = "applicantKytTxnDeleted",
        /// `applicantKytOnHold` on the wire.
        ApplicantKytOnHold = "applicantKytOnHold",
        /// `applicantKytTxnAwaitingUser` on the wire.
        ApplicantKytTxnAwaitingUser = "applicantKytTxnAwaitingUser",
        /// `applicantKytTxnDataChanged` on the wire.
        ApplicantKytTxnDataChanged = "applicantKytTxnDataChanged",
        /// `amlCaseApproved` on the wire.
        AmlCaseApproved = "amlCaseApproved",
        /// `amlCaseRejected` on the wire.
        AmlCaseRejected = "amlCaseRejected",
        /// `amlCaseOnHold` on the wire.
        AmlCaseOnHold = "amlCaseOnHold",
        /// `kytCaseCreated` on the wire.
        KytCaseCreated = "kytCaseCreated",
        /// `kytCaseReviewed` on the wire.
        KytCaseReviewed = "kytCaseReviewed",
        /// `kytCaseStatusChanged` on the wire.
        KytCaseStatusChanged = "kytCaseStatusChanged",
        /// `videoIdentStatusChanged` on the wire.
        VideoIdentStatusChanged = "videoIdentStatusChanged",
        /// `videoIdentCompositionCompleted` on the wire.
        VideoIdentCompositionCompleted = "videoIdentCompositionCompleted",
        /// `travelRuleAction` on the wire.
        TravelRuleAction = "travelRuleAction",
        /// `kybCompanyActivity` on the wire.
        KybCompanyActivity = "kybCompanyActivity",
    }
}
