//! The params of an answer, wherever their members stand.

use serde_json::Value;

use crate::api::provide::types::KycApplicationParams;
use crate::value::Personal;

/// Readers of the members that fit every provider.
macro_rules! readers {
    ($( $(#[$meta:meta])* $name:ident, )*) => { $(
        $(#[$meta])*
        #[must_use]
        pub fn $name(&self) -> Option<Personal<&str>> {
            let flat = self.$name.as_ref().map(|value| Personal::new(value.expose().as_str()));
            flat.or_else(|| self.nested_text(stringify!($name)))
        }
    )* };
}

/// Answers come in three forms: the members that fit every provider, those of one provider beside them, or the former one
/// level down in `params`. The fields show the form that came; the methods of the same names read any of them, and prefer
/// the upper level. Source: <https://docs.provide.services/kyc/applications>.
impl KycApplicationParams {
    readers! {
        /// Given names.
        first_name,
        /// Family names.
        last_name,
        /// The whole name.
        name,
        /// The date of birth as it was submitted, in any form.
        date_of_birth,
        /// The e-mail address.
        email,
        /// The number of the identity document.
        id_number,
        /// The social security number.
        ssn,
        /// The front of the identity document, as base64; may be empty.
        id_photo,
        /// The back of the identity document, as base64.
        id_photo_back,
        /// A picture of the subject, as base64.
        selfie,
        /// A video of the subject, as base64.
        selfie_video,
        /// Where changes of the status are announced.
        webhook_url,
    }

    /// The kind of job at the provider, such as `id-verification`. Not the type of the application.
    #[must_use]
    pub fn job_type(&self) -> Option<&str> {
        self.type_.as_deref().or_else(|| self.nested("type")?.as_str())
    }

    /// The affiliate at the provider.
    #[must_use]
    pub fn affiliate_id(&self) -> Option<&str> {
        self.affiliate_id.as_deref().or_else(|| self.nested("affiliate_id")?.as_str())
    }

    /// A parameter of the provider by its own name (`man`, `dob`), beside the members or one level down. Null is none.
    #[must_use]
    pub fn provider_param(&self, name: &str) -> Option<Personal<&Value>> {
        let flat = self.extra.get(name).map(Personal::expose).filter(|value| !value.is_null());
        flat.or_else(|| self.nested(name)).map(Personal::new)
    }

    fn nested(&self, name: &str) -> Option<&Value> {
        self.params.as_ref()?.expose().get(name).filter(|value| !value.is_null())
    }

    fn nested_text(&self, name: &str) -> Option<Personal<&str>> {
        self.nested(name)?.as_str().map(Personal::new)
    }
}
