//! Included resources: decoded by their type, on demand.

use kyc_review::ErrorKind;
use kyc_review::persona::IncludedResource;
use kyc_review::persona::types::{
    Account, Device, Inquiry, InquiryDocument, InquirySession, InquirySessionArrayDocument,
    InquirySessionDocument, InquirySessionLinkDocument, Network, NetworkProxyType,
    NetworkServiceType,
};
use kyc_review::persona::types::{Report, ReportTemplate, Verification, WatchlistReport};
use serde_json::{Value, json};

use super::{INQUIRY, inquiry, session, session_resource};

fn account() -> Value {
    json!({
        "type": "account", "id": "act_1",
        "attributes": {
            "reference-id": "Ada", "account-type-name": "User",
            "created-at": "2025-01-15T10:30:00.000Z",
            "redacted-at": null, "tags": ["a", 1, null], "account-status": "Default",
            "a-new-attribute": 1,
            "fields": {
                "name": {
                    "type": "hash",
                    "value": {
                        "first": { "type": "string", "value": "Ada" },
                        "middle": { "type": "string", "value": null }
                    }
                },
                "address": { "type": "hash", "value": null },
                "identification_numbers": {
                    "type": "array",
                    "value": [{
                        "type": "hash",
                        "value": {
                            "identification_number": { "type": "string", "value": "X0000000" }
                        }
                    }]
                },
                "selfie_photo": {
                    "type": "file",
                    "value": {
                        "filename": "ada.jpg", "url": "https://files.example.test/ada",
                        "byte-size": 10
                    }
                },
                "My_Own": { "type": "string", "value": "Ada" }
            }
        },
        "relationships": { "account-type": { "data": { "type": "account-type", "id": "acttp_1" } } }
    })
}

fn included() -> Value {
    json!([
        account(),
        { "id": "rep_1", "type": "report/watchlist", "attributes": { "has-match": false } },
        session_resource("iqse_1", "active"),
        {
            "type": "device", "id": "dev_1",
            "attributes": { "device-fingerprint": "Ada", "device-vendor-id": null }
        },
        {
            "type": "network", "id": "net_1",
            "attributes": {
                "service-type": "satellite", "proxy-type": "vpn", "threat-level": null,
                "latitude": 1
            }
        },
        { "type": "account", "id": "act_2" },
        inquiry("approved")["data"],
        { "type": "a-type/from-the-future", "id": "new_1" },
        { "id": "without-type" }, 7, null
    ])
}

fn document() -> InquiryDocument {
    let mut document = inquiry("approved");
    document["included"] = included();
    serde_json::from_value(document).unwrap()
}

#[test]
fn each_type_is_found_among_the_others() {
    let document = document();
    let accounts = document.included::<Account>().unwrap();
    assert_eq!(
        accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(),
        ["act_1", "act_2"]
    );
    let attributes = accounts[0].attributes.as_ref().unwrap();
    assert_eq!(attributes.tags.as_ref().unwrap().len(), 3);
    let fields = attributes.fields.as_ref().unwrap();
    let name = fields.name.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(name.first.as_ref().unwrap().value.as_ref().unwrap().expose(), "Ada");
    assert_eq!(fields.extra["My_Own"].expose()["value"], "Ada");

    let sessions = document.included::<InquirySession>().unwrap();
    assert_eq!((sessions.len(), sessions[0].inquiry_id()), (1, Some(INQUIRY)));
    assert_eq!(*sessions[0].status(), "active");
    let networks = document.included::<Network>().unwrap();
    let network = networks[0].attributes.as_ref().unwrap();
    assert_eq!(network.proxy_type, Some(NetworkProxyType::Vpn));
    assert!(matches!(
        &network.service_type,
        Some(NetworkServiceType::Unknown(value)) if value.as_str() == "satellite"
    ));
    assert_eq!(document.included::<Device>().unwrap()[0].id, "dev_1");
    assert_eq!(*document.included::<Inquiry>().unwrap()[0].status(), "approved");

    assert_eq!(document.included_raw().len(), 11);
    assert_eq!(document.included_of_type("report/watchlist")[0].expose()["id"], "rep_1");
    assert!(
        document.included_of_type("report").is_empty() && document.included_of_type("").is_empty()
    );
    let shown = format!("{document:?} {accounts:?} {networks:?} {:?}", document.included_raw());
    assert!(
        !shown.contains("Ada") && !shown.contains("X0000000") && !shown.contains("ada"),
        "{shown}"
    );
}

#[test]
fn another_type_can_be_given_a_type_of_ones_own() {
    #[derive(serde::Deserialize)]
    struct Mine {
        id: String,
        attributes: Value,
    }
    impl IncludedResource for Mine {
        const TYPE: &'static str = "report/watchlist";
    }
    let reports = document().included::<Mine>().unwrap();
    assert_eq!(
        (reports[0].id.as_str(), &reports[0].attributes["has-match"]),
        ("rep_1", &json!(false))
    );
}

#[test]
fn a_family_has_its_known_kinds_and_those_to_come() {
    let mut body = inquiry("approved");
    body["included"] = json!([
        { "id": "rep_1", "type": "report/watchlist", "attributes": { "has-match": true } },
        {
            "id": "rep_2", "type": "report/of-the-future",
            "attributes": { "has-match": true, "canary": "Ada" }
        },
        { "id": "rept_1", "type": "report-template/watchlist" },
        { "id": "ver_1", "type": "verification/selfie" },
    ]);
    let document: InquiryDocument = serde_json::from_value(body).unwrap();
    let reports = document.included::<Report>().unwrap();
    let [Report::ReportWatchlist(known), Report::Unknown(unknown)] = &reports[..] else {
        panic!("{reports:?}")
    };
    assert_eq!(known.attributes.as_ref().unwrap().has_match, Some(true));
    assert_eq!(
        (unknown.common().id.as_str(), &unknown.raw()["attributes"]["canary"]),
        ("rep_2", &json!("Ada"))
    );
    assert!(!format!("{reports:?}").contains("Ada"));
    assert_eq!(document.included::<WatchlistReport>().unwrap()[0], **known);
    assert_eq!(document.included::<ReportTemplate>().unwrap().len(), 1);
    assert!(matches!(
        document.included::<Verification>().unwrap()[..],
        [Verification::VerificationSelfie(_)]
    ));
}

#[test]
fn a_resource_of_another_shape_is_an_error_that_shows_nothing() {
    for bad in
        [json!({ "type": "account" }), json!({ "type": "account", "id": 7, "attributes": "Ada" })]
    {
        let mut body = inquiry("approved");
        body["included"] = json!([account(), bad, session_resource("iqse_1", "active")]);
        let document: InquiryDocument = serde_json::from_value(body).unwrap();
        let error = document.included::<Account>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            "persona: malformed response: \
             unexpected included resource: not of the shape of `account`"
        );
        assert!(
            !format!("{error:?}").contains("Ada") && std::error::Error::source(&error).is_none()
        );
        // The rest stays readable.
        assert_eq!(document.included::<InquirySession>().unwrap().len(), 1);
        assert_eq!(*document.status(), "approved");
    }
}

#[test]
fn every_document_has_included_resources_or_none() {
    let mut one = session("active");
    one["included"] = included();
    let mut many = json!({ "data": [session_resource("iqse_1", "active")] });
    many["included"] = included();
    let read =
        |body: &Value| serde_json::from_value::<InquirySessionDocument>(body.clone()).unwrap();
    assert_eq!(read(&one).included::<Account>().unwrap().len(), 2);
    let link: InquirySessionLinkDocument = serde_json::from_value(one).unwrap();
    assert_eq!(link.included::<Device>().unwrap().len(), 1);
    let array: InquirySessionArrayDocument = serde_json::from_value(many).unwrap();
    assert_eq!(array.included::<Inquiry>().unwrap().len(), 1);
    assert!(read(&session("active")).included::<Account>().unwrap().is_empty());
}
