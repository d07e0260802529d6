//! Constructors of errors, for this crate alone.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::{Error, ErrorDetails, ErrorKind, Inner, Source};
use crate::call::{OperationClass, Shown, Vendor, Wanted};

/// The properties of a call that its error reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure {
    pub(crate) vendor: Option<Vendor>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) class: Option<OperationClass>,
    pub(crate) ids: Vec<String>,
    pub(crate) subject: Option<usize>,
    pub(crate) wanted: Wanted,
    pub(crate) shown: Option<Shown>,
    pub(crate) started: Option<DateTime<Utc>>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl Failure {
    /// Makes an error of this call.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error(Box::new(Inner {
            kind: Some(kind),
            vendor: self.vendor,
            operation: self.operation,
            class: self.class,
            ids: self.ids.clone(),
            subject: self.subject,
            wanted: self.wanted.clone(),
            shown: self.shown,
            started: self.started,
            idempotency_key: self.idempotency_key.clone(),
            attempts: self.attempts,
            elapsed: self.elapsed,
            ..Inner::default()
        }))
    }
}

impl Error {
    pub(crate) fn configuration(vendor: Vendor, note: impl Into<String>) -> Self {
        let failure = Failure { vendor: Some(vendor), ..Failure::default() };
        failure.error(ErrorKind::Configuration).note(note)
    }

    pub(crate) fn invalid(
        vendor: Vendor,
        operation: &'static str,
        note: impl Into<String>,
    ) -> Self {
        let failure =
            Failure { vendor: Some(vendor), operation: Some(operation), ..Failure::default() };
        failure.error(ErrorKind::InvalidArgument).note(note)
    }

    /// Makes an error of a walk through a list.
    pub(crate) fn of_pages(vendor: Vendor, operation: &'static str, note: &str) -> Self {
        let failure =
            Failure { vendor: Some(vendor), operation: Some(operation), ..Failure::default() };
        failure.error(ErrorKind::Pagination).note(note)
    }

    /// Marks the error as one after which a walk can go on.
    pub(crate) fn paused(mut self) -> Self {
        self.0.is_pause = true;
        self
    }

    /// Marks the error as one of a call that may have been carried out.
    pub(crate) fn of_unknown_outcome(mut self) -> Self {
        self.0.kind = Some(ErrorKind::OutcomeUnknown);
        self
    }

    /// Sets this crate's own text; never a value that came from outside.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = Some(note.into());
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_response(
        mut self,
        status: StatusCode,
        headers: HeaderMap,
        raw: Bytes,
    ) -> Self {
        self.0.status = Some(status);
        self.0.headers = Some(headers);
        self.0.raw = Some(raw);
        self
    }

    pub(crate) fn detailed(mut self, details: ErrorDetails, request_id: Option<String>) -> Self {
        self.0.request_id = request_id.or_else(|| details.request_id.clone());
        self.0.details = details;
        self
    }

    pub(crate) fn wait(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }
}
