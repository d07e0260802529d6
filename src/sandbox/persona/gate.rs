//! The checks of every request: credentials, version, rate limit, idempotency.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State as Shares};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde_json::{Value, json};

use super::{API_KEY, State, actions, numbered};
use crate::persona::PersonaVersion;
use crate::sandbox::respond;
use crate::sandbox::server::{Backend, Shared, lock};

const LARGEST_BODY: usize = 1 << 20;
const WINDOW_SECONDS: i64 = 60;
const WINDOW_REQUESTS: u64 = 300;

/// A parsed request.
pub(super) struct Call {
    pub(super) method: Method,
    /// The path after `/api/v1/`, decoded.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    /// Null if there is none.
    pub(super) body: Value,
}

impl Call {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The error that refuses a request.
pub(super) struct Refusal {
    status: u16,
    title: &'static str,
    details: Option<&'static str>,
    pointer: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: u16, title: &'static str, details: &'static str) -> Self {
        Self { status, title, details: Some(details), pointer: None }
    }

    pub(super) fn bad_request(details: &'static str) -> Self {
        Self::new(400, "Bad Request", details)
    }

    pub(super) fn missing(pointer: &'static str) -> Self {
        Self {
            pointer: Some(pointer),
            ..Self::new(400, "Parameter missing", "A parameter is missing")
        }
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Record not found", "No such object in this environment")
    }

    pub(super) fn conflict(details: &'static str) -> Self {
        Self::new(409, "Conflict", details)
    }

    pub(super) fn unprocessable(details: &'static str, pointer: &'static str) -> Self {
        Self { pointer: Some(pointer), ..Self::new(422, "Unprocessable entity", details) }
    }

    fn unauthenticated(title: &'static str) -> Self {
        Self { status: 401, title, details: None, pointer: None }
    }

    fn body(&self) -> Value {
        let mut entry = json!({ "title": self.title });
        if let Some(details) = self.details {
            respond::set(&mut entry, [("details", json!(details))]);
        }
        if let Some(pointer) = self.pointer {
            respond::set(&mut entry, [("source", json!({ "pointer": pointer }))]);
        }
        json!({ "errors": [entry] })
    }
}

/// The first response to an idempotency key, and its request.
pub(super) struct Replay {
    request: (Method, String, Vec<u8>),
    answer: (u16, Value, String),
    at: DateTime<Utc>,
}

/// The current window of the rate limit.
#[derive(Clone, Copy)]
pub(super) struct Window {
    begun: DateTime<Utc>,
    used: u64,
}

/// Serves every request.
pub(super) async fn serve(
    Shares(shared): Shares<Arc<Backend<State>>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(refusal) = authenticate(&parts.headers) {
        // A 401 is the only response without the usual headers.
        return respond::json(refusal.status, &refusal.body());
    }
    let body = to_bytes(body, LARGEST_BODY).await.map(|body| body.to_vec());
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let mut state = lock(&shared.state);
    let now = shared.clock.now();
    state.count(now);
    state.expire_overdue(now);

    let request_id = numbered(&shared, "req");
    let read = body.map_err(|_| Refusal::bad_request("The body is too large"));
    let read = read.and_then(|body| check(&parts.headers, &body).map(|()| body));
    let (status, body, request_id) = match read {
        Ok(body) => {
            let key = parts.headers.get("idempotency-key").filter(|_| parts.method == Method::POST);
            let key = key.and_then(|key| key.to_str().ok()).map(str::to_owned);
            state.once(key, (parts.method, target, body), request_id, &shared)
        }
        Err(refusal) => (refusal.status, refusal.body(), request_id),
    };
    state.headed(respond::json(status, &body), &request_id, now)
}

/// Returns a fault's response. With a wait, its headers report an exhausted rate limit; a
/// 429 without a wait has no headers of the rate limit.
pub(super) fn fault(status: u16, wait: Option<Duration>, shared: &Backend<State>) -> Response {
    let title = match status {
        400 => "Bad Request",
        401 => "Token is invalid",
        403 => "Forbidden",
        404 => "Record not found",
        408 => "Request Timeout",
        409 => "Conflict",
        422 => "Unprocessable entity",
        429 => "Rate limit exceeded",
        503 => "Service unavailable",
        _ => "Internal server error",
    };
    let details = (status != 401).then_some("A fault of the sandbox");
    let response = respond::json(status, &Refusal { status, title, details, pointer: None }.body());
    if status == 401 {
        return response;
    }
    let request_id = numbered(shared, "req");
    let response = lock(&shared.state).headed(response, &request_id, shared.clock.now());
    match wait {
        Some(wait) => {
            let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
            let response = respond::header(response, "ratelimit-remaining", "0");
            respond::header(response, "ratelimit-reset", &seconds.to_string())
        }
        None if status == 429 => {
            let mut response = response;
            for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
                response.headers_mut().remove(name);
            }
            response
        }
        None => response,
    }
}

fn authenticate(headers: &HeaderMap) -> Result<(), Refusal> {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
    match authorization.and_then(|value| value.strip_prefix("Bearer ")) {
        None => Err(Refusal::unauthenticated("Must be authenticated to access this endpoint")),
        Some(key) if key == API_KEY => Ok(()),
        Some(_) => Err(Refusal::unauthenticated("Token is invalid")),
    }
}

/// Checks what precedes the idempotency key.
fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if header("persona-version").is_some_and(|version| !PersonaVersion::KNOWN.contains(&version)) {
        return Err(Refusal::bad_request("Persona-Version is unknown"));
    }
    if header("key-inflection").is_some_and(|case| case != "kebab") {
        return Err(Refusal::bad_request("The sandbox supports only kebab-case"));
    }
    let is_json = header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if !body.is_empty() && !is_json {
        return Err(Refusal::bad_request("The body's content type must be application/json"));
    }
    Ok(())
}

impl State {
    /// Carries out a request, or returns the response kept for its idempotency key.
    fn once(
        &mut self,
        key: Option<String>,
        request: (Method, String, Vec<u8>),
        request_id: String,
        shared: &Shared,
    ) -> (u16, Value, String) {
        let now = shared.clock.now();
        self.replays.retain(|_, replay| now.signed_duration_since(replay.at) < TimeDelta::days(1));
        if let Some(replay) = key.as_ref().and_then(|key| self.replays.get(key)) {
            if replay.request == request {
                return replay.answer.clone();
            }
            let refusal = Refusal::conflict("The idempotency key belongs to another request");
            return (refusal.status, refusal.body(), request_id);
        }
        let done = call(&request).and_then(|call| actions::perform(self, &call, shared));
        let (status, body) = done.unwrap_or_else(|refusal| (refusal.status, refusal.body()));
        let answer = (status, body, request_id);
        if let Some(key) = key {
            self.replays.insert(key, Replay { request, answer: answer.clone(), at: now });
        }
        answer
    }

    /// Counts a request; a window begins with its first request.
    fn count(&mut self, now: DateTime<Utc>) {
        let current = self.window.filter(|window| left(window, now) > 0);
        let Window { begun, used } = current.unwrap_or(Window { begun: now, used: 0 });
        self.window = Some(Window { begun, used: used.saturating_add(1) });
    }

    /// Adds the headers of every response but a 401.
    fn headed(&self, response: Response, request_id: &str, now: DateTime<Utc>) -> Response {
        let window = self.window.unwrap_or(Window { begun: now, used: 0 });
        let remaining = WINDOW_REQUESTS.saturating_sub(window.used);
        let headers = [
            ("request-id", request_id.to_owned()),
            ("persona-environment-id", "env_SANDBOX".to_owned()),
            ("persona-organization-id", "org_SANDBOX".to_owned()),
            ("ratelimit-limit", WINDOW_REQUESTS.to_string()),
            ("ratelimit-remaining", remaining.to_string()),
            ("ratelimit-reset", left(&window, now).to_string()),
        ];
        headers
            .iter()
            .fold(response, |response, (name, value)| respond::header(response, name, value))
    }
}

/// Returns the seconds until a window ends.
fn left(window: &Window, now: DateTime<Utc>) -> i64 {
    let passed = now.signed_duration_since(window.begun).num_seconds();
    WINDOW_SECONDS.saturating_sub(passed).clamp(0, WINDOW_SECONDS)
}

fn call((method, target, body): &(Method, String, Vec<u8>)) -> Result<Call, Refusal> {
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(body).unwrap_or(Value::Bool(false))
    };
    if !body.is_null() && !body.is_object() {
        return Err(Refusal::bad_request("The body is not a JSON object"));
    }
    let (path, _) = target.split_once('?').unwrap_or((target, ""));
    let path = path.strip_prefix("/api/v1/").unwrap_or_default();
    let decode = |segment: &str| {
        percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
    };
    let url = Url::parse("http://sandbox").and_then(|base| base.join(target));
    let query = url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
    Ok(Call {
        method: method.clone(),
        segments: path.split('/').map(decode).collect(),
        query,
        body,
    })
}
