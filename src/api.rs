//! What progenitor writes from `specs/`, one module a vendor. Never edited, and never what a user must read.

macro_rules! generated {
    ($($feature:literal as $vendor:ident,)*) => { $(
        #[doc = concat!("Generated from `specs/", $feature, ".yaml`.")]
        #[cfg(feature = $feature)]
        #[allow(missing_docs, unused, unreachable_pub, clippy::all, clippy::unwrap_used, clippy::indexing_slicing, rustdoc::all)]
        pub mod $vendor {
            include!(concat!(env!("OUT_DIR"), "/", $feature, ".rs"));
        }
    )* };
}

generated! {
    "beltic" as beltic,
    "persona" as persona,
    "provide" as provide,
    "rebilly" as rebilly,
    "sumsub" as sumsub,
}
