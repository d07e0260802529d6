//! Rebilly: KYC documents and their review. Source:
//! <https://www.rebilly.com/docs/dev-docs/api>.
//!
//! A document has two sides that change independently: its
//! [`status`](types::KycDocument::status) is the decision, made by the machine or by a
//! person, and its [`review phase`](types::KycDocument::review_phase) tells whether a
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
//!     // The real one: Rebilly::from_env()?, with REBILLY_API_KEY and REBILLY_ORGANIZATION_ID set
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

/// What requests and responses are made of: objects, enums, unions and ids.
pub mod types {
    pub use crate::api::rebilly::enums::*;
    pub use crate::api::rebilly::ids::*;
    pub use crate::api::rebilly::types::*;
    pub use crate::api::rebilly::unions::*;
}

/// One type a resource, with a method an operation.
pub mod resources {
    pub use crate::api::rebilly::resources::*;
}

/// One request type an operation: set what it takes, then await it.
pub mod requests {
    pub use crate::api::rebilly::requests::*;
}

id_types! {
    /// An organization: `org_…`. It stands in the base of every path.
    OrganizationId: false,
}

const LIVE: &str = "https://api.rebilly.com";
const SANDBOX: &str = "https://api-sandbox.rebilly.com";
/// Stands for the base URL until one is given; it is no base URL itself.
const OF_THE_ENVIRONMENT: &str = "environment:";

/// A client of the Rebilly API, for one organization. Cheap to clone; clones share
/// connections and limits.
///
/// The paths of [`request`](Self::request) begin behind the organization:
/// `/kyc-requests`.
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

client!(Rebilly, "rebilly");

impl Rebilly {
    /// Begins a client.
    pub fn builder() -> RebillyBuilder {
        RebillyBuilder {
            config: ClientConfig::new(OF_THE_ENVIRONMENT),
            organization: None,
            api_key: None,
            bearer: None,
            environment: None,
        }
    }

    /// A client from `REBILLY_ORGANIZATION_ID` and one of `REBILLY_API_KEY` and
    /// `REBILLY_BEARER_TOKEN`; where set, from `REBILLY_ENVIRONMENT` (`live` or
    /// `sandbox`) and `REBILLY_BASE_URL` (the host, without the organization) too.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where one of them is
    /// missing, or as [`build`](RebillyBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let mut builder =
            Self::builder().organization_id(from_env(Vendor::Rebilly, "REBILLY_ORGANIZATION_ID")?);
        let key = std::env::var("REBILLY_API_KEY");
        let token = std::env::var("REBILLY_BEARER_TOKEN");
        if key.is_err() && token.is_err() {
            let note = "the environment has neither REBILLY_API_KEY nor REBILLY_BEARER_TOKEN";
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
                let note = "REBILLY_ENVIRONMENT is neither live nor sandbox";
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

    /// Secret keys tell their environment; session tokens do not.
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
/// An organization and one credential are required. The environment is the one of
/// [`live`](Self::live) or [`sandbox`](Self::sandbox); where neither is called, the one
/// that the secret key names (`sk_live_…`, `sk_sandbox_…`); and where the key names none,
/// live. Live is what the vendor's own SDKs take, and the two environments share no data
/// and no credentials, so a wrong guess is refused (401), not carried out; a client that
/// guessed the sandbox could report decisions that no customer's document ever saw.
///
/// ```
/// use kyc_review::rebilly::Rebilly;
///
/// let error = Rebilly::builder().organization_id("org_1").api_key("sk_sandbox_1").live().build().unwrap_err();
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

    /// The organization whose documents are meant (`org_…`). Required; it stands in the
    /// path of every call, so it is no part of [`base_url`](Self::base_url).
    pub fn organization_id(mut self, id: impl IntoId<OrganizationId>) -> Self {
        self.organization = Some(id.into_id(SEAL));
        self
    }

    /// The secret key (`sk_live_…`, `sk_sandbox_…`), sent as `REB-APIKEY`. A restricted
    /// one needs the permission that each call names. Source:
    /// <https://www.rebilly.com/docs/dev-docs/api-keys/>.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The session token of a member of staff, sent as `Authorization: Bearer`. Give the
    /// token alone.
    pub fn bearer(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// Asks `https://api.rebilly.com`.
    pub fn live(mut self) -> Self {
        self.environment = Some(Environment::Live);
        self
    }

    /// Asks `https://api-sandbox.rebilly.com`, the vendor's own sandbox.
    pub fn sandbox(mut self) -> Self {
        self.environment = Some(Environment::Sandbox);
        self
    }

    /// The client. Opens no connection yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without an
    /// organization, or with one that is no segment of a path; without exactly one
    /// credential, or with one that no header can hold; with a key, a base URL and a
    /// chosen environment that contradict each other; with a base URL that is neither
    /// https nor loopback, or has the organization.
    pub fn build(self) -> Result<Rebilly, Error> {
        let refuse = |note: &str| Error::configuration(Vendor::Rebilly, note);
        let organization = self.organization.ok_or_else(|| refuse("no organization id is set"))?;
        let organization = organization.map_err(|error| refuse(&error.to_string()))?;
        let mut told = self.environment;
        let auth = match (self.api_key, self.bearer) {
            (Some(key), None) => {
                let key = key.checked(Vendor::Rebilly, "the API key")?;
                told = agree(told, Environment::of_key(&key))
                    .ok_or_else(|| refuse("the API key belongs to the other environment"))?;
                auth::Auth::api_key(key)?
            }
            (None, Some(token)) => {
                auth::Auth::bearer(token.checked(Vendor::Rebilly, "the bearer token")?)?
            }
            (Some(_), Some(_)) => return Err(refuse("both an API key and a bearer token are set")),
            (None, None) => return Err(refuse("neither an API key nor a bearer token is set")),
        };
        let mut config = self.config;
        if config.base_url == OF_THE_ENVIRONMENT {
            config.base_url = told.unwrap_or(Environment::Live).base_url().to_owned();
        }
        let mut url =
            Url::parse(config.base_url.trim()).map_err(|_| refuse("the base URL is not a URL"))?;
        agree(told, Environment::of_url(&url))
            .ok_or_else(|| refuse("the base URL is that of the other environment"))?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        if prefix.split('/').any(|segment| segment == "organizations") {
            return Err(refuse("the base URL must not hold the organization"));
        }
        // The limit of the live environment is not published.
        if told == Some(Environment::Sandbox) && config.limits.is_none() {
            config.limits = Some(vec![Limit::writes(3000, Duration::from_secs(600))]);
        }
        url.set_path(&format!("{prefix}/organizations/{}", encode_segment(organization.as_str())));
        config.base_url = url.into();
        Ok(Rebilly::over(config.connect(auth)?))
    }
}

/// What two sources say together, either of which may say nothing; `None` where they
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

    /// Only here can the host be seen that a client would ask: no test reaches the
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
