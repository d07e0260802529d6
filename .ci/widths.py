#!/usr/bin/env python3
"""List lines that are too wide: over 100 for code, over 90 for comments and Markdown."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMENT = re.compile(r"\s*//")
# Lines that cannot be broken: tables, links, references.
UNBREAKABLE = re.compile(r"^\s*(//[/!]?\s*)?(\||\[[^\]]*\]:|<?https?://\S+$)")


def wide_lines(path):
    text = path.read_text(encoding="utf-8").splitlines()
    is_markdown, in_fence = path.suffix == ".md", False
    for number, line in enumerate(text, 1):
        is_comment = not is_markdown and COMMENT.match(line)
        body = re.sub(r"^\s*//[/!]?\s?", "", line) if is_comment else line
        if (is_markdown or is_comment) and body.lstrip().startswith("```"):
            in_fence = not in_fence
            continue
        if not is_markdown and not is_comment:
            in_fence = False
        limit = 90 if (is_markdown or is_comment) and not in_fence else 100
        # A line with a very long word may have no place to break.
        longest = max((len(word) for word in body.split()), default=0)
        if len(line) > limit and not UNBREAKABLE.match(line) and longest < limit - 30:
            yield number, len(line)


def main():
    tracked = subprocess.run(
        ["git", "ls-files", "*.rs", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    found = 0
    for name in tracked:
        for number, width in wide_lines(ROOT / name):
            found += 1
            print(f"{name}:{number}: {width} characters")
    print(f"{len(tracked)} files, {found} lines too wide")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
