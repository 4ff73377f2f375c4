"""There and back: what a far end holds while a property gets a value, another, none, and is left out.

The rows of the table of every kind name the values; their order and their cost are checked there. Here the far
end's own state is the judge, which no code of the product has a part in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.model.catalog import Catalog
from reconciler.model.json import ABSENT, Json, canonical, leaves
from reconciler.model.kind import Field, Kind
from tests.contract.every_git import Git
from tests.contract.every_row import Row, Table, known
from tests.laws.pair_grounds import Ground

STAMPS: Final = re.compile(
    r"version|avatar_url|.*edited|.*modified(_at|_from)?|(changed|created|deleted|updated)_at"
)
"""Names of what a far end counts or stamps by itself: another value means another time, and nothing else."""
MADE: Final = re.compile(r"cmo7[a-z]+\d+|0{7}[\da-f]-[\d-]+|grp\d+|5eed[\da-f-]+|(?<![\d.])1000\d\d(?!\d)")
"""Ids that a far end gives one after the other: what is made once more has the next."""
MEANT: Final = {("omni-cms", "User", "apiKey"): "CM-R42"}
"""Fields whose value is a word of ours for how things are to be, and nothing that a far end stores."""


@dataclass(frozen=True, slots=True)
class Says:
    """One thing that a row says, with all that is said besides by then. `sends`: whether that takes a write."""

    value: Any
    more: Mapping[str, Any]
    sends: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps of a row that simply say something, without a hold and without anybody else, in their order:
    `values`, then `clears` (null, the empty list) and `leaves` (nothing), as far as it has such."""

    values: tuple[Says, ...]
    clears: tuple[Says, ...]
    leaves: tuple[Says, ...]


def walk_of(row: Row) -> Walk:
    more: dict[str, Any] = dict(row.more)
    values, clears, leaving = list[Says](), list[Says](), list[Says]()
    for step in (s.on("plain") for s in row.steps):
        more |= step.more
        one = Says(step.says, dict(more), bool(step.calls))
        if step.says is ABSENT:
            leaving.append(one)
        elif step.says is None or step.says == []:
            clears += [one] if not (step.hold or step.refused) else []
        elif step.calls and not step.hold and not step.refused and not _among(one, values):
            values.append(one)
    return Walk(tuple(values), tuple(clears), tuple(leaving))


def _among(one: Says, others: list[Says]) -> bool:
    return any(one.value == other.value for other in others)


def state_of(ground: Ground) -> Json:
    """All that the far end holds, without its own stamps."""
    return _unstamped(ground.twin.dump()["state"])


def _unstamped(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {str(name): _unstamped(one) for name, one in value.items() if not STAMPS.fullmatch(str(name))}
    return [_unstamped(one) for one in value] if isinstance(value, list | tuple) else value


def apart(one: Json, other: Json) -> list[str]:
    """Where two states differ, leaf by leaf, whatever ids were given."""
    first, second = (
        Counter(MADE.sub("*", f"{'/'.join(at)}={canonical(v)}") for at, v in leaves(s)) for s in (one, other)
    )
    return sorted([f"- {t}" for t in first - second] + [f"+ {t}" for t in second - first])


def held_texts(state: Json) -> Counter[str]:
    """Every leaf, and every name of an object, as a text whose case means nothing."""
    found = Counter(_text(value) for _, value in leaves(state))
    found.update(name.casefold() for at, _ in leaves(state) for name in at)
    return found


def _text(value: object) -> str:
    return (value if isinstance(value, str) else canonical(value)).casefold()


def shown_texts(git: Git, catalog: Catalog, row: Row, value: Any) -> Iterator[str]:
    """The texts of a value that a far end must hold as they are: no truth values, nothing that refers to another
    thing, is a file or a secret, or is for people only."""
    kind = catalog.kinds[git.table.at]
    if (*git.table.at, row.path) in MEANT:
        return
    if any(_apart_from_words(f) for f in _along(kind, row.path)):
        return
    for at, leaf in leaves(known(git.w, value)):
        if (
            isinstance(leaf, str)
            and len(leaf) > 1
            and not any(_apart_from_words(f) for f in _below(kind, row, at))
        ):
            yield leaf.casefold()


def _apart_from_words(field: Field) -> bool:
    steers = field.ref or field.file or field.write_only or field.local or field.sink or field.lookup or field.pins
    shaped = {"instant", "segments", "cron"} & {*field.normalise}
    return bool(steers or shaped or field.nested)


def _along(kind: Kind, path: str) -> Iterator[Field]:
    """The fields on the way to a path."""
    fields: Mapping[str, Field] = kind.fields
    for name in path.split("/"):
        if name in fields:
            yield fields[name]
            fields = fields[name].entries


def _below(kind: Kind, row: Row, at: tuple[str, ...]) -> Iterator[Field]:
    way = [*_along(kind, row.path)]
    fields: Mapping[str, Field] = way[-1].entries if way else {}
    for name in at:
        if name in fields:
            yield fields[name]
            fields = fields[name].entries


def words_of(table: Table, row: Row) -> str:
    return f"{table.provider}/{table.kind}/{row.path.replace('/', '.')}"
