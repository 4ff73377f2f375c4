"""Git, as far as the table of every kind needs it: files, plans and runs, with the twin's log as the oracle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.load.desired import desired
from reconciler.model.change import UNKNOWN_PAST
from reconciler.model.document import Address, Document
from reconciler.model.json import ABSENT
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.contract.every_row import Sheet, Table, known, masked
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER, World, catalog, check_log, world

TARGETS = {
    "omni-analytics": OMNI,
    "studio-tracker": TRACKER,
    "omg-platform": PLATFORM,
    "omni-cms": CMS,
    "omn-core": CORE,
}
UPLOADS = "bulk-import"
"""Of which the preview writes nothing and is counted all the same (ST-C8)."""


@dataclass(frozen=True, slots=True)
class Git:
    """One world of one profile, and the manifests that stand for git."""

    w: World
    table: Table
    profile: str

    @property
    def at(self) -> Address:
        return Address(TARGETS[self.table.provider], self.table.kind, self.table.own)

    def says(self, *sheets: Sheet) -> list[Document]:
        """These documents and those beside them, out of files."""
        return written(self.w, self.table, *self.table.beside, *sheets)

    def thing(self, sheet: Sheet) -> Sheet:
        """The table's own document with what this one says over it."""
        spec = {k: v for k, v in {**self.table.spec, **sheet.spec}.items() if v is not ABSENT}
        return Sheet(spec, sheet.life, sheet.metadata, sheet.kind, sheet.name)

    def action(self, plan: Plan) -> Action:
        named = [a for a in plan.actions if a.address == self.at]
        return named[0] if named else next(a for a in plan.actions if a.address.kind == self.at.kind)


@contextmanager
def started(table: Table, profile: str, folder: Path) -> Iterator[Git]:
    """A fresh world of one system, in which what the table wants is there."""
    name = TARGETS[table.provider]
    with world(profile, twins=[name], seed=table.provider == "studio-tracker") as w:
        w.root = folder
        if table.set_up:
            table.set_up(w)
        yield Git(w, table, profile)


def written(w: World, table: Table, *sheets: Sheet) -> list[Document]:
    """The documents, through files and the loader. Raises ManifestInvalid."""
    settings = {"organisation": "acme"} if table.provider == "studio-tracker" else {}
    target = {TARGETS[table.provider]: {"provider": table.provider, **settings}}
    project = {"apiVersion": "reconciler/v1", "kind": "Project", "targets": target}
    (w.root / "reconciler.yaml").write_text(json.dumps(project))
    (w.root / "manifests").mkdir(exist_ok=True)
    for n in range(10):
        (w.root / "manifests" / f"{n}.yaml").unlink(missing_ok=True)
    for n, sheet in enumerate(sheets):
        (w.root / "manifests" / f"{n}.yaml").write_text(json.dumps(manifest(w, table, sheet)))
    return list(desired(w.root, catalog()).documents)


def manifest(w: World, table: Table, sheet: Sheet) -> dict[str, Any]:
    life = {"lifecycle": dict(sheet.life)} if sheet.life else {}
    metadata = {"name": sheet.name or table.own, **life, **known(w, sheet.metadata)}
    head = {"apiVersion": f"{table.provider}/v1", "kind": sheet.kind or table.kind}
    return {**head, "metadata": metadata, "spec": known(w, sheet.spec)}


# What a plan is worth.


@dataclass(frozen=True, slots=True)
class Done:
    """A plan that was carried out, and the writes as the twin saw them."""

    plan: Plan
    report: Report
    sent: tuple[str, ...]

    @property
    def ends(self) -> set[str]:
        return {str(o.end) for o in self.report.outcomes} - {"unneeded", "held"}


def planned(git: Git, documents: list[Document]) -> Plan:
    """A plan as large as the formulas say, which wrote nothing and told all that it read."""
    w = git.w
    w.documents = documents
    clear(w)
    plan = w.plan()
    log = [e for twin in w.twins.values() for e in twin.log]
    assert [e.call for e in log if e.write] == []
    assert len(plan.reads) == len(log)
    assert len(plan.writes) == plan.bound
    return plan


def applied(git: Git, plan: Plan, *, refused: bool = False) -> Done:
    """Carried out with the twins' log as the oracle. That nobody can know whether a thing is new is overridden.
    `refused`: the server says no, and live may be asked what became of it."""
    w = git.w
    new = [Override(h.rule, a.address, "new") for a in plan.actions for h in a.holds if h.rule == UNKNOWN_PAST]
    clear(w)
    report = w.apply(plan, *new)
    if not (refused and "settle" in report.requests):
        check_log(w, released(plan, new), report)
    sent = tuple(masked(e.call) for twin in w.twins.values() for e in twin.log if e.write or UPLOADS in e.path)
    if git.at.target == OMNI:  # the looks that belong to a change are counted too (OA-R77, OA-R166)
        sent = tuple(masked(line.removeprefix(f"{OMNI}: ")) for line in report.requests.get("calls", ()))
    return Done(plan, report, sent)


def brought_about(git: Git, *sheets: Sheet) -> Done:
    """What these documents say is so, and nothing is left to do."""
    documents = git.says(*sheets)
    deed = applied(git, planned(git, documents))
    assert deed.ends <= {"done"}, deed.report.outcomes
    settled(git)
    return deed


def settled(git: Git, still: Sequence[str] = ()) -> None:
    """A second plan has no call, but for what is still to be done."""
    left = planned(git, list(git.w.documents))
    assert [masked(c.line) for c in left.writes] == [*still]


def clear(w: World) -> None:
    for twin in w.twins.values():
        twin.log.clear()
