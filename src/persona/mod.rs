//! placeholder
pub mod ids;
