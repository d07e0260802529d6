#!/usr/bin/env python3
"""What the crate costs to compile: cold debug builds of small programs that make one review call, in wall seconds.

Each program is a crate of its own in a temporary folder, with a target folder of its own; dependencies are downloaded before the clock
starts. `hand-written` makes Beltic's decline call with reqwest, serde and tokio alone. Usage: measure.py [NAME ...]
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOKIO = 'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\n'

HAND_WRITTEN = (
    'reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls"] }\n'
    'serde = { version = "1", features = ["derive"] }\nserde_json = "1"\n' + TOKIO,
    """
#![allow(dead_code)]
#[derive(Debug, serde::Deserialize)]
struct Envelope { data: Session }
#[derive(Debug, serde::Deserialize)]
struct Session { id: String, attributes: Attributes }
#[derive(Debug, serde::Deserialize)]
struct Attributes { status: String, decisioned_at: Option<String> }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("BELTIC_API_KEY")?;
    let url = "https://api.beltic.com/v1/identity/sessions/123/decline";
    let answer = reqwest::Client::new().post(url).header("X-Api-Key", key).send().await?.error_for_status()?;
    println!("{:?}", answer.json::<Envelope>().await?);
    Ok(())
}
""",
)

CALLS = {
    "beltic": 'kyc_review::beltic::Beltic::from_env()?.sessions().decline("123")',
    "persona": 'kyc_review::persona::Persona::from_env()?.inquiries().approve("123")',
    "provide": 'kyc_review::provide::Provide::from_env()?.kyc_applications().accept("123")',
    "rebilly": 'kyc_review::rebilly::Rebilly::from_env()?.kyc_documents().accept("123")',
    "sumsub": 'kyc_review::sumsub::Sumsub::from_env()?.transactions().approve("123")',
}
CALLS["full"] = CALLS["beltic"]


def program(feature):
    dependencies = f'kyc-review = {{ path = "{ROOT}", features = ["{feature}"] }}\n' + TOKIO
    code = f"""
#[tokio::main]
async fn main() -> Result<(), kyc_review::Error> {{
    let reply = {CALLS[feature]}.await?;
    println!("{{}}", reply.attempts());
    Ok(())
}}
"""
    return dependencies, code


def build(name, dependencies, code):
    with tempfile.TemporaryDirectory() as folder:
        crate = pathlib.Path(folder)
        (crate / "src").mkdir()
        (crate / "src" / "main.rs").write_text(code, encoding="utf-8")
        manifest = f'[package]\nname = "cost"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{dependencies}'
        (crate / "Cargo.toml").write_text(manifest, encoding="utf-8")
        (crate / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
        environment = {**os.environ, "CARGO_TARGET_DIR": str(crate / "target"), "CARGO_TERM_COLOR": "never"}
        subprocess.run(["cargo", "fetch", "--quiet"], cwd=crate, env=environment, check=True)
        started = time.monotonic()
        subprocess.run(["cargo", "build", "--quiet", "--offline"], cwd=crate, env=environment, check=True)
        return time.monotonic() - started


def main(wanted):
    programs = {"hand-written": HAND_WRITTEN, **{name: program(name) for name in CALLS}}
    base = None
    print(f"{os.cpu_count()} cores, {subprocess.check_output(['rustc', '--version'], text=True).strip()}")
    print(f"{'program':14} {'seconds':>8} {'ratio':>6}")
    for name, (dependencies, code) in programs.items():
        if wanted and name not in wanted and name != "hand-written":
            continue
        seconds = build(name, dependencies, code)
        base = base or seconds
        print(f"{name:14} {seconds:8.1f} {seconds / base:6.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
