"""How far we go with a thing: observe, create-only, ignore."""

from __future__ import annotations

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.plan import RECORDED_NEXT
from tests.contract.deeds import action, carried_out, made, only_hold, planned
from tests.contract.studio import JANE, user_id
from tests.world import OMNI, World, doc


def test_observe_shows_and_touches_nothing(w: World) -> None:
    watched = doc("Label", "review", {"name": "In Review", "verified": False}, manage="observe")

    deed = carried_out(w, watched)

    assert deed.sent == ()
    assert deed.action("review").verb is Verb.OBSERVE
    assert [f.path for f in deed.action("review").fields] == [("verified",)]
    assert Address(OMNI, "Label", "review") not in w.recorded.bonds


def test_observe_never_creates(w: World) -> None:
    plan = planned(w, doc("Label", "new", {"name": "Newest"}, manage="observe"))

    assert plan.writes == ()
    assert (only_hold(plan, "new").rule, only_hold(plan, "new").final) == ("observe", True)


def test_observe_lets_others_refer_to_what_it_watches(w: World) -> None:
    root = doc("Folder", "finance", {"path": "Finance"}, manage="observe")

    assert len(carried_out(w, root, doc("Folder", "plans", {"path": "Finance/Plans"})).sent) == 1


def test_observed_members_are_left_alone(w: World) -> None:
    spec: dict[str, Json] = {"slug": "brand", "name": "Brand!", "members": []}

    deed = carried_out(w, doc("ClientTeam", "brand", spec, manage="observe"))

    assert deed.sent == ()
    assert {f.path for f in deed.action("brand").fields} == {
        ("name",),
        ("members", "jane@example.com"),
        ("members", "bob@example.com"),
    }


def test_create_only_creates_and_then_keeps_its_hands_off(w: World) -> None:
    once = doc("Label", "prod", {"name": "Production", "verified": True}, manage="create-only")
    assert len(carried_out(w, once).sent) == 1
    made(w.omni, "PUT", "/v1/labels/Production", {"verified": False})

    deed = carried_out(w, once)

    assert deed.sent == ()
    assert deed.action("prod").verb is Verb.OBSERVE
    assert [f.path for f in deed.action("prod").fields] == [("verified",)]


def test_create_only_creates_members_with_their_team(w: World) -> None:
    spec: dict[str, Json] = {"slug": "social", "name": "Social", "members": [{"user": "jane@example.com"}]}
    once = doc("ClientTeam", "social", spec, manage="create-only")
    assert len(carried_out(w, once).sent) == 2
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team4/members?userId={user_id(w, JANE)}")

    assert carried_out(w, once).sent == ()


def test_what_was_created_only_is_still_ours_when_it_leaves_git(w: World) -> None:
    keep = doc("Label", "keep", {"name": "Draft"})
    carried_out(w, doc("Label", "prod", {"name": "Production"}, manage="create-only"), keep)
    carried_out(w, doc("Label", "prod", {"name": "Production"}, manage="create-only"), keep)

    assert carried_out(w, keep).sent == ("DELETE /v1/labels/Production",)


@pytest.mark.parametrize("word", ["verified", "spec.verified"])
def test_an_ignored_field_is_set_at_creation_and_then_left_alone(w: World, word: str) -> None:
    wanted = doc("Label", "prod", {"name": "Production", "verified": True, "homepage": False}, ignore=[word])
    deed = carried_out(w, wanted)
    assert deed.sent == ('POST /v1/labels {"homepage":false,"name":"Production","verified":true}',)
    made(w.omni, "PUT", "/v1/labels/Production", {"verified": False, "homepage": True})

    again = carried_out(w, wanted)

    assert again.sent == ('PUT /v1/labels/Production {"homepage":false}',)


def test_a_change_of_consent_alone_is_said_and_recorded_by_the_next_apply(w: World) -> None:
    spec: dict[str, Json] = {"name": "Production"}
    carried_out(w, doc("Label", "prod", spec, on_remove="release"))

    wanted = doc("Label", "prod", spec, on_remove="delete", protect=True)
    assert action(planned(w, wanted), "prod").notes == (RECORDED_NEXT,)
    assert carried_out(w, wanted).sent == ()

    assert action(planned(w, wanted), "prod").notes == ()


def test_ignored_members_are_left_alone(w: World) -> None:
    spec: dict[str, Json] = {"slug": "brand", "name": "Brand!", "members": [{"user": "maria@example.com"}]}

    deed = carried_out(w, doc("ClientTeam", "brand", spec, ignore=["spec.members"]))

    assert deed.sent == ('PATCH /api/client-teams/cmo7team1 {"name":"Brand!"}',)


def test_ignored_means_unchecked_too(w: World) -> None:
    """Others may change it between plan and apply: that refuses nothing."""
    wanted = doc("Label", "prod", {"name": "Production", "verified": True, "homepage": True}, ignore=["verified"])
    carried_out(w, doc("Label", "prod", {"name": "Production", "verified": True, "homepage": False}))
    plan = planned(w, wanted)
    made(w.omni, "PUT", "/v1/labels/Production", {"verified": False})

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
