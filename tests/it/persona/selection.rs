//! `include` and `fields[TYPE]`: their encoding, and what is refused.

use std::sync::{Arc, Mutex};

use kyc_review::persona::types::{InquiryInclude, InquirySessionInclude};
use kyc_review::{CallOptions, Error, ErrorKind};

use super::{INQUIRY, SESSION, client, inquiry};
use crate::support::mock;

#[tokio::test]
async fn names_are_joined_by_commas_and_an_empty_list_is_sent() {
    let (server, clock) = mock().await;
    let queries = Arc::new(Mutex::new(Vec::new()));
    let kept = queries.clone();
    server
        .mock_async(|when, then| {
            when.is_true(move |request| {
                kept.lock().unwrap().push(request.uri().query().unwrap_or_default().to_owned());
                true
            });
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let inquiries = client(&server, clock).inquiries();
    let get = || inquiries.get(INQUIRY);
    get().include(Vec::<InquiryInclude>::new()).await.unwrap();
    get().include([InquiryInclude::Reviewer]).include([InquiryInclude::Reports]).await.unwrap();
    get().include(["inquiry-template.latest-published-version"]).await.unwrap();
    get().with(CallOptions::new().query("fields[report/a-type]", "status")).await.unwrap();
    get().fields_inquiry(["status", "tags"]).fields_account(["fields"]).await.unwrap();
    get().fields_inquiry("status").fields_inquiry(["tags", "name"]).await.unwrap();
    // JSON:API: an empty fieldset requests no fields.
    get().fields_inquiry(Vec::<String>::new()).await.unwrap();
    let options = CallOptions::new().query("fields[x]", "y");
    inquiries
        .mark_for_review(INQUIRY)
        .include([InquiryInclude::Account])
        .with(options)
        .await
        .unwrap();
    let expected = [
        "include=",
        "include=reviewer%2Creports",
        "include=inquiry-template.latest-published-version",
        "fields%5Breport%2Fa-type%5D=status",
        "fields%5Baccount%5D=fields&fields%5Binquiry%5D=status%2Ctags",
        "fields%5Binquiry%5D=status%2Ctags%2Cname",
        "fields%5Binquiry%5D=",
        "include=account&fields%5Bx%5D=y",
    ];
    assert_eq!(*queries.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_name_that_reads_as_something_else_goes_nowhere() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let persona = client(&server, clock);
    let mut errors: Vec<Error> = Vec::new();
    for bad in ["", " ", "a,b", "a]", "[a", "a\n", "a\0"] {
        errors.push(
            persona
                .inquiries()
                .approve(INQUIRY)
                .include([InquiryInclude::from(bad)])
                .await
                .unwrap_err(),
        );
        errors.push(
            persona.inquiries().get(INQUIRY).fields_inquiry(["status", bad]).await.unwrap_err(),
        );
        errors.push(
            persona.inquiries().decline(INQUIRY).fields_account(["status", bad]).await.unwrap_err(),
        );
        let sessions = persona.inquiry_sessions();
        let include = [InquirySessionInclude::Device, bad.into()];
        errors.push(sessions.expire(SESSION).include(include.clone()).await.unwrap_err());
        errors.push(sessions.create(INQUIRY).include(include.clone()).await.unwrap_err());
        errors.push(sessions.expire_all([INQUIRY]).include(include).await.unwrap_err());
    }
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.operation().is_some() && error.status().is_none());
    }
    assert_eq!(call.calls_async().await, 0);
}
