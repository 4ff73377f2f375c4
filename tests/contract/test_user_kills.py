"""An apply that is killed at any of its writes, and run again: it ends where it would have ended; a key that
nobody has seen is one question, and the next key is good (CM-R50, CM-R54)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler import workflow
from reconciler.model.call import Reply, Request
from reconciler.model.document import Document
from reconciler.workflow.asking import Asked
from tests.contract.test_user_keys import opens
from tests.contract.users import BOB, FILE, GOING, JANE, NEW, OWN, accounts, carried_out, key_of, user
from tests.world import World

WRITES = 7
OLD = "old@example.com"


def before(u: World) -> None:
    others = [user(BOB), user(OLD, version=1, **GOING), user(OWN, "own")]
    for version in (1, 2):
        carried_out(u, user(JANE, version=version, key="present"), *others)
    (u.root / FILE).write_text("another-Pass-4712")


def wanted() -> list[Document]:
    return [
        user(JANE, version=3, active=True, key="present", token="1"),
        user("robert@example.com", "bob", active=True, previous_key=BOB),
        user(NEW, version=1, key="present"),
        user("second@example.com", version=1, active=False),
        user(OWN, "own"),
    ]


def shown(u: World) -> dict[str, Any]:
    """What there is, but for ids and the keys themselves."""
    return {
        email: (one["active"], one["password"], one["api_key"] is not None) for email, one in accounts(u).items()
    }


class Deadly:
    """The n-th write is the last thing this process does: before it is sent, or before its answer is looked at."""

    def __init__(self, n: int, *, answered: bool) -> None:
        self.n, self.answered, self.line, self.usual = n, answered, "", Asked.send

    async def __call__(self, asked: Asked, request: Request) -> Reply:
        self.n -= not request.safe
        if self.n or request.safe:
            return await self.usual(asked, request)
        self.line = f"{request.method} {request.path}"
        if self.answered:
            await self.usual(asked, request)
        raise asyncio.CancelledError


def killed(u: World, monkeypatch: pytest.MonkeyPatch, n: int, *, answered: bool) -> str:
    """Which write it died at."""
    plan = u.plan(*wanted())
    assert len(plan.writes) == WRITES
    deadly = Deadly(n, answered=answered)
    with monkeypatch.context() as patched:
        patched.setattr(Asked, "send", lambda asked, request: deadly(asked, request))  # noqa: PLW0108 - bound
        with pytest.raises(asyncio.CancelledError):
            u.apply(plan)
    return deadly.line


def ends(u: World) -> Mapping[str, Any]:
    """Run again until nothing is left; the questions on the way."""
    _, questions, _ = asyncio.run(workflow.settle(u.setup()))
    for _ in range(2):
        report = u.apply(u.plan(*wanted()))
        assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}, report.outcomes
    assert u.plan(*wanted()).writes == ()
    return {"questions": questions, "shown": shown(u)}


@pytest.mark.parametrize("answered", [False, True], ids=["unsent", "answered"])
@pytest.mark.parametrize("n", range(1, WRITES + 1))
def test_cm_r54_killed_at_any_write_it_ends_where_it_would_have_ended(
    u: World, monkeypatch: pytest.MonkeyPatch, n: int, answered: bool
) -> None:
    before(u)

    line = killed(u, monkeypatch, n, answered=answered)
    end = ends(u)

    emails = {OWN, JANE, "robert@example.com", NEW, "second@example.com"}
    assert end["shown"].keys() == emails
    assert {e for e, (active, _, _) in end["shown"].items() if not active} == {"second@example.com"}
    assert {e for e, (_, _, key) in end["shown"].items() if key} == {OWN, JANE, NEW}
    assert end["shown"][JANE][1] == end["shown"][NEW][1] != end["shown"][OWN][1], "the new password is set"
    assert opens(u, key_of(u, "jane")), line
    key_lost = "/user/key/" in line and (answered or line.endswith("/2"))
    assert len(end["questions"]) == key_lost, (line, end["questions"])
    fresh_lost = key_lost and not line.endswith("/2")
    if fresh_lost:  # nobody had declared a token: the question says which
        assert "`once: {rotateKey: …}`" in end["questions"][0]
    else:
        assert opens(u, key_of(u, "new.one")), line
