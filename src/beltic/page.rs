//! Beltic's pages: a has-next flag in two spellings, a cursor, or only a link.

use reqwest::Url;

use crate::api::beltic::types::{Session, SessionListEnvelope};
use crate::call::page::query_of_link;
use crate::call::{Error, Page, Vendor};

/// The cursor of the next page, if there is one.
///
/// # Errors
/// [`ErrorKind::Pagination`](crate::ErrorKind::Pagination) where the only hint is a link to another origin.
pub(super) fn next(list: &SessionListEnvelope, base: &Url) -> Result<Option<String>, Error> {
    let page = list.meta.as_ref().and_then(|meta| meta.page.as_ref());
    let has_next = page.and_then(|page| page.has_next_page.or(page.has_next));
    // An empty page is the end, unless the vendor says that it is not: what is behind it would be left out without a word.
    if has_next == Some(false) || (list.data.is_empty() && has_next.is_none()) {
        return Ok(None);
    }
    let end = page.and_then(|page| page.cursors.as_ref()).and_then(|cursors| cursors.end.as_deref());
    if let Some(cursor) = end.filter(|cursor| !cursor.is_empty()) {
        return Ok(Some(cursor.to_owned()));
    }
    let link = list.links.as_ref().and_then(|links| links.next.as_ref()).map(|link| link.expose().as_str());
    link.map_or(Ok(None), |link| query_of_link(Vendor::Beltic, "list_sessions", base, link, "page[after]"))
}

/// The page that a list answer is.
pub(super) fn page(list: SessionListEnvelope, next: Option<String>) -> Page<Session> {
    let total = list.meta.and_then(|meta| meta.page).and_then(|page| page.total);
    // Counts come as JSON numbers of any form; a fraction or a negative one is none.
    let total = total.filter(|total| (0.0..9.0e15).contains(total) && total.fract() == 0.0);
    Page { items: list.data, next, total: total.map(|total| total as u64) }
}
