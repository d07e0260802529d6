//! Every generated operation of every document: what goes out, what comes back, and each documented error.
//!
//! The build writes a list of its calls (`$OUT_DIR/<vendor>_calls.rs`); what they must do is read from the document alone.

mod answer;
mod call;
mod described;
mod errors;
mod on_demand;
mod request;
mod server;

use std::collections::BTreeSet;
use std::sync::Arc;

use kyc_review::RetryPolicy;
use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::sandbox::ManualClock;
use kyc_review::sumsub::Sumsub;
use serde_json::Value;

use call::{Clients, Operation};
use server::Server;

use crate::support::document;
use crate::support::sample::{CANARY, CANARY_NUMBER};

/// Nothing listens there, and nothing is asked: the server is within the process.
const BASE: &str = "https://walk.example.test/prefix";

macro_rules! set_up {
    ($builder:expr, $server:expr) => {{
        let (retry, clock) = (RetryPolicy::new().max_attempts(3), Arc::new(ManualClock::new()));
        let builder = $builder.base_url(BASE).sender($server.clone()).clock(clock).retry(retry);
        // Thousands of failures in a row: the budget and the limits have tests of their own.
        builder.retry_budget(u32::MAX).limits([]).build().unwrap()
    }};
}

impl Clients {
    fn of(server: &Server) -> Self {
        Self {
            beltic: set_up!(Beltic::builder().api_key("key"), server),
            persona: set_up!(Persona::builder().api_key("key"), server),
            provide: set_up!(Provide::builder().token("key"), server),
            rebilly: set_up!(Rebilly::builder().organization_id("org_TEST").api_key("key"), server),
            sumsub: set_up!(Sumsub::builder().app_token("key").secret_key("key"), server),
        }
    }
}

/// What was done, for the one line that is printed.
#[derive(Default)]
struct Counts {
    operations: usize,
    requests: usize,
    refusals: usize,
    answers: usize,
    errors: usize,
    kinds: Kinds,
    /// The same in what was sent.
    kinds_sent: Kinds,
    /// Types that no operation answers with.
    on_demand: usize,
}

/// Kinds of unions: name of the union, value of its discriminator.
type Kinds = BTreeSet<(String, String)>;

/// The walk over one document.
struct Walk<'a> {
    vendor: &'static str,
    document: &'a Value,
    base: String,
    clients: &'a Clients,
    server: Server,
    counts: Counts,
    faults: Vec<String>,
}

impl Walk<'_> {
    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }
}

async fn walk(vendor: &'static str, operations: &[Operation], types: &[(&str, on_demand::Read)]) {
    let document = document(vendor);
    let server = Server::default();
    let clients = Clients::of(&server);
    let base = if vendor == "rebilly" { format!("{BASE}/organizations/org_TEST") } else { BASE.to_owned() };
    let (counts, faults) = (Counts::default(), Vec::new());
    let mut walk = Walk { vendor, document: &document, base, clients: &clients, server, counts, faults };

    let (described, handwritten) = described::operations(&document);
    let generated: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    for id in generated.iter().filter(|id| !described.iter().any(|described| described.id == **id)) {
        walk.fault(format!("{id} is generated and not in the document"));
    }
    for described in &described {
        let Some(operation) = operations.iter().find(|operation| operation.id == described.id) else {
            walk.fault(format!("{} is in the document and not walked", described.id));
            continue;
        };
        let setters: BTreeSet<&str> = operation.setters.iter().copied().collect();
        let parameters: BTreeSet<&str> = described.parameters.iter().map(|parameter| parameter.name).collect();
        if setters != parameters || operation.setters.len() != described.parameters.len() {
            walk.fault(format!("{}: setters for {setters:?}, parameters {parameters:?}", described.id));
            continue;
        }
        let body = match described.body.as_ref().map(|body| body.media) {
            None => "none",
            Some("application/json") => "json",
            Some("application/x-www-form-urlencoded") => "form",
            Some(media) if media.starts_with("multipart/") => "multipart",
            Some(_) => "bytes",
        };
        if operation.body != body {
            walk.fault(format!("{}: the body is {} and should be {body}", described.id, operation.body));
            continue;
        }
        request::walk(&mut walk, operation, described).await;
        answer::walk(&mut walk, operation, described).await;
        errors::walk(&mut walk, operation, described).await;
        walk.counts.operations += 1;
    }

    on_demand::walk(&mut walk, types);

    let kinds = answer::kinds(&document);
    let seen = &walk.counts.kinds | &walk.counts.kinds_sent;
    for (union, kind) in &kinds - &seen {
        walk.fault(format!("{union}: the kind {kind} was never decoded and never sent"));
    }
    let Counts { operations, requests, refusals, answers, errors, kinds, kinds_sent, on_demand } = &walk.counts;
    println!(
        "{vendor}: {operations} operations walked, {requests} requests checked, {refusals} refused for what they lack, \
         {answers} answers decoded, {errors} errors checked, {} union kinds decoded, {} sent, {on_demand} types on demand, {} handwritten: {handwritten:?}",
        kinds.len(),
        kinds_sent.len(),
        handwritten.len()
    );
    let told = walk.faults.iter().map(|fault| format!("  {vendor} {fault}\n")).collect::<String>();
    assert!(walk.faults.is_empty(), "{} faults\n{told}", walk.faults.len());
}

/// Where a text shows a person.
fn printed_person(text: &str) -> Option<String> {
    let at = [CANARY, &CANARY_NUMBER.to_string()].iter().find_map(|person| text.find(person))?;
    // The name of the member stands before it.
    let start = text[..at].char_indices().rev().nth(120).map_or(0, |(index, _)| index);
    Some(format!("a person is printed: …{}", &text[start..at]))
}

/// Where two JSON values differ first.
fn difference(left: &Value, right: &Value) -> Option<String> {
    fn find(left: &Value, right: &Value, at: &str) -> Option<String> {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => {
                let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
                names.into_iter().find_map(|name| match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => find(left, right, &format!("{at}/{name}")),
                    (Some(only), None) => Some(format!("{at}/{name} is {only} and should not be there")),
                    (None, only) => {
                        Some(format!("{at}/{name} is missing and should be {}", only.unwrap_or(&Value::Null)))
                    }
                })
            }
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                let mut pairs = left.iter().zip(right).enumerate();
                pairs.find_map(|(index, (left, right))| find(left, right, &format!("{at}/{index}")))
            }
            _ => (left != right).then(|| format!("{at} is {left} and should be {right}")),
        }
    }
    find(left, right, "")
}

macro_rules! vendors {
    ($($vendor:ident: $client:ident, $file:literal;)*) => { $(
        mod $vendor {
            fn client(clients: &super::call::Clients) -> &kyc_review::$vendor::$client {
                &clients.$vendor
            }

            use super::call::{on_demand, operations};
            include!(concat!(env!("OUT_DIR"), "/", $file));

            #[tokio::test]
            async fn every_operation_is_walked() {
                super::walk(stringify!($vendor), OPERATIONS, ON_DEMAND).await;
            }
        }
    )* };
}

vendors! {
    beltic: Beltic, "beltic_calls.rs";
    persona: Persona, "persona_calls.rs";
    provide: Provide, "provide_calls.rs";
    rebilly: Rebilly, "rebilly_calls.rs";
    sumsub: Sumsub, "sumsub_calls.rs";
}
