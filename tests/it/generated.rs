//! The generated code as a text: its public outline, and what each part of it must have.

use std::fs;
use std::path::Path;

const VENDORS: [&str; 5] = ["beltic", "persona", "provide", "rebilly", "sumsub"];

/// Macros of the crate that write the attribute themselves.
const MACROS: [(&str, &str); 2] = [("open_enum", "open_enum.rs"), ("open_union", "union.rs")];

fn generated(name: &str) -> String {
    fs::read_to_string(Path::new(env!("OUT_DIR")).join(name)).unwrap()
}

/// A review sees in `outline/` what a changed spec does to users. To accept a change, run
/// this test with `KYC_REVIEW_WRITE_OUTLINE=1`.
#[cfg(feature = "unconfirmed")]
#[test]
fn the_outline_of_the_public_surface_is_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("outline");
    for vendor in VENDORS {
        let (file, built) =
            (folder.join(format!("{vendor}.txt")), generated(&format!("{vendor}_outline.txt")));
        assert!(built.lines().count() > 300, "{vendor}: the outline is too short");
        if std::env::var_os("KYC_REVIEW_WRITE_OUTLINE").is_some() {
            fs::write(&file, &built).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        let (old, new): (Vec<_>, Vec<_>) = (committed.lines().collect(), built.lines().collect());
        let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{line}"));
        let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{line}"));
        let changed: Vec<String> = gone.chain(come).take(20).collect();
        assert!(old == new, "outline/{vendor}.txt differs:\n{}", changed.join("\n"));
    }
}

/// A caller's crate compiles the future of each call it makes; `into_future` without the
/// attribute is compiled there a second time, or called through a function of its own.
#[test]
fn every_into_future_is_inline() {
    let mut sources: Vec<(String, String)> =
        VENDORS.map(|vendor| (format!("{vendor}.rs"), generated(&format!("{vendor}.rs")))).into();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => open.push(path),
                Some(extension) if extension == "rs" => {
                    let text = fs::read_to_string(&path).unwrap();
                    sources.push((path.display().to_string(), text));
                }
                _ => {}
            }
        }
    }
    let mut count = 0;
    for (name, text) in &sources {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (number, line) in
            lines.iter().enumerate().filter(|(_, line)| line.starts_with("fn into_future("))
        {
            count += 1;
            let before = number.checked_sub(1).map_or("", |before| lines[before]);
            assert_eq!(before, "#[inline]", "{name}:{}: {line}", number + 1);
        }
    }
    assert!(count > 500, "only {count} were found");
}

/// What a later version adds must break no user: every public struct and enum may grow,
/// but for resources and requests, whose field is private.
#[test]
fn every_public_type_may_grow() {
    for vendor in VENDORS {
        let text = generated(&format!("{vendor}.rs"));
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut count = 0;
        for (number, line) in lines.iter().enumerate() {
            let is_type = line.starts_with("pub struct ") || line.starts_with("pub enum ");
            let is_closed = line.ends_with("(pub(super) Draft);")
                || line.ends_with("(pub(super) Context);")
                || line.ends_with("(pub(crate) Context);")
                // A value of any form, which has nothing to add.
                || line.ends_with("(pub Personal<Value>);");
            // A literal of it names all that a constructor needs; rules hold what can be
            // required to what is always there.
            let is_named_arguments = line.ends_with("Required {");
            if !is_type || is_closed || is_named_arguments {
                continue;
            }
            count += 1;
            let before = lines[..number].iter().rev().find(|line| {
                !line.starts_with("///") && !line.ends_with(")]") || line.starts_with("#[non_ex")
            });
            let before = before.copied().unwrap_or_default();
            let is_in_macro =
                MACROS.iter().any(|(name, _)| before.ends_with(&format!("::{name}! {{")));
            let has = is_in_macro || before.starts_with("#[non_exhaustive]");
            assert!(has, "{vendor}: {line}");
        }
        assert!(count > 20, "{vendor}: only {count} types were found");
    }
    for (name, file) in MACROS {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/value").join(file);
        assert!(fs::read_to_string(file).unwrap().contains("#[non_exhaustive]"), "{name}");
    }
}
