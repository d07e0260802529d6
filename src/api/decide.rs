//! Reads a subject back after an unknown outcome, by the decision's row in the table.

use super::context::Context;
use super::draft::Draft;
use crate::call::reconcile::{self, Reading, Shows, Wanted};
use crate::call::{Error, Received, Reconciled};
use crate::value::json::Json;

/// Judges a decision that was to bring something about by the subject as it was read.
///
/// Generated code names one only in functions that are inlined, so that users compile how
/// a subject is decoded only if they read it back.
pub(crate) type Judge = fn(&Received, &Wanted) -> Result<Reading, String>;

/// Judges a decision by a subject of this type.
pub(crate) fn judge<T: Json + Shows>(
    received: &Received,
    wanted: &Wanted,
) -> Result<Reading, String> {
    received.read_judged::<T>().map(|(subject, _)| subject.shows(wanted))
}

/// Reads the subject of a call back, and returns whether the call was applied. `judges`
/// returns the judge of a subject's type by its number.
pub(crate) async fn reconcile(
    context: &Context,
    error: &Error,
    judges: fn(usize) -> Option<Judge>,
) -> Result<Reconciled, Error> {
    let judge = error.shown().and_then(|shown| judges(shown.subject));
    read_back(context, error, judge).await.map(|(reconciled, _)| reconciled)
}

/// Does the same, and also returns the last reading.
async fn read_back(
    context: &Context,
    error: &Error,
    judge: Option<Judge>,
) -> Result<(Reconciled, Option<Received>), Error> {
    let started = reconcile::started(error, context.transport.dialect.vendor())?;
    let (reading, received) = read(context, error, judge).await?;
    let first = reconcile::verdict(reading, started);
    if !matches!(first, Reconciled::NotApplied(_)) {
        return Ok((first, received));
    }
    context.transport.clock().sleep(reconcile::SETTLE).await;
    let (reading, received) = read(context, error, judge).await?;
    Ok((reconcile::verdict(reading, started), received))
}

async fn read(
    context: &Context,
    error: &Error,
    judge: Option<Judge>,
) -> Result<(Reading, Option<Received>), Error> {
    let (Some(shown), Some(judge)) = (error.shown(), judge) else {
        return Ok((Reading::unclear(context.transport.dialect.vendor()), None));
    };
    let received = Draft::reading(context, (shown.by)(), error.ids()).receive(None).await?;
    match judge(&received, error.wanted()) {
        Ok(reading) => Ok((reading, Some(received))),
        Err(note) => Err(received.undecodable(note)),
    }
}

/// Sends a decision and reads the subject back if the outcome is unknown, as
/// `.reconcile(true)` on a request asks.
///
/// Sends the decision again, once, only if the reading shows that it was not applied.
pub(super) async fn decide(
    draft: &Draft,
    judge: Judge,
    check: fn(Received) -> Result<(), Error>,
) -> Result<Received, Error> {
    let mut sent_again = false;
    loop {
        let result = match draft.receive(None).await {
            Ok(received) => check(received.clone()).map(|()| received),
            Err(error) => Err(error),
        };
        let error = match result {
            Err(error) if error.is_outcome_unknown() => error,
            // The vendor's error to the second request, such as a conflict, may be caused
            // by the first.
            Err(error) if sent_again => return Err(error.of_unknown_outcome()),
            known => return known,
        };
        match read_back(draft.context(), &error, Some(judge)).await {
            Ok((Reconciled::Applied(_) | Reconciled::AlreadyApplied(_), reading)) => {
                return reply(draft, &error, reading).await.map_err(|cause| error.caused_by(cause));
            }
            Ok((Reconciled::NotApplied(_), _)) if !sent_again => sent_again = true,
            Ok(_) => return Err(error),
            // The reading's own error may be retryable, which is true only of the
            // reading.
            Err(cause) => return Err(error.caused_by(cause)),
        }
    }
}

/// Returns the reply of a decision that was read back: the reading or, if that has
/// another type, a read of the decision's own type.
async fn reply(draft: &Draft, error: &Error, reading: Option<Received>) -> Result<Received, Error> {
    let own = draft.operation().shown.and_then(|shown| shown.reply);
    match (own, reading) {
        (None, Some(reading)) => Ok(reading),
        (Some(own), _) => Draft::reading(draft.context(), own(), error.ids()).receive(None).await,
        // Unreachable: a decision is read back by its row, so there is a reading.
        (None, None) => {
            Draft::reading(draft.context(), draft.operation(), error.ids()).receive(None).await
        }
    }
}
