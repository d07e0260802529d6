//! What an answer is most often asked for, on the document as on the resource in it.

use std::sync::LazyLock;

use crate::api::persona::enums::{InquirySessionStatus, InquiryStatus};
use crate::api::persona::types::{
    Inquiry, InquiryDocument, InquirySession, InquirySessionArrayDocument, InquirySessionDocument,
    InquirySessionLinkDocument,
};
use crate::{Personal, Timestamp};

/// What a resource without a status has.
static NO_INQUIRY_STATUS: LazyLock<InquiryStatus> = LazyLock::new(|| InquiryStatus::from(""));
static NO_SESSION_STATUS: LazyLock<InquirySessionStatus> = LazyLock::new(|| InquirySessionStatus::from(""));

/// Accessors of a resource, and the same of each document around it.
macro_rules! accessors {
    ($resource:ident in [$($document:ident),*] $methods:tt) => {
        accessors!(@resource $resource $methods);
        $( accessors!(@document $document $methods); )*
    };
    (@resource $resource:ident { $( $(#[$doc:meta])* fn $name:ident($this:ident) -> $type:ty { $read:expr } )* }) => {
        impl $resource { $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $type {
                let $this = self;
                $read
            }
        )* }
    };
    (@document $document:ident { $( $(#[$doc:meta])* fn $name:ident($this:ident) -> $type:ty { $read:expr } )* }) => {
        impl $document { $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $type {
                self.data.$name()
            }
        )* }
    };
}

accessors!(Inquiry in [InquiryDocument] {
    /// Its id (`inq_…`).
    fn id(this) -> &str { &this.id }
    /// Where it stands; an empty text where the answer has no status, as after `fields` without it. `Completed` means
    /// that the person is done, not that anyone approved.
    fn status(this) -> &InquiryStatus {
        this.attributes.as_ref().and_then(|attributes| attributes.status.as_ref()).unwrap_or(&NO_INQUIRY_STATUS)
    }
    /// When it was approved or declined.
    fn decisioned_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.decisioned_at.as_ref() }
    /// When it was last sent to manual review.
    fn marked_for_review_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.marked_for_review_at.as_ref() }
    /// What the reviewer wrote.
    fn reviewer_comment(this) -> Option<&Personal<String>> { this.attributes.as_ref()?.reviewer_comment.as_ref() }
    /// The caller's own id of the person.
    fn reference_id(this) -> Option<&Personal<String>> { this.attributes.as_ref()?.reference_id.as_ref() }
    /// When it was created.
    fn created_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.created_at.as_ref() }
    /// When the person began.
    fn started_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.started_at.as_ref() }
    /// When the person was done.
    fn completed_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.completed_at.as_ref() }
    /// When the person failed.
    fn failed_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.failed_at.as_ref() }
    /// When it will expire unless it is finished before.
    fn expires_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.expires_at.as_ref() }
    /// When it expired.
    fn expired_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.expired_at.as_ref() }
    /// When the personal data was erased.
    fn redacted_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.redacted_at.as_ref() }
    /// The id of its account (`act_…`), where it has one.
    fn account_id(this) -> Option<&str> {
        Some(this.relationships.as_ref()?.account.as_ref()?.data.as_ref()?.id.as_str())
    }
});

accessors!(InquirySession in [InquirySessionDocument, InquirySessionLinkDocument] {
    /// Its id (`iqse_…`).
    fn id(this) -> &str { &this.id }
    /// Where it stands; an empty text where the answer has no status, as after `fields` without it.
    fn status(this) -> &InquirySessionStatus {
        this.attributes.as_ref().and_then(|attributes| attributes.status.as_ref()).unwrap_or(&NO_SESSION_STATUS)
    }
    /// When it was created.
    fn created_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.created_at.as_ref() }
    /// When it was first used.
    fn started_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.started_at.as_ref() }
    /// When it expired.
    fn expired_at(this) -> Option<&Timestamp> { this.attributes.as_ref()?.expired_at.as_ref() }
    /// The id of its inquiry (`inq_…`).
    fn inquiry_id(this) -> Option<&str> {
        Some(this.relationships.as_ref()?.inquiry.as_ref()?.data.as_ref()?.id.as_str())
    }
});

impl InquirySessionArrayDocument {
    /// The sessions that the call ended.
    #[must_use]
    pub fn sessions(&self) -> &[InquirySession] {
        &self.data
    }
}

impl InquirySessionLinkDocument {
    /// The link. Whoever holds it can enter the session, once: hand it to the person and to nobody else.
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
