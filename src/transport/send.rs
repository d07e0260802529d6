//! One call: prepare, then attempt until an answer, a final failure, or the end of its time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, StatusCode};

use super::body::{self, Incomplete};
use super::{Answer, Operation, Transport, base_url, retry};
use crate::clock::race;
use crate::error::{Failure, safe_token};
use crate::reply::Parts;
use crate::{CallOptions, Error, ErrorKind};

/// What came of one attempt that brought no success.
struct Failed {
    error: Error,
    /// Whether another attempt could end otherwise.
    may_pass: bool,
    hint: Option<Duration>,
}

/// What one call carries through its attempts.
struct Call<'a> {
    transport: &'a Transport,
    operation: Operation,
    options: &'a CallOptions,
    failure: Failure,
    started: DateTime<Utc>,
}

impl Transport {
    /// Sends a request of an operation, and reads the answer.
    pub(crate) async fn send(
        &self,
        mut request: Request,
        operation: Operation,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let started = self.clock().now();
        let failure = Failure {
            vendor: Some(self.dialect.vendor()),
            operation: Some(operation.id),
            class: Some(operation.class),
            subject: subject(self, &request, operation.subject),
            intent: options.intent.clone(),
            started: Some(started),
            ..Failure::default()
        };
        let mut call = Call { transport: self, operation, options, failure, started };
        call.prepare(&mut request)?;
        let policy = options.retry.unwrap_or(self.config.retry);
        loop {
            let attempt =
                request.try_clone().ok_or_else(|| call.invalid("a streamed body cannot be signed or repeated"))?;
            let failed = match call.attempt(attempt).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !failed.may_pass {
                return Err(failed.error);
            }
            let next = retry::next(&policy, operation.class, call.failure.attempts, failed.hint, retry::random());
            let retry::Next::Wait(wait) = next else {
                return Err(failed.error);
            };
            if wait >= call.remaining() {
                return Err(failed.error);
            }
            self.clock().sleep(wait).await;
        }
    }
}

impl Call<'_> {
    /// Everything that is the same for all attempts. Nothing has been sent yet.
    fn prepare(&mut self, request: &mut Request) -> Result<(), Error> {
        self.stay_on_the_route(request)?;
        if self.operation.body_optional && request.body().and_then(|body| body.as_bytes()) == Some(b"{}") {
            *request.body_mut() = None;
            request.headers_mut().remove(CONTENT_TYPE);
        }
        if !self.options.query.is_empty() {
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.extend_pairs(&self.options.query);
        }
        spaces_as_percent(request);
        let own = self.transport.dialect.own_headers();
        for (name, value) in self.options.checked_headers().map_err(|note| self.invalid(note))? {
            let is_idempotency = self.transport.dialect.idempotency_header() == Some(name.as_str());
            if own.contains(&name.as_str()) || is_idempotency || name == "host" || name == "content-length" {
                return Err(self.invalid(format!("the client itself sends the header {name}")));
            }
            request.headers_mut().append(name, value);
        }
        self.idempotency(request)?;
        if let Some(agent) = &self.transport.config.user_agent {
            request.headers_mut().insert(reqwest::header::USER_AGENT, agent.clone());
        }
        self.transport.dialect.prepare(request)
    }

    /// The last line behind the id types: the target is the base, then the template with each parameter one segment.
    fn stay_on_the_route(&self, request: &Request) -> Result<(), Error> {
        let url = request.url();
        let on_route = self.operation.path.is_none_or(|template| {
            segments(self.transport, request).is_some_and(|path| {
                path.split('/').count() == template.split('/').count()
                    && path.split('/').zip(template.split('/')).all(|(segment, wanted)| fits(segment, wanted))
            })
        });
        if !on_route || self.transport.base.origin() != url.origin() || url.fragment().is_some() {
            return Err(self.invalid("the request would leave its route"));
        }
        Ok(())
    }

    fn idempotency(&mut self, request: &mut Request) -> Result<(), Error> {
        let Some(name) = self.transport.dialect.idempotency_header() else {
            return match self.options.idempotency_key {
                Some(_) => Err(self.invalid("this vendor has no idempotency key")),
                None => Ok(()),
            };
        };
        // Elsewhere it has no effect and should not be sent.
        if request.method() != Method::POST {
            return Ok(());
        }
        let key = self.options.idempotency_key.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        if key.trim().is_empty() {
            return Err(self.invalid("the idempotency key is empty"));
        }
        let value =
            HeaderValue::try_from(&key).map_err(|_| self.invalid("the idempotency key cannot stand in a header"))?;
        request.headers_mut().insert(name, value);
        self.failure.idempotency_key = Some(key);
        Ok(())
    }

    async fn attempt(&mut self, mut request: Request) -> Result<Answer, Failed> {
        let transport = self.transport;
        let clock = transport.clock();
        if let Err(error) = transport.dialect.authorise(&mut request, clock.now()) {
            return Err(Failed { error, may_pass: false, hint: None });
        }
        self.failure.attempts = self.failure.attempts.saturating_add(1);
        let limit = self.options.attempt_timeout.unwrap_or(transport.config.attempt_timeout).min(self.remaining());
        let exchange = async {
            let mut response = transport.http.execute(request).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let (raw, incomplete) = body::read(response, transport.config.max_body_bytes).await;
            Ok::<_, reqwest::Error>((status, headers, raw, incomplete))
        };
        let outcome = race(exchange, clock.deadline(limit)).await;
        self.failure.elapsed = self.elapsed();
        match outcome {
            None => Err(self.lost(ErrorKind::Timeout).map(|error| error.note("no answer in time"))),
            Some(Err(error)) => Err(self.not_sent_or_lost(error)),
            Some(Ok((status, headers, raw, incomplete))) => self.answered(status, headers, raw, incomplete),
        }
    }

    fn answered(
        &self,
        status: StatusCode,
        headers: HeaderMap,
        raw: Bytes,
        incomplete: Option<Incomplete>,
    ) -> Result<Answer, Failed> {
        let dialect = &self.transport.dialect;
        let now = self.transport.clock().now();
        let secrets = dialect.secrets();
        let request_id = dialect.request_id(&headers).and_then(|id| safe_token(&id, &secrets));
        let hint = dialect.retry_after(&headers, now);
        if !status.is_success() {
            let error = self.failure.error(self.kind(status)).answered(status, headers, raw.clone());
            let mut details = dialect.error_details(&raw);
            details.code = details.code.and_then(|code| safe_token(&code, &secrets));
            details.request_id = details.request_id.and_then(|id| safe_token(&id, &secrets));
            let error = error.detailed(details, request_id).wait(hint);
            let may_pass = retry::is_transient(status) && error.kind() != ErrorKind::Permission;
            return Err(Failed { error, may_pass, hint });
        }
        match incomplete {
            None => {}
            Some(Incomplete::TooLarge) => {
                let note = format!("more than {} bytes", self.transport.config.max_body_bytes);
                let error = self.failure.error(self.unless_decided(ErrorKind::TooLarge)).answered(status, headers, raw);
                return Err(Failed {
                    error: error.detailed(Default::default(), request_id).note(note),
                    may_pass: false,
                    hint: None,
                });
            }
            Some(Incomplete::Broken(cause)) => {
                let failed = self.lost(ErrorKind::Connection);
                return Err(failed.map(|error| {
                    let error = error.answered(status, headers, raw).detailed(Default::default(), request_id);
                    error.note("the connection broke within the answer").caused_by(cause.without_url())
                }));
            }
        }
        let parts = Parts {
            status,
            rate_limit: dialect.rate_limit(&headers, now),
            headers,
            raw,
            request_id,
            idempotency_key: self.failure.idempotency_key.clone(),
            attempts: self.failure.attempts,
            elapsed: self.failure.elapsed,
        };
        Ok(Answer { parts: Arc::new(parts), failure: self.failure.clone() })
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
            _ => ErrorKind::Rejected,
        }
    }

    /// A connection that could not be made has carried nothing; any other failure may have come after the vendor acted.
    fn not_sent_or_lost(&self, error: reqwest::Error) -> Failed {
        let never_left = error.is_connect() || error.is_builder();
        let failed = if never_left {
            let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Connection };
            Failed { error: self.failure.error(kind).note("no connection was made"), may_pass: true, hint: None }
        } else {
            self.lost(ErrorKind::Connection).map(|error| error.note("the connection broke before the answer"))
        };
        failed.map(|known| known.caused_by(error.without_url()))
    }

    fn lost(&self, kind: ErrorKind) -> Failed {
        Failed { error: self.failure.error(self.unless_decided(kind)), may_pass: true, hint: None }
    }

    /// `kind`, or for a create or decision: nobody knows whether it happened.
    fn unless_decided(&self, kind: ErrorKind) -> ErrorKind {
        if self.operation.class.is_repeatable() { kind } else { ErrorKind::OutcomeUnknown }
    }

    fn elapsed(&self) -> Duration {
        self.transport.clock().now().signed_duration_since(self.started).to_std().unwrap_or_default()
    }

    fn remaining(&self) -> Duration {
        self.options.timeout.unwrap_or(self.transport.config.timeout).saturating_sub(self.elapsed())
    }

    fn invalid(&self, note: impl Into<String>) -> Error {
        self.failure.error(ErrorKind::InvalidArgument).note(note)
    }
}

impl Failed {
    fn map(mut self, change: impl FnOnce(Error) -> Error) -> Self {
        self.error = change(self.error);
        self
    }
}

/// The form encoder writes a space as `+`; every vendor reads `%20`, and a literal plus is already `%2B`.
fn spaces_as_percent(request: &mut Request) {
    if let Some(query) = request.url().query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        request.url_mut().set_query(Some(&query));
    }
    if request.url().query() == Some("") {
        request.url_mut().set_query(None);
    }
}

/// The path behind the base.
fn segments<'a>(transport: &Transport, request: &'a Request) -> Option<&'a str> {
    request.url().path().strip_prefix(base_url::prefix_path(&transport.base))
}

/// Whether a segment can stand where the template has this one: the same text, or an id that is not empty.
fn fits(segment: &str, wanted: &str) -> bool {
    match wanted.split_once('{') {
        Some((before, _)) => segment.len() > before.len() && segment.starts_with(before),
        None => segment == wanted,
    }
}

/// The id that the call is about, as the caller gave it.
fn subject(transport: &Transport, request: &Request, segment: Option<usize>) -> Option<String> {
    let id = segments(transport, request)?.split('/').skip(1).nth(segment?)?;
    Some(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned())
}
