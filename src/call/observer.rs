//! What a client tells of its calls, for metrics: numbers and the names of operations,
//! never ids, headers or bodies.

use std::fmt;
use std::time::Duration;

use crate::call::{ErrorKind, OperationClass, Vendor};

/// Is told what happens to each call. Set it with a builder's `observer`.
///
/// It is called within the call, so it must be quick and must not block.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Something happened.
    fn on_event(&self, call: &CallInfo, event: &CallEvent);
}

/// Which call an event is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallInfo {
    /// Who is asked.
    pub vendor: Vendor,
    /// The operation id, as in `specs/`.
    pub operation: &'static str,
    /// Its class.
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

/// What happened to a call.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallEvent {
    /// An attempt has ended.
    Attempt {
        /// 1 for the first.
        number: u32,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
        /// How long it took.
        latency: Duration,
    },
    /// The client waits.
    Wait {
        /// How long.
        wait: Duration,
        /// The reason.
        why: WaitReason,
        /// What is left of the budget for repetitions.
        budget: u32,
    },
    /// The call has ended, but for decoding the answer, which comes after this.
    End {
        /// How often it was sent.
        attempts: u32,
        /// From its beginning.
        elapsed: Duration,
        /// What went wrong, or nothing.
        error: Option<ErrorKind>,
    },
}

/// Why a client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The client's own rate limit.
    Limit,
    /// The vendor asked for it.
    Hint,
    /// Between attempts.
    BackOff,
}
