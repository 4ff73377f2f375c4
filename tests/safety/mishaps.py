"""What can go wrong around a command, each in a way that would carry a secret to where it does not belong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from reconciler.twins import Answer, Fault
from reconciler.twins.core.values import Request
from reconciler.wire.line import Line
from tests.safety.aviary import Aviary
from tests.safety.canary import written

NOBODY = "http://127.0.0.1:9"


def _heard(world: Aviary, request: Request) -> str:
    """What of the request a server could let out: its secrets in every form."""
    text = request.body.decode("utf-8", "replace")
    whole = f"{dict(request.headers)} {text}"
    known = world.collect().secrets.values()
    sent = [s for s in known if s in whole or any(f in text for f in written(s))]
    headers = " ".join(f"{name}: {value}" for name, value in request.headers.items())
    return f"you sent <{headers}> with {' | '.join(form for s in sent for form in written(s))} as {text}"


@contextmanager
def echoing(
    world: Aviary, answer: Callable[[Any, Request, Answer, str], Answer], *, writes: bool
) -> Iterator[None]:
    """Every twin answers a request, or only those that write, with what `answer` makes of what was heard."""
    with ExitStack() as stack:
        for twin in world.twins.values():
            honest = twin.perform

            def perform(request: Request, twin: Any = twin, honest: Any = honest) -> Answer:
                if writes and not twin.is_write(request):
                    return honest(request)  # type: ignore[no-any-return]
                return answer(twin, request, honest(request), _heard(world, request))

            stack.enter_context(patch.object(twin, "perform", perform))
        yield


def refusing(status: int, *, writes: bool = False) -> Callable[[Aviary], Any]:
    def answer(twin: Any, _: Request, __: Answer, heard: str) -> Answer:
        refused: Answer = twin.error(status, heard)
        return replace(refused, headers={**refused.headers, "x-echo": "echo", "retry-after": "0"})

    return lambda world: echoing(world, answer, writes=writes)


def _full_of_echoes(twin: Any, _: Request, honest: Answer, heard: str) -> Answer:
    """The right answer, with what was heard in it wherever there is room."""
    body = honest.body
    return (
        replace(honest, body={**body, "echo": heard, "description": heard}) if isinstance(body, dict) else honest
    )


def _page(_: Any, __: Request, honest: Answer, heard: str) -> Answer:
    return replace(honest, body=heard, headers={**honest.headers, "content-type": "text/plain"})


@contextmanager
def faulty(world: Aviary, **words: Any) -> Iterator[None]:
    for twin in world.twins.values():
        twin.faults.add(Fault(**{"times": None, **words}))
    yield


@contextmanager
def nobody_there(_: Aviary) -> Iterator[None]:
    with patch.dict(
        os.environ, {f"RECONCILER_{n}_URL": NOBODY for n in ("ANALYTICS", "CMS", "STUDIO", "CORE", "PLATFORM")}
    ):
        yield


@contextmanager
def broken_ledger(world: Aviary) -> Iterator[None]:
    path = world.project / ".reconciler" / "ledger.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    yield


@contextmanager
def bug_while_sending(_: Aviary) -> Iterator[None]:
    """Of the worst sort: the error says all there is to say."""

    async def ask(self: Line, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Any:
        raise RuntimeError(f"{method} {url} {dict(headers)} {content!r} {content.decode('utf-8', 'replace')}")

    with patch.object(Line, "ask", ask):
        yield


@contextmanager
def bug_while_writing(_: Aviary) -> Iterator[None]:
    """The same once the readings are done."""
    honest = Line.ask

    async def ask(self: Line, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Any:
        if method != "GET":
            raise RuntimeError(f"{method} {url} {dict(headers)} {content!r} {content.decode('utf-8', 'replace')}")
        return await honest(self, method, url, headers, content)

    with patch.object(Line, "ask", ask):
        yield


@contextmanager
def bug_while_keeping(_: Aviary) -> Iterator[None]:
    def put(*words: Any) -> None:
        raise RuntimeError(f"cannot take {words!r}: {' '.join(map(str, words))}")

    with patch("reconciler.vault.file.put", put), patch("reconciler.vault.command.put", put):
        yield


@contextmanager
def interrupted(_: Aviary) -> Iterator[None]:
    left = [3]
    honest = Line.ask

    async def ask(self: Line, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            raise KeyboardInterrupt
        return await honest(self, method, url, headers, content)

    with patch.object(Line, "ask", ask):
        yield


@contextmanager
def changed_meanwhile(world: Aviary) -> Iterator[None]:
    """The manifests are not those that the saved plan was made of."""
    path = world.project / "manifests" / "label-fresh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Fresh", "Fresher"), encoding="utf-8")
    yield


@contextmanager
def none(_: Aviary) -> Iterator[None]:
    yield


MISHAPS: Mapping[str, Callable[[Aviary], Any]] = {
    "none": none,
    "400 to writes": refusing(400, writes=True),
    "401": refusing(401),
    "403": refusing(403),
    "409 to writes": refusing(409, writes=True),
    "500": refusing(500),
    "503 to writes": refusing(503, writes=True),
    "echoes in answers": lambda world: echoing(world, _full_of_echoes, writes=False),
    "plain text": lambda world: echoing(world, _page, writes=True),
    "answers lost": lambda world: faulty(world, act="drop", writes=True, effect=True),
    "answers cut": lambda world: faulty(world, act="truncated", writes=True),
    "a redirect": lambda world: faulty(world, act="redirect"),
    "nobody there": nobody_there,
    "a broken ledger": broken_ledger,
    "changed meanwhile": changed_meanwhile,
    "a bug while sending": bug_while_sending,
    "a bug while writing": bug_while_writing,
    "a bug while keeping": bug_while_keeping,
    "interrupted": interrupted,
}
