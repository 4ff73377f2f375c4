"""A Reader that asks each question once, unless it is asked again within one reading."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.faults import ProviderRefused
from reconciler.workflow.memory import Downloads, Memory, keeping
from tests.world import catalog


class Counting:
    def __init__(self) -> None:
        self.count = 0

    async def read(self, request: Request) -> Reply:
        self.count += 1
        if request.path == "/gone":
            raise ProviderRefused("gone", target="t", request=str(request), status=404)
        return Reply(200, self.count)


def test_a_question_is_asked_once_per_command_and_anew_within_a_reading() -> None:
    async def run() -> None:
        memory, request = Memory(Counting()), Request("t", "GET", "/a", safe=True)
        assert (await memory.read(request)).body == 1
        memory.begin()
        assert (await memory.read(request)).body == 1
        assert (await memory.read(request)).body == 2
        memory.begin()
        assert (await memory.read(request)).body == 2
        assert (await memory.read(Request("t", "POST", "/a", body={"a": 1}, safe=True))).body == 3
        assert memory.requests == 3

    asyncio.run(run())


def test_a_refusal_is_remembered_too() -> None:
    async def run() -> None:
        memory = Memory(Counting())
        for _ in range(3):
            memory.begin()
            with pytest.raises(ProviderRefused):
                await memory.read(Request("t", "GET", "/gone", safe=True))
        assert memory.requests == 1

    asyncio.run(run())


def test_what_is_downloaded_is_kept() -> None:
    downloads: Downloads = {}
    known = keeping(catalog(), downloads)
    decode = known.providers["omni-cms"].decode
    assert decode is not None
    decode(Request("t", "GET", "/x", safe=True, media="download"), "image/png", b"abc")
    decode(Request("t", "GET", "/x", safe=True), "application/json", b"{}")
    assert list(downloads.values()) == [b"abc"]
