//! Makes a hundred thousand decisions with five vendors under random faults, then
//! compares what the client reported with the ledger of the vendors' side.
//!
//! `cargo run --release --example soak --features full,sandbox [-- DECISIONS [SEED]]`
//!
//! A tenth of all requests meets a fault: 429, 503, a late response, or a connection that
//! breaks before or after the vendor acts. Time runs two hundred times faster, which
//! shortens the back-offs. The exit status is 1 unless every count of what must not
//! happen is 0.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use kyc_review::sandbox::{RandomFaults, Sandbox};
use kyc_review::{Clock, Error, Reconcile, Reconciled, Reply, Sleep};

const CONCURRENCY: usize = 64;
const FAULTS_PER_MILLE: u16 = 100;
const FASTER: u32 = 200;
/// A decision that takes longer, on a real clock, counts as hung.
const HUNG: Duration = Duration::from_secs(120);

/// The system's clock, run faster.
#[derive(Debug)]
struct FastClock {
    real: Instant,
    start: DateTime<Utc>,
}

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + TimeDelta::from_std(self.real.elapsed() * FASTER).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration / FASTER))
    }
}

/// What the client reported of one decision.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    Applied,
    NotApplied,
    Otherwise,
    Unresolved,
    Hung,
}

#[derive(Default)]
struct Counts {
    unknown: AtomicU32,
    repeated: AtomicU32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let decisions = arguments.next().and_then(Result::ok).unwrap_or(100_000);
    let seed = arguments.next().and_then(Result::ok).unwrap_or(20_261_120);
    let clock = Arc::new(FastClock { real: Instant::now(), start: Utc::now() });
    let sandbox = match Sandbox::start_with(clock).await {
        Ok(sandbox) => Arc::new(sandbox),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    sandbox.random_faults(Some(RandomFaults::seeded(seed, FAULTS_PER_MILLE)));

    let counts = Arc::new(Counts::default());
    let next = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let started = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..CONCURRENCY {
        let (sandbox, counts, next) = (sandbox.clone(), counts.clone(), next.clone());
        workers.spawn(async move {
            let mut told = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= decisions {
                    return told;
                }
                let decided = tokio::time::timeout(HUNG, decide(&sandbox, &counts, number)).await;
                told.push(decided.unwrap_or_else(|_| (format!("hung {number}"), Told::Hung)));
            }
        });
    }
    let told: Vec<(String, Told)> = workers.join_all().await.into_iter().flatten().collect();
    let seconds = started.elapsed().as_secs_f64();
    reckon(&sandbox, &told, &counts, seed, seconds)
}

/// Compares what the client reported with what the vendors have done.
fn reckon(
    sandbox: &Sandbox,
    told: &[(String, Told)],
    counts: &Counts,
    seed: u64,
    seconds: f64,
) -> ExitCode {
    let ledger = sandbox.ledger();
    let mut applied = HashMap::<&str, u32>::new();
    for decision in ledger.all() {
        *applied.entry(&decision.subject).or_default() += 1;
    }
    let times = |id: &String| applied.get(id.as_str()).copied().unwrap_or(0);
    let count = |wrong: &dyn Fn(&String, Told) -> bool| {
        told.iter().filter(|(id, told)| wrong(id, *told)).count()
    };
    let wrong = [
        ("decisions applied twice", applied.values().filter(|times| **times > 1).count()),
        ("told applied that were not", count(&|id, told| told == Told::Applied && times(id) == 0)),
        (
            "told not applied that were",
            count(&|id, told| told == Told::NotApplied && times(id) > 0),
        ),
        ("told decided otherwise", count(&|_, told| told == Told::Otherwise)),
        ("unknown and not resolved", count(&|_, told| told == Told::Unresolved)),
        ("hung", count(&|_, told| told == Told::Hung)),
    ];
    println!(
        "seed {seed}, concurrency {CONCURRENCY}, {FAULTS_PER_MILLE} of 1000 requests hit by a fault"
    );
    println!("{:>9} decisions", told.len());
    println!("{:>9} requests that reached a vendor", sandbox.requests());
    println!("{:>9} sent more than once", counts.repeated.load(Ordering::Relaxed));
    println!("{:>9} of unknown outcome, read back", counts.unknown.load(Ordering::Relaxed));
    println!("{:>9} told applied", count(&|_, told| told == Told::Applied));
    println!("{:>9} told not applied", count(&|_, told| told == Told::NotApplied));
    println!("{:>9.0} decisions a second", told.len() as f64 / seconds);
    for (what, number) in wrong {
        println!("{number:>9} {what}");
    }
    if wrong.iter().all(|(_, number)| *number == 0) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Makes one decision on a subject of its own; the vendors take turns.
async fn decide(sandbox: &Sandbox, counts: &Counts, number: u64) -> (String, Told) {
    let seed = sandbox.seed();
    match number % 5 {
        0 => {
            let (id, beltic) = (seed.beltic_session("completed").to_string(), sandbox.beltic());
            let answer = beltic.sessions().decline(&id).await;
            (id, told(&beltic, counts, answer).await)
        }
        1 => {
            let (id, persona) = (seed.inquiry("needs_review").to_string(), sandbox.persona());
            let answer = persona.inquiries().approve(&id).await;
            (id, told(&persona, counts, answer).await)
        }
        2 => {
            let (id, provide) = (seed.kyc_application("review").to_string(), sandbox.provide());
            let answer = provide.kyc_applications().accept(&id).await;
            (id, told(&provide, counts, answer).await)
        }
        3 => {
            let (id, rebilly) = (seed.kyc_document("pending").to_string(), sandbox.rebilly());
            let answer = rebilly.kyc_documents().reject(&id, "document-expired").await;
            (id, told(&rebilly, counts, answer).await)
        }
        _ => {
            let (id, sumsub) = (seed.transaction().to_string(), sandbox.sumsub());
            let answer = sumsub.transactions().approve(&id).await;
            (id, told(&sumsub, counts, answer).await)
        }
    }
}

/// Returns what the response shows, or what reading the subject back does if the outcome
/// is unknown.
async fn told<T>(
    client: &impl Reconcile,
    counts: &Counts,
    answer: Result<Reply<T>, Error>,
) -> Told {
    let error = match answer {
        Ok(reply) => {
            counts.repeated.fetch_add(u32::from(reply.attempts() > 1), Ordering::Relaxed);
            return Told::Applied;
        }
        Err(error) if error.is_outcome_unknown() => error,
        Err(_) => return Told::NotApplied,
    };
    counts.unknown.fetch_add(1, Ordering::Relaxed);
    // Faults affect reading back too, and a caller would try again.
    for _ in 0..50 {
        match client.reconcile(&error).await {
            Ok(Reconciled::Applied(_) | Reconciled::AlreadyApplied(_)) => return Told::Applied,
            Ok(Reconciled::NotApplied(_)) => return Told::NotApplied,
            Ok(Reconciled::Superseded(_)) => return Told::Otherwise,
            Ok(_) => return Told::Unresolved,
            Err(_) => {}
        }
    }
    Told::Unresolved
}
