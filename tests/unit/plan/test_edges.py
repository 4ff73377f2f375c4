"""Which call follows which, in one order that is the same at every run; and circles that name their path."""

from __future__ import annotations

import itertools

import pytest

from reconciler.model.document import Address
from reconciler.model.faults import DependencyCycle
from reconciler.model.json import Json
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.plan.deletes import delete_rule
from reconciler.plan.numbers import numbered
from reconciler.plan.order import ordered
from reconciler.plan.promised import fill_ids, promises
from tests.unit.plan.samples import (
    address,
    call,
    create,
    delete,
    lines,
    members,
    plan_of,
    rename,
    thing,
)
from tests.world import catalog


def ids(calls: list[Call]) -> list[str]:
    return [c.id for c in calls]


# Order.


def test_edges_decide_then_phase_then_address_then_id() -> None:
    calls = [
        call("d", Phase.DELETE),
        call("u2", name="b"),
        call("u1", name="a"),
        call("c", Phase.CREATE, waits=frozenset({"d"})),
        call("r", Phase.REMOVE, name="a"),
    ]

    for order in itertools.permutations(calls):
        assert ids(ordered(order)) == ["u1", "u2", "r", "d", "c"]


def _of(kind: str, call_id: str, phase: Phase) -> Call:
    return replace(call(call_id, phase), target="studio", kind=kind, address=Address("studio", kind, "x"))


def test_what_others_refer_to_is_made_first_and_deleted_last() -> None:
    """ST-R51: teams, then their members, then projects; who leaves a team afterwards; projects go before teams."""
    kinds = {("studio", k.name): k for k in catalog().of("studio-tracker")}
    calls = [
        _of("Project", "1", Phase.CREATE),
        _of("ClientTeam", "2", Phase.ADD),
        _of("ClientTeam", "3", Phase.CREATE),
        _of("ClientTeam", "4", Phase.REMOVE),
        _of("ClientTeam", "5", Phase.DELETE),
        _of("Project", "6", Phase.DELETE),
        _of("Invitation", "7", Phase.CREATE),
        _of("Nothing", "8", Phase.UPDATE),
    ]

    for order in itertools.islice(itertools.permutations(calls), 0, None, 997):
        assert ids(ordered(order, kinds)) == ["7", "8", "3", "2", "1", "4", "6", "5"]


def test_what_a_call_waits_for_may_be_missing() -> None:
    assert ids(ordered([call("1", after=frozenset({"0"}), waits=frozenset({"9"}))])) == ["1"]


def test_a_contingent_call_follows_the_one_it_stands_in_for() -> None:
    calls = [call("a", Phase.CREATE, trigger=Trigger("b"), role=Role.CONTINGENT), call("b", Phase.DELETE)]

    assert ids(ordered(calls)) == ["b", "a"]


def test_a_circle_names_its_path() -> None:
    calls = [
        call("1", summary="first", after=frozenset({"3"})),
        call("2", summary="second", after=frozenset({"1"})),
        call("3", summary="third", waits=frozenset({"2"})),
        call("4", summary="aside"),
    ]

    with pytest.raises(DependencyCycle, match="these turn in a circle: ") as caught:
        ordered(calls)

    assert caught.value.path[0] == caught.value.path[-1]
    assert set(caught.value.path) == {"first", "second", "third"}
    assert "aside" not in str(caught.value)


# Ids that are still to come.

COMING: Json = {"$id": "analytics/Label/new"}
NEW = call("new#create", Phase.CREATE, name="new", new_id="/id")


def test_a_promise_becomes_the_answer_of_the_call_that_keeps_it() -> None:
    user = call(
        "1", args={"id": COMING}, body={"list": [COMING, 1]}, effect=Effect(present=((COMING, {"x": COMING}),))
    )

    _, filled = fill_ids([NEW, user])

    source = {"$from": {"call": "new#create", "path": "/id"}}
    assert filled.args == {"id": source}
    assert filled.body == {"list": [source, 1]}
    assert filled.effect.present == ((source, {"x": source}),)
    assert filled.after == {"new#create"}


def test_what_names_a_thing_by_its_key_comes_after_it_where_its_effect_has_the_id() -> None:
    effect = Effect(fields={"people": [{"$id": str(NEW.address)}]})
    by_key = replace(call("2", Phase.CREATE, name="b", body={"people": ["x@example.com"]}), effect=effect)
    instead = replace(by_key, id="3", trigger=Trigger("2", On.UNKNOWN))

    first, filled, contingent = fill_ids([NEW, by_key, instead])

    assert (set(filled.after), set(contingent.after)) == ({first.id}, set())


def test_a_promise_that_nobody_keeps_stays_one() -> None:
    (filled,) = fill_ids([call("1", body={"a": [COMING]})])

    assert promises(filled.body) == {"analytics/Label/new"}
    assert promises({"a": 1, "$id": "x"}) == set()


def test_a_call_does_not_follow_itself() -> None:
    (filled,) = fill_ids([call("new#create", Phase.CREATE, name="new", new_id="/id", args={"id": COMING})])

    assert filled.after == frozenset()


def test_numbers_go_everywhere() -> None:
    calls = fill_ids([NEW, call("x", args={"id": COMING}, waits=frozenset({"new#create", "gone"}))])
    calls.append(
        call("y", trigger=Trigger("x", "new#create"), role=Role.CONTINGENT, after=frozenset({"new#create"}))
    )

    one, two, three = numbered(calls)

    assert (one.id, two.id, three.id) == ("1", "2", "3")
    assert two.args == {"id": {"$from": {"call": "1", "path": "/id"}}}
    assert two.after == two.waits == three.after == {"1"}
    assert three.trigger == Trigger("2", "1")


# The delete rule.


def by_summary(*changes: object) -> dict[str, Call]:
    return {c.summary: c for c in plan_of(changes).calls}  # type: ignore[arg-type]


def test_deletes_wait_for_every_other_write_of_their_kind() -> None:
    found = by_summary(
        create("Label", "new", "new"),
        rename("Label", "moved", thing("m", "m"), "n"),
        delete("Label", "gone", thing("x1", "x1", uses=0)),
        create("Folder", "folder", ["F"]),
    )

    gone = found["delete Label x1"]
    assert gone.waits == {found["create Label new"].id, found["rename Label m to n"].id}
    assert gone.after == frozenset()
    assert gone.id == "4"


def test_a_delete_that_frees_a_name_goes_first() -> None:
    found = by_summary(
        rename("Label", "a", thing("old", "old"), "wanted"),
        delete("Label", "b", thing("wanted", "Wanted", uses=0)),
        create("Label", "c", "other"),
    )

    gone, taking = found["delete Label Wanted"], found["rename Label old to wanted"]
    assert (gone.waits, gone.after) == (frozenset(), frozenset())
    assert taking.after == {gone.id}


def test_folders_are_made_from_the_root_and_deleted_from_the_leaves() -> None:
    leaf_below = create("Folder", "leaf", ["A", "B"], parent={"$id": "analytics/Folder/root"})
    down = plan_of([create("Folder", "root", ["A"]), leaf_below])
    assert lines(down) == ["create Folder A", "create Folder A/B"]
    assert down.calls[1].body == {"name": "B", "parentFolderId": {"$from": {"call": "1", "path": "/id"}}}

    root, leaf = (
        thing("f", ["A"], children=1, documents=0),
        thing("g", ["A", "B"], parent="f", children=0, documents=0),
    )
    up = plan_of([delete("Folder", "root", root), delete("Folder", "leaf", leaf)])
    assert lines(up) == ["delete Folder A/B", "delete Folder A"]
    assert up.calls[1].after == {"1"}


# Members.


def test_nobody_leaves_before_they_have_joined() -> None:
    found = by_summary(
        members("old", thing("t1", "old"), remove=("jane", "bob")),
        members("new", thing("t2", "new"), add=("jane",), remove=("ann",)),
    )

    assert found["remove jane from members of old"].waits == {found["add jane to members of new"].id}
    assert found["remove bob from members of old"].waits == frozenset()
    assert found["remove ann from members of new"].waits == {found["add jane to members of new"].id}


def test_a_team_is_changed_before_its_members() -> None:
    both = members("a", thing("t", "old"), add=("jane",), remove=("bob",))
    changes = [replace(rename("ClientTeam", "a", thing("t", "old"), "new"), deltas=both.deltas)]

    found = {c.summary: c for c in plan_of(changes).calls}

    first = found["rename ClientTeam old to new"].id
    joining = next(c for s, c in found.items() if s.startswith("add jane"))
    leaving = next(c for s, c in found.items() if s.startswith("remove bob"))
    assert joining.waits == {first}
    assert leaving.waits == {first, joining.id}


def test_addresses_are_what_orders_what_is_otherwise_alike() -> None:
    plan = plan_of([create("Label", name, f"key {name}") for name in "cab"])

    assert [c.address for c in plan.calls] == [address("Label", n) for n in "abc"]


# What goes along with a delete.


def test_nobody_waits_for_a_delete_that_goes_along_with_another_kinds() -> None:
    """A node goes with its classification: that waits for nothing but what is written."""
    kinds = {("core", k.name): k for k in catalog().of("omn-core")}

    def one(name: str, kind: str, phase: Phase, after: frozenset[str] = frozenset()) -> Call:
        at = Address("core", kind, name)
        return Call(name, "core", kind, at, "POST", "/x", phase, after=after, carrier="batch")

    gone = one("class", "Classification", Phase.DELETE)
    along = one("node", "ClassificationNode", Phase.DELETE, frozenset({"class"}))
    alone = one("other", "ClassificationNode", Phase.DELETE)
    made = one("made", "NodeAttribute", Phase.CREATE)
    carrier = Call(
        "batch", "core", "Classification", Address("core", "Classification", "(batch)"), "POST", "/x", Phase.CHANGE
    )

    found = {c.id: c for c in delete_rule([gone, along, alone, made, carrier], {}, kinds)}

    assert found["class"].waits == {"other", "made"}
    assert found["node"].waits == {"made"}
    assert found["node"].after == {"class"}
    assert found["made"].waits == frozenset()
