//! In-process simulators of the five vendors on loopback, for your own tests and for the
//! examples.
//!
//! Each is a small state machine. It refuses what the vendor would refuse (invalid
//! credentials or signature, unknown id, illegal transition, malformed body), and
//! responds in the vendor's own format, errors included. Where no public page says what a
//! vendor does, the vendor's module in `src/sandbox/` documents our choice.
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
//! sandbox.fault(Fault::drop_after_commit()); // applied, but the response is lost
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

/// A simulator of each vendor whose feature is enabled, each on its own port of
/// 127.0.0.1.
///
/// Dropping it stops all of them.
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

/// The running servers, with what they share.
struct Core {
    shared: Arc<Shared>,
    servers: Vec<(Vendor, SocketAddr, JoinHandle<()>)>,
    backends: Backends,
}

/// Each vendor's server-side state.
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
                    Error::configuration(vendor, "cannot listen on 127.0.0.1: needs a free port")
                        .caused_by(error)
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
    /// Starts the sandbox on the system clock.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if loopback has no
    /// free port.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with(Arc::new(SystemClock)).await
    }

    /// Starts the sandbox on `clock`, which its clients share. See [`ManualClock`].
    ///
    /// # Errors
    /// As for [`start`](Self::start).
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

    /// Returns a handle that adds subjects to the sandbox.
    #[must_use]
    pub fn seed(&self) -> Seed<'_> {
        Seed { backends: &self.core.backends }
    }

    /// Queues a fault for the next request to its vendor, or to any vendor if it names
    /// none.
    pub fn fault(&self, fault: Fault) {
        self.core.shared.lock_faults().push(fault);
    }

    /// Makes requests fail at random from now on; `None` stops this. A queued
    /// [`fault`](Self::fault) takes precedence.
    pub fn random_faults(&self, faults: Option<RandomFaults>) {
        *server::lock(&self.core.shared.random_faults) = faults;
    }

    /// Returns the decisions that took effect, in order, as the vendors recorded them.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.core.shared.ledger()
    }

    /// Returns how many requests have reached the vendors, all of them together.
    #[must_use]
    pub fn requests(&self) -> usize {
        *self.core.shared.arrivals.borrow()
    }

    /// Waits until `count` requests have reached the vendors, for tests that act while a
    /// call is in flight.
    pub async fn until_requests(&self, count: usize) {
        let mut arrivals = self.core.shared.arrivals.subscribe();
        // The sender lives in `self`, so this cannot end early.
        let _ = arrivals.wait_for(|seen| *seen >= count).await;
    }

    /// Returns the base URL of a vendor, or an empty string if its feature is disabled.
    #[must_use]
    pub fn base_url(&self, vendor: Vendor) -> String {
        self.core.base_url(vendor)
    }

    /// Returns the clock that the sandbox and its clients share.
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

/// A handle that adds subjects to a [`Sandbox`]; each method returns the new subject's
/// id.
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

/// Binds a vendor's error responses to its state.
fn refusing<S: Send + 'static>(
    backend: &Arc<Backend<S>>,
    refuse: fn(u16, Option<Duration>, &Backend<S>) -> Response,
) -> Refuse {
    let backend = backend.clone();
    Arc::new(move |status, wait| refuse(status, wait, &backend))
}
