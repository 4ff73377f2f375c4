"""Somebody changes the world between plan and apply: that thing is refused with what changed, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import PlanStale
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import User
from tests.contract.deeds import Deed, applied, carried_out, made, planned
from tests.world import World, doc

OTHER = doc("Label", "other", {"name": "Other", "verified": True})
TEAM = "/api/client-teams/cmo7team1"


def label(name: str, **spec: Json) -> Document:
    return doc("Label", name, {"name": name.title(), **spec})


def outcomes(deed: Deed) -> dict[str, tuple[str, str]]:
    """Name -> end and message of its calls (the last one)."""
    names = {c.id: c.address.name for c in deed.plan.calls}
    return {names[o.call]: (str(o.end), o.message) for o in deed.report.outcomes}


Edit = Callable[[World], str]
EDITS: Mapping[str, tuple[Edit, str]] = {
    "the same field": (
        lambda w: made(w.omni, "PUT", "/v1/labels/Alpha", {"verified": True}),
        "'Alpha' has changed since the plan (verified)",
    ),
    "another name": (
        lambda w: made(w.omni, "PUT", "/v1/labels/Alpha", {"name": "Omega"}),
        "'Alpha' (id Alpha) is live no more",
    ),
    "deleted": (lambda w: made(w.omni, "DELETE", "/v1/labels/Alpha"), "'Alpha' (id Alpha) is live no more"),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_label_that_moved_is_refused_and_the_rest_goes_on(w: World, what: str) -> None:
    edit, said = EDITS[what]
    carried_out(w, label("alpha", verified=False, homepage=False), label("beta", verified=False))
    wanted = (label("alpha", verified=True, homepage=False), label("beta", verified=True), OTHER)
    plan = planned(w, *wanted)
    edit(w)

    # A label that the list lacks is asked for singly, which no plan can foresee.
    deed = Deed(plan, w.apply(plan), ())

    assert outcomes(deed) == {"alpha": ("stale", said), "beta": ("done", ""), "other": ("done", "")}
    again = carried_out(w, *wanted)
    assert len(again.sent) == (0 if what == "the same field" else 1)


def test_a_field_we_do_not_write_may_change(w: World) -> None:
    carried_out(w, label("alpha", verified=False, homepage=False))
    plan = planned(w, label("alpha", verified=True, homepage=False))
    made(w.omni, "PUT", "/v1/labels/Alpha", {"homepage": True})

    assert applied(w, plan).ends == {"done"}
    assert carried_out(w, label("alpha", verified=True, homepage=False)).sent == (
        'PUT /v1/labels/Alpha {"homepage":false}',
    )


def test_a_label_that_appeared_is_not_created_beside(w: World) -> None:
    plan = planned(w, label("alpha", verified=True), OTHER)
    made(w.omni, "POST", "/v1/labels", {"name": "ALPHA"})

    deed = applied(w, plan)

    assert outcomes(deed)["alpha"] == ("stale", "'Alpha' has appeared since the plan (id ALPHA)")
    assert outcomes(deed)["other"][0] == "done"
    assert carried_out(w, label("alpha", verified=True), OTHER).sent == ('PUT /v1/labels/ALPHA {"verified":true}',)


def test_a_rename_whose_old_name_is_gone_is_refused(w: World) -> None:
    carried_out(w, label("alpha"))
    wanted = doc("Label", "alpha", {"name": "Beta"}, previous_key="Alpha")
    plan = planned(w, wanted)
    made(w.omni, "PUT", "/v1/labels/Alpha", {"name": "Beta"})

    assert {str(o.end) for o in w.apply(plan).outcomes} == {"stale"}
    assert carried_out(w, wanted).sent == ()


def test_a_folder_that_appeared_is_not_doubled_and_its_children_wait(w: World) -> None:
    """Names need not be unique here: nothing but the fresh look keeps two of one name from being (OA-R29)."""
    tree = [
        doc("Folder", "a", {"path": "A"}),
        doc("Folder", "b", {"path": "A/B"}),
        doc("Folder", "c", {"path": "C"}),
    ]
    plan = planned(w, *tree)
    made(w.omni, "POST", "/v1/folders", {"name": "A"})

    deed = applied(w, plan)

    assert outcomes(deed)["a"][0] == "stale"
    assert outcomes(deed)["b"] == ("blocked", "call 1 is stale")
    assert outcomes(deed)["c"] == ("done", "")
    assert len(carried_out(w, *tree).sent) == 1


def test_a_folder_filled_with_a_folder_is_not_deleted(w: World) -> None:
    keep = doc("Folder", "finance", {"path": "Finance"})
    carried_out(w, doc("Folder", "a", {"path": "A"}, on_remove="delete", allow=["delete"]), keep)
    plan = planned(w, keep)
    parent = plan.calls[0].live_id
    made(w.omni, "POST", "/v1/folders", {"name": "Inside", "parentFolderId": parent})

    deed = applied(w, plan)

    assert deed.ends == {"stale"}
    assert "what it contains" in deed.report.outcomes[0].message


# Teams and members.


def team(name: str = "Brand", *members: str) -> Document:
    listed: Json = [{"user": f"{m}@example.com"} for m in members]
    return doc("ClientTeam", "brand", {"slug": "brand", "name": name, **({"members": listed} if members else {})})


def person(w: World, name: str) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == f"{name}@example.com")


def test_a_team_whose_name_moved_is_refused_with_its_members(w: World) -> None:
    carried_out(w, team("Brand", "jane", "bob"))
    plan = planned(w, team("Brand New", "jane", "bob", "chen"), OTHER)
    made(w.tracker, "PATCH", TEAM, {"name": "Brand Old"})

    deed = applied(w, plan)

    assert deed.sent == ('POST /v1/labels {"name":"Other","verified":true}',)
    assert {o.message for o in deed.report.outcomes if str(o.end) == "stale"} == {
        "'brand' has changed since the plan (name)"
    }


def test_a_slug_that_moved_is_told(w: World) -> None:
    carried_out(w, team())
    plan = planned(w, team("Brand New"))
    made(w.tracker, "PATCH", TEAM, {"slug": "brand-x"})

    deed = applied(w, plan)

    assert [(str(o.end), o.message) for o in deed.report.outcomes] == [
        ("stale", "'brand' is now called 'brand-x'")
    ]


def test_a_member_somebody_else_added_meanwhile_is_told(w: World) -> None:
    carried_out(w, team("Brand", "jane", "bob"))
    plan = planned(w, team("Brand", "jane", "bob", "chen"))
    made(w.tracker, "POST", f"{TEAM}/members", {"userId": person(w, "chen")})

    assert applied(w, plan).ends == {"stale"}
    assert carried_out(w, team("Brand", "jane", "bob", "chen")).sent == ()


def test_a_member_we_do_not_touch_may_come_and_go(w: World) -> None:
    carried_out(w, team("Brand", "jane", "bob"))
    plan = planned(w, team("Brand", "jane", "bob", "chen"))
    made(w.tracker, "POST", f"{TEAM}/members", {"userId": person(w, "maria")})

    assert applied(w, plan).ends == {"done"}


def test_a_team_that_appeared_is_not_doubled(w: World) -> None:
    """Where the server takes a second team of one slug, nothing else would keep it away (ST-P3)."""
    wanted = doc(
        "ClientTeam", "social", {"slug": "social", "name": "Social", "members": [{"user": "jane@example.com"}]}
    )
    plan = planned(w, wanted)
    made(w.tracker, "POST", "/api/client-teams", {"name": "Social", "slug": "social"})

    deed = applied(w, plan)

    assert [str(o.end) for o in deed.report.outcomes] == ["stale", "stale"]
    assert deed.sent == ()


def test_a_team_that_got_a_project_is_not_deleted(w: World) -> None:
    keep = doc("ClientTeam", "keep", {"slug": "keep", "name": "Keep"})
    gone = doc("ClientTeam", "gone", {"slug": "gone", "name": "Gone"}, on_remove="delete", allow=["delete"])
    carried_out(w, gone, keep)
    plan = planned(w, keep)
    body: Json = {"projectCode": "X", "name": "X", "omgJobNumber": "991", "clientTeamId": plan.calls[0].live_id}
    made(w.tracker, "POST", "/api/projects", body)

    deed = applied(w, plan)

    assert deed.ends == {"stale"}
    assert "what it contains" in deed.report.outcomes[0].message


def test_another_system_goes_on_untroubled(w: World) -> None:
    plan = planned(w, label("alpha"), doc("ClientTeam", "social", {"slug": "social", "name": "Social"}))
    made(w.omni, "POST", "/v1/labels", {"name": "Alpha"})

    deed = applied(w, plan)

    assert deed.sent == ('POST /api/client-teams {"name":"Social","slug":"social"}',)


def test_a_plan_is_used_once(w: World) -> None:
    plan = planned(w, label("alpha"))
    w.apply(plan)
    made(w.omni, "DELETE", "/v1/labels/Alpha")

    with pytest.raises(PlanStale, match="used once"):
        w.apply(plan)


def test_an_adoption_overtaken_by_another_run_forgets_nothing(w: World) -> None:
    """It has no calls, but would have the ledger believe that somebody else had made the label."""
    made(w.omni, "POST", "/v1/labels", {"name": "Alpha"})
    adopting = planned(w, label("alpha"))
    made(w.omni, "DELETE", "/v1/labels/Alpha")
    carried_out(w, label("alpha"))

    assert not adopting.calls
    with pytest.raises(PlanStale, match="another plan has been applied"):
        w.apply(adopting)
