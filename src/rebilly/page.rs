//! Rebilly's pages: a bare array, counted by offset, with the totals in headers.
//! Source: <https://www.rebilly.com/docs/dev-docs/api/kyc-documents/getkycdocumentcollection>.

use crate::api::rebilly::unions::KycDocument;
use crate::call::error::Failure;
use crate::call::{Error, ErrorKind, Page, Reply, Vendor};
use crate::transport::number_header;

/// The largest page, and the last offset at which one may begin.
pub(super) const MOST: u32 = 1000;

/// The page that a list answer is, and where the next one begins.
///
/// The end is where the total is reached, or a page is shorter than the limit that was applied, or empty. The limit that
/// was asked for counts only where no header speaks: a server may apply a smaller one, and its full pages are then short of ours.
pub(super) fn page(reply: Reply<Vec<KycDocument>>, offset: u32, asked: Option<u32>) -> Reply<Page<KycDocument>> {
    let total = number_header(reply.headers(), "pagination-total");
    let applied = number_header(reply.headers(), "pagination-limit");
    let count = u64::try_from(reply.len()).unwrap_or(u64::MAX);
    let limit = applied.or_else(|| asked.filter(|_| total.is_none()).map(u64::from));
    let next = u64::from(offset).saturating_add(count);
    let ends = count == 0 || limit.is_some_and(|limit| count < limit) || total.is_some_and(|total| next >= total);
    reply.map(|items| Page { items, next: (!ends).then(|| next.to_string()), total })
}

/// The offset of a cursor that [`page`] made.
///
/// # Errors
/// [`ErrorKind::Pagination`] beyond the last offset: the rest of the list cannot be reached in this way, and leaving it out
/// without a word would hide documents from a reviewer.
pub(super) fn offset(operation: &'static str, cursor: &str) -> Result<u32, Error> {
    let offset = cursor.parse().ok().filter(|offset| *offset <= MOST);
    offset.ok_or_else(|| {
        let failure = Failure { vendor: Some(Vendor::Rebilly), operation: Some(operation), ..Failure::default() };
        let note =
            "no page begins beyond offset 1000, and there is more: narrow the list by a filter, or take larger pages";
        failure.error(ErrorKind::Pagination).note(note)
    })
}
