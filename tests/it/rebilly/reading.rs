//! Documents as responses hold them: five types, unknown ones, and the formats of earlier
//! years.

use httpmock::Method::GET;
use kyc_review::rebilly::types::{
    KycCreditBureau, KycCreditFileDecision, KycDocument, KycDocumentStatus, KycDocumentSubtype,
    KycDocumentType, RejectionReason,
};
use kyc_review::rebilly::{ReviewPhase, Score};
use serde_json::{Value, json};

use super::{BASE, ID, document, documents};
use crate::support::mock;

const KINDS: [&str; 5] =
    ["identity-proof", "address-proof", "funds-proof", "purchase-proof", "credit-file-proof"];

fn read(body: &Value) -> KycDocument {
    serde_json::from_value(body.clone()).unwrap()
}

/// A document with some fields changed, and without those that become null.
fn changed(document_type: &str, members: Value) -> KycDocument {
    let mut body = document(document_type);
    for (name, value) in members.as_object().unwrap() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            value => body[name] = value.clone(),
        }
    }
    read(&body)
}

#[tokio::test]
async fn get_reads_each_kind_whole() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
        let call = server
            .mock_async(|when, then| {
                when.method(GET)
                    .path(format!("{BASE}/{ID}"))
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("accept", "application/json")
                    .header_missing("authorization")
                    .header_missing("content-type")
                    .is_true(|request| {
                        request.uri().query().is_none() && request.body().is_empty()
                    });
                then.status(200).json_body(document(kind));
            })
            .await;
        let reply = documents.get(ID).await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
        assert_eq!(reply.rate_limit(), None);
        // The fields that all types share, even an unknown one.
        assert_eq!(
            (reply.id(), reply.customer_id(), reply.revision()),
            (ID, Some("cus_TEST01"), Some(4))
        );
        assert_eq!(reply.document_type(), &KycDocumentType::from(kind));
        assert_eq!(reply.document_subtype(), Some(&KycDocumentSubtype::Passport));
        assert_eq!(reply.status(), &KycDocumentStatus::Rejected);
        assert_eq!(reply.rejection().unwrap().type_, Some(RejectionReason::DocumentExpired));
        assert_eq!(reply.review_phase(), ReviewPhase::Reviewed);
        assert_eq!(
            (reply.kyc_request_id(), reply.reviewer_id()),
            (Some("kyc_req_TEST01"), Some("usr_TEST01"))
        );
        assert_eq!(reply.reviewer_name().unwrap().expose(), "Ada Reviewer");
        assert_eq!(
            (reply.notes(), reply.reason().unwrap().expose().as_str()),
            (None, "registration")
        );
        assert_eq!(
            (reply.match_level(), reply.file_ids().len(), reply.links().len()),
            (Some(2), 2, 2)
        );
        assert_eq!(reply.tags()[0].type_.as_ref().unwrap().as_str(), "a-type-of-the-future");
        assert_eq!(reply.match_score(), Some(Score::from(65.0)));
        for (time, text) in [
            (reply.created_time(), "2026-03-01T10:00:00+00:00"),
            (reply.updated_time(), "2026-03-01T10:09:00Z"),
            (reply.processed_time(), "2026-03-01T10:00:07+00:00"),
            (reply.review_start_time(), "2026-03-01T10:05:00+00:00"),
            (reply.review_time(), "2026-03-01T10:09:00+00:00"),
        ] {
            assert_eq!(time.unwrap().as_str(), text);
        }
        let shown = format!("{reply:?} {:#?}", *reply);
        for personal in [
            "Ada",
            "Example",
            "expired in March",
            "registration",
            "X0000000",
            "1990",
            "closed_eyes",
        ] {
            assert!(!shown.contains(personal), "{kind}: {shown}");
        }
    }
}

#[test]
fn each_kind_has_what_is_read_from_it() {
    match read(&document("identity-proof")) {
        KycDocument::IdentityProof(proof) => {
            let analysis = proof.document_matches.unwrap();
            let data = analysis.data.unwrap();
            assert_eq!(data.first_name.unwrap().expose(), "Ada");
            assert_eq!(
                (data.last_name, data.mrz_checksum_valid, data.is_digitally_tampered),
                (None, None, Some(true))
            );
            assert_eq!(data.date_of_birth.unwrap().expose().as_str(), "1990-01-01T00:00:00+00:00");
            assert_eq!(data.document_subtype.unwrap().as_str(), "a-subtype-of-the-future");
            let checks = analysis.check_list.unwrap();
            // A check that no page lists.
            assert_eq!(
                (checks[1].name.as_ref().unwrap().as_str(), checks[0].failed),
                ("isPhotocopy", Some(true))
            );
            let settings = proof.settings.unwrap();
            assert_eq!(settings.weights.unwrap().matches_date_of_birth, Some(10));
            assert_eq!(settings.minimum_age_settings.unwrap().default_minimum_age, Some(18));
        }
        other => panic!("{other:?}"),
    }
    match read(&document("address-proof")) {
        KycDocument::AddressProof(proof) => {
            let data = proof.document_matches.unwrap().data.unwrap();
            assert_eq!(
                (data.line1.unwrap().expose().as_str(), data.city, data.word_count),
                ("1 Example Road", None, Some(212))
            );
            assert_eq!(proof.settings.unwrap().thresholds.unwrap().reject_below, Some(40));
        }
        other => panic!("{other:?}"),
    }
    match read(&document("funds-proof")) {
        KycDocument::FundsProof(proof) => {
            assert_eq!(
                proof.document_matches.unwrap().data.unwrap().document_subtype,
                Some(KycDocumentSubtype::SalarySlip)
            );
            assert_eq!(proof.settings.unwrap().expose(), &json!([]));
        }
        other => panic!("{other:?}"),
    }
    match read(&document("purchase-proof")) {
        KycDocument::PurchaseProof(proof) => {
            let data = proof.document_matches.unwrap().data.unwrap();
            assert_eq!(data.payment_instrument_id.as_deref(), Some("inst_TEST01"));
            assert_eq!(proof.settings.unwrap().expose(), &json!({ "anything": "Ada" }));
        }
        other => panic!("{other:?}"),
    }
    match read(&document("credit-file-proof")) {
        KycDocument::CreditFileProof(proof) => {
            let data = proof.document_matches.unwrap().data.unwrap();
            assert_eq!(data.credit_bureau, Some(KycCreditBureau::TestBureau));
            assert_eq!(data.decision, Some(KycCreditFileDecision::DualSource));
            assert_eq!(
                data.trades.unwrap()[0].date_opened.as_ref().unwrap().expose().as_str(),
                "2001-02-03"
            );
            let reference = data.reference_data.unwrap();
            assert_eq!(reference.number_of_trades_on_file.as_deref(), Some("001"));
            assert_eq!(reference.dual_decision.unwrap()[0].last_name_match.as_deref(), Some("Y"));
        }
        other => panic!("{other:?}"),
    }
    match read(&document("a-proof-of-the-future")) {
        KycDocument::Unknown(proof) => {
            assert_eq!(proof.raw(), &document("a-proof-of-the-future"));
            assert_eq!(proof.common().status, Some(KycDocumentStatus::Rejected));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_are_read_under_both_names() {
    for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
        for (members, ids) in [
            (json!({ "fileIds": ["a", "b"], "fileId": "c" }), vec!["a", "b"]),
            (json!({ "fileIds": null, "fileId": "c" }), vec!["c"]),
            (json!({ "fileIds": [], "fileId": "c" }), vec!["c"]),
            (json!({ "fileIds": null }), vec![]),
        ] {
            assert_eq!(changed(kind, members.clone()).file_ids(), ids, "{kind} {members}");
        }
    }
}

#[test]
fn the_review_phase_is_told_by_reviewer_and_time_whatever_the_status() {
    let time = "2026-03-01T10:09:00Z";
    for status in
        ["pending", "in-progress", "accepted", "rejected", "archived", "a-status-of-the-future"]
    {
        for (reviewer, reviewed, phase) in [
            (json!(null), json!(null), ReviewPhase::Unreviewed),
            (json!("usr_1"), json!(null), ReviewPhase::InReview),
            (json!("usr_1"), json!(time), ReviewPhase::Reviewed),
            // A release after the review does not undo it.
            (json!(null), json!(time), ReviewPhase::Reviewed),
        ] {
            let mut body = document("identity-proof");
            body["status"] = json!(status);
            body["reviewerId"] = reviewer;
            body["reviewTime"] = reviewed;
            for kind in ["identity-proof", "a-proof-of-the-future"] {
                body["documentType"] = json!(kind);
                assert_eq!(read(&body).review_phase(), phase, "{body}");
            }
        }
    }
    // Null and absent fields are the same.
    let absent = changed(
        "identity-proof",
        json!({ "reviewerId": null, "reviewTime": null, "status": null }),
    );
    assert_eq!((absent.review_phase(), absent.status().as_str()), (ReviewPhase::Unreviewed, ""));
}

#[test]
fn what_is_embedded_is_read_in_both_forms() {
    let customer = json!({ "id": "cus_TEST01", "primaryAddress": { "firstName": "Ada" } });
    let files = json!([{ "id": "file_TEST01" }, { "id": "file_TEST02" }]);
    for (embedded, has_customer, count) in [
        (json!({ "customer": customer, "files": files }), true, 2),
        (json!([{ "customer": customer }, { "files": files }]), true, 2),
        (json!([{ "customer": customer }]), true, 0),
        (json!({ "files": files }), false, 2),
        (json!({ "customer": null, "files": null }), false, 0),
        // Empty objects of some servers, and values that fit no form.
        (json!({ "customer": [], "files": {} }), false, 0),
        (json!([]), false, 0),
        (json!({}), false, 0),
        (json!("text"), false, 0),
        (json!([1, null]), false, 0),
        (json!(null), false, 0),
    ] {
        for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
            let mut body = document(kind);
            body["_embedded"] = embedded.clone();
            let document = read(&body);
            let found = document.embedded_customer();
            assert_eq!(
                found.map(|found| (*found.expose()).clone()),
                has_customer.then(|| customer.clone()),
                "{embedded}"
            );
            let found = document.embedded_files();
            assert_eq!(found.len(), count, "{embedded}");
            assert!(
                found
                    .iter()
                    .zip(files.as_array().unwrap())
                    .all(|(found, file)| *found.expose() == file)
            );
            assert!(
                !format!("{document:?} {:?} {found:?}", document.embedded_customer())
                    .contains("Ada")
            );
        }
    }
}

#[test]
fn scores_keep_their_number_and_tell_the_percentage() {
    for (raw, percent, is_fractional) in [
        (json!(75), 75.0, false),
        (json!(75.5), 75.5, false),
        (json!(100), 100.0, false),
        (json!(0), 0.0, false),
        (json!(0.0), 0.0, false),
        (json!(0.75), 75.0, true),
        (json!(0.29), 29.0, true),
        (json!(0.999), 99.9, true),
        // `1` is one percent today; in earlier years it was all of it.
        (json!(1), 1.0, false),
        (json!(1.0), 1.0, false),
    ] {
        for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
            let mut body = document(kind);
            body["documentMatches"]["score"] = raw.clone();
            let score = read(&body).match_score().unwrap();
            assert_eq!((score.raw(), score.percent()), (raw.as_f64().unwrap(), percent), "{raw}");
            assert_eq!(
                (score.is_fractional(), score.to_string()),
                (is_fractional, format!("{percent}%")),
                "{raw}"
            );
        }
    }
    for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
        assert_eq!(changed(kind, json!({ "documentMatches": null })).match_score(), None);
        assert_eq!(changed(kind, json!({ "documentMatches": { "data": {} } })).match_score(), None);
    }
}

#[test]
fn a_bare_document_decodes_and_an_unknown_status_is_kept() {
    for kind in KINDS.into_iter().chain(["a-proof-of-the-future"]) {
        let bare = read(&json!({ "id": "1", "documentType": kind }));
        assert_eq!(
            (bare.id(), bare.document_type().as_str(), bare.status().as_str()),
            ("1", kind, "")
        );
        assert_eq!((bare.customer_id(), bare.revision(), bare.match_level()), (None, None, None));
        assert!(bare.rejection().is_none() && bare.tags().is_empty() && bare.links().is_empty());
        let odd = changed(kind, json!({ "status": "a-status-of-the-future" }));
        assert_eq!(*odd.status(), "a-status-of-the-future");
    }
}
