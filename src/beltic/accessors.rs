//! Accessors for what reviewers most often read from a response.

use std::sync::LazyLock;

use crate::api::beltic::enums::{CredentialStatus, SessionStatus};
use crate::api::beltic::types::{Credential, IdentityNumber, Session, SessionAttributes};

static NO_CREDENTIAL_STATUS: LazyLock<CredentialStatus> =
    LazyLock::new(|| CredentialStatus::from(""));

impl Credential {
    /// Returns its status; empty if the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &CredentialStatus {
        self.status.as_ref().unwrap_or(&NO_CREDENTIAL_STATUS)
    }
}

/// The status of a session that has none.
static NO_STATUS: LazyLock<SessionStatus> = LazyLock::new(|| SessionStatus::from(""));

impl Session {
    /// Returns its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns its status; empty if the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &SessionStatus {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.status.as_ref())
            .unwrap_or(&NO_STATUS)
    }
}

impl SessionAttributes {
    /// Returns the identity numbers, whether the vendor sends one object, a list or null.
    /// Items of another shape are left out here, but the field itself keeps them.
    #[must_use]
    pub fn identity_number_list(&self) -> Vec<IdentityNumber> {
        let Some(value) = &self.identity_numbers else {
            return Vec::new();
        };
        let value = value.expose();
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let objects = items.iter().filter(|item| item.is_object());
        objects.filter_map(|item| serde::Deserialize::deserialize(item).ok()).collect()
    }
}
