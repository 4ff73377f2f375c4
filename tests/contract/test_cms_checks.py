"""The acceptance checks of Omni-CMS, one by one, with their numbers (CM-K1 to CM-K12)."""

from __future__ import annotations

import pytest

from reconciler.model.faults import Unauthorised
from tests.contract import users
from tests.contract.components import (
    DELETABLE,
    at,
    by_key,
    carried_out,
    component,
    holds,
    planned,
    records,
    tree,
)
from tests.contract.users import BOB, JANE, user
from tests.world import World


def levels(c: World, space: int, count: int, deep: int) -> None:
    """So many components of which the lowest lie so deep: a chain, and all others at its foot."""
    above: int | None = None
    for i in range(count):
        made = c.cms.add_component(space, f"n{i:03}", parent_id=above)
        above = made if i < deep - 1 else above


def depth(c: World) -> int:
    every = records(c)
    found = 0
    for one in every.values():
        here, steps = one, 0
        while here["parent_id"]:
            here, steps = every[here["parent_id"]], steps + 1
        found = max(found, steps)
    return found


def test_check_a_200_components_in_3_spaces_9_levels_deep_are_one_page_or_four(c: World) -> None:
    spaces = {"Site": 1, "B": c.cms.add_space("B"), "C": c.cms.add_space("C")}
    for space, count in zip(spaces.values(), (67, 67, 66), strict=True):
        levels(c, space, count, 9)
    assert (len(records(c)), depth(c)) == (203, 9)
    documents = [component("n000", space=s, as_=f"{s}-first") for s in spaces]
    documents += [component("n065", "n007", space=s, as_=f"{s}-last") for s in spaces]
    documents += [component("new", space=s, as_=f"{s}-new") for s in spaces]

    plan = planned(c, *documents)

    search = ["cms: POST /component/search"]
    assert list(plan.reads) == ["cms: GET /space/all", *search * (4 if c.cms.knobs.hard("CM-P1") else 1)]
    assert sorted(call.address.name for call in plan.writes) == ["B-new", "C-new", "Site-new"], "all else is found"
    carried_out(c, *documents)
    every = records(c)
    parents = {every[r["parent_id"]]["key"] for r in every.values() if r["key"] == "new"}
    assert parents == {"root"}, "which the search does not show in the harder profile"


def test_check_b_30_changes_of_sequence_are_one_write(c: World) -> None:
    carried_out(c, *(component(f"k{i:02}", sequence=i) for i in range(30)))

    deed = carried_out(c, *(component(f"k{i:02}", sequence=100 - i) for i in range(30)))

    assert len(deed.sent) == deed.plan.bound == 1
    assert [by_key(c, f"k{i:02}")["sequence"] for i in range(30)] == [100 - i for i in range(30)]


def test_check_c_two_keys_are_swapped_in_3_writes(c: World) -> None:
    carried_out(c, component("a"), component("b"))
    ids = {key: by_key(c, key)["id"] for key in ("a", "b")}

    deed = carried_out(c, component("b", as_="a", previous_key="a"), component("a", as_="b", previous_key="b"))

    assert len(deed.sent) == deed.plan.bound == 3
    assert [line.split('"key":"')[1][:4] == "tmp-" for line in deed.sent] == [True, False, False]
    assert {key: by_key(c, key)["id"] for key in ("a", "b")} == {"a": ids["b"], "b": ids["a"]}


def test_check_d_a_parent_and_its_child_change_places_in_2_puts_the_lower_first(c: World) -> None:
    carried_out(c, component("a"), component("b", "a"))

    deed = carried_out(c, component("b"), component("a", "b"))

    assert deed.sent == ['put b {"parentId":"root"}', 'put a {"parentId":"b"}']
    assert tree(c) == {"b": "root", "a": "b"}


def test_check_e_a_bad_key_stops_the_run_after_the_list_of_spaces(c: World) -> None:
    carried_out(c, component("a", **DELETABLE), component("b", **DELETABLE))
    known = dict(c.recorded.bonds)
    c.keys["cms"] = "wrong"
    c.documents = [component("a", name="x")]
    c.cms.log.clear()

    with pytest.raises(Unauthorised):
        c.plan()

    assert [(e.call, e.status) for e in c.cms.log] == [("GET /space/all", 401)]
    assert c.recorded.bonds == known


def test_check_f_a_branch_of_3_is_3_deletes_the_leaves_first(c: World) -> None:
    carried_out(
        c, component("anchor"), *(component(k, p, **DELETABLE) for k, p in (("a", None), ("b", "a"), ("c", "b")))
    )

    deed = carried_out(c, component("anchor"))

    assert deed.sent == ["delete c", "delete b", "delete a"]
    assert [o.status for o in deed.report.outcomes] == [200, 200, 200]
    assert tree(c) == {"anchor": "root"}


def test_check_g_metadata_written_to_a_component_with_a_file_keeps_its_media_type(c: World) -> None:
    own = c.cms.add_component(1, "logo", metadata={"alt": "old"})
    c.cms.add_file(own, "logo.png", b"\x89PNG")

    for words in ({"metadata": {"alt": "new"}}, {"metadata": {"alt": "exact"}, "metadataMode": "exact"}):
        deed = carried_out(c, component("logo", **words))
        assert len(deed.sent) == 1
        assert by_key(c, "logo")["metadata"] == {"mimeType": "image/png", **words["metadata"]}  # type: ignore[dict-item]
    assert c.cms.file_of(own) == b"\x89PNG"


def test_check_h_a_key_with_a_place_to_go_is_one_put_once(u: World) -> None:
    first = users.carried_out(u, user(JANE, key="present"))
    again = users.carried_out(u, user(JANE, key="present"))

    assert (first.sent, again.sent) == (["PUT /user/key/2"], [])
    assert users.key_of(u, "jane")


def test_check_i_where_two_accounts_swap_their_activity_the_activation_goes_first(u: World) -> None:
    for active, idle in ((BOB, JANE), (JANE, BOB)):
        deed = users.carried_out(u, user(active, active=True), user(idle, active=False))

        ids = {email: one["id"] for email, one in users.accounts(u).items()}
        assert deed.sent == [f"PUT /user/{ids[active]}", f"PUT /user/{ids[idle]}"]


def test_check_j_what_holds_a_child_of_somebody_else_is_not_deleted(c: World) -> None:
    carried_out(c, component("anchor"), component("a", **DELETABLE))
    c.cms.add_component(1, "theirs", parent_id=int(c.recorded.bonds[at("a")].id))

    plan = planned(c, component("anchor"))

    assert holds(plan) == {"a": ["in-use"]}
    c.cms.log.clear()
    c.apply(plan)
    assert [e.call for e in c.cms.log if e.write] == []
    assert tree(c) == {"anchor": "root", "a": "root", "theirs": "a"}


def test_check_k_where_the_search_needs_terms_a_walk_shows_the_same_and_nothing_is_written(c: World) -> None:
    carried_out(c, component("a", name="A"), component("b", "a", sequence=4), component("c", "b"))
    drifted = [component("a", name="Z"), component("b", "a", sequence=5), component("c")]
    searched = planned(c, *drifted)
    c.cms.knobs.set("search-needs-terms", "adversarial")
    c.cms.log.clear()

    walked = c.plan(*drifted)
    in_sync = c.plan(component("a", name="A"), component("b", "a", sequence=4), component("c", "b"))

    assert any("levels=7" in line for line in walked.reads)
    assert [a.fields for a in walked.actions] == [a.fields for a in searched.actions]
    assert [(w.line, w.body) for w in walked.writes] == [(w.line, w.body) for w in searched.writes]
    assert in_sync.calls == ()
    assert [e.call for e in c.cms.log if e.write] == []


def test_check_l_a_component_deleted_by_hand_is_asked_for_once_and_made_again(c: World) -> None:
    carried_out(c, component("a"), component("b"))
    own = by_key(c, "b")["id"]
    c.cms.edit("DELETE", f"/component/{own}")

    plan = planned(c, component("a"), component("b"))

    assert [line for line in plan.reads if "GET /component/" in line and "/root" not in line] == [
        f"cms: GET /component/{own}"
    ]
    assert [call.line for call in plan.writes] == ["POST /component"]
    assert next(str(a.verb) for a in plan.actions if a.address == at("b")) == "create"
