"""From an e-mail address to an id, with no call more than needed (ST-R27 to ST-R29, OA-R16, OA-R17)."""

from __future__ import annotations

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.twins.studio_tracker.things import Invitation, User
from tests.contract.deeds import action, carried_out, only_hold, planned
from tests.contract.oracle import INVITATIONS, TEAMS, WORKLOAD
from tests.world import World, doc

PEOPLE = "/scim/v2/users"


def team(slug: str, *members: str) -> Document:
    listed: Json = [{"user": m} for m in members]
    return doc(
        "ClientTeam",
        slug,
        {"slug": slug, "name": slug.replace("-", " ").title(), "members": listed, "membersMode": "additive"},
    )


def asked_of_tracker(w: World) -> list[str]:
    return [e.call.split(" ")[1].partition("?")[0] for e in w.tracker.log]


def user_id(w: World, email: str) -> str:
    return next(u.id for u in w.tracker.state.of(User).values() if u.email == email)


# Studio Tracker: teams, then invitations, then the workload, each only while somebody is unresolved.


def test_people_in_teams_cost_nothing(w: World) -> None:
    plan = planned(w, team("social", "jane@example.com", "maria@example.com"))

    assert asked_of_tracker(w) == [TEAMS]
    assert len(plan.writes) == 3


def test_the_invitations_are_asked_next(w: World, hard: bool) -> None:
    """One profile's invitations tell the user, the other's do not; an invitation's own id is no user's."""
    planned(w, team("social", "new.producer@example.com"))

    assert asked_of_tracker(w) == [TEAMS, INVITATIONS] + ([WORKLOAD] if hard else [])
    carried_out(w, team("social", "new.producer@example.com"))
    invited = next(i for i in w.tracker.state.of(Invitation).values())
    bodies = [e.body for e in w.tracker.log if "members" in e.call and e.write]
    assert invited.id not in str(bodies)


def test_the_workload_is_asked_last_and_once(w: World) -> None:
    plan = planned(w, team("social", "chen@example.com", "admin@example.com"), team("brand", "chen@example.com"))

    assert asked_of_tracker(w) == [TEAMS, INVITATIONS, WORKLOAD]
    assert w.tracker.log[2].query == "numWeeks=1"
    assert len(plan.writes) == 4


def test_no_members_no_look_up(w: World) -> None:
    planned(w, doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"}))

    assert asked_of_tracker(w) == [TEAMS]


def test_hidden_members_tell_nobody(w: World) -> None:
    w.tracker.knobs.set("members-hidden", "adversarial")

    planned(w, team("social", "jane@example.com"))

    assert asked_of_tracker(w) == [TEAMS, INVITATIONS, WORKLOAD]


def test_an_unknown_person_is_left_out_alone_and_the_nearest_are_named(w: World) -> None:
    plan = planned(
        w, team("social", "jane@exmaple.com", "bob@example.com"), team("retail-media", "bob@example.com")
    )

    assert sorted(c.summary for c in plan.writes) == [
        "add bob@example.com to members of Retail Media",
        "add bob@example.com to members of Social",
        "create ClientTeam social",
    ]
    hold = only_hold(plan, "social")
    assert (hold.rule, hold.final, hold.only) == ("unresolved", True, "entry")
    assert hold.reason.startswith(
        "members: jane@exmaple.com left out; manifests/social.yaml:1:1: no User 'jane@exmaple.com'"
    )
    assert "jane@example.com" in hold.reason.partition("did you mean")[2]
    assert hold.way_out == (
        "correct the name; otherwise: invite with Invitation; no call changes, deactivates or deletes people"
    )


def test_everything_but_the_unknown_person_is_carried_out(w: World) -> None:
    deed = carried_out(w, team("social", "nobody@example.com"), team("retail-media", "bob@example.com"))

    bob = user_id(w, "bob@example.com")
    assert sorted(deed.sent) == [
        'POST /api/client-teams {"name":"Social","slug":"social"}',
        f'POST /api/client-teams/cmo7team3/members {{"userId":"{bob}"}}',
    ]


def test_nobody_is_removed_while_somebody_is_unknown(w: World) -> None:
    """The unknown one may be a misspelling of one who is there (ST-R28)."""
    document = team("brand", "jane@example.com", "bbo@example.com")
    life = replace(document.lifecycle, allow=frozenset({"first-removals"}))
    allowed = replace(document, lifecycle=life, spec={**document.spec, "membersMode": "exact"})

    plan = planned(w, allowed)

    assert plan.writes == ()
    assert [(c.summary, c.held) for c in plan.held] == [
        ("remove bob@example.com from members of Brand", ("unresolved",))
    ]


def test_without_any_list_of_people_everybody_outside_the_teams_is_unknown(w: World) -> None:
    w.tracker.knobs.set("no-people", "adversarial")

    plan = planned(w, team("social", "chen@example.com"), team("brand", "jane@example.com", "maria@example.com"))

    assert only_hold(plan, "social").rule == "unresolved"
    assert action(plan, "brand").holds == ()


def test_one_address_with_two_ids_is_refused(w: World) -> None:
    """Two accounts of one address in what was read anyhow (ST-R28, ST-A15)."""
    w.tracker.add_user("CHEN@example.com", "Another Chen")

    plan = planned(w, team("social", "chen@example.com"))

    assert [c.summary for c in plan.writes] == ["create ClientTeam social"]
    hold = only_hold(plan, "social")
    assert hold.rule == "unresolved"
    assert user_id(w, "chen@example.com") in hold.reason


def test_somebody_elses_organisation_is_never_asked_about(w: World) -> None:
    """In one profile the server's first organisation is not ours; a person of it is no match."""
    other = w.tracker.add_org("Third Party")
    w.tracker.add_user("guest@example.com", "Guest", org_id=other)

    plan = planned(w, team("social", "guest@example.com"))

    assert [c.summary for c in plan.writes] == ["create ClientTeam social"]
    assert {e.headers.get("x-org-id") for e in w.tracker.log} == {w.tracker.org_id}


# Omni Analytics: one address by a filter, several by the list.


def folder(name: str, owner: str) -> Document:
    return doc("Folder", name, {"path": name, "owner": owner})


def asked_for_people(w: World) -> list[str]:
    return [e.query for e in w.omni.log if e.path.endswith(PEOPLE)]


def test_one_owner_is_one_filter(w: World) -> None:
    planned(w, folder("a", "jane@example.com"), folder("b", "jane@example.com"))

    assert asked_for_people(w) == ["filter=userName%20eq%20%22jane%40example.com%22"]


def test_two_owners_are_one_page(w: World) -> None:
    planned(w, folder("a", "jane@example.com"), folder("b", "bob@example.com"))

    assert asked_for_people(w) == ["count=100&startIndex=1"]


def test_no_owner_no_look_up(w: World) -> None:
    planned(w, doc("Folder", "a", {"path": "A"}))

    assert asked_for_people(w) == []


@pytest.mark.parametrize(
    ("people", "late"), [(120, 1), (120, 2), (230, 1), (230, 2), (230, 3), (450, 3), (450, 9)]
)
def test_many_people_are_pages_or_filters_whichever_is_less(w: World, people: int, late: int) -> None:
    """OA-C3 is asserted by `planned`: 1 + the lesser of the other pages and the addresses still open."""
    crowd = people - 6
    for n in range(crowd):
        w.omni.add_user(f"person{n}@example.com")
    owners = ["jane@example.com", *(f"person{crowd - 1 - n}@example.com" for n in range(late))]

    plan = planned(w, *(folder(f"f{n}", owner) for n, owner in enumerate(owners)))

    assert len(plan.writes) == len(owners)
    assert len(carried_out(w, *w.documents).sent) == len(owners)


def test_two_spellings_of_one_address_are_one_person(w: World) -> None:
    for n in range(230):
        w.omni.add_user(f"person{n}@example.com")

    planned(w, folder("a", "person229@example.com"), folder("b", "Person229@Example.com"))

    assert len(asked_for_people(w)) == 1


def test_a_stranger_among_many_owners_holds_only_its_own_folder(w: World) -> None:
    for n in range(150):
        w.omni.add_user(f"person{n}@example.com")

    plan = planned(
        w, folder("a", "jane@example.com"), folder("b", "person149@example.com"), folder("c", "x@example.com")
    )

    assert {c.address.name for c in plan.writes} == {"a", "b"}
    assert only_hold(plan, "c").rule == "unresolved"
