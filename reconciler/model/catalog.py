"""What the engine knows of kinds and providers: a value that stages receive, never import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.model.call import Request
from reconciler.model.change import Change
from reconciler.model.document import Document, Target
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.place import Problem
from reconciler.model.plan import Call


class Check(Protocol):
    """Mistakes that only the kind's own rules reveal, offline."""

    def __call__(self, kind: Kind, documents: Sequence[Document]) -> list[Problem]: ...


class Reads(Protocol):
    """The next requests to make, given the answers so far; none: all is read. Requests of one answer are made
    side by side. Called at most 10,000 times per collection."""

    def __call__(self, kind: Kind, demand: Demand, replies: Replies) -> list[Request]: ...


class Parse(Protocol):
    """Live things out of all answers, with the proof that these are all. Raises ValueError on a wrong shape."""

    def __call__(self, kind: Kind, demand: Demand, replies: Replies) -> Collection: ...


class Same(Protocol):
    """Whether two values of a field, in normal form, mean the same."""

    def __call__(self, field: Field, before: Json, after: Json) -> bool: ...


class Calls(Protocol):
    """The calls that bring about all changes of one kind and target, with edges among them. Ids are unique in the
    kind and target; the plan renumbers them."""

    def __call__(self, kind: Kind, changes: Sequence[Change]) -> list[Call]: ...


class Bound(Protocol):
    """How many writes these changes need at least, by the formula in docs/apis; written apart from `Calls`."""

    def __call__(self, kind: Kind, changes: Sequence[Change]) -> int: ...


class Settled(Protocol):
    """Whether a call whose answer was lost has happened: True, False, or None where nobody can tell."""

    def __call__(self, kind: Kind, call: Call, live: Collection) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Verbs:
    """What can be asked about one kind: pure functions, each with a default derived from the schema."""

    check: Check
    reads: Reads
    parse: Parse
    same: Same
    calls: Calls
    bound: Bound
    settled: Settled


@dataclass(frozen=True, slots=True)
class Provider:
    """How to speak with one API, whatever the kind.

    `base(url)`: the operator's URL brought to the form paths are appended to; raises ValueError.
    `headers(target, secret)`: the request headers, authentication included. `check(target)`: problems of the
    target's settings. `message(body)`: the server's own words in an error body, "" if none.
    `per_minute`: requests in any 60 s window that the API allows, None if it names no limit.
    """

    name: str
    base: Callable[[str], str]
    headers: Callable[[Target, str], Mapping[str, str]]
    check: Callable[[Target], list[str]]
    message: Callable[[Json], str]
    per_minute: int | None = None
    credential: str = "API key"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every kind there is, its verbs, and every provider."""

    kinds: Mapping[tuple[str, str], Kind]
    verbs: Mapping[tuple[str, str], Verbs]
    providers: Mapping[str, Provider]

    def kind(self, provider: str, name: str) -> Kind:
        """Raises KeyError."""
        return self.kinds[(provider, name)]

    def of(self, provider: str) -> Iterator[Kind]:
        return (k for (p, _), k in self.kinds.items() if p == provider)
