//! The only code that opens a connection: it authorises, sends, bounds and classifies,
//! and retries what is safe.

mod base_url;
mod body;
mod budget;
mod config;
mod dialect;
mod exchange;
mod limit;
mod observe;
mod prepare;
mod retry;
mod send;

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use crate::call::{Clock, Sender};

pub(crate) use base_url::{prefix as base_prefix, prefix_path as base_path};
pub(crate) use config::{ClientConfig, common_builder_methods};
pub(crate) use dialect::{Dialect, ErrorFields};
pub(crate) use dialect::{number_header, retry_after_header, seconds_header, token_header};
pub(crate) use prepare::visible_header;

/// One client's connection pool, limits and vendor rules; shared by all its clones.
pub(crate) struct Transport {
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) base: Url,
    budget: budget::Budget,
    limiter: limit::Limiter,
    pub(crate) config: ClientConfig,
    pub(crate) dialect: Box<dyn Dialect>,
}

impl Transport {
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.config.clock
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("vendor", &self.dialect.vendor()).finish_non_exhaustive()
    }
}
