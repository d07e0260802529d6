//! KYC applications: read them, submit them, decide on them.

use crate::api::provide::enums::KycApplicationStatus;
use crate::api::provide::types::{KycApplication, KycApplicationUpdate};
use crate::api::vendor::{awaitable, decision, id};
use crate::call::{CallOptions, Error, Page, Pages, Vendor};
use crate::provide::page::{self, DEFAULT_RPP, Given};
use crate::provide::{KycApplicationId, NewKycApplication, Provide};
use crate::value::InvalidId;

/// KYC applications. Source: <https://docs.provide.services/kyc/applications>.
#[derive(Clone, Debug)]
pub struct KycApplications {
    client: Provide,
}

impl KycApplications {
    pub(super) fn new(client: Provide) -> Self {
        Self { client }
    }

    /// One application, with the present view of its provider.
    /// Source: <https://docs.provide.services/kyc/applications>.
    ///
    /// The vendor asks the provider while this call waits, up to half a minute: leave it an attempt time-out of 45 s or
    /// more; the client's default is 60 s. Where the provider does not answer, or has no job yet, `params` and
    /// `provider_representation` are `None`, which does not mean that there are none.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let id = sandbox.seed().kyc_application("remediate");
    /// let application = sandbox.provide().kyc_applications().get(&id).await?;
    /// if let Some(params) = &application.params {
    ///     let born = params.date_of_birth(); // flat or nested; Debug prints `[personal]`
    ///     assert_eq!(born.map(|born| *born.expose()), Some("1990-05-15"));
    /// }
    /// if let Some(job) = application.as_vouched()? {
    ///     println!("{:?}", job.status);
    /// }
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn get(&self, id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>) -> GetKycApplication {
        GetKycApplication { client: self.client.clone(), id: application_id("get_kyc_application", id) }
    }

    /// The applications that the token may see, newest first, a page at a time. Items carry neither `params` nor
    /// `provider_representation`. Source: <https://docs.provide.services/api/documentation/pagination>.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let _ = sandbox.seed().kyc_application("remediate");
    /// let mut waiting = sandbox.provide().kyc_applications().list().status("remediate").rpp(100).items();
    /// while let Some(application) = waiting.try_next().await? {
    ///     println!("{} {}", application.id, application.status());
    /// }
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn list(&self) -> ListKycApplications {
        ListKycApplications { client: self.client.clone(), page: 1, rpp: DEFAULT_RPP, status: None }
    }

    /// Submits an application to its provider. The answer is `pending` and has no `identifier` yet: submission follows in
    /// the background. Source: <https://docs.provide.services/kyc/applications>.
    ///
    /// There is no idempotency key, and a second call makes a second application and a second job at the provider, so this
    /// is sent once. The page prints the call as a PUT on an id; the published server and the vendor's clients have POST on
    /// the collection, which is what is sent.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use kyc_review::provide::{KycProvider, NewKycApplication, NewKycApplicationParams};
    ///
    /// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
    /// # let (provide, user_id) = (sandbox.provide(), sandbox.seed().provide_user());
    /// let params = NewKycApplicationParams::new().first_name("Ada").last_name("Example").date_of_birth("1990-05-15");
    /// let new = NewKycApplication::new().user_id(user_id).provider(KycProvider::Vouched).params(params);
    /// let application = provide.kyc_applications().create(new).await?;
    /// assert_eq!(*application.status(), "pending");
    /// # Ok::<_, kyc_review::Error>(()) }).unwrap();
    /// ```
    pub fn create(&self, application: NewKycApplication) -> CreateKycApplication {
        CreateKycApplication { client: self.client.clone(), application }
    }

    /// Accepts an application. See [`set_status`](Self::set_status).
    pub fn accept(&self, id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>) -> SetKycApplicationStatus {
        self.set_status(id, KycApplicationStatus::Accepted)
    }

    /// Rejects an application. See [`set_status`](Self::set_status).
    pub fn reject(&self, id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>) -> SetKycApplicationStatus {
        self.set_status(id, KycApplicationStatus::Rejected)
    }

    /// Puts an application back into review. See [`set_status`](Self::set_status).
    pub fn mark_for_review(
        &self,
        id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>,
    ) -> SetKycApplicationStatus {
        self.set_status(id, KycApplicationStatus::Review)
    }

    /// Says that a person must look at an application. See [`set_status`](Self::set_status).
    pub fn remediate(&self, id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>) -> SetKycApplicationStatus {
        self.set_status(id, KycApplicationStatus::Remediate)
    }

    /// Sets any status, also one that this version does not know. Needs the token of an application: a user's is answered
    /// 403. Source: <https://docs.provide.services/kyc/applications>.
    ///
    /// The vendor answers 202, and the status in the answer is already stored. The page asks for a valid transition; the
    /// published server checks none, so a decided application can be decided again. It also overwrites a decision by that of
    /// the provider as long as the status is `submitted` or `review`, and leaves one on `remediate` alone. Sent once,
    /// whatever comes back.
    ///
    /// # Errors
    /// An empty status is [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything is sent.
    pub fn set_status(
        &self,
        id: impl TryInto<KycApplicationId, Error: Into<InvalidId>>,
        status: impl Into<KycApplicationStatus>,
    ) -> SetKycApplicationStatus {
        let id = application_id("update_kyc_application", id);
        SetKycApplicationStatus { client: self.client.clone(), id, status: status.into(), reconcile: false }
    }
}

fn application_id(
    operation: &'static str,
    text: impl TryInto<KycApplicationId, Error: Into<InvalidId>>,
) -> Result<KycApplicationId, Error> {
    id(Vendor::Provide, operation, text)
}

/// A status that the vendor would take for none.
fn is_blank(status: &KycApplicationStatus) -> bool {
    status.as_str().trim().is_empty()
}

/// See [`KycApplications::get`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetKycApplication {
    client: Provide,
    id: Result<KycApplicationId, Error>,
}

awaitable!(GetKycApplication => KycApplication, request, {
    request.client.api().get_kyc_application().kyc_application_id(request.id?).send().await
});

/// See [`KycApplications::create`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateKycApplication {
    client: Provide,
    application: NewKycApplication,
}

awaitable!(CreateKycApplication => KycApplication, request, {
    let body = request.application.checked()?;
    request.client.api().create_kyc_application().body(body).send().await
});

/// See [`KycApplications::set_status`] and the methods named after a status.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct SetKycApplicationStatus {
    client: Provide,
    id: Result<KycApplicationId, Error>,
    status: KycApplicationStatus,
    reconcile: bool,
}

decision!(SetKycApplicationStatus => KycApplication, request, {
    let id = request.id?;
    if is_blank(&request.status) {
        return Err(Error::invalid(Vendor::Provide, "update_kyc_application", "the status is empty"));
    }
    let client = request.client.with(CallOptions::new().intent(request.status.as_str()));
    let body = KycApplicationUpdate { status: request.status };
}, send {
    client.api().update_kyc_application().kyc_application_id(&id).body(body.clone()).send().await
}, read {
    request.client.kyc_applications().get(&id).await
});

/// See [`KycApplications::list`]. Awaiting it gives one page; [`items`](Self::items) walks all.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListKycApplications {
    client: Provide,
    page: u32,
    rpp: u32,
    status: Option<KycApplicationStatus>,
}

impl ListKycApplications {
    /// Which page, counted from 1. Default: 1.
    pub fn page(mut self, page: u32) -> Self {
        self.page = page;
        self
    }

    /// Results a page, at least 1. Default: 25. No upper bound is documented.
    pub fn rpp(mut self, results_per_page: u32) -> Self {
        self.rpp = results_per_page;
        self
    }

    /// Only applications in exactly this status. The parameter was read in the published server; no page names it.
    pub fn status(mut self, status: impl Into<KycApplicationStatus>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// All items from this page on, page after page. It ends with a page that is empty, not full, or reaches the total.
    ///
    /// Applications that arrive meanwhile push others onto the next page; what comes again is left out, by id. Applications
    /// that leave the list meanwhile (with [`status`](Self::status): those that get another one, for instance because each
    /// item is decided as it comes) pull others onto a page that was already read: collect the items first, or list again.
    pub fn items(self) -> Pages<KycApplication> {
        let given = Given::default();
        let start = (self.page != 1).then(|| self.page.to_string());
        Pages::new(start, move |cursor| {
            let mut request = self.clone();
            let given = given.clone();
            // The cursors are our own numbers.
            request.page = cursor.and_then(|page| page.parse().ok()).unwrap_or(request.page);
            Box::pin(async move { Ok(request.send().await?.map(|page| given.drop_repeated(page))) })
        })
    }
}

awaitable!(ListKycApplications => Page<KycApplication>, request, {
    let invalid = |why| Err(Error::invalid(Vendor::Provide, "list_kyc_applications", why));
    if request.page == 0 {
        return invalid("pages are counted from 1");
    }
    if request.rpp == 0 {
        return invalid("a page of no results");
    }
    // Both always go out: where a list ends is read from them.
    let mut call = request.client.api().list_kyc_applications().page(request.page).rpp(request.rpp);
    if let Some(status) = request.status {
        if is_blank(&status) {
            return invalid("the status to filter by is empty, which the vendor would take for no filter");
        }
        call = call.status(status);
    }
    Ok(page::page(request.page, request.rpp, call.send().await?))
});
