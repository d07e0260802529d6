//! Decides which attempt is followed by another, and after which wait.

use std::time::Duration;

use reqwest::StatusCode;

use crate::call::{OperationClass, RetryPolicy};

/// Returns whether a call that may be retried is retried after this status.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// What is known of a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// No connection was made: the request never left.
    NeverLeft,
    /// The vendor responded that it has not processed the request, and that the cause may
    /// pass.
    NotProcessed,
    /// The request left, and no whole response came.
    Lost,
    /// The vendor failed in a way that may pass; what it did before is unknown.
    Failed,
    /// The response is final.
    Final,
}

/// The properties of a call that decide whether it is retried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub(crate) class: OperationClass,
    /// Whether the vendor replays its response to a request with the same idempotency
    /// key.
    pub(crate) has_key: bool,
}

/// Returns whether a request of this fate may be sent again at all. This alone keeps a
/// decision from being sent twice.
pub(crate) fn may_repeat(Repeat { class, has_key }: Repeat, fate: Fate) -> bool {
    match fate {
        Fate::Final => false,
        _ if class.is_repeatable() => true,
        Fate::NeverLeft => true,
        Fate::NotProcessed => has_key || class == OperationClass::Decision,
        // Only if the vendor responds to the second request with the outcome of the
        // first.
        Fate::Lost => has_key,
        // A stored failure would be replayed, and a new key would be a new decision.
        Fate::Failed => false,
    }
}

/// The next step after an attempt.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// Send again after this wait.
    Wait(Duration),
    /// Give up.
    Stop,
}

/// Decides what follows attempt number `attempt`. `random` is uniform in `0..=u64::MAX`.
pub(crate) fn next(
    policy: &RetryPolicy,
    subject: Repeat,
    fate: Fate,
    attempt: u32,
    hint: Option<Duration>,
    random: u64,
) -> Next {
    if !may_repeat(subject, fate) || attempt >= policy.max_attempts {
        return Next::Stop;
    }
    match hint {
        Some(hint) if hint > policy.hint_cap => Next::Stop,
        Some(hint) => Next::Wait(hint),
        None => Next::Wait(jitter(policy, attempt, random)),
    }
}

/// Returns a wait with full jitter: from zero to the doubled base, at most the cap.
fn jitter(policy: &RetryPolicy, attempt: u32, random: u64) -> Duration {
    let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
    let ceiling = policy.base.saturating_mul(factor).min(policy.cap);
    let millis = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random.checked_rem(millis.saturating_add(1)).unwrap_or(random))
}

/// Returns a random number for a wait.
pub(crate) fn random() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().1
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const READ: Repeat = Repeat { class: OperationClass::Read, has_key: false };

    #[test]
    fn what_may_be_sent_again() {
        use Fate::{Failed, Final, Lost, NeverLeft, NotProcessed};
        use OperationClass::{Create, Decision, Idempotent, Read};
        let allowed = |class, has_key| {
            [NeverLeft, NotProcessed, Lost, Failed, Final]
                .map(|fate| may_repeat(Repeat { class, has_key }, fate))
        };
        for class in [Read, Idempotent] {
            assert_eq!(allowed(class, false), [true, true, true, true, false]);
        }
        assert_eq!(allowed(Decision, false), [true, true, false, false, false]);
        assert_eq!(allowed(Create, false), [true, false, false, false, false]);
        for class in [Decision, Create] {
            assert_eq!(allowed(class, true), [true, true, true, false, false]);
        }
    }

    #[test]
    fn waits_stay_under_the_doubled_base_and_under_the_cap() {
        let policy = RetryPolicy::new().max_attempts(99).base_wait(SECOND).longest_wait(5 * SECOND);
        for (attempt, ceiling) in
            [(1, SECOND), (2, 2 * SECOND), (3, 4 * SECOND), (4, 5 * SECOND), (90, 5 * SECOND)]
        {
            for random in [0, 1, 999, 123_456_789, u64::MAX] {
                let Next::Wait(wait) = next(&policy, READ, Fate::Failed, attempt, None, random)
                else {
                    panic!("attempt {attempt} must be followed by another");
                };
                assert!(wait <= ceiling, "attempt {attempt}: {wait:?}");
            }
        }
        assert_eq!(next(&policy, READ, Fate::Failed, 1, None, 1000), Next::Wait(SECOND));
    }

    #[test]
    fn a_hint_is_followed_up_to_its_cap_and_ends_the_call_beyond() {
        let policy = RetryPolicy::new().longest_hint(10 * SECOND);
        let next = |attempt, hint| next(&policy, READ, Fate::NotProcessed, attempt, Some(hint), 7);
        assert_eq!(next(1, 10 * SECOND), Next::Wait(10 * SECOND));
        assert_eq!(next(1, 11 * SECOND), Next::Stop);
        assert_eq!(next(3, SECOND), Next::Stop);
    }
}
