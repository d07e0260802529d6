//! Checks that no JSON makes an open union panic, that an unknown kind is written back
//! unchanged and a known one is stable, and that no error shows a value.

#![no_main]

mod problem;

use std::fmt::Debug;

use kyc_review::rebilly::types::{
    KycDocument, KycDocumentReplacement, KycMatchesOverwrite, NewKycDocument,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(input) else {
        assert!(serde_json::from_slice::<KycDocument>(input).is_err());
        return;
    };
    check(input, &value, |union| matches!(union, KycDocument::Unknown(_)));
    check(input, &value, |union| matches!(union, NewKycDocument::Unknown(_)));
    check(input, &value, |union| matches!(union, KycDocumentReplacement::Unknown(_)));
    check(input, &value, |union| matches!(union, KycMatchesOverwrite::Unknown(_)));
});

fn check<T>(input: &[u8], value: &Value, is_unknown: impl Fn(&T) -> bool)
where
    T: DeserializeOwned + Serialize + PartialEq + Debug,
{
    let read = serde_json::from_value::<T>(value.clone());
    assert_eq!(read.is_ok(), serde_json::from_slice::<T>(input).is_ok());
    let union = match read {
        Ok(union) => union,
        Err(error) => return assert!(problem::is_fixed(&error.to_string()), "{error}"),
    };
    let shown = format!("{union:?}");
    let written = serde_json::to_value(&union).unwrap();
    if is_unknown(&union) {
        assert_eq!(&written, value);
        assert_eq!(shown, "Unknown(UnknownVariant([personal]))");
    } else {
        assert_eq!(serde_json::from_value::<T>(written).unwrap(), union);
    }
}
