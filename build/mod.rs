//! From an OpenAPI document to a typed client: lint, passes over the document, progenitor, passes over the code.

mod calls;
mod clearable;
mod compose;
mod enums;
mod ids;
mod lint;
mod models;
mod operations;
mod personal;
mod provenance;
mod prune;
mod reach;
mod relax;
mod requests;
mod resources;
mod runtime;
mod schema;
mod unions;
mod walk;

use std::path::{Path, PathBuf};
use std::{env, fs};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use serde_json::Value;

const VENDORS: [&str; 5] = ["beltic", "persona", "provide", "rebilly", "sumsub"];

/// Generates `$OUT_DIR/<vendor>.rs` for each vendor whose cargo feature is on.
pub fn enabled_vendors() -> Result<(), String> {
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let unconfirmed = env::var_os("CARGO_FEATURE_UNCONFIRMED").is_some();
    for vendor in VENDORS {
        if env::var_os(format!("CARGO_FEATURE_{}", vendor.to_uppercase())).is_none() {
            continue;
        }
        let spec = PathBuf::from(format!("specs/{vendor}.yaml"));
        println!("cargo::rerun-if-changed={}", spec.display());
        let Generated { client, calls } = generate(vendor, &spec, unconfirmed)?;
        for (name, code) in [(format!("{vendor}.rs"), client), (format!("{vendor}_calls.rs"), calls)] {
            let target = out_dir.join(name);
            fs::write(&target, code).map_err(|e| format!("{}: {e}", target.display()))?;
        }
    }
    Ok(())
}

struct Generated {
    client: String,
    /// Every call, and every type that no call has, as the tests read them.
    calls: String,
}

fn generate(vendor: &str, spec: &Path, unconfirmed: bool) -> Result<Generated, String> {
    let file = spec.display().to_string();
    let text = fs::read_to_string(spec).map_err(|e| format!("{file}: {e}"))?;
    let mut document: Value = yaml_serde::from_str(&text).map_err(|e| format!("{file}: {e}"))?;

    let problems = lint::check(&document);
    if !problems.is_empty() {
        let lines = problems.iter().map(|p| format!("{file}: {p}"));
        return Err(lines.collect::<Vec<_>>().join("\n"));
    }

    // Passes over the document, each in its own file.
    let referred_to = document.get("paths").map(|paths| reach::reached(&document, paths)).unwrap_or_default();
    if !unconfirmed {
        provenance::drop_unconfirmed(&mut document);
    }
    relax::drop_handwritten(&mut document);
    let described = document.clone();
    let rows = operations::rows(&described);
    relax::relax(&mut document);
    reach::drop_left_behind(&mut document, &referred_to);
    compose::flatten_all_of(&mut document).map_err(|e| format!("{file}: {e}"))?;
    personal::normalise(&mut document);
    let clearable = clearable::take(&mut document, vendor).map_err(|e| format!("{file}: {e}"))?;
    let directions = requests::directions(&document);
    let resources = resources::code(&document, vendor);
    let enums = enums::take(&mut document, vendor);
    let unions = unions::take(&mut document, vendor);
    let ids = ids::take(&document, vendor);
    operations::document_sources(&mut document);

    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::runtime::Context })
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap".to_owned());
    for replacement in enums.replacements.iter().chain(&unions.replacements).chain(&ids.replacements) {
        settings.with_replacement(&replacement.name, &replacement.path, replacement.impls.iter().copied());
    }
    personal::register(&mut settings);
    clearable.register(&mut settings);

    let document = serde_json::from_value(document).map_err(|e| format!("{file}: {e}"))?;
    let client = Generator::new(&settings).generate_tokens(&document).map_err(|e| format!("{file}: {e}"))?;
    let mut parsed = syn::parse2(runtime::substitute(runtime::without_type_builders(client)))
        .map_err(|e| format!("{file}: generated code: {e}"))?;
    let calls = calls::slim(&mut parsed, &rows).map_err(|e| format!("{file}: {e}"))?;
    let calls = walk::code(calls, &described, &referred_to, vendor);
    prune::prune(&mut parsed);
    models::rewrite(&mut parsed, &directions.only_received).map_err(|e| format!("{file}: {e}"))?;
    requests::construct(&mut parsed, &directions.sent).map_err(|e| format!("{file}: {e}"))?;

    let mut code = prettyplease::unparse(&parsed);
    for extra in [enums.code, unions.code, ids.code, resources, operations::table(&rows)] {
        let parsed = syn::parse2(extra).map_err(|e| format!("{file}: generated code: {e}"))?;
        code.push_str(&prettyplease::unparse(&parsed));
    }
    Ok(Generated { client: code, calls })
}
