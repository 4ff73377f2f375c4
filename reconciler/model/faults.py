"""
Every error we raise:

ReconcilerError               carries an exit code; its text is one clear message
├── ManifestInvalid           the files are wrong; nothing was read                       1
├── UsageWrong                the command's words do not fit together                     3
├── GuardRefused              a guard stops the whole run (wrong tenant, no ledger …)     4
├── DependencyCycle           the references turn in a circle; nothing was planned        1
├── PlanStale                 a saved plan no longer binds                                5
├── LedgerUnusable            the ledger is locked, damaged or not writable               8
│   └── ChainBroken           an event is not as it was written, or is not there any more 8
└── RemoteFault               something about one request to one target                   8
    ├── ProviderUnreachable   no connection: the request was certainly not carried out
    ├── RequestUnsendable     this one request cannot be sent to that host at all; others can
    ├── AnswerLost            sent, but no usable answer: nobody knows what happened
    ├── AnswerInvalid         an answer came that is not what the API gives (HTML, redirect, too large …)
    ├── ProviderRefused       an answer came, and it was no (4xx)
    │   └── Unauthorised      401, or what the API says instead: the whole run stops
    └── ProviderFailed        an answer came: the server broke (5xx): nobody knows what happened
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.place import Problem


class ReconcilerError(Exception):
    """Base of all our errors. `exit_code` is what the command ends with."""

    exit_code = 8
    hint = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ManifestInvalid(ReconcilerError):
    """All problems of all files at once, in file order."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(p) for p in self.problems))


class UsageWrong(ReconcilerError):
    exit_code = 3


class GuardRefused(ReconcilerError):
    exit_code = 4


class DependencyCycle(ReconcilerError):
    """The path of the cycle, first element repeated at the end."""

    exit_code = 1

    def __init__(self, path: Sequence[str]) -> None:
        self.path = tuple(path)
        super().__init__("these turn in a circle: " + " -> ".join(self.path))


class PlanStale(ReconcilerError):
    exit_code = 5


class LedgerUnusable(ReconcilerError):
    exit_code = 8


class ChainBroken(LedgerUnusable):
    """`name`: of the chain; `bad`: the first event that is not as it was written; those before it are; `why`."""

    def __init__(self, message: str, *, hint: str = "", name: str = "", bad: int = 0, why: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name, self.bad, self.why = name, bad, why


class RemoteFault(ReconcilerError):
    """A fault of one request: `target`, `request` as `METHOD path`, `status` (0 where no answer came), `code` (the
    API's own name for the mistake, where it gives one). Every fault has a hint: `usual_hint` where nobody knows a
    better one."""

    exit_code = 8
    usual_hint = "run the same command again: what is done already is found done"

    def __init__(
        self, message: str, *, target: str, request: str, status: int = 0, hint: str = "", code: str = ""
    ) -> None:
        super().__init__(f"{target}: {request}: {message}", hint=hint or self.usual_hint)
        self.code = code
        self.reason = message
        self.target = target
        self.request = request
        self.status = status


class ProviderUnreachable(RemoteFault):
    pass


class RequestUnsendable(RemoteFault):
    pass


class AnswerLost(RemoteFault):
    pass


class AnswerInvalid(RemoteFault):
    usual_hint = "see what answers there: a proxy or a sign-in page in between is not the API"


class ProviderRefused(RemoteFault):
    usual_hint = "mend what the answer names (a right, an address, a value), then run it again"


class Unauthorised(ProviderRefused):
    pass


class ProviderFailed(RemoteFault):
    pass
