//! Authorises requests with `X-Api-Key`, the same on every attempt. Source:
//! <https://docs.beltic.com/guides/authentication>.

use chrono::{DateTime, Utc};
use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};

use crate::call::error::ErrorDetails;
use crate::call::{Error, Vendor};
use crate::transport::{Dialect, ErrorFields};
use crate::value::Secret;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

#[derive(Debug)]
pub(super) struct Auth {
    key: Secret,
    header: HeaderValue,
}

impl Auth {
    pub(super) fn new(key: Secret) -> Result<Self, Error> {
        let header = key.header(Vendor::Beltic, "")?;
        Ok(Self { key, header })
    }
}

impl Dialect for Auth {
    fn vendor(&self) -> Vendor {
        Vendor::Beltic
    }

    fn error_fields(&self) -> ErrorFields {
        (
            &["errors", "error", "message", "code", "status", "statusCode", "request_id"],
            &["errors", "error", "message"],
        )
    }

    fn judged_by(&self) -> &'static [&'static str] {
        &[
            "attributes",
            "status",
            "decisioned_at",
            "marked_for_review_at",
            "expired_at",
            "revoked_at",
        ]
    }

    fn authorise(&self, request: &mut Request, _: DateTime<Utc>) -> Result<(), Error> {
        request.headers_mut().insert(API_KEY, self.header.clone());
        Ok(())
    }

    fn own_headers(&self) -> &'static [&'static str] {
        &["x-api-key"]
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.key.expose()]
    }

    fn error_details(&self, body: &[u8]) -> ErrorDetails {
        super::error::read(body)
    }
}
