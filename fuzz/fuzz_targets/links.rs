//! Checks that a cursor is taken only from a next-page link to the client's own origin,
//! without a user.

#![no_main]

use kyc_review::fuzzing;
use libfuzzer_sys::fuzz_target;
use url::Url;

const BASES: [&str; 3] =
    ["https://api.example.test/prefix", "http://127.0.0.1:8080", "https://[::1]:8443/a/b"];
const REFUSALS: [&str; 3] = [
    "the link to the next page is not a URL",
    "the link to the next page leads to another origin",
    "the link to the next page has no cursor",
];

fuzz_target!(|link: &str| {
    for base in BASES {
        let base = fuzzing::base_url(base).unwrap();
        match fuzzing::query_of_link(&base, link) {
            Ok(query) => {
                assert!(!query.is_empty());
                let url = base.join(link).unwrap();
                assert_eq!(place(&url), place(&base), "{link}");
                assert!(url.username().is_empty() && url.password().is_none(), "{link}");
            }
            // The error shows nothing of the link.
            Err(why) => assert!(REFUSALS.contains(&why), "{why}"),
        }
    }
});

fn place(url: &Url) -> (&str, Option<&str>, Option<u16>) {
    (url.scheme(), url.host_str(), url.port_or_known_default())
}
