//! Checks that an accepted base URL is https, or http on loopback, and that parsing it
//! again or appending a path does not change it.

#![no_main]

use kyc_review::{ErrorKind, fuzzing};
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

const REFUSALS: [&str; 5] = [
    "must be an absolute URL",
    "must be https (http only on loopback)",
    "must have a host",
    "must not contain a user or password",
    "must not contain a query or fragment",
];

fuzz_target!(|text: &str| {
    let url = match fuzzing::base_url(text) {
        Ok(url) => url,
        // The error shows nothing of the text.
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let error = error.to_string();
            let why = error.strip_prefix("beltic: configuration: invalid base URL: ").unwrap();
            return assert!(REFUSALS.contains(&why), "{error}");
        }
    };
    let host = url.host().unwrap();
    let is_loopback = match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    assert!(url.scheme() == "https" || url.scheme() == "http" && is_loopback, "{text}");
    assert!(url.username().is_empty() && url.password().is_none());
    assert!(url.query().is_none() && url.fragment().is_none());

    let prefix = fuzzing::base_prefix(&url);
    assert!(!prefix.ends_with('/'), "{prefix}");
    assert_eq!(fuzzing::base_url(prefix).unwrap(), url);
    let target = Url::parse(&format!("{prefix}/v1/subjects/1")).unwrap();
    assert_eq!(target.origin(), url.origin());
    assert_eq!(target.path(), format!("{}/v1/subjects/1", url.path().trim_end_matches('/')));
});
