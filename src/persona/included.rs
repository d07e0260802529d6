//! The resources that come along with an answer: of many types, so decoded on demand.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::persona::types::{
    Account, Device, Inquiry, InquiryDocument, InquirySession, InquirySessionArrayDocument, InquirySessionDocument,
    InquirySessionLinkDocument, Network,
};
use crate::error::Failure;
use crate::{Error, ErrorKind, Personal, Vendor};

/// A type that `included` can hold. Implement it for those that this crate has no type for.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use kyc_review::persona::{InquiryInclude, InquiryStatus};
/// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::NeedsReview));
/// use kyc_review::persona::{Account, IncludedResource};
///
/// #[derive(serde::Deserialize)]
/// struct Report {
///     id: String,
/// }
///
/// impl IncludedResource for Report {
///     const TYPE: &'static str = "report/watchlist";
/// }
///
/// let inquiry = persona.inquiries().get(&id).include([InquiryInclude::Account, InquiryInclude::Reports]).await?;
/// let accounts = inquiry.included::<Account>()?;
/// assert_eq!((accounts.len(), inquiry.included::<Report>()?.len()), (1, 0));
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
pub trait IncludedResource: DeserializeOwned {
    /// The resource type as on the wire: `account`, `verification/government-id`.
    const TYPE: &'static str;
}

macro_rules! resources {
    ($($resource:ident = $type:literal),* $(,)?) => { $(
        impl IncludedResource for $resource {
            const TYPE: &'static str = $type;
        }
    )* };
}

resources!(
    Account = "account",
    Device = "device",
    Inquiry = "inquiry",
    InquirySession = "inquiry-session",
    Network = "network",
);

fn of_type<'a>(included: &'a [Personal<Value>], resource_type: &str) -> Vec<&'a Personal<Value>> {
    let is_of_type = |resource: &&Personal<Value>| {
        resource.expose().get("type").and_then(Value::as_str).is_some_and(|known| known == resource_type)
    };
    included.iter().filter(is_of_type).collect()
}

fn decode<T: IncludedResource>(included: &[Personal<Value>]) -> Result<Vec<T>, Error> {
    let resources = of_type(included, T::TYPE).into_iter();
    let decoded = resources.map(|resource| T::deserialize(resource.expose()));
    // serde's own words would show the value that does not fit.
    decoded.collect::<Result<_, _>>().map_err(|_| {
        let failure = Failure { vendor: Some(Vendor::Persona), ..Failure::default() };
        failure.error(ErrorKind::Decode).note(format!("an included resource of type {} does not decode", T::TYPE))
    })
}

macro_rules! documents {
    ($($document:ident),* $(,)?) => { $(
        impl $document {
            /// Those resources of `included` that are a `T`, in the order in which they came; empty unless the request
            /// asked for them with `include`.
            ///
            /// # Errors
            /// [`ErrorKind::Decode`] where a resource of that type has another shape. The answer itself stays readable.
            pub fn included<T: IncludedResource>(&self) -> Result<Vec<T>, Error> {
                decode(self.included_raw())
            }

            /// Everything in `included`, as it came.
            #[must_use]
            pub fn included_raw(&self) -> &[Personal<Value>] {
                self.included.as_deref().unwrap_or_default()
            }

            /// Those resources of `included` with exactly this type (`report/watchlist`), as they came.
            #[must_use]
            pub fn included_of_type(&self, resource_type: &str) -> Vec<&Personal<Value>> {
                of_type(self.included_raw(), resource_type)
            }
        }
    )* };
}

documents!(InquiryDocument, InquirySessionDocument, InquirySessionArrayDocument, InquirySessionLinkDocument);
