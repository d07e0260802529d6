//! New KYC documents: one builder for all five kinds.

use crate::api::rebilly::enums::{KycDocumentSubtype, KycDocumentType};
use crate::api::rebilly::types::{
    ProofOfAddressKycDocumentInput, ProofOfCreditFileKycDocumentInput,
    ProofOfFundsKycDocumentInput, ProofOfIdentityKycDocumentInput, ProofOfPurchaseKycDocumentInput,
};
use crate::api::rebilly::unions::{KycDocumentReplacement, NewKycDocument};
use crate::value::{IntoValue, Personal, Sealed};

/// A KYC document to create, or to replace another with. The constructor chooses the kind
/// and sets `documentType`.
///
/// The free-form `settings` of proofs of funds, proofs of purchase and credit files are
/// in the generated types ([`NewKycDocument`] and its variants), which
/// [`create`](super::resources::KycDocuments::create) accepts too.
///
/// ```
/// use kyc_review::rebilly::NewDocument;
/// use kyc_review::rebilly::types::KycDocumentSubtype;
///
/// let document = NewDocument::identity_proof("cus_1", ["file_front", "file_back"])
///     .subtype(KycDocumentSubtype::Passport)
///     .notes("Handed in at the counter");
/// # drop(document);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a document does nothing until it is created"]
pub struct NewDocument {
    kind: Kind,
    customer_id: Personal<String>,
    file_ids: Vec<String>,
    subtype: Option<KycDocumentSubtype>,
    notes: Option<Personal<String>>,
    reason: Option<Personal<String>>,
    match_level: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Identity,
    Address,
    Funds,
    Purchase,
    CreditFile,
}

impl NewDocument {
    /// Makes a proof of who a customer is. Of its files, only those are used that are
    /// tagged `kyc` and one of `id-front`, `id-back` and `face-proof`.
    pub fn identity_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Identity, customer_id, file_ids)
    }

    /// Makes a proof of where a customer lives.
    pub fn address_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Address, customer_id, file_ids)
    }

    /// Makes a proof of where a customer's money comes from.
    pub fn funds_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Funds, customer_id, file_ids)
    }

    /// Makes a proof of a purchase.
    pub fn purchase_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Purchase, customer_id, file_ids)
    }

    /// Makes a credit file, which counts as a proof of identity and address.
    pub fn credit_file_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::CreditFile, customer_id, file_ids)
    }

    fn new(
        kind: Kind,
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            kind,
            customer_id: Personal::new(customer_id.into()),
            file_ids: file_ids.into_iter().map(Into::into).collect(),
            subtype: None,
            notes: None,
            reason: None,
            match_level: None,
        }
    }

    /// Sets what sort of paper it is. Which sorts belong to which kind of proof is not
    /// documented.
    pub fn subtype(mut self, subtype: impl Into<KycDocumentSubtype>) -> Self {
        self.subtype = Some(subtype.into());
        self
    }

    /// Sets the reviewer's notes.
    pub fn notes(mut self, notes: impl Into<Personal<String>>) -> Self {
        self.notes = Some(notes.into());
        self
    }

    /// Sets why it is uploaded.
    pub fn reason(mut self, reason: impl Into<Personal<String>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Sets how strictly it is checked: 1, 2 (the vendor's default) or 3. The vendor
    /// calls 3 the basic level; its public pages disagree on which of 1 and 2 is the
    /// strict one.
    pub fn match_level(mut self, level: i64) -> Self {
        self.match_level = Some(level);
        self
    }
}

impl From<NewDocument> for NewKycDocument {
    fn from(document: NewDocument) -> Self {
        let NewDocument { kind, customer_id, file_ids, subtype, notes, reason, match_level } =
            document;
        match kind {
            Kind::Identity => {
                let new = ProofOfIdentityKycDocumentInput::new(
                    customer_id,
                    KycDocumentType::IdentityProof,
                    file_ids,
                );
                Self::from(ProofOfIdentityKycDocumentInput {
                    document_subtype: subtype,
                    notes,
                    reason,
                    match_level,
                    ..new
                })
            }
            Kind::Address => {
                let new = ProofOfAddressKycDocumentInput::new(
                    customer_id,
                    KycDocumentType::AddressProof,
                    file_ids,
                );
                Self::from(ProofOfAddressKycDocumentInput {
                    document_subtype: subtype,
                    notes,
                    reason,
                    match_level,
                    ..new
                })
            }
            Kind::Funds => {
                let new = ProofOfFundsKycDocumentInput::new(
                    customer_id,
                    KycDocumentType::FundsProof,
                    file_ids,
                );
                Self::from(ProofOfFundsKycDocumentInput {
                    document_subtype: subtype,
                    notes,
                    reason,
                    match_level,
                    ..new
                })
            }
            Kind::Purchase => {
                let new = ProofOfPurchaseKycDocumentInput::new(
                    customer_id,
                    KycDocumentType::PurchaseProof,
                    file_ids,
                );
                Self::from(ProofOfPurchaseKycDocumentInput {
                    document_subtype: subtype,
                    notes,
                    reason,
                    match_level,
                    ..new
                })
            }
            Kind::CreditFile => {
                let new = ProofOfCreditFileKycDocumentInput::new(
                    customer_id,
                    KycDocumentType::CreditFileProof,
                    file_ids,
                );
                Self::from(ProofOfCreditFileKycDocumentInput {
                    document_subtype: subtype,
                    notes,
                    reason,
                    match_level,
                    ..new
                })
            }
        }
    }
}

/// The two unions differ only in name.
impl From<NewDocument> for KycDocumentReplacement {
    fn from(document: NewDocument) -> Self {
        match NewKycDocument::from(document) {
            NewKycDocument::IdentityProof(document) => Self::IdentityProof(document),
            NewKycDocument::AddressProof(document) => Self::AddressProof(document),
            NewKycDocument::FundsProof(document) => Self::FundsProof(document),
            NewKycDocument::PurchaseProof(document) => Self::PurchaseProof(document),
            NewKycDocument::CreditFileProof(document) => Self::CreditFileProof(document),
            NewKycDocument::Unknown(document) => Self::Unknown(document),
        }
    }
}

impl IntoValue<NewKycDocument> for NewDocument {
    fn into_value(self, _: Sealed) -> Result<NewKycDocument, &'static str> {
        Ok(self.into())
    }
}

impl IntoValue<KycDocumentReplacement> for NewDocument {
    fn into_value(self, _: Sealed) -> Result<KycDocumentReplacement, &'static str> {
        Ok(self.into())
    }
}
