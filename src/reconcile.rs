//! Whether a decision happened whose answer was lost: the subject is read back.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Clock, Error, OperationClass, Reply, Timestamp, Vendor};

/// What reading the subject back has shown.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reconciled {
    /// It happened: the subject came into the state that was asked for since the call began.
    Applied(SubjectState),
    /// The subject is in the state that was asked for, and was so before the call began: another call has done it.
    Before(SubjectState),
    /// It had not happened when the subject was read, twice, a while apart. It may be sent again.
    NotApplied(SubjectState),
    /// The subject came into another state since the call began: somebody decided otherwise.
    Different(SubjectState),
    /// The vendor's answer does not show it.
    CannotTell,
}

/// The state in which a subject was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SubjectState {
    /// Who keeps the subject.
    pub vendor: Vendor,
    /// The vendor's word for its state (`declined`, `completed GREEN`).
    pub status: String,
    /// When it came into that state, where the vendor says so.
    pub since: Option<Timestamp>,
}

/// A client that can read back what a call of it was about.
///
/// ```
/// # #[cfg(all(feature = "beltic", feature = "sandbox"))]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use kyc_review::sandbox::{Fault, Sandbox};
/// use kyc_review::{Reconcile, Reconciled};
///
/// let sandbox = Sandbox::start().await?;
/// let beltic = sandbox.beltic();
/// let id = sandbox.seed().beltic_session("completed");
///
/// sandbox.fault(Fault::drop_after_commit()); // it happens, and the answer is lost
/// let error = beltic.sessions().decline(&id).await.unwrap_err();
/// assert!(error.is_outcome_unknown());
/// assert!(matches!(beltic.reconcile(&error).await?, Reconciled::Applied(_)));
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
pub trait Reconcile {
    /// Reads the subject of a call back whose outcome is unknown, and says whether the call was applied.
    ///
    /// Sends reads only. Where it seems that nothing happened it reads a second time after a while, for the vendor may still
    /// be at work.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an error of another vendor or of a call that was
    /// no decision; else as the vendor's read.
    fn reconcile(&self, error: &Error) -> impl Future<Output = Result<Reconciled, Error>> + Send;
}

/// How far a vendor's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Between the two readings that show that nothing has happened.
pub(crate) const SETTLE: Duration = Duration::from_secs(2);

/// What a vendor's reading of a subject means for a call.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The state as found.
    pub(crate) state: SubjectState,
    /// Whether that is the state that the call was to bring about; `None` where it cannot be told.
    pub(crate) is_wanted: Option<bool>,
}

/// The rules that all vendors share. `read` reads the subject.
///
/// A state with a time is laid to the call where the time is not before the call began. A state without one is laid to it
/// only where it is the wanted one and the reading says so by `is_wanted`.
pub(crate) async fn judge<F>(
    error: &Error,
    vendor: Vendor,
    clock: &dyn Clock,
    read: impl Fn() -> F + Send,
) -> Result<Reconciled, Error>
where
    F: Future<Output = Result<Reading, Error>> + Send,
{
    let operation = error.operation().unwrap_or("reconcile");
    if error.vendor() != Some(vendor) {
        return Err(Error::invalid(vendor, operation, "the error is of another vendor's call"));
    }
    if error.class() != Some(OperationClass::Decision) {
        return Err(Error::invalid(vendor, operation, "the call was no decision"));
    }
    let Some(started) = error.started_at() else {
        return Err(Error::invalid(vendor, operation, "the call was never begun"));
    };
    let first = verdict(read().await?, started);
    if !matches!(first, Reconciled::NotApplied(_)) {
        return Ok(first);
    }
    clock.sleep(SETTLE).await;
    Ok(verdict(read().await?, started))
}

fn verdict(reading: Reading, started: DateTime<Utc>) -> Reconciled {
    let Reading { state, is_wanted } = reading;
    let earliest = started.checked_sub_signed(SKEW).unwrap_or(started);
    let is_since = state.since.as_ref().and_then(Timestamp::instant).map(|since| since >= earliest);
    match (is_wanted, is_since) {
        (None, _) => Reconciled::CannotTell,
        (Some(true), Some(true)) => Reconciled::Applied(state),
        (Some(true), Some(false)) => Reconciled::Before(state),
        // In the wanted state, and the vendor tells no time: it holds, whoever did it.
        (Some(true), None) => Reconciled::Applied(state),
        (Some(false), Some(true)) => Reconciled::Different(state),
        (Some(false), _) => Reconciled::NotApplied(state),
    }
}

/// A decision with its reading back: what `.reconcile(true)` on a request does.
///
/// Sends again, once, only where reading the subject back has shown that nothing was applied.
pub(crate) async fn decide<T, C, S, R>(
    client: &C,
    send: impl Fn() -> S + Send,
    read: impl Fn() -> R + Send,
) -> Result<Reply<T>, Error>
where
    C: Reconcile + Sync,
    S: Future<Output = Result<Reply<T>, Error>> + Send,
    R: Future<Output = Result<Reply<T>, Error>> + Send,
{
    let mut sent_again = false;
    loop {
        let error = match send().await {
            Err(error) if error.is_outcome_unknown() => error,
            known => return known,
        };
        match client.reconcile(&error).await? {
            Reconciled::Applied(_) | Reconciled::Before(_) => return read().await,
            Reconciled::NotApplied(_) if !sent_again => sent_again = true,
            _ => return Err(error),
        }
    }
}
