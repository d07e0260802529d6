//! Reads a subject back to find out whether a decision was applied whose response was
//! lost.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::{Error, OperationClass, Vendor};
use crate::value::Timestamp;

/// The result of reading a subject back.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reconciled {
    /// The call was applied: the subject reached the requested state since the call
    /// began, or is in that state and the vendor states no time.
    Applied(SubjectState),
    /// The subject reached the requested state before the call began, by another call.
    AlreadyApplied(SubjectState),
    /// The call had not been applied when the subject was read, twice, a while apart. It
    /// may be sent again.
    NotApplied(SubjectState),
    /// The subject reached another state since the call began: someone decided otherwise.
    Superseded(SubjectState),
    /// The vendor's response does not show whether the call was applied.
    Inconclusive,
}

/// The state of a subject when it was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SubjectState {
    /// The vendor that keeps the subject.
    pub vendor: Vendor,
    /// The vendor's name for the state (`declined`, `completed GREEN`).
    pub status: String,
    /// When the subject reached that state, if the vendor states it.
    pub since: Option<Timestamp>,
}

/// A client that can read back the subject of one of its calls.
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
/// sandbox.fault(Fault::drop_after_commit()); // applied, but the response is lost
/// let error = beltic.sessions().decline(&id).await.unwrap_err();
/// assert!(error.is_outcome_unknown());
/// assert!(matches!(beltic.reconcile(&error).await?, Reconciled::Applied(_)));
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
pub trait Reconcile {
    /// Reads the subject of a call whose outcome is unknown, and returns whether the call
    /// was applied.
    ///
    /// Sends only reads. If nothing seems to have happened, it reads a second time after
    /// a while, because the vendor may still be processing the call. Call it soon: later
    /// changes to the subject hide what the call did.
    ///
    /// The vendor's clock may be off by a minute: the requested state counts as applied
    /// from a minute before the call on, and another state from within that minute is
    /// inconclusive.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for an error of
    /// another vendor or of a call that is not a decision; else as the vendor's read.
    fn reconcile(&self, error: &Error) -> impl Future<Output = Result<Reconciled, Error>> + Send;
}

/// How far a vendor's clock may be off.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// The wait between the two readings that show that nothing has happened.
pub(crate) const SETTLE: Duration = Duration::from_secs(2);

/// What a decision was to bring about, facet by facet. `Debug` shows no value, because it
/// may name a person.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Wanted(Vec<(&'static str, String)>);

impl Wanted {
    pub(crate) fn new(facets: Vec<(&'static str, String)>) -> Self {
        Self(facets)
    }

    /// Returns the value of a facet.
    pub(crate) fn get(&self, facet: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == facet).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(facet, _)| facet)).finish()
    }
}

/// A subject that shows decisions on it. Each vendor's `rules.rs` implements it for the
/// responses of its reads.
pub(crate) trait Shows {
    /// Judges the subject, as read, for a decision that was to bring this about.
    fn shows(&self, wanted: &Wanted) -> Reading;
}

/// What a vendor's reading of a subject means for a call.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The state of the subject.
    pub(crate) state: SubjectState,
    /// Whether that is the state that the call was to bring about; `None` if unknown.
    pub(crate) is_wanted: Option<bool>,
}

impl Reading {
    /// Makes a reading of a state whose time the vendor may state.
    ///
    /// Without a time, a state other than the wanted one shows nothing: it may be older
    /// than the call, or someone may have decided it a moment ago.
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

    /// Makes a reading of a state that the subject cannot be in once the call is applied.
    pub(crate) fn not_yet(vendor: Vendor, status: impl Into<String>) -> Self {
        Self {
            state: SubjectState { vendor, status: status.into(), since: None },
            is_wanted: Some(false),
        }
    }

    /// Makes a reading of a subject that does not show whether the call was applied, or
    /// that cannot be read.
    pub(crate) fn unclear(vendor: Vendor) -> Self {
        Self { state: SubjectState { vendor, status: String::new(), since: None }, is_wanted: None }
    }
}

/// Returns when the call of an error began, if it was a decision of this vendor.
pub(crate) fn started(error: &Error, vendor: Vendor) -> Result<DateTime<Utc>, Error> {
    let operation = error.operation().unwrap_or("reconcile");
    let refuse = |why| Error::invalid(vendor, operation, why);
    if error.vendor() != Some(vendor) {
        return Err(refuse("the error is from another vendor's call"));
    }
    if error.class() != Some(OperationClass::Decision) {
        return Err(refuse("the call is not a decision"));
    }
    error.started_at().ok_or_else(|| refuse("the call was never started"))
}

/// Judges a reading for a call that began at `started`.
///
/// A state with a time is attributed to the call if the time is not before the call
/// began. A state without one is attributed to it only if it is the wanted one.
pub(crate) fn verdict(reading: Reading, started: DateTime<Utc>) -> Reconciled {
    let Reading { state, is_wanted } = reading;
    let earliest = started.checked_sub_signed(SKEW).unwrap_or(started);
    let since = state.since.as_ref().and_then(Timestamp::instant);
    match (is_wanted, since) {
        (None, _) => Reconciled::Inconclusive,
        (Some(true), Some(since)) if since < earliest => Reconciled::AlreadyApplied(state),
        // Without a time, the wanted state counts, whoever brought it about.
        (Some(true), _) => Reconciled::Applied(state),
        (Some(false), Some(since)) if since >= started => Reconciled::Superseded(state),
        // Within the clocks' difference: before the call, or someone else's since.
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
        // An unreadable time counts as none.
        let odd: Result<Timestamp, _> = serde_json::from_str("\"soon\"");
        let odd = Reading::at(Vendor::Beltic, "s", odd.ok().as_ref(), Some(false));
        assert_eq!((odd.state.since.clone(), word(odd)), (None, "cannot tell"));
    }
}
