//! placeholder
use super::server::Shared;
#[derive(Default)]
pub(super) struct State;
pub(super) fn router(_: std::sync::Arc<Shared>) -> axum::Router {
    axum::Router::new()
}
pub(super) fn refuse(status: u16, _: Option<std::time::Duration>, _: &Shared) -> axum::response::Response {
    super::respond::empty(status)
}
