#!/usr/bin/env python3
"""Hold the documents to the vendors' published contracts: nothing contradicted, and nothing lacking in what is covered.

Usage: contracts.py PATH-OF-CONTRACT-TOOL
"""
import json
import subprocess
import sys

# Vendor, tag, and how many of the tag's operations the document covers; these must be whole.
CHECKS = [
    ("persona", "Inquiry Sessions", 6),
    ("persona", "Inquiries", 4),
    ("rebilly", "KYC documents", 10),
]


def main(tool):
    failures = 0
    for vendor, tag, covered in CHECKS:
        command = [sys.executable, tool, "check", vendor, f"specs/{vendor}.yaml", "--tag", tag, "--json"]
        report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
        # An operation that the document does not have is out of scope; anything else that lacks is a hole.
        holes = [row for row in report["lacks"] if not row.startswith("operation ")]
        problems = report["contradicts"] + holes
        found = report["coverage"]["operations"][0]
        if found != covered:
            problems.append(f"{found} operations are covered, not {covered}")
        print(f"{vendor}, {tag}: {found} operations whole" if not problems else f"{vendor}, {tag}: {problems}")
        failures += len(problems)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
