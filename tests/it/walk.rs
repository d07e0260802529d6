//! Every body of every document: what it decodes from, what it is written back as, what its `Debug` shows.

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::document;
use crate::support::sample::{CANARY, Sampler, Way, without_unknown_and_null};

type Check = fn(&Value, &str);

/// Four ways of each body: it decodes, is written back as it came but for what only the raw bytes keep, and shows no person.
fn check<T: DeserializeOwned + Serialize + Debug>(document: &Value, name: &str) {
    for way in [Way::Whole, Way::Required, Way::Unknown, Way::Nulls] {
        let sample = Sampler { document, way }.component(name);
        let value: T = serde_json::from_value(sample.clone())
            .unwrap_or_else(|error| panic!("{name}, {way:?}: {error}\n{sample:#}"));
        let back = serde_json::to_value(&value).unwrap();
        assert_eq!(without_unknown_and_null(&back), without_unknown_and_null(&sample), "{name}, {way:?}");
        let shown = format!("{value:?} {value:#?}");
        assert!(!shown.contains(CANARY), "{name}, {way:?}: {shown}");
    }
}

macro_rules! bodies {
    ($vendor:ident: $($name:ident)* ; $($union:ident)*) => {
        (stringify!($vendor), vec![
            $( (stringify!($name), check::<kyc_review::$vendor::api::types::$name> as Check), )*
            $( (stringify!($union), check::<kyc_review::$vendor::api::unions::$union> as Check), )*
        ])
    };
}

fn bodies() -> Vec<(&'static str, Vec<(&'static str, Check)>)> {
    vec![
        bodies!(beltic: SessionEnvelope SessionListEnvelope;),
        bodies!(persona: InquiryDocument InquirySessionDocument InquirySessionArrayDocument InquirySessionList
            InquirySessionLinkDocument InquiryReviewRequest InquirySessionCreateRequest
            InquirySessionExpireAllRequest Account Device Network;),
        bodies!(provide: KycApplication KycApplicationCreate KycApplicationUpdate VouchedRepresentation
            IdentityMindRepresentation VouchedParams IdentityMindParams;),
        bodies!(rebilly: KycDocumentRejection;
            KycDocument NewKycDocument KycDocumentReplacement KycMatchesOverwrite),
        bodies!(sumsub: KytTxn Applicant ApplicantApproval ApplicantRejection ApplicantReturn OkAnswer Review TransactionReview
            TransactionNote TransactionNoteCreate TransactionNoteUpdate TransactionNoteRemove TypedTag;),
    ]
}

#[test]
fn every_body_decodes_in_four_ways_and_shows_no_person() {
    for (vendor, bodies) in bodies() {
        let document = document(vendor);
        for (name, check) in &bodies {
            check(&document, name);
        }
        println!("{vendor}: {} bodies in four ways", bodies.len());
    }
}

/// The list above is whole: every component that a document names as a body is in it.
#[test]
fn no_body_is_left_out() {
    for (vendor, bodies) in bodies() {
        let document = document(vendor);
        let listed: BTreeSet<&str> = bodies.iter().map(|(name, _)| *name).collect();
        let mut named = BTreeSet::new();
        for part in ["/paths", "/components/responses", "/components/requestBodies"] {
            collect(document.pointer(part).unwrap_or(&Value::Null), &mut named);
        }
        let missing: Vec<&String> = named.iter().filter(|name| !listed.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{vendor}: {missing:?}");
    }
}

/// The components that stand as, or as the items of, a body's schema.
fn collect(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for schema in
                members.get("content").and_then(Value::as_object).into_iter().flat_map(|content| content.values())
            {
                for place in [&schema["schema"], &schema["schema"]["items"]] {
                    let name = place["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/schemas/"));
                    named.extend(name.map(str::to_owned));
                }
            }
            members.values().for_each(|member| collect(member, named));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, named)),
        _ => {}
    }
}
