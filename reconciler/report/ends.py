"""What became of a run: counts, what is left, and what to do next. Counts come from outcomes, not the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.change import Hold
from reconciler.model.document import Address
from reconciler.model.json import canonical
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.plan import Action, Call, Plan, Role
from reconciler.model.record import Record, replace

UNSETTLED = (End.IN_DOUBT, End.FAILED, End.STALE, End.BLOCKED, End.NOT_SENT, End.HELD)
"""The ends a person has to know of, the gravest first."""

WORDS: Mapping[End, str] = {
    End.IN_DOUBT: "In doubt: nobody knows whether they happened",
    End.FAILED: "Failed",
    End.STALE: "Stale: live is not what the plan saw, so nothing was sent",
    End.BLOCKED: "Blocked: what they need did not come about",
    End.NOT_SENT: "Not sent",
    End.HELD: "Held",
    End.DONE: "Done",
}

IN_DOUBT = "in-doubt"
"""The rule that holds what only a person can tell about."""
QUESTIONS = "Questions that only a person can answer"
OUTPUTS = "What people need next"


class Ended(Record, frozen=True):
    """A call of the plan, its action, and how it ended. `carrier`: the request it went along in, if it was none
    of its own. `again`: what became of its repair, which did not work either. `fellows`: the other calls of its
    thing, where one stands for all."""

    call: Call
    action: Action | None
    outcome: Outcome
    carrier: Call | None = None
    again: Outcome | None = None
    fellows: tuple[str, ...] = ()


def ended(report: Report, plan: Plan, *ends: End) -> list[Ended]:
    """The calls that ended so, in the order of the plan."""
    outcomes = {o.call: o for o in report.outcomes if o.end in ends}
    actions = {a.address: a for a in plan.actions}
    calls = {c.id: c for c in plan.calls}
    again = dict(_in_vain(report, plan))
    return [
        Ended(c, actions.get(c.address), outcomes[c.id], calls.get(c.carrier or ""), again.get(c.id))
        for c in plan.calls
        if c.id in outcomes
    ]


def _in_vain(report: Report, plan: Plan) -> Iterator[tuple[str, Outcome]]:
    """Calls that failed, with the end of their repair, which did not work either."""
    outcomes = {o.call: o for o in report.outcomes}
    for call in plan.calls:
        own, first = outcomes.get(call.id), outcomes.get(call.trigger.refused) if call.trigger else None
        if call.carrier is None or own is None or first is None or first.end is not End.FAILED:
            continue
        if own.end in (End.FAILED, End.BLOCKED, End.NOT_SENT):
            yield first.call, own


def things(report: Report, plan: Plan, *ends: End) -> list[Ended]:
    """Those of them that are about a thing: each that went along in a request counts, and that request not."""
    left_out = _unspoken(report, plan)
    return [e for e in ended(report, plan, *ends) if e.call.id not in left_out]


def _unspoken(report: Report, plan: Plan) -> set[str]:
    """Calls whose end is told by others: requests that carry others, readings and checks that did their work or
    wait with what they are for, what did the work of another call, which therefore counts as done, what would do
    it for a call that is held, and what tried to in vain."""
    done = {o.call for o in report.outcomes if o.end is End.DONE}
    held = {o.call for o in report.outcomes if o.end is End.HELD}
    carriers = {c.carrier for c in plan.calls if c.carrier is not None}
    looked = {c.id for c in plan.calls if c.role in (Role.FIND, Role.GATE)}
    instead = {c.id for c in plan.calls if c.trigger is not None and c.trigger.refused in done}
    only_then = {c.id for c in plan.calls if c.contingent}
    unneeded = ((looked | instead) & done) | ((looked | only_then) & held)
    return carriers | unneeded | {o.call for _, o in _in_vain(report, plan)}


def counted(report: Report, plan: Plan) -> Counter[End]:
    """How many things ended in which way; of what is held each counts once, however many calls that are its own
    wait with it."""
    left_out = _unspoken(report, plan)
    found = Counter(o.end for o in report.outcomes if o.call not in left_out)
    if found[End.HELD]:
        found[End.HELD] = how_many(End.HELD, things(report, plan, End.HELD), [])
    return found


def how_many(end: End, found: Sequence[Ended], without_calls: Sequence[Stuck]) -> int:
    """How many of them a title counts: calls, but of what is held the things."""
    if end is not End.HELD:
        return len(found) + len(without_calls)
    return len({e.call.address for e in found} | {s.action.address for s in without_calls})


def each_once(found: Sequence[Ended]) -> list[Ended]:
    """Of what is held each thing once: its first call, with the rules that hold any of its calls."""
    own: dict[Address, list[Ended]] = {}
    for one in found:
        own.setdefault(one.call.address, []).append(one)
    return [_for_all(calls) for calls in own.values()]


def _for_all(calls: Sequence[Ended]) -> Ended:
    first, *others = calls
    held = tuple(dict.fromkeys(rule for one in calls for rule in one.call.held))
    return replace(first, call=replace(first.call, held=held), fellows=tuple(one.call.id for one in others))


class Stuck(Record, frozen=True):
    """An action, and those of its holds that no call stands for: nothing in the outcomes tells of them."""

    action: Action
    holds: tuple[Hold, ...]


def stuck(plan: Plan) -> list[Stuck]:
    """What is held so firmly that there is no call to hold, in the order of the plan."""
    held = {(c.address, rule) for c in plan.calls for rule in c.held}
    found = [
        Stuck(a, tuple(h for h in a.holds if (a.address, h.rule) not in held)) for a in plan.actions if a.holds
    ]
    return [one for one in found if one.holds]


def own_holds(one: Ended) -> tuple[Hold, ...]:
    """The holds of its action that kept this call back; none where it only depends on another."""
    if one.outcome.end is not End.HELD or one.action is None:
        return ()
    return tuple(h for h in one.action.holds if h.rule in one.call.held)


def together(found: list[Ended]) -> list[list[Ended]]:
    """Those that went along in one request and came to the same end for the same reason, in one group."""
    groups: dict[tuple[str, ...], list[Ended]] = {}
    for one in found:
        o = one.outcome
        own = one.carrier is None or own_holds(one)
        words = (o.end, str(o.status), o.message, o.code, one.again.message if one.again else "", *one.call.held)
        groups.setdefault((one.call.id,) if own else ("in", str(one.call.carrier), *words), []).append(one)
    return list(groups.values())


def named_by_kind(group: Sequence[Ended]) -> dict[str, list[str]]:
    """`target/Kind` -> names, each once: one request may carry several kinds, and several calls of a thing."""
    found: dict[str, dict[str, None]] = {}
    for one in group:
        at = one.call.address
        found.setdefault(f"{at.target}/{at.kind}", {})[at.name] = None
    return {kind: [*names] for kind, names in found.items()}


def questions(report: Report, plan: Plan) -> list[Ended]:
    """What a person has to answer, once per address, in the order of the plan."""
    asked = {(e.call.address, e.outcome.question): e for e in reversed(ended(report, plan, *End))}
    return [one for (_, question), one in reversed(asked.items()) if question]


def clauses(question: str) -> list[str]:
    """A question and its answers, one line each, cut where a clause ends outside backticks. Raw."""
    return [clause[:1].upper() + clause[1:] for clause in _clauses(question) if clause]


def _clauses(text: str) -> Iterator[str]:
    start, quoted = 0, False
    for at, character in enumerate(text):
        quoted ^= character == "`"
        if not quoted and character in ";?" and text[at + 1 : at + 2] == " ":
            yield text[start : at + (character == "?")].strip()
            start = at + 1
    yield text[start:].strip()


def outputs(report: Report, plan: Plan) -> list[tuple[str, dict[str, str]]]:
    """(address, field -> value) of everything that was made and told people what they need next."""
    calls = {c.id: c for c in plan.calls}
    found = [(str(calls[o.call].address), o.result.get(Fact.OUTPUT)) for o in report.outcomes if o.call in calls]
    return [
        (at, {name: value if isinstance(value, str) else canonical(value) for name, value in told.items()})
        for at, told in found
        if isinstance(told, dict)
    ]


def tally(report: Report, plan: Plan) -> str:
    """`10 done, 1 failed, 1 held`: things, whether a request of their own served them or one of many; held counts
    changes too that have no calls because they are held."""
    counts = counted(report, plan)
    counts[End.HELD] = how_many(End.HELD, things(report, plan, End.HELD), stuck(plan))
    words = [f"{counts[end]} {end}" for end in (End.DONE, *UNSETTLED) if counts[end]]
    if asked := len(questions(report, plan)):
        words.append(f"{asked} question{'s' if asked > 1 else ''}")
    return ", ".join(words) or "0 calls"


def spent(report: Report) -> str:
    """`sent: preconditions 10  calls 9  verify 7  took 2.1 s`; a request repeated after a fault counts once."""
    groups = "  ".join(f"{group} {len(lines)}" for group, lines in report.requests.items() if lines)
    return f"sent: {groups or 'nothing'}  took {report.seconds:.1f} s"


def remembered(plan: Plan) -> list[str]:
    """The names of the things that the ledger now remembers anew or no more, without any call."""
    quiet = (a for a in plan.actions if not a.calls and not a.holds)
    return [a.address.name for a in quiet if a.verb in ("adopt", "move", "release")]


PATIENCE = (408, 429)
"""Refusals of the moment: nothing is to be mended."""


def _mending(report: Report, plan: Plan) -> str:
    """What has to happen first where the API said no: sent again as it stands, it would be refused again."""
    statuses = (one.outcome.status for one in things(report, plan, End.FAILED))
    refused = (400 <= status < 500 and status not in PATIENCE for status in statuses)
    return "once what was refused is mended: " if any(refused) else ""


def advice(report: Report, plan: Plan, apply: str) -> list[tuple[str, str]]:
    """Commands to go on with and what each does, gravest first; `apply` is the one that continues. Empty: nothing
    is left to do."""
    found = []
    waiting = any(h.rule == IN_DOUBT for s in stuck(plan) for h in s.holds)
    if (
        waiting
        or any(IN_DOUBT in c.held for c in plan.calls)
        or any(Fact.DOUBT in o.result for o in report.outcomes)
    ):
        found.append(("reconciler resume", "asks what only a person can tell"))
    if any(o.end is End.IN_DOUBT and Fact.DOUBT not in o.result for o in report.outcomes):
        found.append((apply, "looks first whether the calls in doubt happened, then goes on"))
    elif report.count(End.FAILED, End.BLOCKED, End.STALE, End.NOT_SENT):
        found.append((apply, _mending(report, plan) + "plans anew what is left; what is done is not sent again"))
    elif any(Fact.LOST in o.result for o in report.outcomes):
        found.append((apply, "after the token that is asked for stands in the manifest"))
    if report.count(End.HELD) or stuck(plan):
        found.append(("reconciler plan", "says what holds the held changes, and each way out"))
    return found
