//! Ids that stand in Beltic's paths. The reference shows UUIDs, the guides prefixed ULIDs.

crate::id::id_types! {
    /// An identity session: `sess_…`, or a UUID.
    SessionId,
}
