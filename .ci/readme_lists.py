"""Read the lists in specs/README.md: items with a reason, by vendor and opening line."""
import pathlib
import re

README = pathlib.Path(__file__).resolve().parent.parent / "specs" / "README.md"
ITEM = re.compile(r"- ((?:`[^`]+`(?:, | and )?)+): *(.*)")


def listed(vendor, opening, in_words=False):
    """Return {name: reason} of the lists under lines beginning with `opening`, and problems.

    With `in_words`, an item may also be plain words, which name nothing.
    """
    names, problems = {}, []
    for item in items(vendor, opening):
        if in_words and not item.startswith("- `"):
            continue
        match = ITEM.fullmatch(item)
        if not match:
            problems.append(f"invalid item, must be - `name`: reason: {item}")
            continue
        for name in re.findall(r"`([^`]+)`", match[1]):
            if not match[2]:
                problems.append(f"no reason: {name}")
            if name in names:
                problems.append(f"listed twice: {name}")
            names[name] = match[2]
    return names, problems


def items(vendor, opening):
    """Return the items of the lists under lines beginning with `opening`, a line each."""
    found, is_open, was_blank = [], False, False
    for line in _section(vendor):
        if line.lstrip("*").startswith(opening):
            is_open = True
        elif is_open and line.startswith("- "):
            found.append(line.rstrip())
        elif is_open and line.startswith("  ") and found:
            found[-1] += " " + line.strip()
        elif was_blank and line.strip():
            # A list after another paragraph belongs to that paragraph.
            is_open = False
        was_blank = not line.strip()
    return found


def _section(vendor):
    text = README.read_text(encoding="utf-8")
    heading = re.search(rf"^## .*\b{vendor}\.yaml\b.*$", text, re.M)
    if not heading:
        raise SystemExit(f"specs/README.md has no section on {vendor}.yaml")
    return text[heading.end():].split("\n## ")[0].splitlines()
