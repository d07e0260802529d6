//! Creating, updating, and overwriting the reading.

use httpmock::Method::{POST, PUT};
use kyc_review::rebilly::NewDocument;
use kyc_review::rebilly::types::ProofOfFundsKycDocumentInput;
use kyc_review::rebilly::types::{
    KycAddressMatchesOverwrite, KycDocumentSubtype, KycDocumentType, KycFundsMatchesOverwrite,
    KycIdentityMatchesOverwrite, KycMatchesOverwrite, KycPurchaseMatchesOverwrite,
};
use kyc_review::{ErrorKind, Patch, Personal, Timestamp};
use serde_json::{Value, json};

use super::{BASE, ID, document, documents};
use crate::support::mock;

/// Each type, bare and with everything that its builder can set.
fn new_documents() -> Vec<(NewDocument, Value)> {
    let files = ["file_1", "file_2"];
    let bare =
        |kind: &str| json!({ "customerId": "cus_1", "documentType": kind, "fileIds": files });
    let mut whole = bare("identity-proof");
    for (name, value) in [
        ("documentSubtype", json!("driver-license")),
        ("notes", json!("a note")),
        ("reason", json!("a reason")),
        ("matchLevel", json!(3)),
    ] {
        whole[name] = value;
    }
    let everything =
        NewDocument::identity_proof("cus_1", files).subtype(KycDocumentSubtype::DriverLicense);
    vec![
        (NewDocument::identity_proof("cus_1", files), bare("identity-proof")),
        (
            NewDocument::address_proof(String::from("cus_1"), files.map(String::from)),
            bare("address-proof"),
        ),
        (NewDocument::funds_proof("cus_1", files), bare("funds-proof")),
        (NewDocument::purchase_proof("cus_1", files), bare("purchase-proof")),
        (NewDocument::credit_file_proof("cus_1", files), bare("credit-file-proof")),
        (everything.notes("a note").reason(String::from("a reason")).match_level(3), whole),
    ]
}

#[tokio::test]
async fn create_posts_what_a_caller_may_set_and_nothing_else() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for (new, body) in new_documents() {
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .path(BASE)
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("content-type", "application/json")
                    .header_missing("authorization")
                    .json_body(body)
                    .is_true(|request| request.uri().query().is_none());
                then.status(201)
                    .header("location", "https://example.test/kyc-documents/1")
                    .json_body(document("identity-proof"));
            })
            .await;
        let reply = documents.create(new).await.unwrap();
        call.assert_async().await;
        assert_eq!((reply.id(), reply.status_code().as_u16()), (ID, 201));
        assert_eq!(reply.header("location"), Some("https://example.test/kyc-documents/1"));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn the_generated_inputs_hold_what_the_builder_does_not() {
    let (server, clock) = mock().await;
    let settings = json!({ "free": [1] });
    let call = server
        .mock_async(|when, then| {
            let body = json!({
                "customerId": "c", "documentType": "funds-proof", "fileIds": [],
                "settings": { "free": [1] }
            });
            when.method(POST).path(BASE).json_body(body);
            then.status(201).json_body(document("funds-proof"));
        })
        .await;
    let input =
        ProofOfFundsKycDocumentInput::new("c", KycDocumentType::FundsProof, Vec::<String>::new())
            .settings(Personal::new(settings.as_object().cloned().unwrap()));
    documents(&server, clock).create(input).await.unwrap();
    call.assert_async().await;
}

#[tokio::test]
async fn update_puts_the_whole_and_tells_an_edit_from_a_creation() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for (status, (new, body)) in [200, 201].into_iter().cycle().zip(new_documents()) {
        let call = server
            .mock_async(|when, then| {
                when.method(PUT)
                    .path(format!("{BASE}/my~own.id"))
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("content-type", "application/json")
                    .json_body(body)
                    .is_true(|request| request.uri().query().is_none());
                then.status(status)
                    .header("x-ratelimit-remaining", "7")
                    .json_body(document("identity-proof"));
            })
            .await;
        let reply = documents.upsert("my~own.id", new).await.unwrap();
        call.assert_async().await;
        assert_eq!((reply.status_code().as_u16(), reply.revision()), (status, Some(4)));
        assert_eq!(
            reply.rate_limit().map(|limit| (limit.limit, limit.remaining)),
            Some((None, Some(7)))
        );
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_reading_names_its_kind_and_tells_null_from_absent() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    let midnight = || time("1990-05-15T00:00:00+00:00");
    let cases: Vec<(KycMatchesOverwrite, Value)> = vec![
        (KycIdentityMatchesOverwrite::default().into(), json!({ "type": "identity-proof" })),
        (
            KycIdentityMatchesOverwrite::default()
                .contains_image(true)
                .is_identity_document(true)
                .is_published_online(false)
                .has_matching_face_proof(true)
                .is_tampered(false)
                .is_digitally_tampered(false)
                .is_photocopy(true)
                .first_name("Ada")
                .last_name(String::from("Example"))
                .date_of_birth(midnight())
                .expiration_date(Personal::new(midnight()))
                .issue_date(Patch::Null)
                .nationality("CAN")
                .issuance_country("CA")
                .issuance_region(Patch::Null)
                .document_number(Personal::from("X0000000"))
                .sex("X")
                .document_subtype(KycDocumentSubtype::Passport)
                .into(),
            json!({
                "type": "identity-proof", "containsImage": true, "isIdentityDocument": true,
                "isPublishedOnline": false,
                "hasMatchingFaceProof": true, "isTampered": false, "isDigitallyTampered": false,
                "isPhotocopy": true,
                "firstName": "Ada", "lastName": "Example",
                "dateOfBirth": "1990-05-15T00:00:00+00:00",
                "expirationDate": "1990-05-15T00:00:00+00:00", "issueDate": null,
                "nationality": "CAN",
                "issuanceCountry": "CA", "issuanceRegion": null, "documentNumber": "X0000000",
                "sex": "X",
                "documentSubtype": "passport"
            }),
        ),
        (
            KycAddressMatchesOverwrite::default()
                .word_count(212)
                .unique_words(97)
                .is_tampered(true)
                .first_name(Patch::Null)
                .last_name("Example")
                .line1("1 Example Road")
                .city(Patch::Value(Personal::from("Exampleville")))
                .region(Patch::Null)
                .postal_code(Patch::Null)
                .date(midnight())
                .phone("555 0100")
                .document_subtype("utility-bill")
                .into(),
            json!({
                "type": "address-proof", "wordCount": 212, "uniqueWords": 97, "isTampered": true,
                "firstName": null,
                "lastName": "Example", "line1": "1 Example Road", "city": "Exampleville",
                "region": null, "postalCode": null,
                "date": "1990-05-15T00:00:00+00:00", "phone": "555 0100",
                "documentSubtype": "utility-bill"
            }),
        ),
        (
            KycPurchaseMatchesOverwrite::default()
                .payment_instrument_id("inst_1")
                .first_name("Ada")
                .last_name(Patch::Null)
                .into(),
            json!({
                "type": "purchase-proof", "paymentInstrumentId": "inst_1", "firstName": "Ada",
                "lastName": null
            }),
        ),
        (
            KycPurchaseMatchesOverwrite::default()
                .payment_instrument_id(Patch::Null)
                .document_subtype(Patch::Null)
                .into(),
            json!({
                "type": "purchase-proof", "paymentInstrumentId": null, "documentSubtype": null
            }),
        ),
        (
            KycFundsMatchesOverwrite::default()
                .first_name("Ada")
                .last_name("Example")
                .document_subtype("salary-slip")
                .into(),
            json!({
                "type": "funds-proof", "firstName": "Ada", "lastName": "Example",
                "documentSubtype": "salary-slip"
            }),
        ),
    ];
    for (reading, body) in cases {
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .path(format!("{BASE}/{ID}/matches"))
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("content-type", "application/json")
                    .json_body(body)
                    .is_true(|request| request.uri().query().is_none());
                then.status(204).header("x-ratelimit-limit", "3000");
            })
            .await;
        let reply = documents.overwrite_matches(ID, reading).await.unwrap();
        call.assert_async().await;
        assert_eq!((reply.status_code().as_u16(), reply.raw()), (204, &b""[..]));
        assert_eq!(reply.rate_limit().unwrap().limit, Some(3000));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_before_any_io() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|_, then| {
            then.status(200).json_body(document("identity-proof"));
        })
        .await;
    let documents = documents(&server, clock);
    let kinds: [fn(&str) -> NewDocument; 5] = [
        |customer| NewDocument::identity_proof(customer, ["f"]),
        |customer| NewDocument::address_proof(customer, ["f"]),
        |customer| NewDocument::funds_proof(customer, ["f"]),
        |customer| NewDocument::purchase_proof(customer, ["f"]),
        |customer| NewDocument::credit_file_proof(customer, ["f"]),
    ];
    for kind in kinds {
        for (new, why) in [
            (kind("c").match_level(0), "must be at least 1"),
            (kind("c").match_level(4), "must be at most 3"),
            (kind(""), "must not be empty"),
            (kind(" "), "must not be empty"),
        ] {
            let error = documents.create(new.clone()).await.unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("rebilly: post_kyc_document: invalid argument: invalid `"),
                "{error}"
            );
            assert!(error.to_string().ends_with(why), "{error}");
            let error = documents.upsert(ID, new).await.unwrap_err();
            assert!(error.to_string().ends_with(why), "{error}");
        }
    }
    let put = documents.upsert("a/b", NewDocument::funds_proof("c", ["f"])).await.unwrap_err();
    let overwrite =
        documents.overwrite_matches("..", KycFundsMatchesOverwrite::default()).await.unwrap_err();
    assert_eq!(
        (put.kind(), overwrite.kind()),
        (ErrorKind::InvalidArgument, ErrorKind::InvalidArgument)
    );
    assert_eq!(call.calls_async().await, 0);
}
