//! Between the vendors' clients and the transport: the code that build.rs generates from
//! `specs/`, and what it runs on.

mod bounds;
mod context;
mod decide;
mod draft;
mod pending;
mod raw;
mod vendor;
pub(crate) mod walk;

pub(crate) use context::Context;
pub(crate) use decide::{Judge, judge, reconcile};
pub(crate) use draft::Draft;
pub use pending::Pending;
pub use raw::RawRequest;
pub(crate) use vendor::{Verdict, client, from_env, from_env_or};

/// The names that generated requests and resources use.
#[allow(unused_imports)] // not every vendor names all of it
pub(crate) mod prelude {
    pub(crate) use std::future::IntoFuture;

    pub(crate) use bytes::Bytes;

    pub(crate) use super::{Context, Draft, Pending};
    pub(crate) use crate::call::{ByteStream, CallOptions, Error, Items, Page, Pages, Reply};
    pub(crate) use crate::value::{
        BTreeMap, CalendarDate, IntoId, IntoList, IntoValue, Map, MultipartForm, Patch, Personal,
        Timestamp, Value,
    };
}

macro_rules! generated {
    ($($feature:literal as $vendor:ident,)*) => { $(
        #[doc = concat!("Generated from `specs/", $feature, ".yaml`.")]
        #[cfg(feature = $feature)]
        #[allow(missing_docs, unused, unreachable_pub, rustdoc::all)]
        #[allow(clippy::all, clippy::unwrap_used, clippy::indexing_slicing)]
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
