//! What Persona tells about a call in headers of its own.

use super::auth::quota;
use crate::{RateLimit, Reply};

impl<T> Reply<T> {
    /// The environment that answered (`env_…`): the header `Persona-Environment-Id`. The key alone chooses it, so this is
    /// how a caller sees that a sandbox key has met sandbox data.
    #[must_use]
    pub fn persona_environment_id(&self) -> Option<&str> {
        self.header("persona-environment-id")
    }

    /// The organization that answered (`org_…`): the header `Persona-Organization-Id`.
    #[must_use]
    pub fn persona_organization_id(&self) -> Option<&str> {
        self.header("persona-organization-id")
    }

    /// The quota of the product that the call used, where Persona counts one beside the
    /// [`rate_limit`](Self::rate_limit): the headers `Quota-*`. Source: <https://docs.withpersona.com/rate-limiting>.
    #[must_use]
    pub fn persona_quota(&self) -> Option<RateLimit> {
        quota(self.headers())
    }
}
