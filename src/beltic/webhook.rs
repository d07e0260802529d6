//! Beltic's webhooks: two unrelated systems, one for documents and one for the audit
//! streams of credentials. Neither reports sessions: read those through the API. Source:
//! <https://docs.beltic.com/guides/managing-webhooks>.

use std::fmt;

use hmac::Hmac;
use reqwest::header::{HeaderMap, HeaderName};
use sha2::Sha256;

use super::Beltic;
use crate::call::WebhookError;
use crate::call::webhook::{Group, Payload, Secrets, Timed, event_json, header, timed_methods};
use crate::value::{Personal, Secret};

const TOKEN: HeaderName = HeaderName::from_static("x-webhook-token");
const DOCUMENT_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");
const AUDIT_SIGNATURE: HeaderName = HeaderName::from_static("beltic-signature");
const AUDIT_TIMESTAMP: HeaderName = HeaderName::from_static("beltic-timestamp");
/// The name of the scheme, which precedes a digest.
const SHA256: &str = "sha256=";

/// A verifier for document webhooks. `X-Webhook-Token` must be the configuration's token,
/// and `X-Webhook-Signature` an HMAC-SHA-256 of the body under its secret. Source:
/// <https://docs.beltic.com/guides/managing-webhooks>.
///
/// The page does not say how the digest is written. Hexadecimal digits are accepted, in
/// either case, with or without a leading `sha256=`.
///
/// No time is signed, so a recorded delivery can be replayed: remember which status of
/// which document you have handled, and read the document before acting.
///
/// ```
/// use kyc_review::beltic::BelticDocumentWebhooks;
/// use kyc_review::header::HeaderMap;
///
/// let secrets = ["whsec_beltic_example_0001"];
/// let webhooks = BelticDocumentWebhooks::new(["the token"], secrets).unwrap();
/// let body = br#"{"data":{"type":"document","id":"123e4567-e89b-12d3-a456-426614174000","attributes":{"status":"processed"}}}"#;
/// let mut headers = HeaderMap::new();
/// headers.insert("x-webhook-token", "the token".parse().unwrap());
/// let signature = "427ee39ea2c6749d2c9c03d15ce7445c9f0f232ad1b12e328250c2a60e3f736a";
/// headers.insert("x-webhook-signature", signature.parse().unwrap());
///
/// let event = webhooks.verify(&headers, body).unwrap();
/// assert_eq!(event.json().expose()["data"]["attributes"]["status"], "processed");
/// ```
#[derive(Clone, Debug)]
pub struct BelticDocumentWebhooks {
    tokens: Secrets,
    secrets: Secrets,
}

impl BelticDocumentWebhooks {
    /// Makes a verifier for one webhook configuration. While its token or secret is
    /// changed, pass the previous one too.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a token or without a secret, and
    /// [`WebhookError::EmptySecret`] if one is empty or blank.
    pub fn new(
        tokens: impl IntoIterator<Item: Into<Secret>>,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<Self, WebhookError> {
        Ok(Self { tokens: Secrets::new(tokens)?, secrets: Secrets::new(secrets)? })
    }

    /// Returns the event if the delivery is genuine. `body` must be the exact bytes
    /// received.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<BelticDocumentEvent, WebhookError> {
        let token = header(headers, &TOKEN)?;
        let signature = header(headers, &DOCUMENT_SIGNATURE)?.to_ascii_lowercase();
        if !self.tokens.contain(token) {
            return Err(WebhookError::TokenMismatch);
        }
        let digest = signature.strip_prefix(SHA256).unwrap_or(&signature);
        if !self.secrets.have_signed::<Hmac<Sha256>>(&[body], digest)? {
            return Err(WebhookError::NoMatch);
        }
        Ok(BelticDocumentEvent { body: Payload::read(body)? })
    }
}

/// A change of a document. The page says that the body is a JSON:API envelope, but not
/// what it contains.
///
/// `Debug` prints none of it.
#[derive(Clone, PartialEq)]
pub struct BelticDocumentEvent {
    body: Payload,
}

impl BelticDocumentEvent {
    /// Returns the document's id. No page shows the body; this is where JSON:API puts an
    /// id.
    #[cfg(feature = "unconfirmed")]
    #[must_use]
    pub fn document_id(&self) -> Option<&str> {
        self.body.text("/data/id")
    }

    /// Returns the document's status; empty if it is missing. No page shows the body;
    /// this is where Beltic's responses have a status.
    #[cfg(feature = "unconfirmed")]
    #[must_use]
    pub fn status(&self) -> BelticDocumentEventStatus {
        BelticDocumentEventStatus::from(self.body.text_or_empty("/data/attributes/status"))
    }

    event_json!();
}

impl fmt::Debug for BelticDocumentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BelticDocumentEvent").finish_non_exhaustive()
    }
}

#[cfg(feature = "unconfirmed")]
crate::value::open_enum::open_enum! {
    /// The statuses of documents that a webhook can be subscribed to.
    /// Source: <https://docs.beltic.com/api-reference/endpoint/webhook-config-create>.
    pub enum BelticDocumentEventStatus {
        /// `pending` on the wire.
        Pending = "pending",
        /// `submitted` on the wire.
        Submitted = "submitted",
        /// `processing` on the wire.
        Processing = "processing",
        /// `processed` on the wire.
        Processed = "processed",
        /// `failed` on the wire.
        Failed = "failed",
    }
}

/// A verifier for the audit streams of credentials. `Beltic-Signature` is `sha256=` and
/// an HMAC-SHA-256 of the time, `.` and the body under the stream's secret. The time is
/// in `Beltic-Timestamp` and may be 300 seconds off, unless
/// [`tolerance`](Self::tolerance) is set.
///
/// Source:
/// <https://docs.beltic.com/api-reference/endpoint/credentials-audit-streams-create>; the
/// headers are those that a published receiver reads,
/// <https://github.com/gethouston/houston>.
///
/// ```
/// use kyc_review::beltic::BelticAuditWebhooks;
/// use kyc_review::header::HeaderMap;
/// # use kyc_review::WebhookError;
///
/// let webhooks = BelticAuditWebhooks::new(["beltic-stream-secret-0123456789abcdef"]).unwrap();
/// let body = br#"{"event_type":"credential.revoked","credential_id":"cred_abc123"}"#;
/// let mut headers = HeaderMap::new();
/// headers.insert("beltic-timestamp", "1750000000".parse().unwrap());
/// let signature = "sha256=7297f21c57db96cc268fd65550d7ae9378bf49e68f7e2af0db9a44998ab0c9f0";
/// headers.insert("beltic-signature", signature.parse().unwrap());
///
/// // It was signed in 2025.
/// assert_eq!(webhooks.verify(&headers, body).unwrap_err(), WebhookError::TooOld);
/// let event = webhooks.tolerance(None).verify(&headers, body).unwrap();
/// assert_eq!(event.event_type(), "credential.revoked");
/// ```
#[derive(Clone, Debug)]
pub struct BelticAuditWebhooks {
    signatures: Timed,
}

impl BelticAuditWebhooks {
    /// Makes a verifier for one stream. While its secret is changed, pass the previous
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
    /// received.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<BelticAuditEvent, WebhookError> {
        let signature = header(headers, &AUDIT_SIGNATURE)?;
        let time = header(headers, &AUDIT_TIMESTAMP)?;
        let signature =
            signature.strip_prefix(SHA256).ok_or(WebhookError::UnknownScheme(AUDIT_SIGNATURE))?;
        let group = Group { time: Some(time), signature: Some(signature) };
        self.signatures.verify(&[group], body)?;
        Ok(BelticAuditEvent { body: Payload::read(body)? })
    }
}

/// An audit event of a credential. Recognise repeated deliveries by [`id`](Self::id).
///
/// `Debug` prints only the type.
#[derive(Clone, PartialEq)]
pub struct BelticAuditEvent {
    body: Payload,
}

impl BelticAuditEvent {
    /// Returns the event's id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.body.text("/id")
    }

    /// Returns what happened; empty if the body does not say.
    #[must_use]
    pub fn event_type(&self) -> BelticAuditEventType {
        BelticAuditEventType::from(self.body.text_or_empty("/event_type"))
    }

    /// Returns the credential's id (`cred_…`).
    #[must_use]
    pub fn credential_id(&self) -> Option<&str> {
        self.body.text("/credential_id")
    }

    /// Returns the type of the credential.
    #[must_use]
    pub fn credential_type(&self) -> Option<&str> {
        self.body.text("/credential_type")
    }

    /// Returns the reason for the outcome. It may name a person.
    #[must_use]
    pub fn outcome_reason(&self) -> Option<Personal<&str>> {
        self.body.text("/outcome_reason").map(Personal::new)
    }

    event_json!();
}

impl fmt::Debug for BelticAuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BelticAuditEvent")
            .field("event_type", &self.event_type())
            .finish_non_exhaustive()
    }
}

crate::value::open_enum::open_enum! {
    /// The event types of an audit stream. Source:
    /// <https://docs.beltic.com/api-reference/endpoint/credentials-audit-events-list>.
    pub enum BelticAuditEventType {
        /// `credential.issued` on the wire.
        Issued = "credential.issued",
        /// `credential.verified` on the wire.
        Verified = "credential.verified",
        /// `credential.revoked` on the wire.
        Revoked = "credential.revoked",
        /// `credential.deleted` on the wire.
        Deleted = "credential.deleted",
        /// `credential.presented` on the wire.
        Presented = "credential.presented",
        /// `credential.presentation_accepted` on the wire.
        PresentationAccepted = "credential.presentation_accepted",
        /// `credential.presentation_rejected` on the wire.
        PresentationRejected = "credential.presentation_rejected",
        /// `credential.suspended` on the wire.
        Suspended = "credential.suspended",
        /// `credential.reactivated` on the wire.
        Reactivated = "credential.reactivated",
        /// `credential.batch_completed` on the wire: many were issued at once.
        BatchCompleted = "credential.batch_completed",
    }
}

impl Beltic {
    /// Makes a verifier for document webhooks; see [`BelticDocumentWebhooks::new`].
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a token or without a secret, and
    /// [`WebhookError::EmptySecret`] if one is empty or blank.
    pub fn document_webhooks(
        &self,
        tokens: impl IntoIterator<Item: Into<Secret>>,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<BelticDocumentWebhooks, WebhookError> {
        BelticDocumentWebhooks::new(tokens, secrets)
    }

    /// Makes a verifier for audit streams, on this client's clock; see
    /// [`BelticAuditWebhooks::new`].
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a secret, and [`WebhookError::EmptySecret`] if
    /// one is empty or blank.
    pub fn audit_webhooks(
        &self,
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<BelticAuditWebhooks, WebhookError> {
        Ok(BelticAuditWebhooks::new(secrets)?.clock(self.context.clock()))
    }
}
