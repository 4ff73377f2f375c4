"""What somebody else makes of a few things, and what is to become of it, said without asking the engine."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan import Action, Plan
from tests.world import doc

JANE, BOB, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "chen"))
MARIA: Final = "maria@example.com"
FREE: Mapping[str, Any] = {"allow": ["first-removals"]}
IN_A_ROW: Final = 2
"""So often a field is put back, apply after apply; then it is left to who else writes it (OA-R83, ST-R43)."""
ENTRIES: Final = frozenset({"members", "labels"})
"""Sets that are compared and written entry by entry: what is in them is put back each time."""

At: TypeAlias = "tuple[str, str]"
"""(name of a document, field)."""


def _document(kind: str, name: str, same: Mapping[str, Json], *ways: Mapping[str, Json]) -> tuple[Document, ...]:
    return tuple(doc(kind, name, {**same, **way}, **FREE) for way in ways)


def _labels(english: str, german: str) -> Mapping[str, Json]:
    return {"labels": [{"locale": "en_GB", "text": english}, {"locale": "de_DE", "text": german}]}


THINGS: Sequence[tuple[Document, ...]] = (
    _document(
        "Label",
        "audited",
        {"name": "Audited"},
        {"homepage": True, "verified": False},
        {"homepage": False, "verified": False},
        {"homepage": True, "verified": True},
    ),
    _document("UserGroup", "fin", {"name": "Fin"}, {"members": [JANE]}, {"members": [BOB, CHEN]}, {"members": []}),
    _document(
        "ClientTeam",
        "crew",
        {"slug": "crew"},
        {"name": "Crew", "members": []},
        {"name": "The crew", "members": [{"user": BOB}]},
    ),
    _document(
        "Pod",
        "red",
        {"slug": "red", "name": "Red"},
        {"members": [JANE]},
        {"members": []},
        {"members": [BOB, MARIA]},
    ),
    _document("Keyword", "warm", {"path": "Warm"}, _labels("Warm", "Warm"), _labels("Hot", "Heiß")),
    _document(
        "Component",
        "hub",
        {"space": "Website", "key": "hub", "type": "page"},
        {"name": "Hub", "tags": ["front"]},
        {"name": "The hub", "tags": []},
    ),
    _document("platform/User", "bob", {"email": BOB}, {"firstName": "Bob"}, {"firstName": "Robert"}),
)
"""Each thing in the ways it may be written: as we want it, and as somebody else may. All say the same fields: what
we do not declare is not ours to put back."""


def wanted() -> list[Document]:
    return [ways[0] for ways in THINGS]


def changed(rng: random.Random) -> list[Document]:
    """What somebody else makes of some of them, at least of one."""
    chosen = set(rng.sample(range(len(THINGS)), rng.randint(1, 3)))
    return [rng.choice(ways[1:]) if i in chosen else ways[0] for i, ways in enumerate(THINGS)]


def drifted(documents: Sequence[Document]) -> set[At]:
    """The fields that are not as we want them any more."""
    return {
        (one.address.name, name)
        for one, ours in zip(documents, wanted(), strict=True)
        for name, value in one.spec.items()
        if value != ours.spec[name]
    }


@dataclass(slots=True)
class Rows:
    """In how many of our applies in a row each field was put back."""

    times: Counter[At] = field(default_factory=Counter)

    def left(self, now: Set[At]) -> set[At]:
        """Which of the fields that have drifted are left alone now; the rows of the others get longer."""
        left = {at for at in now if self.times[at] >= IN_A_ROW and at[1] not in ENTRIES}
        self.times = Counter({at: self.times[at] + (at not in left) for at in now})
        return left


def amiss(repaired: Plan, after: Plan, now: Set[At], left: Set[At]) -> Iterator[str]:
    """What is not as it must be: `repaired` puts back every field that has drifted (`now`), but those that are
    `left` to somebody else, and says so; `after` it nothing is left but these."""
    for when, plan, fields in (("repairs", repaired, now), ("left", after, left)):
        if (found := _fields(plan.actions)) != fields:
            yield f"{when} differ: {sorted(found ^ fields)}"
        if (held := _held(plan.actions)) != {(*at, "contended") for at in left}:
            yield f"{when} held: {sorted(held)}, not {sorted(left)}"
    if bool(repaired.writes) is not bool(now - left):
        yield f"{len(repaired.writes)} repairs of {sorted(now - left)}"
    if after.calls:
        yield f"{len(after.calls)} calls left"


def _fields(actions: Sequence[Action]) -> set[At]:
    return {(a.address.name, change.path[0]) for a in actions for change in a.fields}


def _held(actions: Sequence[Action]) -> set[tuple[str, str, str]]:
    return {(a.address.name, hold.only, hold.rule) for a in actions for hold in a.holds}
