//! Whether a decision happened whose answer was lost: the subject is read back.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::{Error, OperationClass, Vendor};
use crate::value::Timestamp;

/// What reading the subject back has shown.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reconciled {
    /// It happened: the subject came into the state that was asked for since the call
    /// began; or it is in that state, of which the vendor tells no time.
    Applied(SubjectState),
    /// The subject is in the state that was asked for, and was so before the call began:
    /// another call has done it.
    AlreadyApplied(SubjectState),
    /// It had not happened when the subject was read, twice, a while apart. It may be
    /// sent again.
    NotApplied(SubjectState),
    /// The subject came into another state since the call began: somebody decided
    /// otherwise.
    Superseded(SubjectState),
    /// The vendor's answer does not show it.
    Inconclusive,
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
    /// Reads the subject of a call back whose outcome is unknown, and says whether the
    /// call was applied.
    ///
    /// Sends reads only. Where it seems that nothing happened it reads a second time
    /// after a while, for the vendor may still be at work. Call it soon: what became of
    /// the subject later hides what the call did. The vendors' clocks are given a minute:
    /// the state that was asked for counts as applied from a minute before the call on,
    /// and of another state of that minute it cannot be told whether it came before.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an error of
    /// another vendor or of a call that was no decision; else as the vendor's read.
    fn reconcile(&self, error: &Error) -> impl Future<Output = Result<Reconciled, Error>> + Send;
}

/// How far a vendor's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Between the two readings that show that nothing has happened.
pub(crate) const SETTLE: Duration = Duration::from_secs(2);

/// What a decision was to bring about, facet by facet. `Debug` shows no value: one may
/// name a person.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Wanted(Vec<(&'static str, String)>);

impl Wanted {
    pub(crate) fn new(facets: Vec<(&'static str, String)>) -> Self {
        Self(facets)
    }

    /// The value of a facet.
    pub(crate) fn get(&self, facet: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == facet).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(facet, _)| facet)).finish()
    }
}

/// A subject that shows decisions on it: each vendor's `rules.rs` implements it for what
/// its reads respond with.
pub(crate) trait Shows {
    /// What the subject, as read, means for a decision that was to bring this about.
    fn shows(&self, wanted: &Wanted) -> Reading;
}

/// What a vendor's reading of a subject means for a call.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The state as found.
    pub(crate) state: SubjectState,
    /// Whether that is the state that the call was to bring about; `None` where it cannot
    /// be told.
    pub(crate) is_wanted: Option<bool>,
}

impl Reading {
    /// A state that the vendor tells the time of.
    ///
    /// Where it tells none, a state that is not the wanted one shows nothing: it may be
    /// older than the call, or what somebody decided a moment ago.
    pub(crate) fn at(
        vendor: Vendor,
        status: impl Into<String>,
        since: Option<&Timestamp>,
        is_wanted: Option<bool>,
    ) -> Self {
        let since = since.filter(|since| since.instant().is_some()).cloned();
        let is_wanted = is_wanted.filter(|is_wanted| *is_wanted || since.is_some());
        Self { state: SubjectState { vendor, status: status.into(), since }, is_wanted }
    }

    /// A state that the subject cannot be in once the call was applied.
    pub(crate) fn not_yet(vendor: Vendor, status: impl Into<String>) -> Self {
        Self {
            state: SubjectState { vendor, status: status.into(), since: None },
            is_wanted: Some(false),
        }
    }

    /// A subject that does not show what became of the call, or that cannot be read.
    pub(crate) fn unclear(vendor: Vendor) -> Self {
        Self { state: SubjectState { vendor, status: String::new(), since: None }, is_wanted: None }
    }
}

/// When the call of an error began, if it was a decision of this vendor.
pub(crate) fn started(error: &Error, vendor: Vendor) -> Result<DateTime<Utc>, Error> {
    let operation = error.operation().unwrap_or("reconcile");
    let refuse = |why| Error::invalid(vendor, operation, why);
    if error.vendor() != Some(vendor) {
        return Err(refuse("the error is of another vendor's call"));
    }
    if error.class() != Some(OperationClass::Decision) {
        return Err(refuse("the call was no decision"));
    }
    error.started_at().ok_or_else(|| refuse("the call was never begun"))
}

/// What a reading means for a call that began then.
///
/// A state with a time is laid to the call where the time is not before the call began. A
/// state without one is laid to it only where it is the wanted one and the reading says
/// so by `is_wanted`.
pub(crate) fn verdict(reading: Reading, started: DateTime<Utc>) -> Reconciled {
    let Reading { state, is_wanted } = reading;
    let earliest = started.checked_sub_signed(SKEW).unwrap_or(started);
    let since = state.since.as_ref().and_then(Timestamp::instant);
    match (is_wanted, since) {
        (None, _) => Reconciled::Inconclusive,
        (Some(true), Some(since)) if since < earliest => Reconciled::AlreadyApplied(state),
        // In the wanted state: where the vendor tells no time, it holds, whoever did it.
        (Some(true), _) => Reconciled::Applied(state),
        (Some(false), Some(since)) if since >= started => Reconciled::Superseded(state),
        // Within what the clocks may be apart: before the call, or somebody else since.
        (Some(false), Some(since)) if since >= earliest => Reconciled::Inconclusive,
        (Some(false), _) => Reconciled::NotApplied(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(is_wanted: Option<bool>, since: Option<&str>) -> Reading {
        let since = since.and_then(|text| text.parse().ok());
        Reading::at(Vendor::Beltic, "s", since.as_ref(), is_wanted)
    }

    fn word(reading: Reading) -> &'static str {
        let started = "2026-01-01T12:00:00Z".parse().unwrap_or_default();
        match verdict(reading, started) {
            Reconciled::Applied(_) => "applied",
            Reconciled::AlreadyApplied(_) => "before",
            Reconciled::NotApplied(_) => "not applied",
            Reconciled::Superseded(_) => "different",
            Reconciled::Inconclusive => "cannot tell",
        }
    }

    #[test]
    fn a_state_is_laid_to_the_call_from_a_minute_before_it_on() {
        let (since, before) = (Some("2026-01-01 11:59:00+0000"), Some("2026-01-01T11:58:59.999Z"));
        assert_eq!(word(reading(Some(true), since)), "applied");
        assert_eq!(word(reading(Some(true), before)), "before");
        assert_eq!(word(reading(Some(false), since)), "cannot tell");
        assert_eq!(word(reading(Some(false), Some("2026-01-01T12:00:00Z"))), "different");
        assert_eq!(word(reading(Some(false), before)), "not applied");
        assert_eq!(word(reading(None, since)), "cannot tell");
    }

    #[test]
    fn another_state_without_a_time_shows_nothing_unless_it_must_come_first() {
        assert_eq!(word(reading(Some(true), None)), "applied");
        assert_eq!(word(reading(Some(false), None)), "cannot tell");
        assert_eq!(word(Reading::not_yet(Vendor::Beltic, "s")), "not applied");
        assert_eq!(word(Reading::unclear(Vendor::Beltic)), "cannot tell");
        // A time that cannot be read is none.
        let odd: Result<Timestamp, _> = serde_json::from_str("\"soon\"");
        let odd = Reading::at(Vendor::Beltic, "s", odd.ok().as_ref(), Some(false));
        assert_eq!((odd.state.since.clone(), word(odd)), (None, "cannot tell"));
    }
}
