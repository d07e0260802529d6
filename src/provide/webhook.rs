//! Webhooks of Provide: whether a delivery is genuine, and what it tells. Source:
//! <https://docs.provide.services/kyc/webhook>.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName};

use super::Provide;
use crate::api::provide::enums::KycApplicationStatus;
use crate::call::WebhookError;
use crate::call::webhook::{Group, Payload, Timed, event_json, header, timed_methods};
use crate::value::Secret;

const SIGNATURE: HeaderName = HeaderName::from_static("x-request-signature");

/// Verifies deliveries by the header `X-Request-Signature`: `t=<seconds>,s=<digest>`.
/// Source: <https://docs.provide.services/kyc/webhook>.
///
/// The digest is an HMAC-SHA-256 of time, point and body under the `webhook_secret` of
/// the Provide Application. The vendor leaves the tolerance to the receiver, and signs
/// each repeated delivery anew.
///
/// Two services post to an application's `webhook_url`: Provide, which signs, and
/// Vouched, which posts its own jobs and signs nothing. The second is
/// [`WebhookError::MissingHeader`]: nobody can tell it from a forgery, so take nothing
/// from it but the hint to read the application again.
///
/// ```
/// use kyc_review::header::HeaderMap;
/// use kyc_review::provide::ProvideWebhooks;
/// # use kyc_review::WebhookError;
///
/// let webhooks = ProvideWebhooks::new(["whsec_provide_example_0001"]).unwrap();
/// let body = br#"{"kyc_application_id":"13bd0b24-f0d9-4caa-89ab-259c058877ce","status":"remediate"}"#;
/// let mut headers = HeaderMap::new();
/// let signature = "t=1573635302,s=b0a5676cc0c1dc652fa7fcbbff290c9a8a0ec14000171c44dcd9e9557eff2d94";
/// headers.insert("x-request-signature", signature.parse().unwrap());
///
/// // It was signed in 2019.
/// assert_eq!(webhooks.verify(&headers, body).unwrap_err(), WebhookError::TooOld);
/// let event = webhooks.tolerance(None).verify(&headers, body).unwrap();
/// assert_eq!(event.status(), "remediate");
/// ```
#[derive(Clone, Debug)]
pub struct ProvideWebhooks {
    signatures: Timed,
}

impl ProvideWebhooks {
    /// A verifier for one Provide Application. The vendor knows one secret at a time;
    /// give the previous one too while you change it.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] and [`WebhookError::EmptySecret`].
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self, WebhookError> {
        Ok(Self { signatures: Timed::new(secrets)? })
    }

    timed_methods!(signatures);

    /// The event, if the delivery is genuine. `body` must be the bytes that came.
    ///
    /// # Errors
    /// A [`WebhookError`] for each way in which it is not.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<ProvideEvent, WebhookError> {
        let value = header(headers, &SIGNATURE)?;
        let group = Group::read(value, "s").ok_or(WebhookError::MalformedHeader(SIGNATURE))?;
        if group.signature.is_none() {
            return Err(WebhookError::UnknownScheme(SIGNATURE));
        }
        self.signatures.verify(&[group], body)?;
        Ok(ProvideEvent { body: Payload::read(body)? })
    }
}

impl Provide {
    /// Verifies deliveries on this client's clock; see [`ProvideWebhooks::new`].
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] and [`WebhookError::EmptySecret`].
    pub fn webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<ProvideWebhooks, WebhookError> {
        Ok(ProvideWebhooks::new(secrets)?.clock(self.context.clock()))
    }
}

/// The status of an application has changed. It has no id, name or time of its own; the
/// same status may be told twice, and one between two quick changes never: read the
/// application.
///
/// `Debug` prints the status and nothing else.
#[derive(Clone, PartialEq)]
pub struct ProvideEvent {
    body: Payload,
}

impl ProvideEvent {
    /// The application.
    #[must_use]
    pub fn kyc_application_id(&self) -> Option<&str> {
        self.body.text("/kyc_application_id")
    }

    /// Its status when the delivery was sent; an empty text where the delivery has none.
    #[must_use]
    pub fn status(&self) -> KycApplicationStatus {
        KycApplicationStatus::from(self.body.text_or_empty("/status"))
    }

    event_json!();
}

impl fmt::Debug for ProvideEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvideEvent").field("status", &self.status()).finish_non_exhaustive()
    }
}
