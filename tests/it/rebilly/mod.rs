//! Rebilly: the request of each operation, its response, each documented error, and the
//! sandbox.

mod aml;
mod builder;
mod decisions;
mod errors;
mod lists;
mod reading;
mod sandbox;
mod writing;

use std::sync::Arc;

use httpmock::MockServer;
use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::resources::KycDocuments;
use kyc_review::sandbox::ManualClock;
use serde_json::{Value, json};

const ID: &str = "kyc_doc_TEST0000000000000000000001";
const BASE: &str = "/organizations/org_TEST/kyc-documents";

fn client(server: &MockServer, clock: Arc<ManualClock>) -> Rebilly {
    let builder = Rebilly::builder().organization_id("org_TEST").api_key("sk_sandbox_1");
    builder.clock(clock).base_url(server.base_url()).build().unwrap()
}

fn documents(server: &MockServer, clock: Arc<ManualClock>) -> KycDocuments {
    client(server, clock).kyc_documents()
}

/// A complete document in the vendor's format, rejected by a person: unknown fields and
/// values, nulls, absent fields.
fn document(document_type: &str) -> Value {
    json!({
        "id": ID, "fileIds": ["file_TEST01", "file_TEST02"], "documentType": document_type,
        "documentSubtype": "passport",
        "status": "rejected",
        "rejectionReason": { "type": "document-expired", "message": "expired in March", "new": 1 },
        "requestId": "kyc_req_TEST01", "createdTime": "2026-03-01T10:00:00+00:00",
        "updatedTime": "2026-03-01T10:09:00Z",
        "processedTime": "2026-03-01T10:00:07+00:00", "customerId": "cus_TEST01",
        "reviewerId": "usr_TEST01",
        "reviewerName": "Ada Reviewer", "reviewStartTime": "2026-03-01T10:05:00+00:00",
        "reviewTime": "2026-03-01T10:09:00+00:00", "notes": null, "reason": "registration",
        "matchLevel": 2, "revision": 4,
        "tags": [{
            "id": "tag_1", "name": "second look", "type": "a-type-of-the-future",
            "createdTime": "2026-03-01T10:00:00Z",
            "_links": [{ "rel": "self", "href": "https://example.test/tags/second%20look" }]
        }],
        "documentMatches": analysis(document_type), "parsedData": null,
        "settings": settings(document_type),
        "memberOfTheFuture": { "a": [1, null] },
        "_links": [
            {
                "rel": "self", "href": "https://example.test/organizations/org_TEST/kyc-documents/1"
            },
            { "rel": "a-rel-of-the-future", "href": "https://example.test/x" }
        ]
    })
}

fn analysis(document_type: &str) -> Value {
    let data = match document_type {
        "identity-proof" => json!({
            "containsImage": true, "isIdentityDocument": true, "isPublishedOnline": false,
            "matchingImages": [],
            "firstName": "Ada", "lastName": null, "dateOfBirth": "1990-01-01T00:00:00+00:00",
            "expirationDate": "2026-02-01T00:00:00+00:00", "issueDate": null, "hasMinimalAge": true,
            "nationality": "CA",
            "documentNumber": "X0000000", "sex": "X", "mrzChecksumValid": null,
            "documentSubtype": "a-subtype-of-the-future",
            "isTampered": false, "isDigitallyTampered": true, "hasCompletedFaceLiveness": true,
            "new": []
        }),
        "address-proof" => json!({
            "firstName": "Ada", "lastName": "Example", "line1": "1 Example Road", "city": null,
            "postalCode": "A1A 1A1",
            "wordCount": 212, "uniqueWords": 97, "date": "2026-02-01T00:00:00+00:00", "phone": null,
            "isTampered": false
        }),
        "funds-proof" => {
            json!({ "firstName": "Ada", "lastName": null, "documentSubtype": "salary-slip" })
        }
        "purchase-proof" => {
            json!({
                "firstName": "Ada", "paymentInstrumentId": "inst_TEST01", "documentSubtype": null
            })
        }
        "credit-file-proof" => json!({
            "creditBureau": "test-bureau", "creditFileNumber": "F0000000", "name": "Ada Example",
            "decision": "dual-source",
            "consultedDate": "2026-03-01T10:00:05Z",
            "trades": [{
                "name": "Example Bank", "accountNumber": "0000", "dateOpened": "2001-02-03"
            }],
            "referenceData": {
                "singleSourceHit": "N", "dualSourceHit": "Y", "numberOfTradesOnFile": "001",
                "dualDecision": [{ "lastNameMatch": "Y" }]
            }
        }),
        _ => json!({ "anything": true }),
    };
    let checks = json!([
        { "name": "expirationDate", "failed": true, "score": 35, "reason": null },
        { "name": "isPhotocopy", "failed": false, "score": 0, "reason": "closed_eyes" }
    ]);
    json!({ "version": "2.0", "score": 65, "checkList": checks, "data": data })
}

fn settings(document_type: &str) -> Value {
    match document_type {
        "identity-proof" => json!({
            "weights": { "firstName": 5, "expirationDate": 35, "matchesDateOfBirth": 10 },
            "thresholds": { "rejectBelow": 40, "acceptAbove": 80 },
            "minimumAgeSettings": {
                "defaultMinimumAge": 18,
                "locationOverrides": [{ "country": "CA", "minimumAge": 19 }]
            }
        }),
        "address-proof" => {
            json!({ "weights": { "line1": 35 }, "thresholds": { "rejectBelow": 40 } })
        }
        // The settings of the other types are free-form, and empty ones may be a list.
        "funds-proof" => json!([]),
        "purchase-proof" => json!({ "anything": "Ada" }),
        _ => Value::Null,
    }
}
