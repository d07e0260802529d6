//! What an application shows of a status that was set, whose answer was lost.

use crate::api::provide::enums::KycApplicationStatus;
use crate::call::reconcile::{Reading, judge};
use crate::call::{Error, Reconcile, Reconciled, Vendor};
use crate::provide::Provide;

/// By status alone, for the vendor tells no time of it. So a status that was there before is [`Reconciled::Applied`] too; and
/// one that the vendor's poller, or somebody's later decision, may have put in the place of the wanted one is
/// [`Reconciled::CannotTell`].
impl Reconcile for Provide {
    async fn reconcile(&self, error: &Error) -> Result<Reconciled, Error> {
        let reader = self.reader();
        let is_update = error.operation() == Some("update_kyc_application");
        let wanted = error.intent().filter(|_| is_update).map(KycApplicationStatus::from).zip(error.subject());
        judge(error, Vendor::Provide, self.api.inner.transport.clock(), || async {
            let Some((wanted, id)) = &wanted else {
                return Ok(Reading::unclear(Vendor::Provide));
            };
            Ok(reading(reader.kyc_applications().get(*id).await?.status(), wanted))
        })
        .await
    }
}

fn reading(status: &KycApplicationStatus, wanted: &KycApplicationStatus) -> Reading {
    if status == wanted {
        return Reading::at(Vendor::Provide, status.as_str(), None, Some(true));
    }
    // What the vendor itself never does: leave a decision, go from `remediate` on, or go back from `review`.
    let comes_first = match status {
        KycApplicationStatus::Pending | KycApplicationStatus::Submitted | KycApplicationStatus::Failed => matches!(
            wanted,
            KycApplicationStatus::Accepted
                | KycApplicationStatus::Rejected
                | KycApplicationStatus::Remediate
                | KycApplicationStatus::Review
        ),
        KycApplicationStatus::Review => matches!(
            wanted,
            KycApplicationStatus::Accepted | KycApplicationStatus::Rejected | KycApplicationStatus::Remediate
        ),
        KycApplicationStatus::Remediate => {
            matches!(wanted, KycApplicationStatus::Accepted | KycApplicationStatus::Rejected)
        }
        _ => false,
    };
    if comes_first {
        Reading::not_yet(Vendor::Provide, status.as_str())
    } else {
        Reading::at(Vendor::Provide, status.as_str(), None, Some(false))
    }
}
