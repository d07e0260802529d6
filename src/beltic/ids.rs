//! Ids that stand in Beltic's paths. The reference shows UUIDs, the guides prefixed ULIDs.

pub use crate::api::beltic::ids::*;
