//! placeholder
pub mod ids;
/// x
pub mod api {
    pub use crate::api::persona::*;
}
