"""What reading a large estate costs: `python -m benchmarks.estate`.

Counts and simulated minutes at 60 requests a minute: what each pull request's plan asks for, against the formulas
of docs/apis/omni-analytics.md (OA-C1 to OA-C44); what a plan of everything asks for, against what was foretold.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.estates import Estate, Shape, document, estate, members, person, principals, schedule
from benchmarks.figures import Figure, exactly
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from reconciler.workflow import Options

MOST = 120
"""What a pull request of twenty documents, of them four folders with ten principals each, may cost."""
Change = tuple[str, str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Mix:
    """A pull request: so many documents of each kind, changed in one field."""

    name: str
    labels: int = 0
    people: int = 0
    groups: int = 0
    folders: int = 0
    schedules: int = 0
    documents: int = 0

    def changes(self, shape: Shape) -> Iterator[Change]:
        for n in range(self.labels):
            yield "Label", f"label-{n:03}", {"homepage": True}
        for n in range(self.people):
            yield "User", f"person-{_person(n):03}", {"name": f"Somebody {n}"}
        for n in range(self.groups):
            yield "UserGroup", f"group-{n:02}", {"members": members(shape, n)[1:]}
        for n in _folders(self.folders):
            yield "Folder", f"folder-{n:03}", {"permissions": _other_roles(shape, n)}
        for n in _deliveries(self.schedules):
            yield "Schedule", f"schedule-{n:03}", {**schedule(n), "cron": "0 1 ? * FRI *"}
        for n in range(self.documents):
            yield "Document", f"document-{n:03}", {"labels": ["label-020"]}


def _person(number: int) -> int:
    return number * 6


def _folders(count: int) -> list[int]:
    """Such as are open to somebody."""
    return [3 * n for n in range(count)]


def _deliveries(count: int) -> list[int]:
    """Of different documents."""
    return [3 * n for n in range(count)]


def _other_roles(shape: Shape, folder: int) -> list[dict[str, object]]:
    groups, people = principals(shape, folder)
    return [
        {"role": "EXPLORER", "groups": [f"group-{g:02}" for g in groups]},
        {"role": "EDITOR", "users": [person(p) for p in people]},
    ]


MIXES = (
    Mix("one label", labels=1),
    Mix("one folder, open to ten", folders=1),
    Mix("20: 4 folders, 4 labels, 4 groups, 4 schedules, 4 people", 4, 4, 4, 4, 4),
    Mix("20 labels", labels=20),
    Mix("20 people", people=20),
    Mix("20 groups", groups=20),
    Mix("20 folders", folders=20),
    Mix("20 schedules", schedules=20),
    Mix("20 documents", documents=20),
    Mix("20: 4 folders, 8 documents, 4 labels, 4 schedules", 4, 0, 0, 4, 4, 8),
)


def formula(mix: Mix, shape: Shape, page: int = 100) -> dict[str, int]:
    """Requests by what is listed or asked, as OA-C1 to OA-C15 have it. `page`: the records to a page."""
    opened = [principals(shape, n) for n in _folders(mix.folders)]
    named = {person(_person(n)) for n in range(mix.people)}
    named |= {person(p) for _, people in opened for p in people}
    named |= {a for n in _closed(mix) for g in document(shape, n)["permissions"] for a in g["users"]}
    named |= {a for n in range(mix.groups) for a in members(shape, n)[1:]}
    lists = {
        "labels": min(1, mix.labels + mix.documents),  # a document names labels, and lies in a folder
        "users": _users(named, shape, page),
        "groups": ceil(shape.groups / page) if mix.groups or mix.folders else 0,
        "folders": ceil(shape.folders / page) if mix.folders or mix.documents else 0,
        "documents": _documents(mix, shape, page),
        "schedules": _schedules(mix.schedules, shape),
        "permissions": sum(len(people) + len(groups) for groups, people in opened),
        "access": len(_closed(mix)),
        "recipients": mix.schedules,
    }
    return {what: n for what, n in lists.items() if n}


def _users(named: set[str], shape: Shape, page: int) -> int:
    """OA-C3; two more people are in the instance than are declared, and come first."""
    if len(named) < 2:
        return len(named)
    first = {person(n) for n in range(min(page - 2, shape.users))}
    return 1 + min(ceil((shape.users + 2) / page) - 1, len(named - first))


def _schedules(count: int, shape: Shape) -> int:
    """OA-C15, each of another document; 100 to a page, whatever other lists give."""
    return min(1, count) if count < 2 else 1 + min(ceil(shape.schedules / 100) - 1, count)


def _documents(mix: Mix, shape: Shape, page: int) -> int:
    """OA-C20: the pages up to the last one that shows a document which is asked about."""
    return min(ceil(shape.documents / page), ceil(mix.documents / page))


def _closed(mix: Mix) -> list[int]:
    """The documents that are open to named people alone."""
    return [n for n in range(mix.documents) if n % 4 == 0]


LISTS = (
    ("access", "/access-list"),
    ("permissions", "/permissions"),
    ("recipients", "/recipients"),
    ("labels", "/v1/labels"),
    ("folders", "/v1/folders"),
    ("schedules", "/v1/schedules"),
    ("documents", "/v1/documents"),
    ("groups", "/scim/v2/groups"),
    ("users", "/scim/v2/users"),
)


def asked(found: Estate) -> dict[str, int]:
    """The same of what the twin was asked."""
    counts: dict[str, int] = {}
    for line in found.twin.log.calls():
        at = line.split(" ")[1].partition("?")[0]
        what = next(what for what, part in LISTS if part in at)
        counts[what] = counts.get(what, 0) + 1
    return {what: counts[what] for what in sorted(counts)}


def of_pull_request(found: Estate, mix: Mix) -> tuple[Plan, float]:
    """The plan of what changed since the last commit, and the minutes it took."""
    before = dict(found.documents)
    try:
        found.touch(*mix.changes(found.shape))
        began = found.began()
        plan = found.plan(Options(changed_since="HEAD"))
        return plan, (found.clock.now() - began) / 60
    finally:
        found.documents = before
        found.write()


def figures(count: int, quick: bool) -> list[Figure]:
    """Counts, which are the same in every round: one is enough."""
    del count
    shape = Shape(60, 60, 60, 120, 20, 21) if quick else Shape()
    with tempfile.TemporaryDirectory() as room, estate(Path(room), shape) as found:
        return [*_pull_requests(found, MIXES[:3] if quick else MIXES), _foretold(found)]


def _pull_requests(found: Estate, mixes: Sequence[Mix]) -> Iterator[Figure]:
    """The one that is furthest from its formula; and what twenty documents of many kinds cost."""
    asked_by = {mix: len(of_pull_request(found, mix)[0].reads) for mix in mixes}
    worst = max(asked_by, key=lambda mix: asked_by[mix] / sum(formula(mix, found.shape).values()))
    wanted = sum(formula(worst, found.shape).values())
    name, note = f"reads of {len(mixes)} pull requests, the worst", f"{asked_by[worst]} calls for {worst.name}"
    yield Figure(name, "calls / formula", exactly(asked_by[worst] / wanted), 1.0, note=note)
    most = max((mix for mix in mixes if mix.folders == 4), key=lambda mix: asked_by[mix])
    name = "reads of a pull request of 20 documents"
    yield Figure(name, most.name, exactly(asked_by[most]), MOST, unit="calls")


def _foretold(found: Estate) -> Figure:
    """With a ledger that knows everything: only then is a cost foretold exactly."""
    found.apply(found.plan())
    plan = found.plan()
    reads, foretold = len(plan.reads), plan.reading[0].foretold
    name, note = "reads of a plan of everything", f"{reads:,} calls"
    return Figure(name, "calls / foretold", exactly(reads / foretold), 1.0, note=note)


def main() -> None:
    with tempfile.TemporaryDirectory() as room, estate(Path(room)) as found:
        tell(found)


def tell(found: Estate) -> None:
    say = sys.stdout.write
    shape = found.shape
    say(
        f"{shape.folders} folders, {shape.documents} documents, {shape.schedules} schedules, {shape.users} people,"
        f" {shape.groups} groups, {shape.labels} labels; 60 requests a minute, simulated\n\n"
    )
    _whole(found, say)
    say(f"\n{'a pull request of':58}{'formula':>8}{'asked':>7}{'minutes':>9}\n")
    for mix in MIXES:
        if mix.documents and not found.has_documents:
            continue
        wanted = sum(formula(mix, shape).values())
        plan, minutes = of_pull_request(found, mix)
        say(f"{mix.name:58}{wanted:>8}{len(plan.reads):>7}{minutes:>9.1f}\n")
        if mix.folders == 4:
            assert len(plan.reads) <= MOST, f"more than {MOST}"
    _many_grants(found, say)


def _whole(found: Estate, say: Callable[[str], object]) -> None:
    """Without a ledger, with one that knows nothing of it yet, and with one that does."""
    say(f"{'a plan of everything':58}{'foretold':>9}{'asked':>7}{'minutes foretold':>18}{'taken':>7}\n")
    for name, ledger in (("without a ledger", False), ("with a new ledger", True), ("adopted, then again", True)):
        if name.startswith("adopted"):
            found.apply(found.plan())
        first: list[Mapping[str, Json]] = []
        began = found.began()
        plan = found.plan(progress=first.append, ledger=ledger)
        taken = (found.clock.now() - began) / 60
        cost, seconds = plan.reading[0], first[0]["seconds"]
        word = "at least " if cost.least else ""
        assert isinstance(seconds, float)
        say(f"{name:52}{word + str(cost.foretold):>15}{len(plan.reads):>7}{seconds / 60:>18.1f}{taken:>7.1f}\n")


def _many_grants(found: Estate, say: Callable[[str], object]) -> None:
    """500 grants changed over 50 folders: one call per folder, role and boost."""
    folders = [f"folder-{3 * n:03}" for n in range(50)]
    before = dict(found.documents)
    changed = [
        ("Folder", name, {"permissions": _all_explorers(found.shape, 3 * n)}) for n, name in enumerate(folders)
    ]
    found.touch(*changed)
    plan = found.plan(Options(changed_since="HEAD"))
    grants = sum(len([*groups, *people]) for groups, people in (principals(found.shape, 3 * n) for n in range(50)))
    say(f"\n{grants} grants changed in 50 folders: {len(plan.writes)} calls, bound {plan.bound}\n")
    assert len(plan.writes) <= 50 * (0 + 1 + 1), "per folder: pairs added, pairs changed, one"
    found.documents = before
    found.write()


def _all_explorers(shape: Shape, folder: int) -> list[dict[str, object]]:
    groups, people = principals(shape, folder)
    named = {"groups": [f"group-{g:02}" for g in groups], "users": [person(p) for p in people]}
    return [{"role": "EXPLORER", **named}]


__all__ = ["MIXES", "Mix", "asked", "formula", "of_pull_request"]

if __name__ == "__main__":
    main()
