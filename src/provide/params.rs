//! The params of a response, at whatever level their fields are.

use serde_json::Value;

use crate::api::provide::types::KycApplicationParams;
use crate::value::Personal;

/// Responses come in three forms: the fields that fit every provider, those of one
/// provider beside them, or the former one level down in `params`. The struct's fields
/// hold the form that was received; the methods of the same names read every form, and
/// prefer the upper level. Source: <https://docs.provide.services/kyc/applications>.
impl KycApplicationParams {
    /// Returns the given names.
    #[must_use]
    pub fn first_name(&self) -> Option<Personal<&str>> {
        self.text(self.first_name.as_ref(), "first_name")
    }

    /// Returns the family names.
    #[must_use]
    pub fn last_name(&self) -> Option<Personal<&str>> {
        self.text(self.last_name.as_ref(), "last_name")
    }

    /// Returns the full name.
    #[must_use]
    pub fn name(&self) -> Option<Personal<&str>> {
        self.text(self.name.as_ref(), "name")
    }

    /// Returns the date of birth as it was submitted, in any format.
    #[must_use]
    pub fn date_of_birth(&self) -> Option<Personal<&str>> {
        self.text(self.date_of_birth.as_ref(), "date_of_birth")
    }

    /// Returns the e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<Personal<&str>> {
        self.text(self.email.as_ref(), "email")
    }

    /// Returns the number of the identity document.
    #[must_use]
    pub fn id_number(&self) -> Option<Personal<&str>> {
        self.text(self.id_number.as_ref(), "id_number")
    }

    /// Returns the social security number.
    #[must_use]
    pub fn ssn(&self) -> Option<Personal<&str>> {
        self.text(self.ssn.as_ref(), "ssn")
    }

    /// Returns the front of the identity document, as base64; may be empty.
    #[must_use]
    pub fn id_photo(&self) -> Option<Personal<&str>> {
        self.text(self.id_photo.as_ref(), "id_photo")
    }

    /// Returns the back of the identity document, as base64.
    #[must_use]
    pub fn id_photo_back(&self) -> Option<Personal<&str>> {
        self.text(self.id_photo_back.as_ref(), "id_photo_back")
    }

    /// Returns a picture of the subject, as base64.
    #[must_use]
    pub fn selfie(&self) -> Option<Personal<&str>> {
        self.text(self.selfie.as_ref(), "selfie")
    }

    /// Returns a video of the subject, as base64.
    #[must_use]
    pub fn selfie_video(&self) -> Option<Personal<&str>> {
        self.text(self.selfie_video.as_ref(), "selfie_video")
    }

    /// Returns the URL that changes of the status are posted to.
    #[must_use]
    pub fn webhook_url(&self) -> Option<Personal<&str>> {
        self.text(self.webhook_url.as_ref(), "webhook_url")
    }

    /// Returns a text of the upper level, or else the one of the same name below.
    fn text<'a>(
        &'a self,
        flat: Option<&'a Personal<String>>,
        name: &str,
    ) -> Option<Personal<&'a str>> {
        flat.map(|value| Personal::new(value.expose().as_str())).or_else(|| self.nested_text(name))
    }

    /// Returns the kind of job at the provider, such as `id-verification`. Not the type
    /// of the application.
    #[must_use]
    pub fn job_type(&self) -> Option<&str> {
        self.type_.as_deref().or_else(|| self.nested("type")?.as_str())
    }

    /// Returns the affiliate at the provider.
    #[must_use]
    pub fn affiliate_id(&self) -> Option<&str> {
        self.affiliate_id.as_deref().or_else(|| self.nested("affiliate_id")?.as_str())
    }

    /// Returns a parameter by the provider's own name (`man`, `dob`), from beside the
    /// fields or one level down; `None` if it is null.
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
