"""What is kept word for word in files: what a case or a test leads to in full, besides what it is about.
`UPDATE_GOLDEN=1 pytest -n0 tests/cases tests/unit/{diff,plan,apply}` writes the files anew; what
has changed in them is to be read like any other change."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from difflib import unified_diff
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.change import Change
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, Missing, canonical
from reconciler.model.live import Resource
from reconciler.model.place import Place
from reconciler.model.plan import Plan
from reconciler.model.plan_json import to_json
from reconciler.model.record import Record

_DIGEST = re.compile(r"sha256:([0-9a-f]{8})[0-9a-f]{56}")
AGAIN = "if this is meant: UPDATE_GOLDEN=1 pytest -n0 tests/cases tests/unit/diff tests/unit/plan tests/unit/apply"
CALLED: Counter[str] = Counter()
"""How often a test has asked to keep something so far; begun anew with each test."""


def keep_case(case: Path, name: str, text: str) -> None:
    """`case`: the file of a case; `name`: of the file beside it in which its text is kept."""
    kept(case.parent / name, case.stem, text, {f.stem for f in case.parent.glob("*.yaml")}.__contains__)


def keep_in_test(file: Path, text: str) -> None:
    """What the test that is running has come to, in this file, under its own name."""
    path, _, test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" (")[0].partition("::")
    where = f"{Path(path).stem}::{test}"
    CALLED[where] += 1

    def there(section: str) -> bool:
        stem, _, function = section.partition("::")
        return function.partition(" ")[0].partition("[")[0] in _tests_of(file.parent / f"{stem}.py")

    kept(file, f"{where} {CALLED[where]}", text, there)


def kept(file: Path, section: str, text: str, there: Any) -> None:
    """`there`: whether a section is still of something that exists."""
    if os.environ.get("UPDATE_GOLDEN"):
        found = {n: t for n, t in sorted({**sections(file), section: text}.items()) if there(n)}
        file.write_text("".join(f"## {n}\n{t}\n" for n, t in found.items()), encoding="utf-8")
        return
    was = _read(file).get(section, "")
    if was != text:  # a comparison by pytest of texts this long takes seconds
        found_ = unified_diff(was.split("\n"), text.split("\n"), f"{file}: {section}", "now", lineterm="", n=0)
        pytest.fail("\n".join([AGAIN, *found_]), pytrace=False)


@cache
def _tests_of(source: Path) -> set[str]:
    return {*re.findall(r"^def (test_\w+)", source.read_text("utf-8"), re.MULTILINE)} if source.exists() else set()


@cache
def _read(file: Path) -> dict[str, str]:
    return sections(file)


def sections(file: Path) -> dict[str, str]:
    """What a file keeps, by the name of the case or test."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    parts = (part.split("\n", 1) for part in f"\n{text}".split("\n## ")[1:])
    return {name: rest.rstrip("\n") for name, rest in parts}


def plan_text(plan: Plan, without: Sequence[str] = ()) -> str:
    """Every action, call and reading, a line each, as far as there is anything to say; last a mark of it all but
    of what is to be left out, by its name in JSON."""
    said = {**to_json(plan), **dict.fromkeys(without, "")}
    lines = [
        f"{one}: {_line(item)}" for one in ("actions", "calls", "preconditions") for item in _items(said[one])
    ]
    lines += [f"{name}: {_line(said[name])}" for name in ("bound", "targets", "warnings", "leftOut") if said[name]]
    return "\n".join([*lines, f"in all: {mark(said)}"])


def changes_text(changes: Sequence[Change]) -> str:
    """Every change, a line each, as far as there is anything to say; last a mark of it all."""
    said = [plain(c) for c in changes]
    return "\n".join([*map(_line, said), f"in all: {mark(said)}"])


def plain(value: Any) -> Json:
    """A value of ours as JSON. A document stands for its address, a live thing for its id."""
    if isinstance(value, Document | Resource):
        return str(value.address) if isinstance(value, Document) else value.id
    if isinstance(value, Address | Place | Missing):
        return str(value) if not isinstance(value, Missing) else {"$": "nothing"}
    if isinstance(value, Record):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if callable(value):
        return "(something to call)"
    if isinstance(value, AbstractSet):
        return sorted((plain(one) for one in value), key=canonical)
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def mark(value: Json) -> str:
    """What stands for a value that is not written out."""
    return sha256(canonical(value).encode()).hexdigest()[:12]


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _line(value: Json) -> str:
    return _DIGEST.sub(r"#\1", canonical(_said(value)))


def _said(value: Json) -> Json:
    """Without what is empty."""
    if isinstance(value, dict):
        found = {name: _said(one) for name, one in value.items()}
        return {name: one for name, one in found.items() if one not in (None, "", False, [], {})}
    return [_said(one) for one in value] if isinstance(value, list) else value
