"""Reading all demanded collections side by side; one request serves everybody who needs its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from reconciler.model.call import Reader, Reply, Request
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.faults import AnswerInvalid, GuardRefused, ProviderRefused
from reconciler.model.json import Json
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Collection, Demand, Live, Replies
from reconciler.model.shows import still_live
from reconciler.read.demand import Wanted

MOST_REQUESTS = 10_000
"""Of one collection: a list that goes on longer never ends."""

Ask = Callable[[Request], Awaitable[Json]]


async def live(
    wanted: Sequence[Wanted],
    providers: Mapping[str, str],
    catalog: Catalog,
    reader: Reader,
    expect_missing: frozenset[str] = frozenset(),
) -> Live:
    """Everything that is wanted, with the requests it took. `providers`: target -> provider.

    `expect_missing`: `target/Kind` whose recorded things really are gone. Raises RemoteFault, and GuardRefused
    where everything we know of a kind has vanished: that is the wrong tenant or key more often than the truth.
    """
    asked: dict[object, asyncio.Task[Json]] = {}
    requests: list[Request] = []

    def ask(request: Request, *, again: bool = False) -> Awaitable[Json]:
        at = (request.target, request.method, request.path, request.query)
        if again or at not in asked:
            requests.append(request)
            asked[at] = asyncio.ensure_future(body(reader.read, request))
        return asked[at]

    tasks: dict[tuple[str, str], asyncio.Task[tuple[Demand, Collection]]] = {}

    async def collect(one: Wanted) -> tuple[Demand, Collection]:
        listing = one.kind.rest.list
        before = {k: tasks[at] for k in (listing.after if listing else ()) if (at := (one.target, k)) in tasks}
        demand = one.demand({name: (await task)[1] for name, task in before.items()})
        verbs = catalog.verbs[(providers[one.target], one.kind.name)]
        return demand, await collection(one.kind, verbs, demand, ask, expect_missing)

    try:
        async with asyncio.TaskGroup() as group:
            for one in wanted:
                tasks[(one.target, one.kind.name)] = group.create_task(collect(one))
    except BaseExceptionGroup as several:
        await _end(asked.values())
        raise _first(several) from None
    done = {at: task.result() for at, task in tasks.items()}
    return Live({at: c for at, (_, c) in done.items()}, tuple(requests), {at: d for at, (d, _) in done.items()})


async def _end(tasks: object) -> None:
    for task in list(tasks):  # type: ignore[call-overload]
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one exception a person should read: several reads of one target usually fail for one reason."""
    first: BaseException = several
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


async def body(send: Callable[[Request], Awaitable[Reply]], request: Request) -> Json:
    """The body of the answer; None where the thing asked for is not there and may be so."""
    try:
        return (await send(request)).body
    except ProviderRefused as refusal:
        if request.may_be_gone and refusal.status == 404:
            return None
        raise


async def collection(
    kind: Kind,
    verbs: Verbs,
    demand: Demand,
    ask: Callable[..., Awaitable[Json]],
    expect_missing: frozenset[str] = frozenset(),
) -> Collection:
    """One collection, read a second time where the first reading proves nothing, or where its pages lack something
    recorded: records may shift between pages, and a list may lag behind a write."""
    found = await _once(kind, verbs, demand, ask, again=False)
    paged = kind.rest.list is not None and kind.rest.list.page is not Page.NONE
    if not found.proof.complete or (paged and _missing(kind, demand, found)):
        found = await _once(kind, verbs, demand, ask, again=True)
    gone = _missing(kind, demand, found)
    at = f"{demand.target}/{demand.kind}"
    if len(gone) >= 2 and len(gone) == len(demand.ids) and at not in expect_missing:
        raise GuardRefused(
            f"{at}: none of the {len(gone)} things recorded here is live: this looks like another tenant or key",
            hint=f"check the target's URL and key; if they really were deleted, add --expect-missing {at}",
        )
    return found


def _missing(kind: Kind, demand: Demand, found: Collection) -> list[str]:
    return [one for one in demand.ids if still_live(kind, found, one) is None]


async def _once(
    kind: Kind, verbs: Verbs, demand: Demand, ask: Callable[..., Awaitable[Json]], *, again: bool
) -> Collection:
    replies: Replies = ()
    while batch := _next(kind, verbs, demand, replies):
        if len(replies) + len(batch) > MOST_REQUESTS:
            text = f"the list does not end after {MOST_REQUESTS} pages"
            raise AnswerInvalid(text, target=demand.target, request=str(batch[0]))
        bodies = await asyncio.gather(*(ask(request, again=again) for request in batch))
        replies += tuple(zip(batch, bodies, strict=True))
    try:
        return verbs.parse(kind, demand, replies)
    except ValueError as error:
        raise _senseless(error, demand, replies) from None


def _next(kind: Kind, verbs: Verbs, demand: Demand, replies: Replies) -> list[Request]:
    try:
        return verbs.reads(kind, demand, replies)
    except ValueError as error:
        raise _senseless(error, demand, replies) from None


def _senseless(error: ValueError, demand: Demand, replies: Replies) -> AnswerInvalid:
    """Answers that are JSON, but not what this list gives."""
    request = str(replies[-1][0]) if replies else f"{demand.kind} list"
    return AnswerInvalid(str(error), target=demand.target, request=request)
