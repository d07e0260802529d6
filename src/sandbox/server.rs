//! One listener per vendor, which owns its connections so that a fault can drop one.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::fault::{Fault, Kind, RandomFaults};
use super::ledger::{Decision, Ledger};
use crate::call::{Clock, Vendor};

/// Builds a vendor's error response with a status and, if given, a wait in the vendor's
/// own header.
pub(super) type Refuse = Arc<dyn Fn(u16, Option<Duration>) -> Response + Send + Sync>;

/// The state that all vendors of a sandbox share.
pub(super) struct Shared {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) arrivals: watch::Sender<usize>,
    faults: Mutex<Vec<Fault>>,
    pub(super) random_faults: Mutex<Option<RandomFaults>>,
    ledger: Mutex<Ledger>,
    counter: AtomicU64,
}

/// A vendor's own state, with the state that all vendors share.
pub(super) struct Backend<S> {
    shared: Arc<Shared>,
    pub(super) state: Mutex<S>,
}

impl<S: Default> Backend<S> {
    pub(super) fn new(shared: &Arc<Shared>) -> Arc<Self> {
        Arc::new(Self { shared: shared.clone(), state: Mutex::default() })
    }
}

impl<S> Deref for Backend<S> {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// Locks a mutex, also one that a panicking test has poisoned.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            arrivals: watch::Sender::new(0),
            faults: Mutex::default(),
            random_faults: Mutex::default(),
            ledger: Mutex::default(),
            counter: AtomicU64::new(0),
        }
    }

    /// Returns 1, 2, 3 …, from which ids and request ids are built.
    pub(super) fn next(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }

    /// Returns the sandbox's time in the format that most vendors use.
    pub(super) fn now_text(&self) -> String {
        self.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    }

    /// Records a decision that took effect.
    pub(super) fn decided(&self, vendor: Vendor, subject: &str, action: &str) {
        let entry = Decision {
            vendor,
            subject: subject.to_owned(),
            action: action.to_owned(),
            at: self.clock.now(),
        };
        lock(&self.ledger).entries.push(entry);
    }

    pub(super) fn ledger(&self) -> Ledger {
        lock(&self.ledger).clone()
    }

    pub(super) fn lock_faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        lock(&self.faults)
    }

    fn take_fault(&self, vendor: Vendor) -> Option<Kind> {
        let mut faults = self.lock_faults();
        match faults.iter().position(|fault| fault.vendor.is_none_or(|only| only == vendor)) {
            Some(index) => Some(faults.remove(index).kind),
            None => lock(&self.random_faults).as_mut()?.next(),
        }
    }
}

/// The error that closes a connection without a response.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dropped by a fault")
    }
}

impl std::error::Error for Dropped {}

/// Listens on a free port until the task is aborted.
pub(super) async fn listen(
    vendor: Vendor,
    router: Router,
    refuse: Refuse,
    shared: Arc<Shared>,
) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let (router, refuse, shared) = (router.clone(), refuse.clone(), shared.clone());
            connections.spawn(async move {
                let service = service_fn(move |request| {
                    answer(vendor, router.clone(), refuse.clone(), shared.clone(), request)
                });
                // An error means a dropped connection, which is what a fault may ask for.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
            while connections.try_join_next().is_some() {}
        }
    });
    Ok((address, task))
}

async fn answer(
    vendor: Vendor,
    router: Router,
    refuse: Refuse,
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<Response, Dropped> {
    let fault = shared.take_fault(vendor);
    match &fault {
        Some(Kind::DropBeforeCommit) => {
            shared.arrivals.send_modify(|seen| *seen = seen.wrapping_add(1));
            return Err(Dropped);
        }
        Some(Kind::Status(status, wait)) => {
            shared.arrivals.send_modify(|seen| *seen = seen.wrapping_add(1));
            return Ok(refuse(*status, *wait));
        }
        _ => {}
    }
    let answered = TowerToHyperService::new(router).call(request).await;
    let response = answered.unwrap_or_else(|never| match never {});
    shared.arrivals.send_modify(|seen| *seen = seen.wrapping_add(1));
    match fault {
        Some(Kind::DropAfterCommit) => Err(Dropped),
        Some(Kind::Hang) => std::future::pending().await,
        Some(Kind::Slow(delay)) => {
            shared.clock.deadline(delay).await;
            Ok(response)
        }
        Some(Kind::Body(status, body)) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
            Ok(response)
        }
        _ => Ok(response),
    }
}
