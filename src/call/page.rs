//! Lists: one page, all items, all pages.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::{Error, ErrorKind, Received, Reply};
use crate::value::json::{self, Misfit, Read};

/// One page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// What is wrong with the items that could not be read at all, such as one without an
    /// id; each with its index. A page of which no item can be read is an error.
    pub unread: Vec<Misfit>,
    /// Where the next page begins, for a request's `start_at`; `None` at the end. Opaque,
    /// and different per vendor.
    pub next: Option<String>,
    /// The number of items on all pages, if the vendor states it.
    pub total: Option<u64>,
}

/// One page before its items are decoded.
pub(crate) struct RawPage {
    /// The JSON of each item.
    pub(crate) items: Vec<Bytes>,
    pub(crate) next: Option<String>,
    pub(crate) total: Option<u64>,
    /// The response of the page.
    pub(crate) received: Received,
    /// An error that is reported after the items.
    pub(crate) failure: Option<Error>,
}

pub(crate) type Fetching =
    Pin<Box<dyn Future<Output = (Box<dyn Source>, Result<Option<RawPage>, Error>)> + Send>>;

/// A source of pages: a walk through a vendor's list.
pub(crate) trait Source: Send {
    /// Requests the next page; `None` at the end.
    fn fetch(self: Box<Self>) -> Fetching;
    /// Returns where the next page begins.
    fn place(&self) -> Option<String>;
}

/// The function that decodes an item.
pub(crate) type DecodeItem<T> = fn(&[u8], usize) -> Result<Read<T>, Misfit>;

/// All pages of a list, one at a time.
///
/// The stream ends after an error. [`resume`](Self::resume) continues it if the error can
/// pass.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Pages<T> {
    source: Option<Box<dyn Source>>,
    fetching: Option<Fetching>,
    /// Where the last requested page begins.
    asked: Option<String>,
    decode: DecodeItem<T>,
    /// Errors that are reported before the next request.
    failures: VecDeque<Error>,
    /// Where the page began that has an item that does not decode.
    undecoded: Option<Option<String>>,
    state: State,
}

/// The state of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// After an error that can pass.
    Paused,
    Over,
}

impl<T> Pages<T> {
    pub(crate) fn new(source: Box<dyn Source>, decode: DecodeItem<T>) -> Self {
        Self {
            source: Some(source),
            fetching: None,
            asked: None,
            decode,
            failures: VecDeque::new(),
            undecoded: None,
            state: State::Open,
        }
    }

    /// Returns where the next page begins, for a request's `start_at`; `None` for the
    /// first page. After an item that does not decode, it is the page of that item, so
    /// that a new walk skips nothing.
    #[must_use]
    pub fn position(&self) -> Option<String> {
        match &self.undecoded {
            Some(began) => began.clone(),
            None => self.source.as_ref().and_then(|source| source.place()),
        }
    }

    /// Continues after an error that can pass, by requesting the failed page again; after
    /// items that cannot be read, with the next page. Returns whether the stream goes on:
    /// not after an error that cannot pass, nor at the end.
    pub fn resume(&mut self) -> bool {
        if self.state == State::Paused {
            self.state = State::Open;
        }
        self.state == State::Open
    }

    /// Returns the next page, or `None` at the end.
    ///
    /// # Errors
    /// As the list's request, and [`ErrorKind::Pagination`] if the list cannot be walked
    /// to its end: a repeated page, a link to another origin, an end short of the
    /// vendor's total; or 100 empty pages in a row, after which [`resume`](Self::resume)
    /// continues.
    pub async fn try_next(&mut self) -> Result<Option<Reply<Page<T>>>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<Page<T>>, Error>>> {
        if self.state != State::Open {
            return Poll::Ready(None);
        }
        if let Some(error) = self.fail() {
            return Poll::Ready(Some(Err(error)));
        }
        let fetching = match (&mut self.fetching, self.source.take()) {
            (Some(fetching), _) => fetching,
            (empty, Some(source)) => {
                self.asked = source.place();
                empty.insert(source.fetch())
            }
            (None, None) => return Poll::Ready(None),
        };
        let (source, fetched) = ready!(fetching.as_mut().poll(context));
        self.fetching = None;
        self.source = Some(source);
        Poll::Ready(match fetched {
            Ok(Some(page)) => Some(self.decoded(page)),
            Ok(None) => {
                self.state = State::Over;
                None
            }
            Err(error) => {
                self.state = after(&error);
                Some(Err(error))
            }
        })
    }

    /// Decodes the items. Those that fail are reported after the others, by an error that
    /// `resume` passes.
    fn decoded(&mut self, page: RawPage) -> Result<Reply<Page<T>>, Error> {
        let RawPage { items: raw, next, total, received, failure } = page;
        self.undecoded = None;
        let Rows { items, unread, misfits } = rows(&raw, self.decode);
        let unreadable = unread.first().map(|first| {
            self.undecoded = Some(self.asked.clone());
            let note = match unread.len().saturating_sub(1) {
                0 => json::unexpected(first),
                others => format!("{}; {others} more items are unread", json::unexpected(first)),
            };
            received.clone().undecodable(note).paused()
        });
        self.failures.extend(unreadable.into_iter().chain(failure));
        if items.is_empty()
            && let Some(error) = self.fail()
        {
            return Err(error);
        }
        let page = Page { items, unread, next, total };
        Ok(Reply::new(page, received.parts).with_misfits(misfits))
    }

    /// Takes the next error that is to be reported.
    fn fail(&mut self) -> Option<Error> {
        let error = self.failures.pop_front()?;
        self.state = after(&error);
        Some(error)
    }
}

/// The items of a page, and what did not fit.
pub(crate) struct Rows<T> {
    pub(crate) items: Vec<T>,
    pub(crate) unread: Vec<Misfit>,
    pub(crate) misfits: Vec<Misfit>,
}

/// Decodes the items of a page.
pub(crate) fn rows<T>(raw: &[Bytes], decode: DecodeItem<T>) -> Rows<T> {
    let mut rows =
        Rows { items: Vec::with_capacity(raw.len()), unread: Vec::new(), misfits: Vec::new() };
    for (index, item) in raw.iter().enumerate() {
        match decode(item, index) {
            Ok((item, misfits)) => {
                rows.items.push(item);
                rows.misfits.extend(misfits);
            }
            Err(misfit) => rows.unread.push(misfit),
        }
    }
    rows
}

/// Returns the state of a walk after an error.
fn after(error: &Error) -> State {
    match error.kind() {
        ErrorKind::Timeout | ErrorKind::Connection | ErrorKind::Server | ErrorKind::RateLimited => {
            State::Paused
        }
        _ if error.is_pause() => State::Paused,
        _ => State::Over,
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Reply<Page<T>>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("state", &self.state).finish_non_exhaustive()
    }
}

/// All items of a list, with one page in memory.
///
/// Use [`try_next`](Self::try_next), or treat it as a [`Stream`]. Items that came before
/// an error are delivered first. The stream ends after an error; [`resume`](Self::resume)
/// continues it if the error can pass, and delivers no item twice.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Items<T> {
    pages: Pages<T>,
    buffer: VecDeque<T>,
    total: Option<u64>,
}

impl<T> Items<T> {
    pub(crate) fn new(pages: Pages<T>) -> Self {
        Self { pages, buffer: VecDeque::new(), total: None }
    }

    /// Returns where the page with the next item begins, for a request's `start_at`;
    /// `None` for the first page. A walk that starts there skips nothing, and delivers
    /// again what this one has delivered of that page.
    #[must_use]
    pub fn position(&self) -> Option<String> {
        if self.buffer.is_empty() { self.pages.position() } else { self.pages.asked.clone() }
    }

    /// Returns the number of items on all pages, if the vendor stated it with a page so
    /// far.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Continues after an error that can pass, as [`Pages::resume`].
    pub fn resume(&mut self) -> bool {
        self.pages.resume()
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// # Errors
    /// As [`Pages::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.buffer.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    let page = page.into_inner();
                    self.total = page.total.or(self.total);
                    self.buffer.extend(page.items);
                }
            }
        }
    }
}

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("buffered", &self.buffer.len())
            .field("state", &self.pages.state)
            .finish_non_exhaustive()
    }
}
