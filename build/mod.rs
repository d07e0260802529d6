//! Generates a typed client from a spec: lint, passes over the spec, progenitor, passes
//! over the code, the surface.

mod clearable;
mod compose;
mod constructors;
mod enums;
mod ids;
mod included;
#[cfg(feature = "sandbox")]
mod lint;
mod models;
mod openapi;
mod personal;
mod print;
mod provenance;
mod reach;
mod read;
mod relax;
mod renamed;
mod schema;
mod surface;
mod tokens;
mod unions;

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::Value;

/// The name of each vendor's cargo feature and module, and the type of its client.
const VENDORS: [(&str, &str); 5] = [
    ("beltic", "Beltic"),
    ("persona", "Persona"),
    ("provide", "Provide"),
    ("rebilly", "Rebilly"),
    ("sumsub", "Sumsub"),
];

/// Writes the code of each vendor whose cargo feature is on to `$OUT_DIR`, all vendors at
/// once.
pub fn enabled_vendors() -> Result<(), String> {
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let is_on =
        |feature: &str| env::var_os(format!("CARGO_FEATURE_{}", feature.to_uppercase())).is_some();
    let unconfirmed = is_on("unconfirmed");
    let vendors = VENDORS.into_iter().filter(|(vendor, _)| is_on(vendor));
    let write = |vendor: &str, client: &str| -> Result<(), String> {
        let spec = PathBuf::from(format!("specs/{vendor}.yaml"));
        println!("cargo::rerun-if-changed={}", spec.display());
        for (what, text) in generate(vendor, client, &spec, unconfirmed)? {
            let target = out_dir.join(format!("{vendor}{what}"));
            fs::write(&target, text).map_err(|e| format!("{}: {e}", target.display()))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let write = &write;
        let threads: Vec<_> =
            vendors.map(|(vendor, client)| scope.spawn(move || write(vendor, client))).collect();
        let results: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        results.into_iter().try_for_each(|result| {
            result.unwrap_or_else(|_| Err("a vendor's code could not be generated".to_owned()))
        })
    })
}

/// The files of a vendor: the end of each name, and the text.
///
/// - `.rs`: types, requests, resources and the table of operations;
/// - `_client.rs`: the methods of the client that return its resources;
/// - with the feature `sandbox`, which all tests have, `_calls.rs`: every method, and
///   every type that no method uses, as macro input; and `_outline.txt`: the public items
///   of all this, one per line.
fn generate(
    vendor: &str,
    client: &str,
    spec: &Path,
    unconfirmed: bool,
) -> Result<Vec<(&'static str, String)>, String> {
    let file = spec.display().to_string();
    let in_file = |e: String| format!("{file}: {e}");
    let text = fs::read_to_string(spec).map_err(|e| in_file(e.to_string()))?;
    let mut document: Value = yaml_serde::from_str(&text).map_err(|e| in_file(e.to_string()))?;

    #[cfg(feature = "sandbox")]
    lint::hold(&document, &file)?;

    // Passes over the spec, each in its own file.
    let referred_to =
        document.get("paths").map(|paths| reach::reached(&document, paths)).unwrap_or_default();
    if !unconfirmed {
        provenance::drop_unconfirmed(&mut document);
    }
    let described = document.clone();
    let rows = surface::row::rows(&described);
    relax::relax(&mut document);
    reach::drop_left_behind(&mut document, &referred_to);
    compose::flatten_all_of(&mut document).map_err(in_file)?;
    let renamed = renamed::take(&mut document);
    personal::normalise(&mut document);
    let clearable = clearable::take(&mut document, vendor).map_err(in_file)?;
    let directions = constructors::directions(&document);
    let included = included::code(&document, vendor);
    let enums = enums::take(&mut document, vendor).map_err(in_file)?;
    let unions = unions::take(&mut document, vendor).map_err(in_file)?;
    let ids = ids::take(&document, vendor);

    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap".to_owned());
    for replacement in
        enums.replacements.iter().chain(&unions.replacements).chain(&ids.replacements)
    {
        settings.with_replacement(
            &replacement.name,
            &replacement.path,
            replacement.impls.iter().copied(),
        );
    }
    personal::register(&mut settings);
    clearable.register(&mut settings);

    let openapi = openapi::read(&document).map_err(in_file)?;
    let generated = tokens_of(&settings, &openapi).map_err(in_file)?;
    #[cfg(feature = "sandbox")]
    {
        let by_serde = serde_json::from_value(document).map_err(|e| in_file(e.to_string()))?;
        if tokens_of(&settings, &by_serde).map_err(in_file)?.to_string() != generated.to_string() {
            return Err(in_file("the spec is read in another way than serde reads it".to_owned()));
        }
    }
    let generated = tokens::without_bodies(tokens::without_type_builders(generated));
    let generated = tokens::short_paths(generated, vendor);
    let mut parsed = syn::parse2(generated).map_err(|e| in_file(format!("generated code: {e}")))?;
    renamed::restore(&mut parsed, &renamed);
    let types = surface::types::Types::of(&parsed);
    let surface = surface::code(&described, client, &rows, &types).map_err(in_file)?;

    // Requests and resources come from the surface, so only progenitor's types are kept.
    models::keep_types(&mut parsed);
    let models = models::rewrite(&mut parsed, &directions.only_received).map_err(in_file)?;
    constructors::construct(&mut parsed, &directions.sent).map_err(in_file)?;

    let mut code = print::print(parsed);
    for more in [models, enums.code, unions.code, surface.table] {
        code.push_str(&more);
    }
    for extra in [ids.code, surface.code] {
        code.push_str(&print::tokens(extra).map_err(in_file)?);
    }
    let methods = print::tokens(included).map_err(in_file)?
        + &print::tokens(surface.client).map_err(in_file)?;
    #[cfg(feature = "sandbox")]
    let for_tests = {
        let entries =
            surface.entries + &surface::entries::on_demand(&described, &referred_to, client);
        [("_calls.rs", entries), ("_outline.txt", surface::outline::of(&code))]
    };
    #[cfg(not(feature = "sandbox"))]
    let for_tests = [];
    Ok([(".rs", code), ("_client.rs", methods)].into_iter().chain(for_tests).collect())
}

/// What progenitor makes of a document.
fn tokens_of(
    settings: &GenerationSettings,
    document: &openapiv3::OpenAPI,
) -> Result<TokenStream, String> {
    Generator::new(settings).generate_tokens(document).map_err(|e| e.to_string())
}
