"""ClientTeam itself: create, change, rename, adopt (ST-R10 to ST-R15)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.place import Severity
from reconciler.twins.studio_tracker.things import Team
from reconciler.workflow import Override
from tests.contract.deeds import action, applied, carried_out, held, made, only_hold, planned, would_send
from tests.world import TRACKER, World, catalog, doc


def team(name: str, slug: str, shown: str, **metadata: object) -> Document:
    return doc("ClientTeam", name, {"slug": slug, "name": shown}, **metadata)


SOCIAL = team("social", "social", "Social")


def test_a_team_is_created_with_name_and_slug(w: World) -> None:
    deed = carried_out(w, SOCIAL)

    assert deed.sent == ('POST /api/client-teams {"name":"Social","slug":"social"}',)
    assert carried_out(w, SOCIAL).sent == ()


def test_members_follow_the_create_one_call_each(w: World) -> None:
    members: Json = [{"user": "jane@example.com"}, {"user": "maria@example.com", "isPrimary": True}]

    deed = carried_out(w, doc("ClientTeam", "social", {"slug": "social", "name": "Social", "members": members}))

    assert len(deed.sent) == 3
    create, *adds = deed.plan.calls
    assert all(c.after == {create.id} for c in adds)
    assert adds[0].line == "POST /api/client-teams/<id of call 1>/members"


def test_a_name_is_one_patch_with_the_name_alone(w: World) -> None:
    carried_out(w, SOCIAL)

    deed = carried_out(w, team("social", "social", "Social Media"))

    assert deed.sent == ('PATCH /api/client-teams/cmo7team4 {"name":"Social Media"}',)
    assert [(f.path, f.before, f.after, f.reason) for f in deed.action("social").fields] == [
        (("name",), "Social", "Social Media", Reason.INTENT)
    ]


def test_a_live_team_is_adopted_and_updated_in_place(w: World) -> None:
    deed = carried_out(w, team("brand", "brand", "Brand!"))

    assert deed.sent == ('PATCH /api/client-teams/cmo7team1 {"name":"Brand!"}',)
    assert deed.action("brand").verb is Verb.ADOPT
    assert w.recorded.bonds[Address(TRACKER, "ClientTeam", "brand")].on_remove == "release"


def test_teams_are_told_apart_by_the_case_of_nothing_but_their_slug(w: World) -> None:
    """Slugs compare exactly (ST-R10, ST-P16)."""
    made(w.tracker, "POST", "/api/client-teams", {"name": "Social", "slug": "SOCIAL"})

    assert carried_out(w, SOCIAL).sent == ('POST /api/client-teams {"name":"Social","slug":"social"}',)


def test_two_live_teams_of_one_slug_are_refused_with_their_ids(w: World) -> None:
    w.tracker.knobs.set("ST-P3", "adversarial")
    made(w.tracker, "POST", "/api/client-teams", {"name": "Brand", "slug": "brand"})

    plan = planned(w, team("brand", "brand", "Brand!"))

    assert plan.writes == ()
    hold = only_hold(plan, "brand")
    assert (hold.rule, hold.final) == ("ambiguous", True)
    assert "cmo7team1, cmo7team4" in hold.reason


def test_a_pinned_id_says_which_of_two(w: World) -> None:
    w.tracker.knobs.set("ST-P3", "adversarial")
    made(w.tracker, "POST", "/api/client-teams", {"name": "Brand", "slug": "brand"})

    deed = carried_out(w, team("brand", "brand", "Brand!", pinned_id="cmo7team4"))

    assert deed.sent == ('PATCH /api/client-teams/cmo7team4 {"name":"Brand!"}',)


# Renames.


def test_a_new_slug_needs_consent(w: World) -> None:
    carried_out(w, SOCIAL)

    plan = planned(w, team("social", "social-media", "Social Media", previous_key="social"))

    assert plan.writes == ()
    hold = only_hold(plan, "social")
    assert (hold.rule, hold.final) == ("rename", False)
    assert "lifecycle.allow" in hold.way_out


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_with_consent_name_and_slug_are_one_patch(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, team("brand", "brand", "Brand"))
    wanted = team("brand", "brand-studio", "Brand Studio", previous_key="brand", allow=["rename"])

    deed = carried_out(w, wanted)

    assert deed.sent == ('PATCH /api/client-teams/cmo7team1 {"name":"Brand Studio","slug":"brand-studio"}',)
    assert deed.action("brand").verb is Verb.RENAME
    assert carried_out(w, wanted).sent == ()


def test_consent_without_previously_is_held_with_the_line_to_add(w: World) -> None:
    carried_out(w, SOCIAL)

    plan = planned(w, team("social", "social-media", "Social Media", allow=["rename"]))

    assert plan.writes == ()
    hold = only_hold(plan, "social")
    assert hold.rule == "rename-unconfirmed"
    assert "previously: {key: social}" in hold.way_out


def test_neither_is_two_holds_and_lifting_one_is_not_enough(w: World) -> None:
    carried_out(w, SOCIAL)
    at = Address(TRACKER, "ClientTeam", "social")
    plan = planned(w, team("social", "social-media", "Social Media"))
    assert held(plan) == {(at, "rename"), (at, "rename-unconfirmed")}

    first = applied(w, plan, overrides=[Override("rename", at, "agreed")])
    assert first.sent == ()
    both = [Override("rename", at, "agreed"), Override("rename-unconfirmed", at, "agreed")]
    deed = carried_out(w, team("social", "social-media", "Social Media"), overrides=both)
    assert deed.sent == ('PATCH /api/client-teams/cmo7team4 {"name":"Social Media","slug":"social-media"}',)


def test_a_slug_that_another_team_bears_is_refused(w: World) -> None:
    carried_out(w, SOCIAL)

    plan = planned(w, team("social", "brand", "Brand", previous_key="social", allow=["rename"]))

    assert plan.writes == ()
    assert only_hold(plan, "social").rule == "name-taken"


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_already_renamed_costs_nothing(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, team("brand", "brand", "Brand"))
    made(w.tracker, "PATCH", "/api/client-teams/cmo7team1", {"slug": "brand-studio"})

    deed = carried_out(w, team("brand", "brand-studio", "Brand", previous_key="brand", allow=["rename"]))

    assert deed.sent == ()


def test_slugs_are_swapped_through_a_temporary_one(w: World) -> None:
    one = team("a", "brand-safety", "Brand", previous_key="brand", allow=["rename"])
    two = team("b", "brand", "Brand Safety", previous_key="brand-safety", allow=["rename"])

    deed = carried_out(w, one, two)

    assert len(deed.sent) == 3
    assert {t.id: t.slug for t in w.tracker.state.of(Team).values()} == {
        "cmo7team1": "brand-safety",
        "cmo7team2": "brand",
        "cmo7team3": "retail-media",
    }


def test_a_slug_changed_in_the_product_is_put_back_with_consent_only(w: World) -> None:
    carried_out(w, SOCIAL)
    made(w.tracker, "PATCH", "/api/client-teams/cmo7team4", {"slug": "socials"})

    plan = planned(w, SOCIAL)
    assert plan.writes == ()
    assert only_hold(plan, "social").rule == "rename"
    assert [(f.before, f.after, f.reason) for f in action(plan, "social").fields] == [
        ("socials", "social", Reason.DRIFT)
    ]

    deed = carried_out(w, team("social", "social", "Social", allow=["rename"]))
    assert deed.sent == ('PATCH /api/client-teams/cmo7team4 {"slug":"social"}',)


def test_without_a_ledger_a_new_slug_is_a_new_team(w: World) -> None:
    w.ledger = None

    plan = planned(w, team("brand", "brand-studio", "Brand Studio"))

    assert would_send(plan) == ['POST /api/client-teams {"name":"Brand Studio","slug":"brand-studio"}']


# What the files alone tell.


@pytest.mark.parametrize(
    ("slug", "shown", "warned"),
    [
        ("brand", "Brand", False),
        ("brand-safety", "Brand  Safety!", False),
        ("brand", "Brand Studio", True),
        ("etoile", "Étoile", True),
    ],
)
def test_a_name_that_does_not_lead_to_its_slug_is_warned_of(slug: str, shown: str, warned: bool) -> None:
    kind = catalog().kind("studio-tracker", "ClientTeam")

    problems = catalog().verbs["studio-tracker", "ClientTeam"].check(kind, [team("t", slug, shown)])

    assert [(p.rule, p.severity) for p in problems] == ([("ST-R11", Severity.WARNING)] if warned else [])
