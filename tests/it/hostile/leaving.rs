//! Redirects and links are never followed, so neither credentials nor bodies reach
//! another server.

use std::sync::{Arc, Mutex};

use kyc_review::{ErrorKind, Vendor};

use super::{ALL, Client, KEY, everything, good};
use crate::support::wire::{Wire, answer, with_headers};

#[tokio::test]
async fn no_vendors_redirect_is_followed() {
    for vendor in ALL {
        let body = good(vendor);
        let second = Wire::start(move |_| answer(200, &body)).await;
        let port = second.url().rsplit(':').next().unwrap().to_owned();
        let next = Arc::new(Mutex::new((0, String::new())));
        let told = next.clone();
        let first = Wire::start(move |_| {
            let (status, location) = told.lock().unwrap().clone();
            with_headers(status, &format!("location: {location}\r\n"), "")
        })
        .await;
        let client = Client::at(vendor, first.url());
        for location in [
            format!("{}/other", second.url()),
            format!("http://localhost:{port}/other"),
            format!("//127.0.0.1:{port}/other"),
            format!("http://user:pass@127.0.0.1:{port}/"),
            "http://plain.example.test/".to_owned(),
            "/other".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            for status in [301, 302, 303, 307, 308] {
                *next.lock().unwrap() = (status, location.clone());
                let before = first.requests().len();
                for error in [
                    client.read("id_1").await.unwrap_err(),
                    client.decide("id_1").await.unwrap_err(),
                ] {
                    assert_eq!(
                        (error.kind(), error.attempts()),
                        (ErrorKind::Redirect, 1),
                        "{vendor} {status}"
                    );
                    assert!(!everything(&error).contains("other"), "{error}");
                }
                assert_eq!(first.requests().len() - before, 2, "{vendor} {status} {location}");
            }
        }
        // The other server got no request, so no credential and no body.
        assert_eq!(second.requests().len(), 0, "{vendor}");
    }
}

#[tokio::test]
async fn a_link_to_anywhere_else_is_an_error_and_only_its_query_is_ever_used() {
    let elsewhere = Wire::start(|_| answer(200, r#"{"data":[]}"#)).await;
    let port = elsewhere.url().rsplit(':').next().unwrap().to_owned();
    for vendor in [Vendor::Beltic, Vendor::Persona] {
        let link = Arc::new(Mutex::new(String::new()));
        let told = link.clone();
        let wire = Wire::start(move |request| {
            let body = match request.line.contains("after") {
                false => {
                    serde_json::json!({ "data": [], "links": { "next": *told.lock().unwrap() } })
                }
                true => serde_json::json!({ "data": [] }),
            };
            let items = if vendor == Vendor::Beltic {
                r#""data":[{"id":"a","type":"session"}]"#
            } else {
                r#""data":[{"id":"a","type":"inquiry-session"}]"#
            };
            answer(200, &body.to_string().replace(r#""data":[]"#, items))
        })
        .await;
        let own = wire.url().trim_start_matches("http://").to_owned();
        let next = |text: String| {
            *link.lock().unwrap() = text;
            let client = Client::at(vendor, wire.url());
            async move {
                match client {
                    Client::Beltic(client) => {
                        client.sessions().list().await.map(|page| page.next.clone())
                    }
                    Client::Persona(client) => {
                        client.inquiry_sessions().list().await.map(|page| page.next.clone())
                    }
                    _ => unreachable!(),
                }
            }
        };
        for bad in [
            format!("{}/?page%5Bafter%5D=x", elsewhere.url()),
            format!("//127.0.0.1:{port}/?page%5Bafter%5D=x"),
            format!("http://localhost:{port}/?page%5Bafter%5D=x"),
            format!("https://{own}/?page%5Bafter%5D=x"),
            format!("http://user@{own}/?page%5Bafter%5D=x"),
            format!("http://:pass@{own}/?page%5Bafter%5D=x"),
            format!("http://{own}@evil.example.test/?page%5Bafter%5D=x"),
            "http://169.254.169.254/latest/meta-data?page%5Bafter%5D=x".to_owned(),
            "file:///etc/passwd?page%5Bafter%5D=x".to_owned(),
            "data:text/plain,x?page%5Bafter%5D=x".to_owned(),
            "javascript:alert(1)?page%5Bafter%5D=x".to_owned(),
            "\\\\evil.example.test\\?page%5Bafter%5D=x".to_owned(),
            "http://[/?page%5Bafter%5D=x".to_owned(),
        ] {
            let error = next(bad.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Pagination, "{vendor} {bad}");
            let shown = everything(&error);
            assert!(
                shown.contains("the link to the next page") && !shown.contains("evil"),
                "{shown}"
            );
            assert!(!shown.contains(KEY) && !shown.contains("169.254"), "{shown}");
        }
        // The path of a link to the same origin is ignored. Persona's lists are walked by
        // links, so all parameters are kept; Beltic's are walked by a cursor, which such
        // a link has too.
        let position =
            next(format!("http://{own}/admin/../x?page%5Bafter%5D=c%201&evil=1&a%5Bb%5D=%26%3D"))
                .await
                .unwrap();
        let (expected, target) = match vendor {
            Vendor::Beltic => ("c 1", "/v1/identity/sessions?page%5Bafter%5D=c%201"),
            _ => (
                "page%5Bafter%5D=c%201&evil=1&a%5Bb%5D=%26%3D",
                "/api/v1/inquiry-sessions?page%5Bafter%5D=c%201&evil=1&a%5Bb%5D=%26%3D",
            ),
        };
        assert_eq!(position.as_deref(), Some(expected), "{vendor}");
        let list = match Client::at(vendor, wire.url()) {
            Client::Beltic(client) => client.sessions().list().start_at(expected).await.map(|_| ()),
            Client::Persona(client) => {
                client.inquiry_sessions().list().start_at(expected).await.map(|_| ())
            }
            _ => unreachable!(),
        };
        list.unwrap();
        let line = wire.requests().pop().unwrap().line;
        assert_eq!(line, format!("GET {target} HTTP/1.1"), "{vendor}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}
