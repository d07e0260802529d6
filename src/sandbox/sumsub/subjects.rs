//! The sandbox's subjects: complete responses in the vendor's format, of invented people.

use serde_json::{Value, json};

use super::super::respond::set;
use super::super::server::Shared;
use super::now;
use crate::sumsub::types::ReviewStatus;

/// Returns a payment of one invented person to another, on hold because of one rule.
pub(super) fn transaction(id: &str, shared: &Shared) -> Value {
    let now = now(shared);
    json!({
        "id": id,
        "applicantId": "5f0000000000000000000000",
        "externalUserId": "user-1",
        "clientId": "example.test",
        "data": {
            "txnId": format!("payment-{id}"),
            "txnDate": now,
            "type": "finance",
            "info": {
                "direction": "out", "amount": 1450.5, "currencyCode": "EUR", "currencyType": "fiat",
                "amountInDefaultCurrency": 1450.5, "defaultCurrencyCode": "EUR",
                "paymentDetails": "Rent"
            },
            "applicant": {
                "externalUserId": "user-1", "fullName": "Ada Example", "type": "individual",
                "dob": "1990-05-15",
                "address": {
                    "country": "DEU", "town": "Berlin", "street": "Example Street",
                    "buildingNumber": "1"
                },
                "device": {
                    "ipInfo": {
                        "ip": "192.0.2.1", "countryCode3": "DEU", "asn": 64496, "riskyAsn": false
                    }
                },
                "paymentMethod": {
                    "type": "bankCard", "accountId": "400000xxxxxx0000", "issuingCountry": "DEU",
                    "3dsUsed": true, "2faUsed": false
                },
                "institutionInfo": {}
            },
            "counterparty": {
                "fullName": "Ben Example", "type": "individual",
                "paymentMethod": {
                    "type": "bankAccount", "accountId": "DE00EXAMPLE", "issuingCountry": "DEU"
                },
                "institutionInfo": { "code": "EXAMPLED", "name": "Example Bank" }
            },
            "props": { "order": "17" }
        },
        "score": 60,
        "review": review("onHold", &now),
        "createdAt": now,
        "scoringResult": {
            "score": 60, "dryScore": 0,
            "matchedRules": [{
                "id": "650000000000000000000001", "name": "LargePayment", "revision": 1,
                "title": "Large payment", "score": 60, "dryRun": false, "action": "onHold",
                "stage": "eval"
            }],
            "action": "onHold", "ruleCnt": 1, "dryRunRuleCnt": 0
        },
        "typedTags": []
    })
}

/// Returns an invented person with two steps.
pub(super) fn applicant(id: &str, status: &ReviewStatus, shared: &Shared) -> Value {
    let now = now(shared);
    let mut review = review(status.as_str(), &now);
    set(
        &mut review,
        [("levelName", json!("basic-kyc-level")), ("levelAutoCheckMode", Value::Null)],
    );
    if matches!(status, ReviewStatus::Completed | ReviewStatus::AwaitingService) {
        set(&mut review, [("reviewResult", json!({ "reviewAnswer": "GREEN" }))]);
    }
    if *status == ReviewStatus::Completed {
        set(&mut review, [("reviewDate", json!(now))]);
    }
    json!({
        "id": id,
        // The only date without a time zone.
        "createdAt": now.trim_end_matches("+0000"),
        "createdBy": "service-example",
        "key": "SANDBOXSANDBOX",
        "clientId": "example.test",
        "inspectionId": format!("5e{}", id.trim_start_matches("5f")),
        "externalUserId": format!("user-{id}"),
        "email": "ada@example.test",
        "applicantPlatform": "Web",
        "type": "individual",
        "info": {
            "firstName": "Ada", "lastName": "Example", "middleName": "", "dob": "1990-05-15",
            "country": "DEU",
            "idDocs": [{
                "idDocType": "PASSPORT", "country": "DEU", "firstName": "Ada",
                "lastName": "Example", "validUntil": "2030-01-01", "number": "X0000000",
                "idDocSubType": null
            }]
        },
        "fixedInfo": { "firstName": "Ada", "lastName": "Example" },
        "requiredIdDocs": {
            "docSets": [
                { "idDocSetType": "IDENTITY", "types": ["PASSPORT", "ID_CARD"] },
                {
                    "idDocSetType": "SELFIE", "types": ["SELFIE"],
                    "videoRequired": "passiveLiveness"
                }
            ]
        },
        "review": review
    })
}

fn review(status: &str, now: &str) -> Value {
    json!({
        "reviewId": "SnDbX", "attemptId": "sNdBx", "attemptCnt": 1, "elapsedSincePendingMs": 0,
        "reprocessing": false, "createDate": now, "reviewStatus": status, "priority": 0
    })
}
