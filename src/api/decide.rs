//! Reading a subject back after an unknown outcome, by what the table says of the
//! decision.

use super::context::Context;
use super::draft::Draft;
use crate::call::reconcile::{self, Reading, Shows, Wanted};
use crate::call::{Answer, Error, Reconciled, Vendor};
use crate::value::json::{Json, Problem};

/// What a subject of this type shows of a decision. The table has it for the type of each
/// read.
pub(crate) fn judge<T: Json + Shows>(
    value: serde_json::Value,
    wanted: &Wanted,
) -> Result<Reading, Problem> {
    T::from_json(value).map(|subject| subject.shows(wanted))
}

/// Reads the subject of a call back, and says whether the call was applied.
pub(crate) async fn reconcile(context: &Context, error: &Error) -> Result<Reconciled, Error> {
    read_back(context, error).await.map(|(reconciled, _)| reconciled)
}

/// The same, with the last reading.
async fn read_back(
    context: &Context,
    error: &Error,
) -> Result<(Reconciled, Option<Answer>), Error> {
    let vendor = context.transport.dialect.vendor();
    let started = reconcile::started(error, vendor)?;
    let (reading, answer) = read(context, vendor, error).await?;
    let first = reconcile::verdict(reading, started);
    if !matches!(first, Reconciled::NotApplied(_)) {
        return Ok((first, answer));
    }
    context.transport.clock().sleep(reconcile::SETTLE).await;
    let (reading, answer) = read(context, vendor, error).await?;
    Ok((reconcile::verdict(reading, started), answer))
}

async fn read(
    context: &Context,
    vendor: Vendor,
    error: &Error,
) -> Result<(Reading, Option<Answer>), Error> {
    let Some(shown) = error.shown() else {
        return Ok((Reading::unclear(vendor), None));
    };
    let answer = Draft::reading(context, (shown.by)(), error.ids()).answer(None).await?;
    let value = match answer.value() {
        Ok(value) => value,
        Err(note) => return Err(answer.undecodable(note)),
    };
    match (shown.judge)(value, error.wanted()) {
        Ok(reading) => Ok((reading, Some(answer))),
        Err(problem) => Err(answer.of_another_shape(&problem)),
    }
}

/// A decision with its reading back: what `.reconcile(true)` on a request does.
///
/// Sends again, once, only where reading the subject back has shown that nothing was
/// applied.
pub(super) async fn decide(
    draft: &Draft,
    check: fn(Answer) -> Result<(), Error>,
) -> Result<Answer, Error> {
    let mut sent_again = false;
    loop {
        let answered = match draft.answer(None).await {
            Ok(answer) => check(answer.clone()).map(|()| answer),
            Err(error) => Err(error),
        };
        let error = match answered {
            Err(error) if error.is_outcome_unknown() => error,
            // What the vendor says of a second sending (a conflict, say) may be because
            // of the first.
            Err(error) if sent_again => return Err(error.of_unknown_outcome()),
            known => return known,
        };
        match read_back(draft.context(), &error).await {
            Ok((Reconciled::Applied(_) | Reconciled::AlreadyApplied(_), reading)) => {
                return reply(draft, &error, reading).await.map_err(|cause| error.caused_by(cause));
            }
            Ok((Reconciled::NotApplied(_), _)) if !sent_again => sent_again = true,
            Ok(_) => return Err(error),
            // The reading's own error may say that the call can be repeated, which is
            // true of the reading only.
            Err(cause) => return Err(error.caused_by(cause)),
        }
    }
}

/// What a decision replies that was read back: the reading, or where that is of another
/// type, a read of its own type.
async fn reply(draft: &Draft, error: &Error, reading: Option<Answer>) -> Result<Answer, Error> {
    let own = draft.operation().shown.and_then(|shown| shown.reply);
    match (own, reading) {
        (None, Some(reading)) => Ok(reading),
        (Some(own), _) => Draft::reading(draft.context(), own(), error.ids()).answer(None).await,
        // A decision is read back by its row, so there was a reading.
        (None, None) => {
            Draft::reading(draft.context(), draft.operation(), error.ids()).answer(None).await
        }
    }
}
