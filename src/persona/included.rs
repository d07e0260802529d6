//! Included resources, which are of many types and so decoded on demand.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::error::Failure;
use crate::call::{Error, ErrorKind, Page, Reply, Vendor};
use crate::value::{Personal, json};

/// A type of included resource: any resource in the vendor's spec, or a family of them.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use kyc_review::persona::types::{InquiryInclude, InquiryStatus};
/// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::NeedsReview));
/// use kyc_review::persona::types::Account;
/// use kyc_review::persona::types::GovernmentIdVerification;
/// use kyc_review::persona::types::Verification;
///
/// let include = [InquiryInclude::Account, InquiryInclude::Verifications];
/// let inquiry = persona.inquiries().get(&id).include(include).await?;
/// assert_eq!(inquiry.included::<Account>()?.len(), 1);
/// // Verifications of every kind, including unknown ones; then those of one kind.
/// assert_eq!(inquiry.included::<Verification>()?.len(), 0);
/// assert_eq!(inquiry.included::<GovernmentIdVerification>()?.len(), 0);
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
///
/// Implement it for a resource that this crate has no type for:
///
/// ```
/// use kyc_review::persona::IncludedResource;
///
/// #[derive(serde::Deserialize)]
/// struct Screening {
///     id: String,
/// }
///
/// impl IncludedResource for Screening {
///     const TYPE: &'static str = "report/screening";
/// }
/// ```
pub trait IncludedResource: DeserializeOwned {
    /// The resource type as on the wire: `account`, `verification/government-id`; or a
    /// family of types: `verification/*`.
    const TYPE: &'static str;
}

pub(super) fn of_type<'a>(
    included: &'a [Personal<Value>],
    resource_type: &str,
) -> Vec<&'a Personal<Value>> {
    let is_of_type = |resource: &&Personal<Value>| {
        let known = resource.expose().get("type").and_then(Value::as_str);
        known.is_some_and(|known| match resource_type.strip_suffix('*') {
            Some(family) => known.starts_with(family),
            None => known == resource_type,
        })
    };
    included.iter().filter(is_of_type).collect()
}

pub(super) fn decode<T: IncludedResource>(included: &[Personal<Value>]) -> Result<Vec<T>, Error> {
    let resources = of_type(included, T::TYPE).into_iter();
    let decoded = resources.map(|resource| T::deserialize(resource.expose()));
    // serde's message would quote the value that does not fit.
    decoded.collect::<Result<_, _>>().map_err(|_| {
        let failure = Failure { vendor: Some(Vendor::Persona), ..Failure::default() };
        failure
            .error(ErrorKind::Decode)
            .note(format!("unexpected included resource: not of the shape of `{}`", T::TYPE))
    })
}

impl<T> Reply<Page<T>> {
    /// Returns the resources in `included` that are an `R`, in the order of the response;
    /// empty unless the request asked for them with `include`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if a resource of that type has another shape.
    pub fn included<R: IncludedResource>(&self) -> Result<Vec<R>, Error> {
        let body: Value = json::parse(self.raw()).unwrap_or_default();
        let included = body.get("included").and_then(Value::as_array).into_iter().flatten();
        let included: Vec<Personal<Value>> = included.cloned().map(Personal::new).collect();
        decode(&included)
    }
}
