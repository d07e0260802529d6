//! Rebilly's webhooks: verification of the credential in a delivery, and the events in
//! deliveries. Rebilly signs nothing. Source:
//! <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::Rebilly;
use crate::call::WebhookError;
use crate::call::webhook::{Payload, checked, event_json, header, same};
use crate::value::Secret;

/// A credential that a webhook is set to send with each delivery.
///
/// Digest authentication can be set too, but is not supported here: no page says which
/// variant Rebilly uses.
#[derive(Clone, Debug)]
pub struct WebhookCredential {
    header: HeaderName,
    expected: Expected,
}

#[derive(Clone, Debug)]
enum Expected {
    /// The whole value of the header.
    Value(Secret),
    /// User and password, encoded as after `Basic`.
    Basic(Secret),
    /// Not a valid credential; [`RebillyWebhooks::new`] returns the error.
    Invalid(WebhookError),
}

impl WebhookCredential {
    /// Makes a credential of basic authentication: the user and the password of the
    /// webhook's credential, which are sent in the header `Authorization`. Source:
    /// <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
    #[must_use]
    pub fn basic(username: &str, password: impl Into<Secret>) -> Self {
        let expected = match checked(&password.into()) {
            Err(error) => Expected::Invalid(error),
            Ok(_) if username.is_empty() || username.contains(':') => {
                Expected::Invalid(WebhookError::InvalidUsername)
            }
            Ok(password) => {
                let both = format!("{username}:{}", password.expose());
                Expected::Basic(BASE64_STANDARD.encode(both).into())
            }
        };
        Self { header: AUTHORIZATION, expected }
    }

    /// Makes a credential of a header with a secret value, which the webhook is set to
    /// send. Source: <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
    #[must_use]
    pub fn header(name: HeaderName, value: impl Into<Secret>) -> Self {
        let expected = checked(&value.into()).map_or_else(Expected::Invalid, Expected::Value);
        Self { header: name, expected }
    }

    fn accepts(&self, headers: &HeaderMap) -> Result<(), WebhookError> {
        let value = header(headers, &self.header)?;
        let is_right = match &self.expected {
            Expected::Value(expected) => same(expected.expose(), value),
            Expected::Basic(expected) => match value.split_once(' ') {
                Some((scheme, given)) if scheme.eq_ignore_ascii_case("basic") => {
                    same(expected.expose(), given)
                }
                _ => return Err(WebhookError::UnknownScheme(self.header.clone())),
            },
            Expected::Invalid(error) => return Err(error.clone()),
        };
        if is_right { Ok(()) } else { Err(WebhookError::NoMatch) }
    }
}

/// A verifier for deliveries, by a credential that the webhook is set to send.
///
/// **The body is not signed.** Anyone who learns the credential, or who is where TLS ends
/// between Rebilly and you, can write anything into the body, and replay it: take the ids
/// from the event, read the document through the API, and act on that alone.
///
/// The same delivery may come twice, and deliveries in any order, without an id: compare
/// the [`revision`](RebillyEvent::revision) of what they are about. Source:
/// <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
///
/// ```
/// use kyc_review::header::HeaderMap;
/// use kyc_review::rebilly::{RebillyWebhooks, WebhookCredential};
///
/// let webhooks = RebillyWebhooks::new([WebhookCredential::basic("hook-user", "p:w")]).unwrap();
/// let mut headers = HeaderMap::new();
/// headers.insert("authorization", "Basic aG9vay11c2VyOnA6dw==".parse().unwrap());
///
/// let body = br#"{"eventType":"kyc-document-accepted","kycDocumentId":"kyc_doc_1","customerId":"cus_1"}"#;
/// let event = webhooks.verify(&headers, body).unwrap();
/// assert_eq!(event.kyc_document_id(), Some("kyc_doc_1")); // then rebilly.kyc_documents().get(…)
/// ```
#[derive(Clone, Debug)]
pub struct RebillyWebhooks {
    credentials: Vec<WebhookCredential>,
}

impl RebillyWebhooks {
    /// Makes a verifier for one webhook. While its credential is changed, pass the
    /// previous one too; any one of them is accepted.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a credential, [`WebhookError::EmptySecret`] if
    /// a password or value is empty or blank, and [`WebhookError::InvalidUsername`] if a
    /// user is empty or contains a colon.
    pub fn new(
        credentials: impl IntoIterator<Item = WebhookCredential>,
    ) -> Result<Self, WebhookError> {
        let credentials: Vec<_> = credentials.into_iter().collect();
        for credential in &credentials {
            if let Expected::Invalid(error) = &credential.expected {
                return Err(error.clone());
            }
        }
        if credentials.is_empty() { Err(WebhookError::NoSecret) } else { Ok(Self { credentials }) }
    }

    /// Returns the event if the delivery has one of the credentials.
    ///
    /// # Errors
    /// A [`WebhookError`] that says why the delivery is rejected.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<RebillyEvent, WebhookError> {
        let mut failure = WebhookError::NoSecret;
        for credential in &self.credentials {
            match credential.accepts(headers) {
                Ok(()) => return Ok(RebillyEvent { body: Payload::read(body)? }),
                // A wrong credential says more than a missing one.
                Err(error) if failure != WebhookError::NoMatch => failure = error,
                Err(_) => {}
            }
        }
        Err(failure)
    }
}

impl Rebilly {
    /// Makes a verifier; see [`RebillyWebhooks::new`].
    ///
    /// # Errors
    /// Those of [`RebillyWebhooks::new`].
    pub fn webhooks(
        &self,
        credentials: impl IntoIterator<Item = WebhookCredential>,
    ) -> Result<RebillyWebhooks, WebhookError> {
        RebillyWebhooks::new(credentials)
    }
}

/// An event as a delivery claims it. Nothing in it is signed: read the resource through
/// the API.
///
/// If the webhook is set to send a body of its own, that has whatever was put there; the
/// methods read the fields of the default body. `Debug` prints only the type.
#[derive(Clone, PartialEq)]
pub struct RebillyEvent {
    body: Payload,
}

impl RebillyEvent {
    /// Returns the customer's id.
    #[must_use]
    pub fn customer_id(&self) -> Option<&str> {
        self.body.text("/customerId")
    }

    /// Returns the KYC document's id, on events about KYC documents.
    #[must_use]
    pub fn kyc_document_id(&self) -> Option<&str> {
        self.body.text("/kycDocumentId")
    }

    /// Returns the KYC request's id, on events about KYC requests.
    #[must_use]
    pub fn kyc_request_id(&self) -> Option<&str> {
        self.body.text("/kycRequestId")
    }

    /// Returns the id of the KYC document's first file.
    #[must_use]
    pub fn file_id(&self) -> Option<&str> {
        self.body.text("/fileId")
    }

    /// Returns the transaction's id, on events about transactions.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.body.text("/transactionId")
    }

    /// Returns the id of the customer into whom another one was merged.
    #[must_use]
    pub fn target_customer_id(&self) -> Option<&str> {
        self.body.text("/targetCustomerId")
    }
}

impl RebillyEvent {
    /// Returns what happened; empty if the body does not say. Not every type has a name
    /// here.
    #[must_use]
    pub fn event_type(&self) -> RebillyEventType {
        RebillyEventType::from(self.body.text_or_empty("/eventType"))
    }

    /// Returns the revision of the KYC document or the KYC request, or of the customer if
    /// the event is about neither: the greater of two is the newer.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        let embedded = ["kycDocument", "kycRequest", "customer"];
        let subject =
            embedded.iter().find_map(|name| self.body.at(&format!("/_embedded/{name}")))?;
        subject.get("revision")?.as_i64()
    }

    event_json!();
}

impl fmt::Debug for RebillyEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RebillyEvent")
            .field("event_type", &self.event_type())
            .finish_non_exhaustive()
    }
}

crate::value::open_enum::open_enum! {
    /// The event types that concern a person's verification. Source:
    /// <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
    pub enum RebillyEventType {
        /// `kyc-document-accepted` on the wire.
        KycDocumentAccepted = "kyc-document-accepted",
        /// `kyc-document-archived` on the wire.
        KycDocumentArchived = "kyc-document-archived",
        /// `kyc-document-created` on the wire.
        KycDocumentCreated = "kyc-document-created",
        /// `kyc-document-modified` on the wire.
        KycDocumentModified = "kyc-document-modified",
        /// `kyc-document-rejected` on the wire.
        KycDocumentRejected = "kyc-document-rejected",
        /// `kyc-document-reviewed` on the wire.
        KycDocumentReviewed = "kyc-document-reviewed",
        /// `kyc-request-attempted` on the wire.
        KycRequestAttempted = "kyc-request-attempted",
        /// `kyc-request-failed` on the wire.
        KycRequestFailed = "kyc-request-failed",
        /// `kyc-request-fulfilled` on the wire.
        KycRequestFulfilled = "kyc-request-fulfilled",
        /// `kyc-request-partially-fulfilled` on the wire.
        KycRequestPartiallyFulfilled = "kyc-request-partially-fulfilled",
        /// `aml-list-possibly-matched` on the wire.
        AmlListPossiblyMatched = "aml-list-possibly-matched",
        /// `customer-created` on the wire.
        CustomerCreated = "customer-created",
        /// `customer-updated` on the wire.
        CustomerUpdated = "customer-updated",
        /// `customer-merged` on the wire.
        CustomerMerged = "customer-merged",
        /// `customer-one-time-password-requested` on the wire.
        CustomerOneTimePasswordRequested = "customer-one-time-password-requested",
        /// `customer-redirected-offsite` on the wire.
        CustomerRedirectedOffsite = "customer-redirected-offsite",
        /// `customer-returned` on the wire.
        CustomerReturned = "customer-returned",
        /// `experian-check-performed` on the wire.
        ExperianCheckPerformed = "experian-check-performed",
        /// `risk-score-changed` on the wire.
        RiskScoreChanged = "risk-score-changed",
    }
}
