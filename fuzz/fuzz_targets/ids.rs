//! Checks that a text that an id type accepts is, once encoded, exactly one segment of a
//! path, and decodes to itself.

#![no_main]

use std::any::type_name;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use kyc_review::beltic::types::SessionId;
use kyc_review::persona::types::{InquiryId, InquirySessionId};
use kyc_review::provide::types::KycApplicationId;
use kyc_review::rebilly::OrganizationId;
use kyc_review::rebilly::types::KycDocumentId;
use kyc_review::sumsub::types::{ApplicantId, TransactionId, VerificationStepId};
use kyc_review::{InvalidId, fuzzing};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use url::Url;

fuzz_target!(|text: &str| {
    let accepted = check::<SessionId>(text);
    for other in [
        check::<InquiryId>(text),
        check::<InquirySessionId>(text),
        check::<KycApplicationId>(text),
        check::<KycDocumentId>(text),
        check::<OrganizationId>(text),
        check::<ApplicantId>(text),
        check::<TransactionId>(text),
        check::<VerificationStepId>(text),
    ] {
        assert_eq!(other, accepted, "one id type accepts what another rejects");
    }
    if accepted {
        check_segment(text);
    }
});

fn check<Id: FromStr<Err = InvalidId> + Display + Debug>(text: &str) -> bool {
    let name = type_name::<Id>().rsplit("::").next().unwrap();
    match text.parse::<Id>() {
        Ok(id) => {
            assert_eq!(id.to_string(), text);
            assert_eq!(format!("{id:?}"), format!("{name}(…)"));
            true
        }
        Err(error) => {
            assert!(error.to_string().starts_with(name));
            false
        }
    }
}

fn check_segment(text: &str) {
    let segment = fuzzing::encode_segment(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    assert!(segment.bytes().all(is_plain), "{segment}");
    assert_eq!(percent_decode_str(&segment).decode_utf8().unwrap(), text);

    // The URL parser resolves nothing in the path and keeps the segment unchanged.
    let url = Url::parse(&format!("https://api.example.test/prefix/{segment}/action")).unwrap();
    let segments: Vec<&str> = url.path_segments().unwrap().collect();
    assert_eq!(segments, ["prefix", &segment, "action"]);
    assert!(url.query().is_none() && url.fragment().is_none());

    // A server that decodes a second time finds nothing to resolve either.
    let twice: Vec<u8> = percent_decode_str(text).collect();
    let is_step = [&b""[..], b".", b".."].contains(&&*twice);
    assert!(!is_step && !twice.iter().any(|byte| b"/\\\0".contains(byte)), "{text}");
}
