//! Events of calls, for the observer and, with that feature, for `tracing`.
//!
//! Fields are named after OpenTelemetry's conventions for HTTP clients where these define
//! a name. Nothing else is ever recorded.

use std::time::Duration;

use super::Transport;
use crate::call::observer::{CallEvent, CallInfo, WaitReason};
use crate::call::{Error, ErrorKind};

/// The events of one call.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    transport: &'a Transport,
    info: CallInfo,
}

impl<'a> Watch<'a> {
    pub(super) fn new(transport: &'a Transport, info: CallInfo) -> Self {
        Self { transport, info }
    }

    pub(super) fn attempt(&self, number: u32, status: Option<u16>, latency: Duration) {
        #[cfg(feature = "tracing")]
        tracing::debug!(
            vendor = self.info.vendor.as_str(),
            operation = self.info.operation,
            class = self.info.class.as_str(),
            http.request.resend_count = number.saturating_sub(1),
            http.response.status_code = status,
            latency_ms = latency.as_millis(),
            "attempt"
        );
        self.tell(&CallEvent::Attempt { number, status, latency });
    }

    pub(super) fn wait(&self, wait: Duration, why: WaitReason) {
        let budget = self.transport.budget.left();
        #[cfg(feature = "tracing")]
        tracing::debug!(
            vendor = self.info.vendor.as_str(),
            operation = self.info.operation,
            wait_ms = wait.as_millis(),
            why = ?why,
            budget,
            "wait"
        );
        self.tell(&CallEvent::Wait { wait, why, budget });
    }

    pub(super) fn end(
        &self,
        attempts: u32,
        elapsed: Duration,
        request_id: Option<&str>,
        error: Option<&Error>,
    ) {
        let _ = request_id;
        #[cfg(feature = "tracing")]
        match error {
            None => {
                tracing::debug!(attempts, elapsed_ms = elapsed.as_millis(), request_id, "succeeded")
            }
            Some(error) => tracing::warn!(
                attempts,
                elapsed_ms = elapsed.as_millis(),
                request_id,
                http.response.status_code = error.status().map(|status| status.as_u16()),
                error.type = ?error.kind(),
                "failed"
            ),
        }
        let error: Option<ErrorKind> = error.map(Error::kind);
        self.tell(&CallEvent::End { attempts, elapsed, error });
    }

    /// Makes the span of the call. Its fields name no person: it has the path's template
    /// instead of the path.
    #[cfg(feature = "tracing")]
    pub(super) fn span(&self, method: &str, template: Option<&str>) -> tracing::Span {
        let base = &self.transport.base;
        tracing::info_span!(
            "kyc_review.call",
            otel.kind = "client",
            vendor = self.info.vendor.as_str(),
            operation = self.info.operation,
            class = self.info.class.as_str(),
            http.request.method = method,
            url.template = template,
            server.address = base.host_str(),
            server.port = base.port_or_known_default(),
        )
    }

    fn tell(&self, event: &CallEvent) {
        if let Some(observer) = &self.transport.config.observer {
            observer.on_event(&self.info, event);
        }
    }
}
