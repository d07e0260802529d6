//! The client against the sandbox.

use kyc_review::provide::types::{
    IdentityMindParams, IdentityMindState, KycApplicationStatus, VouchedJobStatus,
};
use kyc_review::provide::{NewKycApplication, NewKycApplicationParams};
use kyc_review::sandbox::{Fault, Sandbox};
use kyc_review::{Error, ErrorKind, Method, Vendor};
use serde_json::{Value, json};

/// Sends a request without the client; returns the status and the body.
async fn call(
    sandbox: &Sandbox,
    method: Method,
    path: &str,
    authorization: Option<&str>,
    body: &str,
) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http
        .request(method, format!("{}{path}", sandbox.base_url(Vendor::Provide)))
        .body(body.to_owned());
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

const KNOWN: Option<&str> = Some("bearer sandbox.application.token");

#[tokio::test]
async fn a_decision_takes_effect_is_read_back_and_stands_in_the_ledger() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    let id = sandbox.seed().kyc_application(KycApplicationStatus::Remediate);
    assert_eq!(*applications.get(&id).await.unwrap().status(), "remediate");

    let reply = applications.accept(&id).await.unwrap();
    assert_eq!((reply.status_code().as_u16(), reply.status().as_str()), (202, "accepted"));
    assert!(reply.params.is_none() && reply.provider_representation.is_none());
    assert_eq!(*applications.get(&id).await.unwrap().status(), "accepted");
    // The same decision again gets the same response, and decides nothing.
    assert_eq!(applications.accept(&id).await.unwrap().status_code().as_u16(), 202);
    applications.reject(&id).await.unwrap();
    applications.mark_for_review(&id).await.unwrap();
    applications.remediate(&id).await.unwrap();
    applications.set_status(&id, "a status of nobody").await.unwrap();
    let ledger = sandbox.ledger();
    let actions: Vec<_> =
        ledger.decisions(&id).iter().map(|decision| decision.action.as_str()).collect();
    assert_eq!(actions, ["accepted", "rejected", "review", "remediate", "a status of nobody"]);
    assert!(ledger.all().iter().all(|decision| decision.vendor == Vendor::Provide));
}

#[tokio::test]
async fn an_answer_is_lost_after_the_decision_and_one_entry_stands() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    let id = sandbox.seed().kyc_application("review");
    sandbox.fault(Fault::drop_after_commit());
    let error = applications.reject(&id).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable());
    assert_eq!((error.subject(), error.attempts()), (Some(id.as_str()), 1));
    assert_eq!((sandbox.ledger().decisions(&id).len(), sandbox.requests()), (1, 1));
    assert_eq!(*applications.get(&id).await.unwrap().status(), "rejected");
}

#[tokio::test]
async fn faults_come_in_the_vendors_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    let id = sandbox.seed().kyc_application("review");
    sandbox.fault(Fault::rate_limited(std::time::Duration::from_secs(9)).at(Vendor::Provide));
    let error = applications.get(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Permission, 1));
    assert_eq!(error.messages(), ["Your IP address has been banned from making API calls"]);
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(9));
    sandbox.fault(Fault::status(422));
    let error = applications.accept(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.messages().len()), (ErrorKind::InvalidRequest, 1));
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn credentials_are_checked_as_the_vendor_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().kyc_application("review");
    let error = sandbox
        .provide_builder()
        .token("wrong")
        .build()
        .unwrap()
        .kyc_applications()
        .get(&id)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.messages()),
        (ErrorKind::Authentication, &["unauthorized".to_owned()][..])
    );
    let path = format!("/api/v1/kyc_applications/{id}");
    for (authorization, status) in [
        (None, 401),
        (Some("sandbox.application.token"), 401),
        (Some("BEARER sandbox.application.token"), 401),
        (Some("bearer  sandbox.application.token"), 401),
        (Some("Basic sandbox.application.token"), 401),
        (Some("Bearer sandbox.application.token"), 200),
        (KNOWN, 200),
        (Some("bearer sandbox.user.token"), 200),
    ] {
        let (answered, body) = call(&sandbox, Method::GET, &path, authorization, "").await;
        assert_eq!(answered, status, "{authorization:?}");
        assert_eq!(status == 401, body == "{\n    \"message\": \"unauthorized\"\n}", "{body}");
    }
}

#[tokio::test]
async fn the_token_of_a_user_may_not_decide_and_sees_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let (application, user) =
        (sandbox.provide().kyc_applications(), sandbox.provide_as_user().kyc_applications());
    let own = sandbox.seed().kyc_application("review");
    let error = user.accept(&own).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Permission, 403));
    assert_eq!(error.messages(), ["unauthorized user kyc application status update"]);
    let other = NewKycApplication::new().user_id(sandbox.seed().provide_user());
    let other = application.create(other).await.unwrap();
    assert!(user.get(&other.id).await.unwrap_err().is_not_found());
    // A user needs no user id, and one that is given is overwritten.
    let mine = user
        .create(NewKycApplication::new().user_id(other.user_id.as_ref().unwrap()))
        .await
        .unwrap();
    assert_ne!(mine.user_id, other.user_id);
    assert_eq!(user.list().await.unwrap().total, Some(2));
    assert_eq!(application.list().await.unwrap().total, Some(3));
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    let not_found = |error: Error| (error.kind(), error.messages().to_vec());
    let message = |text: &str| (ErrorKind::NotFound, vec![text.to_owned()]);
    for id in ["00000000-0000-4000-8000-000000000000", "no-uuid"] {
        assert_eq!(
            not_found(applications.get(id).await.unwrap_err()),
            message("kyc application not found")
        );
        assert_eq!(
            not_found(applications.reject(id).await.unwrap_err()),
            message("kyc application not found")
        );
    }
    let new = NewKycApplication::new().user_id("00000000-0000-4000-8000-000000000000");
    assert_eq!(
        not_found(applications.create(new).await.unwrap_err()),
        message("user does not exist")
    );
    for (method, path) in
        [(Method::GET, "/api/v1/other"), (Method::PUT, "/api/v1/kyc_applications")]
    {
        assert_eq!(call(&sandbox, method, path, KNOWN, "").await.0, 404, "{path}");
    }
    // The case of a UUID does not matter.
    let id = sandbox.seed().kyc_application("review").to_string();
    assert_eq!(applications.get(id.to_uppercase()).await.unwrap().id, id);
}

#[tokio::test]
async fn bad_bodies_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().kyc_application("review");
    let one = format!("/api/v1/kyc_applications/{id}");
    for body in ["", "{", "[]", "{}", "{\"status\":null}", "{\"status\":1}"] {
        let (status, answer) = call(&sandbox, Method::PUT, &one, KNOWN, body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status, answer["message"].is_string()), (400, true), "{body}");
    }
    let user = sandbox.seed().provide_user();
    let all = "/api/v1/kyc_applications";
    for (body, wanted) in [
        (json!("text"), 400),
        (json!({ "user_id": 1, "params": {} }), 400),
        (json!({ "user_id": "no-uuid", "params": {} }), 400),
        (json!({ "user_id": user, "params": [] }), 400),
        (json!({ "user_id": user, "params": { "first_name": 1 } }), 400),
        (json!({ "user_id": user, "params": { "params": "text" } }), 400),
        (json!({ "user_id": user }), 500),
        (json!({ "user_id": user, "params": null }), 500),
        (json!({ "params": {} }), 422),
        (json!({ "user_id": null, "params": {} }), 422),
        (json!({ "user_id": user, "type": "kyx", "params": {} }), 422),
    ] {
        let (status, answer) = call(&sandbox, Method::POST, all, KNOWN, &body.to_string()).await;
        assert_eq!((status, answer.is_empty()), (wanted, wanted == 500), "{body}");
    }
    let body =
        json!({ "user_id": user, "type": "KYB", "params": {}, "status": "accepted" }).to_string();
    let (status, answer) = call(&sandbox, Method::POST, all, KNOWN, &body).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        (status, &answer["type"], &answer["status"]),
        (201, &json!("kyb"), &json!("pending"))
    );
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn what_is_created_is_submitted_and_read_back_with_its_providers_view() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    let params = NewKycApplicationParams::new()
        .first_name("Ada")
        .last_name("Example")
        .vouched(Default::default());
    let new = NewKycApplication::new().user_id(sandbox.seed().provide_user()).params(params);
    let created = applications.create(new).await.unwrap();
    assert_eq!((created.status_code().as_u16(), created.status().as_str()), (201, "pending"));
    assert_eq!(
        (created.identifier.is_none(), created.provider_representation.is_none()),
        (true, true)
    );
    assert_eq!(created.name.as_ref().unwrap().expose(), "Ada Example");
    let echoed = created.params.as_ref().unwrap();
    assert_eq!(echoed.last_name().map(|it| *it.expose()), Some("Example"));

    let read = applications.get(&created.id).await.unwrap();
    assert_eq!(*read.status(), "submitted");
    let job = read.as_vouched().unwrap().unwrap();
    assert_eq!(
        (job.status, job.id.as_ref().map(|id| id.expose())),
        (Some(VouchedJobStatus::Active), read.identifier.as_ref())
    );
    assert!(read.created_at.as_ref().unwrap().instant().is_some());
    assert!(read.created_at.as_ref().unwrap().as_str().ends_with("-04:00"));

    let params = NewKycApplicationParams::new().identitymind(IdentityMindParams::default());
    let new = NewKycApplication::new()
        .user_id(sandbox.seed().provide_user())
        .provider("identitymind")
        .params(params);
    let created = applications.create(new).await.unwrap();
    let read = applications.get(&created.id).await.unwrap();
    assert_eq!(read.as_identitymind().unwrap().unwrap().state, Some(IdentityMindState::R));
    assert!(read.as_vouched().is_err());
}

#[tokio::test]
async fn a_seeded_application_has_the_view_of_its_status() {
    let sandbox = Sandbox::start().await.unwrap();
    let applications = sandbox.provide().kyc_applications();
    for (status, job) in [
        ("accepted", Some("completed")),
        ("review", Some("active")),
        ("pending", None),
        ("failed", None),
    ] {
        let read = applications.get(sandbox.seed().kyc_application(status)).await.unwrap();
        let view = read.as_vouched().unwrap();
        assert_eq!(
            view.as_ref().and_then(|view| view.status.as_ref()).map(VouchedJobStatus::as_str),
            job,
            "{status}"
        );
        assert_eq!((read.status().as_str(), read.identifier.is_some()), (status, job.is_some()));
        assert_eq!(
            (read.params.is_some(), read.description.is_some()),
            (job.is_some(), status == "failed")
        );
    }
}

#[tokio::test]
async fn lists_are_newest_first_in_pages_and_by_status() {
    let sandbox = Sandbox::start().await.unwrap();
    let list = sandbox.provide().kyc_applications().list();
    let ids: Vec<_> = (0..7)
        .map(|n| sandbox.seed().kyc_application(if n % 3 == 0 { "accepted" } else { "review" }))
        .collect();
    let newest: Vec<_> = ids.iter().rev().map(ToString::to_string).collect();
    let page = list.clone().rpp(3).page(2).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>(), newest[3..6]);
    assert_eq!((page.total, page.next.as_deref()), (Some(7), Some("3")));
    assert!(
        page.items
            .iter()
            .all(|item| item.params.is_none() && item.provider_representation.is_none())
    );

    let mut items = list.clone().rpp(2).status("review").items();
    let mut seen = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        assert_eq!(*item.status(), "review");
        seen.push(item.id);
    }
    assert_eq!((seen.len(), items.total()), (4, Some(4)));

    // An application that arrives during the walk duplicates no item, and comes last.
    let mut items = list.clone().rpp(3).items();
    let mut seen = vec![items.try_next().await.unwrap().unwrap().id];
    let arrived = sandbox.seed().kyc_application("review").to_string();
    while let Some(item) = items.try_next().await.unwrap() {
        seen.push(item.id);
    }
    assert_eq!(seen, newest.iter().cloned().chain([arrived]).collect::<Vec<_>>());
}

#[tokio::test]
async fn deciding_while_a_list_is_walked_skips_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let provide = sandbox.provide();
    let mut waiting: Vec<_> =
        (0..60).map(|_| sandbox.seed().kyc_application("remediate").to_string()).collect();
    let mut items = provide.kyc_applications().list().status("remediate").rpp(10).items();
    let mut reached = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        provide.kyc_applications().accept(&item.id).await.unwrap();
        reached.push(item.id);
    }
    reached.sort();
    waiting.sort();
    assert_eq!(reached, waiting);
}

#[tokio::test]
async fn odd_page_numbers_are_as_if_absent() {
    let sandbox = Sandbox::start().await.unwrap();
    let _ = sandbox.seed().kyc_application("review");
    for query in ["page=0", "page=-1&rpp=0", "page=x&rpp=y", "status="] {
        let (status, body) =
            call(&sandbox, Method::GET, &format!("/api/v1/kyc_applications?{query}"), KNOWN, "")
                .await;
        let items: Vec<Value> = serde_json::from_str(&body).unwrap();
        assert_eq!((status, items.len()), (200, 1), "{query}");
    }
}
