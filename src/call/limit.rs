//! How many calls a client makes in a window.

use std::time::Duration;

use reqwest::Method;

/// A number of calls in a window of time, as a vendor documents its limit.
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
    /// So many calls of any method. A window of no calls counts as one call.
    #[must_use]
    pub const fn all(calls: usize, window: Duration) -> Self {
        Self::new(calls, window, Which::All)
    }

    /// So many GET calls.
    #[must_use]
    pub const fn reads(calls: usize, window: Duration) -> Self {
        Self::new(calls, window, Which::Reads)
    }

    /// So many calls that are no GET.
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
