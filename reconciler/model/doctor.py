"""What `doctor` finds: signs of a set-up that works or does not, and what safe calls say of our assumptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from reconciler.model.call import Request
from reconciler.model.json import Json, canonical
from reconciler.model.record import Record, field

MOST_CALLS: Final = 17
"""So many calls an examination of one target makes at most."""


class Grade(StrEnum):
    """`warn`: it works, but not for all that somebody may want of it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Sign(Record, frozen=True):
    """One thing that was looked at. `about`: a part of the set-up, or a target. `far`: the fault is at the other
    end, or this machine's, and not in a file. `way_out`: what to do, empty where all is well."""

    about: str
    grade: Grade
    sentence: str
    way_out: str = ""
    far: bool = False


class CheckUp(Record, frozen=True):
    """All signs, in the order in which they were looked for. `requests`: what was sent, `target: METHOD path`."""

    signs: tuple[Sign, ...]
    requests: tuple[str, ...] = ()

    def count(self, grade: Grade) -> int:
        return sum(sign.grade is grade for sign in self.signs)


class HealthRead(Record, frozen=True):
    """One safe call of a target's health. Its `request` names no target. `tells`: what a 2xx says. `keyless`: it
    is tried without the credential, then once with it. `harmless`: statuses after which the set-up works for much
    all the same; `meaning` says what they mean, with `way_out`."""

    request: Request
    tells: str
    keyless: bool = False
    harmless: frozenset[int] = frozenset()
    meaning: str = ""
    way_out: str = ""


class Told(StrEnum):
    """What came of an assumption."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNTOLD = "cannot tell"


class Finding(Record, frozen=True):
    """What was seen, in one sentence of counts and of our own words: no live text, nobody's name or address."""

    told: Told
    seen: str


def confirmed(seen: str) -> Finding:
    return Finding(Told.CONFIRMED, seen)


def refuted(seen: str) -> Finding:
    return Finding(Told.REFUTED, seen)


def untold(seen: str) -> Finding:
    return Finding(Told.UNTOLD, seen)


class Known(Record, frozen=True):
    """What is known of a target before anything is asked. `ids`: kind -> recorded and pinned ids, in order."""

    target: str
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[str, ...]:
        return self.ids.get(kind, ())


class Answer(Record, frozen=True):
    """What came back, whatever it was. `status` 0: nothing that can be used. `body` is None but for a 2xx."""

    status: int
    body: Json = None

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def __str__(self) -> str:
        return f"answered {self.status}" if self.status else "gave no answer that can be used"


class Heard(Record, frozen=True):
    """The answers so far, by what was asked."""

    answers: Mapping[str, Answer] = field(default_factory=dict)

    def of(self, request: Request) -> Answer | None:
        return self.answers.get(question(request))

    @property
    def spent(self) -> bool:
        """Whether no more may be asked."""
        return len(self.answers) >= MOST_CALLS


def question(request: Request) -> str:
    """One text per question: requests with one text need one answer."""
    return canonical([str(request), request.body, request.keyless])


Asks: TypeAlias = "Callable[[Known, Heard], Sequence[Request]]"
"""The safe requests that are needed, those that were answered included; called until it names no new one."""
Judge: TypeAlias = "Callable[[Known, Heard], Finding]"


class Probe(Record, frozen=True):
    """One assumption that safe calls can tell something about. `id`: as in docs/apis. `assumed`: the assumption in
    a few words. `then`: what we do, or what happens, if it is wrong."""

    id: str
    assumed: str
    then: str
    asks: Asks
    judge: Judge


class Probes(Record, frozen=True):
    """All that safe calls can be asked about one provider. `left`: ids that a safe call could tell something of,
    and that are not asked about, with the reason."""

    health: tuple[HealthRead, ...]
    probes: tuple[Probe, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


class Examination(Record, frozen=True):
    """What was found out about one target's API. `left`: as in `Probes`. `requests`: as in `CheckUp`. `silent`:
    something was asked, and not one answer was good."""

    target: str
    provider: str
    findings: tuple[tuple[Probe, Finding], ...]
    left: Mapping[str, str] = field(default_factory=dict)
    requests: tuple[str, ...] = ()
    silent: bool = False

    def count(self, told: Told) -> int:
        return sum(finding.told is told for _, finding in self.findings)
