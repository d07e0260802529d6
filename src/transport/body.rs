//! Reading a whole response body, up to a cap.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// The reason why a body was not read whole. What was read is kept.
pub(crate) enum Incomplete {
    /// The connection broke.
    Broken(reqwest::Error),
    /// The body is larger than the cap.
    TooLarge,
}

/// Reads a body up to `cap` bytes. Returns what was read, and why it stopped early.
pub(crate) async fn read(mut response: Response, cap: usize) -> (Bytes, Option<Incomplete>) {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(cap).min(1 << 16));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = cap.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    return (body.freeze(), Some(Incomplete::TooLarge));
                }
            }
            Ok(None) => return (body.freeze(), None),
            Err(error) => return (body.freeze(), Some(Incomplete::Broken(error))),
        }
    }
}
