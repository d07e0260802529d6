//! Ids that stand in Persona's paths. Prefixes and lengths have changed before and may again.

crate::id::id_types! {
    /// An inquiry: `inq_…`.
    InquiryId,
    /// An inquiry session: `iqse_…`.
    InquirySessionId,
}
