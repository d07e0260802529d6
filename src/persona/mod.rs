//! Persona: inquiries and their sessions, and the decisions on them. Source: <https://docs.withpersona.com>.
//!
//! Every call bears `Persona-Version` and `Key-Inflection: kebab`, so that what is stored on the key changes no answer, and
//! every POST an `Idempotency-Key`: minted for the call, or yours by [`CallOptions`](crate::CallOptions). The key is on the
//! reply and on the error. Persona keeps the first answer to a key for at least 24 hours, and gives it again without a
//! second effect: after a broken connection the same key asks again safely. A server error is kept too, so after one read
//! the subject back first, and then take a new key. Source: <https://docs.withpersona.com/idempotence>.

mod auth;
mod documents;
mod error;
pub mod ids;
pub(crate) mod included;
mod inquiries;
mod inquiry_sessions;
mod page;
mod reconcile;
mod reply;
mod selection;
mod version;
mod webhook;

use crate::transport::{ClientConfig, common_builder_methods};
use crate::vendor::{client, from_env, from_env_or};
use crate::{Error, Secret, Vendor};

pub use crate::api::persona::enums::{
    InquirySessionStatus, InquiryStatus, NetworkProxyType, NetworkServiceType, NetworkThreatLevel,
};
pub use crate::api::persona::types::{
    Account, AccountAttributes, AccountFields, Device, DeviceAttributes, Inquiry, InquiryAttributes, InquiryDocument,
    InquiryFieldText, InquiryFields, InquiryRelationships, InquirySession, InquirySessionArrayDocument,
    InquirySessionAttributes, InquirySessionDocument, InquirySessionLinkDocument, InquirySessionRelationships, Network,
    NetworkAttributes, ResourceIdentifier,
};
pub use ids::{InquiryId, InquirySessionId};
pub use included::IncludedResource;
pub(crate) use included::{documents, resources};
pub use inquiries::{ApproveInquiry, DeclineInquiry, GetInquiry, Inquiries, MarkInquiryForReview};
pub use inquiry_sessions::{
    CreateInquirySession, ExpireAllInquirySessions, ExpireInquirySession, GenerateOneTimeLink, GetInquirySession,
    InquirySessions, ListInquirySessions,
};
pub use selection::{InquiryInclude, InquirySessionInclude};
pub use version::PersonaVersion;
pub use webhook::{EventPayload, PersonaEvent, PersonaWebhooks};

/// The generated client, its types and its request builders.
pub mod api {
    pub use crate::api::persona::*;
}

const BASE_URL: &str = "https://api.withpersona.com";

/// A client of the Persona API. Cheap to clone; clones share connections and limits.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use kyc_review::persona::{InquiryInclude, InquiryStatus};
///
/// let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// let persona = sandbox.persona(); // or Persona::from_env()?
/// let id = sandbox.seed().inquiry(InquiryStatus::NeedsReview);
///
/// let inquiry = persona
///     .inquiries()
///     .approve(&id)
///     .comment("Documents match")
///     .include([InquiryInclude::Account, InquiryInclude::Sessions])
///     .await?;
/// assert_eq!(*inquiry.status(), "approved");
/// assert!(inquiry.decisioned_at().is_some() && inquiry.idempotency_key().is_some());
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Persona {
    api: crate::api::persona::Client,
}

client!(Persona, persona);

impl Persona {
    /// Begins a client.
    #[must_use]
    pub fn builder() -> PersonaBuilder {
        PersonaBuilder { config: ClientConfig::new(BASE_URL), api_key: None, version: PersonaVersion::default() }
    }

    /// A client from `PERSONA_API_KEY` and, where set, `PERSONA_BASE_URL` and `PERSONA_VERSION`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without a key, or with a bad base URL or version.
    pub fn from_env() -> Result<Self, Error> {
        let key = from_env(Vendor::Persona, "PERSONA_API_KEY")?;
        let version = from_env_or("PERSONA_VERSION", PersonaVersion::default().as_str());
        let builder = Self::builder().api_key(key).version(version);
        builder.base_url(from_env_or("PERSONA_BASE_URL", BASE_URL)).build()
    }

    /// Inquiries: get, approve, decline, mark for review.
    pub fn inquiries(&self) -> Inquiries {
        Inquiries::new(self.clone())
    }

    /// Inquiry sessions: list, get, create, expire, link.
    pub fn inquiry_sessions(&self) -> InquirySessions {
        InquirySessions::new(self.clone())
    }
}

/// Settings of a [`Persona`] client.
#[derive(Clone, Debug)]
pub struct PersonaBuilder {
    config: ClientConfig,
    api_key: Option<Secret>,
    version: PersonaVersion,
}

impl PersonaBuilder {
    common_builder_methods!();

    /// The API key (`persona_production_…`, `persona_sandbox_…`), or an OAuth access token. It alone decides the
    /// environment: both share one host. Source: <https://docs.withpersona.com/api-keys>.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The version of the API, sent with every call. Default: [`PersonaVersion::V2025_12_08`].
    #[must_use]
    pub fn version(mut self, version: impl Into<PersonaVersion>) -> Self {
        self.version = version.into();
        self
    }

    /// The client. Opens no connection yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without a key, with a key or version that no header can
    /// hold, or with a base URL that is neither https nor loopback.
    pub fn build(self) -> Result<Persona, Error> {
        let key = self.api_key.ok_or_else(|| Error::configuration(Vendor::Persona, "no API key is set"))?;
        let key = key.checked(Vendor::Persona, "the API key")?;
        Ok(Persona::over(self.config.connect(auth::Auth::new(key, &self.version)?)?))
    }
}
