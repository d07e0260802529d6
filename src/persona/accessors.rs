//! What reviewers ask of an answer most often, and what Persona tells in headers of its
//! own.

use std::sync::LazyLock;

use super::auth::quota;
use crate::api::persona::enums::{InquirySessionStatus, InquiryStatus};
use crate::api::persona::types::{
    Case, Inquiry, InquirySession, InquirySessionArrayDocument, InquirySessionLinkDocument,
};
use crate::call::{RateLimit, Reply};
use crate::value::{Personal, Timestamp};

/// What a resource without a status has.
static NO_INQUIRY_STATUS: LazyLock<InquiryStatus> = LazyLock::new(|| InquiryStatus::from(""));
static NO_SESSION_STATUS: LazyLock<InquirySessionStatus> =
    LazyLock::new(|| InquirySessionStatus::from(""));

impl Inquiry {
    /// Its id (`inq_…`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it stands; an empty text where the answer has no status, as after `fields`
    /// without it. `Completed` means that the person is done, not that anyone approved.
    #[must_use]
    pub fn status(&self) -> &InquiryStatus {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_ref())
            .unwrap_or(&NO_INQUIRY_STATUS)
    }

    /// When it was approved or declined.
    #[must_use]
    pub fn decisioned_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.decisioned_at.as_ref()
    }

    /// When it was last sent to manual review.
    #[must_use]
    pub fn marked_for_review_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.marked_for_review_at.as_ref()
    }

    /// What the reviewer wrote.
    #[must_use]
    pub fn reviewer_comment(&self) -> Option<&Personal<String>> {
        self.attributes.as_ref()?.reviewer_comment.as_ref()
    }

    /// The caller's own id of the person.
    #[must_use]
    pub fn reference_id(&self) -> Option<&Personal<String>> {
        self.attributes.as_ref()?.reference_id.as_ref()
    }

    /// When it was created.
    #[must_use]
    pub fn created_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.created_at.as_ref()
    }

    /// When the person began.
    #[must_use]
    pub fn started_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.started_at.as_ref()
    }

    /// When the person was done.
    #[must_use]
    pub fn completed_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.completed_at.as_ref()
    }

    /// When the person failed.
    #[must_use]
    pub fn failed_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.failed_at.as_ref()
    }

    /// When it will expire unless it is finished before.
    #[must_use]
    pub fn expires_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expires_at.as_ref()
    }

    /// When it expired.
    #[must_use]
    pub fn expired_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expired_at.as_ref()
    }

    /// When the personal data was erased.
    #[must_use]
    pub fn redacted_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.redacted_at.as_ref()
    }

    /// The id of its account (`act_…`), where it has one.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        Some(self.relationships.as_ref()?.account.as_ref()?.data.as_ref()?.id.as_str())
    }
}

impl InquirySession {
    /// Its id (`iqse_…`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it stands; an empty text where the answer has no status, as after `fields`
    /// without it.
    #[must_use]
    pub fn status(&self) -> &InquirySessionStatus {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_ref())
            .unwrap_or(&NO_SESSION_STATUS)
    }

    /// When it was created.
    #[must_use]
    pub fn created_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.created_at.as_ref()
    }

    /// When it was first used.
    #[must_use]
    pub fn started_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.started_at.as_ref()
    }

    /// When it expired.
    #[must_use]
    pub fn expired_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expired_at.as_ref()
    }

    /// The id of its inquiry (`inq_…`).
    #[must_use]
    pub fn inquiry_id(&self) -> Option<&str> {
        Some(self.relationships.as_ref()?.inquiry.as_ref()?.data.as_ref()?.id.as_str())
    }
}

impl Case {
    /// Returns where it stands, in the customer's own word; empty if the response has no
    /// status.
    #[must_use]
    pub fn status(&self) -> &str {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_deref())
            .unwrap_or_default()
    }
}

impl InquirySessionArrayDocument {
    /// The sessions that the call ended.
    #[must_use]
    pub fn sessions(&self) -> &[InquirySession] {
        &self.data
    }
}

impl InquirySessionLinkDocument {
    /// The link. Whoever holds it can enter the session, once: hand it to the person and
    /// to nobody else.
    #[must_use]
    pub fn link(&self) -> Option<&Personal<String>> {
        self.meta.as_ref()?.one_time_link.as_ref()
    }

    /// The same link, short enough for a text message.
    #[must_use]
    pub fn short_link(&self) -> Option<&Personal<String>> {
        self.meta.as_ref()?.one_time_link_short.as_ref()
    }
}

impl<T> Reply<T> {
    /// Returns the environment that answered (`env_…`): the header
    /// `Persona-Environment-Id`. The key alone chooses it, so this is how a caller sees
    /// that a sandbox key has met sandbox data.
    #[must_use]
    pub fn persona_environment_id(&self) -> Option<&str> {
        self.header("persona-environment-id")
    }

    /// Returns the organization that answered (`org_…`): the header
    /// `Persona-Organization-Id`.
    #[must_use]
    pub fn persona_organization_id(&self) -> Option<&str> {
        self.header("persona-organization-id")
    }

    /// Returns the quota of the product that the call used, where Persona counts one
    /// beside the [`rate_limit`](Self::rate_limit): the headers `Quota-*`. Source:
    /// <https://docs.withpersona.com/rate-limiting>.
    #[must_use]
    pub fn persona_quota(&self) -> Option<RateLimit> {
        quota(self.headers())
    }
}
