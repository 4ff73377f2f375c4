"""What each case leads to in full, kept word for word beside the cases of its kind: `plans.txt`, the plan, and
`runs.txt`, what becomes of it against far ends of several sorts. `UPDATE_GOLDEN=1 pytest -n0 tests/cases` writes them
anew; what has changed is to be read like any other change."""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from reconciler.model.json import Json, canonical
from reconciler.model.plan import Plan
from reconciler.model.plan_json import to_json

_DIGEST = re.compile(r"sha256:([0-9a-f]{8})[0-9a-f]{56}")


def assert_as_kept(case: Path, name: str, text: str) -> None:
    """`case`: the file of the case; `name`: of the file beside it."""
    file = case.parent / name
    if os.environ.get("UPDATE_GOLDEN"):
        found = {**_sections(file), case.stem: text}
        there = {n: t for n, t in sorted(found.items()) if (case.parent / f"{n}.yaml").exists()}
        file.write_text("".join(f"## {n}\n{t}\n" for n, t in there.items()), encoding="utf-8")
    else:
        assert text == _read(file).get(case.stem, "")


@cache
def _read(file: Path) -> dict[str, str]:
    return _sections(file)


def _sections(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    parts = (part.split("\n", 1) for part in f"\n{text}".split("\n## ")[1:])
    return {name: rest.rstrip("\n") for name, rest in parts}


def plan_text(plan: Plan) -> str:
    """Every action, call and reading, a line each, as far as there is anything to say; last a mark of it all."""
    said = to_json(plan)
    lines = [f"{one}: {_line(item)}" for one in ("actions", "calls", "preconditions") for item in _items(said[one])]
    lines += [f"{name}: {_line(said[name])}" for name in ("bound", "targets", "warnings", "leftOut") if said[name]]
    return "\n".join([*lines, f"in all: {mark(said)}"])


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
        return {name: one for name, one in found.items() if one not in (None, "", False) and one != [] and one != {}}
    return [_said(one) for one in value] if isinstance(value, list) else value
