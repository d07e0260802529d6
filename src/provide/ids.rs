//! Ids that stand in Provide's paths.

crate::id::id_types! {
    /// A KYC application: a UUID. One that is none answers 404.
    KycApplicationId,
}
