"""What the ledger tells of the past: who ran what, what became of it, what a person said; frozen values."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.document import Address
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.model.record import Record, field
from reconciler.model.recorded import Bond


class Author(Record, frozen=True):
    """Who wrote, as the machine itself knew: user, host and process. `actor`, `service`, `job`: for whom, and
    where, as the environment of a CI service claimed; nobody has checked that."""

    user: str
    host: str
    pid: int = 0
    actor: str = ""
    service: str = ""
    job: str = ""

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"

    @property
    def claimed(self) -> str:
        """`octocat, GitHub Actions`: what was claimed; empty where nothing was."""
        return ", ".join(part for part in (self.actor, self.service) if part)


UNFINISHED = ""
"""The status of a run that never said how it ended."""
AT_WORK = "at work"
"""What is said of such a run whose process holds its lease just now."""
HELD = "held"
"""What is said of a run that ended, and of which everything was held."""
NEVER_CAME = "the run never came to it"
"""Of a call that a run ended before it could begin it."""


class Lifted(Record, frozen=True):
    """A hold that a person lifted for one run, and why. `rule_at`: `RULE@ADDRESS`."""

    rule_at: str
    reason: str

    @property
    def rule(self) -> str:
        return self.rule_at.partition("@")[0]

    @property
    def address(self) -> str:
        return self.rule_at.partition("@")[2]


class PastRun(Record, frozen=True):
    """One run. Times are UTC texts; `ended` is empty while it has no end. `status`: as the ledger has it (`done`,
    `partial`, `settled` ...), or `UNFINISHED`. `counts`: end -> calls that ended so; `open`: calls that were sent
    and have no answer. `head_before`, `head_after`: the hash of the event before its first, and of its last word.
    `settled_by`: who looked up what it had left behind. `lifted`: the holds that were lifted for it. `kept`: how
    many things it recorded without a call."""

    id: str
    began: str
    ended: str
    author: Author
    tool: str
    commit: str | None
    plan_id: str
    targets: tuple[str, ...]
    status: str
    counts: Mapping[End, int] = field(default_factory=dict)
    open: int = 0
    head_before: str = ""
    head_after: str = ""
    settled_by: Author | None = None
    lifted: tuple[Lifted, ...] = ()
    kept: int = 0


class Deed(Record, frozen=True):
    """What a person told the ledger outside any run. `what`: `made`, `not made` (answers), `forget`, `move` or
    `lease`; `about`: the address or target; `detail`: the id it has, the address it moved to, the lease's
    holder."""

    time: str
    what: str
    about: str
    author: Author
    detail: str = ""
    reason: str = ""
    override: str = ""
    head: str = ""


class Late(Record, frozen=True):
    """A run looked up after it was cut short. `happened`, `not_happened`, `unknown`: calls of which that was
    found."""

    run: str
    time: str
    author: Author | None
    happened: int = 0
    not_happened: int = 0
    unknown: int = 0


class Kept(Record, frozen=True):
    """What a run recorded of an address without any call. `verb`: as in its plan; `id`: of the thing; `why`: of an
    address that leads to nothing since."""

    address: Address
    verb: str
    id: str = ""
    why: str = ""


class RunInFull(Record, frozen=True):
    """A run with everything that was sent. `report`: the end of each call of its plan. `before`: runs that were
    looked up between the one before and this one; `late`: when this one was. `answers`: what a person has said
    since of addresses it asked about. `kept`: what was recorded without a call."""

    run: PastRun
    plan: Plan
    report: Report
    seconds: float | None = None
    lifted: tuple[Lifted, ...] = ()
    before: tuple[Late, ...] = ()
    late: Late | None = None
    answers: tuple[Deed, ...] = ()
    kept: tuple[Kept, ...] = ()


class Touch(Record, frozen=True):
    """One thing that happened to an address. `run` is empty where a person did it; `what` is a sentence part."""

    time: str
    run: str
    what: str
    author: Author | None = None


class BondStory(Record, frozen=True):
    """A bond, where it came from, and every run that touched it, oldest first. `findable`: whether a read finds
    such things. `inside`: addresses nested in this one that have bonds of their own."""

    bond: Bond
    since: Touch | None
    touches: tuple[Touch, ...] = ()
    findable: bool = True
    inside: tuple[Address, ...] = ()


class Former(Record, frozen=True):
    """An address that leads to nothing, and its past, oldest first. `now`: the address that its thing has moved
    to; `doubt`: the create of which nobody can tell whether it worked."""

    address: Address
    touches: tuple[Touch, ...] = ()
    now: Address | None = None
    doubt: str = ""


class Chain(Record, frozen=True):
    """A chain of events that was checked from its first to its last. `broken`: why it does not hold, empty where
    it does; `bad`: the first event that is not as it was written. `met`: the event whose hash was asked for (0:
    none). `run`, `run_head`: the run that ended last, and the head that its apply printed. `altered`: what is
    wrong with how it is kept, which the chain itself does not tell."""

    name: str
    count: int
    head: str = ""
    first: str = ""
    last: str = ""
    broken: str = ""
    bad: int = 0
    asked: str = ""
    met: int = 0
    met_time: str = ""
    hint: str = ""
    run: str = ""
    run_head: str = ""
    altered: str = ""

    @property
    def holds(self) -> bool:
        return not self.broken and not self.altered and (not self.asked or self.met > 0)


class Holding(Record, frozen=True):
    """The newest lease of a target. `state`: `held`, `expired`, `returned` or `gone` (its process has certainly
    ended); `open_runs`: runs on this target without an end. `ended_by`: who ended it, and why, where a person
    did."""

    target: str
    number: int
    author: Author
    since: str
    expires: str
    state: str
    open_runs: tuple[str, ...] = ()
    ended_by: str = ""
