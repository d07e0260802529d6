//! Every method of every resource: its request, its response, each documented error;
//! every list; every decision.
//!
//! The build writes a list of its methods (`$OUT_DIR/<vendor>_calls.rs`); the expected
//! behaviour is read from the spec alone.

mod answer;
mod bodies;
mod bounds;
mod call;
mod clients;
mod counts;
mod decisions;
mod described;
mod entries;
mod errors;
mod lists;
mod misfits;
mod no_success;
mod on_demand;
mod refused;
mod request;
mod server;
mod values;
mod wire;

use std::collections::BTreeSet;

use serde_json::Value;

use call::Operation;
use clients::{BASE, Clients, KEY, Vendor};
use described::{Described, Method};
use server::Server;

use crate::support::document;
use crate::support::sample::{CANARY, CANARY_NUMBER};

/// What was checked, for the one line that is printed.
#[derive(Default)]
struct Counts {
    operations: usize,
    methods: usize,
    requests: usize,
    refusals: usize,
    /// Bounds that were broken in requests, and in responses.
    bounds: usize,
    bounds_received: usize,
    answers: usize,
    /// Responses without the value of the reply.
    undecodable: usize,
    errors: usize,
    /// Fields of another type that read as absent, and those that failed the response.
    misfits: usize,
    misfits_refused: usize,
    kinds: Kinds,
    /// The same in requests.
    kinds_sent: Kinds,
    /// Types that no operation responds with.
    on_demand: usize,
}

/// Kinds of unions: name of the union, value of its discriminator.
type Kinds = BTreeSet<(String, String)>;

/// The walk over one spec.
struct Walk<'a> {
    vendor: &'static str,
    document: &'a Value,
    base: String,
    clients: &'a Clients,
    server: Server,
    counts: Counts,
    faults: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(vendor: &Vendor, document: &'a Value, clients: &'a Clients, server: &Server) -> Self {
        let base = if vendor.name == "rebilly" {
            format!("{BASE}/organizations/org_TEST")
        } else {
            BASE.to_owned()
        };
        let (server, counts, faults) = (server.clone(), Counts::default(), Vec::new());
        Self { vendor: vendor.name, document, base, clients, server, counts, faults }
    }

    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    fn end(self) {
        let told = self
            .faults
            .iter()
            .map(|fault| format!("  {} {fault}\n", self.vendor))
            .collect::<String>();
        assert!(self.faults.is_empty(), "{} faults\n{told}", self.faults.len());
    }
}

/// The entry of a method.
fn find<'a>(
    operations: &'a [Operation],
    described: &Described<'_>,
    method: &Method<'_>,
) -> Option<&'a Operation> {
    operations
        .iter()
        .find(|operation| operation.id == described.id && operation.verb == method.verb)
}

async fn every_operation(vendor: &Vendor) {
    let document = document(vendor.name);
    let server = Server::default();
    let clients = Clients::of(&server);
    let mut walk = Walk::new(vendor, &document, &clients, &server);

    let described = described::operations(&document);
    for operation in vendor.operations {
        let is_described = |it: &Described<'_>| {
            it.id == operation.id && it.methods.iter().any(|method| method.verb == operation.verb)
        };
        if !described.iter().any(is_described) {
            walk.fault(format!(
                "{}, {} is generated and not in the spec",
                operation.id, operation.verb
            ));
        }
    }
    for described in &described {
        for method in &described.methods {
            let Some(operation) = find(vendor.operations, described, method) else {
                walk.fault(format!(
                    "{}, {} is in the spec and not walked",
                    described.id, method.verb
                ));
                continue;
            };
            if !is_as_described(&mut walk, operation, described, method) {
                continue;
            }
            request::walk(&mut walk, operation, described, method).await;
            refused::walk(&mut walk, operation, described, method).await;
            walk.counts.methods += 1;
        }
        let Some(operation) = find(vendor.operations, described, &described.methods[0]) else {
            continue;
        };
        bounds::walk(&mut walk, operation, described, &described.methods[0]).await;
        bounds::of_the_response(&mut walk, operation, described).await;
        answer::walk(&mut walk, operation, described).await;
        misfits::walk(&mut walk, operation, described).await;
        no_success::walk(&mut walk, operation, described).await;
        errors::walk(&mut walk, operation, described).await;
        walk.counts.operations += 1;
    }

    on_demand::walk(&mut walk, vendor.types);

    let kinds = answer::kinds(&document);
    let seen = &walk.counts.kinds | &walk.counts.kinds_sent;
    for (union, kind) in &kinds - &seen {
        walk.fault(format!("{union}: the kind {kind} was never decoded and never sent"));
    }
    let counts = &walk.counts;
    println!(
        "{}: {} operations walked by {} methods, {} requests checked, \
         {} refused for what they lack, {} bounds broken in what is sent and {} in what is \
         received, {} responses decoded, {} without their value, {} fields of another type \
         absent and {} refused, {} errors checked, \
         {} union kinds decoded, {} sent, {} types on demand",
        vendor.name,
        counts.operations,
        counts.methods,
        counts.requests,
        counts.refusals,
        counts.bounds,
        counts.bounds_received,
        counts.answers,
        counts.undecodable,
        counts.misfits,
        counts.misfits_refused,
        counts.errors,
        counts.kinds.len(),
        counts.kinds_sent.len(),
        counts.on_demand,
    );
    walk.end();
}

/// Whether the method is the one that the spec's marks ask for: its name, arguments and
/// setters, its body and reply.
fn is_as_described(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    method: &Method<'_>,
) -> bool {
    let told = format!("{}, {}", described.id, operation.verb);
    let before = walk.faults.len();
    let mut expect = |what: &str, is: String, should_be: String| {
        if is != should_be {
            walk.fault(format!("{told}: {what} {is} and should be {should_be}"));
        }
    };
    expect("the resource is", operation.resource.to_owned(), method.resource.to_owned());
    expect(
        "whether it is a variant:",
        operation.is("variant").to_string(),
        method.is_variant.to_string(),
    );
    let arguments: Vec<&str> = operation.arguments.iter().map(|(_, target)| *target).collect();
    let wanted = described
        .in_path()
        .map(|parameter| parameter.name)
        .chain(method.positional.iter().copied());
    expect(
        "the arguments are",
        format!("{arguments:?}"),
        format!("{:?}", wanted.collect::<Vec<_>>()),
    );

    let setters: BTreeSet<(&str, &str)> =
        operation.setters.iter().map(|(name, _, target)| (*name, *target)).collect();
    let parameters = described.parameters.iter().filter(|parameter| parameter.place != "path");
    let parameters = parameters.map(|parameter| (parameter.setter.as_str(), parameter.name));
    let is_free = |pointer: &&str| {
        !method.positional.contains(pointer)
            && !method.constants.iter().any(|(constant, _)| constant == pointer)
    };
    let fields =
        described.fields.iter().map(|field| (field.setter.as_str(), field.pointer.as_str()));
    let wanted: BTreeSet<(&str, &str)> =
        parameters.chain(fields.filter(|(_, pointer)| is_free(pointer))).collect();
    expect(
        "the setters are",
        format!("{:?}", &setters - &wanted),
        format!("{:?}", &wanted - &setters),
    );
    let names: BTreeSet<&str> = setters.iter().map(|(name, _)| *name).collect();
    expect("names of setters:", names.len().to_string(), operation.setters.len().to_string());

    let body = match described.body.as_ref().map(|body| body.media) {
        None => "none",
        Some(_) if method.positional.contains(&"") => "argument",
        Some("application/json" | "application/x-www-form-urlencoded") => "whole",
        Some(media) if media.starts_with("multipart/") => "form",
        Some(_) => "bytes",
    };
    let is_list = operation.body == "whole_list" && body == "whole";
    expect(
        "the body is",
        if is_list { "whole" } else { operation.body }.to_owned(),
        body.to_owned(),
    );
    answer::expect_kind(walk, operation, described);
    walk.faults.len() == before
}

/// Where a text shows a person.
fn printed_person(text: &str) -> Option<String> {
    let at = [CANARY, &CANARY_NUMBER.to_string()].iter().find_map(|person| text.find(person))?;
    // The name of the field precedes it.
    let start = text[..at].char_indices().rev().nth(120).map_or(0, |(index, _)| index);
    Some(format!("a person is printed: …{}", &text[start..at]))
}

/// Where two JSON values first differ.
fn difference(left: &Value, right: &Value) -> Option<String> {
    fn find(left: &Value, right: &Value, at: &str) -> Option<String> {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => {
                let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
                names.into_iter().find_map(|name| match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => find(left, right, &format!("{at}/{name}")),
                    (Some(only), None) => {
                        Some(format!("{at}/{name} is {only} and should not be there"))
                    }
                    (None, only) => Some(format!(
                        "{at}/{name} is missing and should be {}",
                        only.unwrap_or(&Value::Null)
                    )),
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
    ($($feature:literal as $vendor:ident: $client:ident, $file:literal;)*) => { $(
        #[cfg(feature = $feature)]
        mod $vendor {
            use kyc_review::Reconcile;
            #[allow(unused_imports)] // not every vendor has all of them
            use kyc_review::{CalendarDate, Patch, Personal, Timestamp};
            #[allow(unused_imports)]
            use serde_json::{Map, Value};
            #[allow(unused_imports)]
            use std::collections::BTreeMap;

            use super::clients::{Clients, Vendor};
            use super::entries::{on_demand, operations};

            fn client(clients: &Clients) -> &kyc_review::$vendor::$client {
                &clients.$vendor
            }

            include!(concat!(env!("OUT_DIR"), "/", $file));

            const VENDOR: Vendor = Vendor {
                name: $feature,
                operations: OPERATIONS,
                types: ON_DEMAND,
                reconcile: |clients, error| Box::pin(client(clients).reconcile(error)),
            };

            #[tokio::test]
            async fn every_operation_is_walked() {
                super::every_operation(&VENDOR).await;
            }

            #[tokio::test]
            async fn every_list_is_walked() {
                super::lists::every_list(&VENDOR).await;
            }

            #[tokio::test]
            async fn every_list_that_goes_wrong_ends_and_loses_nothing() {
                super::lists::every_list_that_goes_wrong(&VENDOR).await;
            }

            #[tokio::test]
            async fn every_decision_is_reconciled() {
                super::decisions::every_decision(&VENDOR).await;
            }

            #[test]
            fn the_spec_and_the_surface_count_the_same() {
                super::counts::counts(&VENDOR);
            }
        }
    )* };
}

vendors! {
    "beltic" as beltic: Beltic, "beltic_calls.rs";
    "persona" as persona: Persona, "persona_calls.rs";
    "provide" as provide: Provide, "provide_calls.rs";
    "rebilly" as rebilly: Rebilly, "rebilly_calls.rs";
    "sumsub" as sumsub: Sumsub, "sumsub_calls.rs";
}
