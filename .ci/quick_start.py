#!/usr/bin/env python3
"""Build and run each quick start of the README, unchanged, in a new crate that depends on this one by path."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"<!-- quick start: (\w+) -->\n```rust[^\n]*\n(.*?)```", re.S)


def main():
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    if len(blocks) != 5:
        sys.exit(f"{len(blocks)} quick starts in the README, not one for each of five vendors")
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
            # The versions that the crate itself was tested with.
            (crate / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
            run = subprocess.run(["cargo", "run", "--quiet"], cwd=crate, env=environment, capture_output=True, text=True)
            print(f"{vendor}: {'ok' if run.returncode == 0 else 'FAILED'}: {run.stdout.strip()}")
            if run.returncode != 0:
                sys.exit(run.stderr)


if __name__ == "__main__":
    main()
