//! Persona's webhooks: verification of deliveries, and the events in them. Source:
//! <https://docs.withpersona.com/webhooks>.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

use super::Persona;
use crate::api::persona::types::{InquiryDocument, InquirySessionDocument};
use crate::call::WebhookError;
use crate::call::webhook::{Group, Payload, Timed, event_json, header, timed_methods};
use crate::value::{Personal, Secret, Timestamp};

const SIGNATURE: HeaderName = HeaderName::from_static("persona-signature");
/// The only version of the signature.
const VERSION: &str = "v1";

/// A verifier for deliveries, by the header `Persona-Signature`:
/// `t=<seconds>,v1=<digest>`, or two of these separated by a space while a secret is
/// rotated. Source: <https://docs.withpersona.com/webhooks-best-practices>.
///
/// The digest is an HMAC-SHA-256 of the time, `.` and the body under the webhook's secret
/// as it is displayed, including `wbhsec_`. A delivery is accepted if any of its
/// signatures matches any of the secrets and its time is within the
/// [`tolerance`](Self::tolerance).
///
/// Persona retries a delivery for two days, and documents the time as that of sending. If
/// retried deliveries are rejected as [`TooOld`](WebhookError::TooOld), the time is not
/// renewed, and a longer tolerance is needed.
///
/// The same delivery may come twice, and deliveries in any order: remember
/// [`PersonaEvent::id`], and sort by [`PersonaEvent::created_at`].
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use kyc_review::header::HeaderMap;
/// use kyc_review::persona::PersonaWebhooks;
/// # use std::sync::Arc;
/// # use kyc_review::sandbox::ManualClock;
///
/// let webhooks = PersonaWebhooks::new(["wbhsec_0f3a1c52-7b4d-4a8e-9c61-2d5e8f7a9b10"]).unwrap();
/// # let time = kyc_review::Timestamp::try_from("2026-01-01T00:05:00Z").unwrap();
/// # let webhooks = webhooks.clock(Arc::new(ManualClock::at(time.instant().unwrap())));
/// let mut headers = HeaderMap::new();
/// let signature = "t=1767225900,v1=1d05c9adc2e1c38a1545617c5f01739830dcde8ffe2e8b19485d42dddc3ce881";
/// headers.insert("persona-signature", signature.parse().unwrap());
///
/// let event = webhooks.verify(&headers, br#"{"ping":true}"#).unwrap();
/// assert_eq!(event.json().expose()["ping"], true);
/// assert!(webhooks.verify(&headers, br#"{"ping":false}"#).is_err());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PersonaWebhooks {
    signatures: Timed,
}

impl PersonaWebhooks {
    /// Makes a verifier for one webhook. While its secret is rotated, pass the previous
    /// one too.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self, WebhookError> {
        Ok(Self { signatures: Timed::new(secrets)? })
    }

    timed_methods!(signatures);

    /// Returns the event if the delivery is genuine. `body` must be the exact bytes
    /// received. JSON that was parsed and written again does not match.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<PersonaEvent, WebhookError> {
        let value = header(headers, &SIGNATURE)?;
        let mut groups = Vec::new();
        for group in value.split(' ') {
            let group =
                Group::read(group, VERSION).ok_or(WebhookError::MalformedHeader(SIGNATURE))?;
            // A group without a `v1` signature is of a future version.
            if group.signature.is_some() {
                groups.push(group);
            }
        }
        if groups.is_empty() {
            return Err(WebhookError::UnknownScheme(SIGNATURE));
        }
        self.signatures.verify(&groups, body)?;
        Ok(PersonaEvent { body: Payload::read(body)? })
    }
}

impl Persona {
    /// Makes a verifier on this client's clock; see [`PersonaWebhooks::new`].
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let persona = kyc_review::sandbox::Sandbox::start().await?.persona();
    /// # let headers = kyc_review::header::HeaderMap::new();
    /// let webhooks = persona.webhooks(["wbhsec_current", "wbhsec_previous"]).unwrap();
    /// assert!(webhooks.verify(&headers, b"{}").is_err()); // not signed
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<PersonaWebhooks, WebhookError> {
        Ok(PersonaWebhooks::new(secrets)?.clock(self.context.clock()))
    }
}

/// An event signed by Persona. Source: <https://docs.withpersona.com/webhooks>.
///
/// `Debug` prints only its name.
#[derive(Clone, PartialEq)]
pub struct PersonaEvent {
    body: Payload,
}

impl PersonaEvent {
    /// Returns what happened: `inquiry.approved`, `report/watchlist.matched`. Empty if
    /// the body is not an event, as in a workflow's own request, which is signed in the
    /// same way.
    #[must_use]
    pub fn name(&self) -> &str {
        self.body.text_or_empty("/data/attributes/name")
    }

    /// Returns the event's id (`evt_…`), the same on every delivery of it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.body.text("/data/id")
    }

    /// Returns when it happened.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        let names = ["created-at", "created_at", "createdAt"];
        names.iter().find_map(|name| self.body.time(&format!("/data/attributes/{name}")))
    }

    /// Returns the resource that the event is about, as it was then: read it through the
    /// API before deciding on it.
    ///
    /// [`EventPayload::Unknown`] is a resource that has no type here, has another shape,
    /// or uses another inflection than kebab (a setting of the webhook).
    #[must_use]
    pub fn payload(&self) -> EventPayload {
        const PAYLOAD: &str = "/data/attributes/payload";
        let decoded = match self.body.text("/data/attributes/payload/data/type") {
            _ if !self.is_kebab() => None,
            Some("inquiry") => self.body.decode(PAYLOAD).map(EventPayload::Inquiry),
            Some("inquiry-session") => self.body.decode(PAYLOAD).map(EventPayload::InquirySession),
            _ => None,
        };
        let raw = || self.body.at(PAYLOAD).cloned().unwrap_or_default();
        decoded.unwrap_or_else(|| EventPayload::Unknown {
            name: self.name().to_owned(),
            json: raw().into(),
        })
    }

    event_json!();

    /// In another inflection, most fields would be silently missed.
    fn is_kebab(&self) -> bool {
        let attributes =
            self.body.at("/data/attributes/payload/data/attributes").and_then(Value::as_object);
        let is_foreign =
            |name: &String| name.contains(|c: char| c == '_' || c.is_ascii_uppercase());
        !attributes.is_some_and(|attributes| attributes.keys().any(is_foreign))
    }
}

impl fmt::Debug for PersonaEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonaEvent").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The resource that an event is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventPayload {
    /// An inquiry, and the resources that the webhook is set to include.
    Inquiry(Box<InquiryDocument>),
    /// An inquiry session, and the resources that the webhook is set to include.
    InquirySession(Box<InquirySessionDocument>),
    /// Anything else.
    Unknown {
        /// The event's name.
        name: String,
        /// The payload as received: `data` and `included`; null if there is none.
        json: Personal<Value>,
    },
}
