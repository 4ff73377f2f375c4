"""A saved plan: JSON, read with the same suspicion as a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from reconciler.load import events
from reconciler.load.explain import Where, check
from reconciler.load.files import read_given
from reconciler.load.positions import Positions
from reconciler.load.scalars import MOST_DIGITS
from reconciler.load.shape import validator
from reconciler.load.shipped import shipped
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.json import JsonObject
from reconciler.model.place import Place, Problem

LARGEST: Final = 256 << 20  # bytes
DEEPEST: Final = 64
MOST_SAID: Final = 3


def read_plan(path: Path) -> JsonObject:
    """The JSON object of a saved plan, checked against `schemas/plan.json` where that is shipped. Raises
    UsageWrong if the file cannot be read, ManifestInvalid with a place if it is not such a plan."""
    data = read_given(path, LARGEST)
    if isinstance(data, str):
        raise UsageWrong(f"the plan {path} {data}")
    value = parse(data, str(path))
    if "format" not in value:
        raise _invalid(Place(str(path)), "is no saved plan; `reconciler plan --out FILE` makes one")
    schema = shipped("schemas") / "plan.json"
    if schema.is_file():
        form = validator(parse(schema.read_bytes(), "schemas/plan.json"))
        if not form.is_valid(value):
            raise ManifestInvalid(_in_short(check(form, value, Where(_positions(data, str(path)))), str(path)))
    return value


def _in_short(problems: Sequence[Problem], path: str) -> list[Problem]:
    """The first few, and what they amount to: nobody mends a plan by hand."""
    more = f", in {len(problems)} places" if len(problems) > MOST_SAID else ""
    text = f"is no plan of this version{more}: another one made it, or somebody changed it"
    return [*problems[:MOST_SAID], Problem(Place(path), text, "make the plan again", rule="plan-file")]


def parse(data: bytes, file: str) -> JsonObject:
    """One JSON object: no key twice, no NaN, not too deep. Raises ManifestInvalid."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_whole)
    except UnicodeDecodeError:
        raise _invalid(Place(file), "is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _invalid(Place(file, error.lineno, error.colno), f"is not JSON: {error.msg}") from None
    except RecursionError:
        raise _invalid(Place(file), f"is more than {DEEPEST} levels deep") from None
    except ValueError as error:
        raise _invalid(_place(data, file), str(error)) from None
    if not isinstance(value, dict):
        raise _invalid(Place(file), "is not a plan: a plan is one JSON object")
    if _depth(value) > DEEPEST:
        raise _invalid(_place(data, file), f"is more than {DEEPEST} levels deep")
    return value


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key '{name[:60]}' stands twice in one object")
        found[name] = value
    return found


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is not a number that JSON has")


def _whole(word: str) -> int:
    if len(word) > MOST_DIGITS:
        raise ValueError(f"a number of {len(word)} digits, at most {MOST_DIGITS} are read")
    return int(word)


def _depth(value: object) -> int:
    """How deep the containers go, without recursion; stops looking once it is too deep."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [below for one in level for below in _children(one) if isinstance(below, dict | list)]
    return depth


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _place(data: bytes, file: str) -> Place:
    """Where our YAML reader, which counts lines, finds the same mistake: nearly all JSON is YAML."""
    problems = events.read(data, file).problems
    return problems[0].place if problems else Place(file)


def _positions(data: bytes, file: str) -> Positions:
    documents = events.read(data, file).documents
    return documents[0].positions if documents else Positions(file, Place(file), None)


def _invalid(place: Place, message: str) -> ManifestInvalid:
    return ManifestInvalid([Problem(place, message, "make the plan again", rule="plan-file")])
