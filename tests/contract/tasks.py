"""Steps of a story about tasks: plan without a read, count by OP-C1 and OP-C2, apply, find nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.document import Address, Document
from reconciler.model.plan import Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.contract.briefs import Deed, lifting
from tests.world import PLATFORM, World, check_log, doc

SPEC = {"name": "Kick-off", "startDate": "2026-05-01T09:00:00Z", "endDate": "2026-05-01T10:00:00Z"}
FIELDS = {*SPEC, "brief", "parent"}


def task(name: str = "kick", /, *, token: str | None = None, **words: object) -> Document:
    """A task's document: `words` are fields of its spec, all else metadata. Its parent is 4411 unless they say."""
    spec = {k: v for k, v in words.items() if k in FIELDS}
    spec |= {} if spec.keys() & {"brief", "parent"} else {"parent": "4411"}
    metadata = {k: v for k, v in words.items() if k not in FIELDS}
    if token is not None:
        metadata["once"] = {"supersede": token}
    return doc("Task", name, {**SPEC, **spec}, **metadata)  # type: ignore[dict-item]


def at(name: str = "kick") -> Address:
    return Address(PLATFORM, "Task", name)


def live(p: World) -> dict[str, tuple[str, str]]:
    """Every task there is, by its id: name and parent."""
    return {str(t.id): (t.name, str(t.parent_planning_id)) for t in p.platform.tasks()}


def planned(p: World, *documents: Document) -> Plan:
    """A plan: no task costs a read (OP-C1)."""
    p.documents = list(documents)
    p.platform.log.clear()
    plan = p.plan()
    assert [e.call for e in p.platform.log if "/tasks" in e.call] == []
    assert (len(plan.writes), plan.contingent) == (plan.bound, ())
    return plan


def applied(p: World, plan: Plan, *overrides: Override) -> Deed:
    """Apply, with the log as the oracle: one write per task that came about, and no look at it (OP-C2, OP-C4)."""
    before = live(p)
    p.platform.log.clear()
    report = p.apply(plan, *overrides)
    check_log(p, released(plan, overrides), report)
    sent = [e.call for e in p.platform.log if e.write]
    if all(o.end in ("done", "held") for o in report.outcomes):
        assert sent.count("POST /tasks") == len(live(p)) - len(before)
    return Deed(plan, report, sent)


def carried_out(p: World, *documents: Document, lift: Iterable[str] = ()) -> Deed:
    """Plan and apply, all of it done; a second plan has no call, and says what nobody can verify."""
    plan = planned(p, *documents)
    deed = applied(p, plan, *lifting(plan, *lift))
    assert set(deed.ends) <= {"done", "held"}, deed.report.outcomes
    left = planned(p, *documents)
    assert [c.line for c in left.writes] == []
    tasks = [a for a in left.actions if a.address.kind == "Task" and not a.holds]
    assert all(a.notes == ("not verifiable: nothing reads a task",) for a in tasks if str(a.verb) != "release")
    return deed


def made(p: World, *documents: Document) -> Deed:
    """The first run with these documents: somebody says that none of them is there already (OP-R13)."""
    return carried_out(p, *documents, lift=["unknown-past"])


def rules(plan: Plan) -> dict[str, set[str]]:
    return {a.address.name: {h.rule for h in a.holds} for a in plan.actions if a.holds}
