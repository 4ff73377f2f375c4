"""Which call of which plan a request was: by method, path, query and body, as the plan shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.ledger.event import Type
from reconciler.model.call import quoted
from reconciler.model.json import Json
from reconciler.model.plan import Call
from tests.simulation.trace import Append, Exchange, Run, Trace


@dataclass(frozen=True, slots=True)
class Written:
    """A request that the server took for a write. `calls`: those of the plan at work that it may have been."""

    exchange: Exchange
    run: Run
    calls: tuple[Call, ...]


@dataclass
class Matched:
    """A history, with every write matched."""

    trace: Trace
    _patterns: dict[int, list[tuple[Call, re.Pattern[str]]]] = field(default_factory=dict)

    @cached_property
    def runs(self) -> dict[int, Run]:
        """By the number of its process: each runs one command."""
        return {run.process.number: run for run in self.trace.runs}

    @cached_property
    def writes(self) -> list[Written]:
        return [Written(e, self.run(e), self.calls(e)) for e in self.trace.exchanges if e.write]

    def run(self, one: Exchange) -> Run:
        return self.runs[one.process.number]

    def calls(self, one: Exchange) -> tuple[Call, ...]:
        """Those of the plan at work that a request may be, also one that was lost on its way."""
        return tuple(self._calls(self.run(one), one))

    @cached_property
    def outcomes(self) -> dict[int, list[tuple[int, str, str]]]:
        """Process -> the outcomes of its own run: step, call, end."""
        found: dict[int, list[tuple[int, str, str]]] = {}
        for append in self.trace.appends:
            if append.event.type == Type.OUTCOME and append.event.run == self._own.get(append.process.number):
                content = append.event.content
                outcome = (append.step, str(content["call"]), str(content["end"]))
                found.setdefault(append.process.number, []).append(outcome)
        return found

    @cached_property
    def _own(self) -> dict[int, str]:
        started: Iterator[Append] = (a for a in self.trace.appends if a.event.type == Type.RUN_STARTED)
        return {a.process.number: a.event.run for a in started}

    def ends(self, number: int, step: int) -> dict[str, str]:
        """Call -> its end, as the ledger had it of this process's run before a step."""
        return {call: end for at, call, end in self.outcomes.get(number, ()) if at < step}

    def _calls(self, run: Run, one: Exchange) -> Iterator[Call]:
        if run.plan is None:
            return
        number = run.process.number
        if number not in self._patterns:
            self._patterns[number] = [(c, pattern(c)) for c in run.plan.calls if c.sent]
        body = _body(one)
        for call, said in self._patterns[number]:
            alike = call.target == one.target and said.fullmatch(one.call) is not None
            if alike and (body is None or fits(call.body, body[0])):
                yield call


def amiss(one: Exchange) -> bool:
    """Whether a request has not simply worked."""
    return one.fate != "well" or one.status is None or one.status >= 400


def pattern(call: Call) -> re.Pattern[str]:
    """Method, path and query; what the plan could not know yet may be anything."""
    path = re.escape(call.path)
    for name, value in call.args.items():
        path = path.replace(re.escape("{" + name + "}"), _text(value, "[^/?]+"))
    query = "&".join(f"{re.escape(quoted(k))}={_text(v, '[^&]*')}" for k, v in call.query.items())
    return re.compile(f"{call.method} {path}" + (rf"\?{query}" if query else ""))


def _text(value: Json, unknown: str) -> str:
    return unknown if isinstance(value, dict) else re.escape(quoted(str(value)))


def fits(planned: object, sent: object) -> bool:
    """Whether a body is the planned one, with anything in the place of what was not known."""
    if isinstance(planned, Mapping):
        if any(str(k).startswith("$") for k in planned):
            return True
        if not isinstance(sent, Mapping) or planned.keys() != sent.keys():
            return False
        return all(fits(v, sent[k]) for k, v in planned.items())
    if isinstance(planned, Sequence) and not isinstance(planned, str):
        if any(isinstance(p, Mapping) and "$riders" in p for p in planned):
            return True
        if not isinstance(sent, Sequence) or isinstance(sent, str) or len(planned) != len(sent):
            return False
        return all(map(fits, planned, sent))
    return planned == sent and isinstance(planned, bool) == isinstance(sent, bool)


def _body(one: Exchange) -> tuple[object] | None:
    """The JSON of a body; None where it is in another notation, which the provider's codec has made."""
    if "json" not in one.headers.get("Content-Type", "json"):
        return None
    return (json.loads(one.content),) if one.content else (None,)
