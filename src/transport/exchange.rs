//! The state of one call throughout its attempts.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Transport;
use super::observe::Watch;
use crate::call::error::Failure;
use crate::call::{CallInfo, CallOptions, Error, ErrorKind, Operation};

/// One call, from its preparation to its last attempt.
pub(super) struct Exchange<'a> {
    pub(super) transport: &'a Transport,
    pub(super) operation: &'a Operation,
    pub(super) options: &'a CallOptions,
    pub(super) failure: Failure,
    started: DateTime<Utc>,
    pub(super) watch: Watch<'a>,
    /// Whether an attempt was sent and no response came: whatever comes later, the vendor
    /// may have carried it out.
    pub(super) was_lost: bool,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        transport: &'a Transport,
        operation: &'a Operation,
        options: &'a CallOptions,
        mut failure: Failure,
    ) -> Self {
        let started = transport.clock().now();
        failure.started = Some(started);
        let watch = Watch::new(
            transport,
            CallInfo::new(transport.dialect.vendor(), operation.id, operation.class),
        );
        Self { transport, operation, options, failure, started, watch, was_lost: false }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.transport
            .clock()
            .now()
            .signed_duration_since(self.started)
            .to_std()
            .unwrap_or_default()
    }

    pub(super) fn invalid(&self, note: impl Into<String>) -> Error {
        self.failure.error(ErrorKind::InvalidArgument).note(note)
    }
}
