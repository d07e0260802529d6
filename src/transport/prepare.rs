//! The parts of a request that all attempts share: route, parameters, headers,
//! idempotency key.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};

use super::exchange::Exchange;
use super::{Transport, base_url};
use crate::call::{Body, Error, Operation};

impl Exchange<'_> {
    /// Completes the request with everything that all attempts share. Nothing has been
    /// sent yet.
    pub(super) fn prepare(&mut self, request: &mut Request) -> Result<(), Error> {
        self.stay_on_the_route(request)?;
        let is_optional = self.operation.body == Body::Json { optional: true };
        if is_optional && request.body().and_then(|body| body.as_bytes()) == Some(b"{}") {
            *request.body_mut() = None;
            request.headers_mut().remove(CONTENT_TYPE);
        }
        if self.options.query.iter().any(|(name, _)| name.is_empty()) {
            return Err(self.invalid("invalid query parameter: its name is empty"));
        }
        if !self.options.query.is_empty() {
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.extend_pairs(&self.options.query);
        }
        spaces_as_percent(request);
        let own = self.transport.dialect.own_headers();
        for (name, value) in self.options.checked_headers().map_err(|note| self.invalid(note))? {
            let is_idempotency = self.transport.dialect.idempotency_header() == Some(name.as_str());
            if own.contains(&name.as_str())
                || is_idempotency
                || name == "host"
                || name == "content-length"
            {
                return Err(
                    self.invalid(format!("invalid header `{name}`: the client sends its own"))
                );
            }
            request.headers_mut().append(name, value);
        }
        self.idempotency(request)?;
        if let Some(agent) = &self.transport.config.user_agent {
            request.headers_mut().insert(reqwest::header::USER_AGENT, agent.clone());
        }
        self.transport.dialect.prepare(request)?;
        for (name, value) in &self.options.own_headers {
            let value = visible_header(value)
                .map_err(|why| self.invalid(format!("invalid `{name}`: {why}")))?;
            request.headers_mut().insert(*name, value);
        }
        Ok(())
    }

    /// The last line of defence behind the id types: the target must be the base, then
    /// the template with one segment per parameter.
    fn stay_on_the_route(&self, request: &Request) -> Result<(), Error> {
        let url = request.url();
        let on_route = self.operation.path.is_none_or(|template| {
            segments(self.transport, request, self.operation).is_some_and(|path| {
                path.split('/').count() == template.split('/').count()
                    && path
                        .split('/')
                        .zip(template.split('/'))
                        .all(|(segment, wanted)| fits(segment, wanted))
            })
        });
        if !on_route || self.transport.base.origin() != url.origin() || url.fragment().is_some() {
            return Err(self.invalid("invalid request path: must match the operation's path"));
        }
        Ok(())
    }

    fn idempotency(&mut self, request: &mut Request) -> Result<(), Error> {
        let header =
            self.transport.dialect.idempotency_header().filter(|_| self.operation.takes_key);
        let Some(name) = header else {
            return match self.options.idempotency_key {
                Some(_) => Err(self.invalid("invalid idempotency key: this operation takes none")),
                None => Ok(()),
            };
        };
        // On other methods a key has no effect and should not be sent.
        if request.method() != Method::POST {
            return Ok(());
        }
        let key = self
            .options
            .idempotency_key
            .clone()
            .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        if key.trim().is_empty() {
            return Err(self.invalid("invalid idempotency key: must not be empty"));
        }
        let value = HeaderValue::try_from(&key).map_err(|_| {
            self.invalid("invalid idempotency key: must not contain control characters")
        })?;
        request.headers_mut().insert(name, value);
        self.failure.idempotency_key = Some(key);
        Ok(())
    }
}

/// Reads a header value that must be non-empty visible ASCII.
pub(crate) fn visible_header(text: &str) -> Result<HeaderValue, &'static str> {
    let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let value = HeaderValue::from_str(text).ok().filter(|_| is_visible);
    value.ok_or("must be non-empty visible ASCII")
}

/// Writes spaces in the query as `%20`, which every vendor reads. The form encoder writes
/// `+` for a space, and a literal plus is already `%2B`.
fn spaces_as_percent(request: &mut Request) {
    if let Some(query) = request.url().query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        request.url_mut().set_query(Some(&query));
    }
    if request.url().query() == Some("") {
        request.url_mut().set_query(None);
    }
}

/// Returns the path after the base.
fn segments<'a>(
    transport: &Transport,
    request: &'a Request,
    operation: &Operation,
) -> Option<&'a str> {
    request.url().path().strip_prefix(base_url::prefix_path(&transport.base, operation.above_base))
}

/// Returns whether a segment fits that of the template: the same text, or a non-empty id
/// between the template's text before and after it.
fn fits(segment: &str, wanted: &str) -> bool {
    if let Some(before) = wanted.strip_suffix("{;}") {
        // Matrix filters, or none.
        return segment
            .strip_prefix(before)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(';'));
    }
    match wanted.split_once('{') {
        Some((before, rest)) => {
            let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
            let id = segment.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            id.is_some_and(|id| !id.is_empty())
        }
        None => segment == wanted,
    }
}

#[cfg(all(test, feature = "beltic"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::call::error::Failure;
    use crate::call::{Body, CallOptions, ErrorKind, Operation, OperationClass};

    #[test]
    fn an_id_stands_between_what_the_template_has_around_it() {
        for (wanted, good) in [
            ("{id}", "a"),
            ("-;id={id}", "-;id=a"),
            ("{id}:cancel", "a:cancel"),
            ("{a}.{b}", "1.2"),
        ] {
            assert!(super::fits(good, wanted), "{good} {wanted}");
        }
        for (wanted, bad) in [
            ("{id}", ""),
            ("-;id={id}", "-;id="),
            ("{id}:cancel", "a:approve"),
            ("{id}:cancel", ":cancel"),
        ] {
            assert!(!super::fits(bad, wanted), "{bad} {wanted}");
        }
    }

    /// Tests the last line of defence without the first, the id types.
    #[tokio::test]
    async fn a_target_that_is_not_the_template_is_not_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        // A request that is sent nevertheless fails at once, with another error.
        drop(listener);
        let client = crate::beltic::Beltic::builder()
            .api_key("k")
            .base_url(format!("{base}/p"))
            .build()
            .unwrap();
        let (transport, options) = (client.transport(), CallOptions::new());
        let operation = &Operation {
            path: Some("/v1/s/{id}/decline"),
            subject: Some(0),
            body: Body::Json { optional: true },
            ..Operation::bare("decline_session", reqwest::Method::POST, OperationClass::Decision)
        };
        for target in [
            "/p/v1/s//decline",
            "/p/v1/s/decline",
            "/p/v1/s/../decline",
            "/p/v1/s/a/b/decline",
            "/p/v1/s/a/approve",
            "/p/v1/s/a/decline/",
            "/p/v1/s/a/decline#f",
            "/p/v2/s/a/decline",
            "/v1/s/a/decline",
        ] {
            let url = reqwest::Url::parse(&format!("{base}{target}")).unwrap();
            let sent = transport.send(
                reqwest::Request::new(reqwest::Method::POST, url),
                operation,
                &options,
                Failure::default(),
            );
            let error = sent.await.err().unwrap();
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::InvalidArgument, 0),
                "{target}"
            );
            assert!(
                error
                    .to_string()
                    .ends_with("invalid request path: must match the operation's path"),
                "{error}"
            );
        }
        for elsewhere in
            ["http://127.0.0.1:1/p/v1/s/a/decline", "https://evil.example.test/p/v1/s/a/decline"]
        {
            let url = reqwest::Url::parse(elsewhere).unwrap();
            let sent = transport.send(
                reqwest::Request::new(reqwest::Method::POST, url),
                operation,
                &options,
                Failure::default(),
            );
            assert_eq!(sent.await.err().unwrap().kind(), ErrorKind::InvalidArgument, "{elsewhere}");
        }
    }
}
