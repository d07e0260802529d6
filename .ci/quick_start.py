#!/usr/bin/env python3
"""Run the quick start of each vendor's module, unchanged, in a crate of its own."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"//! # Quick start\n//!\n//! ```[^\n]*\n(.*?)//! ```", re.S)


def main():
    blocks = []
    for vendor in ["beltic", "persona", "provide", "rebilly", "sumsub"]:
        found = BLOCK.findall((ROOT / "src" / vendor / "mod.rs").read_text(encoding="utf-8"))
        if len(found) != 1:
            sys.exit(f"{vendor}: {len(found)} quick starts in the module documentation, expected 1")
        blocks.append((vendor, re.sub(r"(?m)^//! ?", "", found[0])))
    environment = dict(os.environ, CARGO_TARGET_DIR=str(ROOT / "target" / "quick-start"))
    for vendor, code in blocks:
        with tempfile.TemporaryDirectory() as folder:
            crate = pathlib.Path(folder)
            (crate / "src").mkdir()
            (crate / "src" / "main.rs").write_text(code, encoding="utf-8")
            (crate / "Cargo.toml").write_text(
                f"""[package]
name = "quick-start-{vendor}"
version = "0.0.0"
edition = "2024"

[dependencies]
kyc-review = {{ path = "{ROOT}", features = ["{vendor}", "sandbox"] }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
""",
                encoding="utf-8",
            )
            # Use the versions that the crate itself was tested with.
            (crate / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
            command = ["cargo", "run", "--quiet"]
            run = subprocess.run(
                command, cwd=crate, env=environment, capture_output=True, text=True
            )
            print(f"{vendor}: {'ok' if run.returncode == 0 else 'FAILED'}: {run.stdout.strip()}")
            if run.returncode != 0:
                sys.exit(run.stderr)


if __name__ == "__main__":
    main()
