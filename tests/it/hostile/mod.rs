//! Attacks and faults, each against all five vendors; one read and one decision per
//! vendor stand for the rest.

mod answers;
mod building;
mod dropping;
mod fate;
mod ids;
mod leaving;
mod pages;
mod showing;
mod time;
mod waiting;

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::sandbox::{ManualClock, Sandbox};
use kyc_review::sumsub::Sumsub;
use kyc_review::{CallOptions, Clock, Error, Limit, Reply, RetryPolicy, Vendor};
use serde_json::Value;

use crate::support::sample::{Sampler, Way};

const ALL: [Vendor; 5] =
    [Vendor::Beltic, Vendor::Persona, Vendor::Provide, Vendor::Rebilly, Vendor::Sumsub];

/// The key of every client here.
const KEY: &str = "sk-canary-7f3a-0123456789";

/// A comment of the caller, in the body of every decision that takes one.
const COMMENT: &str = "canary-7f3a says Ada";

/// The settings of a client.
#[derive(Clone)]
struct Setup {
    url: Option<String>,
    clock: Option<Arc<dyn Clock>>,
    key: String,
    limits: Option<Vec<Limit>>,
    cap: usize,
    budget: u32,
    attempt: Duration,
    retry: RetryPolicy,
}

impl Setup {
    /// For a server, with a clock on which waits end at once.
    fn at(url: &str) -> Self {
        Self {
            url: Some(url.to_owned()),
            clock: Some(Arc::new(ManualClock::new())),
            key: KEY.to_owned(),
            limits: None,
            cap: 1 << 20,
            budget: 500,
            attempt: Duration::from_secs(60),
            retry: RetryPolicy::new(),
        }
    }

    /// For the sandbox, with its own URL, credentials and clock.
    fn sandbox() -> Self {
        Self { url: None, clock: None, ..Self::at("") }
    }
}

macro_rules! set {
    ($builder:expr, $setup:expr) => {{
        let Setup { url, clock, limits, cap, budget, attempt, retry, .. } = $setup.clone();
        let mut builder =
            $builder.max_body_bytes(cap).retry_budget(budget).attempt_timeout(attempt).retry(retry);
        if let Some(url) = url {
            builder = builder.base_url(url);
        }
        if let Some(clock) = clock {
            builder = builder.clock(clock);
        }
        if let Some(limits) = limits {
            builder = builder.limits(limits);
        }
        builder.build()
    }};
}

/// A client of any vendor.
#[derive(Clone, Debug)]
enum Client {
    Beltic(Beltic),
    Persona(Persona),
    Provide(Provide),
    Rebilly(Rebilly),
    Sumsub(Sumsub),
}

/// The parts of a response that are checked.
#[derive(Debug)]
struct Told {
    shown: String,
    attempts: u32,
}

fn told<T: Debug>(answer: Result<Reply<T>, impl Into<Error>>) -> Result<Told, Error> {
    let reply = answer.map_err(Into::into)?;
    Ok(Told { shown: format!("{reply:?} {reply:#?}"), attempts: reply.attempts() })
}

impl Client {
    fn build(vendor: Vendor, setup: &Setup) -> Result<Self, Error> {
        let key = setup.key.as_str();
        Ok(match vendor {
            Vendor::Beltic => Self::Beltic(set!(Beltic::builder().api_key(key), setup)?),
            Vendor::Persona => Self::Persona(set!(Persona::builder().api_key(key), setup)?),
            Vendor::Provide => Self::Provide(set!(Provide::builder().token(key), setup)?),
            Vendor::Rebilly => Self::Rebilly(set!(
                Rebilly::builder().organization_id("org_TEST").api_key(key),
                setup
            )?),
            Vendor::Sumsub => {
                Self::Sumsub(set!(Sumsub::builder().app_token(key).secret_key(key), setup)?)
            }
            other => panic!("{other}"),
        })
    }

    fn at(vendor: Vendor, url: &str) -> Self {
        Self::build(vendor, &Setup::at(url)).unwrap()
    }

    fn of(sandbox: &Sandbox, vendor: Vendor, setup: &Setup) -> Self {
        match vendor {
            Vendor::Beltic => Self::Beltic(set!(sandbox.beltic_builder(), setup).unwrap()),
            Vendor::Persona => Self::Persona(set!(sandbox.persona_builder(), setup).unwrap()),
            Vendor::Provide => Self::Provide(set!(sandbox.provide_builder(), setup).unwrap()),
            Vendor::Rebilly => Self::Rebilly(set!(sandbox.rebilly_builder(), setup).unwrap()),
            Vendor::Sumsub => Self::Sumsub(set!(sandbox.sumsub_builder(), setup).unwrap()),
            other => panic!("{other}"),
        }
    }

    fn with(&self, options: CallOptions) -> Self {
        match self {
            Self::Beltic(client) => Self::Beltic(client.with(options)),
            Self::Persona(client) => Self::Persona(client.with(options)),
            Self::Provide(client) => Self::Provide(client.with(options)),
            Self::Rebilly(client) => Self::Rebilly(client.with(options)),
            Self::Sumsub(client) => Self::Sumsub(client.with(options)),
        }
    }

    async fn read(&self, id: &str) -> Result<Told, Error> {
        self.read_with(id, CallOptions::new()).await
    }

    async fn read_with(&self, id: &str, options: CallOptions) -> Result<Told, Error> {
        match self {
            Self::Beltic(client) => told(client.sessions().get(id).with(options).await),
            Self::Persona(client) => told(client.inquiries().get(id).with(options).await),
            Self::Provide(client) => told(client.kyc_applications().get(id).with(options).await),
            Self::Rebilly(client) => told(client.kyc_documents().get(id).with(options).await),
            Self::Sumsub(client) => told(client.transactions().get(id).with(options).await),
        }
    }

    async fn decide(&self, id: &str) -> Result<Told, Error> {
        self.decide_with(id, CallOptions::new(), false).await
    }

    /// Decides, and reconciles if the outcome is unknown.
    async fn decide_and_read_back(&self, id: &str) -> Result<Told, Error> {
        self.decide_with(id, CallOptions::new(), true).await
    }

    async fn decide_with(
        &self,
        id: &str,
        options: CallOptions,
        reads_back: bool,
    ) -> Result<Told, Error> {
        macro_rules! decide {
            ($request:expr) => {
                told($request.with(options).reconcile(reads_back).await)
            };
        }
        match self {
            Self::Beltic(client) => decide!(client.sessions().decline(id)),
            Self::Persona(client) => decide!(client.inquiries().decline(id).comment(COMMENT)),
            Self::Provide(client) => decide!(client.kyc_applications().reject(id)),
            Self::Rebilly(client) => {
                decide!(client.kyc_documents().reject(id, "other").message(COMMENT))
            }
            Self::Sumsub(client) => {
                decide!(client.transactions().reject(id).client_comment(COMMENT))
            }
        }
    }
}

/// Adds a subject that awaits a decision.
fn seed(sandbox: &Sandbox, vendor: Vendor) -> String {
    let seed = sandbox.seed();
    match vendor {
        Vendor::Beltic => seed.beltic_session("completed").to_string(),
        Vendor::Persona => seed.inquiry("needs_review").to_string(),
        Vendor::Provide => seed.kyc_application("review").to_string(),
        Vendor::Rebilly => seed.kyc_document("pending").to_string(),
        Vendor::Sumsub => seed.transaction().to_string(),
        other => panic!("{other}"),
    }
}

/// The request line of the read, before and after the id; then that of the decision.
const fn lines(vendor: Vendor) -> [(&'static str, &'static str); 2] {
    match vendor {
        Vendor::Beltic => {
            [("GET /v1/identity/sessions/", ""), ("POST /v1/identity/sessions/", "/decline")]
        }
        Vendor::Persona => {
            [("GET /api/v1/inquiries/", ""), ("POST /api/v1/inquiries/", "/decline")]
        }
        Vendor::Provide => {
            [("GET /api/v1/kyc_applications/", ""), ("PUT /api/v1/kyc_applications/", "")]
        }
        Vendor::Rebilly => [
            ("GET /organizations/org_TEST/kyc-documents/", ""),
            ("POST /organizations/org_TEST/kyc-documents/", "/rejection"),
        ],
        _ => [
            ("GET /resources/kyt/txns/", "/one"),
            ("POST /resources/kyt/txns/", "/review/status/completed"),
        ],
    }
}

static DOCUMENTS: LazyLock<HashMap<&str, Value>> = LazyLock::new(|| {
    ALL.map(|vendor| (vendor.as_str(), crate::support::document(vendor.as_str()))).into()
});

fn sample(vendor: Vendor, component: &str, way: Way) -> Value {
    Sampler::new(&DOCUMENTS[vendor.as_str()], way).component(component)
}

/// The component that reads and decisions respond with.
const fn component(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Beltic => "SessionEnvelope",
        Vendor::Persona => "InquiryDocument",
        Vendor::Provide => "KycApplication",
        Vendor::Rebilly => "KycDocument",
        _ => "KytTxn",
    }
}

/// A complete valid response.
fn good(vendor: Vendor) -> String {
    sample(vendor, component(vendor), Way::Whole).to_string()
}

/// All that an error prints, with its causes.
fn everything(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?} {:?}", error.field_errors());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    shown
}
