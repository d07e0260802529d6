//! Times, open enums, open unions, clearable fields: unknown values are kept and written
//! back.

use kyc_review::beltic::types::SessionStatus;
use kyc_review::rebilly::types::{KycAddressMatchesOverwrite, ProofOfIdentityKycDocumentInput};
use kyc_review::rebilly::types::{KycDocument, NewKycDocument};
use kyc_review::{CalendarDate, Patch, Personal, Timestamp};
use serde_json::{Value, json};

#[test]
fn a_time_is_compared_as_an_instant_and_written_back_as_its_text() {
    let same = [
        "2024-05-02T09:32:10Z",
        "2024-05-02T09:32:10+00:00",
        "2024-05-02 09:32:10+0000",
        "2024-05-02 09:32:10",
        "2024-05-02T09:32:10",
        "2024-05-02T05:32:10-04:00",
        "2024-05-02 09:32:10.000",
        "2024-05-02T09:32:10.000000000Z",
    ];
    for text in same {
        let time: Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(time, "2024-05-02T09:32:10Z".parse().unwrap(), "{text}");
        assert_eq!(serde_json::to_value(&time).unwrap(), json!(text));
    }
    let earlier: Timestamp = "2024-05-02 09:32:09.999".parse().unwrap();
    assert!(earlier < "2024-05-02T09:32:10Z".parse().unwrap());
}

#[test]
fn a_text_that_is_no_time_is_kept() {
    for text in [
        "",
        "soon",
        "2024-13-45T99:99:99Z",
        "0000-00-00 00:00:00",
        "2024-05-02",
        "+275760-09-13T00:00:00.001Z",
    ] {
        let time: Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert_eq!((time.instant(), time.as_str()), (None, text));
        assert_eq!(serde_json::to_value(&time).unwrap(), json!(text));
        assert!(text.parse::<Timestamp>().is_err());
    }
    let year_2106: Timestamp = "2106-02-07T06:28:16Z".parse().unwrap();
    assert!(year_2106.instant().is_some());
    let partial: CalendarDate = serde_json::from_value(json!("1988-00-00")).unwrap();
    assert_eq!(
        (partial.day(), serde_json::to_value(&partial).unwrap()),
        (None, json!("1988-00-00"))
    );
}

#[test]
fn an_enum_keeps_a_value_that_it_does_not_know() {
    for text in ["declined", "Declined", "DECLINED", "", " ", "a new-one", "漢"] {
        let status: SessionStatus = serde_json::from_value(json!(text)).unwrap();
        assert_eq!((status.as_str(), status == *text), (text, true));
        assert_eq!(serde_json::to_value(&status).unwrap(), json!(text));
        let known = SessionStatus::KNOWN.contains(&text);
        assert_eq!(matches!(status, SessionStatus::Unknown(_)), !known, "{text}");
    }
    for known in SessionStatus::KNOWN {
        assert!(!matches!(SessionStatus::from(*known), SessionStatus::Unknown(_)), "{known}");
    }
}

#[test]
fn a_union_decodes_by_its_discriminator_wherever_it_stands() {
    let last = concat!(
        r#"{"id":"d","status":"pending","documentMatches":{"data":{"line1":"1 Test Road"}},"#,
        r#""documentType":"address-proof"}"#
    );
    let document: KycDocument = serde_json::from_str(last).unwrap();
    let KycDocument::AddressProof(address) = &document else { panic!("{document:?}") };
    let data = address.document_matches.as_ref().unwrap().data.as_ref().unwrap();
    assert_eq!(data.line1.as_ref().map(Personal::expose).map(String::as_str), Some("1 Test Road"));
    assert_eq!(
        serde_json::to_value(&document).unwrap(),
        serde_json::from_str::<Value>(last).unwrap()
    );
    assert!(!format!("{document:?}").contains("Test Road"));
}

#[test]
fn a_union_keeps_a_kind_that_it_does_not_know_whole() {
    let unknown = json!({
        "documentType": "palm-proof", "id": "d", "status": "accepted",
        "palm": { "lines": ["Ada", 3] }
    });
    let document: KycDocument = serde_json::from_value(unknown.clone()).unwrap();
    let KycDocument::Unknown(kept) = &document else { panic!("{document:?}") };
    assert_eq!(
        (kept.raw(), kept.common().status.as_ref().unwrap().as_str()),
        (&unknown, "accepted")
    );
    assert_eq!(serde_json::to_value(&document).unwrap(), unknown);
    assert!(!format!("{document:?}").contains("Ada"));
    // JSON without the fields that all types share is not a document.
    assert!(serde_json::from_value::<KycDocument>(json!({ "id": "d" })).is_err());
    assert!(serde_json::from_value::<KycDocument>(json!("text")).is_err());
}

#[test]
fn a_member_of_a_request_is_absent_cleared_or_set() {
    let mut body: KycAddressMatchesOverwrite =
        serde_json::from_value(json!({ "type": "address-proof" })).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), json!({ "type": "address-proof" }));
    body.postal_code = Some(Patch::Null);
    body.line1 = Some(Patch::Value("1 Test Road".into()));
    let sent = json!({ "type": "address-proof", "line1": "1 Test Road", "postalCode": null });
    assert_eq!(serde_json::to_value(&body).unwrap(), sent);
}

/// The variant determines the type of a document; a field with another type would make it
/// another document at the vendor.
#[test]
fn a_union_is_written_with_the_kind_that_it_is() {
    let document =
        ProofOfIdentityKycDocumentInput::new("cus_1", "funds-proof", ["file_1".to_owned()]);
    let written = serde_json::to_value(NewKycDocument::from(document)).unwrap();
    assert_eq!(
        written,
        json!({ "customerId": "cus_1", "documentType": "identity-proof", "fileIds": ["file_1"] })
    );
}
