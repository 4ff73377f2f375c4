"""Ordering, saving and showing a plan of many changes, beside reading the manifests of as many objects.

    python -m benchmarks.large_plans [--rounds N] [--quick]

A third of the changes each creates, renames and deletes a label, and every delete waits for all the others; and a
row of folders, each made in the one before it. Everything is done in this process, the stages in turn.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from benchmarks.figures import Figure, alone, growth
from benchmarks.people import PROVIDER, TARGET, files
from benchmarks.sides import Ratio, fixed_work
from reconciler import providers
from reconciler.cli import COLLECT
from reconciler.load import events
from reconciler.load.kinds import load_kinds
from reconciler.model.catalog import Catalog
from reconciler.model.change import Change, Changes, Verb
from reconciler.model.document import Address, DeleteLimit, Desired, Target
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Live, Proof, Resource
from reconciler.model.plan import Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.recorded import Recorded
from reconciler.plan import build
from reconciler.plan.order import ordered
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style

SIZES: Final = (5_000, 50_000)
QUICK: Final = (300, 1_000)
ROW: Final = 10_000
READ: Final = "read"
TOLD: Final = ("order", "text", "Markdown", "JSON")
"""The stages that have to take less than reading does."""


@cache
def catalog() -> Catalog:
    return providers.catalog(load_kinds().values())


def mixed(size: int) -> list[Change]:
    """Labels made, renamed and deleted."""
    found = []
    for number in range(size // 3):
        name = f"{number:06}"
        old, off = (Resource(f"{word} {name}", f"{word} {name}", {}) for word in ("Old", "Off"))
        found.append(_label(Verb.CREATE, f"new-{name}", f"New {name}"))
        found.append(_label(Verb.RENAME, f"old-{name}", f"Other {name}", live=old, changed=frozenset({"name"})))
        at = Address(TARGET, "Label", f"off-{name}")
        found.append(Change(Verb.DELETE, at, live=off, key=off.key, was_made=True))
    return sorted(found, key=lambda change: change.address)


def _label(
    verb: Verb, name: str, key: str, live: Resource | None = None, changed: frozenset[str] = frozenset()
) -> Change:
    at = Address(TARGET, "Label", name)
    return Change(verb, at, live=live, key=key, label=key, wire={"name": key}, changed=changed)


def row(size: int) -> list[Change]:
    """Folders, each in the one before it."""
    found = []
    for number in range(size):
        at, above = (Address(TARGET, "Folder", f"folder-{n:06}") for n in (number, number - 1))
        name = f"folder {number}"
        parent: Json = {"$id": str(above)} if number else None
        found.append(Change(Verb.CREATE, at, key=[name], label=name, wire={"path": name}, parent=parent))
    return found


def planned(changes: list[Change]) -> Plan:
    """The plan of these, where nothing else is live."""
    kinds = {k.name: k for k in catalog().of(PROVIDER)}
    proof = Proof(complete=True, by="as made here")
    there = tuple(c.live for c in changes if c.live)
    collections = {(TARGET, n): Collection(n, there if n == "Label" else (), proof) for n in kinds}
    live = Live(collections, (), {(TARGET, n): Demand(TARGET, n) for n in kinds})
    desired = Desired((), {TARGET: Target(TARGET, PROVIDER)}, "sha256:0", DeleteLimit(len(changes), 100))
    bases = {TARGET: "https://analytics.example.com"}
    recorded = Recorded({}, exists=True)
    return build(Changes(tuple(changes)), desired, live, recorded, catalog(), bases, "0", "2026-06-01T00:00:00Z")


def texts(size: int) -> list[bytes]:
    """The manifests of so many people."""
    return [text.encode() for _, text in files(size)]


def seconds(work: Callable[[], object]) -> float:
    """Of processor time."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def stages(size: int) -> Iterator[tuple[str, float]]:
    """Each with what it takes once."""
    gc.set_threshold(*COLLECT)  # as in every command
    read, changes, folders = texts(size), mixed(size), row(min(size, ROW))
    yield READ, seconds(lambda: [events.read(text, "people.yaml") for text in read])
    yield "plan", seconds(lambda: planned(changes))
    yield "plan of a row of folders", seconds(lambda: planned(folders))
    plan = planned(changes)
    yield "order", seconds(lambda: ordered(plan.calls))
    yield "text", seconds(lambda: plan_text(plan, Style()))
    yield "every call", seconds(lambda: plan_text(plan, Style(), calls=True))
    yield "Markdown", seconds(lambda: plan_markdown(plan))
    yield "JSON", seconds(lambda: plan_json(plan))
    saved = plan_json(plan)
    yield "read again", seconds(lambda: from_json(json.loads(saved)))


def figures(count: int, quick: bool) -> list[Figure]:
    """Both sizes in every round."""
    sizes = QUICK if quick else SIZES
    works: list[float] = []
    found: dict[str, dict[int, list[float]]] = {}
    for _ in range(count):
        works.append(fixed_work().cpu)
        for size in sizes:
            for name, cost in stages(size):
                found.setdefault(name, {}).setdefault(size, []).append(cost)
    return [*beside_reading(found, sizes[-1], tuple(works)), *grown(found, tuple(works))]


def beside_reading(
    found: Mapping[str, Mapping[int, list[float]]], size: int, works: tuple[float, ...]
) -> Iterator[Figure]:
    """Every stage over the reading of as many manifests."""
    for name, costs in found.items():
        if name != READ and "row" not in name:
            each = Ratio.of(a / b for a, b in zip(costs[size], found[READ][size], strict=True))
            target = 1.0 if name in TOLD else None
            yield Figure(f"{size:,} changes, {name}", f"CPU, {name} / read", each, target, loops=works)


def grown(found: Mapping[str, Mapping[int, list[float]]], works: tuple[float, ...]) -> Iterator[Figure]:
    """How each stage grows with the number of changes."""
    for name, costs in found.items():
        if name != READ and "row" not in name:
            value, points = growth([*costs.items()])
            yield Figure(f"growth, {name}", "exponent of CPU", value, 1.05, points=points, loops=works)


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
