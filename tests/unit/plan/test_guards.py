"""Every guard says no, with a rule, a reason and a way out; and yes where nothing is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address, DeleteLimit, Desired
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Proof, Resource
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.plan.referred import made_by, named, named_elsewhere
from tests.unit.plan.samples import (
    FINAL,
    TARGETS,
    WAIT,
    address,
    create,
    delete,
    held,
    lines,
    live_of,
    plan_of,
    rename,
    rules,
    thing,
)
from tests.world import OMNI, TRACKER, catalog, doc

LABEL = thing("x1", "x1", uses=0)
GONE = delete("Label", "a", LABEL)


def only_hold(plan: Plan) -> tuple[str, bool]:
    (hold,) = (h for a in plan.actions for h in a.holds)
    assert hold.reason
    assert hold.way_out
    return hold.rule, hold.final


def test_a_delete_that_nothing_speaks_against() -> None:
    plan = plan_of([GONE])

    assert (rules(plan), [c.line for c in plan.writes], plan.bound) == ({}, ["DELETE /v1/labels/x1"], 1)


def test_protection_is_the_ledgers_word() -> None:
    bond = Bond(GONE.address, "x1", protect=True)

    plan = plan_of([GONE], bonds=[bond])

    assert only_hold(plan) == ("protected", False)
    assert held(plan) == {"a": ("protected",)}
    assert (plan.writes, plan.bound) == ((), 0)


def test_what_others_made_is_not_ours() -> None:
    assert only_hold(plan_of([delete("Label", "a", LABEL, made=False)])) == ("not-ours", False)


@pytest.mark.parametrize(
    ("verb", "way"),
    [
        (Verb.DELETE, "delete it by hand, or"),
        (Verb.ARCHIVE, "put the document back with the values you want it to have, or"),
        (Verb.DEACTIVATE, "put the document back with the values you want it to have, or"),
    ],
)
def test_what_is_not_ours_has_a_way_out_for_each_removal(verb: Verb, way: str) -> None:
    (hold,) = plan_of([replace(delete("Label", "a", LABEL, made=False), verb=verb)]).actions[0].holds

    assert hold.reason == f"it was adopted, not created here: not ours to {verb}"
    assert hold.way_out.startswith(way)


def test_nothing_is_deleted_on_the_word_of_half_a_list() -> None:
    plan = plan_of([GONE], live_of(("Label", LABEL), proof=Proof(complete=False, by="3 of 4 came")))

    assert only_hold(plan) == ("unproven-listing", True)
    assert "3 of 4 came" in plan.actions[0].holds[0].reason
    assert plan.calls == ()


@pytest.mark.parametrize(
    ("deletes", "live", "limit", "held_back"),
    [
        (2, 2, DeleteLimit(10, 30), False),  # few: a percentage says nothing
        (3, 10, DeleteLimit(10, 30), False),
        (3, 9, DeleteLimit(10, 30), True),
        (2, 100, DeleteLimit(1, 30), True),
        (1, 1, DeleteLimit(0, 100), True),
    ],
)
def test_many_deletes_are_held_all_of_them(deletes: int, live: int, limit: DeleteLimit, held_back: bool) -> None:
    labels = [thing(f"x{i}", f"x{i}", uses=0) for i in range(live)]
    changes = [delete("Label", one.id, one) for one in labels[:deletes]]

    plan = plan_of(changes, live_of(*(("Label", one) for one in labels)), limit=limit)

    assert len(plan.held) == (deletes if held_back else 0)
    assert {r for rule in rules(plan).values() for r in rule} == ({"too-many-deletes"} if held_back else set())


def test_the_limit_is_per_kind() -> None:
    labels = [thing(f"x{i}", f"x{i}", uses=0) for i in range(2)]
    folders = [thing(f"f{i}", [f"F{i}"], documents=0, children=0) for i in range(2)]
    changes = [delete("Label", r.id, r) for r in labels] + [delete("Folder", r.id, r) for r in folders]

    assert plan_of(changes, limit=DeleteLimit(2, 100)).held == ()
    assert len(plan_of(changes, limit=DeleteLimit(1, 100)).held) == 4


@pytest.mark.parametrize(("uses", "rule"), [(0, None), (1, "in-use"), (None, "contents-unknown")])
def test_what_is_in_use_or_cannot_be_known_stays(uses: int | None, rule: str | None) -> None:
    plan = plan_of([delete("Label", "a", thing("x1", "x1", uses=uses))])

    assert rules(plan) == ({"a": [rule]} if rule else {})
    if rule:
        assert only_hold(plan)[1]


def untagged(name: str, *labels: str, **words: Any) -> Change:
    """A document that loses labels."""
    own = Resource(name, name, {"labels": [*labels]})
    delta = Delta(remove=tuple(Entry(one, one) for one in labels))
    document = doc("Document", name, {"identifier": name, "labels": []})
    at = address("Document", name)
    return Change(Verb.UPDATE, at, document, own, name, name, deltas={"labels": delta}, **words)


def test_what_loses_a_thing_from_a_set_in_the_same_plan_uses_it_no_more() -> None:
    used = thing("x1", "x1", uses=2)

    assert lines(plan_of([delete("Label", "a", used), untagged("p", "x1"), untagged("q", "x1")]))[-1] == (
        "delete Label x1"
    )
    assert rules(plan_of([delete("Label", "a", used), untagged("p", "x1")])) == {"a": ["in-use"]}
    waiting = untagged("q", "x1", holds=(replace(WAIT, only="remove"),))
    assert rules(plan_of([delete("Label", "a", used), untagged("p", "x1"), waiting]))["a"] == ["in-use"]


# Folders in folders.


def folder(remote_id: str, *chain: str, parent: str | None = None, **contents: int) -> Resource:
    return thing(remote_id, [*chain], parent=parent, **{"children": 0, "documents": 0, **contents})


ROOT, LEAF = folder("f", "A", children=1), folder("g", "A", "B", parent="f")


def gone(*folders: Resource, **words: Any) -> list[Change]:
    return [delete("Folder", one.id, one, **words) for one in folders]


def test_children_that_go_do_not_count() -> None:
    assert lines(plan_of(gone(ROOT, LEAF))) == ["delete Folder A/B", "delete Folder A"]


def test_a_child_that_stays_keeps_what_it_lies_in_and_so_on_upwards() -> None:
    top, middle = folder("t", "T", children=1), folder("m", "T", "M", parent="t", children=1)
    full = folder("l", "T", "M", "L", parent="m", documents=1)

    plan = plan_of(gone(top, middle, full))

    assert rules(plan) == {"t": ["in-use"], "m": ["in-use"], "l": ["in-use"]}
    assert plan.calls == ()


def test_a_child_whose_hold_can_be_lifted_holds_its_parent_by_an_edge() -> None:
    plan = plan_of([*gone(ROOT), *gone(LEAF, made=False)])

    assert rules(plan) == {"g": ["not-ours"]}
    assert held(plan) == {"g": ("not-ours",), "f": ("depends on 1",)}


@pytest.mark.parametrize("holds", [(), (WAIT,), (FINAL,)])
def test_a_folder_in_which_something_is_declared_stays(holds: tuple[object, ...]) -> None:
    """Whether that can be made now or not: it belongs there."""
    empty = folder("f", "A")

    plan = plan_of([*gone(empty), create("Folder", "new", ["A", "New"], parent="f", holds=holds)])

    assert rules(plan)["f"] == ["in-use"]


# What came about with it.


def invitation(email: str, name: str = "i") -> Change:
    at = Address(TRACKER, "Invitation", name)
    return Change(Verb.DELETE, at, live=Resource(email, email, {"invitationId": "i-1"}), key=email, was_made=True)


def naming(kind: str, spec: JsonObject) -> Change:
    document = doc(f"{TRACKER}/{kind}", "d", spec)
    return Change(Verb.NONE, document.address, document, live=thing("l", "l"))


def studio_kind(change: Change) -> Kind:
    return catalog().kind("studio-tracker", change.address.kind)


NEW = "new@example.com"
NAMED: list[tuple[str, JsonObject]] = [
    ("ClientTeam", {"slug": "l", "members": [{"user": "a@example.com"}, {"user": "NEW@example.com"}]}),
    ("Pod", {"slug": "l", "lead": NEW}),
    ("Pod", {"slug": "l", "members": ["a@example.com", NEW]}),
    ("BookingPlan", {"name": "l", "scope": {"users": [NEW]}}),
    ("BookingPlan", {"name": "l", "bookings": [{"user": NEW, "jobNumber": "1"}]}),
]


@pytest.mark.parametrize(("kind", "spec"), NAMED)
def test_what_brought_about_something_that_is_named_stays(kind: str, spec: JsonObject) -> None:
    """By the key as it is written: whether anybody knows that person or not."""
    plan = plan_of([invitation(NEW), invitation("other@example.com", "j"), naming(kind, spec)])

    assert rules(plan) == {"i": ["in-use"]}
    (hold,) = (h for a in plan.actions for h in a.holds)
    assert (hold.final, f"studio/{kind}/d names the User" in hold.reason) == (True, True)
    assert [c.line for c in plan.writes] == ["DELETE /api/org/invitations/i-1"]


def test_what_another_target_names_is_somebody_else() -> None:
    elsewhere = naming("Pod", {"slug": "l", "lead": NEW})
    other = Address("other", "Invitation", "i")

    assert (
        made_by([replace(invitation(NEW), address=other), elsewhere], Desired((), TARGETS, ""), studio_kind) == {}
    )


def test_what_was_not_selected_names_it_too() -> None:
    document = naming("Pod", {"slug": "l", "lead": NEW}).document
    assert document is not None
    deleted = invitation(NEW)

    found = made_by([deleted], Desired((), TARGETS, "", declared=(document,)), studio_kind)

    assert found == {deleted.address: document.address}


@pytest.mark.parametrize("name", ["ANN@example.com", "ann"])
def test_what_was_not_selected_names_what_is_deleted(name: str) -> None:
    """By the key as it is written, or by the name of the document that left git."""
    others = (doc("UserGroup", "g", {"name": "G", "members": [name]}), doc("UserGroup", "h", {"name": "H"}))
    leaves = Change(
        Verb.DELETE, Address(OMNI, "User", "ann"), live=thing("u", "ann@example.com"), key="ann@example.com"
    )

    def kinds(change: Change) -> Kind:
        return catalog().kind("omni-analytics", change.address.kind)

    assert named_elsewhere([leaves], Desired((), TARGETS, "", declared=others), kinds) == {
        leaves.address: others[0].address
    }
    assert named_elsewhere([leaves], Desired((), TARGETS, ""), kinds) == {}


def test_a_set_that_is_in_sync_and_an_owner_nobody_declares_name_things_too() -> None:
    declared = doc("UserGroup", "g", {"name": "G", "members": ["ann@example.com"]})
    members = Delta(kept=(Entry("ann@example.com", "u"),))
    group = Change(Verb.NONE, declared.address, declared, live=thing("g", "G"), deltas={"members": members})
    mine = doc("Folder", "f", {"path": "Mine"})
    folder_ = Change(Verb.NONE, mine.address, mine, live=Resource("f", ["Mine"], {"owner": "v"}))

    found = named([group, folder_], lambda c: catalog().kind("omni-analytics", c.address.kind))

    assert found == {(OMNI, "User", "u"): declared.address, (OMNI, "User", "v"): mine.address}


def test_what_a_part_of_a_field_names_is_named() -> None:
    roles = doc("ModelRoles", "roles", {"subject": {"group": "Team"}})
    change = Change(Verb.NONE, roles.address, roles, wire={"subject": {"group": "grp00001"}})

    found = named([change], lambda c: catalog().kind("omni-analytics", c.address.kind))

    assert found == {(OMNI, "UserGroup", "grp00001"): roles.address}


# The last of its kind.


def test_the_last_team_stays() -> None:
    team = thing("t", "brand", projects=0)

    plan = plan_of([delete("ClientTeam", "a", team)])

    assert only_hold(plan) == ("last-one", True)
    others = live_of(("ClientTeam", team), ("ClientTeam", thing("u", "other")))
    assert plan_of([delete("ClientTeam", "a", team)], others).held == ()


@pytest.mark.parametrize(
    ("held_back", "deleted"), [(None, True), (replace(FINAL, only="remove"), True), (WAIT, False)]
)
def test_a_team_that_is_made_first_counts(held_back: object, deleted: bool) -> None:
    new = create("ClientTeam", "new", "new", holds=(held_back,) if held_back else ())

    plan = plan_of([delete("ClientTeam", "old", thing("t", "brand", projects=0)), new])

    assert ("last-one" not in rules(plan).get("old", [])) is deleted


# What only deletes are asked.


def test_guards_speak_of_deletes_alone() -> None:
    part = Proof(complete=False, by="")

    plan = plan_of(
        [rename("Label", "a", LABEL, "x2")], live_of(("Label", LABEL), proof=part), limit=DeleteLimit(0, 0)
    )

    assert rules(plan) == {}
    assert address("Label", "a") == plan.actions[0].address


def test_what_stays_because_this_plan_releases_it_is_told_as_that() -> None:
    inside = thing("x2", "a/b", parent="x1")
    folder = delete("Folder", "a", thing("x1", "a", children=2, documents=0))
    let_go = Change(Verb.RELEASE, address("Folder", "a/b"), key="a/b")
    bond = Bond(let_go.address, "x2")
    assert folder.live is not None

    plan = plan_of([folder, let_go], bonds=[bond], live=live_of(("Folder", folder.live), ("Folder", inside)))

    (hold,) = (h for a in plan.actions for h in a.holds)
    assert hold.reason == "it is still in use (Folders in it: 2, 1 of them released by this plan)"
    assert hold.way_out.startswith("put these back with `onRemove: delete`")


@pytest.mark.parametrize("says", ["ledger", "document"])
def test_what_is_protected_is_not_made_anew(says: str) -> None:
    """That would delete it, whoever asks for it; the same commit cannot lift it either."""
    document = doc("Label", "a", {"name": "b"}, protect=says == "document")
    change = replace(GONE, verb=Verb.REPLACE, document=document, key="b", wire={"name": "b"})
    bond = Bond(GONE.address, "x1", made=True, protect=says == "ledger")

    held_by = [h.rule for h in plan_of([change], bonds=[bond]).actions[0].holds]
    free = [h.rule for h in plan_of([replace(change, document=doc("Label", "a", {}))]).actions[0].holds]

    assert (held_by, free) == (["protected"], [])
