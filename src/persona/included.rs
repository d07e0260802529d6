//! The resources that come along with an answer: of many types, so decoded on demand.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Failure;
use crate::{Error, ErrorKind, Personal, Vendor};

/// A type that `included` can hold: every resource that the vendor's document describes, and families of them.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use kyc_review::persona::{InquiryInclude, InquiryStatus};
/// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::NeedsReview));
/// use kyc_review::persona::Account;
/// use kyc_review::persona::api::types::GovernmentIdVerification;
/// use kyc_review::persona::api::unions::Verification;
///
/// let inquiry = persona.inquiries().get(&id).include([InquiryInclude::Account, InquiryInclude::Verifications]).await?;
/// assert_eq!(inquiry.included::<Account>()?.len(), 1);
/// // Verifications of every kind, also of one that this version does not know; and those of one kind alone.
/// assert_eq!(inquiry.included::<Verification>()?.len(), 0);
/// assert_eq!(inquiry.included::<GovernmentIdVerification>()?.len(), 0);
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
///
/// Implement it for what this crate has no type for:
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
    /// The resource type as on the wire: `account`, `verification/government-id`; or a family of types, `verification/*`.
    const TYPE: &'static str;
}

/// Emitted by build.rs for each component that a document marks as a resource.
macro_rules! resources {
    ($($resource:ty = $type:literal,)*) => { $(
        impl crate::persona::IncludedResource for $resource {
            const TYPE: &'static str = $type;
        }
    )* };
}

pub(crate) fn of_type<'a>(included: &'a [Personal<Value>], resource_type: &str) -> Vec<&'a Personal<Value>> {
    let is_of_type = |resource: &&Personal<Value>| {
        let known = resource.expose().get("type").and_then(Value::as_str);
        known.is_some_and(|known| match resource_type.strip_suffix('*') {
            Some(family) => known.starts_with(family),
            None => known == resource_type,
        })
    };
    included.iter().filter(is_of_type).collect()
}

pub(crate) fn decode<T: IncludedResource>(included: &[Personal<Value>]) -> Result<Vec<T>, Error> {
    let resources = of_type(included, T::TYPE).into_iter();
    let decoded = resources.map(|resource| T::deserialize(resource.expose()));
    // serde's own words would show the value that does not fit.
    decoded.collect::<Result<_, _>>().map_err(|_| {
        let failure = Failure { vendor: Some(Vendor::Persona), ..Failure::default() };
        failure.error(ErrorKind::Decode).note(format!("an included resource of type {} does not decode", T::TYPE))
    })
}

/// Emitted by build.rs for each component with a member `included`.
macro_rules! documents {
    ($($document:ty,)*) => { $(
        impl $document {
            /// Those resources of `included` that are a `T`, in the order in which they came; empty unless the request
            /// asked for them with `include`.
            ///
            /// # Errors
            /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where a resource of that type has another shape. The answer itself stays readable.
            pub fn included<T: crate::persona::IncludedResource>(&self) -> Result<Vec<T>, crate::Error> {
                crate::persona::included::decode(self.included_raw())
            }

            /// Everything in `included`, as it came.
            #[inline]
            #[must_use]
            pub fn included_raw(&self) -> &[crate::Personal<serde_json::Value>] {
                self.included.as_deref().unwrap_or_default()
            }

            /// Those resources of `included` with this type (`report/watchlist`) or of this family (`report/*`), as they came.
            #[inline]
            #[must_use]
            pub fn included_of_type(&self, resource_type: &str) -> Vec<&crate::Personal<serde_json::Value>> {
                crate::persona::included::of_type(self.included_raw(), resource_type)
            }
        }
    )* };
}

pub(crate) use {documents, resources};
