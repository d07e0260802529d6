//! The five vendors as small state machines on loopback, in this process: for tests of
//! your own, and for the examples.
//!
//! Each refuses what the vendor would refuse (credentials, signature, unknown id, illegal
//! transition, malformed body), in the vendor's own envelope, and answers in the vendor's
//! own shape. Where no page says what a vendor does, its page in `src/sandbox/` says what
//! we chose.
//!
//! ```
//! # #[cfg(feature = "beltic")]
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use kyc_review::sandbox::{Fault, Sandbox};
//!
//! let sandbox = Sandbox::start().await?;
//! let beltic = sandbox.beltic();
//! let id = sandbox.seed().beltic_session("completed");
//!
//! sandbox.fault(Fault::drop_after_commit()); // the change is made, the answer is lost
//! assert!(beltic.sessions().decline(&id).await.unwrap_err().is_outcome_unknown());
//! assert_eq!(sandbox.ledger().decisions(&id).len(), 1);
//! # Ok::<_, kyc_review::Error>(()) }).unwrap();
//! ```

#[cfg(feature = "beltic")]
mod beltic;
mod clock;
mod fault;
mod ledger;
#[cfg(feature = "persona")]
mod persona;
#[cfg(feature = "provide")]
mod provide;
#[cfg(feature = "rebilly")]
mod rebilly;
mod respond;
mod server;
#[cfg(feature = "sumsub")]
mod sumsub;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use tokio::task::JoinHandle;

use crate::call::{Clock, Error, SystemClock, Vendor};

pub use clock::ManualClock;
pub use fault::{Fault, RandomFaults};
pub use ledger::{Decision, Ledger};
use server::{Backend, Refuse, Shared};

/// All vendors whose features are on, each on a port of its own on 127.0.0.1. Stops when
/// dropped.
pub struct Sandbox {
    core: Core,
    #[cfg(feature = "beltic")]
    beltic: crate::beltic::Beltic,
    #[cfg(feature = "persona")]
    persona: crate::persona::Persona,
    #[cfg(feature = "provide")]
    provide: crate::provide::Provide,
    #[cfg(feature = "provide")]
    provide_as_user: crate::provide::Provide,
    #[cfg(feature = "rebilly")]
    rebilly: crate::rebilly::Rebilly,
    #[cfg(feature = "sumsub")]
    sumsub: crate::sumsub::Sumsub,
}

/// The vendors' side: what they share, and where they listen.
struct Core {
    shared: Arc<Shared>,
    servers: Vec<(Vendor, SocketAddr, JoinHandle<()>)>,
    backends: Backends,
}

/// Each vendor's side, with the state of its subjects.
struct Backends {
    #[cfg(feature = "beltic")]
    beltic: Arc<Backend<beltic::State>>,
    #[cfg(feature = "persona")]
    persona: Arc<Backend<persona::State>>,
    #[cfg(feature = "provide")]
    provide: Arc<Backend<provide::State>>,
    #[cfg(feature = "rebilly")]
    rebilly: Arc<Backend<rebilly::State>>,
    #[cfg(feature = "sumsub")]
    sumsub: Arc<Backend<sumsub::State>>,
}

impl Core {
    async fn start(shared: Arc<Shared>) -> Result<Self, Error> {
        let backends = Backends {
            #[cfg(feature = "beltic")]
            beltic: Backend::new(&shared),
            #[cfg(feature = "persona")]
            persona: Backend::new(&shared),
            #[cfg(feature = "provide")]
            provide: Backend::new(&shared),
            #[cfg(feature = "rebilly")]
            rebilly: Backend::new(&shared),
            #[cfg(feature = "sumsub")]
            sumsub: Backend::new(&shared),
        };
        let mut core = Self { shared, servers: Vec::new(), backends };
        for (vendor, router, refuse) in core.backends.vendors() {
            let (address, task) = server::listen(vendor, router, refuse, core.shared.clone())
                .await
                .map_err(|error| {
                    Error::configuration(vendor, "loopback has no free port").caused_by(error)
                })?;
            core.servers.push((vendor, address, task));
        }
        Ok(core)
    }

    fn base_url(&self, vendor: Vendor) -> String {
        let address =
            self.servers.iter().find(|(known, ..)| *known == vendor).map(|(_, address, _)| address);
        address.map_or_else(String::new, |address| format!("http://{address}"))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.shared.clock.clone()
    }
}

impl Sandbox {
    /// Starts it, on the machine's clock.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where loopback has
    /// no free port.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with(Arc::new(SystemClock)).await
    }

    /// Starts it on another clock, which its clients share: see [`ManualClock`].
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with(clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let core = Core::start(Arc::new(Shared::new(clock))).await?;
        Ok(Self {
            #[cfg(feature = "beltic")]
            beltic: beltic::builder(&core).build()?,
            #[cfg(feature = "persona")]
            persona: persona::builder(&core).build()?,
            #[cfg(feature = "provide")]
            provide: provide::builder(&core).build()?,
            #[cfg(feature = "provide")]
            provide_as_user: provide::user_builder(&core).build()?,
            #[cfg(feature = "rebilly")]
            rebilly: rebilly::builder(&core).build()?,
            #[cfg(feature = "sumsub")]
            sumsub: sumsub::builder(&core).build()?,
            core,
        })
    }

    /// Puts subjects into it.
    #[must_use]
    pub fn seed(&self) -> Seed<'_> {
        Seed { backends: &self.core.backends }
    }

    /// Lets the next request fail in this way.
    pub fn fault(&self, fault: Fault) {
        self.core.shared.lock_faults().push(fault);
    }

    /// Lets requests fail at random from now on; `None` ends it.
    pub fn random_faults(&self, faults: Option<RandomFaults>) {
        *server::lock(&self.core.shared.random_faults) = faults;
    }

    /// What was decided, in order, as the vendors' side has it.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.core.shared.ledger()
    }

    /// How many requests have reached any of the vendors.
    #[must_use]
    pub fn requests(&self) -> usize {
        *self.core.shared.arrivals.borrow()
    }

    /// Ends as soon as so many requests have reached the vendors. For tests that act
    /// while a call is under way.
    pub async fn until_requests(&self, count: usize) {
        let mut arrivals = self.core.shared.arrivals.subscribe();
        // The sender lives in `self`, so this cannot end early.
        let _ = arrivals.wait_for(|seen| *seen >= count).await;
    }

    /// The base URL of one vendor.
    #[must_use]
    pub fn base_url(&self, vendor: Vendor) -> String {
        self.core.base_url(vendor)
    }

    /// The clock that the sandbox and its clients read.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.core.clock()
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        for (_, _, task) in &self.servers {
            task.abort();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("servers", &self.core.servers.len()).finish_non_exhaustive()
    }
}

/// Puts subjects into a [`Sandbox`]; each method returns the new subject's id.
pub struct Seed<'a> {
    backends: &'a Backends,
}

impl fmt::Debug for Seed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed").finish_non_exhaustive()
    }
}

impl Backends {
    fn vendors(&self) -> Vec<(Vendor, axum::Router, Refuse)> {
        vec![
            #[cfg(feature = "beltic")]
            (
                Vendor::Beltic,
                beltic::router(self.beltic.clone()),
                refusing(&self.beltic, beltic::refuse),
            ),
            #[cfg(feature = "persona")]
            (
                Vendor::Persona,
                persona::router(self.persona.clone()),
                refusing(&self.persona, persona::refuse),
            ),
            #[cfg(feature = "provide")]
            (
                Vendor::Provide,
                provide::router(self.provide.clone()),
                refusing(&self.provide, provide::refuse),
            ),
            #[cfg(feature = "rebilly")]
            (
                Vendor::Rebilly,
                rebilly::router(self.rebilly.clone()),
                refusing(&self.rebilly, rebilly::refuse),
            ),
            #[cfg(feature = "sumsub")]
            (
                Vendor::Sumsub,
                sumsub::router(self.sumsub.clone()),
                refusing(&self.sumsub, sumsub::refuse),
            ),
        ]
    }
}

/// A vendor's error answers, over the vendor's own state.
fn refusing<S: Send + 'static>(
    backend: &Arc<Backend<S>>,
    refuse: fn(u16, Option<Duration>, &Backend<S>) -> Response,
) -> Refuse {
    let backend = backend.clone();
    Arc::new(move |status, wait| refuse(status, wait, &backend))
}
