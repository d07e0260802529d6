//! What a new KYC application is made of.

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
/// It has no status: the published server would store one that came along. `params`
/// always goes out, at least as `{}`, without which that server crashes.
#[derive(Clone)]
#[must_use = "it is sent by KycApplications::create"]
pub struct NewKycApplication {
    body: KycApplicationCreate,
    problem: Option<&'static str>,
}

impl NewKycApplication {
    /// An application of which nothing is said: for the token of a user, a person, with
    /// the vendor's default provider.
    pub fn new() -> Self {
        let params = KycApplicationCreateParams::default();
        let body =
            KycApplicationCreate { user_id: None, provider: None, type_: None, name: None, params };
        Self { body, problem: None }
    }

    /// The Provide user who is the subject: a UUID. Needed with the token of an
    /// application; with the token of a user the vendor puts that user in its place.
    pub fn user_id(mut self, id: impl ToString) -> Self {
        self.body.user_id = Some(id.to_string());
        self
    }

    /// Who verifies. The vendor's default is `vouched`.
    pub fn provider(mut self, provider: impl Into<KycProvider>) -> Self {
        self.body.provider = Some(provider.into());
        self
    }

    /// Whether a person (`kyc`, the vendor's default) or a business (`kyb`) is verified.
    pub fn application_type(mut self, kind: impl Into<KycApplicationType>) -> Self {
        self.body.type_ = Some(kind.into());
        self
    }

    /// The name of the subject. The vendor takes it from the params or from the user
    /// where it is not given.
    pub fn name(mut self, name: impl Into<Personal<String>>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// What is submitted to the provider.
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
            return Err("has an empty user id");
        }
        if is_blank(self.body.provider.as_ref().map(KycProvider::as_str)) {
            return Err("has an empty provider");
        }
        if is_blank(self.body.type_.as_ref().map(KycApplicationType::as_str)) {
            return Err("has an empty type");
        }
        if self.body.params.webhook_url.as_ref().is_some_and(|url| !is_web_address(url.expose())) {
            return Err("has a webhook URL that is no http or https URL");
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

/// What is submitted to the provider. The members fit every provider and are translated
/// by the vendor; what only one provider understands goes into
/// [`vouched`](Self::vouched), [`identitymind`](Self::identitymind) or
/// [`provider_params`](Self::provider_params), which the vendor hands on as it is, over
/// anything made from the members.
///
/// Members that the vendor does not list are dropped by it, so there is no way to set
/// others. Source: <https://docs.provide.services/kyc/applications>.
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
#[must_use = "it is sent as part of a NewKycApplication"]
pub struct NewKycApplicationParams {
    members: KycApplicationCreateParams,
    problem: Option<&'static str>,
}

impl NewKycApplicationParams {
    /// No member: `{}`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The kind of job at the provider: `id-verification` for Vouched. Not the type of
    /// the application.
    pub fn job_type(mut self, kind: impl Into<String>) -> Self {
        self.members.type_ = Some(kind.into());
        self
    }

    /// The affiliate at the provider. Meant for IdentityMind, which the published server
    /// never gives it to: use [`IdentityMindParams::aflid`] as well.
    pub fn affiliate_id(mut self, id: impl Into<String>) -> Self {
        self.members.affiliate_id = Some(id.into());
        self
    }

    /// Given names.
    pub fn first_name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.first_name = Some(value.into());
        self
    }

    /// Family names.
    pub fn last_name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.last_name = Some(value.into());
        self
    }

    /// The whole name.
    pub fn name(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.name = Some(value.into());
        self
    }

    /// The date of birth, in any form: the vendor hands it on untouched.
    pub fn date_of_birth(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.date_of_birth = Some(value.into());
        self
    }

    /// The e-mail address. Meant for IdentityMind, which the published server never gives
    /// it to: use [`IdentityMindParams::tea`] as well.
    pub fn email(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.email = Some(value.into());
        self
    }

    /// The number of the identity document; the vendor searches for duplicates by it.
    pub fn id_number(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_number = Some(value.into());
        self
    }

    /// The social security number. Meant for IdentityMind, which the published server
    /// never gives it to: use [`IdentityMindParams::assn`] as well.
    pub fn ssn(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.ssn = Some(value.into());
        self
    }

    /// The front of the identity document, as base64.
    pub fn id_photo(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_photo = Some(value.into());
        self
    }

    /// The back of the identity document, as base64.
    pub fn id_photo_back(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.id_photo_back = Some(value.into());
        self
    }

    /// A picture of the subject, as base64.
    pub fn selfie(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.selfie = Some(value.into());
        self
    }

    /// A video of the subject, as base64. The published server hands it to no provider.
    pub fn selfie_video(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.selfie_video = Some(value.into());
        self
    }

    /// Where changes of the status are announced: an http or https URL. Vouched is given
    /// it too and posts messages of its own there, which Provide has not signed.
    pub fn webhook_url(mut self, value: impl Into<Personal<String>>) -> Self {
        self.members.webhook_url = Some(value.into());
        self
    }

    /// Parameters of a Vouched job, merged into what is handed on as it is.
    pub fn vouched(self, params: VouchedParams) -> Self {
        self.provider_params(params)
    }

    /// Parameters of an IdentityMind application, merged into what is handed on as it is.
    pub fn identitymind(self, params: IdentityMindParams) -> Self {
        self.provider_params(params)
    }

    /// Any other parameters of the provider: what serialises to a JSON object, merged
    /// into what is handed on as it is. A key that is already there is replaced. What is
    /// no object fails the call with
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything
    /// is sent.
    pub fn provider_params(mut self, params: impl Serialize) -> Self {
        match serde_json::to_value(params) {
            Ok(Value::Object(params)) => {
                let mut merged =
                    self.members.params.take().map_or_else(Map::new, Personal::into_exposed);
                merged.extend(params);
                self.members.params = Some(Personal::new(merged));
            }
            _ => self.problem = Some("has provider parameters that are no JSON object"),
        }
        self
    }
}

impl fmt::Debug for NewKycApplicationParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKycApplicationParams([personal])")
    }
}
