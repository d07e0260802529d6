//! A client of each vendor, all at the same server.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kyc_review::sandbox::ManualClock;
use kyc_review::{Error, Reconciled, RetryPolicy};

use super::call::Operation;
use super::on_demand::Read;
use super::server::Server;

/// Not a real address: the server is in the process.
pub const BASE: &str = "https://walk.example.test/prefix";

/// The key of every client.
pub const KEY: &str = "walk-key-0123456789";

/// What the walk needs for a vendor.
pub struct Vendor {
    pub name: &'static str,
    pub operations: &'static [Operation],
    /// Types that no operation responds with.
    pub types: &'static [(&'static str, Read)],
    pub reconcile: for<'a> fn(&'a Clients, &'a Error) -> Reconciling<'a>,
}

pub type Reconciling<'a> = Pin<Box<dyn Future<Output = Result<Reconciled, Error>> + Send + 'a>>;

macro_rules! clients {
    ($($feature:literal as $vendor:ident: $client:ident, |$builder:ident| $set:expr;)*) => {
        pub struct Clients {
            pub clock: Arc<ManualClock>,
            $(
                #[cfg(feature = $feature)]
                pub $vendor: kyc_review::$vendor::$client,
            )*
        }

        impl Clients {
            pub fn of(server: &Server) -> Self {
                let clock = Arc::new(ManualClock::new());
                Self {
                    $(
                        #[cfg(feature = $feature)]
                        $vendor: {
                            let $builder = kyc_review::$vendor::$client::builder();
                            let builder = $set.base_url(BASE).sender(server.clone());
                            let builder = builder.clock(Arc::clone(&clock) as _);
                            let builder = builder.retry(RetryPolicy::new().max_attempts(3));
                            // Thousands of failures in a row: the budget and the limits
                            // have tests of their own.
                            builder.retry_budget(u32::MAX).limits([]).build().unwrap()
                        },
                    )*
                    clock,
                }
            }
        }
    };
}

clients! {
    "beltic" as beltic: Beltic, |builder| builder.api_key(KEY);
    "persona" as persona: Persona, |builder| builder.api_key(KEY);
    "provide" as provide: Provide, |builder| builder.token(KEY);
    "rebilly" as rebilly: Rebilly, |builder| builder.organization_id("org_TEST").api_key(KEY);
    "sumsub" as sumsub: Sumsub, |builder| builder.app_token(KEY).secret_key("secret");
}
