//! Signs every request. Source: <https://docs.sumsub.com/reference/authentication>.
//!
//! The signature is an HMAC-SHA-256 of the time in whole seconds, the method, the request
//! target and the body, one after the other without a separator. Target and body are
//! taken from the finished request, so that what is signed is what is sent.

use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode, Url};
use sha2::Sha256;

use crate::call::error::ErrorDetails;
use crate::call::{Error, ErrorKind, Limit, Vendor};
use crate::transport::{Dialect, ErrorFields};
use crate::value::Secret;

const TOKEN: HeaderName = HeaderName::from_static("x-app-token");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-app-access-ts");
const SIGNATURE: HeaderName = HeaderName::from_static("x-app-access-sig");

#[derive(Debug)]
pub(super) struct Auth {
    token: Secret,
    header: HeaderValue,
    key: Secret,
}

impl Auth {
    pub(super) fn new(token: Secret, key: Secret) -> Result<Self, Error> {
        let header = token.header(Vendor::Sumsub, "")?;
        Ok(Self { token, header, key })
    }
}

impl Dialect for Auth {
    fn vendor(&self) -> Vendor {
        Vendor::Sumsub
    }

    /// The vendor asks for the content type of JSON even if a write has no body.
    fn prepare(&self, request: &mut Request) -> Result<(), Error> {
        if !request.method().is_safe() && !request.headers().contains_key(CONTENT_TYPE) {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(())
    }

    fn error_fields(&self) -> ErrorFields {
        (
            &["description", "code", "correlationId", "errorCode", "errorName"],
            &["code", "errorName", "description"],
        )
    }

    fn judged_by(&self) -> &'static [&'static str] {
        &[
            "review",
            "reviewStatus",
            "reviewResult",
            "reviewAnswer",
            "reviewRejectType",
            "reviewDate",
        ]
    }

    fn authorise(&self, request: &mut Request, now: DateTime<Utc>) -> Result<(), Error> {
        let refuse = |why| Error::configuration(Vendor::Sumsub, why);
        let seconds = now.timestamp();
        if seconds < 0 {
            return Err(refuse("invalid clock: must not be before 1970 to sign requests"));
        }
        let timestamp = seconds.to_string();
        let body = match request.body() {
            None => &[],
            Some(body) => body
                .as_bytes()
                .ok_or_else(|| refuse("a streamed body cannot be signed: send bytes"))?,
        };
        let method = request.method().as_str();
        let signature =
            signature(self.key.expose(), &timestamp, method, &target(request.url()), body)?;
        let mut signature = header(&signature)?;
        signature.set_sensitive(true);
        let timestamp = header(&timestamp)?;
        let headers = request.headers_mut();
        headers.insert(TOKEN, self.header.clone());
        headers.insert(TIMESTAMP, timestamp);
        headers.insert(SIGNATURE, signature);
        Ok(())
    }

    fn own_headers(&self) -> &'static [&'static str] {
        &["x-app-token", "x-app-access-ts", "x-app-access-sig", "content-type"]
    }

    /// The page states limits for GET and POST; other methods count as POST.
    fn limits(&self) -> Vec<Limit> {
        let window = Duration::from_secs(5);
        vec![Limit::reads(300, window), Limit::writes(50, window)]
    }

    /// A "Temporary conflict" means that the applicant is being processed, and that the
    /// decision was not applied.
    fn is_not_processed(&self, status: StatusCode, hint: Option<Duration>) -> bool {
        status == StatusCode::CONFLICT && hint.is_some()
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.token.expose(), self.key.expose()]
    }

    fn error_details(&self, body: &[u8]) -> ErrorDetails {
        super::error::read(body)
    }

    /// Sumsub responds 304 if the state of the subject forbids a change, as while an
    /// applicant is being checked. That is a conflict: nothing was cached, and nothing is
    /// redirected.
    fn error_kind(&self, status: StatusCode) -> Option<ErrorKind> {
        (status == StatusCode::NOT_MODIFIED).then_some(ErrorKind::Conflict)
    }
}

/// Returns the target as in the request line: the path, then `?` and the query if there
/// is one.
fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// Returns the signature in lower-case hexadecimal digits. `timestamp` must be the exact
/// text of the header.
pub(crate) fn signature(
    secret: &str,
    timestamp: &str,
    method: &str,
    target: &str,
    body: &[u8],
) -> Result<String, Error> {
    // HMAC accepts a key of any length; only the type allows for an error.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| {
        Error::configuration(Vendor::Sumsub, "invalid secret key: must be a key for HMAC-SHA-256")
    })?;
    for part in [timestamp.as_bytes(), method.as_bytes(), target.as_bytes(), body] {
        mac.update(part);
    }
    let mut text = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn header(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(text).map_err(|_| {
        Error::configuration(
            Vendor::Sumsub,
            "invalid header of the signature: must be visible ASCII",
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const SECRET: &str = "Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq";
    const TIME: &str = "1607551635";
    const APPLICANTS: &str = "/resources/applicants?levelName=basic-kyc-level";
    const APPLICANT: &str = r#"{"externalUserId":"user-042","fixedInfo":{"firstName":"Žoë","lastName":"Šimůnek-東京"}}"#;
    const TOKENS: &str = "/resources/accessTokens?userId=cfd20712-24a2-4c7d-9ab0-146f3c142335&levelName=basic-kyc-level&ttlInSecs=600";
    /// A form of two parts, the second of which is ten bytes that are not text.
    const FORM: &[u8] = b"------sumsub-7MA4YWxkTrZu0gW\r\n\
        Content-Disposition: form-data; name=\"metadata\"\r\n\
        Content-Type: application/json\r\n\r\n\
        {\"idDocType\":\"PASSPORT\",\"country\":\"GBR\"}\r\n\
        ------sumsub-7MA4YWxkTrZu0gW\r\n\
        Content-Disposition: form-data; name=\"content\"; filename=\"p.png\"\r\n\
        Content-Type: image/png\r\n\r\n\
        \x89PNG\r\n\x1a\n\x00\xff\r\n\
        ------sumsub-7MA4YWxkTrZu0gW--\r\n";

    fn sign(method: &str, target: &str, body: &[u8]) -> String {
        signature(SECRET, TIME, method, target, body).unwrap()
    }

    /// Computed with another implementation, and confirmed by the vendor's own samples in
    /// two languages.
    #[test]
    fn every_known_signature_is_met() {
        assert_eq!((APPLICANT.len(), FORM.len()), (93, 322));
        for (method, target, body, expected) in [
            (
                "GET",
                "/resources/applicantActions/-;applicantId=63e096c51b6b4030f2e01154?limit=10&offset=20",
                &b""[..],
                "e8176cf72468e69f78287b74acf80ec8c1f1a5caa8c99e607ed867c46bd7768b",
            ),
            (
                "POST",
                APPLICANTS,
                APPLICANT.as_bytes(),
                "3641d08e3991bf67defd007ea01e3afaae09aa8113922468e41a5edea9cd2fdd",
            ),
            (
                "POST",
                TOKENS,
                b"",
                "1e1856be1c1e1ff113e5664acac6b423ffefe04ad42ff36567622ef56f62c4b1",
            ),
            (
                "POST",
                "/resources/applicants/5b594ade0a975a36c9349e66/info/idDoc",
                FORM,
                "8fa5ea1f57d986e5bb8678a3d463371cd2b506f115e5552a8e679f28442faa08",
            ),
            (
                "GET",
                "/resources/applicants/-;externalUserId=user%2B42%40example.com%2Fa%20b/one",
                b"",
                "ce3d9af09cf09be509c21dabd520cb3d8fa25267b2b8f4254bd73d719b36727e",
            ),
            (
                "POST",
                "/resources/kyt/txns/631f268442d8290001e1eee8/review/status/completed",
                br#"{"reviewAnswer":"GREEN"}"#,
                "cc2427cb997033f31f9ee9f5c17566e77fc75706bac6b2a7f2b76fbe98953c8e",
            ),
            (
                "POST",
                "/resources/applicants/5f80e6b7155a6336271e4677/moveToLevel?name=Level%20%2B1%20%E2%82%AC",
                b"",
                "4a406ed71a98848ae0bdbcfe0a52ee969a96a7c4d7ef2ab445fa425ca00ca7e6",
            ),
            (
                "DELETE",
                "/resources/kyt/txns/631f268442d8290001e1eee8/tags",
                br#"["Structuring","Anomaly med"]"#,
                "b4ddeb60132c43dd2588779d19072ab893476b950017f91601589c7fc709997f",
            ),
        ] {
            assert_eq!(sign(method, target, body), expected, "{method} {target}");
        }
    }

    /// A request that is signed in a wrong way has another signature, and exactly the one
    /// expected.
    #[test]
    fn every_known_mistake_gives_another_signature() {
        let decoded = "/resources/applicants/-;externalUserId=user+42@example.com/a b/one";
        assert_eq!(
            sign("GET", decoded, b""),
            "1fec6b774dafc74afdf81b6f0fc474b9ccccc035f3a5930cfec220966df6d29b"
        );
        assert_eq!(
            sign("POST", TOKENS, b"{}"),
            "8051dc0f984d27c9c440c67b1fc850bde72c1ec009f8556fa9c73f7260e70d43"
        );
        let escaped: String = APPLICANT
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
            .collect();
        assert_eq!(
            sign("POST", APPLICANTS, escaped.as_bytes()),
            "58084419ccb2f20274cd2ea924d4f5682b5d29304adbc32ccd38be064dd177f0"
        );
    }

    #[test]
    fn every_part_counts() {
        let right = sign("POST", "/a?b", b"c");
        for other in
            [sign("PUT", "/a?b", b"c"), sign("POST", "/a?c", b"c"), sign("POST", "/a?b", b"d")]
        {
            assert_ne!(other, right);
        }
        assert_ne!(signature(SECRET, "1607551636", "POST", "/a?b", b"c").unwrap(), right);
        assert_ne!(signature("another", TIME, "POST", "/a?b", b"c").unwrap(), right);
        assert_eq!(right.len(), 64);
    }
}
