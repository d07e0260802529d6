//! What a caller writes of a KYC document, one builder for its five kinds.

use crate::api::rebilly::enums::{KycDocumentSubtype, KycDocumentType};
use crate::api::rebilly::types::{
    ProofOfAddressKycDocumentInput, ProofOfCreditFileKycDocumentInput, ProofOfFundsKycDocumentInput,
    ProofOfIdentityKycDocumentInput, ProofOfPurchaseKycDocumentInput,
};
use crate::api::rebilly::unions::{KycDocumentReplacement, NewKycDocument};
use crate::call::{Error, Vendor};
use crate::value::Personal;

/// A KYC document to create, or to put in the place of another. The kind is chosen by the constructor, which fills `documentType`.
///
/// The free `settings` of proofs of funds and of purchase and of credit files are in the generated types
/// ([`NewKycDocument`] and what is in it), which [`create`](super::KycDocuments::create) takes as well.
///
/// ```
/// use kyc_review::rebilly::{KycDocumentSubtype, NewDocument};
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
    /// Proves who a customer is. Of its files, only those are used that are tagged `kyc` and one of `id-front`, `id-back` and
    /// `face-proof`.
    pub fn identity_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Identity, customer_id, file_ids)
    }

    /// Proves where a customer lives.
    pub fn address_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Address, customer_id, file_ids)
    }

    /// Proves where a customer's money comes from.
    pub fn funds_proof(customer_id: impl Into<String>, file_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::new(Kind::Funds, customer_id, file_ids)
    }

    /// Proves a purchase.
    pub fn purchase_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::Purchase, customer_id, file_ids)
    }

    /// A credit file, which stands for a proof of identity and address.
    pub fn credit_file_proof(
        customer_id: impl Into<String>,
        file_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::CreditFile, customer_id, file_ids)
    }

    fn new(kind: Kind, customer_id: impl Into<String>, file_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
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

    /// What sort of paper it is. Which sorts belong to which kind of proof is not documented.
    pub fn subtype(mut self, subtype: impl Into<KycDocumentSubtype>) -> Self {
        self.subtype = Some(subtype.into());
        self
    }

    /// The reviewer's notes.
    pub fn notes(mut self, notes: impl Into<Personal<String>>) -> Self {
        self.notes = Some(notes.into());
        self
    }

    /// Why it is uploaded.
    pub fn reason(mut self, reason: impl Into<Personal<String>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// How strictly it is checked: 1, 2 (the vendor's default) or 3. The vendor calls 3 the basic level; its public pages
    /// do not agree on which of 1 and 2 is the strict one.
    pub fn match_level(mut self, level: i64) -> Self {
        self.match_level = Some(level);
        self
    }
}

/// The generated input type of one kind, with the members that it has beyond the common ones.
macro_rules! input {
    ($type:ident, $document:ident, $kind:ident $(, $extra:ident)?) => {
        $type {
            customer_id: $document.customer_id,
            document_type: KycDocumentType::$kind,
            file_ids: $document.file_ids,
            document_subtype: $document.subtype,
            notes: $document.notes,
            reason: $document.reason,
            match_level: $document.match_level,
            $($extra: None,)?
        }
        .into()
    };
}

/// The two unions are one in all but name, and so is their check.
macro_rules! unions {
    ($($union:ident),*) => { $(
        impl From<NewDocument> for $union {
            fn from(document: NewDocument) -> Self {
                match document.kind {
                    Kind::Identity => input!(ProofOfIdentityKycDocumentInput, document, IdentityProof),
                    Kind::Address => input!(ProofOfAddressKycDocumentInput, document, AddressProof),
                    Kind::Funds => input!(ProofOfFundsKycDocumentInput, document, FundsProof, settings),
                    Kind::Purchase => input!(ProofOfPurchaseKycDocumentInput, document, PurchaseProof, settings),
                    Kind::CreditFile => input!(ProofOfCreditFileKycDocumentInput, document, CreditFileProof, settings),
                }
            }
        }

        impl Checked for $union {
            fn check(&self, operation: &'static str) -> Result<(), Error> {
                let (customer_id, match_level) = match self {
                    Self::IdentityProof(input) => (&input.customer_id, input.match_level),
                    Self::AddressProof(input) => (&input.customer_id, input.match_level),
                    Self::FundsProof(input) => (&input.customer_id, input.match_level),
                    Self::PurchaseProof(input) => (&input.customer_id, input.match_level),
                    Self::CreditFileProof(input) => (&input.customer_id, input.match_level),
                    Self::Unknown(_) => return Ok(()),
                };
                if customer_id.expose().trim().is_empty() {
                    return Err(Error::invalid(Vendor::Rebilly, operation, "a document of no customer"));
                }
                if match_level.is_some_and(|level| !(1..=3).contains(&level)) {
                    return Err(Error::invalid(Vendor::Rebilly, operation, "a match level is 1, 2 or 3"));
                }
                Ok(())
            }
        }
    )* };
}

/// What can be told of a document before it is sent.
pub(super) trait Checked {
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a customer or a match level that cannot be.
    fn check(&self, operation: &'static str) -> Result<(), Error>;
}

unions!(NewKycDocument, KycDocumentReplacement);
