"""Reading all demanded collections side by side; one request serves everybody who needs its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from reconciler.model.answers import Answers
from reconciler.model.call import Reader, Reply, Request
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.faults import AnswerInvalid, GuardRefused, ProviderFailed, ProviderRefused, Unauthorised
from reconciler.model.json import OURS, Json, canonical, our_word
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Collection, Demand, Live, Replies
from reconciler.model.record import replace
from reconciler.model.shows import still_live
from reconciler.read.forecast import Forecasts, whole_lists
from reconciler.read.wanted import Wanted

MOST_REQUESTS = 10_000
"""Of one collection: a list that goes on longer never ends."""

_TAKEN: Final = OURS - {"$file"}
_BOXES: Final = (dict, list)

Ask = Callable[[Request], Awaitable[Json]]
Heard = Callable[[Replies], None]


def nobody(replies: Replies) -> None:
    """Nobody wants to know what came so far."""


async def live(
    wanted: Sequence[Wanted],
    providers: Mapping[str, str],
    catalog: Catalog,
    reader: Reader,
    expect_missing: frozenset[str] = frozenset(),
    now: float = 0.0,
    forecasts: Forecasts | None = None,
) -> Live:
    """Everything that is wanted, with the requests it took. `providers`: target -> provider. `now`: seconds
    since the epoch. `forecasts`: of this reading; they are said before it begins, and mended on the way.

    `expect_missing`: `target/Kind` whose recorded things really are gone. Raises RemoteFault, and GuardRefused
    where everything we know of a kind has vanished: that is the wrong tenant or key more often than the truth.
    """
    asked: dict[object, asyncio.Task[Reply]] = {}
    requests: list[Request] = []
    costs = forecasts or Forecasts(wanted, providers, catalog)
    foretold = costs.begin()

    def ask(request: Request, *, again: bool = False) -> Awaitable[Json]:
        text = "" if request.body is None else canonical(request.body)
        at = (request.target, request.method, request.path, request.query, text)
        if again or at not in asked:
            requests.append(request)
            costs.asked(request.target)
            asked[at] = asyncio.ensure_future(_answer(reader, request))
        task = asked[at]
        return body(lambda _: task, request)  # one answer for all, and each takes a refusal in its own way

    tasks: dict[tuple[str, str], asyncio.Task[tuple[Demand, Collection, Replies]]] = {}

    async def collect(one: Wanted) -> tuple[Demand, Collection, Replies]:
        listing = one.kind.rest.list
        first = {*(listing.after if listing else ()), *(s.document.kind for s in one.supposed)}
        before = {k: tasks[at] for k in sorted(first) if (at := (one.target, k)) in tasks}
        others = {name: (await task)[1] for name, task in before.items()}
        one.come_true(others)
        if one.idle:
            return Demand(one.target, one.kind.name), Collection(one.kind.name), ()
        verbs = catalog.verbs[(providers[one.target], one.kind.name)]
        details = verbs.details(one.kind, one.documents, one.bonds, one.known(others))
        demand = replace(one.demand(others), details=details)
        costs.demanded(one, demand)

        def heard(replies: Replies) -> None:
            costs.answered(one, demand, replies)

        found, replies = await gathered(one.kind, verbs, demand, ask, expect_missing, heard)
        costs.ended(one, replies)
        return demand, found, replies

    try:
        async with asyncio.TaskGroup() as group:
            for one in wanted:
                tasks[(one.target, one.kind.name)] = group.create_task(collect(one))
    except BaseExceptionGroup as several:
        raise _first(several) from None
    finally:
        await _end(list(asked.values()))
    wanted = [one for one in wanted if not one.idle]
    done = {at: tasks[at].result() for at in ((one.target, one.kind.name) for one in wanted)}
    fresh = {(one.target, one.kind.name) for one in wanted if _read_anew(one, catalog, providers)}
    return Live(
        collections={at: replace(c, read_at=now) for at, (_, c, _) in done.items()},
        requests=tuple(requests),
        demands={at: d if c.details is None else replace(d, details=c.details) for at, (d, c, _) in done.items()},
        replies={at: r for at, (d, _, r) in done.items() if d.details or at in fresh},
        foretold=foretold,
        pages=_pages(wanted, done),
    )


def _pages(
    wanted: Sequence[Wanted], done: Mapping[tuple[str, str], tuple[Demand, Collection, Replies]]
) -> dict[str, dict[str, int]]:
    """Target -> how long the lists turned out to be that are proven complete."""
    found: dict[str, dict[str, int]] = {}
    for one in wanted:
        _, collection_, replies = done[one.target, one.kind.name]
        if collection_.proof.complete:
            found.setdefault(one.target, {}).update(whole_lists(one.kind, replies))
    return found


def _read_anew(one: Wanted, catalog: Catalog, providers: Mapping[str, str]) -> bool:
    """Whether a precondition may ask for more than the list, so that its requests have to be counted."""
    return (
        one.kind.rest.fresh
        or bool(one.kind.joins or one.kind.joined)
        or catalog.verbs[(providers[one.target], one.kind.name)].guarding is not None
    )


async def _answer(reader: Reader, request: Request) -> Reply:
    return await reader.read(request)


async def _end(tasks: list[asyncio.Task[Reply]]) -> None:
    """No request outlives the reading it was for: the wires close behind it (also on Ctrl-C)."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one exception a person should read: several reads of one target usually fail for one reason."""
    first: BaseException = several
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


async def body(send: Callable[[Request], Awaitable[Reply]], request: Request) -> Json:
    """The body of the answer; None where the thing asked for is not there and may be so, or where any answer but a
    good one says no more than that."""
    try:
        return (await send(request)).body
    except Unauthorised:
        raise
    except (ProviderRefused, ProviderFailed, AnswerInvalid) as fault:
        if request.may_fail or (request.may_be_gone and fault.status == 404):
            return None
        if isinstance(fault, ProviderRefused) and fault.status in request.refusals:
            return {"$refused": fault.status}
        raise


async def collection(
    kind: Kind,
    verbs: Verbs,
    demand: Demand,
    ask: Callable[..., Awaitable[Json]],
    expect_missing: frozenset[str] = frozenset(),
) -> Collection:
    """One collection. Raises as `live` does."""
    return (await gathered(kind, verbs, demand, ask, expect_missing))[0]


async def gathered(
    kind: Kind,
    verbs: Verbs,
    demand: Demand,
    ask: Callable[..., Awaitable[Json]],
    expect_missing: frozenset[str] = frozenset(),
    heard: Heard = nobody,
) -> tuple[Collection, Replies]:
    """One collection and the answers it is made of, read a second time where the first reading proves nothing, or
    where its pages lack something recorded: records may shift between pages, and a list may lag behind a write."""
    found, replies = await _once(kind, verbs, demand, ask, again=False, heard=heard)
    paged = kind.rest.list is not None and kind.rest.list.page is not Page.NONE and not demand.singly
    if not found.proof.complete or (paged and _missing(kind, demand, found)):
        found, replies = await _once(kind, verbs, demand, ask, again=True, heard=heard)
    gone = _missing(kind, demand, found)
    at = f"{demand.target}/{demand.kind}"
    if len(gone) >= 2 and len(gone) == len(demand.ids) and at not in expect_missing:
        raise GuardRefused(
            f"{at}: none of the {len(gone)} things recorded here is live: this looks like another tenant or key",
            hint=f"check the target's URL and key; if they really were deleted, add --expect-missing {at}",
        )
    return found, replies


def _missing(kind: Kind, demand: Demand, found: Collection) -> list[str]:
    return [one for one in demand.ids if still_live(kind, found, one) is None]


async def _once(
    kind: Kind,
    verbs: Verbs,
    demand: Demand,
    ask: Callable[..., Awaitable[Json]],
    *,
    again: bool,
    heard: Heard,
) -> tuple[Collection, Replies]:
    replies = Answers()
    while batch := _next(kind, verbs, demand, replies):
        if len(replies) + len(batch) > MOST_REQUESTS:
            text = f"the list does not end after {MOST_REQUESTS} pages"
            raise AnswerInvalid(text, target=demand.target, request=str(batch[0]))
        bodies = await asyncio.gather(*(ask(request, again=again) for request in batch))
        replies = replies.and_then(zip(batch, bodies, strict=True))
        heard(replies)
    try:
        found = verbs.parse(kind, demand, replies)
        _without_our_words(found)
    except ValueError as error:
        raise _senseless(error, demand, replies) from None
    return found, replies


def _without_our_words(found: Collection) -> None:
    """Live values may go into bodies again. Raises ValueError for one that would then be taken for a secret or an
    id of ours; of a file we say ourselves what it holds."""
    for resource in found.resources:
        for name, value in resource.fields.items():
            if isinstance(value, _BOXES) and (word := our_word(value, _TAKEN)):
                raise ValueError(f"`{name}` of {found.kind} {resource.id} holds {word}, a word of our own")


def _next(kind: Kind, verbs: Verbs, demand: Demand, replies: Replies) -> list[Request]:
    try:
        return verbs.reads(kind, demand, replies)
    except ValueError as error:
        raise _senseless(error, demand, replies) from None


def _senseless(error: ValueError, demand: Demand, replies: Replies) -> AnswerInvalid:
    """Answers that are JSON, but not what this list gives."""
    request = str(replies[-1][0]) if replies else f"{demand.kind} list"
    return AnswerInvalid(str(error), target=demand.target, request=request)
