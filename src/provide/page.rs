//! Provide's pages: numbered from 1, with the total in a header that is only a hint.
//! Source: <https://docs.provide.services/api/documentation/pagination>.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::provide::types::KycApplication;
use crate::call::{Page, Reply};

/// Results a page, where the vendor is not told.
pub(super) const DEFAULT_RPP: u32 = 25;

/// The page that a list answer is.
pub(super) fn page(page: u32, rpp: u32, reply: Reply<Vec<KycApplication>>) -> Reply<Page<KycApplication>> {
    let total = reply.header("x-total-results-count").and_then(|count| count.trim().parse().ok());
    let next = next(page, rpp, reply.len(), total).map(|next| next.to_string());
    reply.map(|items| Page { items, next, total })
}

/// The number of the next page, or `None` where this one is the last: it is not full, or reaches the total.
fn next(page: u32, rpp: u32, length: usize, total: Option<u64>) -> Option<u32> {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let before = u64::from(page.saturating_sub(1)).saturating_mul(rpp.into());
    let is_short = length < u64::from(rpp);
    let is_reached = total.is_some_and(|total| before.saturating_add(length) >= total);
    if is_short || is_reached { None } else { page.checked_add(1) }
}

/// The ids that a pager has given. Rows that arrive meanwhile push others onto a later page, where they come again.
#[derive(Clone, Default)]
pub(super) struct Given(Arc<Mutex<HashSet<String>>>);

impl Given {
    /// The same page without what was given before.
    pub(super) fn drop_repeated(&self, mut page: Page<KycApplication>) -> Page<KycApplication> {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        page.items.retain(|application| given.insert(application.id.clone()));
        page
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn a_list_ends_with_a_page_that_is_short_or_empty_or_reaches_the_total() {
        assert_eq!(next(1, 25, 25, None), Some(2));
        assert_eq!(next(1, 25, 24, None), None);
        assert_eq!(next(3, 25, 0, None), None);
        assert_eq!(next(2, 25, 25, Some(51)), Some(3));
        assert_eq!(next(2, 25, 25, Some(50)), None);
        // The total is a hint: a page that is not full ends the list whatever it says.
        assert_eq!(next(1, 25, 24, Some(1000)), None);
        assert_eq!(next(1, 25, 25, Some(0)), None);
    }

    #[test]
    fn the_last_numbers_do_not_overflow() {
        assert_eq!(next(u32::MAX, u32::MAX, usize::MAX, None), None);
        assert_eq!(next(u32::MAX, 1, 1, Some(u64::MAX)), None);
        assert_eq!(next(0, 1, 1, None), Some(1));
    }
}
