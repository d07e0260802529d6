//! Where a client may send credentials: https anywhere, http on loopback only.

use std::net::IpAddr;

use reqwest::Url;

use crate::call::{Error, Vendor};

/// Checks and normalises a base URL: no query, fragment or user, no trailing slash.
pub(crate) fn parse(vendor: Vendor, text: &str) -> Result<Url, Error> {
    let refuse = |why| Err(Error::configuration(vendor, why));
    let Ok(mut url) = Url::parse(text.trim()) else {
        return refuse("invalid base URL: must be an absolute URL");
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return refuse("invalid base URL: must be https (http only on loopback)");
    }
    if url.cannot_be_a_base() || url.host_str().is_none_or(str::is_empty) {
        return refuse("invalid base URL: must have a host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("invalid base URL: must not contain a user or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("invalid base URL: must not contain a query or fragment");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Returns whether a URL names this machine by a loopback name or address, for which no
/// other machine can respond.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns the text to which paths are appended.
pub(crate) fn prefix(base: &Url) -> &str {
    base.as_str().trim_end_matches('/')
}

/// Returns the path of the base without a trailing slash and without its last `levels`
/// segments.
pub(crate) fn prefix_path(base: &Url, levels: usize) -> &str {
    let path = base.path().trim_end_matches('/');
    (0..levels).fold(path, |path, _| path.rsplit_once('/').map_or(path, |(above, _)| above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_accepted() {
        for good in [
            "https://api.example.com",
            "https://api.example.com/",
            "https://api.example.com:8443/prefix/",
            "http://127.0.0.1:9",
            "http://localhost:9/",
            "http://[::1]:9",
        ] {
            let url = parse(Vendor::Beltic, good).unwrap();
            assert!(!prefix(&url).ends_with('/'), "{good} -> {}", prefix(&url));
        }
        let url =
            parse(Vendor::Rebilly, "https://proxy.example.com/a/organizations/org_1/").unwrap();
        assert_eq!((prefix_path(&url, 0), prefix_path(&url, 2)), ("/a/organizations/org_1", "/a"));
        assert_eq!(prefix_path(&parse(Vendor::Rebilly, "https://example.com").unwrap(), 2), "");
        for bad in [
            "",
            "api.example.com",
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://user@api.example.com",
            "https://:pass@api.example.com",
            "https://api.example.com?x=1",
            "https://api.example.com#f",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(parse(Vendor::Beltic, bad).is_err(), "{bad}");
        }
    }
}
