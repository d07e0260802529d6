//! Persona: inquiries and their sessions, and the decisions on them. Source:
//! <https://docs.withpersona.com>.
//!
//! Every request sends `Persona-Version` and `Key-Inflection: kebab`, so settings stored
//! on the API key cannot change the response. Every POST also sends an `Idempotency-Key`:
//! a new one per call, or yours from [`CallOptions`]. The reply and
//! the error both return the key.
//!
//! Persona keeps the first response to a key for at least 24 hours and sends it again
//! without a second effect, so after a broken connection it is safe to retry with the
//! same key. A server error is kept too: after one, read the subject first, and then use
//! a new key. Source: <https://docs.withpersona.com/idempotence>.
//!
//! # Quick start
//!
//! ```no_run
//! use kyc_review::persona::types::InquiryInclude;
//! use kyc_review::sandbox::Sandbox;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), kyc_review::Error> {
//!     let sandbox = Sandbox::start().await?;
//!     let persona = sandbox.persona(); // or Persona::from_env()?, with PERSONA_API_KEY set
//!
//!     let id = sandbox.seed().inquiry_session("active");
//!     let session = persona.inquiry_sessions().expire(id).await?;
//!     println!("session {} at {:?}", session.status(), session.expired_at());
//!     println!("request {:?}", session.request_id());
//!
//!     let inquiry = persona
//!         .inquiries()
//!         .approve(&sandbox.seed().inquiry("needs_review"))
//!         .comment("Documents match")
//!         .include([InquiryInclude::Account])
//!         .await?;
//!     println!("inquiry {}, idempotency key {:?}", inquiry.status(), inquiry.idempotency_key());
//!     assert_eq!(*inquiry.status(), "approved");
//!     Ok(())
//! }
//! ```

mod accessors;
mod auth;
mod error;
mod included;
mod rules;
mod version;
mod webhook;

use crate::api::{Context, client, from_env, from_env_or};
use crate::call::{CallOptions, Error, Vendor};
use crate::transport::{ClientConfig, common_builder_methods};
use crate::value::Secret;

pub use included::IncludedResource;
pub use version::PersonaVersion;
pub use webhook::{EventPayload, PersonaEvent, PersonaWebhooks};

/// The types of requests and responses, and the ids.
pub mod types {
    pub use crate::api::persona::enums::*;
    pub use crate::api::persona::ids::*;
    pub use crate::api::persona::types::*;
    pub use crate::api::persona::unions::*;
}

/// One type per resource, with a method per operation.
pub mod resources {
    pub use crate::api::persona::resources::*;
}

/// One request type per operation: set its parameters, then await it.
pub mod requests {
    pub use crate::api::persona::requests::*;
}

const BASE_URL: &str = "https://api.withpersona.com";

/// A client of the Persona API. Cheap to clone; clones share connections and limits.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use kyc_review::persona::types::{InquiryInclude, InquiryStatus};
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
    context: Context,
}

client!(Persona, persona, "persona");

impl Persona {
    /// Returns a builder with default settings.
    #[must_use]
    pub fn builder() -> PersonaBuilder {
        PersonaBuilder {
            config: ClientConfig::new(BASE_URL),
            api_key: None,
            version: PersonaVersion::default(),
        }
    }

    /// Builds a client from the environment variable `PERSONA_API_KEY` and, if set,
    /// `PERSONA_BASE_URL` and `PERSONA_VERSION`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the variable is
    /// missing, or in the cases of [`build`](PersonaBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let key = from_env(Vendor::Persona, "PERSONA_API_KEY")?;
        let version = from_env_or("PERSONA_VERSION", PersonaVersion::default().as_str());
        let builder = Self::builder().api_key(key).version(version);
        builder.base_url(from_env_or("PERSONA_BASE_URL", BASE_URL)).build()
    }

    /// Returns a cheap clone that sends another `Persona-Version`. It shares connections,
    /// limits and the retry budget, so one call can be tried on a newer version.
    ///
    /// An invalid version fails every call, before any I/O.
    ///
    /// ```
    /// # let persona = kyc_review::persona::Persona::builder().api_key("k").build()?;
    /// use kyc_review::persona::PersonaVersion;
    ///
    /// let canary = persona.with_version(PersonaVersion::V2026_09_29);
    /// # drop(canary);
    /// # Ok::<_, kyc_review::Error>(())
    /// ```
    #[must_use]
    pub fn with_version(&self, version: impl Into<PersonaVersion>) -> Self {
        let own_headers = vec![(auth::VERSION, version.into().as_str().to_owned())];
        self.with(CallOptions { own_headers, ..CallOptions::new() })
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

    /// Sets the API key (`persona_production_…`, `persona_sandbox_…`) or an OAuth access
    /// token. It alone selects the environment, because both share one host. Source:
    /// <https://docs.withpersona.com/api-keys>.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the version of the API, which every request sends. Default:
    /// [`PersonaVersion::V2025_12_08`].
    #[must_use]
    pub fn version(mut self, version: impl Into<PersonaVersion>) -> Self {
        self.version = version.into();
        self
    }

    /// Builds the client, without opening a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the key is
    /// missing, if the key or the version is not visible ASCII, or if the base URL is
    /// neither https nor loopback.
    pub fn build(self) -> Result<Persona, Error> {
        let key = self.api_key.ok_or_else(|| {
            Error::configuration(Vendor::Persona, "no API key is set: call `api_key`")
        })?;
        let key = key.checked(Vendor::Persona, "the API key")?;
        Ok(Persona::from_transport(self.config.connect(auth::Auth::new(key, &self.version)?)?))
    }
}
