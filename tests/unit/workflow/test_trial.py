"""What is given up when a draft does not stand the test, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.importing import Draft, Found, Names
from reconciler.model.change import Change, Delta, Entry, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.drafted import Drafted
from reconciler.model.live import Resource
from reconciler.model.place import Place, Problem
from reconciler.workflow import trial
from reconciler.workflow.sheets import Files
from reconciler.workflow.trial import UNEQUAL, Trial
from tests.world import catalog

LABEL = catalog().kind("omni-analytics", "Label")
ONE = Resource("Draft", "Draft", {"verified": True})
AT, HERE = ("Label", "Draft"), Address("t", "Label", "draft")


def draft(**spec: Any) -> Draft:
    return Draft(HERE, Found(LABEL, ONE), Drafted({"name": "Draft", **spec}))


def wrong(**words: Any) -> list[trial.Objection]:
    change = Change(Verb.ADOPT, HERE, **{"live": ONE, **words})
    return trial._wrong(draft(), change)


def test_what_is_as_it_is_stands() -> None:
    assert wrong() == []


def test_what_would_be_sent_is_given_up() -> None:
    delta = Delta(add=(Entry("x", "x"),))
    assert wrong(changed=frozenset({"b", "a"}), deltas={"c": delta, "d": Delta()}) == [
        (AT, name, UNEQUAL) for name in "abc"
    ]


def test_so_is_what_is_held() -> None:
    whole, field = Hold("r", "m/a.yaml:3:4: not so", ""), Hold("r", "fixed", "", only="verified")
    assert wrong(holds=(whole,)) == [(AT, None, "not so")]
    assert wrong(holds=(field,), wire={"verified": True}) == [(AT, "verified", "fixed")]
    assert wrong(holds=(field,), changed=frozenset({"verified"})) == [(AT, "verified", UNEQUAL)]


def test_a_key_that_leads_elsewhere() -> None:
    assert wrong(live=None) == [(AT, None, "its key leads to another thing")]
    assert wrong(live=None, holds=(Hold("r", "is two things", ""),)) == [(AT, None, "is two things")]
    assert wrong(live=Resource("Other", "Draft", {})) == [(AT, None, "its key leads to another thing")]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("t/Label/draft: spec.name: too long", "too long"),
        ("t/Label/draft: too long: very", "too long: very"),
        ("spec.name: too long", "too long"),
        ("a/b is no path: x/y", "a/b is no path: x/y"),
    ],
)
def test_problems_without_what_is_said_before_them(message: str, said: str) -> None:
    assert trial._said(Problem(Place("f"), message)) == said


def test_between_two_documents_it_is_ours_that_goes() -> None:
    problem = Problem(Place("own.yaml", 4, 2), "t/Label/mine: the same as x; the first is at a/b.yaml:12:3")
    assert trial._others([problem]) == [
        Problem(Place("a/b.yaml", 12, 3), "t/Label/mine says the same, at own.yaml:4:2")
    ]


class Ground:
    """As much as giving up needs."""

    def kind(self, name: str) -> Any:
        assert name == "Label"
        return LABEL


def test_a_field_is_given_up_once_and_then_the_thing() -> None:
    one = Trial(Ground(), [], lambda _: Names(), frozenset())  # type: ignore[arg-type]
    one._give_up(AT, "verified", "why")
    assert (one.lost, one.refused) == ({AT: {"verified": "why"}}, {})
    one._give_up(AT, "homepage", "too")
    assert (one.lost, one.refused) == ({AT: {"verified": "why", "homepage": "too"}}, {})
    one._give_up(AT, "verified", "again")
    assert one.refused == {AT: "`verified`: again"}


@pytest.mark.parametrize(
    ("name", "said"), [("name", "`name`: why"), (None, "why"), ("nonsense", "`nonsense`: why")]
)
def test_what_a_manifest_cannot_be_without(name: str | None, said: str) -> None:
    one = Trial(Ground(), [], lambda _: Names(), frozenset())  # type: ignore[arg-type]
    one._give_up(AT, name, "why")
    assert (one.lost, one.refused) == ({}, {AT: said})


def test_two_objections_to_one_field_are_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else the thing itself would go, and come back with the next import."""
    import asyncio

    one = Trial(Ground(), [], lambda _: Names(), frozenset())  # type: ignore[arg-type]
    answers = iter([[(AT, "verified", "first"), (AT, "verified", "second")], []])

    class Desk:
        def files(self, *_: object) -> Files:
            return Files()

    monkeypatch.setattr(Trial, "_desk", lambda *_: Desk())
    monkeypatch.setattr(Trial, "_drafts", lambda *_: [])
    monkeypatch.setattr(Trial, "_unloadable", lambda *_: next(answers))

    async def equal(*_: object) -> list[Any]:
        return []

    monkeypatch.setattr(Trial, "_unequal", equal)
    asyncio.run(one.run(None))  # type: ignore[arg-type]
    assert (one.lost, one.refused) == ({AT: {"verified": "first"}}, {})


def test_what_was_refused_gets_a_second_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood in its way may have been given up since."""
    import asyncio

    one = Trial(Ground(), [], lambda _: Names(), frozenset())  # type: ignore[arg-type]
    other = ("Label", "Other")
    answers = iter([[(AT, "name", "as other"), (other, None, "as one")], [], [(other, None, "still")], []])

    class Desk:
        def files(self, *_: object) -> Files:
            return Files()

    async def equal(*_: object) -> list[Any]:
        return []

    monkeypatch.setattr(Trial, "_desk", lambda *_: Desk())
    monkeypatch.setattr(Trial, "_drafts", lambda *_: [])
    monkeypatch.setattr(Trial, "_unloadable", lambda *_: next(answers))
    monkeypatch.setattr(Trial, "_unequal", equal)
    asyncio.run(one.run(None))  # type: ignore[arg-type]
    assert one.refused == {other: "still"}
