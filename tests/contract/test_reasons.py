"""Why a field differs: every field of every kind that can be changed."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.deeds import Deed, action, carried_out, made, planned
from tests.contract.studio import JANE, user_id
from tests.world import World, doc


def label(**spec: Json) -> Document:
    return doc("Label", "prod", {"name": "Production", **spec})


def reasons(deed: Deed, name: str) -> dict[str, Reason]:
    return {"/".join(f.path): f.reason for f in deed.action(name).fields}


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
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team1/members?userId={user_id(w, JANE)}")

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
    made(w.tracker, "DELETE", f"/api/client-teams/cmo7team1/members?userId={user_id(w, JANE)}")
    made(w.tracker, "POST", "/api/client-teams/cmo7team1/members", {"userId": user_id(w, JANE)})
    assert reasons(carried_out(w, team(isPrimary=True)), "t") == {at: Reason.DRIFT}
