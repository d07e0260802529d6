//! Sumsub: signatures, the request of each operation, its response, each documented
//! error, and the sandbox.

mod actions;
mod applicants;
mod errors;
mod notes;
mod sandbox;
mod signature;
mod transactions;

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use httpmock::{HttpMockRequest, MockServer};
use kyc_review::sandbox::ManualClock;
use kyc_review::sumsub::Sumsub;
use serde_json::{Value, json};
use sha2::Sha256;

const TOKEN: &str = "sbx:uY0CgwELmgUAEyl4hNWxLngb.0WSeQeiYny4WEqmAALEAiK2qTC96fBad";
const SECRET: &str = "Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq";
const TXN: &str = "631f268442d8290001e1eee8";
const APPLICANT: &str = "5b594ade0a975a36c9349e66";

fn client(server: &MockServer, clock: Arc<ManualClock>) -> Sumsub {
    let builder = Sumsub::builder().app_token(TOKEN).secret_key(SECRET);
    builder.base_url(server.base_url()).clock(clock).build().unwrap()
}

/// The target as in the request line.
fn target(request: &HttpMockRequest) -> String {
    request.uri().path_and_query().unwrap().to_string()
}

fn header(request: &HttpMockRequest, name: &str) -> String {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Whether the signature matches the request as it arrived, computed here from the parts
/// that the vendor names.
fn is_signed(request: &HttpMockRequest) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(header(request, "x-app-access-ts").as_bytes());
    mac.update(request.method_str().as_bytes());
    mac.update(target(request).as_bytes());
    mac.update(request.body_ref());
    let expected: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    expected == header(request, "x-app-access-sig")
}

/// Whether a request has exactly this target and body, signed.
fn is_exactly(request: &HttpMockRequest, wanted: &str, body: &str) -> bool {
    target(request) == wanted && request.body_ref() == body.as_bytes() && is_signed(request)
}

/// A complete transaction in the vendor's format, with fields and values unknown to this
/// version, nulls, and absent fields.
fn transaction(review: Value) -> Value {
    json!({
        "id": TXN, "applicantId": "63121d57f32a2c0001cf8f38", "externalUserId": "user-of-Ada",
        "clientId": "example.inc",
        "data": {
            "txnId": "payment-1", "txnDate": "2022-09-12 12:27:17+0000", "zoneId": "UTC+01:00",
            "type": "a_type_from_the_future",
            "info": {
                "direction": "out", "amount": 0.00000001, "currencyCode": "BTC",
                "currencyType": "crypto",
                "amountInDefaultCurrency": 10, "defaultCurrencyCode": "EUR", "mcc": null,
                "cryptoParams": { "attemptId": "a1", "outputIndex": 0 }
            },
            "applicant": {
                "fullName": "Ada Example", "type": "individual", "dob": "1990-05-15",
                "address": { "country": "DEU", "town": "Berlin", "new_part": 1 },
                "device": {
                    "coords": { "lat": 300, "lon": 500.5, "accuracy": "12" },
                    "sessionAgeMs": 3600000,
                    "ipInfo": { "ip": "242.1.1", "asn": 64496 }
                },
                "paymentMethod": {
                    "type": "", "accountId": "400000xxxxxx0000", "3dsUsed": true, "2faUsed": false
                },
                "institutionInfo": {}, "idDocs": []
            },
            "counterparty": {
                "fullName": "Ben Example",
                "paymentMethod": { "accountId": "0xEXAMPLE", "3dsUsed": null }
            },
            "props": { "number": "17" }
        },
        "score": 60, "review": review, "createdAt": "2022-09-12 12:27:17+0000",
        "scoringResult": {
            "score": 60.5, "dryScore": 0, "action": "an_action_from_the_future", "ruleCnt": 2,
            "tagScores": [{ "x": 1 }],
            "matchedRules": [{
                "id": "r1", "name": "Big", "score": 60, "dryRun": false, "action": "onHold",
                "stage": "eval"
            }],
            "unmatchedRules": null
        },
        "typedTags": [
            { "label": "Structuring", "type": "userDefined" },
            { "label": "Odd", "type": "from_the_future" }
        ],
        "travelRuleInfo": { "status": "awaitingCounterparty", "applicantParticipant": {} },
        "riskLabels": ["a"], "needMasking": false, "new_member": [1, "two", null]
    })
}

/// A complete applicant, in the same way.
fn applicant(review: Value) -> Value {
    json!({
        "id": APPLICANT, "createdAt": "2024-07-09 05:11:41", "key": "KEYKEYKEYKEYKE",
        "clientId": "example.inc",
        "inspectionId": "5b594ade0a975a36c9349e67", "externalUserId": "user-of-Ada",
        "applicantPlatform": "from_the_future",
        "type": "individual", "email": "ada@example.test", "lang": null,
        "info": {
            "firstName": "Ada", "middleName": "", "lastName": "Example", "dob": "1990-00-00",
            "gender": "F",
            "idDocs": [{
                "idDocType": "A_NEW_ONE", "idDocSubType": null, "number": "X0000000",
                "validUntil": "2030-01-01"
            }]
        },
        "fixedInfo": {
            "companyInfo": {
                "companyName": "Example Ltd",
                "beneficiaries": [{ "imageIds": [1, 2], "shareSize": 33.3 }]
            }
        },
        "agreement": { "acceptedAt": "2024-07-09 05:11:41", "targets": ["a"], "items": [] },
        "requiredIdDocs": {
            "docSets": [{ "idDocSetType": "IDENTITY", "types": ["PASSPORT"], "subTypes": null }]
        },
        "review": review,
        "questionnaires": [{
            "id": "q",
            "sections": { "s": { "items": { "i": { "value": null, "values": ["Ada"] } } } }
        }],
        "metadata": [{ "key": "k", "value": "v" }],
        "riskLabels": { "aml": ["pep", "from_the_future"] }, "deleted": false, "notes": ["a note"],
        "new_member": { "a": 1 }
    })
}

fn review(status: &str, result: Value) -> Value {
    json!({
        "reviewId": "SnDbX", "attemptId": "sNdBx", "attemptCnt": 1, "levelAutoCheckMode": null,
        "priority": 0,
        "createDate": "2022-09-12 12:27:17+0000", "reviewDate": "2022-09-12 12:40:00.120",
        "reviewStatus": status, "reviewResult": result, "new_member": true
    })
}
