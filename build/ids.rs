//! Path parameters are id types of ours, which refuse what would change the route.

use progenitor::TypeImpl;
use serde_json::Value;

use crate::generate::schema::{Replacement, components, flag};

/// Components marked `x-id` are `crate::<vendor>::ids::<Name>`.
pub fn take(document: &Value, vendor: &str) -> Vec<Replacement> {
    components(document)
        .filter(|(_, schema)| flag(schema, "x-id"))
        .map(|(name, _)| Replacement {
            name: name.clone(),
            path: format!("crate::{vendor}::ids::{name}"),
            impls: vec![TypeImpl::Display, TypeImpl::FromStr],
        })
        .collect()
}
