//! An application's status, and typed views of what its provider says.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use crate::api::provide::enums::{KycApplicationStatus, KycProvider};
use crate::api::provide::types::{
    IdentityMindRepresentation, KycApplication, VouchedRepresentation,
};
use crate::call::error::Failure;
use crate::call::{Error, ErrorKind, Vendor};

/// The status of an application that has none.
static NO_STATUS: LazyLock<KycApplicationStatus> = LazyLock::new(|| KycApplicationStatus::from(""));

impl KycApplication {
    /// Returns its status; empty if the vendor sends none.
    #[must_use]
    pub fn status(&self) -> &KycApplicationStatus {
        self.status.as_ref().unwrap_or(&NO_STATUS)
    }

    /// Returns what Vouched says of its job; `None` if the response has no
    /// `provider_representation`.
    ///
    /// The field keeps the whole value, including fields and forms that are unknown to
    /// this view.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if the application names another provider, or if the value
    /// does not have the known shape of Vouched. The error shows no value. The call
    /// itself never fails because of it.
    pub fn as_vouched(&self) -> Result<Option<VouchedRepresentation>, Error> {
        self.view(&KycProvider::Vouched)
    }

    /// Returns what IdentityMind says of its transaction; `None` if the response has no
    /// `provider_representation`.
    ///
    /// The field keeps the whole value, including fields and forms that are unknown to
    /// this view.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if the application names another provider, or if the value
    /// does not have the known shape of IdentityMind. The error shows no value. The call
    /// itself never fails because of it.
    pub fn as_identitymind(&self) -> Result<Option<IdentityMindRepresentation>, Error> {
        self.view(&KycProvider::Identitymind)
    }

    fn view<T: DeserializeOwned>(&self, provider: &KycProvider) -> Result<Option<T>, Error> {
        let Some(representation) = &self.provider_representation else {
            return Ok(None);
        };
        if self.provider.as_ref().is_some_and(|named| named != provider) {
            return Err(undecodable("unexpected `provider`: must be that of the view"));
        }
        // Every field is optional, and a list would be read as the fields in order.
        let representation = representation.expose();
        if !representation.is_object() {
            return Err(undecodable("unexpected `provider_representation`: must be a JSON object"));
        }
        // The cause quotes the value, so it is dropped.
        let view = T::deserialize(representation);
        view.map(Some).map_err(|_| {
            undecodable(
                "unexpected `provider_representation`: must have its provider's known shape",
            )
        })
    }
}

fn undecodable(note: &'static str) -> Error {
    let failure = Failure { vendor: Some(Vendor::Provide), ..Failure::default() };
    failure.error(ErrorKind::Decode).note(note)
}
