"""Asking about assumptions: each question once, never too many, and every answer counts as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.doctor import MOST_CALLS, Answer, Finding, Heard, Known, Probe, Told, untold
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    Unauthorised,
)
from reconciler.read.examine import answered, examine


@dataclass
class FarEnd:
    answer: Callable[[Request], Reply]
    asked: list[str] = field(default_factory=list)

    async def read(self, request: Request) -> Reply:
        self.asked.append(str(request))
        return self.answer(request)


def get(path: str, **words: bool) -> Request:
    return Request("t", "GET", path, safe=True, **words)  # type: ignore[arg-type]


def fine(request: Request) -> Reply:
    return Reply(200, request.path)


def silent(known: Known, heard: Heard) -> Finding:
    return untold("nothing")


def probe(name: str, *paths: str) -> Probe:
    return asking(name, *(get(path) for path in paths))


def asking(name: str, *requests: Request) -> Probe:
    def asks(known: Known, heard: Heard) -> tuple[Request, ...]:
        return requests

    return Probe(name, "a", "b", asks, silent)


def examined(far: FarEnd, *probes: Probe) -> tuple[list[tuple[Probe, Finding]], bool]:
    return asyncio.run(examine(Known("t"), probes, far))


def raising(kind: type[RemoteFault], status: int = 0) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        raise kind("no", target="t", request=str(request), status=status)

    return answer


def test_one_answer_serves_everybody_who_asks() -> None:
    far = FarEnd(fine)
    found, nothing = examined(far, probe("A-A1", "/a", "/b"), probe("A-A2", "/b", "/a", "/c"))
    assert far.asked == ["GET /a", "GET /b", "GET /c"]
    assert [(p.id, f.told) for p, f in found] == [("A-A1", Told.UNTOLD), ("A-A2", Told.UNTOLD)]
    assert not nothing


def test_a_probe_that_never_has_enough_is_stopped() -> None:
    def more(known: Known, heard: Heard) -> list[Request]:
        return [get(f"/{n}") for n in range(len(heard.answers) + 1)]

    far = FarEnd(fine)
    examined(far, Probe("A-A1", "a", "b", more, silent))
    assert len(far.asked) == MOST_CALLS


@pytest.mark.parametrize(
    ("kind", "status", "seen"),
    [
        (ProviderRefused, 404, Answer(404)),
        (ProviderRefused, 200, Answer(0)),  # a 2xx that says no
        (AnswerInvalid, 200, Answer(0)),
        (AnswerInvalid, 302, Answer(0)),
        (AnswerLost, 0, Answer(0)),
        (ProviderFailed, 503, Answer(503)),
    ],
)
def test_a_fault_is_an_answer_too(kind: type[RemoteFault], status: int, seen: Answer) -> None:
    far = FarEnd(raising(kind, status))
    assert asyncio.run(answered(far, get("/a"))) == seen
    assert examined(far, probe("A-A1", "/a"))[1], "nothing was answered"


def test_a_refused_key_ends_it_but_not_where_none_was_sent() -> None:
    far = FarEnd(raising(Unauthorised, 401))
    with pytest.raises(Unauthorised):
        examined(far, probe("A-A1", "/a", "/b"))
    assert far.asked == ["GET /a"]
    assert asyncio.run(answered(far, get("/a", keyless=True))) == Answer(401)


def test_where_nobody_listens_it_ends() -> None:
    far = FarEnd(raising(ProviderUnreachable))
    with pytest.raises(ProviderUnreachable):
        examined(far, probe("A-A1", "/a", "/b"))


def test_with_and_without_the_key_are_two_questions() -> None:
    far = FarEnd(fine)
    examined(far, asking("A-A1", get("/a"), get("/a", keyless=True)))
    assert len(far.asked) == 2


def test_without_questions_nothing_is_asked_and_nobody_was_silent() -> None:
    far = FarEnd(fine)
    [(_, finding)], nothing = examined(far, probe("A-A1"))
    assert (far.asked, finding, nothing) == ([], untold("nothing"), False)
