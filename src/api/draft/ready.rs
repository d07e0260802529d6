//! From a draft to the request that the transport signs and sends: the path, the query,
//! the headers, and what an error of the call will tell.

use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use serde_json::Value;

use super::{Draft, KEY_OF_CLIENT, texts};
use crate::api::bounds;
use crate::call::error::Failure;
use crate::call::{CallOptions, Error, Operation, Place, Received, Wanted};
use crate::transport::base_path;
use crate::value::encode_segment;

/// A request as it goes to the transport.
struct Ready {
    request: Request,
    failure: Failure,
    options: Arc<CallOptions>,
}

impl Draft {
    /// Sends the request, with the retries that its class allows, and returns the
    /// response.
    pub(in crate::api) async fn receive(&self, link: Option<&str>) -> Result<Received, Error> {
        let transport = &self.0.context.transport;
        let operation = self.0.operation;
        let ready = self
            .ready(link)
            .map_err(|why| Error::invalid(transport.dialect.vendor(), operation.id, why))?;
        let mut received =
            transport.send(ready.request, operation, &ready.options, ready.failure).await?;
        received.row = Some(operation);
        received.base = operation.paging.is_some().then(|| transport.base.clone());
        Ok(received)
    }

    /// Makes the request that the transport signs and sends. `link` is the query of the
    /// link that a list's last page returned.
    fn ready(&self, link: Option<&str>) -> Result<Ready, String> {
        let inner = &*self.0;
        if let Some(problem) = &inner.problem {
            return Err(problem.clone());
        }
        if inner.context.options.idempotency_key.is_some() {
            return Err(KEY_OF_CLIENT.to_owned());
        }
        let link: Vec<(String, String)> = link.map(pairs_of).unwrap_or_default();
        let mut options = match &inner.options {
            Some(own) => Arc::new((**own).clone().over(&inner.context.options)),
            None => Arc::clone(&inner.context.options),
        };
        if !link.is_empty() && !options.query.is_empty() {
            let mut own = (*options).clone();
            own.query.retain(|(name, _)| !link.iter().any(|(known, _)| known == name));
            options = Arc::new(own);
        }
        let (request, body) = self.request(&link)?;
        let transport = &inner.context.transport;
        let failure = Failure {
            vendor: Some(transport.dialect.vendor()),
            operation: Some(inner.operation.id),
            class: Some(inner.operation.class),
            ids: self.ids(),
            subject: inner.operation.subject,
            wanted: wanted(inner.operation, body.as_ref()),
            shown: inner.operation.shown,
            ..Failure::default()
        };
        Ok(Ready { request, failure, options })
    }

    fn ids(&self) -> Vec<String> {
        let in_path = self
            .0
            .operation
            .parameters
            .iter()
            .take_while(|parameter| parameter.place == Place::Path);
        in_path.enumerate().filter_map(|(number, _)| self.text(number).map(str::to_owned)).collect()
    }

    fn request(&self, link: &[(String, String)]) -> Result<(Request, Option<Value>), String> {
        let inner = &*self.0;
        let operation = inner.operation;
        let mut path = operation.path.unwrap_or_default().to_owned();
        let mut query: Vec<(&str, &str)> = Vec::new();
        let mut headers = Vec::new();
        let mut filters = String::new();
        let is_replaced =
            |name: &str| is_of_the_page(name) || link.iter().any(|(known, _)| known == name);
        for (number, parameter) in operation.parameters.iter().enumerate() {
            let name = parameter.name;
            let given = inner
                .values
                .iter()
                .find(|(known, _)| *known == number)
                .map(|(_, values)| values.as_slice());
            if parameter.required && given.is_none_or(<[_]>::is_empty) {
                return Err(format!("`{name}` is not set"));
            }
            for value in given.unwrap_or_default() {
                bounds::text(parameter, value)?;
                match parameter.place {
                    Place::Path => {
                        path = path.replace(&format!("{{{name}}}"), &encode_segment(value))
                    }
                    Place::Matrix => filters.push_str(&matrix(name, value)),
                    Place::Query if !link.is_empty() && is_replaced(name) => {}
                    Place::Query => query.push((name, value.as_str())),
                    Place::Header => {
                        let header = HeaderName::try_from(name)
                            .map_err(|_| format!("invalid header name `{name}`"))?;
                        let mut value = HeaderValue::try_from(value).map_err(|_| {
                            format!("invalid `{name}`: must not contain control characters")
                        })?;
                        value.set_sensitive(
                            parameter.is_personal || operation.own_credential.is_some(),
                        );
                        headers.push((header, value));
                    }
                }
            }
        }
        for (name, value) in &inner.filters {
            filters.push_str(&matrix(name, value));
        }
        query.extend(link.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let path = path.replace("{;}", &filters);
        let base = &inner.context.transport.base;
        // Set, not joined, because a base path that begins with two slashes would name
        // another host.
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base_path(base, operation.above_base)));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(operation.method.clone(), url);
        for (name, value) in headers {
            request.headers_mut().append(name, value);
        }
        if let Some(accept) = operation.accept {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
        }
        let body = self.add_body(&mut request)?;
        Ok((request, body))
    }
}

/// Returns what a decision is to bring about, with values from its body.
fn wanted(operation: &Operation, body: Option<&Value>) -> Wanted {
    let facets = operation.wanted.iter().filter_map(|(facet, value)| {
        if !value.starts_with('/') {
            return Some((*facet, (*value).to_owned()));
        }
        let found = body.and_then(|body| body.pointer(value))?;
        texts(found).into_iter().next().map(|text| (*facet, text))
    });
    Wanted::new(facets.collect())
}

/// Returns whether a parameter says which page is meant, for which a link has its own.
fn is_of_the_page(name: &str) -> bool {
    matches!(name, "page[after]" | "page[before]")
}

fn matrix(name: &str, value: &str) -> String {
    format!(";{}={}", encode_segment(name), encode_segment(value))
}

/// Splits a query into pairs.
pub(in crate::api) fn pairs_of(query: &str) -> Vec<(String, String)> {
    let mut url = Url::parse("query:").ok();
    if let Some(url) = &mut url {
        url.set_query(Some(query));
    }
    let pairs = url.as_ref().map(|url| url.query_pairs().into_owned().collect());
    pairs.unwrap_or_default()
}
