//! Sumsub: decisions on monitored transactions and on applicants, and the tags and notes
//! of transactions. Source: <https://docs.sumsub.com/reference/about-sumsub-api>.
//!
//! Every attempt is signed anew, over the exact target and body that are sent, with the
//! time of the client's clock. The vendor rejects a time that is more than 60 seconds off
//! (`app-token-request-expired`).
//!
//! By default an app token has 300 reads and 50 writes per 5 seconds
//! (<https://docs.sumsub.com/reference/rate-limits>); the responses do not say how many
//! are left.
//!
//! Sandbox and production share one host. The app token alone selects one of them:
//! `sbx:…` or `prd:…`.
//!
//! # Quick start
//!
//! ```no_run
//! use kyc_review::sandbox::Sandbox;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), kyc_review::Error> {
//!     let sandbox = Sandbox::start().await?;
//!     // Or Sumsub::from_env()?, with SUMSUB_APP_TOKEN and SUMSUB_SECRET_KEY set.
//!     let sumsub = sandbox.sumsub();
//!
//!     let transaction = sumsub.transactions().approve(&sandbox.seed().transaction()).await?;
//!     println!("approved: {}", transaction.is_approved());
//!
//!     let id = sandbox.seed().applicant("onHold");
//!     let applicant = sumsub.applicants().approve(&id).note("Checked by hand").await?;
//!     println!("approved: {}", applicant.is_approved());
//!     assert!(transaction.is_approved() && applicant.is_approved());
//!     Ok(())
//! }
//! ```

mod accessors;
mod auth;
mod error;
mod reasons;
mod rules;
mod webhook;

use crate::api::{Context, client, from_env, from_env_or};
use crate::call::{Error, Vendor};
use crate::transport::{ClientConfig, common_builder_methods};
use crate::value::Secret;

pub use accessors::Outcome;
#[cfg(feature = "sandbox")]
pub(crate) use auth::signature;
pub use reasons::RejectionReasons;
pub use webhook::{DigestAlgorithm, SumsubEvent, SumsubEventType, SumsubWebhooks};

/// The types of requests and responses, and the ids.
pub mod types {
    pub use crate::api::sumsub::enums::*;
    pub use crate::api::sumsub::ids::*;
    pub use crate::api::sumsub::types::*;
}

/// One type per resource, with a method per operation.
pub mod resources {
    pub use crate::api::sumsub::resources::*;
}

/// One request type per operation: set its parameters, then await it.
pub mod requests {
    pub use crate::api::sumsub::requests::*;
}

const BASE_URL: &str = "https://api.sumsub.com";

/// A client of the Sumsub API. Cheap to clone; clones share connections and limits.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// let sumsub = sandbox.sumsub(); // or Sumsub::from_env()?
/// let id = sandbox.seed().transaction();
///
/// let transaction = sumsub.transactions().approve(&id).await?;
/// assert!(transaction.is_approved());
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Sumsub {
    context: Context,
}

client!(Sumsub, sumsub, "sumsub");

impl Sumsub {
    /// Returns a builder with default settings.
    pub fn builder() -> SumsubBuilder {
        SumsubBuilder { config: ClientConfig::new(BASE_URL), app_token: None, secret_key: None }
    }

    /// Builds a client from the environment variables `SUMSUB_APP_TOKEN`,
    /// `SUMSUB_SECRET_KEY` and, if set, `SUMSUB_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the token or the
    /// key is missing, or in the cases of [`build`](SumsubBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let token = from_env(Vendor::Sumsub, "SUMSUB_APP_TOKEN")?;
        let key = from_env(Vendor::Sumsub, "SUMSUB_SECRET_KEY")?;
        let builder = Self::builder().app_token(token).secret_key(key);
        builder.base_url(from_env_or("SUMSUB_BASE_URL", BASE_URL)).build()
    }
}

/// Settings of a [`Sumsub`] client.
#[derive(Clone, Debug)]
#[must_use]
pub struct SumsubBuilder {
    config: ClientConfig,
    app_token: Option<Secret>,
    secret_key: Option<Secret>,
}

impl SumsubBuilder {
    common_builder_methods!();

    /// Sets the app token (`sbx:…` for the vendor's sandbox, `prd:…` or bare text for
    /// production).
    pub fn app_token(mut self, token: impl Into<Secret>) -> Self {
        self.app_token = Some(token.into());
        self
    }

    /// Sets the secret key of the app token, which signs each request and is never sent.
    pub fn secret_key(mut self, key: impl Into<Secret>) -> Self {
        self.secret_key = Some(key.into());
        self
    }

    /// Builds the client, without opening a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the token or the
    /// key is missing or not visible ASCII, or if the base URL is neither https nor
    /// loopback.
    pub fn build(self) -> Result<Sumsub, Error> {
        let token = self.app_token.ok_or_else(|| {
            Error::configuration(Vendor::Sumsub, "no app token is set: call `app_token`")
        })?;
        let key = self.secret_key.ok_or_else(|| {
            Error::configuration(Vendor::Sumsub, "no secret key is set: call `secret_key`")
        })?;
        let token = token.checked(Vendor::Sumsub, "the app token")?;
        let key = key.checked(Vendor::Sumsub, "the secret key")?;
        Ok(Sumsub::from_transport(self.config.connect(auth::Auth::new(token, key)?)?))
    }
}
