//! The other side of every call, within the process: it notes what came and answers with what it is told.

use std::sync::{Arc, Mutex};

use kyc_review::{HttpRequest, HttpResponse, Sender, Sending};

/// A request, as it would have left.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Debug, Default)]
pub struct Server(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    status: u16,
    media: String,
    body: Vec<u8>,
    seen: Vec<Seen>,
}

impl Server {
    /// What it answers from now on.
    pub fn answer(&self, status: u16, media: &str, body: impl Into<Vec<u8>>) {
        let mut state = self.0.lock().unwrap();
        (state.status, state.media, state.body) = (status, media.to_owned(), body.into());
    }

    /// What came since this was asked last.
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }
}

impl Sender for Server {
    fn send(&self, request: HttpRequest) -> Sending {
        let header = |(name, value): (&kyc_review::header::HeaderName, &kyc_review::header::HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let mut state = self.0.lock().unwrap();
        state.seen.push(Seen {
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers: request.headers().iter().map(header).collect(),
            body: request.body().map(|body| body.as_bytes().expect("no stream is sent").to_vec()),
        });
        let mut answer = axum::http::Response::builder().status(state.status);
        if !state.media.is_empty() {
            answer = answer.header("content-type", &state.media);
        }
        if (300..400).contains(&state.status) {
            answer = answer.header("location", "https://elsewhere.example.test/");
        }
        let answer = HttpResponse::from(answer.body(state.body.clone()).unwrap());
        Box::pin(async move { Ok(answer) })
    }
}
