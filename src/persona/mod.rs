//! Persona: inquiries and their sessions, and the decisions on them. Source:
//! <https://docs.withpersona.com>.
//!
//! Every call bears `Persona-Version` and `Key-Inflection: kebab`, so that what is stored
//! on the key changes no answer, and every POST an `Idempotency-Key`: minted for the
//! call, or yours by [`CallOptions`](crate::CallOptions). The key is on the reply and on
//! the error. Persona keeps the first answer to a key for at least 24 hours, and gives it
//! again without a second effect: after a broken connection the same key asks again
//! safely. A server error is kept too, so after one read the subject back first, and then
//! take a new key. Source: <https://docs.withpersona.com/idempotence>.
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
//!     let persona = sandbox.persona(); // the real one: Persona::from_env()?, with PERSONA_API_KEY set
//!
//!     let session = persona.inquiry_sessions().expire(sandbox.seed().inquiry_session("active")).await?;
//!     println!("session {} at {:?}, request {:?}", session.status(), session.expired_at(), session.request_id());
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

/// What requests and responses are made of: objects, enums, unions and ids.
pub mod types {
    pub use crate::api::persona::enums::*;
    pub use crate::api::persona::ids::*;
    pub use crate::api::persona::types::*;
    pub use crate::api::persona::unions::*;
}

/// One type a resource, with a method an operation.
pub mod resources {
    pub use crate::api::persona::resources::*;
}

/// One request type an operation: set what it takes, then await it.
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

client!(Persona, "persona");

impl Persona {
    /// Begins a client.
    #[must_use]
    pub fn builder() -> PersonaBuilder {
        PersonaBuilder {
            config: ClientConfig::new(BASE_URL),
            api_key: None,
            version: PersonaVersion::default(),
        }
    }

    /// A client from `PERSONA_API_KEY` and, where set, `PERSONA_BASE_URL` and
    /// `PERSONA_VERSION`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without a key, or
    /// with a bad base URL or version.
    pub fn from_env() -> Result<Self, Error> {
        let key = from_env(Vendor::Persona, "PERSONA_API_KEY")?;
        let version = from_env_or("PERSONA_VERSION", PersonaVersion::default().as_str());
        let builder = Self::builder().api_key(key).version(version);
        builder.base_url(from_env_or("PERSONA_BASE_URL", BASE_URL)).build()
    }

    /// Returns a cheap clone that sends another `Persona-Version`. It shares connections,
    /// limits and the retry budget, so one call can be tried on a newer version.
    ///
    /// A version that cannot be sent is refused by each call, before any I/O.
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

    /// The API key (`persona_production_…`, `persona_sandbox_…`), or an OAuth access
    /// token. It alone decides the environment: both share one host. Source:
    /// <https://docs.withpersona.com/api-keys>.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The version of the API, sent with every call. Default:
    /// [`PersonaVersion::V2025_12_08`].
    #[must_use]
    pub fn version(mut self, version: impl Into<PersonaVersion>) -> Self {
        self.version = version.into();
        self
    }

    /// The client. Opens no connection yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without a key, with
    /// a key or version that no header can hold, or with a base URL that is neither https
    /// nor loopback.
    pub fn build(self) -> Result<Persona, Error> {
        let key = self
            .api_key
            .ok_or_else(|| Error::configuration(Vendor::Persona, "no API key is set"))?;
        let key = key.checked(Vendor::Persona, "the API key")?;
        Ok(Persona::over(self.config.connect(auth::Auth::new(key, &self.version)?)?))
    }
}
