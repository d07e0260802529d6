//! A list: one page of it, all its items, all its pages.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde_json::Value;

use super::{Answer, Error, ErrorKind, Reply};
use crate::value::json::Problem;

/// One page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// Where the next page begins, for a request's `start_at`; `None` at the end. Opaque,
    /// and of the vendor's own kind.
    pub next: Option<String>,
    /// How many items there are on all pages, where the vendor says so.
    pub total: Option<u64>,
}

/// One page before its items are decoded.
pub(crate) struct RawPage {
    pub(crate) items: Vec<Value>,
    pub(crate) next: Option<String>,
    pub(crate) total: Option<u64>,
    /// The response that it came in.
    pub(crate) answer: Answer,
    /// Told behind the items.
    pub(crate) failure: Option<Error>,
}

pub(crate) type Fetching =
    Pin<Box<dyn Future<Output = (Box<dyn Source>, Result<Option<RawPage>, Error>)> + Send>>;

/// Where pages come from: a walk over a vendor's list.
pub(crate) trait Source: Send {
    /// Asks for the next page; none at the end.
    fn fetch(self: Box<Self>) -> Fetching;
    /// Where the page begins that is asked for next.
    fn place(&self) -> Option<String>;
}

/// How an item is decoded.
pub(crate) type DecodeItem<T> = fn(Value) -> Result<T, Problem>;

/// All pages of a list, one at a time.
///
/// The stream ends after an error. [`resume`](Self::resume) goes on after one that can
/// pass.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Pages<T> {
    source: Option<Box<dyn Source>>,
    fetching: Option<Fetching>,
    /// Where the page begins that was asked for last.
    asked: Option<String>,
    decode: DecodeItem<T>,
    /// Told before anything else is asked for.
    failure: Option<Error>,
    /// Where the page began that holds an item that does not decode.
    undecoded: Option<Option<String>>,
    state: State,
}

/// Whether a walk goes on.
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
            failure: None,
            undecoded: None,
            state: State::Open,
        }
    }

    /// Returns where the page begins that is asked for next, for a request's `start_at`;
    /// `None` for the first one. After an item that does not decode it is the page of that
    /// item, so that a new walk passes nothing over.
    #[must_use]
    pub fn position(&self) -> Option<String> {
        match &self.undecoded {
            Some(began) => began.clone(),
            None => self.source.as_ref().and_then(|source| source.place()),
        }
    }

    /// Goes on after an error that can pass: the page that failed is asked for again.
    /// Returns whether it does; after an error that cannot pass, and at the end, it does
    /// not.
    pub fn resume(&mut self) -> bool {
        if self.state == State::Paused {
            self.state = State::Open;
        }
        self.state == State::Open
    }

    /// Returns the next page, or `None` at the end.
    ///
    /// # Errors
    /// As the list's request, and [`ErrorKind::Pagination`] where the list cannot be
    /// walked to its end: a page that was there before, a link to another origin, an end
    /// short of the total that the vendor gave; 100 empty pages in a row, after which
    /// [`resume`](Self::resume) goes on.
    pub async fn try_next(&mut self) -> Result<Option<Reply<Page<T>>>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<Page<T>>, Error>>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.state != State::Open {
            return Poll::Ready(None);
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

    /// The items up to the first that does not decode, which is told behind them.
    fn decoded(&mut self, page: RawPage) -> Result<Reply<Page<T>>, Error> {
        let RawPage { items: raw, next, total, answer, mut failure } = page;
        let mut items = Vec::with_capacity(raw.len());
        for item in raw {
            match (self.decode)(item) {
                Ok(item) => items.push(item),
                Err(problem) => {
                    failure = Some(answer.clone().of_another_shape(&problem));
                    self.undecoded = Some(self.asked.clone());
                    break;
                }
            }
        }
        if let Some(error) = failure {
            self.state = after(&error);
            if items.is_empty() {
                return Err(error);
            }
            self.failure = Some(error);
        }
        Ok(Reply::new(Page { items, next, total }, answer.parts))
    }
}

/// Whether a walk can go on after an error.
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

/// All items of a list, one page in memory.
///
/// Use [`try_next`](Self::try_next), or treat it as a [`Stream`]. What came before an
/// error is delivered first; the stream ends after an error, and [`resume`](Self::resume)
/// goes on after one that can pass: what was delivered is not delivered twice.
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

    /// Returns where the page begins that holds the next item, for a request's
    /// `start_at`; `None` for the first page. A walk that starts there passes nothing
    /// over, and delivers again what this one has delivered of that page.
    #[must_use]
    pub fn position(&self) -> Option<String> {
        if self.buffer.is_empty() { self.pages.position() } else { self.pages.asked.clone() }
    }

    /// Returns how many items there are on all pages, where the vendor said so with the
    /// last page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Goes on after an error that can pass, as [`Pages::resume`].
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
