"""The places of many in one call, and orders that follow from the documents (CM-R27, CM-R28)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.document import Document
from reconciler.model.place import Place
from reconciler.model.record import replace
from reconciler.twins import Fault
from tests.contract.components import by_key, carried_out, component, holds, planned, records
from tests.world import World, catalog


def test_cm_r27_all_that_only_their_place_differs_of_go_in_one_call(c: World) -> None:
    carried_out(c, *(component(f"k{i:02}", sequence=i) for i in range(30)))

    deed = carried_out(c, *(component(f"k{i:02}", sequence=30 - i) for i in range(30)))

    assert len(deed.sent) == 1  # one of them stays where it is
    assert deed.sent[0].startswith('order {"k00":30,"k01":29,')
    assert [r["sequence"] for i in range(30) for r in [by_key(c, f"k{i:02}")]] == list(range(30, 0, -1))


def test_cm_r27_who_is_put_anyway_carries_its_place(c: World) -> None:
    carried_out(c, component("a", sequence=1, name="x"), component("b", sequence=2))

    deed = carried_out(c, component("a", sequence=5, name="y"), component("b", sequence=6))

    assert sorted(deed.sent) == ['order {"b":6}', 'put a {"name":"y","sequence":5}']


def test_cm_r27_spaces_share_the_call_and_get_one_each_if_it_is_refused(c: World) -> None:
    c.cms.add_space("Shop")
    here, there = component("a", sequence=1), component("b", sequence=1, space="Shop")
    carried_out(c, here, there)
    later = component("a", sequence=2), component("b", sequence=2, space="Shop")
    plan = planned(c, *later)
    assert [call.line for call in plan.contingent] == ["PUT /component/sequence"] * 2
    c.cms.faults.add(Fault("status", method="PUT", path="/component/sequence", status=400))
    c.cms.log.clear()

    report = c.apply(plan)

    bodies = [e.body for e in c.cms.log if e.write]
    one, two = ({"id": i, "sequence": 2} for i in (3, 4))
    assert bodies == [{"sequences": [one, two]}, {"sequences": [one]}, {"sequences": [two]}]
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert planned(c, *later).writes == ()


def test_cm_r27_one_that_is_gone_fails_the_call_and_the_next_run_sees_what_was_done(c: World) -> None:
    documents = [component(k, sequence=1) for k in "abc"]
    carried_out(c, *documents)
    later = [component(k, sequence=2) for k in "abc"]
    plan = planned(c, *later)
    c.cms.on_request(1, "before-effect", lambda _: c.cms.edit("DELETE", "/component/3"), method="PUT")

    report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"failed"}
    assert {(r["key"], r["sequence"]) for r in records(c).values() if r["key"] in "ab"} == {
        ("a", 2 if c.cms.knobs.hard("CM-P8") else 1)
    }
    carried_out(c, *later)
    assert [by_key(c, k)["sequence"] for k in "abc"] == [2, 2, 2]


# Listed.


def written(documents: Sequence[Document]) -> list[Document]:
    """The documents as they stand in one file, in this order."""
    return [replace(d, place=Place("manifests/site.yaml", line)) for line, d in enumerate(documents, 1)]


def listed(*keys: str) -> list[Document]:
    return written([component("home", order="listed"), *(component(k, "home") for k in keys)])


def test_cm_r28_children_are_made_in_the_order_of_their_documents(c: World) -> None:
    carried_out(c, *listed("z", "m", "a"))

    numbers = [by_key(c, k)["sequence"] for k in "zma"]
    assert numbers == sorted(set(numbers))


def test_cm_r28_numbers_that_rise_already_stay(c: World) -> None:
    home = c.cms.add_component(1, "home")
    for key, sequence in (("z", -5), ("m", 7), ("a", 1000)):
        c.cms.add_component(1, key, parent_id=home, sequence=sequence)

    assert carried_out(c, *listed("z", "m", "a")).sent == []


def test_cm_r28_the_fewest_get_another_number(c: World) -> None:
    home = c.cms.add_component(1, "home")
    for key, sequence in (("a", 10), ("b", 20), ("c", 30), ("d", 40)):
        c.cms.add_component(1, key, parent_id=home, sequence=sequence)

    deed = carried_out(c, *listed("d", "a", "b", "c"))

    assert deed.sent == ['order {"d":1}']


def test_cm_r28_two_of_one_number_are_told_apart(c: World) -> None:
    carried_out(c, *written([component("home"), component("a", "home"), component("b", "home")]))

    deed = carried_out(c, *listed("b", "a"))

    assert len(deed.sent) == 1
    assert by_key(c, "b")["sequence"] < by_key(c, "a")["sequence"]


def test_cm_r28_a_new_one_in_between_finds_room(c: World) -> None:
    home = c.cms.add_component(1, "home")
    for key, sequence in (("a", 1), ("b", 2)):
        c.cms.add_component(1, key, parent_id=home, sequence=sequence)

    deed = carried_out(c, *listed("a", "new", "b"))

    assert len(deed.sent) == 2
    assert [by_key(c, k)["sequence"] for k in ("a", "new", "b")] == [1, 2, 3]


def test_cm_r28_undeclared_children_keep_theirs(c: World) -> None:
    home = c.cms.add_component(1, "home")
    c.cms.add_component(1, "theirs", parent_id=home, sequence=3)

    carried_out(c, *listed("b", "a"))

    assert by_key(c, "theirs")["sequence"] == 3


def test_cm_r28_a_sequence_beside_it_is_a_mistake() -> None:
    documents = [component("home", order="listed"), component("a", "home", sequence=3)]
    check = catalog().verbs["omni-cms", "Component"].check

    [problem] = check(catalog().kind("omni-cms", "Component"), documents)

    assert (problem.rule, problem.hint) == ("CM-R28", "take `sequence` out")


def test_nothing_is_held_in_any_of_these(c: World) -> None:
    assert holds(planned(c, *listed("b", "a"))) == {}
