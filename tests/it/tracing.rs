//! What spans and events record: names, numbers and templates; never an id of a person, a
//! header, a body or a key.

use std::fmt::{Debug, Write};
use std::sync::{Arc, LazyLock, Mutex};

use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, Error, Reply};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Records everything at every level.
#[derive(Clone, Default)]
pub(crate) struct Everything(pub(crate) Arc<Mutex<String>>);

/// With a single live subscriber, a callsite that another thread reaches first asks that
/// thread's subscriber, which is none, and stays disabled. Two subscribers that live for
/// ever prevent that.
static KEPT: LazyLock<[tracing::Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| tracing::Dispatch::new(Everything::default())));

impl Everything {
    pub(crate) fn new() -> Self {
        LazyLock::force(&KEPT);
        Self::default()
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = self.0.lock().unwrap();
        write!(text, "\nspan {}", span.metadata().name()).unwrap();
        span.record(&mut Line(&mut text));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        write!(text, "\nevent {}", event.metadata().target()).unwrap();
        event.record(&mut Line(&mut text));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn outcome<T>(result: Result<Reply<T>, Error>) -> bool {
    result.is_ok()
}

#[tokio::test]
async fn everything_that_is_recorded_names_no_person_and_no_key() {
    let everything = Everything::new();
    let guard = tracing::subscriber::set_default(everything.clone());
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let seed = sandbox.seed();
    let options = CallOptions::new().header("x-name", "canary").query("who", "canary");
    let mut ids = Vec::new();

    let id = seed.beltic_session("completed");
    sandbox.fault(Fault::rate_limited(std::time::Duration::from_secs(2)));
    assert!(outcome(sandbox.beltic().with(options.clone()).sessions().decline(&id).await));
    assert!(!outcome(sandbox.beltic().sessions().decline(&id).await));
    ids.push(id.to_string());

    let id = seed.inquiry("needs_review");
    sandbox.fault(Fault::drop_after_commit());
    let keyed = CallOptions::new().idempotency_key("canary-key");
    assert!(outcome(
        sandbox.persona().inquiries().approve(&id).comment("canary").with(keyed).await
    ));
    ids.push(id.to_string());

    let id = seed.kyc_application("review");
    assert!(outcome(sandbox.provide().kyc_applications().accept(&id).await));
    ids.push(id.to_string());

    let id = seed.kyc_document("pending");
    let reject = sandbox.rebilly().kyc_documents().reject(&id, "other").message("canary");
    assert!(outcome(reject.await));
    ids.push(id.to_string());

    let id = seed.applicant("onHold");
    sandbox.fault(Fault::body(200, "canary"));
    assert!(!outcome(sandbox.sumsub().applicants().approve(&id).note("canary").await));
    ids.push(id.to_string());
    drop(guard);

    let text = everything.0.lock().unwrap().clone();
    for hidden in ["canary", "sandbox.test", "x-api-key", "authorization"]
        .into_iter()
        .chain(ids.iter().map(String::as_str))
    {
        assert!(!text.to_lowercase().contains(&hidden.to_lowercase()), "{hidden} in {text}");
    }
    for shown in [
        "span kyc_review.call",
        "otel.kind=\"client\"",
        "vendor=\"sumsub\"",
        "operation=\"decline_session\"",
        "class=\"decision\"",
        "http.request.method=\"POST\"",
        "url.template=\"/v1/identity/sessions/{session_id}/decline\"",
        "server.address=\"127.0.0.1\"",
        "http.request.resend_count=1",
        "http.response.status_code=429",
        "why=Hint",
        "request_id=\"req_",
        "error.type=Conflict",
    ] {
        assert!(text.contains(shown), "{shown} not in {text}");
    }
}
