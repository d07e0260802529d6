//! Ids that stand in Persona's paths. Prefixes and lengths have changed before and may again.

pub use crate::api::persona::ids::*;
