//! Accessors for what reviewers most often read from a response. They read a KYC document
//! of any kind, in its current shape and in those of earlier years.

use std::sync::LazyLock;

use serde_json::Value;

use crate::api::rebilly::enums::{KycDocumentStatus, KycDocumentSubtype, KycDocumentType};
use crate::api::rebilly::types::{KycDocumentLink, KycDocumentRejectionReason, Tag};
use crate::api::rebilly::unions::KycDocument;
use crate::rebilly::Score;
use crate::value::{Personal, Timestamp};

/// The progress of the review of a document by people. It says nothing of the decision:
/// what the machine accepted or rejected is unreviewed until a person acknowledges it.
/// Source: <https://www.rebilly.com/docs/data-tables/manage-kyc>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewPhase {
    /// No one has claimed it.
    Unreviewed,
    /// Someone has claimed it (`reviewerId`) and not yet reviewed it.
    InReview,
    /// Someone has accepted, rejected or acknowledged it (`reviewTime`).
    Reviewed,
}

/// The type of a document that has none, which the vendor never sends.
static NO_TYPE: LazyLock<KycDocumentType> = LazyLock::new(|| KycDocumentType::from(""));

/// The status of a document that has none.
static NO_STATUS: LazyLock<KycDocumentStatus> = LazyLock::new(|| KycDocumentStatus::from(""));

impl KycDocument {
    /// Returns the document's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.field_id()
    }

    /// Returns the id of the customer whom the document is about.
    #[must_use]
    pub fn customer_id(&self) -> Option<&str> {
        self.field_customer_id().map(|id| id.expose().as_str())
    }

    /// Returns what it proves. An unknown type keeps its text.
    #[must_use]
    pub fn document_type(&self) -> &KycDocumentType {
        self.field_document_type().unwrap_or(&NO_TYPE)
    }

    /// Returns what sort of paper it is, as submitted.
    #[must_use]
    pub fn document_subtype(&self) -> Option<&KycDocumentSubtype> {
        self.field_document_subtype()
    }

    /// Returns the state of the decision; empty if the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &KycDocumentStatus {
        self.field_status().unwrap_or(&NO_STATUS)
    }

    /// Returns why it was rejected. Whether the vendor keeps the reason when a document
    /// is accepted later is not documented.
    #[must_use]
    pub fn rejection(&self) -> Option<&KycDocumentRejectionReason> {
        self.field_rejection_reason()
    }

    /// Returns whether a person has claimed or reviewed it, which `reviewerId` and
    /// `reviewTime` show because no field states it.
    #[must_use]
    pub fn review_phase(&self) -> ReviewPhase {
        match (self.field_reviewer_id(), self.field_review_time()) {
            (_, Some(_)) => ReviewPhase::Reviewed,
            (Some(_), None) => ReviewPhase::InReview,
            (None, None) => ReviewPhase::Unreviewed,
        }
    }

    /// Returns the ids of its files: `fileIds`, or the one `fileId` that documents had
    /// before November 2023.
    #[must_use]
    pub fn file_ids(&self) -> &[String] {
        let ids = self.field_file_ids().map(Vec::as_slice).unwrap_or_default();
        let old = self.field_file_id().map(std::slice::from_ref).unwrap_or_default();
        if ids.is_empty() { old } else { ids }
    }

    /// Returns the id of the KYC request that it was submitted for.
    #[must_use]
    pub fn kyc_request_id(&self) -> Option<&str> {
        self.field_request_id().map(String::as_str)
    }

    /// Returns the id of the reviewer who claimed or reviewed it, which the vendor takes
    /// from the credentials.
    #[must_use]
    pub fn reviewer_id(&self) -> Option<&str> {
        self.field_reviewer_id().map(String::as_str)
    }

    /// Returns the name of that reviewer.
    #[must_use]
    pub fn reviewer_name(&self) -> Option<&Personal<String>> {
        self.field_reviewer_name()
    }

    /// Returns when it was created.
    #[must_use]
    pub fn created_time(&self) -> Option<&Timestamp> {
        self.field_created_time()
    }

    /// Returns when it was last changed.
    #[must_use]
    pub fn updated_time(&self) -> Option<&Timestamp> {
        self.field_updated_time()
    }

    /// Returns when the automatic analysis was done.
    #[must_use]
    pub fn processed_time(&self) -> Option<&Timestamp> {
        self.field_processed_time()
    }

    /// Returns when a person claimed it.
    #[must_use]
    pub fn review_start_time(&self) -> Option<&Timestamp> {
        self.field_review_start_time()
    }

    /// Returns when a person accepted, rejected or acknowledged it.
    #[must_use]
    pub fn review_time(&self) -> Option<&Timestamp> {
        self.field_review_time()
    }

    /// Returns the reviewer's notes.
    #[must_use]
    pub fn notes(&self) -> Option<&Personal<String>> {
        self.field_notes()
    }

    /// Returns why it was uploaded.
    #[must_use]
    pub fn reason(&self) -> Option<&Personal<String>> {
        self.field_reason()
    }

    /// Returns how strictly it is checked, 1 to 3.
    #[must_use]
    pub fn match_level(&self) -> Option<i64> {
        self.field_match_level().copied()
    }

    /// Returns how often it has changed: of two representations, the one with the greater
    /// revision is the newer.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        self.field_revision().copied()
    }

    /// Returns the labels that staff put on it.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        self.field_tags().map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the links to itself and to related resources.
    #[must_use]
    pub fn links(&self) -> &[KycDocumentLink] {
        self.field_links().map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the customer, if the list was asked to `expand` it. Reads both forms of
    /// `_embedded`: the current object, and the list of objects with one field each in
    /// older responses.
    #[must_use]
    pub fn embedded_customer(&self) -> Option<Personal<&Value>> {
        let embedded = self.field_embedded()?.expose();
        embedded_member(embedded, "customer")
            .filter(|customer| customer.is_object())
            .map(Personal::new)
    }

    /// Returns the files, if the list was asked to `expand` them; read like
    /// [`embedded_customer`](Self::embedded_customer).
    #[must_use]
    pub fn embedded_files(&self) -> Vec<Personal<&Value>> {
        let embedded = self.field_embedded().map(|embedded| embedded.expose());
        let files = embedded
            .and_then(|embedded| embedded_member(embedded, "files"))
            .and_then(Value::as_array);
        files.into_iter().flatten().map(Personal::new).collect()
    }
}

impl KycDocument {
    /// Returns how sure the automatic analysis is that the document is the customer's
    /// (`documentMatches.score`); `None` if there was no analysis.
    #[must_use]
    pub fn match_score(&self) -> Option<Score> {
        let raw = match self {
            Self::AddressProof(document) => {
                document.document_matches.as_ref().and_then(|matches| matches.score)
            }
            Self::CreditFileProof(document) => {
                document.document_matches.as_ref().and_then(|matches| matches.score)
            }
            Self::FundsProof(document) => {
                document.document_matches.as_ref().and_then(|matches| matches.score)
            }
            Self::IdentityProof(document) => {
                document.document_matches.as_ref().and_then(|matches| matches.score)
            }
            Self::PurchaseProof(document) => {
                document.document_matches.as_ref().and_then(|matches| matches.score)
            }
            Self::Unknown(document) => {
                document.raw().pointer("/documentMatches/score").and_then(Value::as_f64)
            }
        };
        raw.map(Score::from)
    }
}

/// Returns one related object, from either form of `_embedded`.
fn embedded_member<'a>(embedded: &'a Value, name: &str) -> Option<&'a Value> {
    let entries = embedded.as_array().map_or(std::slice::from_ref(embedded), Vec::as_slice);
    entries.iter().find_map(|entry| entry.get(name)).filter(|member| !member.is_null())
}
