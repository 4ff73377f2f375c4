"""How far we go with a thing, and why it differs: manage, ignore, drift, intent, both."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import User
from tests.contract.deeds import Deed, action, carried_out, made, only_hold, planned
from tests.world import OMNI, TRACKER, World, doc


def jane(w: World) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == "jane@example.com")


def label(**spec: Json) -> Document:
    return doc("Label", "prod", {"name": "Production", **spec})


def reasons(deed: Deed, name: str) -> dict[str, Reason]:
    return {"/".join(f.path): f.reason for f in deed.action(name).fields}


# Why a field differs: every field of every kind that can be changed.


@pytest.mark.parametrize("field", ["verified", "homepage"])
def test_a_label_flag_changed_in_the_product_is_put_back(w: World, field: str) -> None:
    carried_out(w, label(verified=False, homepage=False))
    made(w.omni, "PUT", "/v1/labels/Production", {field: True})

    deed = carried_out(w, label(verified=False, homepage=False))

    assert deed.sent == (f'PUT /v1/labels/Production {{"{field}":false}}',)
    assert reasons(deed, "prod") == {field: Reason.DRIFT}


def test_a_name_changed_on_both_sides_says_both(w: World) -> None:
    carried_out(w, doc("ClientTeam", "t", {"slug": "brand", "name": "Brand One"}))
    made(w.tracker, "PATCH", "/api/client-teams/cmo7team1", {"name": "Brand Two"})

    deed = carried_out(w, doc("ClientTeam", "t", {"slug": "brand", "name": "Brand Three"}))

    assert reasons(deed, "t") == {"name": Reason.BOTH}
    assert [(f.before, f.after) for f in deed.action("t").fields] == [("Brand Two", "Brand Three")]


def test_a_team_name_changed_in_the_product_is_put_back(w: World) -> None:
    carried_out(w, doc("ClientTeam", "t", {"slug": "brand", "name": "Brand"}))
    made(w.tracker, "PATCH", "/api/client-teams/cmo7team1", {"name": "Brand Two"})

    deed = carried_out(w, doc("ClientTeam", "t", {"slug": "brand", "name": "Brand"}))

    assert deed.sent == ('PATCH /api/client-teams/cmo7team1 {"name":"Brand"}',)
    assert reasons(deed, "t") == {"name": Reason.DRIFT}


def test_one_field_by_intent_and_another_by_drift_are_one_call(w: World) -> None:
    carried_out(w, label(verified=False, homepage=False))
    made(w.omni, "PUT", "/v1/labels/Production", {"homepage": True})

    deed = carried_out(w, label(verified=True, homepage=False))

    assert deed.sent == ('PUT /v1/labels/Production {"homepage":false,"verified":true}',)
    assert reasons(deed, "prod") == {"verified": Reason.INTENT, "homepage": Reason.DRIFT}


def test_what_was_never_applied_has_no_known_reason(w: World) -> None:
    deed = carried_out(w, doc("Label", "review", {"name": "In Review", "verified": False}))

    assert deed.action("review").verb is Verb.ADOPT
    assert reasons(deed, "review") == {"verified": Reason.UNKNOWN}


def test_without_a_ledger_no_reason_is_known(w: World) -> None:
    carried_out(w, label(verified=False))
    made(w.omni, "PUT", "/v1/labels/Production", {"verified": True})
    w.ledger = None

    plan = planned(w, label(verified=False))

    assert action(plan, "prod").verb is Verb.UPDATE
    assert [f.reason for f in action(plan, "prod").fields] == [Reason.UNKNOWN]


def test_a_field_declared_for_the_first_time_has_no_known_reason(w: World) -> None:
    carried_out(w, label())

    deed = carried_out(w, label(verified=True))

    assert reasons(deed, "prod") == {"verified": Reason.UNKNOWN}


def test_a_change_made_by_hand_as_we_want_it_costs_nothing(w: World) -> None:
    carried_out(w, label(verified=False))
    made(w.omni, "PUT", "/v1/labels/Production", {"verified": True})

    assert carried_out(w, label(verified=True)).sent == ()


def test_members_added_by_intent_and_by_drift(w: World) -> None:
    def team(*members: str) -> Document:
        listed: Json = [{"user": f"{m}@example.com"} for m in members]
        return doc("ClientTeam", "t", {"slug": "brand", "name": "Brand", "members": listed})

    carried_out(w, team("jane", "bob"))
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team1/members?userId={jane(w)}")

    deed = carried_out(w, team("jane", "maria"))

    assert reasons(deed, "t") == {
        "members/jane@example.com": Reason.DRIFT,
        "members/maria@example.com": Reason.INTENT,
        "members/bob@example.com": Reason.INTENT,
    }


def test_the_flag_of_a_member_by_intent_by_drift_and_for_the_first_time(w: World) -> None:
    def team(**flag: Json) -> Document:
        listed: Json = [{"user": "jane@example.com", **flag}]
        spec: dict[str, Json] = {"slug": "brand", "name": "Brand", "members": listed, "membersMode": "additive"}
        return doc("ClientTeam", "t", spec)

    carried_out(w, team())
    at = "members/jane@example.com/isPrimary"
    assert reasons(carried_out(w, team(isPrimary=False)), "t") == {at: Reason.UNKNOWN}
    assert reasons(carried_out(w, team(isPrimary=True)), "t") == {at: Reason.INTENT}
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team1/members?userId={jane(w)}")
    made(w.tracker, "POST", "/api/client-teams/cmo7team1/members", {"userId": jane(w)})
    assert reasons(carried_out(w, team(isPrimary=True)), "t") == {at: Reason.DRIFT}


# observe, create-only, ignore.


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
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team4/members?userId={jane(w)}")

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


# One thing, two addresses.


def test_a_new_address_with_previously_is_a_move_without_a_call(w: World) -> None:
    carried_out(w, doc("Label", "prod", {"name": "Production"}))

    deed = carried_out(w, doc("Label", "live", {"name": "Production"}, previous_name="prod"))

    assert deed.sent == ()
    assert (deed.action("live").verb, deed.action("live").previous) == (Verb.MOVE, Address(OMNI, "Label", "prod"))
    assert [a.name for a in w.recorded.bonds] == ["live"]
    assert w.recorded.bonds[Address(OMNI, "Label", "live")].made


def test_a_new_address_without_previously_is_a_move_too(w: World) -> None:
    """The ledger knows the id under an address that no document bears any more."""
    carried_out(w, doc("ClientTeam", "social", {"slug": "social", "name": "Social"}))

    deed = carried_out(w, doc("ClientTeam", "social-media", {"slug": "social", "name": "Social"}))

    assert deed.sent == ()
    assert deed.action("social-media").verb is Verb.MOVE
    assert list(w.recorded.bonds) == [Address(TRACKER, "ClientTeam", "social-media")]


def test_a_move_and_a_change_at_once(w: World) -> None:
    carried_out(w, doc("Label", "prod", {"name": "Production", "verified": False}))

    deed = carried_out(w, doc("Label", "live", {"name": "Production", "verified": True}, previous_name="prod"))

    assert deed.sent == ('PUT /v1/labels/Production {"verified":true}',)
    assert reasons(deed, "live") == {"verified": Reason.INTENT}
    assert list(w.recorded.bonds) == [Address(OMNI, "Label", "live")]


def test_a_move_and_a_rename_at_once(w: World) -> None:
    carried_out(w, doc("Label", "prod", {"name": "Production"}))

    deed = carried_out(w, doc("Label", "live", {"name": "Live"}, previous_name="prod", previous_key="Production"))

    assert deed.sent == ('PUT /v1/labels/Production {"name":"Live"}',)
    assert list(w.recorded.bonds) == [Address(OMNI, "Label", "live")]


def test_a_moved_thing_is_deleted_once_and_only_when_its_last_document_goes(w: World) -> None:
    keep = doc("Label", "keep", {"name": "Draft"})
    carried_out(w, doc("Label", "prod", {"name": "Production"}), keep)
    carried_out(w, doc("Label", "live", {"name": "Production"}, previous_name="prod"), keep)

    assert carried_out(w, keep).sent == ("DELETE /v1/labels/Production",)


def test_two_documents_of_one_thing_are_refused(w: World) -> None:
    """The files may name one key twice under two names only where a loader did not look: the engine refuses."""
    carried_out(w, doc("Label", "prod", {"name": "Production"}))

    plan = planned(w, doc("Label", "prod", {"name": "Production"}), doc("Label", "twin", {"name": "PRODUCTION"}))

    assert plan.writes == ()
    assert (only_hold(plan, "twin").rule, only_hold(plan, "twin").final) == ("taken", True)


def test_a_swap_of_addresses_is_two_moves(w: World) -> None:
    carried_out(w, doc("Label", "a", {"name": "Alpha"}), doc("Label", "b", {"name": "Beta"}))

    plan = planned(w, doc("Label", "a", {"name": "Beta"}), doc("Label", "b", {"name": "Alpha"}))

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} == {"rename-unconfirmed"}
