#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::print_stdout, clippy::print_stderr)]
// What the vendors share is all in use, and all reachable, only when all of them are on.
#![cfg_attr(all(feature = "full", feature = "sandbox"), warn(unreachable_pub))]
#![cfg_attr(not(all(feature = "full", feature = "sandbox")), allow(dead_code, unused_imports, unused_macros))]

mod clock;
mod error;
mod id;
mod json;
mod limit;
mod multipart;
mod observer;
mod open_enum;
mod operation;
mod options;
mod page;
mod patch;
mod personal;
mod reconcile;
mod reply;
mod runtime;
mod secret;
mod sender;
mod time;
mod transport;
mod union;

#[cfg(feature = "_generate")]
mod api;
#[cfg(feature = "_generate")]
mod vendor;
#[cfg(feature = "_hmac")]
mod webhook;

#[cfg(feature = "beltic")]
pub mod beltic;
// The cfg holds for all crates of a build, and so in a user's own fuzzing too, where a vendor may be off.
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

pub use clock::{Clock, Sleep, SystemClock};
pub use error::{Error, ErrorKind, FieldError};
pub use id::InvalidId;
pub use limit::Limit;
pub use multipart::MultipartForm;
pub use observer::{CallEvent, CallInfo, Observer, Why};
pub use open_enum::UnknownValue;
pub use operation::{OperationClass, Vendor};
pub use options::{CallOptions, RetryPolicy};
pub use page::{Page, Pages};
pub use patch::Patch;
pub use personal::Personal;
pub use reconcile::{Reconcile, Reconciled, SubjectState};
pub use reply::{RateLimit, Reply};
pub use runtime::ByteStream;
pub use secret::Secret;
pub use sender::{SendError, Sender, Sending};
pub use time::{CalendarDate, InvalidTime, Timestamp};
pub use transport::RawRequest;
pub use union::{NoCommon, UnknownVariant};
#[cfg(feature = "_hmac")]
pub use webhook::WebhookError;

/// Exact bytes of an answer, cheap to clone.
pub use bytes::Bytes;
/// What HTTP names, as `reqwest` re-exports it.
pub use reqwest::{Method, Request as HttpRequest, Response as HttpResponse, StatusCode, header};
