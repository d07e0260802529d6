#!/usr/bin/env python3
"""Compare the specs with the notes on vendors that publish no full contract.

Usage: operation_tables.py PATH-OF-VENDORS-FOLDER

Each operation in the tables of the notes must be in the spec, or be an item under the line
"Left out" of the vendor's section in specs/README.md: - `id or METHOD /path`: reason. An
operation of the spec that no table has must be named elsewhere in the notes. If id and path
of a table row lead to different operations, the id must be an item under the line "Paths
chosen among several".
"""
import dataclasses
import pathlib
import re
import sys

import yaml

from readme_lists import items, listed

# Each vendor, and the prefix of its paths in the spec that the notes omit.
VENDORS = {"beltic": "/v1", "provide": "/api/v1", "sumsub": ""}
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
TOKEN = re.compile(rf"\b({'|'.join(METHODS)})\b|`([^`]*)`|\b(list)\b")
ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Entry:
    """An operation of a table.

    Several endpoints are alternatives; one without a method stands for any method.
    """

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
    """Yield the cells of operation id and of method and path of tables that have both."""
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
        # Parentheses hold remarks: wrappers, older paths, bodies.
        cells = (name_cell, place_cell)
        name_cell, place_cell = (re.sub(r"\([^()]*\)", "", cell).strip() for cell in cells)
        ids = re.findall(r"`([a-z][a-z0-9_]*)`", name_cell)
        places = endpoints(place_cell)
        if "…" in name_cell or (ids and len(places) > 1 and len(ids) not in (1, len(places))):
            # The names are abbreviated, so the endpoints identify the operations.
            yield from (Entry(show(place), None, [place]) for place in places)
        elif ids and len(ids) == len(places):
            yield from (Entry(name, name, [place]) for name, place in zip(ids, places))
        elif ids:
            yield from (Entry(name, name, places) for name in ids)
        elif any(method for method, _ in places):
            yield from (Entry(show(place), None, [place]) for place in places)
        elif not re.search("|".join(METHODS), place_cell):
            # A group of calls named in words; the first stands for all.
            yield Entry(name_cell.split(",")[0], None, places[:1], is_in_words=True)
        else:
            print(f"no operation: {name_cell}, {place_cell}")


def endpoints(cell):
    """Return methods and paths of a cell: GET, POST `/a`; GET `/{id}`; DELETE `…/b`."""
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
            # The path is relative to the first one of the row.
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
    """Return every path in the notes with each method on its line, or None.

    A later path may be relative to a parent of the first.
    """
    found = set()
    for line in text.splitlines():
        methods = re.findall(rf"\b({'|'.join(METHODS)})\b", line) or [None]
        found_paths = re.findall(r"(?:https://[\w.-]+)?((?:/[^\s`'\"|,)]+)+)", line)
        paths = [normal(path) for path in found_paths]
        parts = paths[0].split("/") if paths else []
        parents = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        found.update(
            (method, parent + path)
            for method in methods
            for path in paths
            for parent in ["", *parents]
        )
    return found


# ---- the spec


def operations(vendor):
    text = (ROOT / "specs" / f"{vendor}.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=yaml.CSafeLoader)
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
    """Whether a fixed segment of the operation is a value of the endpoint's parameter."""
    (method, path), (wanted_method, wanted) = operation.endpoint, endpoint
    pattern = "[^/]+".join(re.escape(part) for part in (base + wanted).split("{}"))
    return wanted_method in (None, method) and re.fullmatch(pattern, path) is not None


# ---- the comparison


def names(left_out, entry, base):
    """Whether an item of the list of left-out operations names this entry."""
    if left_out in (entry.name, entry.id):
        return True
    method, _, path = left_out.partition(" ")
    path = normal(path).removeprefix(base)
    return method in METHODS and any(
        path == wanted and by in (None, method) for by, wanted in entry.endpoints
    )


def check(folder, vendor, base):
    text = (folder / f"{vendor}.md").read_text(encoding="utf-8")
    left_out, problems = listed(vendor, "Left out", in_words=True)
    chosen, more = listed(vendor, "Paths chosen among several")
    problems += more
    table, document = list(entries(text)), list(operations(vendor))
    if not table:
        problems.append("the notes have no table of operations")
    count = dict.fromkeys(["in the spec", "left out", "missing"], 0)
    seen, needless = set(), set(chosen)
    for entry in table:
        at = [o for o in document if any(is_at(o, endpoint, base) for endpoint in entry.endpoints)]
        by_id = [o for o in document if o.id == entry.id]
        is_left_out = any(names(item, entry, base) for item in left_out)
        # A group named in words is left out by the same words.
        is_left_out |= entry.is_in_words and any(
            entry.name in item for item in items(vendor, "Left out")
        )
        is_elsewhere = by_id and entry.endpoints and by_id[0] not in at
        if is_elsewhere and not any(is_case_of(by_id[0], e, base) for e in entry.endpoints):
            if entry.id not in chosen:
                place = show(by_id[0].endpoint)
                problems.append(f"the path differs from the notes: {entry.id}, {place}")
            needless.discard(entry.id)
        hits = by_id or at
        seen.update(o.id for o in hits)
        if hits and is_left_out:
            problems.append(f"left out, but in the spec: {entry.name}")
        if hits:
            count["in the spec"] += 1
        elif is_left_out:
            count["left out"] += 1
        else:
            count["missing"] += 1
            places = "".join(f", {show(place)}" for place in entry.endpoints if entry.id)
            problems.append(f"missing: {entry.name}{places}")
    problems += [f"there is only one path: {item}" for item in sorted(needless)]

    printed = mentions(text)
    extra = [o for o in document if o.id not in seen]
    for operation in extra:
        is_named = f"`{operation.id}`" in text or any(
            is_at(operation, endpoint, base) for endpoint in printed
        )
        status = "named in the notes" if is_named else "unknown"
        print(f"{vendor}: in no table: {operation.id}, {show(operation.endpoint)}; {status}")
        if not is_named:
            problems.append(f"not in the notes: {operation.id}")

    counts = ", ".join(f"{number} {what}" for what, number in count.items())
    print(f"{vendor}: {len(table)} operations in the tables; {counts}")
    for problem in problems:
        print(f"  {problem}")
    return len(problems)


def main(folder):
    problems = [check(pathlib.Path(folder), vendor, base) for vendor, base in VENDORS.items()]
    return 1 if sum(problems) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
