"""Each invariant notices what it is there for: an engine with a mistake in it is caught by the histories."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any

import pytest

import reconciler.plan
from reconciler.apply import sinks
from reconciler.apply.book import Book
from reconciler.apply.look import Kinds
from reconciler.model.call import Reply, Request
from reconciler.model.json import canonical
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.record import replace
from reconciler.model.values import sources
from reconciler.wire.budget import Budget
from reconciler.workflow.asking import Asked
from tests.simulation.invariants import violations
from tests.simulation.matched import Matched, fits
from tests.simulation.mischief import Mischief
from tests.simulation.run import tried
from tests.simulation.scenes import scene_of
from tests.simulation.trial import PER_SCENE, History, history, prepared

MOST = 240
"""Histories until a mistake has to be caught."""
LISTED = 13580
"""A history in whose world a component moves to another place in an order that is listed."""
UNHEARD = 2838
"""One at whose end a value is lost, and everybody died who could have said so."""
Bug = Callable[[pytest.MonkeyPatch], None]
send, needed, delivered, build = Asked.send, Book._needed, sinks.delivered, reconciler.plan.build


def caught(
    name: str, bug: Bug, seeds: Iterable[int] = range(0, MOST, PER_SCENE), mischief: Mischief | None = None
) -> bool:
    """Whether the histories of an engine with this bug, each in a world made by one without, violate an
    invariant."""
    for seed in seeds:
        prepared(seed // PER_SCENE)
        with pytest.MonkeyPatch.context() as patch:
            bug(patch)
            _, wrong = tried(seed, mischief)
        if name in {n for n, _ in wrong}:
            return True
    return False


def clean(wanted: Callable[[History], bool]) -> History:
    """The first history that is as wanted, of those that nothing befalls."""
    calm = (history(seed, Mischief()) for seed in range(0, 2 * MOST, PER_SCENE))
    found = next(h for h in calm if wanted(h))
    assert violations(found) == []
    return found


def writes_more(patch: pytest.MonkeyPatch) -> None:
    async def more(asked: Asked, request: Request) -> Reply:
        body = {**request.body, "more": 1} if isinstance(request.body, dict) and not request.safe else request.body
        return await send(asked, replace(request, body=body))

    patch.setattr(Asked, "send", more)


def test_a_write_that_is_not_as_planned_is_seen() -> None:
    assert caught("no unplanned write", writes_more)


def writes_twice(patch: pytest.MonkeyPatch) -> None:
    async def twice(asked: Asked, request: Request) -> Reply:
        reply = await send(asked, request)
        return reply if request.safe or request.method not in ("PUT", "PATCH") else await send(asked, request)

    patch.setattr(Asked, "send", twice)


def test_a_write_that_is_sent_again_for_nothing_is_seen() -> None:
    assert caught("no more writes than explained", writes_twice)


def undeclared(patch: pytest.MonkeyPatch) -> None:
    def more(*args: Any) -> Plan:
        plan = build(*args)
        return replace(plan, calls=tuple(map(_with_a_field, plan.calls)))

    patch.setattr(reconciler.plan, "build", more)


def _with_a_field(call: Call) -> Call:
    fields = {**call.effect.fields, "unheard": "of"}
    return replace(call, effect=replace(call.effect, fields=fields)) if call.phase is Phase.UPDATE else call


def test_a_field_that_nobody_declares_is_seen() -> None:
    assert caught("nothing undeclared is written", undeclared)


def test_a_sequence_is_declared_by_an_order_that_is_listed_and_by_nothing_else() -> None:
    told = history(LISTED, Mischief())
    assert violations(told) == []
    after = tuple(replace(d, spec={k: v for k, v in d.spec.items() if k != "order"}) for d in told.scene.after)
    told.prepared = dataclasses.replace(told.prepared, scene=dataclasses.replace(told.scene, after=after))

    assert {n for n, said in violations(told) if "['sequence']" in said} == {"nothing undeclared is written"}


def test_a_thing_that_nobody_spoke_of_is_seen_to_change() -> None:
    told = clean(lambda h: not h.meddled and "analytics" in h.prepared.states)
    before = deepcopy({**told.prepared.states})
    before["analytics"]["state"]["labels"]["somebody's"] = {"name": "Somebody's"}
    told.prepared = dataclasses.replace(told.prepared, states=before)

    assert "nothing undeclared is written" in {n for n, _ in violations(told)}


def believes_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Kinds, "settled", lambda *_: False)


def test_a_thing_that_is_made_twice_is_seen() -> None:
    lost = Mischief(chance=0.3, faults=8, kinds=("answer lost",))
    assert caught("made at most once", believes_nothing, mischief=lost)


def test_what_was_not_ours_is_seen_to_be_deleted() -> None:
    told = clean(lambda h: any(c.phase is Phase.DELETE for w in Matched(h.trace).writes for c in w.calls))
    for run in told.trace.runs:
        run.bonds = {address: replace(bond, made=False) for address, bond in run.bonds.items()}

    assert "only ours is deleted" in {n for n, _ in violations(told)}


def impatient(patch: pytest.MonkeyPatch) -> None:
    def least(book: Book, call: Call, tied: Collection[frozenset[str]] = ()) -> set[str]:
        if call.trigger is not None or call.carrier is not None or call.id in book.riders:
            return needed(book, call, tied)
        return sources([dict(call.args), dict(call.query), call.body]) & book.calls.keys()

    patch.setattr(Book, "_tie", lambda *_: [])
    patch.setattr(Book, "_needed", least)


def test_a_call_that_does_not_wait_is_seen() -> None:
    assert caught("order", impatient)


def heedless(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Budget, "refused", lambda *_, **__: None)


def test_a_client_that_comes_back_too_soon_is_seen() -> None:
    haste = Mischief(chance=0.3, faults=8, kinds=("throttled",))
    assert caught("within the rate", heedless, mischief=haste)


def unlimited(patch: pytest.MonkeyPatch) -> None:
    async def at_once(_: Budget) -> None:
        return None

    patch.setattr(Budget, "_room", at_once)


def test_more_than_the_rate_is_seen() -> None:
    crowded = (s for s in range(0, 2 * MOST, PER_SCENE) if prepared(s // PER_SCENE).scene.per_minute == 30)
    again = Mischief(chance=0.5, faults=40, kinds=("failed before",))
    assert caught("within the rate", unlimited, crowded, again)


def talkative(patch: pytest.MonkeyPatch) -> None:
    def said(call: Call, body: Any, to: sinks.Sinks) -> str | None:
        missed = delivered(call, body, to)
        return missed if call.sink is None else f"it is {body}"

    patch.setattr("reconciler.apply.send.delivered", said)


def shown_once() -> Iterable[int]:
    """The first history of each world in which something is shown once."""
    scenes = (scene_of(n) for n in range(MOST))
    return (s.number * PER_SCENE for s in scenes if any("toFile" in canonical(dict(d.spec)) for d in s.after))


def test_a_secret_that_is_told_is_seen() -> None:
    assert caught("no secret leaves", talkative, shown_once())


def careless(patch: pytest.MonkeyPatch) -> None:
    def missed(call: Call, *_: Any) -> str | None:
        return "the answer holds no such value" if call.sink is not None else None

    patch.setattr("reconciler.apply.send.delivered", missed)


def test_a_value_that_is_lost_for_nothing_is_seen() -> None:
    assert caught("comes to rest where it should", careless, shown_once(), Mischief())


def test_a_value_of_whose_loss_nobody_hears_is_seen() -> None:
    """The program dies with the answer; the next one looks it up and dies before it says so."""
    told, wrong = tried(UNHEARD)
    assert told is not None
    assert (wrong, told.asked) == ([], [])
    lost = {a for a, bond in told.ended["bonds"].items() if bond["lost"]}
    last = told.trace.runs[-1]
    assert last.plan is not None
    silent = tuple(replace(a, notes=()) if str(a.address) in lost else a for a in last.plan.actions)
    last.plan = replace(last.plan, actions=silent)

    [(_, said)] = violations(told)
    assert {said} == {f"{a}: `link` is lost, and the plan does not say so" for a in lost}


def forgetful(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys.modules["reconciler.apply.settle"], "remember", lambda *_: None)


def test_what_is_forgotten_in_a_crash_is_seen() -> None:
    assert caught("comes to rest where it should", forgetful, range(MOST))


@pytest.mark.parametrize(
    ("planned", "sent", "same"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": {"$from": {"call": "1", "path": "/id"}}}, {"a": "x"}, True),
        ([{"$riders": "3"}], [1, 2], True),
        ([1, 2], [2, 1], False),
    ],
)
def test_a_body_is_the_planned_one_but_for_what_was_not_known(
    planned: object, sent: Mapping[str, object], same: bool
) -> None:
    assert fits(planned, sent) is same
