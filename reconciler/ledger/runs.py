"""The fold that knows which runs ended, and what those that did not end have sent."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.ledger.event import Event, Type
from reconciler.ledger.packed import unpacked
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import IN_DOUBT, NOTHING_SENT, SETTLED, End, Outcome, Unfinished
from reconciler.model.record import Record, field

DONE = "done"
"""The status of a run that did all it was to do: after it, its targets have a known past."""


class _Open(Record):
    """A run without an end. Plans may be large: they are parsed only when somebody asks."""

    start: Event
    since: list[Event] = field(default_factory=list)


class Runs:
    """`applied`: ids of plans whose run was finished, not merely settled. `completed`: targets of runs that
    finished as `done`."""

    def __init__(self) -> None:
        self.applied: set[str] = set()
        self.completed: set[str] = set()
        self.closed: set[str] = set()
        self._open: dict[str, _Open] = {}

    def take(self, event: Event) -> None:
        """Raises KeyError, TypeError or ValueError for a body of another shape."""
        if event.type == Type.RUN_STARTED:
            self._open[event.run] = _Open(event)
        elif event.type == Type.RUN_FINISHED:
            content = event.content
            if content["status"] != IN_DOUBT:
                self._open.pop(event.run, None)
                self.closed.add(event.run)
            if content["status"] not in (SETTLED, NOTHING_SENT):
                self.applied.add(str(content["plan_id"]))
            if content["status"] == DONE:
                self.completed.update(texts(content["targets"]))
        elif event.run in self._open:
            self._open[event.run].since.append(event)

    def opening(self, run: str) -> JsonObject:
        """What an open run was started with. Raises ValueError for a run that is not open."""
        if run not in self._open:
            raise ValueError(f"{run} is not an open run")
        return self._open[run].start.content

    def unfinished(self, targets: tuple[str, ...]) -> tuple[Unfinished, ...]:
        """Open runs, and those that left calls in doubt, that touch one of these targets, oldest first."""
        found = ((run, o, o.start.content) for run, o in self._open.items())
        return tuple(_told(run, o, c) for run, o, c in found if not set(targets).isdisjoint(texts(c["targets"])))


def _told(run: str, open_run: _Open, content: JsonObject) -> Unfinished:
    sent: dict[str, None] = {}
    outcomes: dict[str, Outcome] = {}
    recorded: set[Address] = set()
    for event in open_run.since:
        if event.type == Type.INTENT:
            call = str(event.content["call"])
            outcomes.pop(call, None)  # sent again: how it ended the first time is no longer the answer
            sent[call] = None
        elif event.type == Type.OUTCOME:
            outcome = outcome_from(event.content)
            outcomes[outcome.call] = outcome
            sent.pop(outcome.call, None)
            if outcome.open:
                sent[outcome.call] = None
        elif event.type in (Type.BIND, Type.RELEASE):
            recorded.add(Address.parse(event.address))
    return Unfinished(run, unpacked(content["plan"]), tuple(sent), outcomes, frozenset(recorded))


def outcome_json(outcome: Outcome) -> JsonObject:
    return {
        "call": outcome.call,
        "end": outcome.end,
        "message": outcome.message,
        "status": outcome.status,
        "result": dict(outcome.result),
        "settled": outcome.settled,
        "code": outcome.code,
        "question": outcome.question,
    }


def outcome_from(value: Mapping[str, Json]) -> Outcome:
    """The inverse of `outcome_json`; what an older version did not write is empty. Raises KeyError, TypeError or
    ValueError on another shape."""
    status, result = value["status"], value["result"]
    if not isinstance(status, int) or not isinstance(result, dict):
        raise TypeError("not an outcome")
    message, settled = str(value["message"]), bool(value["settled"])
    code, question = str(value.get("code", "")), str(value.get("question", ""))
    return Outcome(str(value["call"]), End(str(value["end"])), message, status, result, settled, code, question)


def texts(value: Json) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("expected a list")
    return [str(v) for v in value]
