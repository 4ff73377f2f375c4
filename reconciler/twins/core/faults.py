"""Faults: what may go wrong between a client and an API, as data that can be armed one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import cast

from reconciler.twins.core.rules import Counted, Rule
from reconciler.twins.core.state import State
from reconciler.twins.core.values import Answer, Json

MIB = 1024 * 1024


class Act(StrEnum):
    """What the client gets to see."""

    STATUS = "status"
    """The API's own error body with `status` (500, 502, 503 …)."""
    THROTTLE = "throttle"
    """429 with the `Retry-After` header as given in `retry_after`; without the header if that is None."""
    DROP = "drop"
    """The connection ends, not one byte is answered."""
    CUT = "cut"
    """The connection ends half-way through the body; where there is none, as DROP."""
    SLOW = "slow"
    """The right answer, `seconds` late."""
    HTML = "html"
    """200 and a page of HTML, as a captive portal answers."""
    TRUNCATED = "truncated"
    """A complete HTTP answer whose body stops half-way."""
    WRONG_TYPE = "wrong_type"
    """The right body under `Content-Type: text/plain`."""
    REDIRECT = "redirect"
    """`status` (307 unless a 3xx is given) to `location`, on another host."""
    REPEAT_PAGE = "repeat_page"
    """The first page of a list, again and again, always with the same next cursor."""
    SHORT_PAGE = "short_page"
    """A list that omits its last `omit` records and claims to be complete."""
    HUGE = "huge"
    """200 and a body of `size` bytes, streamed without a length."""
    DEEP = "deep"
    """200 and a body nested `depth` levels deep."""
    DEAF = "deaf"
    """The connection ends as the request comes in, before its body is read."""
    HALF_HEAD = "half_head"
    """The connection ends in the middle of the answer's headers."""
    HANG_UP = "hang_up"
    """The right answer, and then the connection is reset."""
    DRIP = "drip"
    """The right answer, byte after byte, with a pause of `seconds` before each."""
    STALL = "stall"
    """Half of the right answer, and then nothing more for `seconds`."""
    BOMB = "bomb"
    """200 and a body of `size` bytes that arrives as a few, compressed with gzip."""
    EMPTY = "empty"
    """200 without a body."""
    SAYS_NO = "says_no"
    """200 with the API's own error body for `status`."""
    NAMELESS = "nameless"
    """The right answer without its `id`."""
    CHARSET = "charset"
    """The right body in UTF-16, and a Content-Type that says so."""
    TOO_LONG = "too_long"
    """A Content-Length of more bytes than there are; then the connection is closed in good order."""
    TOO_SHORT = "too_short"
    """A Content-Length of half the body; the other half follows on the same connection."""
    ANOTHER = "another"
    """The right answer, and behind it a second one that nobody asked for: 200 with `{}`."""
    ODD = "odd"
    """The right answer under `status`, a number that may mean nothing (299, 600) or no end (101)."""
    INFORM = "inform"
    """The right answer after two informational ones (103, 102)."""
    HEADERS = "headers"
    """The right answer with `size` bytes of headers, a hundred to each."""
    TWICE = "twice"
    """A list that shows each of its records twice."""
    STALE = "stale"
    """A reading of the world as it was when this fault was armed."""


# The request has reached the API and takes effect before the client sees the fault; elsewhere it never gets there.
AFTER_EFFECT = frozenset(Act) - {
    Act.STATUS,
    Act.THROTTLE,
    Act.DROP,
    Act.HTML,
    Act.REDIRECT,
    Act.DEAF,
    Act.HALF_HEAD,
    Act.EMPTY,
    Act.SAYS_NO,
    Act.BOMB,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, and the requests it is for (see Rule: `method`, `path`, `nth`, `times`, `writes`, `reads`).

    `effect` says whether the request takes effect before the fault: Fault("status") is a 500 before anything
    happened, Fault("status", effect=True) one after the commit; Fault("drop", effect=True) is a lost answer.
    Left out, it is what the act usually means (AFTER_EFFECT). Raises ValueError for an act that is none.
    """

    act: str
    method: str = ""
    path: str = ""
    nth: int = 1
    times: int | None = 1
    writes: bool = False
    reads: bool = False
    effect: bool | None = None
    status: int = 500
    text: str = ""
    seconds: float = 0.0
    retry_after: str | None = None
    location: str = "http://elsewhere.example.com/"
    size: int = 64 * MIB
    depth: int = 100_000
    omit: int = 1

    def __post_init__(self) -> None:
        if self.act not in tuple(Act):
            raise ValueError(f"no fault {self.act!r}; there are {', '.join(Act)}")
        Rule(self.method, self.path, self.nth, self.times, self.writes, self.reads)

    @property
    def rule(self) -> Rule:
        return Rule(self.method, self.path, self.nth, self.times, self.writes, self.reads)

    @property
    def after_effect(self) -> bool:
        return self.act in AFTER_EFFECT if self.effect is None else self.effect

    @classmethod
    def from_json(cls, value: Json) -> Fault:
        """A fault as the control route takes it: an object with these field names. Raises ValueError."""
        if not isinstance(value, Mapping) or not isinstance(value.get("act"), str):
            raise ValueError("a fault is an object with an 'act'")  # noqa: TRY004 - one error for bad input
        for name, given in value.items():
            if name not in _ACCEPTED:
                raise ValueError(f"a fault has no {name!r}; there are {', '.join(_ACCEPTED)}")
            if type(given) not in _ACCEPTED[name]:
                raise ValueError(f"{name}: {given!r} is of the wrong type")
        return cls(**cast("dict[str, object]", value))  # type: ignore[arg-type]


_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (float, int),
    "int | None": (int, type(None)),
    "bool | None": (bool, type(None)),
    "str | None": (str, type(None)),
}
_ACCEPTED = {field.name: _TYPES[str(field.type)] for field in fields(Fault)}


@dataclass(slots=True)
class Armed:
    """A fault at work. `first` keeps the page that REPEAT_PAGE repeats, `world` what STALE shows."""

    fault: Fault
    counted: Counted
    first: Answer | None = None
    world: State | None = None


class Faults:
    """The faults of one twin. Of several that hold for a request, the one added first spoils it, and the others
    wait for the next: two faults for `nth` 1 spoil the first request and the second.
    """

    def __init__(self, now: Callable[[], State]) -> None:
        """`now`: the state of the twin."""
        self._now = now
        self._armed: list[Armed] = []
        self.fired = 0

    def add(self, *faults: Fault) -> None:
        """Arm faults; each counts requests from now on."""
        self._armed.extend(Armed(fault, Counted(fault.rule), world=self._world(fault)) for fault in faults)

    def _world(self, fault: Fault) -> State | None:
        return self._now().copy() if fault.act == Act.STALE else None

    def clear(self) -> None:
        """Disarm all, and forget how many fired."""
        self._armed.clear()
        self.fired = 0

    def deaf(self, method: str, path: str, *, write: bool) -> bool:
        """Whether the next such request is not even heard; it is not counted here."""
        return any(
            armed.counted.next(method, path, write=write) for armed in self._armed if armed.fault.act == Act.DEAF
        )

    def take(self, method: str, path: str, *, write: bool) -> Armed | None:
        """Count one request at every fault; the fault that spoils it, if any."""
        holding = [armed for armed in self._armed if armed.counted.count(method, path, write=write)]
        if not holding:
            return None
        holding[0].counted.used += 1
        self.fired += 1
        return holding[0]
