//! Makes one decision with each of the five vendors. Prints a row per decision, and exits
//! with status 1 if one did not have the requested result.
//!
//! `cargo run --example review --features full,sandbox` uses the sandbox. A vendor whose
//! keys are set in the environment is used itself, with the subject in the last column:
//!
//! | vendor | keys | subject |
//! |---|---|---|
//! | Beltic | `BELTIC_API_KEY` | `BELTIC_SESSION_ID`, declined |
//! | Persona | `PERSONA_API_KEY` | `PERSONA_INQUIRY_SESSION_ID`, expired |
//! | Provide | `PROVIDE_API_TOKEN` | `PROVIDE_KYC_APPLICATION_ID`, accepted |
//! | Rebilly | `REBILLY_API_KEY`, `REBILLY_ORGANIZATION_ID` | `REBILLY_KYC_DOCUMENT_ID`, rejected |
//! | Sumsub | `SUMSUB_APP_TOKEN`, `SUMSUB_SECRET_KEY` | `SUMSUB_TRANSACTION_ID`, approved |

mod support;

use std::process::ExitCode;

use kyc_review::Reply;
use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::types::RejectionReason;
use kyc_review::sandbox::Sandbox;
use kyc_review::sumsub::Sumsub;

/// The result of one decision.
struct Row {
    vendor: &'static str,
    subject: String,
    decision: &'static str,
    before: String,
    after: String,
    wanted: &'static str,
    request: String,
    attempts: u32,
    millis: f64,
}

impl Row {
    fn new<T>(
        (vendor, decision, wanted): (&'static str, &'static str, &'static str),
        subject: &str,
        (before, after): (String, String),
        reply: &Reply<T>,
    ) -> Self {
        let request = reply.request_id().unwrap_or("-").to_owned();
        let (attempts, millis) = (reply.attempts(), 1000.0 * reply.elapsed().as_secs_f64());
        Self {
            vendor,
            subject: subject.to_owned(),
            decision,
            before,
            after,
            wanted,
            request,
            attempts,
            millis,
        }
    }

    fn is_as_asked(&self) -> bool {
        self.after == self.wanted
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let sandbox = match Sandbox::start().await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let rows = [
        ("beltic", beltic(&sandbox).await),
        ("persona", persona(&sandbox).await),
        ("provide", provide(&sandbox).await),
        ("rebilly", rebilly(&sandbox).await),
        ("sumsub", sumsub(&sandbox).await),
    ];
    println!(
        "{:8} {:36} {:9} {:12} {:18} {:24} {:>8} {:>6}  as asked",
        "vendor", "subject", "decision", "before", "after", "request id", "attempts", "ms"
    );
    let mut all_as_asked = true;
    for (vendor, row) in rows {
        match row {
            Ok(row) => {
                let Row {
                    vendor, subject, decision, before, after, request, attempts, millis, ..
                } = &row;
                let as_asked = if row.is_as_asked() { "yes" } else { "NO" };
                println!(
                    "{vendor:8} {subject:36} {decision:9} {before:12} {after:18} {request:24} \
                     {attempts:>8} {millis:>6.1}  {as_asked}"
                );
                all_as_asked &= row.is_as_asked();
            }
            Err(error) => {
                println!("{vendor:8} {error}");
                all_as_asked = false;
            }
        }
    }
    if all_as_asked { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Outcome = Result<Row, Box<dyn std::error::Error>>;

async fn beltic(sandbox: &Sandbox) -> Outcome {
    let (beltic, id) = if support::is_live("BELTIC_API_KEY") {
        (Beltic::from_env()?, std::env::var("BELTIC_SESSION_ID")?)
    } else {
        (sandbox.beltic(), sandbox.seed().beltic_session("completed").to_string())
    };
    let before = beltic.sessions().get(&id).await?.status().to_string();
    let session = beltic.sessions().decline(&id).await?;
    Ok(Row::new(
        ("beltic", "decline", "declined"),
        &id,
        (before, session.status().to_string()),
        &session,
    ))
}

async fn persona(sandbox: &Sandbox) -> Outcome {
    let (persona, id) = if support::is_live("PERSONA_API_KEY") {
        (Persona::from_env()?, std::env::var("PERSONA_INQUIRY_SESSION_ID")?)
    } else {
        (sandbox.persona(), sandbox.seed().inquiry_session("active").to_string())
    };
    let before = persona.inquiry_sessions().get(&id).await?.status().to_string();
    let session = persona.inquiry_sessions().expire(&id).await?;
    Ok(Row::new(
        ("persona", "expire", "expired"),
        &id,
        (before, session.status().to_string()),
        &session,
    ))
}

async fn provide(sandbox: &Sandbox) -> Outcome {
    let (provide, id) = if support::is_live("PROVIDE_API_TOKEN") {
        (Provide::from_env()?, std::env::var("PROVIDE_KYC_APPLICATION_ID")?)
    } else {
        (sandbox.provide(), sandbox.seed().kyc_application("review").to_string())
    };
    let before = provide.kyc_applications().get(&id).await?.status().to_string();
    let application = provide.kyc_applications().accept(&id).await?;
    let states = (before, application.status().to_string());
    Ok(Row::new(("provide", "accept", "accepted"), &id, states, &application))
}

async fn rebilly(sandbox: &Sandbox) -> Outcome {
    let (rebilly, id) = if support::is_live("REBILLY_API_KEY") {
        (Rebilly::from_env()?, std::env::var("REBILLY_KYC_DOCUMENT_ID")?)
    } else {
        (sandbox.rebilly(), sandbox.seed().kyc_document("pending").to_string())
    };
    let before = rebilly.kyc_documents().get(&id).await?.status().to_string();
    let document = rebilly.kyc_documents().reject(&id, RejectionReason::DocumentUnreadable).await?;
    let states = (before, document.status().to_string());
    Ok(Row::new(("rebilly", "reject", "rejected"), &id, states, &document))
}

async fn sumsub(sandbox: &Sandbox) -> Outcome {
    let (sumsub, id) = if support::is_live("SUMSUB_APP_TOKEN") {
        (Sumsub::from_env()?, std::env::var("SUMSUB_TRANSACTION_ID")?)
    } else {
        (sandbox.sumsub(), sandbox.seed().transaction().to_string())
    };
    let before = sumsub.transactions().get(&id).await?;
    let transaction = sumsub.transactions().approve(&id).await?;
    // A status alone is not a decision: `completed` comes with an answer.
    let after = if transaction.is_approved() {
        "completed GREEN"
    } else {
        transaction.review_status().as_str()
    };
    let states = (before.review_status().to_string(), after.to_owned());
    Ok(Row::new(("sumsub", "approve", "completed GREEN"), &id, states, &transaction))
}
