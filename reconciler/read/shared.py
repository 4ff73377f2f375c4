"""One answer for everybody who asks the same: each question is asked once in a reading."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from reconciler.model.call import Reader, Reply, Request
from reconciler.model.json import Json, canonical
from reconciler.model.packed import taken_out
from reconciler.read.gather import body

Question: TypeAlias = "tuple[str, str, str, tuple[tuple[str, str], ...], str]"


class Shared:
    """Asks each question once; each who asks takes a refusal in its own way. `made`: is told the target of each
    request that is made; `requests`: all of them, in order."""

    def __init__(self, reader: Reader, made: Callable[[str], None]) -> None:
        self._reader = reader
        self._made = made
        self._answers: dict[Question, asyncio.Task[Reply]] = {}
        self._away: dict[Question, Json] = {}
        self.requests: list[Request] = []

    def __call__(self, request: Request, *, again: bool = False) -> Awaitable[Json]:
        at = _question(request)
        if at in self._away and not again:
            return _said(taken_out(self._away[at]))
        if again or at not in self._answers:
            self._away.pop(at, None)  # whatever was answered before does not count any more, for anybody
            self.requests.append(request)
            self._made(request.target)
            self._answers[at] = asyncio.ensure_future(_answer(self._reader, request))
        task = self._answers[at]
        return body(lambda _: task, request)

    def put_away(self, request: Request, answer: Json) -> None:
        """Nobody looks into this answer any more; who asks the same later is given what it was."""
        at = _question(request)
        self._away[at] = answer
        self._answers.pop(at, None)

    async def end(self) -> None:
        """No request outlives the reading it was for: the wires close behind it (also on Ctrl-C)."""
        for task in self._answers.values():
            task.cancel()
        await asyncio.gather(*self._answers.values(), return_exceptions=True)


def _question(request: Request) -> Question:
    text = "" if request.body is None else canonical(request.body)
    return request.target, request.method, request.path, request.query, text


async def _answer(reader: Reader, request: Request) -> Reply:
    return await reader.read(request)


async def _said(answer: Json) -> Json:
    return answer
