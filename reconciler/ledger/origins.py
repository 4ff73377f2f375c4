"""The fold that knows since when an address leads to its thing, and what happened to it on the way. Pure."""

from __future__ import annotations

from reconciler.ledger.bonds import Bonds
from reconciler.ledger.event import Event, Type
from reconciler.ledger.past import plan_of
from reconciler.ledger.who import Who
from reconciler.model.document import Address
from reconciler.model.json import JsonObject
from reconciler.model.outcome import End, Fact
from reconciler.model.past import Author, Touch
from reconciler.model.plan import Plan
from reconciler.model.record import Record


class _Seen(Record, frozen=True):
    """An event about an address. `known`: it led to the same thing before. `person`: who said it, outside any
    run."""

    event: Event
    known: bool
    person: Author | None


class Origins:
    """What happened to every address. What a thing went through under another address goes along with it."""

    def __init__(self) -> None:
        self._bonds = Bonds()
        self._since: dict[Address, _Seen] = {}
        self._seen: dict[Address, list[_Seen]] = {}
        self._starts: dict[str, Event] = {}
        self._plans: dict[str, Plan] = {}
        self._person: Author | None = None
        self._left: dict[Address, Address] = {}

    def take(self, event: Event) -> None:
        """Raises KeyError, TypeError or ValueError for a body of another shape."""
        if event.type == Type.RUN_STARTED:
            self._starts[event.run] = event
        elif event.type == Type.NOTE and not event.run and "who" in event.content:
            self._person = Who.from_json(event.content["who"]).author  # the note stands before what it is about
        if event.type in (Type.BIND, Type.RELEASE, Type.OUTCOME):
            self._told(event, Address.parse(event.address))
        else:
            self._bonds.take(event)

    def since(self, address: Address) -> Touch | None:
        """Since when it leads to the thing it leads to now; None where it leads to nothing. Without words."""
        seen = self._since.get(address)
        return Touch(seen.event.time, seen.event.run, "", self._author(seen)) if seen else None

    def touches(self, address: Address) -> tuple[Touch, ...]:
        """Everything told of it, oldest first. Raises KeyError, TypeError or ValueError where a plan cannot be
        read."""
        found = (
            Touch(s.event.time, s.event.run, self._words(s), self._author(s)) for s in self._seen.get(address, ())
        )
        return tuple(touch for touch in found if touch.what)

    def known(self) -> list[Address]:
        """Every address that anything was ever told of."""
        return sorted({*self._seen, *self._left})

    def now(self, address: Address) -> Address | None:
        """The address that its thing has moved to; None where it has not moved, or leads to something again."""
        found, met = self._left.get(address), {address}
        while found is not None and found in self._left and found not in met:
            met.add(found)
            found = self._left[found]
        return found

    def _told(self, event: Event, address: Address) -> None:
        before = self._bonds.current.get(address)
        self._bonds.take(event)
        now = self._bonds.current.get(address)
        if (previous := _previous(event)) is not None:
            self._moved(previous, address)
        known = before is not None and now is not None and before.id == now.id
        seen = _Seen(event, known, None if event.run else self._person)
        self._seen.setdefault(address, []).append(seen)
        if now is not None:
            self._left.pop(address, None)
        if now is None:
            self._since.pop(address, None)
        elif not known and not (previous and address in self._since):
            self._since[address] = seen

    def _moved(self, old: Address, new: Address) -> None:
        """Where two addresses swap, each keeps what the other has not taken yet."""
        if old in self._since:
            self._since[new] = self._since.pop(old)
        self._seen[new] = self._seen.pop(old, []) + self._seen.get(new, [])
        self._left[old] = new

    def _author(self, seen: _Seen) -> Author | None:
        start = self._starts.get(seen.event.run)
        return Who.from_json(start.content["who"]).author if start else seen.person

    def _words(self, seen: _Seen) -> str:
        event, content = seen.event, seen.event.content
        if event.type == Type.OUTCOME:
            return self._of_call(event.run, content)
        if event.type == Type.RELEASE:
            return f"no longer ours: {content.get('why', '')}"
        if (previous := _previous(event)) is not None:
            return f"moved here from {previous}"
        bond = content["bond"]
        if not isinstance(bond, dict):
            raise TypeError("not a bond")
        made = "made by us" if bond.get("made") else "adopted"
        return "" if seen.known else f"{made}, id {bond['id']}"  # else what its calls did says more

    def _of_call(self, run: str, content: JsonObject) -> str:
        """What a call did, in the words of its plan."""
        if run not in self._plans and run in self._starts:
            self._plans[run] = plan_of(self._starts[run])
        plan, name, told = self._plans.get(run), content["call"], content["result"]
        call = next((c for c in plan.calls if c.id == name), None) if plan else None
        made = told.get(Fact.ID) if isinstance(told, dict) and content["end"] == End.DONE else None
        words = (call.summary or call.line) if call else f"call {name}"
        return f"{words}: {content['end']}" + ("" if made is None else f", id {made}")


def _previous(event: Event) -> Address | None:
    """The address that a bound thing leaves."""
    found = event.content.get("previous") if event.type == Type.BIND else None
    return Address.parse(found) if isinstance(found, str) else None
