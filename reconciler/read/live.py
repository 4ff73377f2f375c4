"""Reading all demanded collections side by side; one request serves everybody who needs its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from reconciler.model.call import Reader
from reconciler.model.catalog import Catalog
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Live, Replies, Resource
from reconciler.model.packed import Packed
from reconciler.model.record import replace
from reconciler.read.forecast import Forecasts, whole_lists
from reconciler.read.gather import Watch, gathered
from reconciler.read.shared import Shared
from reconciler.read.wanted import Wanted

Saw = Callable[[str, Kind, Sequence[Resource]], None]


def unseen(target: str, kind: Kind, found: Sequence[Resource]) -> None:
    """Nobody looks at what pages show."""


async def live(
    wanted: Sequence[Wanted],
    providers: Mapping[str, str],
    catalog: Catalog,
    reader: Reader,
    expect_missing: frozenset[str] = frozenset(),
    now: float = 0.0,
    forecasts: Forecasts | None = None,
    saw: Saw = unseen,
) -> Live:
    """Everything that is wanted, with the requests it took. `providers`: target -> provider. `now`: seconds
    since the epoch. `forecasts`: of this reading; they are said before it begins, and mended on the way.
    `saw`: is shown the things of each page as it comes, where its kind goes through pages one by one.

    `expect_missing`: `target/Kind` whose recorded things really are gone. Raises RemoteFault, and GuardRefused
    where everything we know of a kind has vanished: that is the wrong tenant or key more often than the truth.
    """
    costs = forecasts or Forecasts(wanted, providers, catalog)
    foretold = costs.begin()
    ask = Shared(reader, costs.asked)
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
        details = one.details(verbs.details, one.bonds, others)
        demand = replace(one.demand(others), details=details)
        costs.demanded(one, demand)
        watch = Watch(partial(costs.answered, one, demand), partial(saw, one.target, one.kind), ask.put_away)
        found, replies = await gathered(one.kind, verbs, demand, ask, expect_missing, watch)
        costs.ended(one, replies)
        return demand, found, replies

    try:
        async with asyncio.TaskGroup() as group:
            for one in wanted:
                tasks[(one.target, one.kind.name)] = group.create_task(collect(one))
    except BaseExceptionGroup as several:
        raise _first(several) from None
    finally:
        await ask.end()
    wanted = [one for one in wanted if not one.idle]
    done = {at: tasks[at].result() for at in ((one.target, one.kind.name) for one in wanted)}
    fresh = {(one.target, one.kind.name) for one in wanted if _read_anew(one, catalog, providers)}
    return Live(
        collections={at: replace(c, read_at=now) for at, (_, c, _) in done.items()},
        requests=tuple(ask.requests),
        demands={at: d if c.details is None else replace(d, details=c.details) for at, (d, c, _) in done.items()},
        replies={at: Packed.of(r) for at, (d, _, r) in done.items() if d.details or at in fresh},
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


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one exception a person should read: several reads of one target usually fail for one reason."""
    first: BaseException = several
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
