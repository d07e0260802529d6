//! Creating, reading and replacing documents.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::problem::{invalid, refuse_as};
use super::{State, base, changed, check, written};
use crate::rebilly::types::{KycDocumentStatus, KycDocumentType};
use crate::sandbox::respond::{self, set, text};
use crate::sandbox::server::{Backend, lock};
use crate::value::id::encode_segment;

/// The fields that a caller writes.
const WRITTEN: [&str; 8] = [
    "customerId",
    "documentType",
    "fileIds",
    "documentSubtype",
    "notes",
    "reason",
    "matchLevel",
    "settings",
];

pub(super) fn id(number: u64) -> String {
    format!("kyc_doc_01SANDBOX{number:017}")
}

/// Returns a document in its initial state, with the fields that a caller wrote.
fn fresh(id: &str, written: &Value, now: &str) -> Value {
    let mut document = json!({
        "id": id, "fileIds": [], "documentType": null, "documentSubtype": null,
        "status": "pending", "rejectionReason": null, "requestId": null,
        "createdTime": now, "updatedTime": now, "processedTime": null, "customerId": null,
        "reviewerId": null, "reviewerName": null, "reviewStartTime": null, "reviewTime": null,
        "notes": null, "tags": [], "reason": null, "matchLevel": 2, "revision": 1,
        "settings": null, "documentMatches": null, "parsedData": null
    });
    write(&mut document, written);
    document
}

/// Replaces the fields that a caller writes; an absent one returns to its initial value.
fn write(document: &mut Value, written: &Value) {
    let is_analysed = is_analysed(text(written, "/documentType"));
    for name in WRITTEN {
        let value = match (name, written.get(name)) {
            // For the two analysed types, the vendor sets the settings.
            ("settings", _) if is_analysed => continue,
            ("matchLevel", None) => json!(2),
            (_, value) => value.cloned().unwrap_or_default(),
        };
        set(document, [(name, value)]);
    }
}

/// Returns whether the vendor analyses documents of this type.
fn is_analysed(document_type: &str) -> bool {
    matches!(document_type, "identity-proof" | "address-proof")
}

/// Returns a document of a customer of its own, as the automatic analysis leaves it.
pub(super) fn seeded(
    id: &str,
    number: u64,
    document_type: &KycDocumentType,
    status: &KycDocumentStatus,
    now: &str,
) -> Value {
    let subtype = match document_type {
        KycDocumentType::IdentityProof => "passport",
        KycDocumentType::AddressProof => "utility-bill",
        KycDocumentType::FundsProof => "salary-slip",
        KycDocumentType::PurchaseProof => "copy-credit-card",
        _ => "other",
    };
    let file = format!("file_01SANDBOX{number:016}");
    let customer = format!("cus_01SANDBOX{number:017}");
    let written = json!({
        "customerId": customer, "documentType": document_type, "fileIds": [file],
        "documentSubtype": subtype, "reason": "registration"
    });
    let mut document = fresh(id, &written, now);
    set(&mut document, [("status", json!(status))]);
    let is_done = *status != KycDocumentStatus::InProgress;
    if is_analysed(document_type.as_str()) && is_done {
        analyse(&mut document, document_type, status, now);
    }
    if *status == KycDocumentStatus::Rejected {
        set(
            &mut document,
            [(
                "rejectionReason",
                json!({ "type": "document-expired", "message": "Found by the analysis" }),
            )],
        );
    }
    document
}

/// Sets the results of the automatic analysis on a document.
fn analyse(
    document: &mut Value,
    document_type: &KycDocumentType,
    status: &KycDocumentStatus,
    now: &str,
) {
    let score = match status {
        KycDocumentStatus::Accepted => 95,
        KycDocumentStatus::Rejected => 20,
        // Between the thresholds, where a person decides.
        _ => 65,
    };
    let (data, weights, check) = if *document_type == KycDocumentType::IdentityProof {
        let data = json!({
            "containsImage": true, "isIdentityDocument": true, "isPublishedOnline": false,
            "matchingImages": [], "firstName": "Ada", "lastName": null,
            "dateOfBirth": "1990-05-15T00:00:00+00:00",
            "expirationDate": "2026-02-01T00:00:00+00:00", "issueDate": null,
            "hasMinimalAge": true, "nationality": "CA", "issuanceCountry": "CA",
            "issuanceRegion": null, "documentNumber": "X0000000", "sex": "X",
            "mrzChecksumValid": null, "documentSubtype": "passport",
            "hasMatchingFaceProof": true, "isTampered": false
        });
        (data, json!({ "firstName": 5, "lastName": 5, "expirationDate": 35 }), "expirationDate")
    } else {
        let data = json!({
            "firstName": "Ada", "lastName": "Example", "line1": null, "city": "Exampleville",
            "region": null, "postalCode": "A1A 1A1", "wordCount": 212, "uniqueWords": 97,
            "date": "2025-12-01T00:00:00+00:00", "phone": null,
            "documentSubtype": "utility-bill", "isTampered": false
        });
        (data, json!({ "firstName": 10, "line1": 35, "date": 20 }), "line1")
    };
    let checks = json!([{ "name": check, "failed": score < 95, "score": 35, "reason": null }]);
    let analysis = json!({ "version": "2.0", "score": score, "checkList": checks, "data": data });
    let settings =
        json!({ "weights": weights, "thresholds": { "rejectBelow": 40, "acceptAbove": 80 } });
    let members = [
        ("processedTime", json!(now)),
        ("documentMatches", analysis.clone()),
        ("parsedData", analysis),
        ("settings", settings),
    ];
    set(document, members);
}

/// Returns the document with its links, which contain the base URL that the caller used.
pub(super) fn linked(document: &Value, headers: &HeaderMap) -> Value {
    let customer =
        format!("{}/customers/{}", base(headers), encode_segment(text(document, "/customerId")));
    let links = json!([
        { "rel": "self", "href": address(document, headers) },
        { "rel": "customer", "href": customer }
    ]);
    let mut linked = document.clone();
    set(&mut linked, [("_links", links)]);
    linked
}

/// Returns the absolute URL of a document.
pub(super) fn address(document: &Value, headers: &HeaderMap) -> String {
    format!("{}/kyc-documents/{}", base(headers), encode_segment(text(document, "/id")))
}

pub(super) async fn create(
    Shares(shared): Shares<Arc<Backend<State>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse_as(400, "The body is not JSON");
    };
    let refused = check::document(&body);
    if !refused.is_empty() {
        return invalid(&refused);
    }
    let document = fresh(&id(shared.next()), &body, &shared.now_text());
    let mut state = lock(&shared.state);
    state.documents.push(document.clone());
    written(201, Some(&document), &mut state, &headers)
}

pub(super) async fn read(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match lock(&shared.state).find(&id) {
        Some(document) => respond::json(200, &linked(document, &headers)),
        None => refuse_as(404, "No such document"),
    }
}

pub(super) async fn replace(
    Shares(shared): Shares<Arc<Backend<State>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse_as(400, "The body is not JSON");
    };
    let mut refused = check::document(&body);
    if !check::is_id(&id) {
        refused.push(("id".to_owned(), "Must be at most 50 letters, digits and _@~-."));
    }
    let mut state = lock(&shared.state);
    let now = shared.now_text();
    let existing = state.find(&id);
    let kind = existing.as_ref().map(|document| text(document, "/documentType").to_owned());
    if refused.is_empty() && kind.is_some_and(|kind| kind != text(&body, "/documentType")) {
        refused.push(("documentType".to_owned(), "The type of a document cannot change"));
    }
    if !refused.is_empty() {
        return invalid(&refused);
    }
    let (status, document) = match existing {
        Some(document) => {
            write(document, &body);
            changed(document, &now);
            (200, document.clone())
        }
        None => {
            let document = fresh(&id, &body, &now);
            state.documents.push(document.clone());
            (201, document)
        }
    };
    written(status, Some(&document), &mut state, &headers)
}
