"""Everything of some kinds that is live, declared or not: the lists alone, each with its proof."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from reconciler.model.call import Reader, Reply, Request
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.faults import ProviderRefused, Unauthorised
from reconciler.model.forecast import Forecast, Pages, Sizes, listing
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.record import replace
from reconciler.read.forecast import Reading, Telling, unheard
from reconciler.read.gather import body, collection

NO_PAGES: Final[Pages] = {}


async def everything(
    target: str,
    kinds: Sequence[Kind],
    catalog: Catalog,
    reader: Reader,
    by: Mapping[str, Sequence[str]],
    telling: Telling = unheard,
    pages: Pages = NO_PAGES,
) -> tuple[dict[str, Collection], dict[str, str]]:
    """Kind -> all that is live of it, and kind -> why it could not be listed. `by`: field -> the values of the
    lists that are read, where a kind has several lists, as people write them. `telling` hears before each kind
    what all will take, as far as what is read by then tells; `pages`: how long the lists were. Raises RemoteFault,
    but for a list that the API refuses."""
    found: dict[str, Collection] = {}
    refused: dict[str, str] = {}

    answers: dict[object, asyncio.Task[Reply]] = {}
    read: set[str] = set()

    async def ask(request: Request, *, again: bool = False) -> Json:
        at = (request.method, request.path, request.query, canonical(request.body))
        if again or at not in answers:
            answers[at] = asyncio.ensure_future(_answer(reader, request))
            read.add(listing(request))
        return await body(lambda _: answers[at], request)

    ordered = in_order(kinds)
    for n, kind in enumerate(ordered):
        rest = foretold(target, ordered[n:], catalog, pages, found, by)
        left = rest.singly + sum(count for at, count in rest.lists.items() if at not in read)
        telling(Reading(target, len(answers) + left, rest.least, len(answers)))
        verbs = catalog.verbs[(kind.provider, kind.name)]
        demand = demanded(kind, verbs, target, found, by)
        if isinstance(demand, str):
            refused[kind.name] = demand
            continue
        try:
            found[kind.name] = await collection(kind, verbs, demand, ask)
        except Unauthorised:
            raise
        except ProviderRefused as fault:
            refused[kind.name] = f"the list is refused: {fault.reason} ({fault.request})"
    return found, refused


def foretold(
    target: str,
    kinds: Sequence[Kind],
    catalog: Catalog,
    pages: Pages,
    others: Mapping[str, Collection],
    by: Mapping[str, Sequence[str]],
) -> Forecast:
    """How many requests the lists of these kinds take at least, as far as that can be told before one is read.
    `others`: what was read before; `by`: as for `everything`."""
    found = Forecast()
    for kind in in_order(kinds):
        verbs = catalog.verbs[(kind.provider, kind.name)]
        demand = demanded(kind, verbs, target, others, by)
        if isinstance(demand, str) or verbs.expected is None:
            found += Forecast(least=True)
        else:
            found += verbs.expected(kind, demand, Sizes(pages))
    return found


async def _answer(reader: Reader, request: Request) -> Reply:
    return await reader.read(request)


def in_order(kinds: Sequence[Kind]) -> list[Kind]:
    """Each kind behind those that it is read after."""
    left, ordered = sorted(kinds, key=lambda k: k.name), list[Kind]()
    while left:
        waiting = {k.name for k in left}
        ready = next((k for k in left if not waiting & set(_before(k)) - {k.name}), left[0])
        ordered.append(ready)
        left.remove(ready)
    return ordered


def _before(kind: Kind) -> tuple[str, ...]:
    return kind.rest.list.after if kind.rest.list else ()


def demanded(
    kind: Kind,
    verbs: Verbs,
    target: str,
    others: Mapping[str, Collection],
    by: Mapping[str, Sequence[str]],
) -> Demand | str:
    """The demand for all of a kind, or why nobody can ask for all of it."""
    names = kind.rest.list.by if kind.rest.list else ()
    if verbs.everything is not None and not any(n in by and kind.fields[n].ref is None for n in names):
        return verbs.everything(kind, target, _narrowed(kind, others, by))
    values: list[list[str]] = []
    for name in names:
        choices = [*_choices(kind, name, others, by.get(name))]
        if not choices:
            return f"its lists are read by `{name}`: say which, as --by {name}=VALUE"
        values.append(choices)
    wanted = tuple(dict(zip(names, chosen, strict=True)) for chosen in product(*values)) if names else ()
    details = verbs.details(kind, (), (), others) if kind.source else ()
    return Demand(target, kind.name, by=wanted, details=details)


def _narrowed(
    kind: Kind, others: Mapping[str, Collection], by: Mapping[str, Sequence[str]]
) -> dict[str, Collection]:
    """What was read before, of what the lists are read by just the things that were named."""
    found = dict(others)
    for name in kind.rest.list.by if kind.rest.list else ():
        ref = kind.fields[name].ref
        if ref is not None and ref in others and name in by:
            wanted = {*_choices(kind, name, others, by[name])}
            found[ref] = replace(others[ref], resources=tuple(r for r in others[ref].resources if r.id in wanted))
    return found


def _choices(
    kind: Kind, name: str, others: Mapping[str, Collection], given: Sequence[str] | None
) -> Iterator[str]:
    """The values that a field can have: ids of live things, or the words of the schema."""
    field = kind.fields[name]
    if field.ref is not None:
        there = others.get(field.ref, Collection(field.ref)).resources
        wanted = None if given is None else {g.casefold() for g in given}
        yield from (r.id for r in there if wanted is None or {str(r.key).casefold(), r.id} & wanted)
    elif given is not None:
        yield from given
    else:
        properties = kind.schema.get("properties")
        node = properties.get(name) if isinstance(properties, dict) else None
        words = node.get("enum") if isinstance(node, dict) else None
        yield from map(str, words if isinstance(words, list) else ())
