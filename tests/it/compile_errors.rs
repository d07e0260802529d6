//! The compiler's messages for an argument that is missing or of another type: their
//! wording is part of the surface.
//!
//! Each snippet is compiled by `rustc` against the crate as built for these tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The library that these tests are linked with: the newest one in their directory.
fn library(deps: &Path) -> PathBuf {
    let built = fs::read_dir(deps).unwrap().map(|entry| entry.unwrap().path());
    let ours = built.filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("libkyc_review-") && name.ends_with(".rlib")
    });
    ours.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap()).unwrap()
}

/// The messages of `rustc` on the body of an async function.
fn compile(name: &str, body: &str) -> Result<(), String> {
    let deps = env::current_exe().unwrap().parent().unwrap().to_owned();
    let folder = env::temp_dir().join(format!("kyc-review-compile-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let source = folder.join("snippet.rs");
    let code = format!(
        "#![allow(unused)]\n#![deny(unused_must_use)]\nuse kyc_review::*;\n\
         pub async fn snippet(persona: persona::Persona) -> Result<(), Error> \
         {{\n{body}\nOk(())\n}}\n"
    );
    fs::write(&source, code).unwrap();
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--out-dir"])
        .arg(&folder)
        .arg("--extern")
        .arg(format!("kyc_review={}", library(&deps).display()))
        .arg("-L")
        .arg(format!("dependency={}", deps.display()))
        .arg(&source)
        .output()
        .unwrap();
    fs::remove_dir_all(&folder).unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn what_is_right_compiles() {
    let right = r#"
        let inquiries = persona.inquiries();
        let id = persona::types::InquiryId::try_from("inq_1").unwrap();
        let status = persona::types::InquiryStatus::NeedsReview;
        inquiries.approve("inq_1").comment("ok").await?;
        inquiries.approve(String::from("inq_1")).await?;
        inquiries
            .approve(&id)
            .include([persona::types::InquiryInclude::Account])
            .include("sessions")
            .await?;
        inquiries.add_tag(id, "escalated").send().await?;
        let one = inquiries.list().filter_status(&status).page_size(100);
        let two = inquiries.list().filter_status(["approved", "declined"]).page_size(100_u32);
        fn stored<T: Clone + Send + Sync + 'static>(_: T) {}
        stored(one.clone());
        let mut items = two.items();
        while let Some(inquiry) = items.try_next().await? {
            println!("{}", inquiry.status());
        }
    "#;
    assert_eq!(compile("right", right), Ok(()));
}

#[test]
fn an_id_of_another_kind_is_told_by_its_type() {
    let told = compile(
        "id",
        "let id = persona::types::CaseId::try_from(\"c\").unwrap(); \
         persona.inquiries().get(&id).await?;",
    );
    let told = told.unwrap_err();
    assert!(told.contains("`&CaseId` cannot be given as an id of type `InquiryId`"), "{told}");
    assert!(
        told.contains("an id of another type is not accepted; pass its text with `id.as_str()`"),
        "{told}"
    );
}

#[test]
fn a_value_of_another_type_is_told_by_its_type() {
    let told =
        compile("value", "persona.inquiries().approve(\"i\").comment(1_u8).await?;").unwrap_err();
    assert!(
        told.contains("`u8` cannot be given as a value of type `Personal<std::string::String>`"),
        "{told}"
    );
    let told = compile("list", "persona.inquiries().list().filter_status(7).await?;").unwrap_err();
    assert!(
        told.contains("cannot be given as a list of `persona::types::InquiryStatus`")
            || told.contains("cannot be given as a list of `InquiryStatus`"),
        "{told}"
    );
}

#[test]
fn a_missing_argument_and_an_unsent_request_are_told() {
    let told = compile("missing", "persona.inquiries().add_tag(\"inq_1\").await?;").unwrap_err();
    assert!(told.contains("this method takes 2 arguments but 1 argument was supplied"), "{told}");
    let told = compile("unsent", "persona.inquiries().approve(\"inq_1\");").unwrap_err();
    assert!(told.contains("a request does nothing until it is sent"), "{told}");
}
