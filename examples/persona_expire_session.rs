//! Expires a session of a Persona inquiry.
//!
//! `cargo run --example persona_expire_session --features persona,sandbox` uses the
//! sandbox. If `PERSONA_API_KEY` is set in the environment, it uses Persona, and takes
//! the session's id as argument.

#![allow(clippy::print_stdout)]

mod support;

use kyc_review::persona::Persona;
use kyc_review::persona::types::InquirySessionStatus;
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (persona, id) = if support::is_live("PERSONA_API_KEY") {
        (Persona::from_env()?, support::subject()?)
    } else {
        (
            sandbox.persona(),
            sandbox.seed().inquiry_session(InquirySessionStatus::Active).to_string(),
        )
    };

    let before = persona.inquiry_sessions().get(&id).await?;
    println!("before: {}", before.status());

    let session = persona.inquiry_sessions().expire(&id).await?;
    println!(
        "after:  {} at {:?} (attempts: {})",
        session.status(),
        session.expired_at(),
        session.attempts()
    );

    if session.status() == &InquirySessionStatus::Expired {
        Ok(())
    } else {
        Err("the session is not expired".into())
    }
}
