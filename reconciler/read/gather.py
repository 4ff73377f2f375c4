"""One collection, by as many requests as it takes; each page is gone through as it comes, while others are still
on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from reconciler.model.answers import Answers
from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Verbs
from reconciler.model.faults import AnswerInvalid, GuardRefused, ProviderFailed, ProviderRefused, Unauthorised
from reconciler.model.json import OURS, Json, our_word
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.record import Record, field
from reconciler.model.shows import still_live

MOST_REQUESTS = 10_000
"""Of one collection: a list that goes on longer never ends."""

_TAKEN: Final = OURS - {"$file"}
_BOXES: Final = (dict, list)

Ask = Callable[..., Awaitable[Json]]
"""`(request, *, again)`: the body. `again`: whatever was answered before does not count."""


class Watch(Record, frozen=True):
    """Who wants to know how it goes. `heard`: of all answers so far; `saw`: of things that a page has shown just
    now; `put_away`: of an answer whose body nobody looks into any more, and what stands for it."""

    heard: Callable[[Replies], None] = lambda _: None
    saw: Callable[[Sequence[Resource]], None] = lambda _: None
    put_away: Callable[[Request, Json], None] = lambda _, __: None


UNWATCHED: Final = Watch()


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
    ask: Ask,
    expect_missing: frozenset[str] = frozenset(),
) -> Collection:
    """One collection. Raises as `live` does."""
    return (await gathered(kind, verbs, demand, ask, expect_missing))[0]


async def gathered(
    kind: Kind,
    verbs: Verbs,
    demand: Demand,
    ask: Ask,
    expect_missing: frozenset[str] = frozenset(),
    watch: Watch = UNWATCHED,
) -> tuple[Collection, Replies]:
    """One collection and the answers it is made of, read a second time where the first reading proves nothing, or
    where its pages lack something recorded: records may shift between pages, and a list may lag behind a write."""
    found, replies = await _once(kind, verbs, demand, ask, again=False, watch=watch)
    paged = kind.rest.list is not None and kind.rest.list.page is not Page.NONE and not demand.singly
    if not found.proof.complete or (paged and _missing(kind, demand, found)):
        found, replies = await _once(kind, verbs, demand, ask, again=True, watch=watch)
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


class _Coming(Record):
    """The answers of one reading of a collection, in the order of asking. `shown`: how many things were told
    of."""

    kind: Kind
    verbs: Verbs
    demand: Demand
    watch: Watch
    replies: Answers = field(default_factory=Answers)
    shown: int = 0

    async def all(self, batch: Sequence[Request], ask: Ask, *, again: bool) -> None:
        """Ask side by side, and go through the answers as soon as they and all before them have come."""
        start, came = len(self.replies), dict[int, Json]()

        async def one(at: int, request: Request) -> None:
            came[at] = await ask(request, again=again)
            if self.verbs.sift is None and len(came) < len(batch):
                return  # nobody wants a page before all are there
            news: list[tuple[Request, Json]] = []
            while (at := len(self.replies) - start + len(news)) in came:
                news.append((batch[at], came.pop(at)))
            if news:
                self._take(news)

        await asyncio.gather(*(one(at, request) for at, request in enumerate(batch)))

    def _take(self, news: Sequence[tuple[Request, Json]]) -> None:
        since = len(self.replies)
        self.replies = self.replies.and_then(news)
        self.watch.heard(self.replies)
        found, listing = self._sifted(), self.kind.rest.list
        if found is None or listing is None:
            return
        self.watch.saw(found[self.shown :])
        self.shown = len(found)
        self.replies = self.replies.put_away(since, listing.call)
        for request, body in self.replies[since:]:
            self.watch.put_away(request, body)

    def _sifted(self) -> Sequence[Resource] | None:
        try:
            return self.verbs.sift(self.kind, self.demand, self.replies) if self.verbs.sift else None
        except ValueError as error:
            raise _senseless(error, self.demand, self.replies) from None


async def _once(
    kind: Kind, verbs: Verbs, demand: Demand, ask: Ask, *, again: bool, watch: Watch
) -> tuple[Collection, Replies]:
    coming = _Coming(kind, verbs, demand, watch)
    while batch := _next(kind, verbs, demand, coming.replies):
        if len(coming.replies) + len(batch) > MOST_REQUESTS:
            text = f"the list does not end after {MOST_REQUESTS} pages"
            raise AnswerInvalid(text, target=demand.target, request=str(batch[0]))
        await coming.all(batch, ask, again=again)
    try:
        found = verbs.parse(kind, demand, coming.replies)
        _without_our_words(found)
    except ValueError as error:
        raise _senseless(error, demand, coming.replies) from None
    return found, coming.replies


def _without_our_words(found: Collection) -> None:
    """Live values may go into bodies again. Raises ValueError for one that would then be taken for a secret or an
    id of ours; of a file we say ourselves what it holds."""
    for resource in found.resources:
        for value in resource.fields.values():
            if isinstance(value, _BOXES) and (word := our_word(value, _TAKEN)):
                name = next(name for name, one in resource.fields.items() if one is value)
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
