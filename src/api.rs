//! What progenitor writes from `specs/`, one module a vendor. Never edited, and never what a user must read.

macro_rules! generated {
    ($file:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));
    };
}

/// Generated from `specs/beltic.yaml`.
#[cfg(feature = "beltic")]
#[allow(
    missing_docs,
    unused,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    rustdoc::all
)]
pub mod beltic {
    generated!("beltic");
}

/// Generated from `specs/persona.yaml`.
#[cfg(feature = "persona")]
#[allow(
    missing_docs,
    unused,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    rustdoc::all
)]
pub mod persona {
    generated!("persona");
}

/// Generated from `specs/provide.yaml`.
#[cfg(feature = "provide")]
#[allow(
    missing_docs,
    unused,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    rustdoc::all
)]
pub mod provide {
    generated!("provide");
}

/// Generated from `specs/rebilly.yaml`.
#[cfg(feature = "rebilly")]
#[allow(
    missing_docs,
    unused,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    rustdoc::all
)]
pub mod rebilly {
    generated!("rebilly");
}

/// Generated from `specs/sumsub.yaml`.
#[cfg(feature = "sumsub")]
#[allow(
    missing_docs,
    unused,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    rustdoc::all
)]
pub mod sumsub {
    generated!("sumsub");
}
