//! The client-side rate limit.

use std::time::Duration;

use reqwest::Method;

/// A number of requests per window of time, as vendors document their limits.
///
/// ```
/// use std::time::Duration;
/// use kyc_review::Limit;
///
/// let minute = Limit::all(300, Duration::from_secs(60));
/// # drop(minute);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub(crate) calls: usize,
    pub(crate) window: Duration,
    which: Which,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    All,
    Reads,
    Writes,
}

impl Limit {
    /// Allows `calls` requests of any method per `window`; zero counts as one.
    #[must_use]
    pub const fn all(calls: usize, window: Duration) -> Self {
        Self::new(calls, window, Which::All)
    }

    /// Allows `calls` GET requests per `window`; zero counts as one.
    #[must_use]
    pub const fn reads(calls: usize, window: Duration) -> Self {
        Self::new(calls, window, Which::Reads)
    }

    /// Allows `calls` requests of other methods than GET per `window`; zero counts as
    /// one.
    #[must_use]
    pub const fn writes(calls: usize, window: Duration) -> Self {
        Self::new(calls, window, Which::Writes)
    }

    const fn new(calls: usize, window: Duration, which: Which) -> Self {
        Self { calls: if calls == 0 { 1 } else { calls }, window, which }
    }

    pub(crate) fn covers(&self, method: &Method) -> bool {
        match self.which {
            Which::All => true,
            Which::Reads => method == Method::GET,
            Which::Writes => method != Method::GET,
        }
    }
}
