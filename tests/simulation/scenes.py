"""Small worlds: a few documents of one to three systems, as they were at the last apply and as they are now.

They are cut out of the organisations that the other campaigns work on, so that every kind comes about in some.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.twins import OmnCoreTwin, OmniTwin, Twin
from tests.faults import analytics, core, mixed, people
from tests.faults.estate import ESTATES, own_settings
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER, TWINS, catalog

SYSTEMS: Mapping[str, tuple[str, ...]] = {
    "after": (OMNI, TRACKER),
    "mixed": (CMS, CORE, OMNI, PLATFORM, TRACKER),
    "people": (CMS, PLATFORM, TRACKER),
    "analytics": (OMNI,),
    "core": (CORE,),
}
OFTEN = (4, 4, 4, 2, 2)
MOST = 3
"""Systems in one world."""
LARGE = 7
"""Documents in one world; more only where a single one names as many."""
FILES: Mapping[str, bytes] = {**mixed.FILES, **people.FILES, **analytics.FILES}
"""What lies in the project's folder; some of it is secret."""
SECRETS = ("keys/sftp", "keys/first", "keys/second")
ACCOUNTS: Mapping[str, Json] = {CMS: people.ACCOUNT, OMNI: analytics.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Scene:
    """`before` was applied, `after` is wanted. `hard`: the twins' readings of what the contracts leave open."""

    number: int
    estate: str
    profile: str
    names: tuple[str, ...]
    before: tuple[Document, ...]
    after: tuple[Document, ...]
    per_minute: int | None = None
    concurrency: int = 8
    knobs: tuple[str, ...] = field(default=())

    def twins(self, states: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Twin]:
        """The systems in these states; None: with their seeded worlds, as every estate has them."""
        found = {}
        for name in self.names:
            twin, seeded = _seeded(name, self.profile, self.estate)
            rewind(twin, states[name] if states else seeded)
            found[name] = twin
        return found


def scene_of(number: int, attempt: int = 0) -> Scene:
    """The world of this number, always the same. `attempt`: another one, where that makes no sense."""
    rng = random.Random(f"scene {number} {attempt}")
    estate = rng.choices([*SYSTEMS], OFTEN)[0]
    there = sorted(SYSTEMS[estate])
    names = tuple(sorted(rng.sample(there, min(len(there), rng.randint(1, MOST)))))
    older, newer = (_documents(which, names) for which in _named(estate))
    chosen = _chosen(rng, older, newer)
    before = [d for a, d in older.items() if a in chosen and rng.random() < 0.9]
    after = [
        older[a] if a in older and rng.random() < 0.15 else newer[a]
        for a in (a for a in newer if a in chosen)
        if rng.random() < 0.95
    ]
    rate = rng.choice((None, None, None, 60, 30))
    profile = rng.choice(("plain", "adversarial"))
    return Scene(number, estate, profile, names, (*before,), (*_distinct(after),), rate, rng.choice((1, 3, 8)))


def _named(estate: str) -> tuple[str, str]:
    return ("before", "after") if estate == "after" else (f"{estate} before", estate)


def _documents(estate: str, names: Sequence[str]) -> dict[Address, Document]:
    return {d.address: d for d in _estate(estate) if d.address.target in names}


@cache
def _estate(name: str) -> tuple[Document, ...]:
    return tuple(ESTATES[name]())


def _chosen(
    rng: random.Random, older: Mapping[Address, Document], newer: Mapping[Address, Document]
) -> set[Address]:
    """A few addresses with what they name: one to begin with, and as many others as leave the world small."""
    both = [*older.values(), *newer.values()]
    chosen: set[Address] = set()
    for address in rng.sample(every := sorted({*older, *newer}), min(len(every), rng.randint(2, 5))):
        together = chosen | _closed(address, both)
        if not chosen or len(together) <= LARGE:
            chosen = together
    return chosen


def _closed(address: Address, every: Sequence[Document]) -> set[Address]:
    """An address, what its documents name, what these name, and so on."""
    found, new = {address}, {address}
    while new:
        new = {a for d in every if d.address in new for a in _needs(d, every)} - found
        found |= new
    return found


def _needs(document: Document, every: Sequence[Document]) -> Iterator[Address]:
    """What a document names by name or key, or lies below."""
    said = {*_texts(document.spec)}
    for other in every:
        if other.address != document.address:
            keys = {other.address.name, *_keys(other)}
            above = document.address.name.startswith(f"{other.address.name}/")
            if above or keys & said or any(s.startswith(f"{k}/") for s in said for k in keys):
                yield other.address


def _distinct(documents: Sequence[Document]) -> Iterator[Document]:
    """Without those that would take a key which another keeps: the loader refuses two documents of one key."""
    for one in documents:
        rivals = (d for d in documents if d.kind == one.kind and d is not one and _key(d) == _key(one))
        if one.previous_key is None or not any(rivals):
            yield one


def _key(document: Document) -> str:
    kind = catalog().kind(document.provider, document.kind)
    return canonical(document.spec.get(kind.key)).casefold()


def _keys(document: Document) -> Iterator[str]:
    return (str(document.spec[n]) for n in ("name", "path", "slug", "key", "omgJobNumber") if n in document.spec)


def _texts(value: Json | Mapping[str, Json]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


_TWINS: dict[tuple[str, str, str], tuple[Twin, Mapping[str, Any]]] = {}


def _seeded(name: str, profile: str, estate: str) -> tuple[Twin, Mapping[str, Any]]:
    """A twin and its seeded world: made once, it goes back there, or elsewhere, for every history."""
    special = estate if estate in ("analytics", "core") else ""
    at = (name, profile, special)
    if at not in _TWINS:
        twin = TWINS[name](profile)
        twin.seed_world()
        if special and isinstance(twin, OmniTwin):
            analytics.seed(twin)
        if special and isinstance(twin, OmnCoreTwin):
            core.prepare(twin)
        _TWINS[at] = twin, twin.dump()
    return _TWINS[at]


def rewind(twin: Twin, saved: Mapping[str, Any]) -> None:
    """Back to a state that was kept, without log, faults or anybody's rate."""
    twin.load(saved)
    twin.edit("GET", "/")  # lists show everything again
    for forgets in (twin.faults, twin.hooks, twin.log, twin.rate, twin.crashes):
        forgets.clear()


def settings_of(name: str, twin: Twin) -> dict[str, Json]:
    """A target's settings, as the project file would have them."""
    if name in ACCOUNTS:
        return {"account": ACCOUNTS[name]}
    org = twin.default_headers.get("X-Org-Id", "") if name == TRACKER else ""
    return own_settings(name, {"organisation": org, "batchSize": core.BATCH})


__all__ = ["FILES", "SECRETS", "Scene", "rewind", "scene_of", "settings_of"]
