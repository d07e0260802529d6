//! Webhooks of Persona: whether a delivery is genuine, and what it tells. Source:
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
/// The only version of the signature there is.
const VERSION: &str = "v1";

/// Verifies deliveries by the header `Persona-Signature`: `t=<seconds>,v1=<digest>`, and
/// while a secret is rotated two of these with a space between. Source:
/// <https://docs.withpersona.com/webhooks-best-practices>.
///
/// The digest is an HMAC-SHA-256 of time, point and body under the webhook's secret as it
/// is shown, with its `wbhsec_`. A delivery is taken when any of its signatures is of any
/// of the secrets and its time is within the [`tolerance`](Self::tolerance).
///
/// Persona repeats a delivery for two days, and says that the time is that of the
/// sending; if repeated deliveries are refused as [`TooOld`](WebhookError::TooOld), the
/// time is not renewed, and a longer tolerance is needed.
///
/// The same delivery may come twice, and in any order: remember [`PersonaEvent::id`], and
/// order by [`PersonaEvent::created_at`].
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use kyc_review::header::HeaderMap;
/// use kyc_review::persona::PersonaWebhooks;
/// # use std::sync::Arc;
/// # use kyc_review::sandbox::ManualClock;
///
/// let webhooks = PersonaWebhooks::new(["wbhsec_0f3a1c52-7b4d-4a8e-9c61-2d5e8f7a9b10"]).unwrap();
/// # let webhooks = webhooks.clock(Arc::new(ManualClock::at(kyc_review::Timestamp::try_from("2026-01-01T00:05:00Z").unwrap().instant().unwrap())));
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
    /// A verifier for one webhook: its secret, and while that is rotated the previous one
    /// too.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] and [`WebhookError::EmptySecret`].
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self, WebhookError> {
        Ok(Self { signatures: Timed::new(secrets)? })
    }

    timed_methods!(signatures);

    /// The event, if the delivery is genuine. `body` must be the bytes that came: JSON
    /// that was read and written again is another body.
    ///
    /// # Errors
    /// A [`WebhookError`] for each way in which it is not.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<PersonaEvent, WebhookError> {
        let value = header(headers, &SIGNATURE)?;
        let mut groups = Vec::new();
        for group in value.split(' ') {
            let group =
                Group::read(group, VERSION).ok_or(WebhookError::MalformedHeader(SIGNATURE))?;
            // What has no signature of this version is one of a version to come.
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
    /// Verifies deliveries on this client's clock; see [`PersonaWebhooks::new`].
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let persona = kyc_review::sandbox::Sandbox::start().await?.persona();
    /// # let headers = kyc_review::header::HeaderMap::new();
    /// let webhooks = persona.webhooks(["wbhsec_current", "wbhsec_previous"]).unwrap();
    /// assert!(webhooks.verify(&headers, b"{}").is_err()); // nobody has signed it
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] and [`WebhookError::EmptySecret`].
    pub fn webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<PersonaWebhooks, WebhookError> {
        Ok(PersonaWebhooks::new(secrets)?.clock(self.context.clock()))
    }
}

/// An event that Persona has signed. Source: <https://docs.withpersona.com/webhooks>.
///
/// `Debug` prints its name and nothing else.
#[derive(Clone, PartialEq)]
pub struct PersonaEvent {
    body: Payload,
}

impl PersonaEvent {
    /// What happened: `inquiry.approved`, `report/watchlist.matched`. Empty where the
    /// body is no event, as that of a workflow's own request, which is signed in the same
    /// way.
    #[must_use]
    pub fn name(&self) -> &str {
        self.body.text_or_empty("/data/attributes/name")
    }

    /// The event's id (`evt_…`): the same one on every delivery of it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.body.text("/data/id")
    }

    /// When it happened.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        let names = ["created-at", "created_at", "createdAt"];
        names.iter().find_map(|name| self.body.time(&format!("/data/attributes/{name}")))
    }

    /// What it happened to, as it was then: read it from the API before deciding on it.
    ///
    /// A resource without a type here, in another shape, or in another inflection than
    /// kebab (a setting of the webhook) is [`EventPayload::Unknown`].
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

    /// In another inflection most members would be missed without a word.
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

/// What an event is about.
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
        /// The payload as it came: `data` and `included`; null where there is none.
        json: Personal<Value>,
    },
}
