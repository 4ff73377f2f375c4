"""What the engine knows of kinds and providers: a value that stages receive, never import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from reconciler.model.lazily import Lazily, names
from reconciler.model.record import Record, field

if TYPE_CHECKING:
    from reconciler.model.call import Content, Request
    from reconciler.model.change import Change
    from reconciler.model.document import Document, Target
    from reconciler.model.drafted import Drafted
    from reconciler.model.forecast import Forecast, Sizes
    from reconciler.model.json import Json, JsonObject, Missing
    from reconciler.model.kind import Field, Kind
    from reconciler.model.live import Collection, Demand, Replies, Resource
    from reconciler.model.place import Problem
    from reconciler.model.plan import Call
    from reconciler.model.recorded import Bond


class Check(Protocol):
    """Mistakes that only the kind's own rules reveal, offline."""

    def __call__(self, kind: Kind, documents: Sequence[Document]) -> list[Problem]: ...


class Reads(Protocol):
    """The next requests to make, given the answers so far; none: all is read. Requests of one answer are made
    side by side. Called at most 10,000 times per collection."""

    def __call__(self, kind: Kind, demand: Demand, replies: Replies) -> list[Request]: ...


class Surely(Protocol):
    """The pages of the kind's own list that `reads` asks for whatever else is declared or recorded besides these
    documents, and that have not come yet. `replies`: those that have, no others."""

    def __call__(
        self, kind: Kind, target: str, documents: Sequence[Document], replies: Replies
    ) -> list[Request]: ...


class Sift(Protocol):
    """The things that the pages of the kind's list show so far, in the order of asking; after it neither `reads`
    nor `parse` looks into the body of one of these. None: they do, so that they have to be kept. Called as each
    comes. Raises ValueError on a wrong shape."""

    def __call__(self, kind: Kind, demand: Demand, replies: Replies) -> Sequence[Resource] | None: ...


class Parse(Protocol):
    """Live things out of all answers, with the proof that these are all. Raises ValueError on a wrong shape."""

    def __call__(self, kind: Kind, demand: Demand, replies: Replies) -> Collection: ...


class Same(Protocol):
    """Whether two values of a field, in normal form, mean the same."""

    def __call__(self, field: Field, before: Json, after: Json) -> bool: ...


class Calls(Protocol):
    """The calls that bring about all changes of one kind and target, with edges among them. Ids are unique in the
    kind and target; the plan renumbers them. A kind that others join is given their changes, too; theirs are never
    asked."""

    def __call__(self, kind: Kind, changes: Sequence[Change]) -> list[Call]: ...


class Bound(Protocol):
    """How many writes these changes need at least, by the formula in docs/apis; written apart from `Calls`, and
    given the same changes."""

    def __call__(self, kind: Kind, changes: Sequence[Change]) -> int: ...


class Details(Protocol):
    """What has to be asked object by object, as data: one entry per document or bond that needs it. `others`: the
    collections of the kinds that are read before (`x-rest.list.after`)."""

    def __call__(
        self, kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
    ) -> tuple[JsonObject, ...]: ...


class Narrow(Protocol):
    """The least reading that shows these things afresh. `pages`: how many requests the whole reading takes; 0
    where the list is needed in any case."""

    def __call__(self, kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand: ...


class Showing(Protocol):
    """The least fresh reading that shows what these calls have done (`showing`), or what they are about to
    overwrite or rely on (`guarding`); their values, and the ids of their things, are filled in as far as they are
    known. For kinds of which `narrow` does not say it all."""

    def __call__(self, kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand: ...


class Review(Protocol):
    """The changes of one kind and target with what only the kind knows added: holds, notes, effects, values that
    follow from several documents. Called once, after the comparison and before any guard."""

    def __call__(self, kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]: ...


class Together(Protocol):
    """The changes of a kind and of all that join it (`x-joins`), of one target, with what only all of them
    together tell: holds, notes. Called once, after the `review` of each. `live`: the collections by kind."""

    def __call__(self, kind: Kind, changes: Sequence[Change], live: Mapping[str, Collection]) -> list[Change]: ...


class Expected(Protocol):
    """How many requests this reading takes, by the formula in docs/apis; written apart from `Reads`. The ids in
    the demand may be invented: it is asked before anything is read, with what is declared and recorded taken for
    live, and again as more is known."""

    def __call__(self, kind: Kind, demand: Demand, sizes: Sizes) -> Forecast: ...


class Everything(Protocol):
    """The demand that shows all live things of the kind, declared or not. `others`: the collections that were read
    before. A sentence where there is nothing of the kind to be shown. For kinds whose list shows everything only
    where that is asked for."""

    def __call__(self, kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand | str: ...


class Inquiry(Protocol):
    """The spec that asks for all that a list does not show of a thing, once it is declared. `spec`: every field
    that could be imported, as far as its value is known; `others`: what was listed; `asked`: the fields that were
    asked for by name, since they cost a request or more each."""

    def __call__(
        self, kind: Kind, spec: JsonObject, others: Mapping[str, Collection], asked: frozenset[str]
    ) -> JsonObject: ...


class Draft(Protocol):
    """A live thing as a manifest, where reading its fields backwards is not enough: `drafted` is what that gives.
    `listed`: the collection that it came with."""

    def __call__(self, kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted: ...


class Verdict(Record, frozen=True):
    """What an answer to many says of one rider. `done` None: it does not say. `code`: the API's name for a
    refusal. `id`: the id of a created thing, where the answer names it. `among`: where it names ids and does not
    say whose they are: all of them; what none of these is was not made. `differs`: where `done` is None, what the
    ledger is to remember (as `Fact.DIFFERS`) if a look shows that nothing has happened."""

    done: bool | None
    message: str = ""
    code: str = ""
    id: str | None = None
    among: tuple[str, ...] = ()
    differs: Mapping[str, str] = field(default_factory=dict)


class Verdicts(Protocol):
    """What a carrier's 2xx answer says of each rider, by the rider's id."""

    def __call__(self, kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]: ...


class Told(Protocol):
    """What a call's 2xx answer says of the entries it has written to its set, and nothing will ever show, or what
    nothing else remembers of them: entry id -> values. The values of the call's effect are filled in."""

    def __call__(self, kind: Kind, call: Call, body: Json) -> Mapping[str, JsonObject]: ...


class Settled(Protocol):
    """Whether a call whose answer was lost has happened: True, False, or None where nobody can tell."""

    def __call__(self, kind: Kind, call: Call, live: Collection) -> bool | None: ...


class Made(Protocol):
    """The live things that a create, as it was sent, may have made, wholly or not. For kinds of which other calls
    of the plan give a new thing the key it is to have, or of which what is there in part is ours all the same."""

    def __call__(self, kind: Kind, call: Call, live: Collection) -> list[Resource]: ...


class Verbs(Record, frozen=True):
    """What can be asked about one kind: pure functions, each with a default derived from the schema (of `showing`
    and `guarding`, what `narrow` gives; of `made`, what has the key; of the last three, what an import does with
    an ordinary kind; `expected` None: nobody can tell; `surely` None: nothing is certain before all is known;
    `sift` None: all bodies are looked at until the last has come)."""

    check: Check
    reads: Reads
    parse: Parse
    same: Same
    calls: Calls
    bound: Bound
    settled: Settled
    details: Details
    narrow: Narrow
    review: Review
    verdicts: Verdicts
    showing: Showing | None = None
    guarding: Showing | None = None
    expected: Expected | None = None
    told: Told | None = None
    together: Together | None = None
    made: Made | None = None
    everything: Everything | None = None
    inquiry: Inquiry | None = None
    draft: Draft | None = None
    surely: Surely | None = None
    sift: Sift | None = None


Fetch: TypeAlias = "Callable[[Mapping[str, Json]], bytes]"
"""The bytes of a file of the project, from `{path, sha256, bytes}`. Raises ValueError where it is not what was
planned."""
Encode: TypeAlias = "Callable[[Request, Fetch], Content]"
Decode: TypeAlias = "Callable[[Request, str, bytes], Json | Missing]"


def never(body: Json) -> bool:  # noqa: ARG001 - the shape of a judgement
    """A 2xx is a yes."""
    return False


def anywhere(request: Request, status: int) -> bool:  # noqa: ARG001 - the shape of a judgement
    """No call is said to answer with a body."""
    return True


def one_tenant(target: Target) -> str:  # noqa: ARG001 - the shape of a judgement
    """The URL says all."""
    return ""


def nameless(body: Json) -> str:  # noqa: ARG001 - the shape of a judgement
    """This API gives its mistakes no names."""
    return ""


class Provider(Record, frozen=True):
    """How to speak with one API, whatever the kind.

    `base(url)`: the operator's URL brought to the form paths are appended to; raises ValueError.
    `headers(target, secret)`: the request headers, authentication included. `settings`: what a target of it may
    say in the project file, name -> description; `check(target)`: problems with what it says there.
    `message(body)`: the server's own words in an error body, "" if none.
    `per_minute`: requests in any 60 s window that the API allows, None if it names no limit. `concurrency`: writes
    under way at once, at most.

    `encode(request, fetch)`: the body on the wire, None for JSON; `fetch` gives the bytes of a `{"$file": …}`.
    `decode(request, type, data)`: a 2xx or error body as JSON, ABSENT for what is JSON as usual, None where
    everything is; raises ValueError for what the API does not give. `accept`: the media types asked for;
    `accept_at`: by path, where a call answers in another form.
    `refuses(body)`: whether a 2xx says no all the same, as documented. `errs(body)`: whether this is the body of
    an error and of nothing else; a 2xx with it contradicts itself, and is no answer.
    `tenant(target)`: which of the tenants that share one URL is meant, "" where there is one.
    `code(body)`: the API's own name for a mistake, "" if none. `stops`: statuses that stop the whole run.
    `silent(request, status)`: whether this 2xx may say nothing at all; where it has a body, an empty one is no
    answer.
    `heralded`: the first request goes alone, so that a bad key is found out by one call, whoever asks first.
    """

    name: str
    base: Callable[[str], str]
    headers: Callable[[Target, str], Mapping[str, str]]
    check: Callable[[Target], list[str]]
    message: Callable[[Json], str]
    per_minute: int | None = None
    credential: str = "API key"
    concurrency: int = 8
    encode: Encode | None = None
    decode: Decode | None = None
    accept: str = "application/json"
    accept_at: Mapping[str, str] = field(default_factory=dict)
    refuses: Callable[[Json], bool] = never
    errs: Callable[[Json], bool] = never
    code: Callable[[Json], str] = nameless
    tenant: Callable[[Target], str] = one_tenant
    stops: frozenset[int] = frozenset({401})
    heralded: bool = False
    silent: Callable[[Request, int], bool] = anywhere
    settings: Mapping[str, str] = field(default_factory=dict)


class Catalog(Record, frozen=True):
    """Every kind there is, its verbs, and every provider. `refused`: kinds that cannot be managed; nothing else is
    known of them."""

    kinds: Mapping[tuple[str, str], Kind]
    verbs: Mapping[tuple[str, str], Verbs]
    providers: Mapping[str, Provider]
    refused: Mapping[tuple[str, str], Kind] = field(default_factory=dict)

    def kind(self, provider: str, name: str) -> Kind:
        """Raises KeyError."""
        return self.kinds[(provider, name)]

    def of(self, provider: str) -> Iterator[Kind]:
        mine = (at for at in names(self.kinds) if at[0] == provider)
        return (kind for at in mine if (kind := self.kinds.get(at)) is not None)

    def named(self, provider: str) -> Mapping[str, Kind]:
        """Its kinds by their names, each made when it is asked for."""
        mine = [name for owner, name in names(self.kinds) if owner == provider]
        return Lazily(mine, lambda name: self.kinds.get((provider, name)))

    def across(self, providers: Mapping[str, str]) -> Mapping[tuple[str, str], Kind]:
        """By target and name, each made when it is asked for. `providers`: by target."""
        mine = {target: self.named(provider) for target, provider in providers.items()}
        every = ((target, name) for target, own in mine.items() for name in names(own))
        return Lazily(every, lambda at: mine[at[0]].get(at[1]))
