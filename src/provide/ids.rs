//! Ids that stand in Provide's paths.

pub use crate::api::provide::ids::*;
