//! What a reviewer reads on a document, to be put in place of what the machine has read: one builder for each kind.
//! Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/postkycdocumentmatches>.

use crate::api::rebilly::enums::{KycDocumentSubtype, KycMatchesOverwriteType};
use crate::api::rebilly::types::{
    KycAddressMatchesOverwrite, KycFundsMatchesOverwrite, KycIdentityMatchesOverwrite, KycPurchaseMatchesOverwrite,
};
use crate::value::{Patch, Personal, Timestamp};

/// What stands in one place of a document: a value, or [`Patch::Null`] for nothing.
pub trait Reading<T>: sealed::Sealed {
    /// The member as it is sent.
    fn into_patch(self) -> Patch<T>;
}

mod sealed {
    pub trait Sealed {}
}

impl<T> sealed::Sealed for Patch<T> {}

impl<T> Reading<T> for Patch<T> {
    fn into_patch(self) -> Self {
        self
    }
}

macro_rules! readings {
    ($($from:ty => $($to:ty),*;)*) => { $(
        impl sealed::Sealed for $from {}
        $(impl Reading<$to> for $from {
            fn into_patch(self) -> Patch<$to> {
                Patch::Value(self.into())
            }
        })*
    )* };
}

readings! {
    &str => String, Personal<String>, KycDocumentSubtype;
    String => String, Personal<String>, KycDocumentSubtype;
    Personal<String> => Personal<String>;
    Timestamp => Personal<Timestamp>;
    Personal<Timestamp> => Personal<Timestamp>;
    KycDocumentSubtype => KycDocumentSubtype;
}

/// A constructor that fills `type`, and a method a member. Members are flags or counts, or readings that can be null.
macro_rules! overwrites {
    ($(
        $name:ident as $kind:ident, empty { $($all:ident),* },
        values { $($(#[$value_doc:meta])* $value:ident: $value_type:ty,)* }
        readings { $($(#[$doc:meta])* $member:ident: $type:ty,)* }
    )*) => { $(
        impl $name {
            /// Leaves every member alone until it is given.
            #[must_use]
            pub fn new() -> Self {
                Self { type_: KycMatchesOverwriteType::$kind, $($value: None,)* $($member: None,)* $($all: None,)* }
            }

            $(
                $(#[$value_doc])*
                #[must_use]
                pub fn $value(mut self, value: $value_type) -> Self {
                    self.$value = Some(value);
                    self
                }
            )*

            $(
                $(#[$doc])*
                #[must_use]
                pub fn $member(mut self, reading: impl Reading<$type>) -> Self {
                    self.$member = Some(reading.into_patch());
                    self
                }
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    )* };
}

overwrites! {
    // The former name of the expiration date stays a member of the type, and gets no method.
    KycIdentityMatchesOverwrite as IdentityProof, empty { expiry_date },
    values {
        /// Whether the document shows a face.
        contains_image: bool,
        /// Whether it looks like an identity document.
        is_identity_document: bool,
        /// Whether the very same picture was found on the internet.
        is_published_online: bool,
        /// Whether the face agrees with the separate picture of the face.
        has_matching_face_proof: bool,
        /// Whether somebody altered the document.
        is_tampered: bool,
        /// Whether somebody altered the picture by digital means.
        is_digitally_tampered: bool,
        /// Whether it is a copy on paper.
        is_photocopy: bool,
    }
    readings {
        /// First name.
        first_name: Personal<String>,
        /// Last name.
        last_name: Personal<String>,
        /// Date of birth; a date at midnight, `1990-05-15T00:00:00Z`.
        date_of_birth: Personal<Timestamp>,
        /// Day on which it expires; a date at midnight.
        expiration_date: Personal<Timestamp>,
        /// Day on which it was issued; a date at midnight.
        issue_date: Personal<Timestamp>,
        /// Country code of three letters at most.
        nationality: Personal<String>,
        /// Country that issued it; code of two letters.
        issuance_country: Personal<String>,
        /// Region, state or province that issued it.
        issuance_region: Personal<String>,
        /// Its number.
        document_number: Personal<String>,
        /// `M`, `F` or `X`.
        sex: Personal<String>,
        /// What sort of paper it is.
        document_subtype: KycDocumentSubtype,
    }

    KycAddressMatchesOverwrite as AddressProof, empty {},
    values {
        /// How many words the document has.
        word_count: i64,
        /// How many different words the document has.
        unique_words: i64,
        /// Whether somebody altered the document.
        is_tampered: bool,
    }
    readings {
        /// First name.
        first_name: Personal<String>,
        /// Last name.
        last_name: Personal<String>,
        /// Street and number.
        line1: Personal<String>,
        /// City.
        city: Personal<String>,
        /// Region.
        region: Personal<String>,
        /// Postal code.
        postal_code: Personal<String>,
        /// Date that the document bears, which tells how recent it is.
        date: Personal<Timestamp>,
        /// Telephone number of whoever issued it.
        phone: Personal<String>,
        /// What sort of paper it is.
        document_subtype: KycDocumentSubtype,
    }

    KycPurchaseMatchesOverwrite as PurchaseProof, empty {},
    values {}
    readings {
        /// First name.
        first_name: Personal<String>,
        /// Last name.
        last_name: Personal<String>,
        /// Id of the payment instrument that the document is about.
        payment_instrument_id: String,
        /// What sort of paper it is.
        document_subtype: KycDocumentSubtype,
    }

    KycFundsMatchesOverwrite as FundsProof, empty {},
    values {}
    readings {
        /// First name.
        first_name: Personal<String>,
        /// Last name.
        last_name: Personal<String>,
        /// What sort of paper it is.
        document_subtype: KycDocumentSubtype,
    }
}
