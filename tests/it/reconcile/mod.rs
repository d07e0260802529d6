//! Whether a decision whose response was lost took effect: each decision of each vendor,
//! by hand and within the call.

mod beltic;
mod persona;
mod provide;
mod rebilly;
mod rules;
mod sumsub;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{Error, Reconcile, Reconciled, SubjectState};
use tokio::task::JoinHandle;

/// A call in flight, which returns the state of the subject according to the reply.
pub type Sent = Pin<Box<dyn Future<Output = Result<String, Error>> + Send>>;

/// Another action on a subject.
pub type Deed<C> = fn(C, String) -> Sent;

/// The default timeout of an attempt.
pub const ATTEMPT: Duration = Duration::from_secs(60);

/// One decision of one vendor.
pub struct Case<C> {
    pub name: &'static str,
    pub seed: fn(&Sandbox) -> String,
    /// The action before the decision.
    pub prepare: Option<Deed<C>>,
    /// The decision, with its option `reconcile`.
    pub send: fn(C, String, bool) -> Sent,
    /// The state according to the reply, and the state of the subject.
    pub reply: &'static str,
    pub state: &'static str,
    /// Whether the vendor reports when the subject entered that state.
    pub is_dated: bool,
    /// Another reviewer's action in between, and how it shows.
    pub otherwise: Option<(Deed<C>, &'static str)>,
}

/// A sandbox, and two people who decide in it.
pub struct Stage<C> {
    pub clock: Arc<ManualClock>,
    pub sandbox: Sandbox,
    pub client: C,
    pub other: C,
}

impl<C: Reconcile + Clone> Stage<C> {
    pub async fn set(client: fn(&Sandbox) -> C) -> Self {
        let clock = Arc::new(ManualClock::new());
        let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
        let (client, other) = (client(&sandbox), client(&sandbox));
        Self { clock, sandbox, client, other }
    }

    /// Sets up a case whose subject was prepared long ago.
    pub async fn prepare<'a>(&'a self, case: &'a Case<C>) -> World<'a, C> {
        let id = (case.seed)(&self.sandbox);
        if let Some(prepare) = case.prepare {
            prepare(self.client.clone(), id.clone()).await.unwrap();
        }
        self.clock.advance(Duration::from_secs(600));
        let (requests, decisions) = (self.sandbox.requests(), self.sandbox.ledger().all().len());
        World { stage: self, case, id, requests, decisions, waits: self.clock.waits().len() }
    }
}

/// A case on the stage.
pub struct World<'a, C> {
    stage: &'a Stage<C>,
    case: &'a Case<C>,
    id: String,
    /// Requests, ledger entries and waits before the case begins.
    requests: usize,
    decisions: usize,
    waits: usize,
}

impl<C: Reconcile + Clone> World<'_, C> {
    fn send(&self, reconcile: bool) -> Sent {
        (self.case.send)(self.stage.client.clone(), self.id.clone(), reconcile)
    }

    /// Sends the decision with a fault that loses its response.
    async fn lost(&self, fault: Fault) -> Error {
        self.stage.sandbox.fault(fault);
        let error = self.send(false).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{}: {error}", self.case.name);
        error
    }

    async fn reconcile(&self, error: &Error) -> Reconciled {
        self.stage.client.reconcile(error).await.unwrap()
    }

    /// Requests and decisions so far.
    fn counts(&self) -> (usize, usize) {
        let sandbox = &self.stage.sandbox;
        (sandbox.requests() - self.requests, sandbox.ledger().all().len() - self.decisions)
    }

    /// Waits so far, in seconds.
    fn waits(&self) -> Vec<u64> {
        self.stage.clock.waits()[self.waits..].iter().map(Duration::as_secs).collect()
    }
}

/// The variant, and the state in it.
pub fn told(reconciled: &Reconciled) -> (&'static str, Option<&SubjectState>) {
    match reconciled {
        Reconciled::Applied(state) => ("applied", Some(state)),
        Reconciled::AlreadyApplied(state) => ("already applied", Some(state)),
        Reconciled::NotApplied(state) => ("not applied", Some(state)),
        Reconciled::Superseded(state) => ("superseded", Some(state)),
        Reconciled::Inconclusive => ("inconclusive", None),
        other => panic!("{other:?}"),
    }
}

pub async fn what_was_carried_out_is_applied<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    let error = world.lost(Fault::drop_after_commit()).await;
    let reconciled = world.reconcile(&error).await;
    let (word, state) = told(&reconciled);
    let state = state.unwrap();
    assert_eq!((word, state.status.as_str()), ("applied", case.state), "{}", case.name);
    assert_eq!(
        (Some(state.vendor), state.since.is_some()),
        (error.vendor(), case.is_dated),
        "{}",
        case.name
    );
    // One read is enough.
    assert_eq!((world.counts(), world.waits()), ((2, 1), vec![]), "{}", case.name);
}

pub async fn what_never_arrived_is_not_applied<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    let error = world.lost(Fault::drop_before_commit()).await;
    assert_eq!(told(&world.reconcile(&error).await).0, "not applied", "{}", case.name);
    // Two reads, a while apart.
    assert_eq!((world.counts(), world.waits()), ((3, 0), vec![2]), "{}", case.name);
}

pub async fn what_somebody_else_decided_is_not_laid_to_the_call<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let Some((otherwise, word)) = case.otherwise else { return };
    let world = stage.prepare(case).await;
    let error = world.lost(Fault::drop_before_commit()).await;
    otherwise(stage.other.clone(), world.id.clone()).await.unwrap();
    let reconciled = world.reconcile(&error).await;
    let (found, state) = told(&reconciled);
    assert_eq!(found, word, "{}", case.name);
    assert!(state.is_none_or(|state| state.since.is_some()), "{}", case.name);
    assert_eq!(world.counts(), (3, 1), "{}", case.name);
}

pub async fn what_was_there_before_is_told_apart<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    (case.send)(stage.other.clone(), world.id.clone(), false).await.unwrap();
    stage.clock.advance(Duration::from_secs(61));
    let error = world.lost(Fault::drop_before_commit()).await;
    let reconciled = world.reconcile(&error).await;
    let (word, state) = told(&reconciled);
    let expected = if case.is_dated { "already applied" } else { "applied" };
    assert_eq!((word, state.unwrap().status.as_str()), (expected, case.state), "{}", case.name);
    assert_eq!(world.counts(), (3, 1), "{}", case.name);
}

pub async fn the_call_itself_answers_with_what_was_applied<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    stage.sandbox.fault(Fault::drop_after_commit());
    let reply = world.send(true).await.unwrap();
    assert_eq!((reply.as_str(), world.counts()), (case.reply, (within(case), 1)), "{}", case.name);
}

/// Requests: the decision and one read, which is also the reply, unless the vendor's read
/// and reply are different resources.
fn within<C>(case: &Case<C>) -> usize {
    if case.name.contains("applicant") { 3 } else { 2 }
}

pub async fn the_call_itself_sends_again_what_never_arrived<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    stage.sandbox.fault(Fault::drop_before_commit());
    let reply = world.send(true).await.unwrap();
    assert_eq!((reply.as_str(), world.counts()), (case.reply, (4, 1)), "{}", case.name);
}

pub async fn the_call_itself_survives_a_vendor_that_hangs<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let world = stage.prepare(case).await;
    stage.sandbox.fault(Fault::hang());
    let mut call = tokio::spawn(world.send(true));
    under_way(&stage.sandbox, world.requests + 1, &mut call).await;
    stage.clock.advance(ATTEMPT);
    assert_eq!(
        (call.await.unwrap().unwrap().as_str(), world.counts()),
        (case.reply, (within(case), 1)),
        "{}",
        case.name
    );
}

pub async fn the_call_itself_leaves_what_somebody_else_decided<C: Reconcile + Clone>(
    stage: &Stage<C>,
    case: &Case<C>,
) {
    let Some((otherwise, _)) = case.otherwise else { return };
    let world = stage.prepare(case).await;
    stage.sandbox.fault(Fault::drop_before_commit());
    stage.sandbox.fault(Fault::slow(Duration::from_secs(1)));
    let mut call = tokio::spawn(world.send(true));
    // The first read shows nothing; someone else decides before the second one.
    under_way(&stage.sandbox, world.requests + 2, &mut call).await;
    otherwise(stage.other.clone(), world.id.clone()).await.unwrap();
    stage.clock.advance(Duration::from_secs(1));
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{}: {error}", case.name);
    assert_eq!(world.counts(), (4, 1), "{}", case.name);
}

/// Waits until `requests` have arrived, while a call is in flight that must not end
/// before.
pub async fn under_way<T: Debug>(sandbox: &Sandbox, requests: usize, call: &mut JoinHandle<T>) {
    tokio::select! {
        () = sandbox.until_requests(requests) => {}
        ended = call => panic!("it ended with fewer than {requests} requests: {ended:?}"),
    }
}

/// Defines a test for each behaviour, over all cases of a vendor.
macro_rules! suite {
    ($client:expr, $cases:expr) => {
        $crate::reconcile::suite! { $client, $cases,
            what_was_carried_out_is_applied,
            what_never_arrived_is_not_applied,
            what_somebody_else_decided_is_not_laid_to_the_call,
            what_was_there_before_is_told_apart,
            the_call_itself_answers_with_what_was_applied,
            the_call_itself_sends_again_what_never_arrived,
            the_call_itself_survives_a_vendor_that_hangs,
            the_call_itself_leaves_what_somebody_else_decided,
        }
    };
    ($client:expr, $cases:expr, $($behaviour:ident,)*) => { $(
        #[tokio::test]
        async fn $behaviour() {
            let (stage, cases) = ($crate::reconcile::Stage::set($client).await, $cases);
            assert!(!cases.is_empty());
            for case in &cases {
                $crate::reconcile::$behaviour(&stage, case).await;
            }
        }
    )* };
}

use suite;
