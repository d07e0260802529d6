//! Beltic: identity sessions and their review. Source: <https://docs.beltic.com>.
//!
//! Only [`Sessions::decline`](resources::Sessions::decline) is a documented action.
//! `approve`, `mark_for_review` and `expire` mirror it, but no public page confirms them;
//! they require the cargo feature `unconfirmed`.
//!
//! # Quick start
//!
//! ```no_run
//! use kyc_review::beltic::types::SessionStatus;
//! use kyc_review::sandbox::Sandbox;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), kyc_review::Error> {
//!     let sandbox = Sandbox::start().await?;
//!     let beltic = sandbox.beltic(); // or Beltic::from_env()?, with BELTIC_API_KEY set
//!     let id = sandbox.seed().beltic_session(SessionStatus::Completed);
//!
//!     let session = beltic.sessions().decline(&id).await?;
//!     println!("{} after {} attempt(s)", session.status(), session.attempts());
//!     assert_eq!(session.status(), &SessionStatus::Declined);
//!     Ok(())
//! }
//! ```

mod accessors;
mod auth;
mod error;
mod rules;
mod webhook;

use crate::api::{Context, client, from_env, from_env_or};
use crate::call::{Error, Vendor};
use crate::transport::{ClientConfig, common_builder_methods};
use crate::value::Secret;

#[cfg(feature = "unconfirmed")]
pub use webhook::BelticDocumentEventStatus;
pub use webhook::{
    BelticAuditEvent, BelticAuditEventType, BelticAuditWebhooks, BelticDocumentEvent,
    BelticDocumentWebhooks,
};

/// The types of requests and responses, and the ids.
pub mod types {
    pub use crate::api::beltic::enums::*;
    pub use crate::api::beltic::ids::*;
    pub use crate::api::beltic::types::*;
}

/// One type per resource, with a method per operation.
pub mod resources {
    pub use crate::api::beltic::resources::*;
}

/// One request type per operation: set its parameters, then await it.
pub mod requests {
    pub use crate::api::beltic::requests::*;
}

const BASE_URL: &str = "https://api.beltic.com";

/// A client of the Beltic Identity API. Cheap to clone; clones share connections and
/// limits.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// let beltic = sandbox.beltic(); // or Beltic::from_env()?
/// let id = sandbox.seed().beltic_session("completed");
///
/// let session = beltic.sessions().decline(&id).await?;
/// assert_eq!(*session.status(), "declined");
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Beltic {
    context: Context,
}

client!(Beltic, beltic, "beltic");

impl Beltic {
    /// Returns a builder with default settings.
    pub fn builder() -> BelticBuilder {
        BelticBuilder { config: ClientConfig::new(BASE_URL), api_key: None }
    }

    /// Builds a client from the environment variable `BELTIC_API_KEY` and, if set,
    /// `BELTIC_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the variable is
    /// missing, or in the cases of [`build`](BelticBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let key = from_env(Vendor::Beltic, "BELTIC_API_KEY")?;
        Self::builder().api_key(key).base_url(from_env_or("BELTIC_BASE_URL", BASE_URL)).build()
    }
}

/// Settings of a [`Beltic`] client.
#[derive(Clone, Debug)]
#[must_use]
pub struct BelticBuilder {
    config: ClientConfig,
    api_key: Option<Secret>,
}

impl BelticBuilder {
    common_builder_methods!();

    /// Sets the API key (`sk_production_…`, `sk_staging_…`). The key alone selects the
    /// environment, because both share one host.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Builds the client, without opening a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the key is
    /// missing or not visible ASCII, or if the base URL is neither https nor loopback.
    pub fn build(self) -> Result<Beltic, Error> {
        let key = self.api_key.ok_or_else(|| {
            Error::configuration(Vendor::Beltic, "no API key is set: call `api_key`")
        })?;
        let key = key.checked(Vendor::Beltic, "the API key")?;
        Ok(Beltic::from_transport(self.config.connect(auth::Auth::new(key)?)?))
    }
}
