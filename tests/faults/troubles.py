"""Everything that can go wrong with one call: what the far end does instead of answering it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.twins import Fault
from reconciler.wire.limits import Limits
from tests.faults.cells import KIB, USUAL, Site
from tests.world import CORE

IMPATIENT = Limits(connect=5, read=1, answer=3, body=256 * KIB, tries=2, throttled_tries=3, backoff=0.01)
LATER = 30.0
"""Seconds that nobody waits: the far end is silent until the program has given up."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault. `lasting`: at every such call of the first run, from the first troubled one on. `lies`: it shows
    another world than there is, and nothing in the answer gives that away. `refused`: an answer came, and it was
    no; nothing happened. `broken`: no answer that anybody could take for one of the API. `silent`: nothing comes
    until the program has given up waiting. `believed`: whoever answers a write says yes, and has done nothing.
    `whole`: only the form of the answer gives it away. `looks`: what is wrong, besides, with the readings that
    follow. `door`: how the server cannot be reached any more from then on (see Door)."""

    name: str
    act: str
    lasting: bool = False
    lies: bool = False
    refused: bool = False
    broken: bool = False
    silent: bool = False
    whole: bool = False
    believed: bool = False
    effect: bool | None = None
    status: int = 500
    more: Mapping[str, object] = field(default_factory=dict)
    looks: Mapping[str, object] = field(default_factory=dict)
    door: str = ""

    @property
    def limits(self) -> Limits:
        return IMPATIENT if self.silent else USUAL

    def fault(self, site: Site, nth: int = 1) -> Fault:
        return Fault(
            self.act,
            method=site.method,
            path=site.path,
            nth=nth,
            times=None if self.lasting else 1,
            effect=self.effect,
            status=self.status,
            **self.more,  # type: ignore[arg-type]
        )

    def senseless(self, site: Site) -> str:
        """Why there is nothing to be tried here; empty where there is."""
        if self.looks and site.reads:
            return "a reading is not looked up"
        if self.act in PAGED and not (site.reads and site.pages):
            return "only a list has pages"
        if self.act == "repeat_page" and site.target == CORE:
            return "a list without pages that repeats shows a world that stands still"
        return ""


PAGED = ("short_page", "repeat_page", "twice")


def _both(name: str, act: str, **more: object) -> tuple[Trouble, Trouble]:
    once = Trouble(name, act, **more)  # type: ignore[arg-type]
    return once, Trouble(f"{name}, again and again", act, lasting=True, **more)  # type: ignore[arg-type]


def _broken(name: str, act: str, **more: object) -> tuple[Trouble, Trouble]:
    return _both(name, act, broken=True, **more)


def _said(status: int) -> tuple[Trouble, Trouble]:
    return _both(str(status), "status", status=status, refused=True)


def _look(name: str, act: str, times: int | None = None, *, lies: bool = False, **more: object) -> Trouble:
    """The answer to a write is lost, and so is what is asked about it."""
    looks = {"act": act, "times": times, **more}
    return Trouble(f"answer lost, and {name}", "drop", effect=True, lies=lies, looks=looks)


CONNECTIONS = (
    *_broken("request lost", "drop", effect=False),
    *_broken("connection reset before the request is read", "deaf"),
    *_broken("connection reset in the answer's headers", "half_head"),
    *_broken("connection reset in the answer's headers after it happened", "half_head", effect=True),
    *_broken("answer lost", "drop", effect=True),
    *_broken("answer cut", "cut"),
    *_both("connection reset after the answer", "hang_up"),
    *_broken("answer too late", "slow", silent=True, more={"seconds": LATER}),
    *_broken("no answer, and nothing happened", "slow", silent=True, effect=False, more={"seconds": LATER}),
    *_broken("half an answer, then silence", "stall", silent=True, more={"seconds": LATER}),
    *_broken("a byte now and then", "drip", silent=True, whole=True, more={"seconds": 0.005}),
    Trouble("connection refused from then on", "drop", broken=True, effect=False, door="refused"),
    Trouble("connection refused once it happened", "drop", broken=True, effect=True, door="refused"),
    Trouble("the name resolves no more", "drop", broken=True, effect=False, door="name"),
    Trouble("the name resolves no more once it happened", "drop", broken=True, effect=True, door="name"),
    Trouble("another certificate from then on", "drop", broken=True, effect=False, door="tls"),
    Trouble("another certificate once it happened", "drop", broken=True, effect=True, door="tls"),
)
ANSWERS = (
    *_broken("a sign-in page", "html", whole=True),
    *_broken("a sign-in page after it happened", "html", effect=True, whole=True),
    *_broken("truncated JSON", "truncated", whole=True),
    *_broken("text/plain", "wrong_type", whole=True),
    *_broken("a redirect", "redirect"),
    *_broken("a huge answer", "huge", more={"size": 512 * KIB}),
    *_broken("a deep answer", "deep", whole=True),
    *_broken("a gzip bomb", "bomb", more={"size": 2 * KIB * KIB}),
    *_broken("a gzip bomb after it happened", "bomb", effect=True, more={"size": 2 * KIB * KIB}),
    *_both("200 and nothing", "empty", believed=True),
    *_both("200 and nothing after it happened", "empty", effect=True),
    *_both("200 that says no", "says_no", status=400, believed=True),
    *_broken("UTF-16", "charset", whole=True),
    *_broken("a Content-Length too long", "too_long"),
    *_broken("a Content-Length too short", "too_short", whole=True),
    *_both("another answer behind it", "another"),
    *_broken("101", "odd", status=101),
    *_both("299", "odd", status=299),
    *_broken("304", "odd", status=304),
    *_broken("600", "odd", status=600),
    *_both("two informational answers before it", "inform"),
    *_both("long headers", "headers", more={"size": 16 * KIB}),
    *_broken("a bomb of headers", "headers", more={"size": 512 * KIB}),
)
STATUSES = (
    *_both("500 before anything happened", "status", status=500, broken=True),
    *_both("500 after it happened", "status", status=500, effect=True, broken=True),
    *_both("502", "status", status=502, broken=True),
    *_both("503", "status", status=503, broken=True),
    *_both("504 after it happened", "status", status=504, effect=True, broken=True),
    *_both("429 with Retry-After", "throttle", more={"retry_after": "7"}, refused=True, broken=True),
    *_both("429 without", "throttle", refused=True, broken=True),
    *_both("429 for ever", "throttle", more={"retry_after": "1000000000"}, refused=True, broken=True),
    *_both("429 with nonsense", "throttle", more={"retry_after": "soon"}, refused=True, broken=True),
    *(trouble for status in (400, 401, 403, 404, 408, 409, 412, 413, 422) for trouble in _said(status)),
)
LISTS = (
    *_both("a page that repeats", "repeat_page"),
    Trouble("a page cut short", "short_page", lies=True),
    Trouble("pages cut short, always", "short_page", lasting=True, lies=True),
    Trouble("a page that is missing", "short_page", lies=True, more={"omit": 1000}),
    Trouble("pages that are missing, always", "short_page", lasting=True, lies=True, more={"omit": 1000}),
    *_both("a list that shows all twice", "twice"),
)
LOOKS = (
    _look("the first look is out of date", "stale", 1),
    _look("every look is out of date", "stale", lies=True),
    _look("every look fails", "status", status=503),
    _look("every look is cut", "truncated"),
    _look("every look is refused", "status", status=403),
    _look("the key is no good any more", "status", status=401),
    _look("the first look fails", "status", 1, status=500),
    _look("the first look is lost", "drop", 1),
)
TROUBLES = (*CONNECTIONS, *ANSWERS, *STATUSES, *LISTS, *LOOKS)
