//! Creates a Provide KYC application and reads it back.
//!
//! `cargo run --example provide_create_application --features provide,sandbox` uses the
//! sandbox. If `PROVIDE_API_TOKEN` is set in the environment, it uses Provide, for the
//! user whose id is in `PROVIDE_USER_ID`.

mod support;

use kyc_review::provide::types::KycProvider;
use kyc_review::provide::{NewKycApplication, NewKycApplicationParams, Provide};
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (provide, user_id) = if support::is_live("PROVIDE_API_TOKEN") {
        let user_id = std::env::var("PROVIDE_USER_ID")
            .map_err(|_| "`PROVIDE_USER_ID` is not set: must be the id of a user")?;
        (Provide::from_env()?, user_id)
    } else {
        (sandbox.provide(), sandbox.seed().provide_user())
    };

    let params = NewKycApplicationParams::new()
        .job_type("id-verification")
        .first_name("Ada")
        .last_name("Example")
        .date_of_birth("1990-05-15");
    let new =
        NewKycApplication::new().user_id(user_id).provider(KycProvider::Vouched).params(params);
    let created = provide.kyc_applications().create(new).await?;
    println!("created:   {} ({})", created.id, created.status());

    let read = provide.kyc_applications().get(&created.id).await?;
    println!("read back: {} ({})", read.id, read.status());

    if read.id == created.id {
        Ok(())
    } else {
        Err("unexpected application: must be the one that was created".into())
    }
}
