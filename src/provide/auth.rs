//! Authorises requests with `Authorization: bearer <JWT>`, the same on every attempt.
//! `bearer` is in lower case, as the vendor writes it. Source:
//! <https://docs.provide.services/kyc/applications>.

use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Request, StatusCode};

use crate::call::error::ErrorDetails;
use crate::call::{Error, ErrorKind, Vendor};
use crate::transport::{Dialect, ErrorFields};
use crate::value::Secret;

#[derive(Debug)]
pub(super) struct Auth {
    token: Secret,
    header: HeaderValue,
}

impl Auth {
    pub(super) fn new(token: Secret) -> Result<Self, Error> {
        let header = token.header(Vendor::Provide, "bearer ")?;
        Ok(Self { token, header })
    }
}

impl Dialect for Auth {
    fn vendor(&self) -> Vendor {
        Vendor::Provide
    }

    fn error_fields(&self) -> ErrorFields {
        (&["message", "errors", "error", "status", "code"], &["message", "errors", "error"])
    }

    fn judged_by(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn authorise(&self, request: &mut Request, _: DateTime<Utc>) -> Result<(), Error> {
        request.headers_mut().insert(AUTHORIZATION, self.header.clone());
        Ok(())
    }

    fn own_headers(&self) -> &'static [&'static str] {
        &["authorization"]
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.token.expose()]
    }

    fn error_details(&self, body: &[u8]) -> ErrorDetails {
        super::error::read(body)
    }

    /// A 429 means that the caller's address is banned, so waiting does not help.
    fn error_kind(&self, status: StatusCode) -> Option<ErrorKind> {
        (status == StatusCode::TOO_MANY_REQUESTS).then_some(ErrorKind::Permission)
    }
}
