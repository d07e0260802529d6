//! Accessors for what reviewers most often read from a response, and for Persona's own
//! response headers.

use std::sync::LazyLock;

use super::auth::quota;
use crate::api::persona::enums::{InquirySessionStatus, InquiryStatus};
use crate::api::persona::types::{
    Case, Inquiry, InquirySession, InquirySessionArrayDocument, InquirySessionLinkDocument,
};
use crate::call::{RateLimit, Reply};
use crate::value::{Personal, Timestamp};

/// The statuses of resources that have none.
static NO_INQUIRY_STATUS: LazyLock<InquiryStatus> = LazyLock::new(|| InquiryStatus::from(""));
static NO_SESSION_STATUS: LazyLock<InquirySessionStatus> =
    LazyLock::new(|| InquirySessionStatus::from(""));

impl Inquiry {
    /// Returns its id (`inq_…`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns its status; empty if the response has none, as with `fields` that leave it
    /// out. `Completed` means that the person has finished, not that anyone approved.
    #[must_use]
    pub fn status(&self) -> &InquiryStatus {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_ref())
            .unwrap_or(&NO_INQUIRY_STATUS)
    }

    /// Returns when it was approved or declined.
    #[must_use]
    pub fn decisioned_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.decisioned_at.as_ref()
    }

    /// Returns when it was last sent to manual review.
    #[must_use]
    pub fn marked_for_review_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.marked_for_review_at.as_ref()
    }

    /// Returns the reviewer's comment.
    #[must_use]
    pub fn reviewer_comment(&self) -> Option<&Personal<String>> {
        self.attributes.as_ref()?.reviewer_comment.as_ref()
    }

    /// Returns the caller's own id of the person.
    #[must_use]
    pub fn reference_id(&self) -> Option<&Personal<String>> {
        self.attributes.as_ref()?.reference_id.as_ref()
    }

    /// Returns when it was created.
    #[must_use]
    pub fn created_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.created_at.as_ref()
    }

    /// Returns when the person started.
    #[must_use]
    pub fn started_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.started_at.as_ref()
    }

    /// Returns when the person finished.
    #[must_use]
    pub fn completed_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.completed_at.as_ref()
    }

    /// Returns when the person failed.
    #[must_use]
    pub fn failed_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.failed_at.as_ref()
    }

    /// Returns when it will expire unless it is finished before.
    #[must_use]
    pub fn expires_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expires_at.as_ref()
    }

    /// Returns when it expired.
    #[must_use]
    pub fn expired_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expired_at.as_ref()
    }

    /// Returns when the personal data was erased.
    #[must_use]
    pub fn redacted_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.redacted_at.as_ref()
    }

    /// Returns the id of its account (`act_…`), if it has one.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        Some(self.relationships.as_ref()?.account.as_ref()?.data.as_ref()?.id.as_str())
    }
}

impl InquirySession {
    /// Returns its id (`iqse_…`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns its status; empty if the response has none, as with `fields` that leave it
    /// out.
    #[must_use]
    pub fn status(&self) -> &InquirySessionStatus {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_ref())
            .unwrap_or(&NO_SESSION_STATUS)
    }

    /// Returns when it was created.
    #[must_use]
    pub fn created_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.created_at.as_ref()
    }

    /// Returns when it was first used.
    #[must_use]
    pub fn started_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.started_at.as_ref()
    }

    /// Returns when it expired.
    #[must_use]
    pub fn expired_at(&self) -> Option<&Timestamp> {
        self.attributes.as_ref()?.expired_at.as_ref()
    }

    /// Returns the id of its inquiry (`inq_…`).
    #[must_use]
    pub fn inquiry_id(&self) -> Option<&str> {
        Some(self.relationships.as_ref()?.inquiry.as_ref()?.data.as_ref()?.id.as_str())
    }
}

impl Case {
    /// Returns its status, as the customer names it; empty if the response has none.
    #[must_use]
    pub fn status(&self) -> &str {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_deref())
            .unwrap_or_default()
    }
}

impl InquirySessionArrayDocument {
    /// Returns the sessions that the call ended.
    #[must_use]
    pub fn sessions(&self) -> &[InquirySession] {
        &self.data
    }
}

impl InquirySessionLinkDocument {
    /// Returns the link. Whoever holds it can enter the session, once: give it to the
    /// person and to no one else.
    #[must_use]
    pub fn link(&self) -> Option<&Personal<String>> {
        self.meta.as_ref()?.one_time_link.as_ref()
    }

    /// Returns the same link, short enough for a text message.
    #[must_use]
    pub fn short_link(&self) -> Option<&Personal<String>> {
        self.meta.as_ref()?.one_time_link_short.as_ref()
    }
}

impl<T> Reply<T> {
    /// Returns the environment that responded (`env_…`), from the header
    /// `Persona-Environment-Id`. The API key alone selects it, so this is how to check
    /// that a sandbox key reached sandbox data.
    #[must_use]
    pub fn persona_environment_id(&self) -> Option<&str> {
        self.header("persona-environment-id")
    }

    /// Returns the organization that responded (`org_…`), from the header
    /// `Persona-Organization-Id`.
    #[must_use]
    pub fn persona_organization_id(&self) -> Option<&str> {
        self.header("persona-organization-id")
    }

    /// Returns the quota of the product that the call used, if Persona counts one in
    /// addition to the [`rate_limit`](Self::rate_limit), from the headers `Quota-*`.
    /// Source: <https://docs.withpersona.com/rate-limiting>.
    #[must_use]
    pub fn persona_quota(&self) -> Option<RateLimit> {
        quota(self.headers())
    }
}
