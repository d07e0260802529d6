//! New KYC applications.

use std::fmt;

use reqwest::Url;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::api::provide::enums::{KycApplicationType, KycProvider};
use crate::api::provide::types::{
    IdentityMindParams, KycApplicationCreate, KycApplicationCreateParams, VouchedParams,
};
use crate::value::{IntoValue, Personal, Sealed};

/// A new KYC application, for
/// [`KycApplications::create`](super::resources::KycApplications::create). Source:
/// <https://docs.provide.services/kyc/applications>.
///
/// A status cannot be set, because the published server would store it. `params` is
/// always sent, at least as `{}`, because that server crashes without it.
#[derive(Clone)]
#[must_use = "an application does nothing until it is passed to `KycApplications::create`"]
pub struct NewKycApplication {
    body: KycApplicationCreate,
    problem: Option<&'static str>,
}

impl NewKycApplication {
    /// Returns an application with nothing set. With a user's token, that is one for a
    /// person, with the vendor's default provider.
    pub fn new() -> Self {
        let params = KycApplicationCreateParams::default();
        let body =
            KycApplicationCreate { user_id: None, provider: None, type_: None, name: None, params };
        Self { body, problem: None }
    }

    /// Sets the Provide user who is the subject: a UUID. Required with an application's
    /// token; with a user's token the vendor uses that user instead.
    pub fn user_id(mut self, id: impl ToString) -> Self {
        self.body.user_id = Some(id.to_string());
        self
    }

    /// Sets the provider that verifies the subject. The vendor's default is `vouched`.
    pub fn provider(mut self, provider: impl Into<KycProvider>) -> Self {
        self.body.provider = Some(provider.into());
        self
    }

    /// Sets whether a person (`kyc`, the vendor's default) or a business (`kyb`) is
    /// verified.
    pub fn application_type(mut self, kind: impl Into<KycApplicationType>) -> Self {
        self.body.type_ = Some(kind.into());
        self
    }

    /// Sets the name of the subject. If it is not set, the vendor takes it from the
    /// params or from the user.
    pub fn name(mut self, name: impl Into<Personal<String>>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Sets what is submitted to the provider.
    pub fn params(mut self, params: NewKycApplicationParams) -> Self {
        self.body.params = params.members;
        self.problem = params.problem;
        self
    }
}

impl IntoValue<KycApplicationCreate> for NewKycApplication {
    fn into_value(self, _: Sealed) -> Result<KycApplicationCreate, &'static str> {
        let is_blank = |text: Option<&str>| text.is_some_and(|text| text.trim().is_empty());
        if is_blank(self.body.user_id.as_deref()) {
            return Err("must not have an empty `user_id`");
        }
        if is_blank(self.body.provider.as_ref().map(KycProvider::as_str)) {
            return Err("must not have an empty `provider`");
        }
        if is_blank(self.body.type_.as_ref().map(KycApplicationType::as_str)) {
            return Err("must not have an empty `type`");
        }
        if self.body.params.webhook_url.as_ref().is_some_and(|url| !is_web_address(url.expose())) {
            return Err("must have an http or https URL as `webhook_url`");
        }
        self.problem.map_or(Ok(self.body), Err)
    }
}

impl Default for NewKycApplication {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for NewKycApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKycApplication")
            .field("provider", &self.body.provider)
            .field("type", &self.body.type_)
            .finish_non_exhaustive()
    }
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The data that is submitted to the provider. Its fields fit every provider, and the
/// vendor translates them. Parameters that only one provider understands are set with
/// [`vouched`](Self::vouched), [`identitymind`](Self::identitymind) or
/// [`provider_params`](Self::provider_params); the vendor passes them on unchanged, and
/// they override what it makes from the fields.
///
/// The vendor drops fields that it does not list, so no others can be set. Source:
/// <https://docs.provide.services/kyc/applications>.
///
/// ```
/// use kyc_review::provide::NewKycApplicationParams;
/// use kyc_review::provide::types::IdentityMindParams;
///
/// let params = NewKycApplicationParams::new()
///     .first_name("Ada")
///     .last_name("Example")
///     .identitymind(IdentityMindParams::default().tea("ada@example.test"))
///     .provider_params(serde_json::json!({ "a_key_of_tomorrow": true }));
/// assert!(!format!("{params:?}").contains("Ada"));
/// ```
#[derive(Clone, Default)]
#[must_use = "params do nothing until they are passed to `NewKycApplication::params`"]
pub struct NewKycApplicationParams {
    members: KycApplicationCreateParams,
    problem: Option<&'static str>,
}

impl NewKycApplicationParams {
    /// Returns params with nothing set: `{}`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the kind of job at the provider: `id-verification` for Vouched. Not the type
    /// of the application.
    pub fn job_type(mut self, kind: impl Into<String>) -> Self {
        self.members.type_ = Some(kind.into());
        self
    }

    /// Sets the affiliate at the provider. Meant for IdentityMind, but the published
    /// server never passes it on: set [`IdentityMindParams::aflid`] as well.
    pub fn affiliate_id(mut self, id: impl Into<String>) -> Self {
        self.members.affiliate_id = Some(id.into());
        self
    }

    /// Sets the given names.
    pub fn first_name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.first_name = Some(value.into());
        self
    }

    /// Sets the family names.
    pub fn last_name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.last_name = Some(value.into());
        self
    }

    /// Sets the full name.
    pub fn name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.name = Some(value.into());
        self
    }

    /// Sets the date of birth, in any format: the vendor passes it on unchanged.
    pub fn date_of_birth(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.date_of_birth = Some(value.into());
        self
    }

    /// Sets the e-mail address. Meant for IdentityMind, but the published server never
    /// passes it on: set [`IdentityMindParams::tea`] as well.
    pub fn email(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.email = Some(value.into());
        self
    }

    /// Sets the number of the identity document, by which the vendor searches for
    /// duplicates.
    pub fn id_number(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_number = Some(value.into());
        self
    }

    /// Sets the social security number. Meant for IdentityMind, but the published server
    /// never passes it on: set [`IdentityMindParams::assn`] as well.
    pub fn ssn(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.ssn = Some(value.into());
        self
    }

    /// Sets the front of the identity document, as base64.
    pub fn id_photo(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_photo = Some(value.into());
        self
    }

    /// Sets the back of the identity document, as base64.
    pub fn id_photo_back(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_photo_back = Some(value.into());
        self
    }

    /// Sets a picture of the subject, as base64.
    pub fn selfie(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.selfie = Some(value.into());
        self
    }

    /// Sets a video of the subject, as base64. The published server passes it to no
    /// provider.
    pub fn selfie_video(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.selfie_video = Some(value.into());
        self
    }

    /// Sets the http or https URL that changes of the status are posted to. Vouched
    /// receives the URL too and posts messages of its own there, which Provide has not
    /// signed.
    pub fn webhook_url(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.webhook_url = Some(value.into());
        self
    }

    /// Merges parameters of a Vouched job into those that are passed on unchanged.
    pub fn vouched(self, params: VouchedParams) -> Self {
        self.provider_params(params)
    }

    /// Merges parameters of an IdentityMind application into those that are passed on
    /// unchanged.
    pub fn identitymind(self, params: IdentityMindParams) -> Self {
        self.provider_params(params)
    }

    /// Merges any other parameters of the provider, given as a value that serialises to a
    /// JSON object, into those that are passed on unchanged. An existing key is replaced.
    /// Any other value fails the call with
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) before anything
    /// is sent.
    pub fn provider_params(mut self, params: impl Serialize) -> Self {
        match serde_json::to_value(params) {
            Ok(Value::Object(params)) => {
                let mut merged =
                    self.members.params.take().map_or_else(Map::new, Personal::into_exposed);
                merged.extend(params);
                self.members.params = Some(Personal::new(merged));
            }
            _ => self.problem = Some("must have a JSON object as provider parameters"),
        }
        self
    }
}

impl fmt::Debug for NewKycApplicationParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKycApplicationParams([personal])")
    }
}
