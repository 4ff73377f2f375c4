"""Which of those that left a list one that came new may be: how alike they are in what they hold."""

from __future__ import annotations

import pytest

from reconciler.model.document import Document, Nest
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.record import replace
from tests.unit.diff.anywhere import at, known, told
from tests.unit.diff.samples import ANN, BOB, JANE, address, bond, compared, rules, team
from tests.world import doc


def crew(*members: Json) -> Document:
    """In a list; its key is like no other."""
    spec: dict[str, Json] = {"slug": "zoo", "members": [*members]}
    return doc("ClientTeam", "acme/zoo", spec, nest=Nest(address("ClientTeam", "acme")))


@pytest.mark.parametrize(
    ("members", "waits"),
    [
        ([{"user": JANE}], True),
        ([{"user": JANE}, {"user": BOB}], True),
        ([{"user": JANE}, {"user": ANN}], False),
        ([{"user": ANN}], False),
        ([{"user": JANE, "isPrimary": True}], True),
        ([{"user": BOB, "isPrimary": True}], False),
    ],
)
def test_a_set_is_alike_where_all_that_is_declared_of_it_is_live(members: list[Json], waits: bool) -> None:
    """Whoever else is in it is no matter."""
    left = bond("ClientTeam", "acme/brand", "t1", "brand", made=True, on_remove="delete")

    found = compared([crew(*members)], [team("t1", "brand", members={"jane": True, "bob": False})], [left])

    assert ({n for n, c in found.items() if "rename-unconfirmed" in rules(c)} == {*found}) is waits


@pytest.mark.parametrize(("members", "waits"), [([JANE], True), ([BOB], False)])
def test_entries_that_are_but_an_id_are_alike_by_it(members: list[Json], waits: bool) -> None:
    new = doc(
        "UserGroup", "acme/zoo", {"name": "Zoo", "members": members}, nest=Nest(address("UserGroup", "acme"))
    )
    live = "UserGroup", Resource("g1", "Brand", {"name": "Brand", "members": ["id of jane", "id of ann"]}, "Brand")
    left = bond("UserGroup", "acme/brand", "g1", "Brand", made=True, on_remove="delete")

    found = compared([new], [live], [left])

    assert ("rename-unconfirmed" in rules(found["acme/zoo"])) is waits


@pytest.mark.parametrize(("product", "waits"), [("p1", True), ("p2", False)])
def test_entries_of_several_parts_are_alike_by_all_of_them(product: str, waits: bool) -> None:
    links: Json = [{"attribute": "ALSO", "product": product}]
    new = doc(
        "core/Product", "acme/zoo", {"identifier": "zoo", "links": links}, nest=Nest(at("core/Product/acme"))
    )
    held: dict[str, Json] = {"identifier": "brand", "links": [{"attribute": "ALSO", "product": "p1"}]}
    left = known("core/Product/acme/brand", "brand", key="brand", made=True, on_remove="delete")

    found = told([new], {"core/Product": [Resource("brand", "brand", held)]}, [left])

    assert ("rename-unconfirmed" in rules(found["acme/zoo"])) is waits


def test_what_cannot_be_read_as_a_set_is_like_none() -> None:
    left = bond("ClientTeam", "acme/brand", "t1", "brand", made=True, on_remove="delete")
    kind, live = team("t1", "brand")
    odd = kind, replace(live, fields={**live.fields, "members": None})

    found = compared([crew({"user": JANE})], [odd], [left])

    assert rules(found["acme/zoo"]) == set()


@pytest.mark.parametrize(("title", "waits"), [("Brand", True), ("Other", False)])
def test_half_of_what_is_declared_is_not_most_of_it(title: str, waits: bool) -> None:
    new = crew({"user": JANE})
    left = bond("ClientTeam", "acme/brand", "t1", "brand", made=True, on_remove="delete")

    found = compared(
        [replace(new, spec={**new.spec, "name": title})], [team("t1", "brand", members={"jane": True})], [left]
    )

    assert ("rename-unconfirmed" in rules(found["acme/zoo"])) is waits


RNC = Resource("r1", "MAM", {"tid": "MAM"})
DEEP = ["Some long name", "and another", "in which all lies"]


@pytest.mark.parametrize(("last", "waits"), [("Cats", True), ("Zoo", False)])
def test_in_a_tree_the_last_names_are_alike_or_not(last: str, waits: bool) -> None:
    """What stands above both is no likeness, and no unlikeness either."""
    above = at("core/Directory/acme")
    spec: dict[str, Json] = {"rnc": "MAM", "path": [*DEEP, last], "attributes": {"SEASON": "summer"}}
    new = doc("core/Directory", "acme/new", spec, nest=Nest(above))
    held: dict[str, Json] = {"rnc": "r1", "path": [*DEEP, "Cat"], "attributes": {"SEASON": "winter"}}
    live = Resource("d1", [*DEEP, "Cat"], held, "Cat", "d0", scope=("r1",))
    root = Resource("d0", [*DEEP], {"rnc": "r1", "path": [*DEEP]}, "in it", scope=("r1",))
    left = known("core/Directory/acme/old", "d1", key=[*DEEP, "Cat"], made=True, on_remove="delete")

    found = told([new], {"core/Directory": [root, live], "core/Rnc": [RNC]}, [left])

    assert ("rename-unconfirmed" in rules(found["acme/new"])) is waits


def test_keys_that_are_references_are_not_alike_for_their_spelling() -> None:
    kind = "analytics/ConnectionEnvironments"
    new = doc(kind, "acme/new", {"base": "Warehouse 2"}, nest=Nest(at("analytics/Connection/acme")))
    left = known(f"{kind}/acme/old", "c1", key="Warehouse 1", made=True, on_remove="delete")
    bases = [Resource(f"c{n}", f"Warehouse {n}", {"name": f"Warehouse {n}"}) for n in (1, 2)]

    found = told([new], {kind: [Resource("c1", "Warehouse 1", {})], "analytics/Connection": bases}, [left])

    assert [rules(c) & {"rename-unconfirmed"} for c in found.values()] == [set(), set()]
