//! Checks that no response body makes its parser panic, and that the error shows nothing
//! of the body but a code and a request id of harmless characters, never the key.
//!
//! Input: one character that selects vendor and status, then the body. A server on
//! loopback sends it, so that the error is the one that a caller gets.

#![no_main]

mod problem;

use std::future::pending;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::sumsub::Sumsub;
use kyc_review::{Clock, Error, ErrorKind, RetryPolicy, Sleep, fuzzing};
use libfuzzer_sys::{Corpus, fuzz_target};
use tokio::runtime::Runtime;

const KEY: &str = "sk_fuzz_7c1d90ab";
const STATUSES: [u16; 8] = [200, 400, 401, 403, 404, 409, 422, 500];

/// The response to the next request: status and body.
static ANSWER: Mutex<(u16, Vec<u8>)> = Mutex::new((500, Vec::new()));
static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

fuzz_target!(|input: &[u8]| -> Corpus {
    let [choice, body @ ..] = input else { return Corpus::Reject };
    fuzzing::read_error_body(body);
    let (vendor, status) = (usize::from(choice % 5), STATUSES[usize::from(choice / 5 % 8)]);
    *ANSWER.lock().unwrap() = (status, body.to_owned());
    if let Err(error) = STAGE.call(vendor) {
        check(&error, status);
    }
    Corpus::Keep
});

fn check(error: &Error, status: u16) {
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{error}");
    for token in [error.code(), error.request_id()].into_iter().flatten() {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.:/ ".contains(c);
        let is_short = (1..=100).contains(&token.len());
        assert!(is_short && token.chars().all(harmless) && !token.contains(KEY), "{token}");
    }
    assert!(std::error::Error::source(error).is_none());
    let (display, debug) = (error.to_string(), format!("{error:?}"));
    if status == 200 {
        // An undecodable body shows as a fixed text and a place.
        assert_eq!((error.kind(), error.code()), (ErrorKind::Decode, None));
        let note = between(&display, "malformed response: ", ", status 200");
        assert!(is_place(note), "{display}");
        return assert_eq!(between(&debug, "note: Some(\"", "\"), .. }"), note);
    }
    // Both consist of nothing but the values that may be shown.
    let (vendor, operation) = (error.vendor().unwrap(), error.operation().unwrap());
    let code = error.code().map(|code| format!(", code {code}")).unwrap_or_default();
    let request = error.request_id().map(|id| format!(", request {id}")).unwrap_or_default();
    let kind = display.strip_prefix(&format!("{vendor}: {operation}: ")).unwrap();
    let kind = kind.strip_suffix(&format!(", status {status}{code}{request}")).unwrap();
    assert!(kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' '), "{display}");
    let expected = format!(
        "Error {{ kind: {:?}, vendor: {:?}, operation: {:?}, status: Some({status}), code: {:?}, \
         request_id: {:?}, attempts: 1, elapsed: 0ns, retry_after: None, note: None, .. }}",
        error.kind(),
        error.vendor(),
        error.operation(),
        error.code(),
        error.request_id()
    );
    assert_eq!(debug, expected);
}

/// The part of a text between two others.
fn between<'a>(text: &'a str, before: &str, behind: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(behind)).unwrap().0
}

/// Whether a note says no more than where and why a body does not decode.
fn is_place(note: &str) -> bool {
    if let Some(problem) = note.strip_prefix("unexpected response body: ") {
        return problem::is_fixed(problem);
    }
    let text: String = note.chars().filter(|c| !c.is_ascii_digit()).collect();
    ["is empty", "has a duplicate key", "is truncated", "is not JSON"]
        .iter()
        .any(|what| text == format!("the body {what} (line , column )"))
}

/// One client per vendor, and their runtime.
struct Stage {
    runtime: Runtime,
    beltic: Beltic,
    persona: Persona,
    provide: Provide,
    rebilly: Rebilly,
    sumsub: Sumsub,
}

impl Stage {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                std::thread::spawn(move || serve(stream.unwrap()));
            }
        });
        macro_rules! client {
            ($builder:expr) => {
                $builder
                    .base_url(&url)
                    .clock(Arc::new(Still))
                    .retry(RetryPolicy::none())
                    .build()
                    .unwrap()
            };
        }
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            beltic: client!(Beltic::builder().api_key(KEY)),
            persona: client!(Persona::builder().api_key(KEY)),
            provide: client!(Provide::builder().token(KEY)),
            rebilly: client!(Rebilly::builder().organization_id("org_1").api_key(KEY)),
            sumsub: client!(Sumsub::builder().app_token(KEY).secret_key(KEY)),
        }
    }

    fn call(&self, vendor: usize) -> Result<(), Error> {
        self.runtime.block_on(async {
            match vendor {
                0 => self.beltic.sessions().get("s").await.map(drop),
                1 => self.persona.inquiries().get("i").await.map(drop),
                2 => self.provide.kyc_applications().get("a").await.map(drop),
                3 => self.rebilly.kyc_documents().get("d").await.map(drop),
                _ => self.sumsub.applicants().get("a").await.map(drop),
            }
        })
    }
}

/// Responds to requests without a body, one by one, until the client disconnects.
fn serve(stream: std::net::TcpStream) {
    stream.set_nodelay(true).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut stream = stream;
    while lines.by_ref().map_while(Result::ok).any(|line| line.is_empty()) {
        let (status, body) = ANSWER.lock().unwrap().clone();
        let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n", body.len());
        let mut answer = head.into_bytes();
        answer.extend(body);
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

/// A clock that never advances, so that no error shows a time and no limit is reached.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_359_200, 0).unwrap()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(pending())
    }
}
