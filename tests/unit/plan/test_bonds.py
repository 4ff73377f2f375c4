"""What the ledger will remember of a thing: what is declared now, and what it knew and still holds."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Lifecycle, Nest
from reconciler.model.json import Json
from reconciler.model.plan import RECORDED_NEXT, Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.plan.samples import FINAL, address, create, plan_of, rename, thing
from tests.world import doc

LIVE = thing("x1", "x1")
AT = address("Label", "a")
PAST = Bond(
    AT, "x1", key="x1", digests={"name": "n1", "color": "c1", "old": "o1"},
    sent={"name": 2, "color": 3, "old": 4}, differs={"name": "server's", "color": "own", "old": "words"},
    lost=("token",), told={"set/1": {"id": 7}},
)  # fmt: skip
NOW = rename("Label", "a", LIVE, "x2", digests={"name": "n1", "color": "c2"}, bond=PAST)


def bond(*changes: Change) -> Bond:
    """What will be remembered of the first one."""
    plan = plan_of(changes)
    found = next(a.bond for a in plan.actions if a.address == changes[0].address)
    assert found is not None
    return found


# What it knew.


def test_what_is_known_of_a_field_stays_as_long_as_the_same_is_declared() -> None:
    found = bond(NOW)

    assert (found.sent, found.differs) == ({"name": 2}, {"name": "server's"})
    assert (found.lost, found.told) == (("token",), {"set/1": {"id": 7}})
    assert (found.id, found.key, found.digests) == ("x1", "x2", {"name": "n1", "color": "c2"})


def test_either_can_be_known_without_the_other() -> None:
    sent, differs = replace(PAST, differs={}), replace(PAST, sent={})

    assert [bond(replace(NOW, bond=b)).sent for b in (sent, differs)] == [{"name": 2}, {}]
    assert [bond(replace(NOW, bond=b)).differs for b in (sent, differs)] == [{}, {"name": "server's"}]


def test_what_is_shown_again_is_no_longer_lost() -> None:
    assert bond(replace(NOW, once={"token": "2"})).lost == ()


@pytest.mark.parametrize("words", [{"bond": None}, {"bond": replace(PAST, id="x9")}])
def test_of_another_thing_nothing_is_known(words: dict[str, Any]) -> None:
    found = bond(replace(NOW, **words))

    assert (found.sent, found.differs, found.lost, found.told) == ({}, {}, (), {})
    assert (found.id, found.digests) == ("x1", {"name": "n1", "color": "c2"})


def test_what_is_made_again_begins_without_a_past() -> None:
    again = create("Label", "a", "x1", digests={"name": "n1"}, bond=PAST)

    assert bond(again) == Bond(AT, "", "x1", made=True, label="x1", on_remove="delete", digests={"name": "n1"})


# What is declared now.


def test_who_made_it() -> None:
    """What was adopted is not ours, whatever is done to it later."""
    assert [bond(c).made for c in (NOW, replace(NOW, was_made=True), create("Label", "a", "x"))] == [
        False, True, True,
    ]  # fmt: skip


def test_the_words_of_the_document_go_before_the_habit_of_the_kind() -> None:
    mine = replace(create("Label", "a", "x1"), document=doc("Label", "a", {"name": "x1"}, on_remove="release"))

    assert bond(mine).on_remove == "release"
    assert bond(create("Label", "a", "x1")).on_remove == "delete"


def test_tokens_and_lists_of_nested_documents_are_remembered() -> None:
    assert NOW.document is not None
    nest = Nest(address("Label", "around"), exact_in=("analytics/Label/around.parts",))
    inside = replace(NOW, document=replace(NOW.document, nest=nest, once={"token": "1"}))

    assert (bond(inside).exact_in, bond(inside).once) == (("analytics/Label/around.parts",), {"token": "1"})
    assert (bond(NOW).exact_in, bond(NOW).once) == ((), {})


def test_names_lead_to_ids_or_to_what_will_be_one() -> None:
    coming: Json = {"$id": "analytics/User/jane"}
    named = replace(NOW, names={"User/joe": "u1", "User/jane": coming})

    assert bond(named).names == {"User/joe": "u1", "User/jane": '{"$id":"analytics/User/jane"}'}
    assert bond(NOW).names == {}


# What is kept of a field that is not sent.


def filed(**words: Any) -> Change:
    """A document whose folder is yet to be made; nothing of it is sent."""
    live = replace(thing("d", "d"), fields={"identifier": "d", "folder": "f"})
    wire: dict[str, Json] = {"identifier": "d", "folder": {"$id": "analytics/Folder/new"}}
    digests = {"identifier": "i1", "folder": "f1", "folder.part": "f2", "folders": "f3"}
    document, at = doc("Document", "d", {"identifier": "d", "folder": "New"}), address("Document", "d")
    return Change(Verb.NONE, at, document, live, "d", "d", wire=wire, digests=digests, **words)


NEW = create("Folder", "new", ["New"])


def test_nothing_is_kept_of_what_names_a_thing_to_come_and_is_not_sent() -> None:
    """That has no id by now, so that nothing could be compared with it later."""
    assert bond(filed(), NEW).digests == {"identifier": "i1", "folders": "f3"}


def test_what_is_sent_is_kept_whatever_it_names() -> None:
    sent = replace(filed(changed=frozenset({"folder"})), holds=(FINAL,))

    assert bond(sent, NEW).digests == sent.digests


@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.REPLACE])
def test_only_where_something_is_made_can_an_id_be_still_to_come(verb: Verb) -> None:
    made = replace(NEW, verb=verb, live=None if verb is Verb.CREATE else thing("f", ["New"]), holds=(FINAL,))

    assert bond(filed()).digests == filed().digests
    assert "folder" not in bond(filed(), made).digests


# What an apply is still to record.


def as_declared(old: Bond, **life: Any) -> Plan:
    document = replace(doc("Label", "a", {"name": "x1"}), lifecycle=Lifecycle(**life))
    change = Change(Verb.NONE, AT, document, LIVE, "x1", "x1", wire={"name": "x1"}, bond=old, notes=("first",))
    return plan_of([change])


OLD = Bond(AT, "x1", "x1", made=False, on_remove="release", protect=True, allow=("rename", "delete"))
LIFE: dict[str, Any] = {"on_remove": "release", "protect": True, "allow": frozenset({"delete", "rename"})}


@pytest.mark.parametrize(
    ("life", "told"),
    [
        ({}, False),
        ({"on_remove": "delete"}, True),
        ({"protect": False}, True),
        ({"allow": frozenset({"delete"})}, True),
        ({"allow": frozenset()}, True),
    ],
)
def test_that_leaving_git_means_something_else_now_is_told_while_it_is_not_recorded(
    life: dict[str, Any], told: bool
) -> None:
    assert as_declared(OLD, **{**LIFE, **life}).actions[0].notes == ("first", *([RECORDED_NEXT] if told else []))


def test_what_changes_anyhow_is_recorded_with_it_and_what_was_unknown_is_no_change() -> None:
    notes = ("first",)
    changed, unknown = replace(NOW, bond=OLD, notes=notes), replace(NOW, verb=Verb.NONE, bond=None, notes=notes)

    assert [plan_of([c]).actions[0].notes for c in (changed, unknown)] == [notes, notes]
