"""Steps of a story about briefs: plan, count by OP-C1 to OP-C5, apply, and find nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import PLATFORM, World, check_log, doc

SPEC: Mapping[str, Json] = {
    "title": "Q3 Campaign Brief",
    "summary": "Overview of Q3 requirements",
    "deadline": "2026-06-30",
    "businessArea": "UK/Marketing/Digital",
}
WIRE: Mapping[str, Json] = {
    "brief_title": "Q3 Campaign Brief",
    "brief_summary": "Overview of Q3 requirements",
    "brief_deadline": "2026-06-30",
    "business_area": "UK/Marketing/Digital",
}
FIELDS = {"title", "summary", "deadline", "businessArea", "slipstream", "externalReference", "changeRequestFirst"}
TRANSITION = '{"status":"change_request"}'
DELETABLE: Mapping[str, object] = {"on_remove": "delete", "allow": ["delete"]}


def brief(name: str = "q3", /, *, token: str | None = None, **words: object) -> Document:
    """A brief's document: `words` are fields of its spec, all else metadata."""
    spec = {k: v for k, v in words.items() if k in FIELDS}
    metadata = {k: v for k, v in words.items() if k not in FIELDS}
    if token is not None:
        metadata["once"] = {"changeRequest": token}
    return doc("Brief", name, {**SPEC, **spec}, **metadata)  # type: ignore[dict-item]


def at(name: str = "q3") -> Address:
    return Address(PLATFORM, "Brief", name)


@dataclass(frozen=True, slots=True)
class Deed:
    """A plan and what became of it. `sent`: every write as the twin saw it, `METHOD /path {body}`."""

    plan: Plan
    report: Report
    sent: list[str]

    @property
    def ends(self) -> list[str]:
        return [str(o.end) for o in self.report.outcomes]


def planned(p: World, *documents: Document) -> Plan:
    """A plan, and what it cost to make: one read per brief that is known, and nothing else (OP-C1)."""
    p.documents = list(documents)
    p.platform.log.clear()
    plan = p.plan()
    assert sorted(e.call for e in p.platform.log) == [f"GET /briefs/{i}" for i in sorted(known(p))]
    assert sorted(plan.reads) == sorted(f"{PLATFORM}: {e.call}" for e in p.platform.log)
    assert (len(plan.writes), plan.contingent) == (plan.bound, ())
    return plan


def known(p: World) -> set[str]:
    """The ids of B in OP-C1: recorded or pinned, and declared or perhaps deleted."""
    declared = {d.address for d in p.documents}
    declared |= {d.address._replace(name=d.previous_name) for d in p.documents if d.previous_name}
    bonds = p.recorded.bonds.values()
    ids = {b.id for b in bonds if b.address in declared or b.on_remove != "release"}
    return ids | {d.pinned_id for d in p.documents if d.pinned_id is not None}


def applied(p: World, plan: Plan, *overrides: Override) -> Deed:
    """Apply a plan: the log is the plan, and its counts are those of OP-C2, OP-C4 and OP-C5."""
    before = state(p)
    p.platform.log.clear()
    report = p.apply(plan, *overrides)
    going = released(plan, overrides)
    check_log(p, going, report)
    writes = [e for e in p.platform.log if e.write]
    if all(o.end in ("done", "held") for o in report.outcomes):
        made, changed, asked, gone = difference(before, state(p))
        assert len(writes) == len(made) + len(changed) + asked + len(gone)
        touched = {c.address for c in going.writes if c.phase.name != "DELETE"}
        silent = p.platform.knobs.hard("OP-P6") and not p.platform.knobs.hard("status-hidden")
        assert len(report.requests.get("verify", ())) <= len(touched)
        assert not silent or len(report.requests.get("verify", ())) == len(touched)
    old = {c.address for c in going.writes if c.live_id is not None}
    assert len(report.requests.get("preconditions", ())) == len(old)
    return Deed(plan, report, [f"{e.call} {canonical(e.body)}" if e.body else e.call for e in writes])


def carried_out(p: World, *documents: Document, lift: Iterable[str] = ()) -> Deed:
    """Plan and apply, all of it done; a second plan has no call. `lift`: rules overridden wherever they hold."""
    plan = planned(p, *documents)
    deed = applied(p, plan, *lifting(plan, *lift))
    assert set(deed.ends) <= {"done", "held"}
    left = planned(p, *documents)
    assert [c.line for c in left.writes] == []
    assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= {
        (a.address, h.rule) for a in plan.actions for h in a.holds
    }
    return deed


def made(p: World, *documents: Document) -> Deed:
    """The first run with these documents: their past is unknown, and somebody says that there is none (OP-R13)."""
    return carried_out(p, *documents, lift=["unknown-past"])


def lifting(plan: Plan, *rules: str) -> list[Override]:
    return [Override(h.rule, a.address, "it is new") for a in plan.actions for h in a.holds if h.rule in rules]


def state(p: World) -> dict[str, tuple[dict[str, str], int]]:
    """Every brief by its id: its fields, and how often its change request fired."""
    return {str(b.id): (dict(b.fields), p.platform.transitions(str(b.id))) for b in p.platform.briefs()}


State = Mapping[str, tuple[Mapping[str, str], int]]


def difference(before: State, after: State) -> tuple[set[str], set[str], int, set[str]]:
    """What was made, whose fields changed, how many transitions fired, what is gone."""
    both = before.keys() & after.keys()
    fired = sum(after[i][1] - (before[i][1] if i in before else 0) for i in after)
    changed = {i for i in both if before[i][0] != after[i][0]}
    return set(after.keys() - before.keys()), changed, fired, set(before.keys() - after.keys())


def own_id(p: World, name: str = "q3") -> str:
    return p.recorded.bonds[at(name)].id


def action(plan: Plan, name: str = "q3") -> Action:
    return next(a for a in plan.actions if a.address.name == name)


def rules(plan: Plan) -> dict[str, list[str]]:
    """Name -> the rules that hold it."""
    return {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}
