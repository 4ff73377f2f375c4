"""The fold that knows who may write to a target: leases with a holder, an expiry and a number. Pure but for the
one question whether a process of this host still lives."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from reconciler.ledger.event import Event, Type, timestamp
from reconciler.ledger.who import Who, certainly_gone
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json, JsonObject
from reconciler.model.record import Record, replace

LEASE_SECONDS: Final = 60.0


class Tenure(Record, frozen=True):
    """The newest lease of a target. `since` and `expires` are seconds since 1970."""

    number: int
    who: Who
    since: float
    expires: float
    returned: bool = False


class Leases:
    def __init__(self) -> None:
        self.current: dict[str, Tenure] = {}
        self.ended: dict[str, tuple[int, str]] = {}  # target -> the number of a lease that a person ended, and who

    def take(self, event: Event) -> None:
        """Raises KeyError, TypeError or ValueError for a body of another shape."""
        if event.type not in (Type.LEASE_TAKEN, Type.LEASE_RENEWED, Type.LEASE_RETURNED):
            return
        content, target = event.content, event.target
        number = content["number"]
        if not isinstance(number, int):
            raise TypeError("a lease without a number")
        if event.type == Type.LEASE_TAKEN:
            who, expires = Who.from_json(content["who"]), _moment(content["expires"])
            self.current[target] = Tenure(number, who, _moment(event.time), expires)
        elif event.type == Type.LEASE_RENEWED:
            self.current[target] = replace(self.current[target], expires=_moment(content["expires"]))
        else:
            self.current[target] = replace(self.current[target], returned=True)
            if "by" in content:
                self.ended[target] = number, f"{Who.from_json(content['by']).author}: {content['reason']}"

    def next_number(self, target: str, here: Who, now: float) -> int:
        """The number a new holder gets. Raises GuardRefused while somebody else may still be writing."""
        tenure = self.current.get(target)
        if tenure is None:
            return 1
        gone = tenure.who != here and certainly_gone(tenure.who, here)
        if tenure.returned or now >= tenure.expires or gone:
            return tenure.number + 1
        holder = "this very process" if tenure.who == here else str(tenure.who)
        raise GuardRefused(
            f"{target}: {holder} is applying since {timestamp(tenure.since)}; "
            f"its lease (number {tenure.number}) expires at {timestamp(tenure.expires)} unless it is renewed",
            hint="wait until that run has ended; the lease of a process that died ends by itself",
        )

    def valid(self, target: str, number: int, now: float) -> bool:
        """Whether the lease with this number still is the newest, neither returned nor expired."""
        tenure = self.current.get(target)
        return tenure is not None and tenure.number == number and not tenure.returned and now < tenure.expires

    def lost(self, target: str, number: int) -> str:
        """Why the lease with this number counts no more: a person has ended it, another run has it, or its time
        ran out."""
        tenure, ended = self.current.get(target), self.ended.get(target)
        if ended is not None and ended[0] == number:
            return f"was ended by {ended[1]}"
        if tenure is not None and tenure.number != number:
            return "is lost: another run has taken over"
        return "has run out"

    def due(self, target: str, now: float) -> bool:
        """Whether it is time to renew: half has gone by, or the clock was set back since."""
        return not LEASE_SECONDS / 2 < self.current[target].expires - now <= LEASE_SECONDS


def terms(number: int, who: Who, now: float) -> JsonObject:
    """The body of a taken lease."""
    return {**renewal(number, now), "who": who.to_json()}


def renewal(number: int, now: float) -> JsonObject:
    """The body of a renewed lease."""
    return {"number": number, "expires": timestamp(now + LEASE_SECONDS)}


def _moment(value: Json) -> float:
    return datetime.fromisoformat(str(value)).timestamp()
