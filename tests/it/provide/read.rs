//! Reading one application: every form of its free-form parts.

use httpmock::Method::GET;
use kyc_review::provide::types::{
    IdentityMindState, KycApplication, KycApplicationStatus, KycApplicationType, KycProvider,
    VouchedErrorType, VouchedJobStatus,
};
use kyc_review::{ErrorKind, Reply};
use serde_json::{Value, json};

use super::{ID, TOKEN, application, client, target, with};
use crate::support::mock;

/// Reads an application from this body with `get`.
async fn read(body: Value) -> Reply<KycApplication> {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .header("authorization", format!("bearer {TOKEN}"))
                .header("accept", "application/json")
                .header_missing("content-type")
                .is_true(|request| {
                    target(request) == format!("/api/v1/kyc_applications/{ID}")
                        && request.body().is_empty()
                });
            then.status(200).json_body(body.clone());
        })
        .await;
    let reply = client(&server, clock).kyc_applications().get(ID).await.unwrap();
    call.assert_async().await;
    assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), body);
    reply
}

/// A Vouched application in the older form: fields one level down, numbers of both kinds,
/// nulls.
fn at_vouched() -> Value {
    let nested = json!({
        "type": "id-verification", "first_name": "Ada", "last_name": "Example",
        "date_of_birth": "06/22/1990",
        "id_photo": "", "email": null, "firstName": "Ada"
    });
    let result = json!({
        "success": false, "type": "drivers-license", "country": "US", "state": null,
        "id": "X0000000", "firstName": "ADA",
        "confidences": {
            "id": 0, "backId": null, "selfie": 0.4327, "idMatch": 1, "faceMatch": 0.5, "new": 1
        },
        "new": {}
    });
    let view = json!({
        "id": "N6xKXq_Z-", "status": "completed", "submitted": "2019-09-12T23:59:01Z",
        "request": {
            "type": "id-verification", "callbackURL": null, "parameters": { "firstName": "Ada" }
        },
        "result": result,
        "errors": [
            { "type": "FaceMatchError", "message": "Ada", "suggestion": null },
            { "type": "SimilarApplicationError", "message": "Ada", "suggestion": "look" },
            { "type": "AnErrorOfTomorrow", "message": null }
        ],
        "new": true
    });
    let params = json!({ "type": "id-verification", "webhook_url": null, "params": nested });
    with(application("remediate"), json!({ "params": params, "provider_representation": view }))
}

/// An IdentityMind application: only the provider's own key, strings that hold booleans,
/// milliseconds.
fn at_identitymind() -> Value {
    let test = json!({
        "test": "ed:1", "stage": "1", "fired": false, "details": "[Fired] Ada",
        "ts": 1_573_635_302_000_u64,
        "condition": { "left": "ed:1", "operator": "eq", "right": true, "type": "info" }
    });
    let rule = json!({
        "name": "Fallthrough", "description": "Ada", "details": "Ada", "resultCode": "ACCEPT",
        "ruleId": 1002, "testResults": [test]
    });
    let view = json!({
        "mtid": "0123456789abcdef0123456789abcdef", "tid": "0123456789abcdef0123456789abcdef",
        "rcd": "", "state": "A",
        "ednaScoreCard": {
            "er": { "profile": "DEFAULT", "reportedRule": rule },
            "etr": [{ "test": "ed:1", "details": "true" }],
            "sc": [{ "test": "dv:1", "details": null }]
        },
        "frn": "a member of tomorrow"
    });
    let members = json!({
        "provider": "identitymind", "params": { "man": "Ada Example" },
        "provider_representation": view
    });
    with(application("accepted"), members)
}

#[tokio::test]
async fn a_vouched_application_is_read_in_the_nested_form() {
    let reply = read(at_vouched()).await;
    assert_eq!(reply.status(), &KycApplicationStatus::Remediate);
    assert_eq!(reply.provider, Some(KycProvider::Vouched));
    assert_eq!(reply.type_, Some(KycApplicationType::Kyc));
    assert_eq!(reply.identifier.as_deref(), Some("N6xKXq_Z-"));
    let params = reply.params.as_ref().unwrap();
    assert_eq!(
        (params.first_name.as_ref(), params.first_name().map(|it| *it.expose())),
        (None, Some("Ada"))
    );
    assert_eq!(params.last_name().map(|it| *it.expose()), Some("Example"));
    assert_eq!(params.date_of_birth().map(|it| *it.expose()), Some("06/22/1990"));
    assert_eq!(params.id_photo().map(|it| *it.expose()), Some(""));
    assert_eq!(params.job_type(), Some("id-verification"));
    assert_eq!((params.email(), params.webhook_url(), params.ssn()), (None, None, None));
    assert_eq!(
        params.provider_param("firstName").map(|it| it.expose().as_str()),
        Some(Some("Ada"))
    );

    let job = reply.as_vouched().unwrap().unwrap();
    assert_eq!(job.status, Some(VouchedJobStatus::Completed));
    assert_eq!(job.submitted.as_ref().unwrap().as_str(), "2019-09-12T23:59:01Z");
    let result = job.result.as_ref().unwrap();
    assert_eq!((result.success, result.state.is_none()), (Some(false), true));
    let sure = result.confidences.as_ref().unwrap();
    assert_eq!(
        (sure.id, sure.back_id, sure.selfie, sure.id_match),
        (Some(0.0), None, Some(0.4327), Some(1.0))
    );
    let errors: Vec<_> =
        job.errors.iter().flatten().map(|error| error.type_.clone().unwrap()).collect();
    assert_eq!(
        errors[..2],
        [VouchedErrorType::FaceMatchError, VouchedErrorType::SimilarApplicationError]
    );
    assert_eq!(errors[2], "AnErrorOfTomorrow");
    // The field keeps what the view does not know.
    assert_eq!(
        reply.provider_representation.as_ref().unwrap().expose()["result"]["confidences"]["new"],
        1
    );
}

#[tokio::test]
async fn an_identitymind_application_is_read_in_the_providers_form() {
    let reply = read(at_identitymind()).await;
    let params = reply.params.as_ref().unwrap();
    assert_eq!((params.name(), params.first_name(), params.job_type()), (None, None, None));
    assert_eq!(
        params.provider_param("man").map(|it| it.expose().as_str()),
        Some(Some("Ada Example"))
    );
    assert!(params.provider_param("dob").is_none());

    let view = reply.as_identitymind().unwrap().unwrap();
    assert_eq!((view.state.clone(), view.rcd.as_deref()), (Some(IdentityMindState::A), Some("")));
    let card = view.edna_score_card.as_ref().unwrap();
    let rule = card.er.as_ref().unwrap().reported_rule.as_ref().unwrap();
    assert_eq!((rule.result_code.as_deref(), rule.rule_id), (Some("ACCEPT"), Some(1002.0)));
    let test = &rule.test_results.as_ref().unwrap()[0];
    assert_eq!((test.fired, test.ts), (Some(false), Some(1_573_635_302_000.0)));
    assert_eq!(test.condition.as_ref().unwrap().right.as_ref().unwrap().expose(), &json!(true));
    assert_eq!(card.etr.as_ref().unwrap()[0].details.as_ref().unwrap().expose(), "true");
}

#[tokio::test]
async fn the_upper_level_of_params_goes_first() {
    let params = json!({
        "first_name": "Ada", "last_name": null, "affiliate_id": "aff-1", "man": null,
        "params": {
            "first_name": "Eva", "last_name": "Example", "type": "kind", "affiliate_id": 1,
            "ssn": 7, "man": "Ada"
        }
    });
    let reply = read(with(application("review"), json!({ "params": params }))).await;
    let params = reply.params.as_ref().unwrap();
    assert_eq!(params.first_name().map(|it| *it.expose()), Some("Ada"));
    assert_eq!(params.last_name().map(|it| *it.expose()), Some("Example"));
    assert_eq!(
        (params.affiliate_id(), params.job_type(), params.ssn()),
        (Some("aff-1"), Some("kind"), None)
    );
    assert_eq!(params.provider_param("man").map(|it| it.expose().as_str()), Some(Some("Ada")));
    assert_eq!(params.provider_param("ssn").map(|it| it.expose().as_i64()), Some(Some(7)));
}

#[tokio::test]
async fn a_provider_says_what_it_likes_and_the_answer_stands() {
    // Whether the representation is absent or of any shape, the response is read; the
    // wrong shape is an error of the view only.
    for (representation, is_some) in [
        (json!(null), None),
        (json!({}), Some(true)),
        (json!({ "status": "a_status_of_tomorrow", "errors": null, "result": null }), Some(true)),
        (json!("{\"id\": \"Ada\"}"), Some(false)),
        (json!(["Ada"]), Some(false)),
        // As many nulls as the view has fields: serde would read them as those fields.
        (json!([null, null, null, null, null, null]), Some(false)),
        (json!({ "status": { "Ada": 1 } }), Some(false)),
        (json!({ "submitted": 1 }), Some(false)),
        (json!({ "result": { "success": "Ada" } }), Some(false)),
    ] {
        let reply =
            read(with(application("review"), json!({ "provider_representation": representation })))
                .await;
        let kept = reply.provider_representation.as_ref().map(|it| it.expose().clone());
        assert_eq!(kept.unwrap_or_default(), representation);
        match (is_some, reply.as_vouched()) {
            (None, view) => assert_eq!(view.unwrap(), None),
            (Some(true), view) => assert!(view.unwrap().is_some(), "{representation}"),
            (Some(false), view) => {
                let error = view.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Decode);
                let source = std::error::Error::source(&error).is_some();
                let shown = format!("{error} {error:?}");
                assert!(
                    !source && !shown.contains("Ada") && shown.contains("provider_representation"),
                    "{shown}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_view_of_another_provider_is_an_error_and_one_of_no_provider_is_tried() {
    let reply = read(at_vouched()).await;
    let error = reply.as_identitymind().unwrap_err();
    assert_eq!(
        error.to_string(),
        "provide: malformed response: unexpected `provider`: must be that of the view"
    );
    let reply = read(with(at_vouched(), json!({ "provider": "a_provider_of_tomorrow" }))).await;
    assert_eq!(reply.as_vouched().unwrap_err().kind(), ErrorKind::Decode);
    let reply = read(with(at_identitymind(), json!({ "provider": null }))).await;
    assert_eq!(reply.as_identitymind().unwrap().unwrap().state, Some(IdentityMindState::A));
    // Without a representation, the view has no error.
    assert_eq!(read(application("pending")).await.as_identitymind().unwrap(), None);
}

#[tokio::test]
async fn every_member_but_the_id_may_be_null_or_absent() {
    let bare = read(json!({ "id": ID })).await;
    assert_eq!((bare.id.as_str(), bare.status().as_str()), (ID, ""));
    let mut nulls = with(
        application("x"),
        json!({
            "params": null, "provider_representation": null, "similar_kyc_applications": null,
            "similar_users": null,
            "hidden": null, "errors": null
        }),
    );
    for (name, member) in nulls.as_object_mut().unwrap() {
        if name != "id" {
            *member = Value::Null;
        }
    }
    assert_eq!(read(nulls).await.into_inner(), bare.into_inner());
    // Null fields of params count as absent, and so does a nested null.
    let params = json!({ "first_name": null, "type": null, "params": null, "man": null });
    let reply = read(with(json!({ "id": ID }), json!({ "params": params }))).await;
    let params = reply.params.as_ref().unwrap();
    assert!(
        params.first_name().is_none()
            && params.job_type().is_none()
            && params.provider_param("man").is_none()
    );
}

#[tokio::test]
async fn times_keep_their_text_whatever_offset_and_fraction_they_have() {
    for (text, utc) in [
        ("2019-09-12T19:58:58.28653-04:00", "2019-09-12T23:58:58.286530+00:00"),
        ("2019-12-12T19:58:58.123456789-05:00", "2019-12-13T00:58:58.123456789+00:00"),
        ("2019-09-12T19:58:58-04:00", "2019-09-12T23:58:58+00:00"),
        ("2019-09-12T23:58:58Z", "2019-09-12T23:58:58+00:00"),
    ] {
        let reply = read(with(application("review"), json!({ "created_at": text }))).await;
        let created = reply.created_at.as_ref().unwrap();
        assert_eq!(
            (created.as_str(), created.instant().unwrap().to_rfc3339().as_str()),
            (text, utc)
        );
        assert_eq!(serde_json::to_value(reply.into_inner()).unwrap()["created_at"], text);
    }
    let reply = read(with(application("review"), json!({ "created_at": "soon" }))).await;
    let created = reply.created_at.as_ref().unwrap();
    assert_eq!((created.as_str(), created.instant()), ("soon", None));
}

#[tokio::test]
async fn unknown_values_keep_their_text_and_look_alikes_are_read() {
    let user = json!({
        "id": "u-1", "created_at": "2019-09-12T19:58:58.2-04:00", "name": "Ada Example",
        "email": "ada@example.test",
        "permissions": 4_294_967_295_u64, "privacy_policy_agreed_at": null, "metadata": { "a": 1 },
        "new": 1
    });
    let members = json!({
        "type": "kyx", "provider": "someone",
        "similar_kyc_applications": [at_vouched(), { "id": "b" }], "similar_users": [user]
    });
    let reply = read(with(application("escalated"), members)).await;
    assert!(matches!(
        reply.status(),
        KycApplicationStatus::Unknown(value) if value.as_str() == "escalated"
    ));
    assert_eq!(
        (reply.type_.as_ref().unwrap().as_str(), reply.provider.as_ref().unwrap().as_str()),
        ("kyx", "someone")
    );
    let similar = reply.similar_kyc_applications.as_ref().unwrap();
    assert_eq!(
        (similar.len(), similar[0].status().as_str(), similar[1].id.as_str()),
        (2, "remediate", "b")
    );
    let user = &reply.similar_users.as_ref().unwrap()[0];
    assert_eq!(
        (user.permissions, user.name.as_ref().unwrap().expose().as_str()),
        (Some(4_294_967_295), "Ada Example")
    );
}

#[cfg(feature = "unconfirmed")]
#[tokio::test]
async fn members_that_no_page_confirms_are_read_too() {
    let members = json!({
        "hidden": true, "errors": [{ "message": "Ada", "status": 422 }, { "message": null }]
    });
    let reply = read(with(application("failed"), members)).await;
    let errors = reply.errors.as_ref().unwrap();
    assert_eq!(
        (reply.hidden, errors[0].status, errors[1].message.is_none()),
        (Some(true), Some(422), true)
    );
}

#[tokio::test]
async fn nobody_is_shown() {
    for body in [at_vouched(), at_identitymind()] {
        let reply = read(with(body, json!({ "description": "Ada", "name": "Ada" }))).await;
        let views = (reply.as_vouched().ok(), reply.as_identitymind().ok());
        let params = reply.params.as_ref().unwrap();
        let shown = format!(
            "{reply:?} {reply:#?} {views:?} {:?} {:?}",
            params.first_name(),
            params.provider_param("man")
        );
        for personal in ["Ada", "ADA", "Example", "X0000000", "1990"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }
}
