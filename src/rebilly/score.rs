//! Scores: percentages now, fractions before.

use std::fmt;

/// The automatic analysis's certainty that a document is the customer's.
///
/// A percentage since August 2025 and a fraction before; responses about old documents
/// may still have the old form. The number is kept as received, and
/// [`percent`](Self::percent) reads both: a number between 0 and 1 is a fraction. Exactly
/// 1 is read as one percent, which is what it means today.
///
/// ```
/// use kyc_review::rebilly::Score;
///
/// let (new, old) = (Score::from(75.0), Score::from(0.75));
/// assert_eq!((new.percent(), old.percent()), (75.0, 75.0));
/// assert_eq!((new.is_fractional(), old.is_fractional()), (false, true));
/// assert_eq!((new.raw(), old.raw()), (75.0, 0.75));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score(f64);

impl Score {
    /// Returns the number as received.
    #[must_use]
    pub const fn raw(self) -> f64 {
        self.0
    }

    /// Returns the percentage, from 0 to 100, whichever form was received.
    #[must_use]
    pub fn percent(self) -> f64 {
        // Rounded, because 0.29 times 100 is not quite 29.
        if self.is_fractional() { (self.0 * 1e8).round() / 1e6 } else { self.0 }
    }

    /// Returns whether it was received as a fraction.
    #[must_use]
    pub fn is_fractional(self) -> bool {
        self.0 > 0.0 && self.0 < 1.0
    }
}

impl From<f64> for Score {
    fn from(raw: f64) -> Self {
        Self(raw)
    }
}

impl fmt::Display for Score {
    /// Writes the percentage: `75%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent())
    }
}
