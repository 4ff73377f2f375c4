"""The fold that remembers everything that was ever run or said, for people who look back. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from reconciler.ledger.event import Event, Type
from reconciler.ledger.packed import unpacked
from reconciler.ledger.runs import outcome_from, texts
from reconciler.ledger.who import Who
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import IN_DOUBT, SETTLED, End, Outcome, Report
from reconciler.model.past import NEVER_CAME, UNFINISHED, Author, Deed, Kept, Late, Lifted, PastRun, RunInFull
from reconciler.model.plan import Call, Plan
from reconciler.model.plan_older import kept_plan
from reconciler.model.record import Record, field

ANSWERS = {True: "made", False: "not made"}


class _Record(Record):
    """A run as its events tell it. `late`: the outcomes told after somebody else had taken over one of its
    targets, and who that was; `before`: the runs that had been looked up since the one before; `kept`: the last
    event by which it bound or released each address."""

    start: Event
    targets: tuple[str, ...]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    sent: dict[str, None] = field(default_factory=dict)
    lifted: list[Lifted] = field(default_factory=list)
    end: Event | None = None
    taken_over: Who | None = None
    late: dict[str, Outcome] = field(default_factory=dict)
    late_end: Event | None = None
    before: tuple[str, ...] = ()
    kept: dict[str, Event] = field(default_factory=dict)


class Past:
    """All runs and deeds, in their order, after all events taken so far."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._records: dict[str, _Record] = {}
        self._looked_up: list[str] = []

    def take(self, event: Event) -> None:
        """Raises KeyError, TypeError or ValueError for a body of another shape."""
        match event.type:
            case Type.RUN_STARTED:
                before, self._looked_up = tuple(self._looked_up), []
                content = event.content
                self._records[event.run] = _Record(event, tuple(texts(content["targets"])), before=before)
            case Type.INTENT | Type.OUTCOME if event.run in self._records:
                _told(self._records[event.run], event)
            case Type.BIND | Type.RELEASE if event.run in self._records:
                self._records[event.run].kept[event.address] = event
            case Type.RUN_FINISHED if event.run in self._records:
                self._ended(self._records[event.run], event)
            case Type.NOTE:
                self._noted(event, event.content)
            case Type.LEASE_TAKEN:
                self._taken(event.target, Who.from_json(event.content["who"]))
            case Type.LEASE_RETURNED if "by" in event.content:
                content = event.content
                by, holder = Who.from_json(content["by"]).author, Who.from_json(content["holder"])
                reason = str(content["reason"])
                self.deeds.append(
                    Deed(event.time, "lease", event.target, by, str(holder), reason, head=event.hash)
                )

    def runs(self) -> list[PastRun]:
        """Every run, oldest first."""
        return [_run(record) for record in self._records.values()]

    def in_full(self, run: str) -> RunInFull:
        """Raises KeyError for a run that is not known, TypeError or ValueError where its plan cannot be read."""
        record = self._records[run]
        found = _run(record)
        plan = plan_of(record.start)
        outcomes = tuple(_outcome(call, record) for call in plan.calls)
        asked = {str(c.address) for c, o in zip(plan.calls, outcomes, strict=True) if o.question}
        answers = (d for d in self.deeds if d.about in asked and d.what in ANSWERS.values())
        return RunInFull(
            run=found,
            plan=plan,
            report=Report(found.plan_id, run, outcomes, head=found.head_after),
            seconds=_seconds(record),
            lifted=tuple(record.lifted),
            before=tuple(late for one in record.before if (late := _late(self._records[one]))),
            late=_late(record),
            answers=tuple(d for d in answers if d.time >= found.began),
            kept=_kept(plan, record),
        )

    def _ended(self, record: _Record, event: Event) -> None:
        if event.content["status"] == SETTLED or record.taken_over is not None:
            record.late_end = event
            self._looked_up.append(event.run)
        else:
            record.end = event

    def _taken(self, target: str, who: Who) -> None:
        for record in self._records.values():
            if record.late_end is None and _open(record) and target in record.targets:
                record.taken_over = who

    def _noted(self, event: Event, content: Mapping[str, Json]) -> None:
        if event.run in self._records and "override" in content:
            lifted = Lifted(str(content["override"]), str(content.get("reason", "")))
            self._records[event.run].lifted.append(lifted)
        elif "answered" in content:
            remote_id, by = content["id"], Who.from_json(content["who"]).author
            what = ANSWERS[remote_id is not None]
            about, detail = str(content["answered"]), str(remote_id or "")
            self.deeds.append(Deed(event.time, what, about, by, detail, head=event.hash))
        elif "deed" in content:
            by, words = Who.from_json(content["who"]).author, {n: str(content.get(n) or "") for n in _WORDS}
            self.deeds.append(Deed(event.time, str(content["deed"]), author=by, head=event.hash, **words))


_WORDS = ("about", "detail", "reason", "override")


def _told(record: _Record, event: Event) -> None:
    if event.type == Type.INTENT:
        call = str(event.content["call"])
        record.outcomes.pop(call, None)
        record.sent[call] = None
        return
    outcome = outcome_from(event.content)
    record.outcomes[outcome.call] = outcome
    record.sent.pop(outcome.call, None)
    if record.taken_over is not None:
        record.late[outcome.call] = outcome


def _open(record: _Record) -> bool:
    """Whether the run itself never said how it ended, or left calls in doubt."""
    return record.end is None or record.end.content["status"] == IN_DOUBT


def _run(record: _Record) -> PastRun:
    content, end = record.start.content, record.late_end or record.end
    who = record.taken_over
    return PastRun(
        id=record.start.run,
        began=record.start.time,
        ended=record.end.time if record.end else "",
        author=Who.from_json(content["who"]).author,
        tool=str(content.get("tool", "")),
        commit=None if content.get("commit") is None else str(content["commit"]),
        plan_id=str(content["plan_id"]),
        targets=record.targets,
        status=str(end.content["status"]) if end else UNFINISHED,
        counts=Counter(o.end for o in record.outcomes.values()),
        open=len(record.sent),
        head_before=record.start.prev,
        head_after=end.hash if end else "",
        settled_by=who.author if who and record.late_end else None,
        lifted=tuple(record.lifted),
    )


def _outcome(call: Call, record: _Record) -> Outcome:
    """How a call of the plan ended, as far as the ledger was told: of what was held or not needed it is not."""
    found = record.outcomes.get(call.id)
    if found is not None:
        return found
    if call.id in record.sent:
        return Outcome(call.id, End.IN_DOUBT, "sent, and nobody wrote down what came of it")
    if call.held:
        return Outcome(call.id, End.HELD, ", ".join(call.held))
    if call.contingent:
        return Outcome(call.id, End.UNNEEDED)
    return Outcome(call.id, End.NOT_SENT, NEVER_CAME)


def _kept(plan: Plan, record: _Record) -> tuple[Kept, ...]:
    """What the run recorded of things that its plan has no call for."""
    told = ((a, record.kept.get(str(a.address))) for a in plan.actions if not a.calls)
    return tuple(_kept_of(a.address, str(a.verb), event) for a, event in told if event is not None)


def _kept_of(address: Address, verb: str, event: Event) -> Kept:
    content = event.content
    bond = content.get("bond")
    if isinstance(bond, dict):
        return Kept(address, verb, id=str(bond["id"]))
    return Kept(address, verb, why=str(content.get("why", "")))


def _late(record: _Record) -> Late | None:
    if record.late_end is None:
        return None
    ends = Counter(o.end for o in record.late.values())
    author: Author | None = record.taken_over.author if record.taken_over else None
    rest = sum(ends.values()) - ends[End.DONE] - ends[End.IN_DOUBT]
    return Late(record.start.run, record.late_end.time, author, ends[End.DONE], rest, ends[End.IN_DOUBT])


def _seconds(record: _Record) -> float | None:
    """How long the run took, by the wall clock of its machine; None where it has no end of its own."""
    if record.end is None:
        return None
    began, ended = (datetime.fromisoformat(e.time) for e in (record.start, record.end))
    return (ended - began).total_seconds()


def plan_of(start: Event) -> Plan:
    """The plan that a run was started with. Raises KeyError, TypeError or ValueError on another shape."""
    return kept_plan(unpacked(start.content["plan"]))
