#!/usr/bin/env python3
"""Hold what rustc spends on this crate to a budget: user seconds and memory.

Seconds differ from machine to machine, so they are held as a ratio to what rustc spends on all
dependencies in the same cold build. Memory is the most that the crate's own rustc had.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Ratio to the dependencies, and MB, of a debug build with all vendors.
MOST_RATIO = 0.32
MOST_MEMORY = 1500


def wrap(log, command):
    """Runs rustc, and adds a line to the log: crate, user seconds, MB."""
    status = subprocess.run(command, check=False, close_fds=False).returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "--crate-name" in command:
        name = command[command.index("--crate-name") + 1]
        line = json.dumps([name, used.ru_utime, used.ru_maxrss / 1024])
        with open(log, "a", encoding="utf-8") as file:
            file.write(line + "\n")
    sys.exit(status)


def main():
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        wrapper = pathlib.Path(folder) / "rustc-wrapper"
        call = f'exec "{sys.executable}" "{__file__}" --wrap "{log}" "$@"'
        wrapper.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
        wrapper.chmod(0o755)
        environment = {
            **os.environ,
            "RUSTC_WRAPPER": str(wrapper),
            "CARGO_TARGET_DIR": str(pathlib.Path(folder) / "target"),
        }
        command = ["cargo", "build", "--quiet", "--features", "full"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ours = [row for row in rows if row[0] == "kyc_review"]
    others = sum(seconds for name, seconds, _ in rows if name != "kyc_review")
    if len(ours) != 1 or others < 1:
        sys.exit(f"{len(ours)} builds of the crate, {others:.1f} s for its dependencies")
    [[_, seconds, memory]] = ours
    ratio = seconds / others
    print(f"rustc: {seconds:.1f} s for this crate, {others:.1f} s for {len(rows) - 1} other crates")
    print(f"ratio {ratio:.2f} of at most {MOST_RATIO}, {memory:.0f} MB of at most {MOST_MEMORY}")
    sys.exit(1 if ratio > MOST_RATIO or memory > MOST_MEMORY else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--wrap"]:
        wrap(sys.argv[2], sys.argv[3:])
    main()
