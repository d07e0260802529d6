//! Retries, budget, limits, senders, observers: what a client does between a call and its
//! response.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::sumsub::Sumsub;
use kyc_review::{
    CallEvent, CallInfo, CallOptions, Clock, ErrorKind, HttpRequest, Limit, Observer, RetryPolicy,
    SendError, Sender, Sending, WaitReason,
};

use crate::support::wire::{Act, Wire, answer, with_headers};

const SESSION: &str =
    r#"{"data":{"id":"sess_1","type":"session","attributes":{"status":"declined"}}}"#;
const SECOND: Duration = Duration::from_secs(1);

fn beltic(wire: &Wire, clock: &Arc<ManualClock>) -> Beltic {
    Beltic::builder().api_key("k").base_url(wire.url()).clock(clock.clone()).build().unwrap()
}

#[tokio::test]
async fn a_decision_that_never_left_or_was_refused_for_its_number_is_sent_again() {
    let clock = Arc::new(ManualClock::new());
    let first = Mutex::new(true);
    let wire = Wire::start(move |_| match std::mem::take(&mut *first.lock().unwrap()) {
        true => with_headers(429, "retry-after: 3\r\n", ""),
        false => answer(200, SESSION),
    })
    .await;
    let reply = beltic(&wire, &clock).sessions().decline("sess_1").await.unwrap();
    assert_eq!((reply.attempts(), clock.waits()), (2, vec![3 * SECOND]));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let away = Beltic::builder().api_key("k").base_url(url).clock(clock).build().unwrap();
    let error = away.sessions().decline("sess_1").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
}

#[tokio::test]
async fn a_lost_decision_goes_out_again_only_with_the_same_idempotency_key_and_the_same_bytes() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let id = sandbox.seed().inquiry("needs_review");
    sandbox.fault(Fault::drop_after_commit());
    let reply =
        sandbox.persona().inquiries().approve(&id).comment("Documents match").await.unwrap();
    // The vendor responds to the retry with the result of the first attempt.
    assert_eq!((reply.attempts(), sandbox.ledger().decisions(&id).len()), (2, 1));

    let clock = Arc::new(ManualClock::new());
    let wire = Wire::start(|_| Act::Close).await;
    let persona =
        Persona::builder().api_key("k").base_url(wire.url()).clock(clock).build().unwrap();
    let error = persona.inquiries().approve(&id).comment("Documents match").await.unwrap_err();
    assert!(error.is_outcome_unknown());
    let sent = wire.requests();
    assert_eq!((sent.len(), error.attempts()), (3, 3));
    assert_eq!(sent[0].header("idempotency-key"), error.idempotency_key());
    assert!(
        sent.iter()
            .all(|request| request.headers == sent[0].headers && request.body == sent[0].body)
    );
}

#[tokio::test]
async fn what_comes_after_a_lost_answer_does_not_make_the_outcome_known() {
    for status in [401, 404, 409, 422, 429, 503] {
        let first = Mutex::new(true);
        let wire = Wire::start(move |_| match std::mem::take(&mut *first.lock().unwrap()) {
            true => Act::Close,
            false => answer(status, "{}"),
        })
        .await;
        let clock = Arc::new(ManualClock::new());
        let persona =
            Persona::builder().api_key("k").base_url(wire.url()).clock(clock).build().unwrap();
        let error = persona.inquiries().decline("inq_1").await.unwrap_err();
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{status}: {error}");
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn a_conflict_that_the_vendor_calls_temporary_is_no_decision() {
    let clock = Arc::new(ManualClock::new());
    let first = Mutex::new(true);
    let wire = Wire::start(move |_| match std::mem::take(&mut *first.lock().unwrap()) {
        true => with_headers(
            409,
            "retry-after: 10\r\n",
            r#"{"description":"wait","code":409,"correlationId":"c"}"#,
        ),
        false => answer(409, r#"{"description":"no","code":409,"correlationId":"c"}"#),
    })
    .await;
    let sumsub =
        Sumsub::builder().app_token("t").secret_key("s").base_url(wire.url()).clock(clock.clone());
    let error = sumsub.build().unwrap().applicants().approve("a").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), clock.waits()),
        (ErrorKind::Conflict, 2, vec![10 * SECOND])
    );
    // The retry is signed anew, at the later time.
    let sent = wire.requests();
    let time = |request: &crate::support::wire::Request| {
        request.header("x-app-access-ts").unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(time(&sent[1]) - time(&sent[0]), 10);
    assert_ne!(sent[0].header("x-app-access-sig"), sent[1].header("x-app-access-sig"));
}

#[tokio::test]
async fn the_budget_is_shared_by_clones_drained_and_refilled() {
    let clock = Arc::new(ManualClock::new());
    let up = Arc::new(Mutex::new(false));
    let is_up = up.clone();
    let wire =
        Wire::start(
            move |_| if *is_up.lock().unwrap() { answer(200, SESSION) } else { answer(503, "") },
        )
        .await;
    let beltic = Beltic::builder()
        .api_key("k")
        .base_url(wire.url())
        .clock(clock)
        .retry_budget(50)
        .build()
        .unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let beltic = beltic.with(CallOptions::new());
        callers.spawn(async move { beltic.sessions().get("sess_1").await.unwrap_err().kind() });
    }
    let kinds = callers.join_all().await;
    assert!(kinds.iter().all(|kind| *kind == ErrorKind::Server));
    // 50 tokens are ten retries, shared by all callers.
    assert_eq!(wire.requests().len(), 210);

    *up.lock().unwrap() = true;
    for _ in 0..5 {
        beltic.sessions().get("sess_1").await.unwrap();
    }
    *up.lock().unwrap() = false;
    let before = wire.requests().len();
    assert_eq!(beltic.sessions().get("sess_1").await.unwrap_err().attempts(), 2);
    assert_eq!(wire.requests().len() - before, 2);
}

#[tokio::test]
async fn a_policy_of_none_repeats_nothing() {
    let clock = Arc::new(ManualClock::new());
    let wire = Wire::start(|_| answer(503, "")).await;
    let once = beltic(&wire, &clock).with(CallOptions::new().retry(RetryPolicy::none()));
    assert_eq!(once.sessions().get("sess_1").await.unwrap_err().attempts(), 1);
    let never = Beltic::builder()
        .api_key("k")
        .base_url(wire.url())
        .clock(clock)
        .retry_budget(0)
        .build()
        .unwrap();
    assert_eq!(never.sessions().get("sess_1").await.unwrap_err().attempts(), 1);
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn the_clients_own_limit_is_shared_waits_and_ends_with_the_call() {
    let clock = Arc::new(ManualClock::new());
    let wire = Wire::start(|_| answer(200, SESSION)).await;
    let limited = Beltic::builder().api_key("k").base_url(wire.url()).clock(clock.clone());
    let limited = limited.limits([Limit::all(2, 10 * SECOND)]).build().unwrap();
    for _ in 0..3 {
        limited.with(CallOptions::new()).sessions().decline("sess_1").await.unwrap();
    }
    assert_eq!(clock.waits(), [10 * SECOND]);

    limited.sessions().get("sess_1").await.unwrap();
    let hasty = limited.with(CallOptions::new().timeout(9 * SECOND));
    let error = hasty.sessions().decline("sess_1").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert_eq!(error.retry_after(), Some(10 * SECOND));
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn a_vendors_documented_limit_is_on_by_default_and_its_headers_are_followed() {
    let clock = Arc::new(ManualClock::new());
    let body = r#"{"data":{"id":"inq_1","type":"inquiry"}}"#;
    let wire = Wire::start(move |_| {
        with_headers(
            200,
            "ratelimit-limit: 300\r\nratelimit-remaining: 0\r\nratelimit-reset: 17\r\n",
            body,
        )
    })
    .await;
    let builder = Persona::builder().api_key("k").base_url(wire.url()).clock(clock.clone());
    let persona = builder.clone().build().unwrap();
    persona.inquiries().get("inq_1").await.unwrap();
    persona.inquiries().get("inq_1").await.unwrap();
    assert_eq!(clock.waits(), [17 * SECOND]);

    let unlimited = builder.limits([]).build().unwrap();
    unlimited.inquiries().get("inq_1").await.unwrap();
    unlimited.inquiries().get("inq_1").await.unwrap();
    assert_eq!(clock.waits().len(), 1);
}

#[tokio::test]
async fn a_dropped_call_holds_no_place() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let id = sandbox.seed().beltic_session("completed");
    let beltic = sandbox.beltic_builder().limits([Limit::all(1, 10 * SECOND)]).build().unwrap();
    beltic.sessions().get(&id).await.unwrap();
    // Dropped before it is ever polled, and dropped while it waits for a response.
    drop(beltic.sessions().get(&id).send());
    clock.advance(10 * SECOND);
    sandbox.fault(Fault::hang());
    let call = tokio::spawn(beltic.sessions().decline(&id).send());
    sandbox.until_requests(2).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    clock.advance(10 * SECOND);
    let session = beltic.sessions().get(&id).await.unwrap();
    assert_eq!((session.status().as_str(), clock.waits().len()), ("declined", 0));
}

/// A sender that counts requests, and can refuse them.
#[derive(Clone, Debug)]
struct Recorder {
    seen: Arc<Mutex<Vec<(String, bool)>>>,
    inner: reqwest::Client,
    fails: Option<bool>,
}

impl Sender for Recorder {
    fn send(&self, request: HttpRequest) -> Sending {
        let is_signed = request.headers().contains_key("x-app-access-sig");
        self.seen.lock().unwrap().push((request.url().path().to_owned(), is_signed));
        match self.fails {
            None => self.inner.send(request),
            Some(true) => Box::pin(async { Err(SendError::never_left("proxy: canary")) }),
            Some(false) => Box::pin(async { Err(SendError::lost("proxy: canary")) }),
        }
    }
}

#[tokio::test]
async fn a_sender_of_the_callers_gets_signed_requests_and_its_failures_are_classified() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let id = sandbox.seed().transaction();
    let recorder = Recorder { seen: Arc::default(), inner: reqwest::Client::new(), fails: None };
    let sumsub = sandbox.sumsub_builder().sender(recorder.clone()).build().unwrap();
    assert!(sumsub.transactions().approve(&id).await.unwrap().is_approved());
    assert_eq!(
        recorder.seen.lock().unwrap().as_slice(),
        [(format!("/resources/kyt/txns/{id}/review/status/completed"), true)]
    );

    for (never_left, kind, attempts) in
        [(true, ErrorKind::Connection, 3), (false, ErrorKind::OutcomeUnknown, 1)]
    {
        let broken = Recorder { fails: Some(never_left), ..recorder.clone() };
        let sumsub = sandbox.sumsub_builder().sender(broken).build().unwrap();
        let error = sumsub.transactions().reject(&id).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, attempts));
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert_eq!(sandbox.ledger().decisions(&id).len(), 1);
}

/// A layer as in `tower`: a service around a service.
#[derive(Clone)]
struct Layered<S>(S, Arc<Mutex<u32>>);

impl<S: tower_service::Service<HttpRequest>> tower_service::Service<HttpRequest> for Layered<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> S::Future {
        *self.1.lock().unwrap() += 1;
        self.0.call(request)
    }
}

#[tokio::test]
async fn a_tower_service_stands_under_the_client_and_repetitions_above_it() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let id = sandbox.seed().beltic_session("completed");
    let count = Arc::new(Mutex::new(0));
    // Without a kept connection, which would break instead of failing to be made.
    let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let service = Layered(http, count.clone());
    let beltic = sandbox.beltic_builder().service(service).build().unwrap();
    sandbox.fault(Fault::status(503));
    assert_eq!(beltic.sessions().get(&id).await.unwrap().attempts(), 2);
    assert_eq!(*count.lock().unwrap(), 2);

    // A failure to connect can still be told from a broken connection.
    drop(sandbox);
    let error = beltic.sessions().decline(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
}

#[derive(Debug, Default)]
struct Events(Mutex<Vec<(CallInfo, CallEvent)>>);

impl Observer for Events {
    fn on_event(&self, call: &CallInfo, event: &CallEvent) {
        self.0.lock().unwrap().push((*call, event.clone()));
    }
}

#[tokio::test]
async fn an_observer_is_told_attempts_waits_and_the_end() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let id = sandbox.seed().beltic_session("completed");
    let events = Arc::new(Events::default());
    let beltic = sandbox.beltic_builder().observer(events.clone()).build().unwrap();
    sandbox.fault(Fault::rate_limited(4 * SECOND));
    beltic.sessions().decline(&id).await.unwrap();
    let seen = std::mem::take(&mut *events.0.lock().unwrap());
    assert!(seen.iter().all(|(call, _)| call.operation == "decline_session"));
    let told: Vec<CallEvent> = seen.into_iter().map(|(_, event)| event).collect();
    assert_eq!(
        told,
        [
            CallEvent::Attempt { number: 1, status: Some(429), latency: Duration::ZERO },
            CallEvent::Wait { wait: 4 * SECOND, why: WaitReason::Hint, budget: 495 },
            CallEvent::Attempt { number: 2, status: Some(200), latency: Duration::ZERO },
            CallEvent::End { attempts: 2, elapsed: 4 * SECOND, error: None },
        ]
    );
    beltic.sessions().decline(&id).await.unwrap_err();
    let last = events.0.lock().unwrap().pop().unwrap().1;
    assert_eq!(
        last,
        CallEvent::End { attempts: 1, elapsed: Duration::ZERO, error: Some(ErrorKind::Conflict) }
    );
    assert_eq!(clock.now(), sandbox.clock().now());
}
