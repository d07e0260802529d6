//! Which attempt may be followed by another, and after which wait.

use std::time::Duration;

use reqwest::StatusCode;

use crate::{OperationClass, RetryPolicy};

/// Statuses after which a call that may be repeated is.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// What the next step is after attempt number `attempt` has failed in a way that may pass.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// Send again after this wait.
    Wait(Duration),
    /// Give up.
    Stop,
}

/// `random` is uniform in `0..=u64::MAX`.
pub(crate) fn next(
    policy: &RetryPolicy,
    class: OperationClass,
    attempt: u32,
    hint: Option<Duration>,
    random: u64,
) -> Next {
    // The one guard that keeps a decision from being sent twice.
    if !class.is_repeatable() || attempt >= policy.max_attempts {
        return Next::Stop;
    }
    match hint {
        Some(hint) if hint > policy.hint_cap => Next::Stop,
        Some(hint) => Next::Wait(hint),
        None => Next::Wait(jitter(policy, attempt, random)),
    }
}

/// Full jitter: from zero to the doubled base, at most the cap.
fn jitter(policy: &RetryPolicy, attempt: u32, random: u64) -> Duration {
    let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
    let ceiling = policy.base.saturating_mul(factor).min(policy.cap);
    let millis = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random.checked_rem(millis.saturating_add(1)).unwrap_or(random))
}

/// A random number for a wait.
pub(crate) fn random() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().1
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_decision_and_a_create_are_never_repeated() {
        let policy = RetryPolicy::new().max_attempts(9);
        for class in [OperationClass::Decision, OperationClass::Create] {
            assert_eq!(next(&policy, class, 1, None, 0), Next::Stop);
            assert_eq!(next(&policy, class, 1, Some(Duration::ZERO), 0), Next::Stop);
        }
    }

    #[test]
    fn waits_stay_under_the_doubled_base_and_under_the_cap() {
        let policy = RetryPolicy::new().max_attempts(99).base_wait(SECOND).longest_wait(5 * SECOND);
        for (attempt, ceiling) in [(1, SECOND), (2, 2 * SECOND), (3, 4 * SECOND), (4, 5 * SECOND), (90, 5 * SECOND)] {
            for random in [0, 1, 999, 123_456_789, u64::MAX] {
                let Next::Wait(wait) = next(&policy, OperationClass::Read, attempt, None, random) else {
                    panic!("attempt {attempt} must be followed by another");
                };
                assert!(wait <= ceiling, "attempt {attempt}: {wait:?}");
            }
        }
        assert_eq!(next(&policy, OperationClass::Read, 1, None, 1000), Next::Wait(SECOND));
    }

    #[test]
    fn a_hint_is_followed_up_to_its_cap_and_ends_the_call_beyond() {
        let policy = RetryPolicy::new().longest_hint(10 * SECOND);
        assert_eq!(next(&policy, OperationClass::Read, 1, Some(10 * SECOND), 7), Next::Wait(10 * SECOND));
        assert_eq!(next(&policy, OperationClass::Read, 1, Some(11 * SECOND), 7), Next::Stop);
        assert_eq!(next(&policy, OperationClass::Read, 3, Some(SECOND), 7), Next::Stop);
    }
}
