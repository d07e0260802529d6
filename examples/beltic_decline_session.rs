//! Declines a Beltic identity session.
//!
//! `cargo run --example beltic_decline_session --features beltic,sandbox` uses the
//! sandbox. If `BELTIC_API_KEY` is set in the environment, it uses Beltic, and takes the
//! session's id as argument.

mod support;

use kyc_review::beltic::Beltic;
use kyc_review::beltic::types::SessionStatus;
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (beltic, id) = if support::is_live("BELTIC_API_KEY") {
        (Beltic::from_env()?, support::subject()?)
    } else {
        (sandbox.beltic(), sandbox.seed().beltic_session(SessionStatus::Completed).to_string())
    };

    let before = beltic.sessions().get(&id).await?;
    println!("before: {}", before.status());

    let session = beltic.sessions().decline(&id).await?;
    println!("after:  {} (attempts: {})", session.status(), session.attempts());

    if session.status() == &SessionStatus::Declined {
        Ok(())
    } else {
        Err("the session is not declined".into())
    }
}
