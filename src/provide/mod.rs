//! Provide: KYC and KYB applications, and the decisions on them. Source:
//! <https://docs.provide.services/kyc/applications>.
//!
//! The vendor's public pages date from about 2019 to 2021 and its last public code from
//! 2023; whether the hosted service still runs is unknown. Where the pages are silent,
//! this documentation relies on the server that the vendor published at
//! <https://github.com/provideplatform/ident>, and says so.
//!
//! # Quick start
//!
//! ```no_run
//! use kyc_review::sandbox::Sandbox;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), kyc_review::Error> {
//!     let sandbox = Sandbox::start().await?;
//!     let provide = sandbox.provide(); // or Provide::from_env()?, with PROVIDE_API_TOKEN set
//!     let id = sandbox.seed().kyc_application("review");
//!
//!     let application = provide.kyc_applications().accept(&id).await?;
//!     println!("{} (HTTP {})", application.status(), application.status_code());
//!     assert_eq!(*application.status(), "accepted");
//!     Ok(())
//! }
//! ```

mod accessors;
mod auth;
mod error;
mod new_kyc_application;
mod params;
mod rules;
mod webhook;

use crate::api::{Context, client, from_env, from_env_or};
use crate::call::{Error, Vendor};
use crate::transport::{ClientConfig, common_builder_methods};
use crate::value::Secret;

pub use new_kyc_application::{NewKycApplication, NewKycApplicationParams};
pub use webhook::{ProvideEvent, ProvideWebhooks};

/// The types of requests and responses, and the ids.
pub mod types {
    pub use crate::api::provide::enums::*;
    pub use crate::api::provide::ids::*;
    pub use crate::api::provide::types::*;
}

/// One type per resource, with a method per operation.
pub mod resources {
    pub use crate::api::provide::resources::*;
}

/// One request type per operation: set its parameters, then await it.
pub mod requests {
    pub use crate::api::provide::requests::*;
}

/// The suffix that the vendor's own clients append to a host; here it is part of every
/// path.
const PREFIX: &str = "/api/v1";

/// A client of Provide's KYC applications. Cheap to clone; clones share connections and
/// limits.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// let provide = sandbox.provide(); // or Provide::from_env()?
/// let id = sandbox.seed().kyc_application("remediate");
///
/// let application = provide.kyc_applications().accept(&id).await?;
/// assert_eq!(*application.status(), "accepted");
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Provide {
    context: Context,
}

client!(Provide, provide, "provide");

impl Provide {
    /// The host on the vendor's pages, which is the default. Source:
    /// <https://docs.provide.services/kyc/applications>.
    pub const BOOKIE: &'static str = "https://bookie.provide.services";

    /// The host of KYC applications until mid-2020, which four of the vendor's own
    /// clients still use. Source: <https://docs.provide.services/microservices/ident/>.
    pub const IDENT: &'static str = "https://ident.provide.services";

    /// The host that the vendor's Go client has used for this service since 2020. No
    /// public page confirms that it serves KYC applications.
    #[cfg(feature = "unconfirmed")]
    pub const PROVIDE_PAYMENTS: &'static str = "https://api.providepayments.com";

    /// Returns a builder with default settings.
    pub fn builder() -> ProvideBuilder {
        ProvideBuilder { config: ClientConfig::new(Self::BOOKIE), token: None }
    }

    /// Builds a client from the environment variable `PROVIDE_API_TOKEN` and, if set,
    /// `PROVIDE_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the variable is
    /// missing, or in the cases of [`build`](ProvideBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let token = from_env(Vendor::Provide, "PROVIDE_API_TOKEN")?;
        Self::builder().token(token).base_url(from_env_or("PROVIDE_BASE_URL", Self::BOOKIE)).build()
    }
}

/// Settings of a [`Provide`] client.
///
/// The base URL is a host, [`Provide::BOOKIE`] unless [`base_url`](Self::base_url) sets
/// another. The vendor's own clients are configured with `/api/v1` at its end, which is
/// part of every path here. [`build`](Self::build) removes it, so both spellings work.
///
/// ```
/// use kyc_review::provide::Provide;
///
/// let short = Provide::builder().token("eyJ…").base_url(Provide::IDENT);
/// let same = Provide::builder().token("eyJ…").base_url("https://ident.provide.services/api/v1/");
/// # drop((short, same));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ProvideBuilder {
    config: ClientConfig,
    token: Option<Secret>,
}

impl ProvideBuilder {
    common_builder_methods!();

    /// Sets the token, a JWT that is never parsed. Only an application's token may change
    /// a status; a user's token may create and read. Source:
    /// <https://docs.provide.services/microservices/ident/>.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Builds the client, without opening a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the token is
    /// missing or not visible ASCII, or if the base URL is neither https nor loopback.
    pub fn build(mut self) -> Result<Provide, Error> {
        let token = self.token.ok_or_else(|| {
            Error::configuration(Vendor::Provide, "no token is set: call `token`")
        })?;
        let token = token.checked(Vendor::Provide, "the token")?;
        self.config.base_url = without_prefix(&self.config.base_url).to_owned();
        Ok(Provide::from_transport(self.config.connect(auth::Auth::new(token)?)?))
    }
}

/// Removes from a base URL the prefix that every path already has.
fn without_prefix(url: &str) -> &str {
    let url = url.trim().trim_end_matches('/');
    url.strip_suffix(PREFIX).unwrap_or(url)
}
