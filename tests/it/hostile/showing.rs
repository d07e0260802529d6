//! People and keys: every request, response and error of every operation is printed, and
//! none of them shows either.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::{NewKycApplication, NewKycApplicationParams, Provide};
use kyc_review::rebilly::types::KycIdentityMatchesOverwrite;
use kyc_review::rebilly::{NewDocument, Rebilly};
use kyc_review::sandbox::ManualClock;
use kyc_review::sumsub::{RejectionReasons, Sumsub};
use kyc_review::{CallOptions, Error, ErrorKind, Method, Reply, Vendor};
use serde_json::{Value, json};

use super::{ALL, Client, KEY, Setup, everything, good, sample, told};
use crate::support::sample::{CANARY, Way};
use crate::support::wire::{Act, Wire, answer, with_headers};

/// An id that identifies a person.
const ID: &str = "canary-7f3a-id";

const ERRORS: [u16; 9] = [400, 401, 403, 404, 409, 422, 429, 500, 503];

/// The server's next response, and all that was printed.
struct Run {
    vendor: Vendor,
    next: Arc<Mutex<(u16, String)>>,
    shown: String,
    calls: usize,
}

impl Run {
    async fn start(vendor: Vendor) -> (Self, Wire) {
        let next = Arc::new(Mutex::new((200, String::new())));
        let told = next.clone();
        let wire = Wire::start(move |_| {
            let (status, body) = told.lock().unwrap().clone();
            // Headers can hold anything; only known ones are ever read.
            let headers =
                format!("x-person: {CANARY}\r\nset-cookie: {CANARY}\r\nlocation: /{CANARY}\r\n");
            with_headers(status, &headers, &body)
        })
        .await;
        (Self { vendor, next, shown: String::new(), calls: 0 }, wire)
    }

    /// The responses to a call that returns this component, in turn: three valid ones,
    /// each error, and two malformed bodies.
    fn turns(&self, component: &str) -> Vec<(u16, String)> {
        let is_nothing = component == "nothing";
        let component = if is_nothing { super::component(self.vendor) } else { component };
        let one = |way| sample(self.vendor, component.trim_matches(['[', ']']), way);
        let whole = |way| if component.starts_with('[') { json!([one(way)]) } else { one(way) };
        let problem = match self.vendor {
            Vendor::Persona => "ErrorDocument",
            Vendor::Rebilly => "Problem",
            _ => "ErrorBody",
        };
        let mut turns: Vec<(u16, String)> =
            [Way::Whole, Way::Unknown, Way::Nulls].map(|way| (200, whole(way).to_string())).into();
        if is_nothing {
            turns = ["", "{}", "null"].map(|body| (200, body.to_owned())).into();
        }
        let problem = sample(self.vendor, problem, Way::Whole).to_string();
        turns.extend(ERRORS.map(|status| (status, problem.clone())));
        turns.extend([
            (502, format!("<html>{CANARY}</html>")),
            (200, format!(r#"{{"{CANARY}": "{CANARY}""#)),
        ]);
        turns
    }

    fn say(&self, turn: (u16, String)) {
        *self.next.lock().unwrap() = turn;
    }

    fn done<T: Debug>(&mut self, component: &str, is_good: bool, answer: Result<Reply<T>, Error>) {
        self.calls += 1;
        match told(answer) {
            Ok(told) => self.shown.push_str(&told.shown),
            // The links of a sampled list lead nowhere.
            Err(error) => {
                assert!(
                    !is_good || component.contains("List"),
                    "{} {component}: {error}",
                    self.vendor
                );
                self.shown.push_str(&everything(&error));
            }
        }
    }

    fn check(self, calls: usize) {
        assert!(self.calls >= calls * 14, "{}: {} calls", self.vendor, self.calls);
        if let Some(at) = self.shown.find("canary") {
            let from = self.shown[..at].char_indices().rev().nth(300).map_or(0, |(index, _)| index);
            panic!("{}: …{:.600}", self.vendor, &self.shown[from..]);
        }
    }
}

macro_rules! run {
    ($run:ident; $($component:literal => $call:expr,)*) => { $(
        for (index, turn) in $run.turns($component).into_iter().enumerate() {
            $run.say(turn);
            let request = $call.with(own_options($run.vendor));
            $run.shown.push_str(&format!("{request:?} {request:#?}"));
            $run.done($component, index < 3, request.await);
        }
    )* };
}

/// The options of a client.
fn options() -> CallOptions {
    CallOptions::new().header("x-note", CANARY).query("note", CANARY)
}

/// The options of one request; a client must not have an idempotency key.
fn own_options(vendor: Vendor) -> CallOptions {
    let options = CallOptions::new().header("x-own-note", CANARY).query("own-note", CANARY);
    if vendor == Vendor::Persona { options.idempotency_key(CANARY) } else { options }
}

async fn beltic() {
    let (mut run, wire) = Run::start(Vendor::Beltic).await;
    let Client::Beltic(client) = Client::at(Vendor::Beltic, wire.url()).with(options()) else {
        panic!()
    };
    let sessions = client.sessions();
    run! { run;
        "SessionEnvelope" => sessions.get(ID),
        "SessionListEnvelope" => sessions.list().filter_account(ID).start_at(ID),
        "SessionEnvelope" => sessions.decline(ID),
    }
    #[cfg(feature = "unconfirmed")]
    run! { run;
        "SessionEnvelope" => sessions.approve(ID),
        "SessionEnvelope" => sessions.mark_for_review(ID),
        "SessionEnvelope" => sessions.expire(ID),
    }
    run.check(3);
}

async fn persona() {
    let (mut run, wire) = Run::start(Vendor::Persona).await;
    let Client::Persona(client) = Client::at(Vendor::Persona, wire.url()).with(options()) else {
        panic!()
    };
    let (inquiries, sessions) = (client.inquiries(), client.inquiry_sessions());
    run! { run;
        "InquiryDocument" => inquiries.get(ID),
        "InquiryDocument" => inquiries.approve(ID).comment(CANARY),
        "InquiryDocument" => inquiries.decline(ID).comment(CANARY),
        "InquiryDocument" => inquiries.mark_for_review(ID),
        "InquirySessionDocument" => sessions.get(ID),
        "InquirySessionList" => sessions
            .list()
            .filter_inquiry_id(ID)
            .start_at(format!("page[after]={ID}")),
        "InquirySessionDocument" => sessions.create(ID),
        "InquirySessionDocument" => sessions.expire(ID),
        "InquirySessionArrayDocument" => sessions.expire_all([ID]),
        "InquirySessionLinkDocument" => sessions.generate_one_time_link(ID),
    }
    run.check(10);
}

async fn provide() {
    let (mut run, wire) = Run::start(Vendor::Provide).await;
    let Client::Provide(client) = Client::at(Vendor::Provide, wire.url()).with(options()) else {
        panic!()
    };
    let applications = client.kyc_applications();
    let new = || {
        let params = NewKycApplicationParams::new().provider_params(json!({ "ssn": CANARY }));
        NewKycApplication::new()
            .user_id("2b8fd5ee-0000-4000-8000-000000000000")
            .name(CANARY)
            .params(params)
    };
    run.shown.push_str(&format!("{:?}", new()));
    run! { run;
        "KycApplication" => applications.get(ID),
        "[KycApplication]" => applications.list(),
        "KycApplication" => applications.create(new()),
        "KycApplication" => applications.accept(ID),
        "KycApplication" => applications.reject(ID),
        "KycApplication" => applications.mark_for_review(ID),
        "KycApplication" => applications.remediate(ID),
    }
    run.check(7);
}

async fn rebilly() {
    let (mut run, wire) = Run::start(Vendor::Rebilly).await;
    let Client::Rebilly(client) = Client::at(Vendor::Rebilly, wire.url()).with(options()) else {
        panic!()
    };
    let documents = client.kyc_documents();
    let new = || NewDocument::identity_proof("cus_1", ["file_1"]).notes(CANARY).reason(CANARY);
    let matches = || KycIdentityMatchesOverwrite::default().first_name(CANARY).last_name(CANARY);
    run.shown.push_str(&format!("{:?} {:?}", new(), matches()));
    run! { run;
        "[KycDocument]" => documents.list().filter(CANARY),
        "KycDocument" => documents.get(ID),
        "KycDocument" => documents.create(new()),
        "KycDocument" => documents.upsert(ID, new()),
        "KycDocument" => documents.accept(ID),
        "KycDocument" => documents.reject(ID, "other").message(CANARY),
        "KycDocument" => documents.review(ID),
        "KycDocument" => documents.start_review(ID),
        "KycDocument" => documents.stop_review(ID),
        "nothing" => documents.overwrite_matches(ID, matches()),
    }
    run.check(10);
}

async fn sumsub() {
    let (mut run, wire) = Run::start(Vendor::Sumsub).await;
    let Client::Sumsub(client) = Client::at(Vendor::Sumsub, wire.url()).with(options()) else {
        panic!()
    };
    let (transactions, applicants) = (client.transactions(), client.applicants());
    let reasons = || RejectionReasons::new().reason(CANARY, CANARY);
    run! { run;
        "KytTxn" => transactions.get(ID),
        "KytTxn" => transactions.approve(ID),
        "KytTxn" => transactions.reject(ID).client_comment(CANARY),
        "[TypedTag]" => transactions.list_tags(ID),
        "[TypedTag]" => transactions.add_tags(ID, ["a tag"]),
        "[TypedTag]" => transactions.remove_tags(ID, ["a tag"]),
        "[TransactionNote]" => transactions.list_notes(ID),
        "TransactionNote" => transactions.add_note(ID).note(CANARY),
        "TransactionNote" => transactions.update_note(ID).id("note_1").note(CANARY),
        "OkAnswer" => transactions.remove_note(ID).id("note_1"),
        "Applicant" => applicants.get(ID),
        "Review" => applicants.status(ID),
        "Applicant" => applicants.approve(ID).note(CANARY),
        "Applicant" => applicants.reject(ID, reasons()).note(CANARY),
        "Applicant" => applicants.return_to_init(ID, reasons()),
        "OkAnswer" => applicants.reset(ID),
        "OkAnswer" => applicants.reset_step(ID, "IDENTITY"),
    }
    #[cfg(feature = "unconfirmed")]
    run! { run;
        "KytTxn" => transactions.reject(ID).moderation_comment(CANARY),
    }
    run.check(17);
}

/// Runs with a subscriber that records everything, if the feature is enabled.
#[tokio::test]
async fn no_operation_shows_a_person_in_what_it_prints_or_records() {
    #[cfg(feature = "tracing")]
    let recorded = crate::tracing::Everything::new();
    #[cfg(feature = "tracing")]
    let guard = ::tracing::subscriber::set_default(recorded.clone());
    beltic().await;
    persona().await;
    provide().await;
    rebilly().await;
    sumsub().await;
    #[cfg(feature = "tracing")]
    {
        drop(guard);
        let text = recorded.0.lock().unwrap();
        let spans = text.matches("span kyc_review.call").count();
        assert!(spans > 600, "{spans} spans");
        let shown = text.lines().find(|line| line.contains("canary"));
        assert_eq!(shown, None);
    }
}

#[test]
fn no_client_builder_handle_or_option_shows_a_key() {
    let mut shown = String::new();
    for vendor in ALL {
        let client = Client::build(vendor, &Setup::at("https://api.example.test")).unwrap();
        // A client with an idempotency key for all its calls refuses each of them, and
        // does not show the key either.
        let keyed = client.with(options()).with(own_options(vendor));
        shown.push_str(&format!(
            "{client:?} {client:#?} {keyed:?} {:?} {:?}",
            options(),
            own_options(vendor)
        ));
        let handles = match &client {
            Client::Beltic(client) => {
                format!("{:?} {:?}", client.sessions(), client.request(Method::GET, "/canary"))
            }
            Client::Persona(client) => {
                format!("{:?} {:?}", client.inquiries(), client.inquiry_sessions())
            }
            Client::Provide(client) => {
                format!("{:?} {:?}", client.kyc_applications(), client.tokens())
            }
            Client::Rebilly(client) => {
                format!("{:?} {:?}", client.kyc_documents(), client.aml_checks())
            }
            Client::Sumsub(client) => {
                format!("{:?} {:?}", client.transactions(), client.applicants())
            }
        };
        shown.push_str(&handles);
    }
    let url = "https://api.example.test";
    shown.push_str(&format!("{:?}", Beltic::builder().api_key(KEY).base_url(url)));
    shown.push_str(&format!("{:?}", Persona::builder().api_key(KEY).base_url(url)));
    shown.push_str(&format!("{:?}", Provide::builder().token(KEY).base_url(url)));
    shown.push_str(&format!(
        "{:?}",
        Rebilly::builder().organization_id("org_canary").api_key(KEY).bearer(KEY)
    ));
    shown.push_str(&format!("{:?}", Sumsub::builder().app_token(KEY).secret_key(KEY)));
    assert!(!shown.contains("canary"), "{shown}");
}

/// A response, error or success, with `text` in every field and header that is read.
fn echo(status: u16, text: &str, whole: &str) -> Act {
    let entry = json!({
        "code": text, "errorCode": text, "title": text, "details": text, "detail": text,
        "message": text,
        "request_id": text, "field": text, "source": { "pointer": text }
    });
    let mut body = match status {
        200 => serde_json::from_str(whole).unwrap(),
        _ => json!({
            "code": text, "errorName": text, "errorCode": text, "correlationId": text, "type": text,
            "title": text,
            "detail": text, "message": text, "description": text, "request_id": text,
            "instance": text,
            "error": entry, "errors": [entry], "invalidFields": [entry]
        }),
    };
    if let Value::Object(members) = &mut body {
        members.insert("memberOfTheFuture".to_owned(), json!(text));
    }
    let headers =
        format!("request-id: {text}\r\nx-request-id: {text}\r\ncorrelation-id: {text}\r\n");
    with_headers(status, &headers, &body.to_string())
}

/// The credentials of a request, as sent.
const CREDENTIALS: [&str; 5] =
    ["x-api-key", "authorization", "reb-apikey", "x-app-token", "x-app-access-sig"];

#[tokio::test]
async fn no_vendor_that_echoes_what_authorised_a_request_is_quoted() {
    #[cfg(feature = "tracing")]
    let recorded = crate::tracing::Everything::new();
    #[cfg(feature = "tracing")]
    let _guard = ::tracing::subscriber::set_default(recorded.clone());
    let forms: [fn(&str) -> String; 4] = [
        |text| text.to_owned(),
        |text| text.rsplit(' ').next().unwrap().to_owned(),
        |text| format!("denied: {text}"),
        |text| text[text.len() - 12..].to_owned(),
    ];
    for vendor in ALL {
        let (whole, next) = (good(vendor), Arc::new(Mutex::new((CREDENTIALS[0], forms[0], 200))));
        let turn = next.clone();
        let wire = Wire::start(move |request| {
            let (name, form, status) = *turn.lock().unwrap();
            request
                .header(name)
                .map_or_else(|| answer(400, "{}"), |text| echo(status, &form(text), &whole))
        })
        .await;
        let client = Client::at(vendor, wire.url());
        let mut echoed = 0;
        for (name, form, status) in CREDENTIALS.into_iter().flat_map(|name| {
            forms
                .into_iter()
                .flat_map(move |form| [401, 409, 422, 500, 200].map(|status| (name, form, status)))
        }) {
            *next.lock().unwrap() = (name, form, status);
            for is_decision in [false, true] {
                let answered =
                    if is_decision { client.decide(ID).await } else { client.read(ID).await };
                let sent = wire.requests().pop().unwrap();
                let Some(text) = sent.header(name) else { continue };
                echoed += 1;
                let shown = match &answered {
                    Ok(told) => told.shown.clone(),
                    Err(error) => {
                        // The raw body contains all of it on purpose.
                        let raw = String::from_utf8_lossy(error.raw_body().unwrap());
                        assert!(raw.contains(&form(text)), "{vendor}");
                        everything(error)
                    }
                };
                let tail = &text[text.len() - 12..];
                assert!(!shown.contains(tail), "{vendor} {name} {status}: {shown}");
                #[cfg(feature = "tracing")]
                assert!(!recorded.0.lock().unwrap().contains(tail), "{vendor} {name} {status}");
            }
        }
        assert!(echoed >= 40, "{vendor}: {echoed}");
    }
}

#[tokio::test]
async fn a_connection_that_fails_names_no_target_at_any_vendor() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/canary", listener.local_addr().unwrap());
    drop(listener);
    let wire = Wire::start(|_| Act::Close).await;
    for vendor in ALL {
        for url in [url.clone(), format!("{}/canary", wire.url())] {
            let clock = Arc::new(ManualClock::new());
            let client =
                Client::build(vendor, &Setup { clock: Some(clock), ..Setup::at(&url) }).unwrap();
            let client = client.with(options());
            let read = client.read_with(ID, own_options(vendor)).await;
            let decide = client.decide_with(ID, own_options(vendor), false).await;
            for error in [read.unwrap_err(), decide.unwrap_err()] {
                // The request was attempted: the idempotency key and the notes do not
                // prevent it.
                assert!(
                    matches!(error.kind(), ErrorKind::Connection | ErrorKind::OutcomeUnknown),
                    "{vendor}"
                );
                assert!(!everything(&error).contains("canary"), "{vendor}: {}", everything(&error));
            }
        }
    }
}
