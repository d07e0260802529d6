//! Rebilly: KYC documents and their review. Source:
//! <https://www.rebilly.com/docs/dev-docs/api>.
//!
//! A document has two properties that change independently: its
//! [`status`](types::KycDocument::status) is the decision, made by the machine or by a
//! person, and its [`review phase`](types::KycDocument::review_phase) says whether a
//! person has claimed or reviewed it.
//!
//! # Quick start
//!
//! ```no_run
//! use kyc_review::rebilly::types::RejectionReason;
//! use kyc_review::sandbox::Sandbox;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), kyc_review::Error> {
//!     let sandbox = Sandbox::start().await?;
//!     // Or Rebilly::from_env()?, with REBILLY_API_KEY and REBILLY_ORGANIZATION_ID set.
//!     let rebilly = sandbox.rebilly();
//!     let id = sandbox.seed().kyc_document("pending");
//!
//!     let document = rebilly
//!         .kyc_documents()
//!         .reject(&id, RejectionReason::DocumentUnreadable)
//!         .message("The photo is blurred")
//!         .await?;
//!     println!("{} {:?}", document.status(), document.rate_limit());
//!     assert_eq!(*document.status(), "rejected");
//!     Ok(())
//! }
//! ```

mod accessors;
mod auth;
mod error;
mod filter;
mod new_document;
mod reviews;
mod rules;
mod score;
mod webhook;

use std::time::Duration;

use reqwest::Url;

use crate::api::{Context, client, from_env};
use crate::call::{Error, Limit, Vendor};
use crate::transport::{ClientConfig, common_builder_methods};
use crate::value::{IntoId, SEAL, Secret, encode_segment, id_types};

pub use accessors::ReviewPhase;
pub use filter::Filter;
pub use new_document::NewDocument;
pub use score::Score;
pub use webhook::{RebillyEvent, RebillyEventType, RebillyWebhooks, WebhookCredential};

/// The types of requests and responses, and the ids.
pub mod types {
    pub use crate::api::rebilly::enums::*;
    pub use crate::api::rebilly::ids::*;
    pub use crate::api::rebilly::types::*;
    pub use crate::api::rebilly::unions::*;
}

/// One type per resource, with a method per operation.
pub mod resources {
    pub use crate::api::rebilly::resources::*;
}

/// One request type per operation: set its parameters, then await it.
pub mod requests {
    pub use crate::api::rebilly::requests::*;
}

id_types! {
    /// The id of an organization: `org_…`. It is part of the base of every path.
    OrganizationId: false,
}

const LIVE: &str = "https://api.rebilly.com";
const SANDBOX: &str = "https://api-sandbox.rebilly.com";
/// A placeholder for the base URL until one is set; not a base URL itself.
const OF_THE_ENVIRONMENT: &str = "environment:";

/// A client of the Rebilly API, for one organization. Cheap to clone; clones share
/// connections and limits.
///
/// The paths of [`request`](Self::request) start after the organization: `/kyc-requests`.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use kyc_review::rebilly::types::RejectionReason;
///
/// let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// let rebilly = sandbox.rebilly(); // or Rebilly::from_env()?
/// let id = sandbox.seed().kyc_document("pending");
///
/// let document = rebilly.kyc_documents()
///     .reject(&id, RejectionReason::DocumentUnreadable)
///     .message("The photo is blurred")
///     .await?;
/// assert_eq!(*document.status(), "rejected");
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Rebilly {
    context: Context,
}

client!(Rebilly, rebilly, "rebilly");

impl Rebilly {
    /// Returns a builder with default settings.
    pub fn builder() -> RebillyBuilder {
        RebillyBuilder {
            config: ClientConfig::new(OF_THE_ENVIRONMENT),
            organization: None,
            api_key: None,
            bearer: None,
            environment: None,
        }
    }

    /// Builds a client from the environment variables `REBILLY_ORGANIZATION_ID` and one
    /// of `REBILLY_API_KEY` and `REBILLY_BEARER_TOKEN`, and, if set,
    /// `REBILLY_ENVIRONMENT` (`live` or `sandbox`) and `REBILLY_BASE_URL` (the host,
    /// without the organization).
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a required
    /// variable is missing or `REBILLY_ENVIRONMENT` is invalid, or in the cases of
    /// [`build`](RebillyBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let mut builder =
            Self::builder().organization_id(from_env(Vendor::Rebilly, "REBILLY_ORGANIZATION_ID")?);
        let key = std::env::var("REBILLY_API_KEY");
        let token = std::env::var("REBILLY_BEARER_TOKEN");
        if key.is_err() && token.is_err() {
            let note =
                "the environment has neither REBILLY_API_KEY nor REBILLY_BEARER_TOKEN: set one";
            return Err(Error::configuration(Vendor::Rebilly, note));
        }
        if let Ok(key) = key {
            builder = builder.api_key(key);
        }
        if let Ok(token) = token {
            builder = builder.bearer(token);
        }
        builder = match std::env::var("REBILLY_ENVIRONMENT").as_deref() {
            Err(_) => builder,
            Ok("live") => builder.live(),
            Ok("sandbox") => builder.sandbox(),
            Ok(_) => {
                let note = "invalid `REBILLY_ENVIRONMENT`: must be `live` or `sandbox`";
                return Err(Error::configuration(Vendor::Rebilly, note));
            }
        };
        if let Ok(url) = std::env::var("REBILLY_BASE_URL") {
            builder = builder.base_url(url);
        }
        builder.build()
    }
}

/// One of the vendor's two environments, which share no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Environment {
    Live,
    Sandbox,
}

impl Environment {
    const fn base_url(self) -> &'static str {
        match self {
            Self::Live => LIVE,
            Self::Sandbox => SANDBOX,
        }
    }

    /// Secret keys name their environment; session tokens do not.
    fn of_key(key: &Secret) -> Option<Self> {
        let text = key.expose();
        let live = text.starts_with("sk_live_").then_some(Self::Live);
        live.or_else(|| text.starts_with("sk_sandbox_").then_some(Self::Sandbox))
    }

    fn of_url(url: &Url) -> Option<Self> {
        match url.host_str()? {
            "api.rebilly.com" => Some(Self::Live),
            "api-sandbox.rebilly.com" => Some(Self::Sandbox),
            _ => None,
        }
    }
}

/// Settings of a [`Rebilly`] client.
///
/// An organization and one credential are required. The environment is, in this order:
/// - the one of [`live`](Self::live) or [`sandbox`](Self::sandbox), if one is called;
/// - the one that the secret key names (`sk_live_…`, `sk_sandbox_…`);
/// - live.
///
/// Live is also the default of the vendor's own SDKs. The two environments share no data
/// and no credentials, so a wrong guess is refused (401), not carried out. A client that
/// guessed the sandbox could report decisions that never reached a customer's document.
///
/// ```
/// use kyc_review::rebilly::Rebilly;
///
/// let builder = Rebilly::builder().organization_id("org_1").api_key("sk_sandbox_1");
/// let error = builder.live().build().unwrap_err();
/// assert_eq!(error.kind(), kyc_review::ErrorKind::Configuration);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RebillyBuilder {
    config: ClientConfig,
    organization: Option<Result<OrganizationId, crate::value::InvalidId>>,
    api_key: Option<Secret>,
    bearer: Option<Secret>,
    environment: Option<Environment>,
}

impl RebillyBuilder {
    common_builder_methods!();

    /// Sets the organization whose documents are meant (`org_…`). Required. It is part of
    /// every path, so it must not be in the [`base_url`](Self::base_url).
    pub fn organization_id(mut self, id: impl IntoId<OrganizationId>) -> Self {
        self.organization = Some(id.into_id(SEAL));
        self
    }

    /// Sets the secret key (`sk_live_…`, `sk_sandbox_…`), sent as `REB-APIKEY`. A
    /// restricted key needs the permission that each call names. Source:
    /// <https://www.rebilly.com/docs/dev-docs/api-keys/>.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the session token of a staff member, sent as `Authorization: Bearer`. Give
    /// the token alone.
    pub fn bearer(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// Selects the live environment, `https://api.rebilly.com`.
    pub fn live(mut self) -> Self {
        self.environment = Some(Environment::Live);
        self
    }

    /// Selects the vendor's own sandbox, `https://api-sandbox.rebilly.com`.
    pub fn sandbox(mut self) -> Self {
        self.environment = Some(Environment::Sandbox);
        self
    }

    /// Builds the client, without opening a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration):
    /// - without an organization, or if it cannot be one path segment;
    /// - without exactly one credential, or if it is not visible ASCII;
    /// - if the key, the base URL and the chosen environment contradict each other;
    /// - if the base URL is neither https nor loopback, or contains the organization.
    pub fn build(self) -> Result<Rebilly, Error> {
        let refuse = |note: &str| Error::configuration(Vendor::Rebilly, note);
        let organization = self
            .organization
            .ok_or_else(|| refuse("no organization is set: call `organization_id`"))?;
        let organization = organization.map_err(|error| refuse(&error.to_string()))?;
        let mut told = self.environment;
        let auth = match (self.api_key, self.bearer) {
            (Some(key), None) => {
                let key = key.checked(Vendor::Rebilly, "the API key")?;
                told = agree(told, Environment::of_key(&key))
                    .ok_or_else(|| refuse("invalid API key: must be of the chosen environment"))?;
                auth::Auth::api_key(key)?
            }
            (None, Some(token)) => {
                auth::Auth::bearer(token.checked(Vendor::Rebilly, "the bearer token")?)?
            }
            (Some(_), Some(_)) => {
                return Err(refuse("both an API key and a bearer token are set: set one"));
            }
            (None, None) => {
                return Err(refuse("neither an API key nor a bearer token is set: set one"));
            }
        };
        let mut config = self.config;
        if config.base_url == OF_THE_ENVIRONMENT {
            config.base_url = told.unwrap_or(Environment::Live).base_url().to_owned();
        }
        let mut url = Url::parse(config.base_url.trim())
            .map_err(|_| refuse("invalid base URL: must be an absolute URL"))?;
        agree(told, Environment::of_url(&url)).ok_or_else(|| {
            refuse("invalid base URL: must be of the same environment as the other settings")
        })?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        if prefix.split('/').any(|segment| segment == "organizations") {
            return Err(refuse("invalid base URL: must not contain the organization"));
        }
        // The vendor does not publish the limit of the live environment.
        if told == Some(Environment::Sandbox) && config.limits.is_none() {
            config.limits = Some(vec![Limit::writes(3000, Duration::from_secs(600))]);
        }
        url.set_path(&format!("{prefix}/organizations/{}", encode_segment(organization.as_str())));
        config.base_url = url.into();
        Ok(Rebilly::from_transport(config.connect(auth)?))
    }
}

/// Merges what two sources say, either of which may say nothing; `None` if they
/// contradict each other.
fn agree(one: Option<Environment>, other: Option<Environment>) -> Option<Option<Environment>> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => None,
        _ => Some(one.or(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(change: impl FnOnce(RebillyBuilder) -> RebillyBuilder) -> Result<String, Error> {
        let built = change(Rebilly::builder().organization_id("org_1")).build()?;
        Ok(built.context.transport.base.to_string())
    }

    /// Only a unit test can see the host that a client would use: no test reaches the
    /// vendor's.
    #[test]
    fn the_environment_is_chosen_or_told_by_the_key_or_live() {
        let live = |base: Result<String, Error>| {
            base.is_ok_and(|base| base == "https://api.rebilly.com/organizations/org_1")
        };
        let sandbox = |base: Result<String, Error>| {
            base.is_ok_and(|base| base == "https://api-sandbox.rebilly.com/organizations/org_1")
        };
        assert!(live(base(|builder| builder.api_key("k"))));
        assert!(live(base(|builder| builder.bearer("k"))));
        assert!(live(base(|builder| builder.api_key("sk_live_1"))));
        assert!(live(base(|builder| builder.api_key("sk_live_1").live())));
        assert!(live(base(|builder| builder.sandbox().live().bearer("k"))));
        assert!(sandbox(base(|builder| builder.api_key("sk_sandbox_1"))));
        assert!(sandbox(base(|builder| builder.api_key("sk_sandbox_1").sandbox())));
        assert!(sandbox(base(|builder| builder.bearer("k").sandbox())));
        assert!(sandbox(base(|builder| builder
            .api_key("k")
            .base_url(" https://api-sandbox.rebilly.com/ "))));
    }

    #[test]
    fn the_organization_is_one_encoded_segment_behind_the_prefix() {
        let with = |id: &str| {
            let builder = Rebilly::builder()
                .organization_id(id)
                .api_key("k")
                .base_url("https://proxy.example.test/a/");
            builder.build().map(|built| built.context.transport.base.to_string())
        };
        assert!(
            with("o@~-.g")
                .is_ok_and(|base| base == "https://proxy.example.test/a/organizations/o%40~-.g")
        );
        assert!(
            with("ö%3")
                .is_ok_and(|base| base == "https://proxy.example.test/a/organizations/%C3%B6%253")
        );
    }
}
