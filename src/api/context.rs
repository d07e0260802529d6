//! The state of a client.

use std::fmt;
use std::sync::Arc;

use crate::call::{CallOptions, Clock};
use crate::transport::Transport;

/// A client's shared transport, and the options of this clone.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) transport: Arc<Transport>,
    pub(crate) options: Arc<CallOptions>,
}

impl Context {
    pub(crate) fn new(transport: Arc<Transport>) -> Self {
        Self { transport, options: Arc::default() }
    }

    /// Returns the client's source of time.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.transport.config.clock)
    }

    /// Returns a copy with further options.
    pub(crate) fn with(&self, options: CallOptions) -> Self {
        Self {
            transport: Arc::clone(&self.transport),
            options: Arc::new(options.over(&self.options)),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("options", &self.options).finish_non_exhaustive()
    }
}
