"""Calls that follow one another, and sets of which several entries go in one call."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.apply.bind import bind
from reconciler.apply.book import Book
from reconciler.apply.ink import Ink
from reconciler.apply.judge import facts
from reconciler.apply.send import Sender
from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.faults import ProviderRefused
from reconciler.model.json import Json
from reconciler.model.live import Collection, Resource
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import WHOLE, Eyes, Notebook, Pen, action, book, call, clock, fallback, kinds
from tests.world import OMNI

G = Address(OMNI, "UserGroup", "g")
F = Address(OMNI, "Folder", "f")
PROMISED = '{"$id":"analytics/UserGroup/g"}'


def follows(one: Call, *others: int) -> Call:
    return replace(one, follows=frozenset(map(str, others)))


@pytest.mark.parametrize("end", [End.DONE, End.FAILED, End.HELD, End.BLOCKED])
def test_what_follows_waits_for_the_end_whatever_it_is(end: End) -> None:
    found = book(call(1), follows(call(2), 1))
    assert [c.id for c in ready(found)] == ["1"]

    found.end(Outcome("1", end))

    [second] = ready(found)
    assert found.verdict(second) is None


def test_what_follows_waits_for_the_fall_backs_too() -> None:
    found = book(call(1), fallback(2, 1), follows(call(3), 1), c1=End.FAILED)

    assert [c.id for c in ready(found)] == ["2"]


def ready(found: Book) -> list[Call]:
    taken = []
    while (one := found.take(OMNI)) is not None:
        taken.append(one)
    return taken


def test_a_bond_names_its_entries_by_the_ids_they_have_got() -> None:
    journal, found = Notebook(), book(call(1, G, phase=Phase.CREATE), call(2, F))
    found.end(Outcome("1", End.DONE, result={Fact.ID: "g7"}))
    found.end(Outcome("2", End.DONE))
    digests = {f"permissions/{PROMISED}": "d", "permissions/u1": "e", "path": "p"}
    known = Bond(F, "f1", digests=digests, entries={"permissions": (PROMISED, "u1")})

    bind(journal, "run", found, action(Verb.UPDATE, 2, address=F, bond=known), {})

    [(told, _)] = journal.bonds
    assert told.entries == {"permissions": ("g7", "u1")}
    assert told.digests == {"permissions/g7": "d", "permissions/u1": "e", "path": "p"}


def test_one_part_of_an_entry_may_be_what_has_got_an_id() -> None:
    journal, found = Notebook(), book(call(1, G, phase=Phase.CREATE), call(2, F))
    found.end(Outcome("1", End.DONE, result={Fact.ID: "g7"}))
    found.end(Outcome("2", End.DONE))
    texts = (f'["a",{PROMISED}]', f'[{PROMISED},"b"]', '["c","d"]')
    known = Bond(F, "f1", digests={f"shifts/{t}": "d" for t in texts}, entries={"shifts": texts})

    bind(journal, "run", found, action(Verb.UPDATE, 2, address=F, bond=known), {})

    [(told, _)] = journal.bonds
    assert told.entries == {"shifts": ('["a","g7"]', '["g7","b"]', '["c","d"]')}
    assert {*told.digests} == {f"shifts/{t}" for t in told.entries["shifts"]}


def test_an_entry_that_never_got_an_id_is_none() -> None:
    journal = Notebook()
    known = Bond(F, "f1", digests={f"permissions/{PROMISED}": "d"}, entries={"permissions": (PROMISED,)})

    bind(journal, "run", book(), action(Verb.UPDATE, address=F, bond=known), {})

    [(told, _)] = journal.bonds
    assert (told.digests, told.entries) == ({}, {"permissions": ()})


def grant(*who: str, gone: bool = False, role: Role = Role.WRITE) -> Call:
    wires = () if gone else tuple((i, {"users": i, "role": "EDITOR"}) for i in who)
    effect = Effect(set_field="permissions", present=wires, absent=who if gone else ())
    phase = Phase.REMOVE if gone else Phase.ADD
    one = call(1, F, path="/v1/folders/f1/permissions", effect=effect, set_field="permissions", phase=phase)
    return replace(one, live_id="f1", verify=True, role=role)


def test_one_call_adds_several_entries_also_as_a_fall_back() -> None:
    assert facts(grant("a", "b"), None, {}) == {Fact.ADDED: ["permissions", ["a", "b"]]}
    assert facts(grant("a", role=Role.CONTINGENT), None, {}) == {Fact.ADDED: ["permissions", ["a"]]}


def sent(one: Call, *left: str) -> Outcome:
    """How a call ended that was answered 404; `left`: who is still in the set."""
    shown: list[Json] = [{"users": i, "role": "EDITOR"} for i in left]
    live = Collection("Folder", (Resource("f1", ["F"], {"permissions": shown}),), WHOLE)
    journal = Notebook()
    pen = Pen([ProviderRefused("not there", target=OMNI, request="DELETE", status=404)], journal)
    sender = Sender(pen, journal, Ink(journal), Eyes([live]), kinds(one), clock(), "run")
    return asyncio.run(sender.send(one, {}))[0]


def test_one_that_was_gone_already_is_done() -> None:
    assert sent(grant("a", gone=True), "a").end is End.DONE


def test_of_several_one_that_was_gone_keeps_the_others_from_counting() -> None:
    assert sent(grant("a", "b", gone=True), "b").end is End.FAILED
    done = sent(grant("a", "b", gone=True))
    assert (done.end, done.result) == (End.DONE, {Fact.REMOVED: ["permissions", ["a", "b"]]})
