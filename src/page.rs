//! One stream over a vendor's pages.

use std::collections::HashSet;
use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use reqwest::Url;

use crate::error::Failure;
use crate::{Error, ErrorKind, Reply, Vendor};

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end. Opaque, and of the vendor's own kind (cursor, offset, number).
    pub next: Option<String>,
    /// How many items there are on all pages, where the vendor says so.
    pub total: Option<u64>,
}

pub(crate) type FetchFuture<T> = Pin<Box<dyn Future<Output = Result<Reply<Page<T>>, Error>> + Send>>;
/// So many pages in a row that hold nothing new are reported, for a server can go on with them for ever.
const MOST_EMPTY: u32 = 100;

type Fetch<T> = Box<dyn FnMut(Option<String>) -> FetchFuture<T> + Send>;

/// The items of a list, page after page, one page in memory.
///
/// Use [`try_next`](Self::try_next), or treat it as a [`Stream`]. After an error, [`cursor`](Self::cursor) is the page that
/// failed and the next call asks for it again: what was delivered is not delivered twice.
#[must_use = "a pager does nothing until it is asked for an item"]
pub struct Pages<T> {
    fetch: Fetch<T>,
    pending: Option<FetchFuture<T>>,
    buffer: VecDeque<T>,
    cursor: Option<String>,
    seen: HashSet<String>,
    total: Option<u64>,
    /// Pages without an item, up to the last one.
    empty: u32,
    /// Reported behind the items that came with the page.
    failure: Option<Error>,
    done: bool,
}

impl<T> Pages<T> {
    pub(crate) fn new(
        start: Option<String>,
        fetch: impl FnMut(Option<String>) -> FetchFuture<T> + Send + 'static,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            pending: None,
            buffer: VecDeque::new(),
            cursor: start,
            seen: HashSet::new(),
            total: None,
            empty: 0,
            failure: None,
            done: false,
        }
    }

    /// Where the page begins that is asked for next; `None` for the first one.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// How many items there are on all pages, where the vendor said so with the last page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// As the vendor's list operation; [`ErrorKind::Pagination`] where a cursor comes a second time, which ends the list, and
    /// after 100 pages in a row that hold nothing new, behind which the next call goes on.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error>
    where
        T: Unpin,
    {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    fn take(&mut self, page: Page<T>) {
        self.total = page.total.or(self.total);
        self.empty = if page.items.is_empty() { self.empty.saturating_add(1) } else { 0 };
        self.buffer.extend(page.items);
        let refuse = |why| Some(Failure::default().error(ErrorKind::Pagination).note(why));
        match page.next {
            None => self.done = true,
            Some(next) if self.cursor.as_deref() == Some(&next) || !self.seen.insert(next.clone()) => {
                self.done = true;
                self.failure = refuse("the list came back to a page that it had already given");
            }
            Some(next) => self.cursor = Some(next),
        }
        if !self.done && self.empty >= MOST_EMPTY {
            self.empty = 0;
            self.failure = refuse("many pages in a row hold nothing new");
        }
    }
}

impl<T: Unpin> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.buffer.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(error) = this.failure.take() {
                return Poll::Ready(Some(Err(error)));
            }
            if this.done {
                return Poll::Ready(None);
            }
            let pending = match &mut this.pending {
                Some(pending) => pending,
                empty => empty.insert((this.fetch)(this.cursor.clone())),
            };
            let answer = ready!(pending.as_mut().poll(context));
            this.pending = None;
            match answer {
                Ok(page) => this.take(page.into_inner()),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

/// The value of one query parameter of a link that a vendor returned. Credentials never follow a link to another origin,
/// so one that leads there is an error and not a page.
pub(crate) fn query_of_link(
    vendor: Vendor,
    operation: &'static str,
    base: &Url,
    link: &str,
    name: &str,
) -> Result<Option<String>, Error> {
    let failure = Failure { vendor: Some(vendor), operation: Some(operation), ..Failure::default() };
    let refuse = |why| failure.error(ErrorKind::Pagination).note(why);
    let url = base.join(link).map_err(|_| refuse("the link to the next page is no link"))?;
    // The origin of a `blob:` URL is the one of the URL within it.
    let is_ours = url.scheme() == base.scheme() && url.origin() == base.origin();
    if !is_ours || !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("the link to the next page leads to another origin"));
    }
    let value = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Ok(value.filter(|value| !value.is_empty()))
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("buffered", &self.buffer.len()).field("done", &self.done).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_taken_from_a_link_of_the_same_origin_only() {
        let base = Url::parse("https://api.example.test/prefix").unwrap();
        let cursor = |link| query_of_link(Vendor::Beltic, "list_sessions", &base, link, "page[after]");
        for link in [
            "?page[after]=a+b",
            "/sessions?page%5Bafter%5D=a%20b&page[after]=c",
            "https://API.example.test:443/?page[after]=a+b",
        ] {
            assert_eq!(cursor(link).unwrap().as_deref(), Some("a b"), "{link}");
        }
        for link in ["", "/sessions", "?page[after]=", "#page[after]=c"] {
            assert_eq!(cursor(link).unwrap(), None, "{link}");
        }
        for link in [
            "http://api.example.test/?page[after]=c",
            "https://api.example.test:444/?page[after]=c",
            "//evil.example/?page[after]=c",
            "\\\\evil.example/?page[after]=c",
            "https://u@api.example.test/?page[after]=c",
            "https://:p@api.example.test/?page[after]=c",
            "blob:https://api.example.test/?page[after]=c",
            "data:,?page[after]=c",
            "https://?page[after]=c",
        ] {
            assert_eq!(cursor(link).unwrap_err().kind(), ErrorKind::Pagination, "{link}");
        }
    }
}
