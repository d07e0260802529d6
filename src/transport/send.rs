//! One call: prepares it, then attempts it until a response, a final failure or the
//! timeout.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};

use super::Transport;
use super::body::{self, Incomplete};
use super::budget::Price;
use super::exchange::Exchange;
use super::retry::{self, Fate, Next};
use crate::call::clock::race;
use crate::call::error::{ErrorDetails, Failure, safe_token};
use crate::call::observer::WaitReason;
use crate::call::reply::Parts;
use crate::call::{CallOptions, Error, ErrorKind, Operation, Received, SendError};
use crate::value::json;

/// A failed attempt.
struct Failed {
    error: Error,
    fate: Fate,
    hint: Option<Duration>,
}

impl Transport {
    /// Sends a request of an operation, and reads the response. `failure` is the base of
    /// its errors.
    pub(crate) fn send<'a>(
        &'a self,
        request: Request,
        operation: &'a Operation,
        options: &'a CallOptions,
        failure: Failure,
    ) -> impl Future<Output = Result<Received, Error>> + Send + 'a {
        let exchange = Exchange::new(self, operation, options, failure);
        #[cfg(feature = "tracing")]
        let span = exchange.watch.span(request.method().as_str(), operation.path);
        let sent = exchange.run(request);
        #[cfg(feature = "tracing")]
        let sent = tracing::Instrument::instrument(sent, span);
        sent
    }
}

impl Exchange<'_> {
    async fn run(mut self, request: Request) -> Result<Received, Error> {
        let result = self.repeat(request).await;
        // A definite failure proves nothing if an earlier attempt may have been applied.
        let result = result.map_err(|error| {
            if self.was_lost && !self.operation.class.is_repeatable() {
                error.of_unknown_outcome()
            } else {
                error
            }
        });
        let request_id = match &result {
            Ok(received) => received.parts.request_id.as_deref(),
            Err(error) => error.request_id(),
        };
        self.watch.end(self.failure.attempts, self.elapsed(), request_id, result.as_ref().err());
        result
    }

    async fn repeat(&mut self, mut request: Request) -> Result<Received, Error> {
        self.prepare(&mut request)?;
        let policy = self.options.retry.unwrap_or(self.transport.config.retry);
        let repeat = retry::Repeat {
            class: self.operation.class,
            has_key: self.failure.idempotency_key.is_some(),
        };
        let transport = self.transport;
        let mut price: Option<Price<'_>> = None;
        loop {
            self.take_place(&request).await?;
            if let Some(price) = price.take() {
                price.spend();
            }
            let attempt = request
                .try_clone()
                .ok_or_else(|| self.invalid("a streamed body cannot be signed or retried"))?;
            let Failed { error, fate, hint } = match self.attempt(attempt).await {
                Ok(received) => {
                    self.transport.budget.succeeded(self.failure.attempts > 1);
                    return Ok(received);
                }
                Err(failed) => failed,
            };
            self.was_lost |= fate == Fate::Lost;
            let next =
                retry::next(&policy, repeat, fate, self.failure.attempts, hint, retry::random());
            let Next::Wait(wait) = next else {
                return Err(error);
            };
            if wait >= self.remaining() {
                return Err(error);
            }
            price = transport.budget.take();
            if price.is_none() {
                return Err(error);
            }
            self.watch
                .wait(wait, if hint.is_some() { WaitReason::Hint } else { WaitReason::BackOff });
            self.transport.clock().sleep(wait).await;
        }
    }

    /// Waits until the client-side rate limit allows the call, but not past its timeout.
    async fn take_place(&self, request: &Request) -> Result<(), Error> {
        let clock = self.transport.clock();
        while let Err(wait) = self.transport.limiter.take(request.method(), clock.now()) {
            if wait >= self.remaining() {
                let error = self.failure.error(ErrorKind::RateLimited).wait(Some(wait));
                return Err(
                    error.note("the client-side rate limit would delay this call past its timeout")
                );
            }
            self.watch.wait(wait, WaitReason::Limit);
            clock.sleep(wait).await;
        }
        Ok(())
    }

    async fn attempt(&mut self, mut request: Request) -> Result<Received, Failed> {
        let transport = self.transport;
        let clock = transport.clock();
        let began = clock.now();
        let has_own = self.operation.own_credential.is_some();
        if let Some(Err(error)) =
            (!has_own).then(|| transport.dialect.authorise(&mut request, began))
        {
            return Err(Failed { error, fate: Fate::Final, hint: None });
        }
        let sent = sensitive(request.headers());
        self.failure.attempts = self.failure.attempts.saturating_add(1);
        let limit = self
            .options
            .attempt_timeout
            .unwrap_or(transport.config.attempt_timeout)
            .min(self.remaining());
        let exchange = async {
            let mut response = transport.sender.send(request).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let (raw, incomplete) = body::read(response, transport.config.max_body_bytes).await;
            Ok::<_, SendError>((status, headers, raw, incomplete))
        };
        let outcome = race(exchange, clock.deadline(limit)).await;
        self.failure.elapsed = self.elapsed();
        let status = match &outcome {
            Some(Ok((status, ..))) => Some(status.as_u16()),
            _ => None,
        };
        let latency = clock.now().signed_duration_since(began).to_std().unwrap_or_default();
        self.watch.attempt(self.failure.attempts, status, latency);
        match outcome {
            None => Err(self
                .lost(ErrorKind::Timeout)
                .map(|error| error.note("no response within the timeout"))),
            Some(Err(error)) => Err(self.unanswered(error)),
            Some(Ok((status, headers, raw, incomplete))) => {
                self.responded(&sent, status, headers, raw, incomplete)
            }
        }
    }

    /// Classifies a response. `sent` is what authorised the request, which a server can
    /// echo.
    fn responded(
        &self,
        sent: &[String],
        status: StatusCode,
        headers: HeaderMap,
        raw: Bytes,
        incomplete: Option<Incomplete>,
    ) -> Result<Received, Failed> {
        let dialect = &self.transport.dialect;
        let now = self.transport.clock().now();
        let secrets: Vec<&str> =
            dialect.secrets().into_iter().chain(sent.iter().map(String::as_str)).collect();
        let request_id = dialect.request_id(&headers).and_then(|id| safe_token(&id, &secrets));
        let hint = dialect.retry_after(&headers, now);
        let rate_limit = dialect.rate_limit(&headers, now);
        self.transport.limiter.follow(rate_limit, now);
        if !status.is_success() {
            let fate = self.fate(status, hint);
            let error =
                self.failure.error(self.kind(status)).with_response(status, headers, raw.clone());
            let error = error.detailed(self.details(&raw, &secrets), request_id).wait(hint);
            return Err(Failed { error, fate, hint });
        }
        match incomplete {
            None => {}
            Some(Incomplete::TooLarge) => {
                let most = self.transport.config.max_body_bytes;
                let note = format!("the response body exceeds {most} bytes");
                let error = self
                    .failure
                    .error(self.unless_decided(ErrorKind::TooLarge))
                    .with_response(status, headers, raw);
                return Err(Failed {
                    error: error.detailed(Default::default(), request_id).note(note),
                    fate: Fate::Final,
                    hint: None,
                });
            }
            Some(Incomplete::Broken(cause)) => {
                let failed = self.lost(ErrorKind::Connection);
                return Err(failed.map(|error| {
                    let error = error
                        .with_response(status, headers, raw)
                        .detailed(Default::default(), request_id);
                    error
                        .note("the connection broke within the response")
                        .caused_by(cause.without_url())
                }));
            }
        }
        let (fields, marks) = dialect.error_fields();
        if json::consists_of(raw.trim_ascii(), fields, marks) {
            let error = self.failure.error(self.unless_decided(ErrorKind::Decode)).with_response(
                status,
                headers,
                raw.clone(),
            );
            let error = error
                .detailed(self.details(&raw, &secrets), request_id)
                .note("the response has the status of a success and the body of an error");
            return Err(Failed { error, fate: Fate::Final, hint: None });
        }
        let parts = Parts {
            status,
            rate_limit,
            headers,
            raw,
            request_id,
            idempotency_key: self.failure.idempotency_key.clone(),
            attempts: self.failure.attempts,
            elapsed: self.failure.elapsed,
        };
        Ok(Received {
            parts: Arc::new(parts),
            failure: self.failure.clone(),
            row: None,
            place: None,
            base: None,
            judged_by: self.transport.dialect.judged_by(),
        })
    }

    /// Reads an error body, without what echoes a key.
    fn details(&self, raw: &[u8], secrets: &[&str]) -> ErrorDetails {
        let mut details = self.transport.dialect.error_details(raw);
        details.code = details.code.and_then(|code| safe_token(&code, secrets));
        details.request_id = details.request_id.and_then(|id| safe_token(&id, secrets));
        details
    }

    fn kind(&self, status: StatusCode) -> ErrorKind {
        if let Some(kind) = self.transport.dialect.error_kind(status) {
            return kind;
        }
        match status.as_u16() {
            300..=399 => ErrorKind::Redirect,
            401 => ErrorKind::Authentication,
            403 => ErrorKind::Permission,
            404 => ErrorKind::NotFound,
            408 => self.unless_decided(ErrorKind::Timeout),
            409 => ErrorKind::Conflict,
            429 => ErrorKind::RateLimited,
            500.. => self.unless_decided(ErrorKind::Server),
            _ => ErrorKind::InvalidRequest,
        }
    }

    /// Returns what an error response says of the request.
    fn fate(&self, status: StatusCode, hint: Option<Duration>) -> Fate {
        let dialect = &self.transport.dialect;
        if self.kind(status) == ErrorKind::Permission {
            return Fate::Final;
        }
        match status.as_u16() {
            429 => Fate::NotProcessed,
            _ if dialect.is_not_processed(status, hint) => Fate::NotProcessed,
            _ if retry::is_transient(status) => Fate::Failed,
            _ => Fate::Final,
        }
    }

    /// Classifies an attempt without a response. A connection that was not made has
    /// carried nothing; any other failure may have come after the vendor acted.
    fn unanswered(&self, error: SendError) -> Failed {
        let note = error.to_string();
        let failed = if error.never_left {
            let kind = if error.is_timeout { ErrorKind::Timeout } else { ErrorKind::Connection };
            Failed { error: self.failure.error(kind), fate: Fate::NeverLeft, hint: None }
        } else {
            self.lost(ErrorKind::Connection)
        };
        failed.map(|known| known.note(note).caused_by(error.source))
    }

    fn lost(&self, kind: ErrorKind) -> Failed {
        Failed {
            error: self.failure.error(self.unless_decided(kind)),
            fate: Fate::Lost,
            hint: None,
        }
    }

    /// Returns `kind`, but for a create or decision that the outcome is unknown.
    fn unless_decided(&self, kind: ErrorKind) -> ErrorKind {
        if self.operation.class.is_repeatable() { kind } else { ErrorKind::OutcomeUnknown }
    }

    fn remaining(&self) -> Duration {
        self.options.timeout.unwrap_or(self.transport.config.timeout).saturating_sub(self.elapsed())
    }
}

/// Returns the header values that are hidden from logs: keys, tokens, signatures.
fn sensitive(headers: &HeaderMap) -> Vec<String> {
    let hidden = headers.values().filter(|value| value.is_sensitive());
    hidden.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
}

impl Failed {
    fn map(mut self, change: impl FnOnce(Error) -> Error) -> Self {
        self.error = change(self.error);
        self
    }
}
