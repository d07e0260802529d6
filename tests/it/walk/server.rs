//! The server of every call, in the process: it records what it receives and responds as
//! told.

use std::fmt;
use std::sync::{Arc, Mutex};

use kyc_review::{HttpRequest, HttpResponse, SendError, Sender, Sending};
use percent_encoding::percent_decode_str;

/// A request, as it would have been sent.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub fn target(&self) -> &str {
        self.url.split_once('?').map_or(&self.url, |(target, _)| target)
    }

    /// The pairs of the query.
    pub fn query(&self) -> Vec<(String, String)> {
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                pair.split_once('=').map(|(name, value)| (decode(name), decode(value))).unwrap()
            })
            .collect()
    }

    /// One parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// The response.
#[derive(Clone, Debug)]
pub enum Response {
    /// Status, headers, body.
    Whole(u16, Vec<(String, String)>, Vec<u8>),
    /// The connection breaks, and it is unknown whether the request was carried out.
    Lost,
}

impl Response {
    pub fn new(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let media = Some(media).filter(|media| !media.is_empty());
        let headers = media.map(|media| ("content-type".to_owned(), media.to_owned()));
        Self::Whole(status, headers.into_iter().collect(), body.into())
    }

    pub fn json(body: &serde_json::Value) -> Self {
        Self::new(200, "application/json", body.to_string())
    }

    pub fn with_header(mut self, name: &str, value: impl ToString) -> Self {
        if let Self::Whole(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_string()));
        }
        self
    }
}

type Respond = Box<dyn FnMut(&Seen) -> Response + Send>;

#[derive(Clone)]
pub struct Server(Arc<Mutex<State>>);

struct State {
    respond: Respond,
    seen: Vec<Seen>,
}

impl Default for Server {
    fn default() -> Self {
        let respond: Respond = Box::new(|_| Response::new(500, "", ""));
        Self(Arc::new(Mutex::new(State { respond, seen: Vec::new() })))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Server {
    /// Sets the response to all further requests.
    pub fn answer(&self, status: u16, media: &str, body: impl Into<Vec<u8>>) {
        let response = Response::new(status, media, body);
        self.respond(move |_| response.clone());
    }

    /// Sets how all further requests are responded to.
    pub fn respond(&self, respond: impl FnMut(&Seen) -> Response + Send + 'static) {
        self.0.lock().unwrap().respond = Box::new(respond);
    }

    /// Returns the requests since the last call of this.
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }
}

impl Sender for Server {
    fn send(&self, request: HttpRequest) -> Sending {
        let header =
            |(name, value): (&kyc_review::header::HeaderName, &kyc_review::header::HeaderValue)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
        let seen = Seen {
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers: request.headers().iter().map(header).collect(),
            body: request.body().map(|body| body.as_bytes().expect("no stream is sent").to_vec()),
        };
        let mut state = self.0.lock().unwrap();
        let response = (state.respond)(&seen);
        state.seen.push(seen);
        assert!(state.seen.len() < 2_000, "requests without an end");
        let Response::Whole(status, headers, body) = response else {
            return Box::pin(async { Err(SendError::lost("the connection broke")) });
        };
        let mut answer = axum::http::Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(name, value);
        }
        if (300..400).contains(&status) {
            answer = answer.header("location", "https://elsewhere.example.test/");
        }
        let answer = HttpResponse::from(answer.body(body).unwrap());
        Box::pin(async move { Ok(answer) })
    }
}
