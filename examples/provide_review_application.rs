//! Decides on Provide KYC applications: accepts one, rejects another, and sets a third to
//! `remediate`.
//!
//! `cargo run --example provide_review_application --features provide,sandbox` uses the
//! sandbox. If `PROVIDE_API_TOKEN` is set in the environment, it uses Provide, and takes
//! one application's id and the action as arguments: `accept`, `reject`, `remediate` or
//! `review`.

mod support;

use kyc_review::provide::Provide;
use kyc_review::provide::resources::KycApplications;
use kyc_review::provide::types::KycApplicationStatus;
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if support::is_live("PROVIDE_API_TOKEN") {
        let action = std::env::args().nth(2).ok_or(
            "missing second argument: must be `accept`, `reject`, `remediate` or `review`",
        )?;
        return decide(&Provide::from_env()?.kyc_applications(), &support::subject()?, &action)
            .await;
    }
    let sandbox = Sandbox::start().await?;
    let applications = sandbox.provide().kyc_applications();
    for action in ["accept", "reject", "remediate"] {
        let id = sandbox.seed().kyc_application(KycApplicationStatus::Review);
        decide(&applications, id.as_str(), action).await?;
    }
    Ok(())
}

async fn decide(
    applications: &KycApplications,
    id: &str,
    action: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let before = applications.get(id).await?;
    let (call, wanted) = match action {
        "accept" => (applications.accept(id), KycApplicationStatus::Accepted),
        "reject" => (applications.reject(id), KycApplicationStatus::Rejected),
        "remediate" => (applications.remediate(id), KycApplicationStatus::Remediate),
        "review" => (applications.mark_for_review(id), KycApplicationStatus::Review),
        _ => {
            return Err(
                "invalid action: must be `accept`, `reject`, `remediate` or `review`".into()
            );
        }
    };
    let after = call.await?;
    println!(
        "{action}: {} -> {} (attempts: {})",
        before.status(),
        after.status(),
        after.attempts()
    );
    if after.status() == &wanted {
        Ok(())
    } else {
        Err("unexpected status: the decision was not applied".into())
    }
}
