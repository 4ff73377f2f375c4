"""What has to be read, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from reconciler.model.document import Address, Desired, Document, Target, everything
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.read.demand import demands
from reconciler.read.wanted import Wanted
from tests.world import OMNI, PROVIDERS, TRACKER, catalog, doc

ANN = "ann@example.com"
TARGETS = {t: Target(t, p) for t, p in PROVIDERS.items()}


def bond(kind: str, name: str, remote_id: str = "", on_remove: str = "delete", **by: str) -> Bond:
    target = TRACKER if kind == "ClientTeam" else OMNI
    return Bond(Address(target, kind, name), remote_id or f"id-{name}", made=True, on_remove=on_remove, by=by)


def wanted(
    *documents: Document,
    bonds: Sequence[Bond] = (),
    left_out: Sequence[Address] = (),
    selects: Callable[[Address], bool] = everything,
    targets: Mapping[str, Target] = TARGETS,
) -> dict[str, Wanted]:
    desired = Desired(documents, targets, "sha256:0", left_out=tuple(left_out), selects=selects)
    found = demands(desired, Recorded({b.address: b for b in bonds}), catalog())
    return {f"{w.target}/{w.kind.name}": w for w in found}


def plainly(one: Wanted) -> Demand:
    return one.demand({})


def test_nothing_declared_and_nothing_recorded_is_nothing_read() -> None:
    assert wanted() == {}


def test_a_kind_is_read_for_its_documents_and_no_other() -> None:
    found = wanted(doc("Label", "a", {"name": "A"}), doc("Label", "b", {"name": "B"}))

    assert list(found) == ["analytics/Label"]
    assert plainly(found["analytics/Label"]) == Demand(OMNI, "Label")


def test_people_are_read_where_somebody_is_named() -> None:
    members: Json = [{"user": ANN}, {"user": "bob@example.com"}, {"user": "ANN@example.com"}]

    found = wanted(doc("ClientTeam", "a", {"slug": "a", "name": "A", "members": members}))

    assert list(found) == ["studio/ClientTeam", "studio/User"]
    assert plainly(found["studio/User"]).wanted == (ANN, "bob@example.com"), "each person once, as first written"


def test_an_empty_set_needs_names_too_but_nobody_in_particular() -> None:
    """Whoever leaves the set is shown by name."""
    found = wanted(doc("ClientTeam", "a", {"slug": "a", "name": "A", "members": []}))

    assert plainly(found["studio/User"]).wanted == ()


def test_fields_left_out_refer_to_nobody() -> None:
    assert list(wanted(doc("ClientTeam", "a", {"slug": "a", "name": "A"}))) == ["studio/ClientTeam"]
    assert list(wanted(doc("Folder", "f", {"path": "F"}))) == ["analytics/Folder"]


def test_what_is_declared_itself_is_not_wanted_by_name() -> None:
    """A person's own document stands in for the look-up."""
    person = Document(Address(OMNI, "User", ANN), PROVIDERS[OMNI], {"email": ANN}, doc("Label", "x", {}).place)

    found = wanted(doc("Folder", "f", {"path": "F", "owner": ANN}), person)

    assert plainly(found["analytics/User"]).wanted == ()


def test_folders_are_read_by_distinct_scope_and_owner() -> None:
    restricted: dict[str, Json] = {"scope": "restricted", "owner": ANN}
    found = wanted(
        doc("Folder", "a", {"path": "A"}),
        doc("Folder", "b", {"path": "B", **restricted}),
        doc("Folder", "c", {"path": "B/C", **restricted}),
    )
    people = Collection("User", (Resource("u1", ANN.upper(), {}),))

    assert found["analytics/Folder"].demand({"User": people}).by == ({}, {"scope": "restricted", "owner": "u1"})


@pytest.mark.parametrize(
    "people", [(), (Resource("u1", "other@example.com", {}),), (Resource("u1", ANN, {}), Resource("u2", ANN, {}))]
)
def test_a_name_of_nobody_or_of_two_reads_no_list(people: tuple[Resource, ...]) -> None:
    found = wanted(doc("Folder", "b", {"path": "B", "scope": "restricted", "owner": ANN}))

    assert found["analytics/Folder"].demand({"User": Collection("User", people)}).by == ()


def test_recorded_things_are_read_where_they_were_found() -> None:
    recorded = bond("Folder", "a", scope="restricted", owner="u1")

    found = wanted(doc("Folder", "a", {"path": "A"}), bonds=[recorded])

    demand = plainly(found["analytics/Folder"])
    assert demand.by == ({}, {"scope": "restricted", "owner": "u1"})
    assert (demand.ids, demand.removing) == (("id-a",), False)


def test_what_left_git_to_be_deleted_is_read_as_such() -> None:
    demand = plainly(wanted(bonds=[bond("ClientTeam", "a")])["studio/ClientTeam"])

    assert (demand.ids, demand.removing) == (("id-a",), True)


def test_a_release_needs_no_reading() -> None:
    assert wanted(bonds=[bond("ClientTeam", "a", on_remove="release")]) == {}


def test_what_is_released_is_asked_for_by_its_id_where_a_document_means_its_key() -> None:
    kept = replace(bond("Label", "old", "l1", on_remove="release"), key="A")

    for document in (doc("Label", "new", {"name": "a"}), doc("Label", "new", {"name": "B"}, previous_key="A")):
        assert plainly(wanted(document, bonds=[kept])["analytics/Label"]) == Demand(OMNI, "Label", ids=("l1",))
    other = doc("Label", "new", {"name": "B"})
    assert plainly(wanted(other, bonds=[kept])["analytics/Label"]) == Demand(OMNI, "Label")


def test_what_is_released_from_the_list_of_a_container_is_not_asked_for() -> None:
    kept = replace(bond("Folder", "old", "f1", on_remove="release", scope="restricted"), key="A")
    folder = doc("Folder", "new", {"path": "A", "scope": "restricted", "owner": ANN})

    assert plainly(wanted(folder, bonds=[kept])["analytics/Folder"]).ids == ()


def test_what_is_declared_is_read_though_it_is_to_be_released_one_day() -> None:
    found = wanted(doc("Label", "a", {"name": "A"}), bonds=[bond("Label", "a", "A", on_remove="release")])

    assert plainly(found["analytics/Label"]) == Demand(OMNI, "Label", ids=("A",))


def test_a_move_is_no_removal() -> None:
    found = wanted(doc("Label", "new", {"name": "A"}, previous_name="old"), bonds=[bond("Label", "old", "A")])

    assert plainly(found["analytics/Label"]) == Demand(OMNI, "Label", ids=("A",))


def test_one_removal_among_many_is_enough() -> None:
    found = wanted(doc("Label", "a", {"name": "A"}), bonds=[bond("Label", "b", "B"), bond("Label", "a", "A")])

    assert plainly(found["analytics/Label"]) == Demand(OMNI, "Label", ids=("A", "B"), removing=True)


def test_the_selection_decides_about_what_left_git() -> None:
    gone = [bond("Label", "a", "A"), bond("Label", "b", "B")]

    found = wanted(bonds=gone, selects=lambda address: address.name == "b")

    assert plainly(found["analytics/Label"]).ids == ("B",)


def test_what_is_declared_but_not_selected_is_left_alone() -> None:
    recorded = bond("Label", "a", "A")

    assert wanted(bonds=[recorded], left_out=[recorded.address]) == {}


def test_targets_the_project_names_no_more_are_left_alone() -> None:
    assert wanted(bonds=[bond("ClientTeam", "a")], targets={OMNI: TARGETS[OMNI]}) == {}


def test_targets_of_one_provider_are_read_apart() -> None:
    one = doc("Label", "a", {"name": "A"})
    two = replace(one, address=Address("second", "Label", "a"))

    found = wanted(one, two, targets={**TARGETS, "second": Target("second", PROVIDERS[OMNI])})

    assert list(found) == ["analytics/Label", "second/Label"]


def brand(*members: Json) -> Document:
    return doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand", "members": [*members]})


def asked_for(*documents: Document, bonds: Sequence[Bond] = ()) -> tuple[str, ...]:
    return plainly(wanted(*documents, bonds=bonds)["studio/User"]).wanted


def test_nobody_is_asked_for_whom_a_pin_or_the_ledger_tells() -> None:
    remembered = replace(bond("ClientTeam", "brand"), names={f"User/{ANN}": "u1"})

    assert asked_for(brand({"user": ANN})) == (ANN,)
    assert asked_for(brand({"user": ANN, "userId": "u1"})) == ()
    assert asked_for(brand({"user": ANN.upper()}), bonds=[remembered]) == ()


def test_a_plain_member_is_asked_for_as_one_in_an_object() -> None:
    pod = doc(
        "Pod",
        "a",
        {"slug": "a", "name": "A", "lead": "eve@example.com", "members": ["bob@example.com", {"user": ANN}]},
    )

    assert asked_for(pod) == (ANN, "bob@example.com", "eve@example.com")


def test_a_ledger_that_contradicts_itself_tells_nothing() -> None:
    one = replace(bond("ClientTeam", "brand"), names={f"User/{ANN}": "u1"})
    other = replace(bond("ClientTeam", "social"), names={f"User/{ANN}": "u2"})

    assert asked_for(brand({"user": ANN}), bonds=[one, other]) == (ANN,)
