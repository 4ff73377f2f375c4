"""Asking for lists while the manifests are still being gone through: what network and processor do side by side
takes no longer than the longer of the two.

Only requests are made that the reading makes in any case, whatever the documents still to come say (verb
`surely`); it takes their answers instead of asking again. Whatever stands in the way, the reading itself tells of.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from reconciler.model.answers import Answers
from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Surely
from reconciler.model.document import Desired, Document
from reconciler.model.faults import ReconcilerError
from reconciler.model.json import canonical
from reconciler.model.kind import Kind
from reconciler.model.record import Record, field
from reconciler.workflow.asking import Asked, opened
from reconciler.workflow.setup import Setup

if TYPE_CHECKING:
    from reconciler.load.desired import Seen

TURNS = 4
"""Turns of the event loop between two steps of loading: as many as a request takes to go out, or an answer to
come."""


class _List(Record):
    """The documents of one kind and target so far, and what came of its list. `looked`: how many documents there
    were when it was last asked what has to be read."""

    target: str
    kind: Kind
    surely: Surely
    documents: list[Document] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    looked: int = 0
    asked: set[At] = field(default_factory=set)
    under_way: int = 0


class Early:
    """The requests made ahead of a reading. `setup_of`: what a command would work with if it were about documents
    of these targets; raises ReconcilerError where they may not be asked."""

    def __init__(self, setup_of: Callable[[frozenset[str]], Setup]) -> None:
        self._setup_of = setup_of
        self._setup: Setup | None = None
        self._targets: dict[str, bool] = {}
        self._lists: dict[tuple[str, str], _List | None] = {}
        self._asked: Asked | None = None
        self._stack = AsyncExitStack()
        self._over = False
        self.ahead: dict[At, asyncio.Task[Reply]] = {}

    async def loaded(self, steps: Generator[Seen, None, Desired]) -> Desired:
        """All steps of loading, each followed by whatever can be asked by then. Raises as they do."""
        going = True
        while True:
            try:
                seen = next(steps)
            except StopIteration as end:
                found: Desired = end.value
                return found
            if going and not seen.sound:
                going = False
                await self.aclose()
            elif going:
                await self._saw(seen.documents)

    async def read(self, request: Request) -> Reply:
        """See `Reader`: an answer that was asked for ahead, else one that is asked for now."""
        task = self.ahead.pop(_at(request), None)
        if task is not None:
            return await task
        if self._asked is None:
            raise RuntimeError("nothing is open that could be asked")
        return await self._asked.read(request)

    @asynccontextmanager
    async def opened(self, setup: Setup) -> AsyncIterator[Asked]:
        """The wires of a command, which go on from what was asked ahead."""
        if self._asked is None:
            self._asked = await self._stack.enter_async_context(opened(setup))
        self._asked.wires.know(setup.desired.targets, setup.operator)
        self._over = True
        self._lists.clear()
        self._asked.ahead = lambda target: sum(at[0] == target for at in self.ahead)
        try:
            yield self._asked
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """End whatever nobody waits for, and forget what was answered: the reading has it by now."""
        self._lists.clear()
        left, self.ahead = [*self.ahead.values()], {}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        stack, self._stack, self._asked = self._stack, AsyncExitStack(), None
        await stack.aclose()

    async def _saw(self, documents: Sequence[Document]) -> None:
        for one in await self._grown(documents):
            if len(one.documents) >= 2 * one.looked:  # so that all looks together go through each twice at most
                self._look(one)
        for _ in range(TURNS if self.ahead else 0):
            await asyncio.sleep(0)

    async def _grown(self, documents: Sequence[Document]) -> list[_List]:
        """The lists that these documents speak for, with them."""
        found: dict[int, _List] = {}
        for document in documents:
            at = document.address[:2]
            if at not in self._lists:
                self._lists[at] = await self._list(document)
            one = self._lists[at]
            if one is not None:
                one.documents.append(document)
                found[id(one)] = one
        return [*found.values()]

    async def _list(self, document: Document) -> _List | None:
        """The list that a document is looked up in; None where it is not asked for ahead."""
        target, at = document.address.target, (document.provider, document.kind)
        if target not in self._targets:
            self._targets[target] = await self._open(target)
        if self._setup is None or not self._targets[target]:
            return None
        surely = self._setup.catalog.verbs[at].surely
        return _List(target, self._setup.catalog.kinds[at], surely) if surely else None

    async def _open(self, target: str) -> bool:
        """Whether a target may be asked. Where not, the command itself says why, once it comes to that."""
        try:
            setup = self._setup_of(frozenset({target, *(name for name, open_ in self._targets.items() if open_)}))
            if self._asked is None:
                self._asked = await self._stack.enter_async_context(opened(setup))
            self._asked.wires.know(setup.desired.targets, setup.operator)
        except ReconcilerError:
            return False
        self._setup = setup
        return True

    def _look(self, one: _List) -> None:
        """Ask for the pages that are needed in any case."""
        one.looked = len(one.documents)
        try:
            pages = one.surely(one.kind, one.target, one.documents, one.answers)
        except ValueError:  # an answer that makes no sense; so says the reading, when it comes to it
            return
        for request in pages:
            if self._asked is not None and _at(request) not in one.asked:
                one.asked.add(_at(request))
                one.under_way += 1
                task = asyncio.ensure_future(self._asked.read(request))
                self.ahead[_at(request)] = task
                task.add_done_callback(partial(self._came, one, request))

    def _came(self, one: _List, request: Request, task: asyncio.Task[Reply]) -> None:
        one.under_way -= 1
        if self._over or task.cancelled() or task.exception() is not None:
            return  # the reading asks for whatever else it needs, and whoever takes the answer is told
        one.answers = one.answers.and_then([(request, task.result().body)])
        if not one.under_way:
            self._look(one)


At: TypeAlias = "tuple[str, str, str, tuple[tuple[str, str], ...], str]"


def _at(request: Request) -> At:
    text = "" if request.body is None else canonical(request.body)
    return request.target, request.method, request.path, request.query, text
