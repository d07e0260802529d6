//! Events of calls, for metrics: numbers and the names of operations, never ids, headers
//! or bodies.

use std::fmt;
use std::time::Duration;

use crate::call::{ErrorKind, OperationClass, Vendor};

/// A receiver of each call's events. Set it with a builder's `observer`.
///
/// It is called within the call, so it must be quick and must not block.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Receives an event.
    fn on_event(&self, call: &CallInfo, event: &CallEvent);
}

/// The call that an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallInfo {
    /// The vendor.
    pub vendor: Vendor,
    /// The operation id, as in `specs/`.
    pub operation: &'static str,
    /// The class of the operation.
    pub class: OperationClass,
}

impl CallInfo {
    pub(crate) const fn new(
        vendor: Vendor,
        operation: &'static str,
        class: OperationClass,
    ) -> Self {
        Self { vendor, operation, class }
    }
}

/// An event of a call.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallEvent {
    /// An attempt ended.
    Attempt {
        /// The number of the attempt; 1 for the first.
        number: u32,
        /// The HTTP status, if there was a response.
        status: Option<u16>,
        /// How long the attempt took.
        latency: Duration,
    },
    /// The client waits before an attempt.
    Wait {
        /// How long the client waits.
        wait: Duration,
        /// Why the client waits.
        why: WaitReason,
        /// The tokens that are left in the retry budget.
        budget: u32,
    },
    /// The call ended. The response is decoded after this event.
    End {
        /// How often the request was sent.
        attempts: u32,
        /// The time since the call began.
        elapsed: Duration,
        /// The kind of error, or `None` on success.
        error: Option<ErrorKind>,
    },
}

/// The reason why a client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The client-side rate limit.
    Limit,
    /// The vendor asked for the wait.
    Hint,
    /// The policy's own wait between attempts.
    BackOff,
}
