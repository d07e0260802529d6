//! Persona's pages: a link to the next one, a path with a query, or null.

use reqwest::Url;

use crate::api::persona::types::{InquirySession, InquirySessionList};
use crate::error::Failure;
use crate::page::query_of_link;
use crate::{Error, ErrorKind, Page, Vendor};

/// The cursor's parameter. The document of the list declares none; the links have it.
pub(super) const AFTER: &str = "page[after]";

const OPERATION: &str = "list_all_inquiry_sessions";

/// The cursor of the next page, if there is one. A short page is no end: only a link that is null is.
///
/// # Errors
/// [`ErrorKind::Pagination`] where the link leads to another origin, or holds no cursor.
pub(super) fn next(list: &InquirySessionList, base: &Url) -> Result<Option<String>, Error> {
    let link = list.links.as_ref().and_then(|links| links.next.as_ref()).map(|link| link.expose().as_str());
    let Some(link) = link.filter(|link| !link.is_empty()) else {
        return Ok(None);
    };
    let cursor = query_of_link(Vendor::Persona, OPERATION, base, link, AFTER)?;
    cursor.map(Some).ok_or_else(|| {
        let failure = Failure { vendor: Some(Vendor::Persona), operation: Some(OPERATION), ..Failure::default() };
        failure.error(ErrorKind::Pagination).note("the link to the next page holds no cursor")
    })
}

/// The page that a list answer is. Persona counts no totals.
pub(super) fn page(list: InquirySessionList, next: Option<String>) -> Page<InquirySession> {
    Page { items: list.data, next, total: None }
}
