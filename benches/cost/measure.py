#!/usr/bin/env python3
"""Measures what the crate costs to compile, with small programs that make one review call.

Usage: measure.py [--all] [NAME ...]

Times are wall seconds on an idle machine. Each program is a crate of its own in a
temporary folder, with its own target folder; dependencies are downloaded before the
clock starts. `hand-written` makes Beltic's decline call with reqwest, serde and tokio
alone.

lines    lines that build.rs writes
debug    cold debug build, and its ratio to that of the hand-written program
memory   peak memory of one process of that build, in MB
check    cold `cargo check`
release  cold release build
spec     debug rebuild after a spec was touched (`full`: Persona's)
own      debug rebuild after the program itself was touched
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


class Program:
    """A crate in a temporary folder, with its own target folder."""

    def __init__(self, folder, dependencies, code):
        self.crate = pathlib.Path(folder)
        self.main = self.crate / "src" / "main.rs"
        self.main.parent.mkdir()
        self.main.write_text(code, encoding="utf-8")
        manifest = f'[package]\nname = "cost"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{dependencies}'
        (self.crate / "Cargo.toml").write_text(manifest, encoding="utf-8")
        (self.crate / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
        self.run("fetch")

    def run(self, *command, target="target"):
        """Runs a cargo command. Returns its wall seconds, and the peak memory of one of its
        processes in MB."""
        environment = {**os.environ, "CARGO_TARGET_DIR": str(self.crate / target), "CARGO_TERM_COLOR": "never"}
        offline = [] if command[0] == "fetch" else ["--offline"]
        started = time.monotonic()
        cargo = subprocess.Popen(["cargo", *command, "--quiet", *offline], cwd=self.crate, env=environment)
        _, status, usage = os.wait4(cargo.pid, 0)
        cargo.returncode = os.waitstatus_to_exitcode(status)
        if cargo.returncode:
            raise SystemExit(f"cargo {' '.join(command)} failed")
        return time.monotonic() - started, usage.ru_maxrss / 1024

    def lines(self):
        """Returns how many lines build.rs wrote."""
        files = self.crate.glob("target/debug/build/kyc-review-*/out/*.rs")
        return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files if not file.stem.endswith("_calls"))


def measure(name, dependencies, code, all_of_it):
    row = {}
    with tempfile.TemporaryDirectory() as folder:
        program = Program(folder, dependencies, code)
        row["debug"], row["memory"] = program.run("build")
        row["lines"] = program.lines()
        if not all_of_it:
            return row
        program.main.write_text(code + "\n// touched\n", encoding="utf-8")
        row["own"], _ = program.run("build")
        if name != "hand-written":
            spec = ROOT / "specs" / f"{'persona' if name == 'full' else name}.yaml"
            os.utime(spec)
            row["spec"], _ = program.run("build")
        row["check"], _ = program.run("check", target="check")
        row["release"], _ = program.run("build", "--release", target="release")
    return row


def cell(row, column, base):
    if column == "ratio":
        return f"{row['debug'] / base:8.2f}"
    if column not in row:
        return f"{'':>8}"
    return f"{row[column]:8.0f}" if column in ("lines", "memory") else f"{row[column]:8.1f}"


def main(arguments):
    all_of_it = "--all" in arguments
    wanted = [name for name in arguments if not name.startswith("-")]
    programs = {"hand-written": HAND_WRITTEN, **{name: program(name) for name in CALLS}}
    base = None
    print(f"{os.cpu_count()} cores, {subprocess.check_output(['rustc', '--version'], text=True).strip()}")
    columns = ["lines", "debug", "ratio", "memory"] + (["check", "release", "spec", "own"] if all_of_it else [])
    print(f"{'program':14}" + "".join(f" {column:>8}" for column in columns))
    for name, (dependencies, code) in programs.items():
        if wanted and name not in wanted and name != "hand-written":
            continue
        row = measure(name, dependencies, code, all_of_it)
        base = base or row["debug"]
        print(f"{name:14}" + "".join(f" {cell(row, column, base)}" for column in columns), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
