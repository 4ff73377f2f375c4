"""A server that says more than it was asked: what it said besides is nobody's answer."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from reconciler.wire.unread import unread
from tests.unit.wire.far_end import Answer, FarEnd, answer
from tests.unit.wire.test_tls import needs_openssl, papers
from tests.unit.wire.world import GET, POST, Hands, run, wire

MINE, THEIRS = answer({"mine": True}), answer({"theirs": True})
SAYINGS = {"at once": MINE + THEIRS, "one after the other": (MINE, THEIRS), "half of it": MINE + THEIRS[:20]}
every = pytest.mark.parametrize("said", SAYINGS.values(), ids=SAYINGS)


async def talk(said: Answer, server: ssl.SSLContext | None = None, ca_file: str | None = None) -> None:
    async with FarEnd((said, MINE), tls=server) as far, wire(far.url, Hands(), ca_file=ca_file) as line:
        assert (await line.read(GET)).body == {"mine": True}
        await asyncio.sleep(0.05)  # what follows has come by now
        assert (await line.send(POST)).body == {"mine": True}
        assert far.connections == 2
        await line.read(GET)
        assert far.connections == 2, "whoever says no more than that is asked again"


@every
def test_what_follows_an_answer_is_not_the_next_one(said: Answer) -> None:
    run(talk(said))


@every
@needs_openssl
def test_what_follows_an_answer_in_another_tls_record_is_not_the_next_one(tmp_path: Path, said: Answer) -> None:
    mine = papers(tmp_path, "IP:127.0.0.1")
    run(talk(said, mine.server, str(mine.certificate)))


def test_where_nobody_can_tell_the_connection_is_not_used_again() -> None:
    class Strange:
        pass

    assert unread(Strange(), Strange()) is True  # type: ignore[arg-type]
