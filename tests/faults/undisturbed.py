"""What a run that nothing disturbs leads to: the measure of every trial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from reconciler.ledger.event import Type
from reconciler.twins import LogEntry
from tests.faults.estate import differences
from tests.faults.trials import Bench, Point


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The end of an undisturbed run; how many requests changed anything; how many writes and requests each twin
    saw; how many events the ledger took, and how many of them were intents and outcomes."""

    seen: dict[str, Any]
    effects: int
    writes: dict[str, int]
    requests: dict[str, int]
    appended: int
    intents: int
    outcomes: int


Tokens = Mapping[str, Mapping[str, str]]
AGAIN = re.compile(
    r"POST /component/file/|POST /user/\d+/avatar |PUT /user/\d+ password"
    r"|POST /v1/models/[^/]+/refresh |PUT /v1/connection-environments/|PUT /v1/documents/[^/]+/permissions "
    r"|POST /dam/dirs/persist |POST /pim/classes/persist |POST /pim/products/links/"
)
"""Nobody can read whether it worked, and it may be repeated (CM-R33, CM-R34, CM-R54, OP-R43; OA-R164, OA-R145,
OA-R114; OC-R118, OC-R79, OC-R146)."""
FORGOTTEN: Mapping[str, Any] = {"digests": {}, "entries": {}}
_KNOWN: dict[str, Undisturbed] = {}


def undisturbed(bench: Bench) -> Undisturbed:
    """Run once per bench; it is rewound afterwards."""
    if bench.name not in _KNOWN:
        bench.rewind()
        told = bench.program.run(bench.job())
        assert set(told.get("ends", {"": ""}).values()) <= {"done", "unneeded"}, told
        assert told["left"] == []
        settle_down(bench)
        writes = {name: len(twin.log.writes()) for name, twin in bench.twins.items()}
        requests = {name: len(twin.log) for name, twin in bench.twins.items()}
        events = [told["appended"].count(type_) for type_ in (Type.INTENT, Type.OUTCOME)]
        appended = len(told["appended"])
        _KNOWN[bench.name] = Undisturbed(bench.seen(), bench.effects(), writes, requests, appended, *events)
        bench.rewind()
    return _KNOWN[bench.name]


def assert_converged(
    bench: Bench,
    told: dict[str, Any],
    tokens: Tokens | None = None,
    twice: int = 0,
    adopted: Iterable[str] = (),
) -> None:
    """The program's last run ended where the undisturbed one ends: nothing doubled, nothing lost, nothing written
    beyond what was still needed, nothing left to do or in doubt. `tokens`: address -> the tokens by which a person
    answered; `twice`: how many of these had something sent that had had its effect before. `adopted`: addresses of
    which a person told what they are, so that nobody knows any more what was sent of them."""
    wanted = _KNOWN[bench.name]
    seen = deepcopy(wanted.seen)
    for address, once in (tokens or {}).items():
        seen["bonds"][address]["once"] |= once
    for address in adopted:
        seen["bonds"][address] |= FORGOTTEN
    assert "error" not in told, told
    assert told["left"] == [], told
    assert set(told["ends"].values()) <= {"done", "unneeded"}, told
    again = repeated(bench)
    may = sum(n for call, n in again.items() if AGAIN.match(call))
    if bench.change == "core":  # what is left of a plan goes in other requests than the whole of it
        assert again.total() == may, again
    else:
        assert bench.effects() == wanted.effects + twice + may, again
    settle_down(bench, tokens)
    found = bench.seen()
    for address in adopted:
        found["bonds"][address] |= FORGOTTEN
    wrong = differences(seen, found)
    assert not wrong, "\n".join(wrong)


def repeated(bench: Bench) -> Counter[str]:
    """Requests that changed something more than once, and how often more."""
    changed = Counter(_said(e) for t in bench.twins.values() for e in t.log.writes() if e.changed)
    return changed - Counter(changed.keys())


def _said(entry: LogEntry) -> str:
    """The request; of a password that it is one, for it may go again without what a reading has shown."""
    secret = isinstance(entry.body, dict) and "password" in entry.body
    return f"{entry.call} {'password' if secret else entry.body}"


def settle_down(bench: Bench, tokens: Tokens | None = None) -> None:
    """One run more, with nothing to do: what a plan knew by promises alone, the ledger knows by values then."""
    if bench.change != "after":
        told = bench.program.run(bench.job(once=tokens or {}))
        assert told.get("planned") == 0, told


def points(wanted: Undisturbed) -> list[Point]:
    """Every place to die: around each write, and around each append to the ledger."""
    phases = ("unsent", "before-effect", "after-effect", "after-answer")
    found = [
        Point(where, n, phase)
        for where in wanted.writes
        for n in range(1, wanted.writes[where] + 1)
        for phase in phases
    ]
    return found + [
        Point("ledger", n, phase) for n in range(1, wanted.appended + 1) for phase in ("before", "after")
    ]


def boundaries(wanted: Undisturbed) -> list[Point]:
    """The borders of each write: intended and not sent; sent, and never to arrive or yet to take effect; in effect
    and not answered; answered and not written down."""
    found = [p for p in points(wanted) if p.where != "ledger" and p.phase != "after-answer"]
    found += [Point("ledger", n, "intended") for n in range(1, wanted.intents + 1)]
    return found + [Point("ledger", n, "answered") for n in range(1, wanted.outcomes + 1)]
