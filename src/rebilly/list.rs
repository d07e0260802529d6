//! The list of KYC documents.

use crate::api::rebilly::unions::KycDocument;
use crate::api::vendor::awaitable;
use crate::call::{Error, Page, Pages, Vendor};
use crate::rebilly::{Rebilly, page};
use crate::value::Personal;

const OPERATION: &str = "get_kyc_document_collection";

/// See [`KycDocuments::list`](super::KycDocuments::list). Awaiting it gives one page; [`items`](Self::items) walks all.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListDocuments {
    client: Rebilly,
    limit: Option<u32>,
    offset: Option<u32>,
    filter: Option<Personal<String>>,
    sort: Vec<String>,
    expand: Vec<String>,
    /// Set by the pager: where the page begins.
    cursor: Option<String>,
}

impl ListDocuments {
    pub(super) fn over(client: Rebilly) -> Self {
        Self { client, limit: None, offset: None, filter: None, sort: Vec::new(), expand: Vec::new(), cursor: None }
    }

    /// Documents a page, 0 to 1000. A page of none still tells the total. The vendor's default is not documented.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the first page begins, 0 to 1000.
    pub fn offset(mut self, offset: u32) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Only documents that fulfil a condition in the vendor's filter language: `status:pending`,
    /// `documentType:identity-proof,address-proof;reviewTime:2026-01-01T00:00:00Z..`.
    /// Source: <https://www.rebilly.com/docs/dev-docs/search-filters>.
    pub fn filter(mut self, filter: impl Into<Personal<String>>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Fields to sort by, the first one first; a minus sign before a field (`-createdTime`) sorts in descending order.
    pub fn sort(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.sort.extend(fields.into_iter().map(Into::into));
        self
    }

    /// Related objects to embed, `customer` or `files`: see [`KycDocument::embedded_customer`] and
    /// [`KycDocument::embedded_files`]. Slow on lists, says the vendor.
    /// Source: <https://www.rebilly.com/docs/dev-docs/expand-embedded-resources>.
    pub fn expand(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expand.extend(names.into_iter().map(Into::into));
        self
    }

    /// All items, page after page.
    ///
    /// The vendor begins no page beyond offset 1000. Where there is more, the last item is followed by an error of kind
    /// [`Pagination`](crate::ErrorKind::Pagination): narrow the list by a filter, or take pages of 1000. A document that is
    /// created or changed meanwhile can move others to another page, unless the list is sorted by what does not change
    /// (`createdTime`).
    pub fn items(self) -> Pages<KycDocument> {
        Pages::new(None, move |cursor| {
            let mut request = self.clone();
            request.cursor = cursor;
            Box::pin(request.send())
        })
    }
}

awaitable!(ListDocuments => Page<KycDocument>, request, {
    let offset = match &request.cursor {
        Some(cursor) => Some(page::offset(OPERATION, cursor)?),
        None => request.offset,
    };
    for (name, number) in [("the limit", request.limit), ("the offset", offset)] {
        if number.is_some_and(|number| number > page::MOST) {
            return Err(Error::invalid(Vendor::Rebilly, OPERATION, format!("{name} is 0 to {}", page::MOST)));
        }
    }
    let mut call = request.client.api().get_kyc_document_collection();
    if let Some(limit) = request.limit {
        call = call.limit(limit);
    }
    if let Some(offset) = offset {
        call = call.offset(offset);
    }
    if let Some(filter) = request.filter {
        call = call.filter(filter);
    }
    if let Some(sort) = joined("sort", &request.sort)? {
        call = call.sort(sort);
    }
    if let Some(expand) = joined("expand", &request.expand)? {
        call = call.expand(expand);
    }
    let reply = call.send().await?;
    Ok(page::page(reply, offset.unwrap_or_default(), request.limit))
});

/// Names in one parameter. A comma within a name would make two of it.
fn joined(parameter: &str, names: &[String]) -> Result<Option<String>, Error> {
    let is_name = |name: &String| {
        let rest = name.strip_prefix('-').unwrap_or(name);
        !rest.is_empty()
            && !rest.starts_with('-')
            && !name.contains(|c: char| c == ',' || c.is_whitespace() || c.is_control())
    };
    if !names.iter().all(is_name) {
        return Err(Error::invalid(
            Vendor::Rebilly,
            OPERATION,
            format!("{parameter} holds what is no name of a field"),
        ));
    }
    Ok((!names.is_empty()).then(|| names.join(",")))
}
