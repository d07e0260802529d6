#![doc = include_str!("lib.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::print_stdout, clippy::print_stderr)]
// Only with all vendors enabled is all of the code that they share in use and reachable.
#![cfg_attr(all(feature = "full", feature = "sandbox"), warn(unreachable_pub))]
#![cfg_attr(
    not(all(feature = "full", feature = "sandbox")),
    allow(dead_code, unused_imports, unused_macros)
)]

/// The README's programs, compiled with the other examples.
#[cfg(all(doctest, feature = "persona", feature = "sandbox"))]
#[doc = include_str!("../README.md")]
struct Readme;

mod api;
mod call;
mod transport;
mod value;

#[cfg(feature = "beltic")]
pub mod beltic;
// `fuzzing` is set for all crates of a build, so also when a user fuzzes with some
// vendors disabled.
#[cfg(all(fuzzing, feature = "full"))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "persona")]
pub mod persona;
#[cfg(feature = "provide")]
pub mod provide;
#[cfg(feature = "rebilly")]
pub mod rebilly;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "sumsub")]
pub mod sumsub;

pub use api::{Pending, RawRequest};
#[cfg(feature = "_hmac")]
pub use call::WebhookError;
pub use call::{
    ByteStream, CallEvent, CallInfo, CallOptions, Clock, Error, ErrorKind, FieldError, Items,
    Limit, Observer, OperationClass, Page, Pages, RateLimit, Reconcile, Reconciled, Reply,
    RetryPolicy, SendError, Sender, Sending, Sleep, SubjectState, SystemClock, Vendor, WaitReason,
};
pub use value::{
    CalendarDate, IntoId, IntoList, IntoValue, InvalidId, InvalidTime, Misfit, MultipartForm,
    NoCommon, Patch, Personal, Secret, Timestamp, UnknownValue, UnknownVariant,
};

/// The exact bytes of a response, cheap to clone.
pub use bytes::Bytes;
/// HTTP types that `reqwest` exports.
pub use reqwest::{Method, Request as HttpRequest, Response as HttpResponse, StatusCode, header};
