//! Reviews Persona inquiries: approves one with a comment, declines another, and sends a
//! third to manual review.
//!
//! `cargo run --example persona_review_inquiry --features persona,sandbox` uses the
//! sandbox. If `PERSONA_API_KEY` is set in the environment, it uses Persona: it takes one
//! inquiry's id as first argument, the action as second (`approve`, `decline` or
//! `review`), and does nothing else.

#![allow(clippy::print_stdout)]

mod support;

use kyc_review::persona::Persona;
use kyc_review::persona::types::{Account, InquiryInclude, InquiryStatus};
use kyc_review::sandbox::Sandbox;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    if support::is_live("PERSONA_API_KEY") {
        let action = std::env::args()
            .nth(2)
            .ok_or("missing second argument: must be `approve`, `decline` or `review`")?;
        return review(&Persona::from_env()?, &support::subject()?, &action).await;
    }
    let sandbox = Sandbox::start().await?;
    let persona = sandbox.persona();
    for action in ["approve", "decline", "review"] {
        let id = sandbox.seed().inquiry(InquiryStatus::Completed);
        review(&persona, id.as_str(), action).await?;
    }
    Ok(())
}

async fn review(persona: &Persona, id: &str, action: &str) -> Outcome {
    let inquiries = persona.inquiries();
    let (inquiry, wanted) = match action {
        "approve" => {
            let request =
                inquiries.approve(id).comment("Documents match").include([InquiryInclude::Account]);
            (request.await?, InquiryStatus::Approved)
        }
        "decline" => {
            (inquiries.decline(id).comment("Document expired").await?, InquiryStatus::Declined)
        }
        "review" => (inquiries.mark_for_review(id).await?, InquiryStatus::NeedsReview),
        _ => return Err("invalid action: must be `approve`, `decline` or `review`".into()),
    };
    println!("{action}: {} (idempotency key {:?})", inquiry.status(), inquiry.idempotency_key());
    for account in inquiry.included::<Account>()? {
        let since = account.attributes.and_then(|attributes| attributes.created_at);
        println!("  account created at {since:?}");
    }
    if inquiry.status() == &wanted {
        Ok(())
    } else {
        Err("unexpected status: the decision was not applied".into())
    }
}
