//! The declared `rust-version` is exactly the highest that a dependency needs.

use serde_json::Value;

fn version(text: &str) -> Vec<u64> {
    let mut parts: Vec<u64> = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    parts
}

#[test]
fn the_declared_rust_version_is_the_highest_of_the_dependency_tree() {
    let rustc = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Only the crates of this build: others may not have been downloaded.
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--features",
            "full,sandbox,unconfirmed",
            "--offline",
            "--locked",
        ])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let needs = |package: &Value| package["rust_version"].as_str().map(version);
    let ours =
        packages.iter().find(|package| package["name"] == "kyc-review").and_then(needs).unwrap();
    let others = packages.iter().filter(|package| package["name"] != "kyc-review");
    let highest = others
        .filter_map(|package| Some((needs(package)?, package["name"].as_str()?)))
        .max()
        .unwrap();
    assert_eq!(ours, highest.0, "{} needs another version than Cargo.toml declares", highest.1);
}
