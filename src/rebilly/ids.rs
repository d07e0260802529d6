//! Ids that stand in Rebilly's paths: a prefix and 26 characters, a legacy UUID, or what a caller has chosen; 50 characters at
//! most of letters, digits and `_@~-.`, which the vendor checks. Source: <https://www.rebilly.com/docs/dev-docs/api>.

pub use crate::api::rebilly::ids::*;

crate::value::id::id_types! {
    /// An organization: `org_…`. It stands in the base of every path.
    OrganizationId,
}
