"""A secret goes where the plan shows it, whether the request arrives or not; anywhere else it is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.json import canonical
from reconciler.model.record import replace
from reconciler.workflow.asking import Asked
from tests.simulation import world
from tests.simulation.invariants import violations
from tests.simulation.mischief import Mischief
from tests.simulation.scenes import FILES, SECRETS, scene_of
from tests.simulation.secrets import canaries
from tests.simulation.trace import Exchange
from tests.simulation.trial import PER_SCENE, History, history, prepared

SCENES = 120
NEVER_THERE = Mischief(chance=0.7, faults=20, kinds=("unsent", "lost", "mute before"))
Bug = Callable[[pytest.MonkeyPatch], None]
send, secret = Asked.send, world.secret


@cache
def seeds() -> tuple[int, ...]:
    """Histories in whose documents a secret is named."""
    scenes = (scene_of(n) for n in range(SCENES))
    return tuple(s.number * PER_SCENE for s in scenes if "fromFile" in canonical([dict(d.spec) for d in s.after]))


def with_a_secret(told: History, arrived: bool) -> list[Exchange]:
    secrets = canaries(told)
    there = (one for one in told.trace.exchanges if (one.arrived is not None) == arrived)
    return [one for one in there if any(s in one.content.decode("latin-1") for s in secrets)]


def test_a_secret_in_a_lost_request_is_where_it_should_be() -> None:
    lost = 0
    for seed in seeds():
        told = history(seed, NEVER_THERE)
        assert violations(told) == []
        lost += len(with_a_secret(told, arrived=False))

    assert lost


def seen(bug: Bug, mischief: Mischief, arrived: bool) -> bool:
    """Whether a request that did or did not arrive is said to carry a secret, in worlds made without the bug."""
    for seed in seeds():
        prepared(seed // PER_SCENE)
        with pytest.MonkeyPatch.context() as patch:
            bug(patch)
            told = history(seed, mischief)
        said = [text for name, text in violations(told) if name == "no secret leaves"]
        sent = [one.line() for one in with_a_secret(told, arrived)]
        if any(text.startswith(line) for text in said for line in sent):
            return True
    return False


def tells_more(patch: pytest.MonkeyPatch) -> None:
    async def more(asked: Asked, request: Request) -> Reply:
        body: Any = request.body
        if isinstance(body, dict) and not request.safe:
            body = {**body, "more": FILES[SECRETS[0]].decode()}
        return await send(asked, replace(request, body=body))

    patch.setattr(Asked, "send", more)


def test_a_secret_in_a_lost_request_that_need_not_carry_it_is_seen() -> None:
    assert seen(tells_more, NEVER_THERE, arrived=False)


def tells_another(patch: pytest.MonkeyPatch) -> None:
    other, named = dict(zip(SECRETS, SECRETS[1:] + SECRETS[:1], strict=True)), "fromFile"
    patch.setattr(world, "secret", lambda of: secret({**of, named: other.get(str(of[named]), of[named])}))


@pytest.mark.parametrize(("mischief", "arrived"), [(NEVER_THERE, False), (Mischief(), True)])
def test_another_secret_than_the_planned_one_is_seen(mischief: Mischief, arrived: bool) -> None:
    assert seen(tells_another, mischief, arrived)
