//! Provide's webhooks: verification of deliveries, and the events in them. Source:
//! <https://docs.provide.services/kyc/webhook>.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName};

use super::Provide;
use crate::api::provide::enums::KycApplicationStatus;
use crate::call::WebhookError;
use crate::call::webhook::{Group, Payload, Timed, event_json, header, timed_methods};
use crate::value::Secret;

const SIGNATURE: HeaderName = HeaderName::from_static("x-request-signature");

/// A verifier for deliveries, by the header `X-Request-Signature`:
/// `t=<seconds>,s=<digest>`. Source: <https://docs.provide.services/kyc/webhook>.
///
/// The digest is an HMAC-SHA-256 of the time, `.` and the body under the `webhook_secret`
/// of the Provide Application. The vendor leaves the tolerance to the receiver, and signs
/// each retried delivery anew.
///
/// Two services post to an application's `webhook_url`: Provide, which signs, and
/// Vouched, which posts its own jobs unsigned. Those of Vouched fail with
/// [`WebhookError::MissingHeader`]: they cannot be distinguished from forgeries, so use
/// them only as a hint to read the application again.
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
    /// Makes a verifier for one Provide Application. The vendor knows one secret at a
    /// time: while you change it, pass the previous one too.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self, WebhookError> {
        Ok(Self { signatures: Timed::new(secrets)? })
    }

    timed_methods!(signatures);

    /// Returns the event if the delivery is genuine. `body` must be the exact bytes
    /// received.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
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
    /// Makes a verifier on this client's clock; see [`ProvideWebhooks::new`].
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<ProvideWebhooks, WebhookError> {
        Ok(ProvideWebhooks::new(secrets)?.clock(self.context.clock()))
    }
}

/// A change of an application's status. It has no id, name or time of its own. The same
/// status may be reported twice, and one between two quick changes never: read the
/// application.
///
/// `Debug` prints only the status.
#[derive(Clone, PartialEq)]
pub struct ProvideEvent {
    body: Payload,
}

impl ProvideEvent {
    /// Returns the application's id.
    #[must_use]
    pub fn kyc_application_id(&self) -> Option<&str> {
        self.body.text("/kyc_application_id")
    }

    /// Returns its status when the delivery was sent; empty if the delivery has none.
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
