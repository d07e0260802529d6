#!/usr/bin/env python3
"""Hold the documents to the tables of operations in the notes on each vendor that publishes no whole contract.

Usage: operation_tables.py PATH-OF-VENDORS-FOLDER

Each operation of the tables is in the document, written by hand, or an item under the line "Left out" of the vendor's section in
specs/README.md: - `id or METHOD /path`: reason. An operation of the document that no table has must be named elsewhere in the notes.
Where id and path of a table lead to different places, the id is an item under the line "Paths chosen among several".
"""
import dataclasses
import pathlib
import re
import sys

import yaml

from readme_lists import items, listed

# Each vendor, and what its paths in the document begin with where the notes leave it out.
VENDORS = {"beltic": "/v1", "provide": "/api/v1", "sumsub": ""}
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
TOKEN = re.compile(rf"\b({'|'.join(METHODS)})\b|`([^`]*)`|\b(list)\b")
ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Entry:
    """An operation of a table. Several endpoints are alternatives; an endpoint without a method is at any method."""

    name: str
    id: str | None
    endpoints: list
    is_in_words: bool = False


@dataclasses.dataclass
class Operation:
    id: str
    endpoint: tuple


# ---- the tables


def rows(text):
    """The cells of operation id, and of method and path, of each row of each table that has both."""
    columns = None
    for line in text.splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if columns is None:
            heads = [cell.lower() for cell in cells]
            place = [i for i, head in enumerate(heads) if head.startswith("method")]
            name = [i for i, head in enumerate(heads) if head == "operation id"]
            columns = (name[0], place[0]) if name and place else ()
        elif columns and not set(line) <= set("|-: "):
            yield cells[columns[0]], cells[columns[1]]


def entries(text):
    for name_cell, place_cell in rows(text):
        # What stands in brackets explains: wrappers, older paths, bodies.
        name_cell, place_cell = (re.sub(r"\([^()]*\)", "", cell).strip() for cell in (name_cell, place_cell))
        ids = re.findall(r"`([a-z][a-z0-9_]*)`", name_cell)
        places = endpoints(place_cell)
        if "…" in name_cell or (ids and len(places) > 1 and len(ids) not in (1, len(places))):
            # Names that are cut short: the endpoints tell.
            yield from (Entry(show(place), None, [place]) for place in places)
        elif ids and len(ids) == len(places):
            yield from (Entry(name, name, [place]) for name, place in zip(ids, places))
        elif ids:
            yield from (Entry(name, name, places) for name in ids)
        elif any(method for method, _ in places):
            yield from (Entry(show(place), None, [place]) for place in places)
        elif not re.search("|".join(METHODS), place_cell):
            # A group of calls by names in words, of which the first stands for all.
            yield Entry(name_cell.split(",")[0], None, places[:1], is_in_words=True)
        else:
            print(f"no operation: {name_cell}, {place_cell}")


def endpoints(cell):
    """The pairs of method and path of a cell such as: GET, POST `/a`; GET `/{id}`; DELETE `…/b`."""
    found, methods, used = [], [None], True
    for method, code, word in TOKEN.findall(cell):
        if method:
            methods = [method] if used else [*methods, method]
            used = False
        elif word and not used and found:
            found += [(method, found[0][1]) for method in methods]
            used = True
        elif code.startswith(("/", "…/")) and "…" not in code[1:]:
            path = normal(code)
            # Relative to the first path of the row.
            if found and path.startswith(("/{}", "/-/")):
                path = found[0][1] + path
            found += [(method, path) for method in methods]
            used = True
    return found


def normal(path):
    return re.sub(r"\{[^}]*\}", "{}", path.split("?")[0]).rstrip("/")


def show(endpoint):
    return f"{endpoint[0] or 'any'} {endpoint[1]}"


def mentions(text):
    """Every path that the notes print anywhere, with each method on its line, or None. A later path may be relative to a parent of the first."""
    found = set()
    for line in text.splitlines():
        methods = re.findall(rf"\b({'|'.join(METHODS)})\b", line) or [None]
        paths = [normal(path) for path in re.findall(r"(?:https://[\w.-]+)?((?:/[^\s`'\"|,)]+)+)", line)]
        parts = paths[0].split("/") if paths else []
        parents = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        found.update((method, parent + path) for method in methods for path in paths for parent in ["", *parents])
    return found


# ---- the document


def operations(vendor):
    document = yaml.load((ROOT / "specs" / f"{vendor}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method.upper() in METHODS:
                yield Operation(operation["operationId"], (method.upper(), normal(path)))


def is_at(operation, endpoint, base):
    (method, path), (wanted_method, wanted) = operation.endpoint, endpoint
    if wanted_method not in (None, method):
        return False
    return path.endswith(wanted[1:]) if wanted.startswith("…") else path in (wanted, base + wanted)


def is_case_of(operation, endpoint, base):
    """Whether the document has a fixed segment where the table has a parameter: one call for each of its values."""
    (method, path), (wanted_method, wanted) = operation.endpoint, endpoint
    pattern = "[^/]+".join(re.escape(part) for part in (base + wanted).split("{}"))
    return wanted_method in (None, method) and re.fullmatch(pattern, path) is not None


# ---- one against the other


def names(left_out, entry, base):
    """Whether what an item of a list names is this entry."""
    if left_out in (entry.name, entry.id):
        return True
    method, _, path = left_out.partition(" ")
    path = normal(path).removeprefix(base)
    return method in METHODS and any(path == wanted and by in (None, method) for by, wanted in entry.endpoints)


def check(folder, vendor, base):
    text = (folder / f"{vendor}.md").read_text(encoding="utf-8")
    left_out, problems = listed(vendor, "Left out", in_words=True)
    chosen, more = listed(vendor, "Paths chosen among several")
    problems += more
    table, document = list(entries(text)), list(operations(vendor))
    if not table:
        problems.append("the notes have no table of operations")
    count = dict.fromkeys(["in the document", "left out", "missing"], 0)
    seen, needless = set(), set(chosen)
    for entry in table:
        at = [o for o in document if any(is_at(o, endpoint, base) for endpoint in entry.endpoints)]
        by_id = [o for o in document if o.id == entry.id]
        is_left_out = any(names(item, entry, base) for item in left_out)
        # A group in words is left out in words.
        is_left_out |= entry.is_in_words and any(entry.name in item for item in items(vendor, "Left out"))
        if by_id and entry.endpoints and by_id[0] not in at and not any(is_case_of(by_id[0], e, base) for e in entry.endpoints):
            if entry.id not in chosen:
                problems.append(f"another path than the notes have: {entry.id}, {show(by_id[0].endpoint)}")
            needless.discard(entry.id)
        hits = by_id or at
        seen.update(o.id for o in hits)
        if hits and is_left_out:
            problems.append(f"left out, and yet in the document: {entry.name}")
        if hits:
            count["in the document"] += 1
        elif is_left_out:
            count["left out"] += 1
        else:
            count["missing"] += 1
            problems.append(f"missing: {entry.name}" + "".join(f", {show(place)}" for place in entry.endpoints if entry.id))
    problems += [f"no two paths to choose from: {item}" for item in sorted(needless)]

    printed = mentions(text)
    extra = [o for o in document if o.id not in seen]
    for operation in extra:
        is_named = f"`{operation.id}`" in text or any(is_at(operation, endpoint, base) for endpoint in printed)
        print(f"{vendor}: in no table: {operation.id}, {show(operation.endpoint)}; " + ("named in the notes" if is_named else "unknown"))
        if not is_named:
            problems.append(f"in no notes: {operation.id}")

    print(f"{vendor}: {len(table)} operations in the tables; " + ", ".join(f"{number} {what}" for what, number in count.items()))
    for problem in problems:
        print(f"  {problem}")
    return len(problems)


def main(folder):
    return 1 if sum([check(pathlib.Path(folder), vendor, base) for vendor, base in VENDORS.items()]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
