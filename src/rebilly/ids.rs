//! Ids that stand in Rebilly's paths: a prefix and 26 characters, a legacy UUID, or what a caller has chosen.

crate::id::id_types! {
    /// A KYC document: `kyc_doc_…`.
    KycDocumentId,
    /// An organization: `org_…`. It stands in the base of every path.
    OrganizationId,
}
