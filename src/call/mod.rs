//! Calls without their transport: operations, options, replies, errors, lists,
//! reconciliation, webhooks.

mod class;
pub(crate) mod clock;
pub(crate) mod error;
mod limit;
pub(crate) mod observer;
pub(crate) mod operation;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod received;
pub(crate) mod reconcile;
pub(crate) mod reply;
mod secret;
pub(crate) mod sender;
#[cfg(feature = "_hmac")]
pub(crate) mod webhook;

pub use class::{OperationClass, Vendor};
pub use clock::{Clock, Sleep, SystemClock};
pub use error::{Error, ErrorKind, FieldError};
pub use limit::Limit;
pub use observer::{CallEvent, CallInfo, Observer, WaitReason};
pub(crate) use operation::{
    Body, Bound, Keyset, Method, Operation, Paging, Parameter, Place, Rule, Shown, Style, Total,
};
pub use options::{CallOptions, RetryPolicy};
pub use page::{Items, Page, Pages};
pub use received::ByteStream;
pub(crate) use received::Received;
pub(crate) use reconcile::{Reading, Shows, Wanted};
pub use reconcile::{Reconcile, Reconciled, SubjectState};
pub use reply::{RateLimit, Reply};
pub use sender::{SendError, Sender, Sending};
#[cfg(feature = "_hmac")]
pub use webhook::WebhookError;
