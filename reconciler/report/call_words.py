"""What a call is for, when it is sent and when it is not, in words. What is returned is raw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from reconciler.model.plan import Call, On, Plan, Precondition, Role, Trigger
from reconciler.model.record import Record, field
from reconciler.report.late_words import sink_words

ROLES: Mapping[Role, str] = {
    Role.WRITE: "write",
    Role.FIND: "reading between the calls",
    Role.GATE: "check that changes nothing",
    Role.CONTINGENT: "contingent",
}


MANY = 33
"""From so many calls on their numbers are told in rows."""


class Book(Record, frozen=True):
    """The calls of a plan by their id, and what goes along in each request that carries others. `said`: sets of
    calls in words, each put into words once."""

    calls: Mapping[str, Call]
    riders: Mapping[str, tuple[Call, ...]]
    said: dict[frozenset[str], str] = field(default_factory=dict)

    def listed(self, ids: frozenset[str]) -> str:
        """As the function of this name."""
        if ids not in self.said:
            self.said[ids] = listed(ids)
        return self.said[ids]

    def requests(self) -> Iterable[Call]:
        """Every call that is a request of its own, in plan order."""
        return (c for c in self.calls.values() if c.carrier not in self.calls)


def booked(plan: Plan) -> Book:
    """The calls of a plan, ready to be looked up."""
    riders: dict[str, list[Call]] = {}
    for call in plan.calls:
        if call.carrier is not None:
            riders.setdefault(call.carrier, []).append(call)
    return Book({c.id: c for c in plan.calls}, {i: tuple(found) for i, found in riders.items()})


def purpose(call: Call, book: Book) -> str:
    """`write, for analytics/Label/draft: update Label Draft`; of a request that carries others how many."""
    summary = deed(call)
    carries = len(book.riders.get(call.id, ()))
    whom = f"carries {carries}" if carries else f"for {call.address}"
    if not carries and call.address.name.startswith("("):
        whom = ""  # serves a request that carries others, or all of a kind
    return ", ".join(word for word in (ROLES[call.role], whom) if word) + (f": {summary}" if summary else "")


def deed(call: Call) -> str:
    """The call's own sentence; when a contingent one is sent is told by its trigger."""
    conditional = call.trigger is not None and call.summary.startswith("if ") and ": " in call.summary
    return call.summary.split(": ", 1)[1] if conditional else call.summary


def conditions(call: Call, book: Book) -> list[str]:
    """What must have happened before the call, and how it is sent: `after 3, 5`, `read again afterwards`,
    `held: rule`."""
    carrier = book.calls.get(call.carrier or "")
    words = [triggered(call.trigger, book, carrier)] if call.trigger else []
    fellows = {r.id for r in book.riders.get(call.carrier or "", ())}
    words += _edges(call, fellows, book)
    words += _manners(call, book, carrier)
    return words + [f"held: {rule}" for rule in call.held]


def _edges(call: Call, fellows: set[str], book: Book) -> list[str]:
    """What it follows; those that go along in the same request go in their order anyway."""
    before = {call.trigger.refused, call.trigger.chain} if call.trigger else set()
    words = [f"after {listed(after)}"] if (after := call.after - fellows - before) else []
    waits, ended = (ids - fellows if fellows else ids for ids in (call.waits, call.follows))
    words += [f"not if one of {book.listed(waits)} fails"] if waits else []
    return words + ([f"once {book.listed(ended)} {'have' if len(ended) > 1 else 'has'} ended"] if ended else [])


def _manners(call: Call, book: Book, carrier: Call | None) -> list[str]:
    carries = book.riders.get(call.id, ())
    words = [f"{call.requests} requests"] if call.requests > 1 else []
    words += [f"body as {call.media}"] if call.media != "json" and call.sent else []
    words += ["goes with all that it carries, or not at all"] if call.whole and carries else []
    words += ["what follows goes only if the answer is as planned"] if call.gate or call.role is Role.GATE else []
    words += [f"sends {', '.join(call.clobbers)} along as read"] if call.clobbers else []
    words += ["sent once whatever the answer"] if not call.repeat else []
    words += ["if refused, live is asked whether it is so already"] if call.looks else []
    words += [sink_words(call.sink)] if call.sink else []
    words += [f"uses up once.{token}: {value}" for token, value in call.once.items()]
    return words + _proof(call, book, carrier)


def _proof(call: Call, book: Book, carrier: Call | None) -> list[str]:
    """Whether its effect is read again; where that is so of all that go along, their request says it."""
    riders = book.riders.get(call.id, ())
    if riders and all(r.verify for r in riders):
        return ["each read again afterwards"]
    told = carrier is not None and all(r.verify for r in book.riders.get(carrier.id, ()))
    return ["read again afterwards"] if call.verify and not told else []


def triggered(trigger: Trigger, book: Book, carrier: Call | None = None) -> str:
    """When a contingent call is sent, as one condition. `carrier`: what it goes along in, whose own condition is
    not said again."""
    inside = "something in " if book.riders.get(trigger.refused) else ""
    when = {
        On.REFUSED: f"call {trigger.refused} is refused (4xx)",
        On.CODE: f"call {trigger.refused} is refused with the code {trigger.code}",
        On.ASTRAY: f"call {trigger.refused} is refused (4xx), or lacks something that it names (404)",
        On.UNKNOWN: f"call {trigger.refused} works but its answer names no id",
        On.UNDONE: f"{inside}call {trigger.refused} has not worked",
        On.UNLIKE: f"call {trigger.refused} shows it otherwise",
    }
    chain = trigger.chain
    if carrier is not None and carrier.trigger is not None and carrier.trigger.chain == chain:
        chain = None
    then = f" and call {chain} has worked" if chain else ""
    return f"sent only if {when[trigger.on]}{then}"


def asked_in(one: Precondition, others: Sequence[Precondition], book: Book) -> str:
    """How many requests a precondition takes; `with Kind` where it needs none but those counted at that kind."""
    if one.requests:
        return str(one.requests)
    own = _carriers(one, book)
    whose = [p for p in others if p.requests and p.demand.target == one.demand.target and own & _carriers(p, book)]
    return f"with {whose[0].demand.kind}" if whose else "no request of its own"


def _carriers(one: Precondition, book: Book) -> set[str]:
    """The kinds in whose requests go the calls that it guards."""
    calls = [book.calls[i] for check in one.checks for i in check.calls if i in book.calls]
    return {(book.calls.get(c.carrier or "") or c).kind for c in calls}


def listed(ids: Iterable[str]) -> str:
    """Call ids in the order of the plan; of many, those that follow one another as `3 to 8`."""
    found = sorted(ids, key=lambda i: (int(i) if i.isdigit() else 0, i))
    return ", ".join(found if len(found) < MANY or not all(map(str.isdigit, found)) else _in_rows(found))


def _in_rows(ids: Sequence[str]) -> Iterator[str]:
    """Numbers without a gap between them in one word; two of them are two words."""
    numbers = [int(i) for i in ids]
    breaks = [n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1] + 1]
    for start, end in pairwise((0, *breaks, len(numbers))):
        row = ids[start:end]
        yield f"{row[0]} to {row[-1]}" if len(row) > 2 else ", ".join(row)
