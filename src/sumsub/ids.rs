//! Ids that stand in Sumsub's paths: 24 lower-case hexadecimal characters.

pub use crate::api::sumsub::ids::*;
