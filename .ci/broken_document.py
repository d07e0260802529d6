#!/usr/bin/env python3
"""A document that breaks a rule must fail the build, with file, JSON pointer and rule in the message."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What is broken in specs/beltic.yaml, and the start of the message.
CASES = [
    (
        (r"(operationId: decline_session\n.*?)\n +x-operation-class: decision\n", r"\1\n"),
        "specs/beltic.yaml: #/paths/~1v1~1identity~1sessions~1{session_id}~1decline/post: operation-class:",
    ),
    (
        (r"legal_name:\n", r"legal_name:\n          enum: ['a']\n"),
        "specs/beltic.yaml: #/components/schemas/SessionBusiness/properties/legal_name: inline-enum:",
    ),
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "kyc-review"
        copy.mkdir()
        for name in ["Cargo.toml", "Cargo.lock", "README.md", "build.rs"]:
            shutil.copy(ROOT / name, copy / name)
        for name in ["build", "specs", "src", "examples", "tests"]:
            shutil.copytree(ROOT / name, copy / name)
        document = copy / "specs" / "beltic.yaml"
        good = document.read_text(encoding="utf-8")
        for (pattern, replacement), message in CASES:
            broken, count = re.subn(pattern, replacement, good, count=1, flags=re.S)
            if count != 1:
                sys.exit(f"the document has nothing that matches {pattern!r}")
            document.write_text(broken, encoding="utf-8")
            command = ["cargo", "check", "--quiet", "--features", "beltic", "--target-dir", str(ROOT / "target" / "broken")]
            run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
            if run.returncode == 0 or message not in run.stderr:
                sys.exit(f"the build did not fail with {message!r}:\n{run.stderr}")
            print(f"refused: {message}")


if __name__ == "__main__":
    main()
