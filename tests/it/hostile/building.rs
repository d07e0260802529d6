//! Invalid keys and base URLs: every builder refuses them, with an error that shows
//! neither.

use kyc_review::ErrorKind;
use kyc_review::rebilly::Rebilly;
use kyc_review::sumsub::Sumsub;

use super::{ALL, Client, Setup, everything};
use crate::support::wire::{Wire, answer};

const BAD_KEYS: [&str; 9] = [
    "",
    " ",
    "\r\n",
    "sk_canary\r\nx: 1",
    "sk_canary\nx",
    "sk_canary\0",
    "sk_canaryé",
    "sk canary",
    "sk_\u{7f}canary",
];

#[test]
fn every_builder_refuses_a_key_that_no_header_holds() {
    let mut errors = Vec::new();
    for key in BAD_KEYS {
        for vendor in ALL {
            let setup = Setup { key: key.to_owned(), ..Setup::at("https://api.example.test") };
            errors.push(Client::build(vendor, &setup).unwrap_err());
        }
        errors.push(Rebilly::builder().organization_id("o").bearer(key).build().unwrap_err());
        errors.push(Sumsub::builder().app_token("t").secret_key(key).build().unwrap_err());
        errors.push(Sumsub::builder().app_token(key).secret_key("k").build().unwrap_err());
    }
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!everything(&error).contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn the_line_end_of_a_key_file_is_no_part_of_any_key() {
    let wire = Wire::start(|_| answer(404, "{}")).await;
    for vendor in ALL {
        let setup = Setup { key: "sk_trimmed\r\n".to_owned(), ..Setup::at(wire.url()) };
        Client::build(vendor, &setup).unwrap().read("id_1").await.unwrap_err();
        let request = wire.requests().pop().unwrap();
        let sent = ["x-api-key", "authorization", "reb-apikey", "x-app-token"]
            .map(|name| request.header(name));
        let sent: Vec<&str> = sent.into_iter().flatten().collect();
        assert!(matches!(sent[..], [only] if only.ends_with("sk_trimmed")), "{vendor}: {sent:?}");
    }
}

#[test]
fn every_builder_takes_https_or_loopback_and_nothing_else() {
    for vendor in ALL {
        for url in [
            "",
            "x",
            "http://api.example.test",
            "http://127.0.0.1.example.test",
            "http://localhost.example.test",
            "http://10.0.0.1",
            "http://0.0.0.0:1",
            "http://169.254.169.254",
            "http://[::ffff:10.0.0.1]",
            "ftp://localhost",
            "file:///canary",
            "data:text/plain,canary",
            "https://canary@api.example.test",
            "https://:canary@api.example.test",
            "http://canary@127.0.0.1:1",
            "https://api.example.test?k=canary",
            "https://api.example.test#canary",
            "https://",
        ] {
            let error = Client::build(vendor, &Setup::at(url)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{vendor} {url:?}");
            assert!(!everything(&error).contains("canary"), "{error}");
        }
        for url in [
            " https://api.example.test/ ",
            "https://api.example.test:8443/prefix/",
            "http://localhost:1",
            "http://127.9.9.9:1",
            "http://[::1]:1/",
        ] {
            Client::build(vendor, &Setup::at(url))
                .unwrap_or_else(|error| panic!("{vendor} {url}: {error}"));
        }
    }
}

#[tokio::test]
async fn a_prefix_of_the_base_url_is_kept_and_its_slashes_are_not_doubled() {
    let wire = Wire::start(|_| answer(404, "{}")).await;
    for vendor in ALL {
        for slashes in ["", "/", "//"] {
            let client = Client::at(vendor, &format!("{}/a/b{slashes}", wire.url()));
            client.read("id_1").await.unwrap_err();
            let line = wire.requests().pop().unwrap().line;
            let [(before, behind), _] = super::lines(vendor);
            assert_eq!(
                line,
                format!("GET /a/b{}id_1{behind} HTTP/1.1", before.trim_start_matches("GET ")),
                "{vendor}"
            );
        }
    }
}
