//! Every decision that a read shows: its response is lost, the subject is read back, and
//! the result follows what the read shows.

mod shown;

use std::cell::Cell;
use std::collections::BTreeSet;

use kyc_review::{Clock, ErrorKind, Reconciled};
use serde_json::Value;

use super::call::{Case, Operation};
use super::clients::{Clients, Vendor};
use super::described::{self, Described, Method};
use super::misfits::JUDGED;
use super::server::{Response, Seen, Server};
use super::values::Set;
use super::{Walk, bodies, find, printed_person, wire};
use crate::support::document;
use crate::support::sample::{Sampler, Way};

pub async fn every_decision(vendor: &Vendor) {
    let document = document(vendor.name);
    let server = Server::default();
    let clients = Clients::of(&server);
    let mut walk = Walk::new(vendor, &document, &clients, &server);
    let all = described::operations(&document);
    let (mut reconciled, mut within, mut readings) = (0, 0, 0);
    for described in &all {
        for method in described.methods.iter().filter(|method| method.shown_by.is_some()) {
            let operation = find(vendor.operations, described, method).expect(described.id);
            let read =
                all.iter().find(|other| Some(other.id) == method.shown_by).expect("no such read");
            let decision = Decision {
                vendor,
                operation,
                described,
                method,
                read,
                all: &all,
                spoilt: Cell::default(),
            };
            readings += decision.walk(&mut walk).await;
            reconciled += 1;
            within += usize::from(operation.is("decision"));
        }
    }
    println!(
        "{}: {reconciled} decisions reconciled, {within} also within their call, \
         by {readings} readings",
        vendor.name
    );
    walk.end();
}

/// Gives every field of this name another type; returns whether there was one.
fn spoil(json: &mut Value, name: &str) -> bool {
    match json {
        Value::Object(members) => {
            let mut found = false;
            for (known, value) in members {
                if known == name {
                    let is_text = value.is_string() || value.is_null();
                    *value = if is_text { Value::from(7) } else { Value::from("text") };
                    found = true;
                } else {
                    found |= spoil(value, name);
                }
            }
            found
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, it| spoil(it, name) | found),
        _ => false,
    }
}

/// What the read shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    /// The requested effect, since the call began.
    Now,
    /// The requested effect, long before the call.
    Before,
    /// A state that is in no spec.
    Unknown,
    /// The same as before, with this field of another type.
    Misfit(&'static str),
}

struct Decision<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
    described: &'a Described<'a>,
    method: &'a Method<'a>,
    read: &'a Described<'a>,
    all: &'a [Described<'a>],
    /// Whether the last response had the field of another type.
    spoilt: Cell<bool>,
}

impl Decision<'_> {
    /// Returns the number of reads.
    async fn walk(&self, walk: &mut Walk<'_>) -> usize {
        let prepared = bodies::by_setters(walk, self.described, self.method, Way::Whole)
            .into_iter()
            .next()
            .unwrap();
        let (case, _) = prepared.case(self.described, Set::All);
        let mut readings = 0;
        for shown in [Shown::Now, Shown::Before, Shown::Unknown] {
            readings += self.by_hand(walk, &case, shown).await;
        }
        readings += self.by_misfits(walk, &case).await;
        if self.operation.is("decision") && !self.is_never_proven() {
            readings += self.within_the_call(walk, &case).await;
        }
        readings
    }

    /// Checks `client.reconcile(&error)`.
    async fn by_hand(&self, walk: &mut Walk<'_>, case: &Case, shown: Shown) -> usize {
        let told = format!("{}, {}, {shown:?}", self.described.id, self.operation.verb);
        self.serve(walk, case, shown);
        let error = match self.operation.call(walk.clients, case).await {
            Ok(Err(error)) if error.kind() == ErrorKind::OutcomeUnknown => error,
            other => {
                walk.fault(format!("{told}: the lost response gave {other:?}"));
                return 0;
            }
        };
        walk.server.take();
        let reconciled = (self.vendor.reconcile)(walk.clients, &error).await;
        let seen = walk.server.take();
        self.reads(walk, case, &seen, &told);
        let is_right = match (&reconciled, shown) {
            (Ok(reconciled), _) if self.is_never_proven() => {
                matches!(reconciled, Reconciled::Inconclusive)
            }
            (Ok(Reconciled::Applied(_)), Shown::Now) => true,
            (Ok(Reconciled::Applied(_) | Reconciled::AlreadyApplied(_)), Shown::Before) => true,
            (Ok(Reconciled::Applied(_) | Reconciled::AlreadyApplied(_)), Shown::Unknown) => {
                self.bears_no_state()
            }
            (Ok(_), Shown::Unknown) => true,
            _ => false,
        };
        if !is_right {
            walk.fault(format!("{told}: {reconciled:?}"));
        }
        if let Some(why) = printed_person(&format!("{error:?} {reconciled:?}")) {
            walk.fault(format!("{told}: {why}"));
        }
        seen.len()
    }

    /// Checks that nothing is concluded from a reading in which a field that judges
    /// decisions has another type: absent, it would tell that nothing was decided.
    async fn by_misfits(&self, walk: &mut Walk<'_>, case: &Case) -> usize {
        let (_, judged) = JUDGED.iter().find(|(vendor, _)| *vendor == walk.vendor).unwrap();
        for name in *judged {
            self.serve(walk, case, Shown::Misfit(name));
            let Ok(Err(error)) = self.operation.call(walk.clients, case).await else { continue };
            let reconciled = (self.vendor.reconcile)(walk.clients, &error).await;
            walk.server.take();
            let is_bent = self.spoilt.replace(false);
            let is_right = match &reconciled {
                Ok(reconciled) => !is_bent || matches!(reconciled, Reconciled::Inconclusive),
                Err(error) => error.kind() == ErrorKind::Decode,
            };
            if !is_right {
                walk.fault(format!(
                    "{}, {}, {name} of another type: {reconciled:?}",
                    self.described.id, self.operation.verb
                ));
            }
        }
        judged.len()
    }

    /// Checks `.reconcile(true)`, whose reply is the resource as read.
    async fn within_the_call(&self, walk: &mut Walk<'_>, case: &Case) -> usize {
        let told = format!("{}, {}, within the call", self.described.id, self.operation.verb);
        self.serve(walk, case, Shown::Now);
        let case = Case { reconcile: true, ..case.clone() };
        let answer = self.operation.call(walk.clients, &case).await;
        if !matches!(answer, Ok(Ok(_))) {
            walk.fault(format!("{told}: {answer:?}"));
        }
        let seen = walk.server.take();
        let (decisions, reads): (Vec<Seen>, Vec<Seen>) =
            seen.into_iter().partition(|seen| seen.method != "GET");
        // A vendor that has seen the key does not decide a second time.
        let keys: BTreeSet<_> =
            decisions.iter().map(|seen| seen.header("idempotency-key")).collect();
        let is_once = decisions.len() == 1 || (keys.len() == 1 && !keys.contains(&None));
        if !is_once {
            walk.fault(format!(
                "{told}: the decision was sent {} times, with the keys {keys:?}",
                decisions.len()
            ));
        }
        self.reads(walk, &case, &reads[..reads.len().min(1)], &told);
        reads.len()
    }

    /// Checks that all requests are reads of the subject.
    fn reads(&self, walk: &mut Walk<'_>, case: &Case, seen: &[Seen], told: &str) {
        let wanted = wire::target(walk, self.read, &wire::ids(self.described, case));
        let is_read = |seen: &Seen| seen.method == self.read.method && seen.target() == wanted;
        if seen.is_empty() || !seen.iter().all(is_read) {
            let urls: Vec<String> =
                seen.iter().map(|seen| format!("{} {}", seen.method, seen.url)).collect();
            walk.fault(format!("{told}: {urls:?} and should be {} {wanted}", self.read.method));
        }
    }

    /// Starts a server that loses its response to the decision, and responds to every
    /// read of these ids.
    fn serve(&self, walk: &Walk<'_>, case: &Case, shown: Shown) {
        let ids = wire::ids(self.described, case);
        let reads = self
            .all
            .iter()
            .filter(|other| other.class == "read" && other.in_path().count() == ids.len());
        let answers: Vec<(String, Value)> = reads
            .filter_map(|read| {
                let mut json = Sampler::new(walk.document, Way::Whole).schema(read.success()?).json;
                match shown {
                    Shown::Misfit(name) => {
                        self.show(walk, &mut json, case, Shown::Before);
                        if read.id == self.read.id && spoil(&mut json, name) {
                            self.spoilt.set(true);
                        }
                    }
                    shown => self.show(walk, &mut json, case, shown),
                }
                Some((wire::target(walk, read, &ids), json))
            })
            .collect();
        let read = wire::target(walk, self.read, &ids);
        walk.server.respond(move |seen| {
            // The read of the decision may share its path with others.
            let mut answers = answers.iter().filter(|(target, _)| target == seen.target());
            match answers
                .next()
                .filter(|_| seen.method == "GET" || seen.target() == read && seen.body.is_none())
            {
                Some((_, json)) if seen.method == "GET" => Response::json(json),
                _ => Response::Lost,
            }
        });
    }

    /// The requested effect, by facet, with pointers into the body resolved.
    fn wanted(&self, case: &Case) -> Vec<(&str, String)> {
        let constants = &self.method.constants;
        let sent = |pointer: &str| {
            let constant =
                constants.iter().find(|(known, _)| *known == pointer).map(|(_, value)| *value);
            let value = constant.or_else(|| case.fields.get(pointer));
            value.unwrap_or_else(|| panic!("{pointer} is not sent")).as_str().unwrap().to_owned()
        };
        let facets = self.method.wanted.iter();
        facets
            .map(|(facet, value)| {
                (*facet, if value.starts_with('/') { sent(value) } else { (*value).to_owned() })
            })
            .collect()
    }

    /// Makes a response show the state, with all its times those of the call, or long
    /// before it.
    fn show(&self, walk: &Walk<'_>, json: &mut Value, case: &Case, shown: Shown) {
        let time = match shown {
            Shown::Before => "2020-01-01T00:00:00Z".to_owned(),
            _ => walk.clients.clock.now().to_rfc3339(),
        };
        shown::set_times(json, &time);
        for (facet, value) in self.wanted(case) {
            let is_state = !self.bears_no_state();
            let value = if shown == Shown::Unknown && is_state {
                "a-value-of-the-future".to_owned()
            } else {
                value
            };
            for (place, value) in shown::places(self.vendor.name, facet, &value) {
                if let Some(place) = json.pointer_mut(place) {
                    *place = value;
                }
            }
        }
    }

    fn bears_no_state(&self) -> bool {
        let mut facets = self.method.wanted.iter();
        facets.all(|(facet, value)| shown::bears_no_state(self.vendor.name, facet, value))
    }

    fn is_never_proven(&self) -> bool {
        self.method.wanted.iter().any(|(facet, _)| shown::is_never_proven(self.vendor.name, facet))
    }
}
