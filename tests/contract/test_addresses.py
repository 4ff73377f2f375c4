"""One thing and its addresses: moves in the ledger, without a call."""

from __future__ import annotations

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Address
from tests.contract.deeds import Deed, carried_out, only_hold, planned
from tests.world import OMNI, TRACKER, World, doc


def reasons(deed: Deed, name: str) -> dict[str, Reason]:
    return {"/".join(f.path): f.reason for f in deed.action(name).fields}


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
