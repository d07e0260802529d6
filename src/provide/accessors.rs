//! What an application says of itself, and typed views of what its provider says.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use crate::api::provide::enums::{KycApplicationStatus, KycProvider};
use crate::api::provide::types::{
    IdentityMindRepresentation, KycApplication, VouchedRepresentation,
};
use crate::call::error::Failure;
use crate::call::{Error, ErrorKind, Vendor};

/// What an application without a status has.
static NO_STATUS: LazyLock<KycApplicationStatus> = LazyLock::new(|| KycApplicationStatus::from(""));

impl KycApplication {
    /// Its status; an empty text where the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &KycApplicationStatus {
        self.status.as_ref().unwrap_or(&NO_STATUS)
    }

    /// What Vouched says of its job; `None` where the answer has no
    /// `provider_representation`.
    ///
    /// The field keeps the whole value, with members and forms that this view does not
    /// know.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] where the application names another provider, or the value
    /// is not of the shape that is known of Vouched. The error shows no value. The answer
    /// itself never fails for it.
    pub fn as_vouched(&self) -> Result<Option<VouchedRepresentation>, Error> {
        self.view(&KycProvider::Vouched)
    }

    /// What IdentityMind says of its transaction; `None` where the answer has no
    /// `provider_representation`.
    ///
    /// The field keeps the whole value, with members and forms that this view does not
    /// know.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] where the application names another provider, or the value
    /// is not of the shape that is known of IdentityMind. The error shows no value. The
    /// answer itself never fails for it.
    pub fn as_identitymind(&self) -> Result<Option<IdentityMindRepresentation>, Error> {
        self.view(&KycProvider::Identitymind)
    }

    fn view<T: DeserializeOwned>(&self, provider: &KycProvider) -> Result<Option<T>, Error> {
        let Some(representation) = &self.provider_representation else {
            return Ok(None);
        };
        if self.provider.as_ref().is_some_and(|named| named != provider) {
            return Err(undecodable("the application names another provider"));
        }
        // Every member is optional, but a list would be read as members in order.
        let representation = representation.expose();
        if !representation.is_object() {
            return Err(undecodable("provider_representation is no object"));
        }
        // The cause quotes what it met, so it is dropped.
        let view = T::deserialize(representation);
        view.map(Some).map_err(|_| {
            undecodable("provider_representation is not of the shape that is known of its provider")
        })
    }
}

fn undecodable(note: &'static str) -> Error {
    let failure = Failure { vendor: Some(Vendor::Provide), ..Failure::default() };
    failure.error(ErrorKind::Decode).note(note)
}
