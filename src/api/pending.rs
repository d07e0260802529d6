//! Requests in progress, and the decoding of their responses.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::draft::Draft;
use super::{decide, walk};
use crate::call::{ByteStream, Error, Items, Page, Pages, Received, Reply};
use crate::value::json::{self, Json};

type Answering = Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>;

/// A request in progress: a future of a [`Reply`].
#[must_use = "a future does nothing until it is awaited"]
pub struct Pending<T> {
    received: Answering,
    decode: fn(Received) -> Result<Reply<T>, Error>,
}

impl<T> Future for Pending<T> {
    type Output = Result<Reply<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let received = ready!(self.received.as_mut().poll(context));
        Poll::Ready(received.and_then(self.decode))
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish_non_exhaustive()
    }
}

impl Draft {
    /// Expects a JSON value.
    #[inline]
    pub(crate) fn json<T: Json>(self) -> Pending<T> {
        self.pending(Received::decode::<T>, |received| received.decode::<T>().map(drop))
    }

    /// Expects a JSON value, or nothing.
    #[inline]
    #[allow(dead_code)] // not every vendor has responses that may be empty
    pub(crate) fn optional<T: Json>(self) -> Pending<Option<T>> {
        self.pending(Received::optional::<T>, |received| received.optional::<T>().map(drop))
    }

    /// Expects nothing.
    pub(crate) fn empty(self) -> Pending<()> {
        self.pending(Received::empty, |received| received.empty().map(drop))
    }

    /// Expects bytes.
    pub(crate) fn stream(self) -> Pending<ByteStream> {
        self.pending(Received::stream, |_| Ok(()))
    }

    /// Expects a page of a list.
    #[inline]
    pub(crate) fn page<T: Json>(self) -> Pending<Page<T>> {
        self.pending(Received::page::<T>, |received| received.page::<T>().map(drop))
    }

    /// Walks through the items of a list.
    #[inline]
    pub(crate) fn items<T: Json>(self) -> Items<T> {
        Items::new(self.pages())
    }

    /// Walks through the pages of a list.
    #[inline]
    pub(crate) fn pages<T: Json>(self) -> Pages<T> {
        Pages::new(walk::source(self), json::read_item::<T>)
    }

    fn pending<T>(
        self,
        decode: fn(Received) -> Result<Reply<T>, Error>,
        check: fn(Received) -> Result<(), Error>,
    ) -> Pending<T> {
        Pending { received: self.answering(check), decode }
    }

    /// Sends the request. `check` tests whether a response decodes, for a decision that
    /// is read back if it does not.
    fn answering(self, check: fn(Received) -> Result<(), Error>) -> Answering {
        Box::pin(async move {
            if let Some(judge) = self.judge() {
                return decide::decide(&self, judge, check).await;
            }
            walk::first_page(&self).await
        })
    }
}
