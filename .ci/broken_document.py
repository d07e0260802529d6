#!/usr/bin/env python3
"""Check that a spec that breaks a rule fails the build, with file, pointer and rule."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# A change that breaks specs/beltic.yaml, and the expected start of the message.
CASES = [
    (
        (r"(operationId: decline_session\n.*?)\n +x-operation-class: decision\n", r"\1\n"),
        "specs/beltic.yaml: "
        "#/paths/~1v1~1identity~1sessions~1{session_id}~1decline/post: operation-class:",
    ),
    (
        (r"legal_name:\n", r"legal_name:\n          enum: ['a']\n"),
        "specs/beltic.yaml: "
        "#/components/schemas/SessionBusiness/properties/legal_name: inline-enum:",
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
                sys.exit(f"nothing in the spec matches {pattern!r}")
            document.write_text(broken, encoding="utf-8")
            command = ["cargo", "check", "--quiet", "--features", "beltic,sandbox"]
            command += ["--target-dir", str(ROOT / "target" / "broken")]
            run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
            if run.returncode == 0 or message not in run.stderr:
                sys.exit(f"expected the build to fail with {message!r}:\n{run.stderr}")
            print(f"rejected: {message}")


if __name__ == "__main__":
    main()
