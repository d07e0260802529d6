//! Webhooks of Rebilly: whether a delivery comes from somebody who knows the credential,
//! and what it is about. Rebilly signs nothing. Source:
//! <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::Rebilly;
use crate::call::WebhookError;
use crate::call::webhook::{Payload, checked, event_json, header, same};
use crate::value::Secret;

/// What Rebilly sends along with each delivery because the webhook is set to.
///
/// Digest authentication can be set too, and is not offered here: no page says which
/// variant Rebilly answers with.
#[derive(Clone, Debug)]
pub struct WebhookCredential {
    header: HeaderName,
    expected: Expected,
}

#[derive(Clone, Debug)]
enum Expected {
    /// The whole value of the header.
    Value(Secret),
    /// User and password as they stand behind `Basic`.
    Basic(Secret),
    /// What was given cannot be a credential; said when a verifier is made of it.
    Invalid(WebhookError),
}

impl WebhookCredential {
    /// Basic authentication: the user and the password of the webhook's credential, which
    /// come in the header `Authorization`. Source:
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

    /// A header with a secret value, which the webhook is set to send.
    /// Source: <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
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

/// Verifies that a delivery bears a credential that the webhook is set to send.
///
/// **The body is not signed.** Whoever learns the credential, or stands between Rebilly
/// and you where TLS ends, can write whatever he likes into it, and replay it: take the
/// ids from the event, read the document again through the API, and act on that alone.
///
/// A delivery may come twice and in any order, and has no id: compare the
/// [`revision`](RebillyEvent::revision) of what it is about. Source:
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
/// assert_eq!(event.kyc_document_id(), Some("kyc_doc_1")); // now: rebilly.kyc_documents().get(…)
/// ```
#[derive(Clone, Debug)]
pub struct RebillyWebhooks {
    credentials: Vec<WebhookCredential>,
}

impl RebillyWebhooks {
    /// A verifier for one webhook: its credential, and while that changes the previous
    /// one too. Any one of them will do.
    ///
    /// # Errors
    /// [`WebhookError::NoSecret`] without a credential, [`WebhookError::EmptySecret`]
    /// with an empty password or value, and [`WebhookError::InvalidUsername`].
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

    /// The event, if the delivery bears one of the credentials.
    ///
    /// # Errors
    /// A [`WebhookError`] for each way in which it does not.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<RebillyEvent, WebhookError> {
        let mut failure = WebhookError::NoSecret;
        for credential in &self.credentials {
            match credential.accepts(headers) {
                Ok(()) => return Ok(RebillyEvent { body: Payload::read(body)? }),
                // A wrong credential says more than one that is not there.
                Err(error) if failure != WebhookError::NoMatch => failure = error,
                Err(_) => {}
            }
        }
        Err(failure)
    }
}

impl Rebilly {
    /// Verifies deliveries; see [`RebillyWebhooks::new`].
    ///
    /// # Errors
    /// As there.
    pub fn webhooks(
        &self,
        credentials: impl IntoIterator<Item = WebhookCredential>,
    ) -> Result<RebillyWebhooks, WebhookError> {
        RebillyWebhooks::new(credentials)
    }
}

/// What a delivery claims to be about. Read it through the API: nothing in here is
/// signed.
///
/// A webhook with a body of its own making has whatever was put there; these are the
/// members of the default body. `Debug` prints the type and nothing else.
#[derive(Clone, PartialEq)]
pub struct RebillyEvent {
    body: Payload,
}

impl RebillyEvent {
    /// The customer.
    #[must_use]
    pub fn customer_id(&self) -> Option<&str> {
        self.body.text("/customerId")
    }

    /// The KYC document, on events about those.
    #[must_use]
    pub fn kyc_document_id(&self) -> Option<&str> {
        self.body.text("/kycDocumentId")
    }

    /// The KYC request, on events about those.
    #[must_use]
    pub fn kyc_request_id(&self) -> Option<&str> {
        self.body.text("/kycRequestId")
    }

    /// The first file of the KYC document.
    #[must_use]
    pub fn file_id(&self) -> Option<&str> {
        self.body.text("/fileId")
    }

    /// The transaction, on events about those.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.body.text("/transactionId")
    }

    /// The customer into whom another one was merged.
    #[must_use]
    pub fn target_customer_id(&self) -> Option<&str> {
        self.body.text("/targetCustomerId")
    }
}

impl RebillyEvent {
    /// What happened; an empty text where the body does not say. There are more types
    /// than have a name here.
    #[must_use]
    pub fn event_type(&self) -> RebillyEventType {
        RebillyEventType::from(self.body.text_or_empty("/eventType"))
    }

    /// The revision of the KYC document or the KYC request, or of the customer where the
    /// event is about nothing else: the greater of two is the newer.
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
    /// What a delivery tells of, as far as it touches a person's verification.
    /// Source: <https://www.rebilly.com/docs/dev-docs/webhooks-configuration>.
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
