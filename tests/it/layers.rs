//! The layers of `src/`: imports name the layer that they come from, and no arrow points up.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom. What is beside each other may not import each other.
const LAYERS: [&[&str]; 6] = [
    &["value"],
    &["call"],
    &["transport"],
    &["api"],
    &["beltic", "persona", "provide", "rebilly", "sumsub"],
    &["sandbox", "fuzzing", "lib"],
];

/// One import: the file it stands in, and the first two names behind `crate`.
struct Import {
    file: String,
    layer: String,
    to: String,
}

fn level(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|layers| layers.contains(&layer))
}

/// Every hand-written file under `src/`, with its layer.
fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
                let layer = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
                found.push((path, layer));
            }
        }
    }
    found
}

/// The code of a file without its tests, each `use` on one line.
fn imports(path: &Path, layer: &str) -> Vec<Import> {
    let code = fs::read_to_string(path).unwrap();
    let code = code.split("#[cfg(test)]").next().unwrap().split("#[cfg(all(test").next().unwrap().to_owned();
    let file = path.file_name().unwrap().to_str().unwrap().to_owned();
    let uses = code.split(';').filter_map(|item| {
        let start = item.rfind("use crate::")?;
        let is_first = item[..start].lines().last().is_none_or(|line| !line.contains("//"));
        is_first.then(|| item[start + "use crate::".len()..].trim().to_owned())
    });
    uses.map(|to| Import { file: file.clone(), layer: layer.to_owned(), to }).collect()
}

#[test]
fn no_import_points_up_and_each_names_its_layer() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, layer) in files() {
        for Import { file, layer, to } in imports(&path, &layer) {
            seen += 1;
            let target = to.split("::").next().unwrap().trim_end_matches(|c: char| !c.is_alphanumeric());
            let told = format!("{layer}/{file}: use crate::{}", to.lines().next().unwrap());
            match (level(&layer).unwrap(), level(target)) {
                (_, None) => wrong.push(format!("{told}: names no layer")),
                (from, Some(to)) if to > from => wrong.push(format!("{told}: points up")),
                (from, Some(to)) if to == from && target != layer => wrong.push(format!("{told}: a neighbour")),
                _ => {}
            }
        }
    }
    assert!(seen > 200, "only {seen} imports were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_files_of_the_transport_import_each_other() {
    let transport = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/transport");
    let mut arrows = Vec::new();
    for entry in fs::read_dir(&transport).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let code = fs::read_to_string(&path).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap();
        let targets = code.lines().filter_map(|line| line.trim().strip_prefix("use super::"));
        for target in targets.filter(|_| name != "mod") {
            let target = target.split("::").next().unwrap().trim_end_matches(';').to_owned();
            arrows.push((name.clone(), target));
        }
    }
    assert!(arrows.len() > 5, "{arrows:?}");
    let both: Vec<_> = arrows.iter().filter(|(from, to)| arrows.contains(&(to.clone(), from.clone()))).collect();
    assert!(both.is_empty(), "{both:?}");
}

/// Each vendor's folder has these; what else it has is the constructor of a body, or the vendor's alone.
#[test]
fn every_vendor_has_the_same_files() {
    for vendor in LAYERS[4] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(vendor);
        for file in ["mod.rs", "auth.rs", "error.rs", "rules.rs", "accessors.rs", "webhook.rs"] {
            assert!(folder.join(file).exists(), "src/{vendor}/{file}");
        }
    }
}

/// A macro is a second language: the few that there are serve every vendor.
#[test]
fn there_are_few_macros() {
    let count = |(path, _): &(PathBuf, String)| fs::read_to_string(path).unwrap().matches("macro_rules!").count();
    let macros: usize = files().iter().map(count).sum();
    assert!(macros <= 12, "{macros} macros");
}
