//! A client that cannot work is refused when it is built, with an error that shows no
//! key.

use kyc_review::ErrorKind;
use kyc_review::beltic::Beltic;

#[test]
fn a_key_that_no_header_holds_is_refused_and_not_shown() {
    for key in [
        "",
        " ",
        "\n",
        "sk_canary\r\nx: 1",
        "sk_canary\0",
        "sk_canaryé",
        "sk canary",
        "sk_\u{7f}canary",
    ] {
        let error = Beltic::builder().api_key(key).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{key:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    assert_eq!(Beltic::builder().build().unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn the_line_end_of_a_key_file_is_dropped() {
    assert!(Beltic::builder().api_key("sk_staging_1\r\n").build().is_ok());
}

#[test]
fn a_base_url_is_https_or_loopback_and_nothing_else() {
    for url in [
        "",
        "x",
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "https://u:p@example.com",
        "https://example.com?k=canary",
        "file:///x",
    ] {
        let error = Beltic::builder().api_key("k").base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    for url in ["https://api.example.com/prefix/", "http://localhost:1", "http://[::1]:1/"] {
        assert!(Beltic::builder().api_key("k").base_url(url).build().is_ok(), "{url}");
    }
}
