"""A long watch: somebody changes things in the products, we find out and put them back, thousands of times, in one
process that must neither grow nor leak nor ever end elsewhere.

    python -m tests.faults.soak --cycles 10000 --seed 1

The systems are twins in a process of their own, over HTTP; the ledger is a file. Who changes things is a second
set of manifests without a past, so that every kind can be changed in every way that it can be written.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconciler import workflow
from reconciler.ledger import Ledger, ephemeral, open_ledger, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from reconciler.twins import running_all
from tests.faults.estate import setup_of
from tests.world import TRACKER, TWINS, doc, hasty_clock

JANE, BOB, MARIA = (f"{name}@example.com" for name in ("jane", "bob", "maria"))
FREE: Mapping[str, Any] = {"allow": ["first-removals"]}
PER_LEDGER = 250
"""So many cycles share a ledger, which by its nature grows; then the next begins with a fresh one."""


def _document(kind: str, name: str, same: Mapping[str, Json], *ways: Mapping[str, Json]) -> tuple[Document, ...]:
    return tuple(doc(kind, name, {**same, **way}, **FREE) for way in ways)


THINGS: Sequence[tuple[Document, ...]] = (
    _document(
        "Label", "audited", {"name": "Audited"}, {"homepage": True}, {"homepage": False}, {"verified": True}
    ),
    _document(
        "UserGroup", "fin", {"name": "Fin"}, {"members": [JANE]}, {"members": [BOB, MARIA]}, {"members": []}
    ),
    _document(
        "ClientTeam", "crew", {"slug": "crew"}, {"name": "Crew"}, {"name": "The crew", "members": [{"user": BOB}]}
    ),
    _document(
        "Pod", "red", {"slug": "red", "name": "Red"}, {"members": [JANE]}, {"members": []}, {"members": [BOB]}
    ),
    _document(
        "Keyword",
        "warm",
        {"path": "Warm"},
        {"labels": [{"locale": "en_GB", "text": "Warm"}]},
        {"labels": [{"locale": "en_GB", "text": "Hot"}, {"locale": "de_DE", "text": "Heiß"}]},
    ),
    _document(
        "Component",
        "hub",
        {"space": "Website", "key": "hub", "type": "page"},
        {"name": "Hub", "tags": ["front"]},
        {"name": "The hub", "tags": []},
    ),
    _document("platform/User", "bob", {"email": BOB}, {"firstName": "Bob"}, {"firstName": "Robert"}),
)
"""Each thing in the ways it may be written: as we want it, and as somebody else may."""


@dataclass(slots=True)
class Watch:
    """What was seen while it lasted. `rss`: bytes after each cycle."""

    cycles: int = 0
    drifted: int = 0
    writes: int = 0
    wrong: list[str] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    @property
    def slope(self) -> float:
        """By how many percent of its size the process grows in 1,000 cycles, the first tenth left out."""
        rest = self.rss[len(self.rss) // 10 :]
        if len(rest) < 2:
            return 0.0
        line = statistics.linear_regression(range(len(rest)), rest)
        return 100 * line.slope * 1000 / statistics.mean(rest)

    @property
    def leaked(self) -> int:
        """How many more files are open in the end than after the first cycle."""
        return self.descriptors[-1] - self.descriptors[0] if self.descriptors else 0


def wanted() -> list[Document]:
    return [ways[0] for ways in THINGS]


def changed(rng: random.Random) -> list[Document]:
    """What somebody else makes of some of them, at least of one."""
    chosen = set(rng.sample(range(len(THINGS)), rng.randint(1, 3)))
    return [rng.choice(ways[1:]) if i in chosen else ways[0] for i, ways in enumerate(THINGS)]


def watch(urls: Mapping[str, str], settings: Mapping[str, Json], cycles: int, seed: int, folder: Path) -> Watch:
    """Go through the cycles; stops at the tenth thing that is wrong."""
    rng, seen, ledger = random.Random(seed), Watch(), None

    def run(documents: Sequence[Document], book: Ledger) -> Plan:
        setup = setup_of(documents, urls, settings, book, hasty_clock(), root=folder)
        plan = asyncio.run(workflow.make_plan(setup))
        report = asyncio.run(workflow.apply_plan(setup, plan))
        seen.wrong += [f"{seen.cycles}: {o.end} {o.message}" for o in report.outcomes if o.end not in ENDS]
        return plan

    try:
        while seen.cycles < cycles and len(seen.wrong) < 10:
            if seen.cycles % PER_LEDGER == 0:
                ledger = _next_ledger(ledger, folder / f"{seen.cycles}.db")
                run(wanted(), ledger)
            assert ledger is not None
            somebody = run(changed(rng), ephemeral(replace(whoami(), host="elsewhere.example.com"), hasty_clock()))
            repaired = run(wanted(), ledger)
            left = asyncio.run(workflow.make_plan(setup_of(wanted(), urls, settings, ledger, hasty_clock())))
            seen.cycles += 1
            seen.drifted += bool(somebody.writes)
            seen.writes += len(repaired.writes)
            if bool(repaired.writes) != bool(somebody.writes) or left.calls:
                seen.wrong.append(f"{seen.cycles}: {len(repaired.writes)} repairs, {len(left.calls)} calls left")
            seen.rss.append(_resident())
            seen.descriptors.append(len(list(Path("/proc/self/fd").iterdir())))
    finally:
        if ledger is not None:
            ledger.close()
    return seen


ENDS = frozenset({"done", "unneeded"})


def _next_ledger(before: Ledger | None, path: Path) -> Ledger:
    if before is not None:
        before.close()
    return open_ledger(path, create=True, who=whoami(), clock=hasty_clock())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@contextmanager
def elsewhere() -> Iterator[tuple[dict[str, str], dict[str, Json]]]:
    """The twins in a process of their own: name -> URL, and the settings of their targets."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    served = context.Process(target=_serve, args=(there,))
    served.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        served.join(30)


def _serve(pipe: Connection) -> None:
    twins = {name: made("plain") for name, made in TWINS.items()}
    for twin in twins.values():
        twin.seed_world()
    settings = {"organisation": twins[TRACKER].default_headers["X-Org-Id"]}
    with running_all([*twins.values()]) as urls:
        pipe.send((dict(zip(twins, urls, strict=True)), settings))
        pipe.recv()


def told(seen: Watch) -> str:
    return (
        f"soak: {seen.cycles} cycles, {seen.drifted} with drift, {seen.writes} repairs, "
        f"{len(seen.wrong)} ended elsewhere; {seen.leaked} descriptors leaked; "
        f"memory {seen.slope:+.2f} % per 1,000 cycles, {seen.rss[-1] >> 20} MiB in the end"
    )


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    began = time.monotonic()
    with elsewhere() as (urls, settings), TemporaryDirectory() as folder:
        seen = watch(urls, settings, asked.cycles, asked.seed, Path(folder))
    good = not seen.wrong and seen.leaked <= 0 and seen.slope <= 1.0
    print("\n".join(seen.wrong))
    print(told(seen), f"{time.monotonic() - began:.0f} s; seed {asked.seed}", sep="; ")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
