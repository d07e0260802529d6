#!/usr/bin/env python3
"""Compare the specs with the vendors' published contracts.

Usage: contracts.py PATH-OF-CONTRACT-TOOL

Whatever a spec lacks or contradicts must be an exception in specs/README.md, an item under
the line "Exceptions to the contract:" of the vendor's section:
- `the row as printed here`: reason.
"""
import argparse
import contextlib
import importlib.util
import io
import json
import sys

from readme_lists import listed

# Whether the spec must have everything that the contract has. Sumsub's contract was
# compiled by others from pages of 2024 and has what today's pages lack, so only
# contradictions need a reason, and one reason may cover a group of rows.
WHOLE = {"persona": True, "rebilly": True, "sumsub": False}
MOST = 60


def load(path):
    spec = importlib.util.spec_from_file_location("contract", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    compare = tool.compare

    def compare_enums_too(theirs, ours):
        missing, wrong, fewer = compare(theirs, ours)
        # The tool prints no row for an enum of which our spec names no value.
        fewer += [
            f"{leaf} lacks every value"
            for leaf, e in theirs.items()
            if e["enum"] and leaf in ours and not ours[leaf]["enum"]
        ]
        return missing, wrong, fewer

    tool.compare = compare_enums_too
    return tool


def report(tool, vendor):
    spec = f"specs/{vendor}.yaml"
    arguments = argparse.Namespace(vendor=vendor, spec=spec, tag=None, most=0, json=True)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        tool.check(arguments)
    return json.loads(out.getvalue())


def plain(rows):
    """Return each row once, with single spaces."""
    return list(dict.fromkeys(" ".join(row.split()) for row in rows))


def group(row):
    if row.startswith("operation "):
        return "operations"
    kind, _, rest = " ".join(row.split(" ")[2:]).partition(" ")
    if kind == "parameter":
        return "parameters"
    return "enum values" if " lacks " in f" {rest}" else f"{kind} leaves"


def covers(exception, row, by_prefix):
    is_prefix = by_prefix and exception.endswith("*") and row.startswith(exception[:-1])
    return row == exception or is_prefix


def check(tool, vendor, whole):
    found = report(tool, vendor)
    exceptions, problems = listed(vendor, "Exceptions to the contract:")
    exceptions = plain(exceptions)
    lacks, contradicts = plain(found["lacks"]) if whole else [], plain(found["contradicts"])
    rows = lacks + contradicts
    open_rows = [row for row in rows if not any(covers(e, row, not whole) for e in exceptions)]
    for name, (have, want) in found["coverage"].items():
        missing = [row for row in lacks if group(row) == name]
        excepted = len([row for row in missing if row not in open_rows])
        summary = f"; {len(missing)} rows missing, {excepted} excepted" if whole else ""
        print(f"{vendor}, {name}: {have} of {want}{summary}")
        if whole and have < want and not missing:
            problems.append(f"{want - have} {name} are missing, but no row says which")
    excepted = len([row for row in contradicts if row not in open_rows])
    print(f"{vendor}, contradictions: {len(contradicts)}, {excepted} excepted")
    problems += [f"no exception: {row}" for row in open_rows]
    problems += [
        f"matches no row: {e}"
        for e in exceptions
        if not any(covers(e, row, not whole) for row in rows)
    ]
    for problem in problems[:MOST]:
        print(f"  {problem}")
    if len(problems) > MOST:
        print(f"  and {len(problems) - MOST} more")
    return len(problems)


def main(path):
    tool = load(path)
    return 1 if sum([check(tool, vendor, whole) for vendor, whole in WHOLE.items()]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
