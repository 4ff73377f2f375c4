"""Who can do what: what is derived from answers, and from manifests, against the twin's own reckoning."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.access import Question
from reconciler.model.access import AccessChange, Sort
from reconciler.model.json import Json
from reconciler.model.record import asdict, replace
from reconciler.workflow.access import NothingMeant
from tests.contract.access import Row, both, changed, live, manifests, of, rows, who_can
from tests.contract.grants import by_hand, opened, to
from tests.world import CMS, OMNI, PLATFORM, TRACKER, World, doc

JANE, BOB, MARIA, CHEN = "jane@example.com", "bob@example.com", "maria.lopez@example.com", "chen@example.com"


def groups_and_folders() -> list[object]:
    return [
        doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE, BOB]}, allow=["first-removals"]),
        doc("UserGroup", "empty", {"name": "Nobody", "members": []}, allow=["first-removals"]),
        opened("fin", to("EDITOR", groups=["finance"]), to("NO_ACCESS", CHEN), path="Finance"),
        opened(
            "rep",
            to("VIEWER", MARIA, JANE, accessBoost=True),
            to("MANAGER", groups=["empty"]),
            path="Finance/Reports",
        ),
        doc("Folder", "q3", {"path": "Finance/Reports/Q3"}),
        doc("Folder", "board", {"path": "Board papers", "scope": "restricted", "owner": MARIA}),
    ]


def converged(w: World, *documents: object) -> None:
    w.converge(*documents)  # type: ignore[arg-type]


def test_groups_and_folders_are_as_the_twin_reckons(w: World) -> None:
    converged(w, *groups_and_folders())
    truth, seen, said = who_can(w, OMNI), rows(live(w), OMNI), rows(manifests(w), OMNI)
    assert of(seen, "UserGroup", "Folder") <= truth
    assert of(said, "UserGroup", "Folder") <= truth
    assert of(truth, "UserGroup") == of(seen, "UserGroup")
    declared = {"Finance", "Finance/Reports", "Finance/Reports/Q3", "Board papers"}
    mine = {row for row in of(truth, "Folder") if row[3] in declared}
    assert {row for row in of(seen, "Folder") if row[3] in declared} == mine
    assert (JANE, "EDITOR", "Folder", "Finance/Reports/Q3") in mine
    assert (CHEN, "NO_ACCESS", "Folder", "Finance") not in mine


def test_the_list_tells_the_path_the_reason_and_which_side_says_so(w: World) -> None:
    grant = {**to("EDITOR", groups=["finance"]), "because": "FIN-12"}
    group = doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE]}, allow=["first-removals"])
    converged(w, group, opened("rep", grant, path="Finance/Reports"))
    by_hand(w, "VIEWER", JANE, folder="00000002-0000-4000-8000-000000000002")
    w.documents.append(opened("new", to("VIEWER", JANE), path="Planned"))
    found = {(r.role, r.object.name): r for r in both(w, who=JANE).rows if r.object.kind == "Folder"}
    through = found["EDITOR", "Finance/Reports"]
    assert [s.name for s in through.path] == ["Finance Team"]
    assert through.because == ("FIN-12",)
    assert through.declared_at[0].startswith("manifests/rep.yaml:")
    assert (through.declared, through.live, through.highest) == (True, True, True)
    assert (found["VIEWER", "Planned"].declared, found["VIEWER", "Planned"].live) == (True, False)
    assert ("VIEWER", "Finance/Reports") not in found, (
        "nobody asked about her in that folder, for nobody names her"
    )


def test_teams_pods_projects_and_invitations(studio: World, tmp_path: Path) -> None:
    w = studio
    converged(
        w,
        doc(
            "ClientTeam",
            "brand",
            {"slug": "brand", "name": "Brand", "members": [{"user": JANE}]},
            allow=["first-removals"],
        ),
        doc(
            "Pod",
            "pod-a",
            {"slug": "pod-a", "name": "Pod A", "lead": BOB, "members": [JANE]},
            allow=["first-removals"],
        ),
        doc("Project", "p1", {"omgJobNumber": "777", "name": "Alpha", "projectCode": "A", "team": "brand"}),
    )
    truth, seen, said = who_can(w, TRACKER), rows(live(w), TRACKER), rows(manifests(w), TRACKER)
    kinds = ("ClientTeam", "Pod", "Project")
    assert of(seen, *kinds) == of(truth, *kinds)
    assert said <= truth
    assert (JANE, "MEMBER", "Project", "777") in said & seen


def test_accounts_of_the_cms(u: World) -> None:
    new: dict[str, Json] = {"email": "New@example.com", "password": {"fromFile": "kept/password", "version": 1}}
    key: dict[str, Json] = {"apiKey": "present", "keyTo": {"toFile": "kept/new.key"}}
    converged(
        u,
        doc("cms/User", "new", new | key),
        doc("cms/User", "off", new | {"email": "off@example.com", "active": False}),
    )
    truth = who_can(u, CMS)
    assert rows(live(u), CMS) == truth
    assert rows(manifests(u), CMS) <= truth
    assert ("new@example.com", "API_KEY", "*", "*") in truth


def test_people_of_the_platform(p: World) -> None:
    said = {"email": JANE, "owningAgency": "Example Berlin", "jobRoleName": "Designer"}
    chen = doc("platform/User", "chen", {"email": CHEN})  # whose answer tells what that agency and role are called
    plan = p.plan(doc("platform/User", "jane", said), chen)
    gained = plan.access
    if not plan.writes:  # this profile shows no names, so nobody knows which agency is meant
        assert gained == ()
        return
    assert (JANE, "MEMBER", "Agency", "Example Berlin") in changed(gained, gains=True)
    assert (JANE, "Producer", "*", "*") in changed(gained, gains=False)
    converged(p, doc("platform/User", "jane", said), chen)
    truth, seen, told = who_can(p, PLATFORM), rows(live(p), PLATFORM), rows(manifests(p), PLATFORM)
    mine = {row for row in truth if row[0] == JANE}
    assert told == mine
    assert mine <= seen <= truth


def test_deliveries_give_data_to_whoever_receives_them(w: World) -> None:
    weekly = {
        "document": "d0c00001",
        "name": "Weekly",
        "cron": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "recipients": [JANE, "Ext@partner.example.com"],
        "subject": "S",
    }
    hook = {
        **weekly,
        "name": "Hook",
        "destination": "webhook",
        "url": "https://hooks.example.com/a",
        "format": "csv",
    }
    del hook["recipients"], hook["subject"]
    converged(w, doc("Schedule", "weekly", weekly), doc("Schedule", "hook", hook))  # type: ignore[arg-type]
    truth, seen, said = who_can(w, OMNI), rows(live(w), OMNI), rows(manifests(w), OMNI)
    assert of(seen, "Schedule") <= truth
    assert of(said, "Schedule") <= truth
    mine = {
        r for r in of(truth, "Schedule") if r[1] == "RECEIVES" and r[3] in ("d0c00001/Weekly", "d0c00001/Hook")
    }
    assert {r for r in of(seen, "Schedule") if r[3] in ("d0c00001/Weekly", "d0c00001/Hook")} == mine
    assert ("https://hooks.example.com/a", "RECEIVES", "Schedule", "d0c00001/Hook") in mine
    assert ("ext@partner.example.com", "RECEIVES", "Schedule", "d0c00001/Weekly") in mine


def test_documents_connections_and_models(w: World) -> None:
    """What no read shows (a document's `organizationRole`) stands in manifests alone."""
    roles: list[Json] = [
        {"connection": "Warehouse", "model": "Orders", "role": "RESTRICTED_QUERIER"},
        {"connection": "Warehouse", "role": "CONNECTION_ADMIN"},
    ]
    opened_up: dict[str, Json] = {
        "permissions": [to("EDITOR", BOB, groups=["finance"])],
        "permissionsMode": "additive",
    }
    converged(
        w,
        doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE]}, allow=["first-removals"]),
        opened("rep", to("VIEWER", CHEN), path="Finance/Reports"),
        doc(
            "Document",
            "sales",
            {**opened_up, "identifier": "d0c00001", "settings": {"organizationRole": "VIEWER"}},
        ),
        doc("Connection", "wh", {"name": "Warehouse", "dialect": "postgres", "baseRole": "RESTRICTED_QUERIER"}),
        doc("ModelRoles", "finance", {"subject": {"group": "finance"}, "roles": roles}),
    )
    truth, seen, said = who_can(w, OMNI), rows(live(w), OMNI), rows(manifests(w), OMNI)
    kinds = ("Document", "Connection", "Model")
    unnamed = {row for row in of(seen, *kinds) if row[3].endswith("/(schema)")}
    assert of(seen, *kinds) - unnamed <= truth
    assert of(said, *kinds) <= truth
    assert (JANE, "EDITOR", "Document", "d0c00001") in seen & said
    assert ("everybody", "VIEWER", "Document", "d0c00001") in said - seen
    assert (JANE, "CONNECTION_ADMIN", "Connection", "Warehouse") in seen & said
    assert (JANE, "QUERY_TOPICS", "Model", "Warehouse/Orders") in seen & said
    assert ("everybody", "QUERY_TOPICS", "Connection", "Warehouse") in seen & said


def gained_and_lost(w: World, *documents: object) -> tuple[set[Row], set[Row], tuple[AccessChange, ...]]:
    """What the twin says that an apply gave and took, beside what its plan said."""
    before = who_can(w, OMNI)
    plan, _ = w.converge(*documents)  # type: ignore[arg-type]
    after = who_can(w, OMNI)
    return after - before, before - after, plan.access


def test_a_plan_tells_who_gains_and_who_loses(w: World) -> None:
    first = groups_and_folders()
    gained, lost, told = gained_and_lost(w, *first)
    tops = {r for r in gained if r[3] != "Finance/Reports/Q3" or r[1] == "SEES"}
    assert changed(told, gains=True) >= {r for r in tops if r[2] == "UserGroup"}
    assert changed(told, gains=True) <= gained
    assert changed(told, gains=False) == lost
    fewer = doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE, CHEN]})
    gained, lost, told = gained_and_lost(w, fewer, *first[1:])
    assert changed(told, gains=True) <= gained
    assert changed(told, gains=False) <= lost
    assert (CHEN, "EDITOR", "Folder", "Finance") in changed(told, gains=True)
    assert (BOB, "EDITOR", "Folder", "Finance") in changed(told, gains=False)
    on = next(c for c in told if c.object.name == "Finance" and c.gains)
    assert [s.name for s in on.path] == ["Finance Team"]
    assert on.within >= 2


def test_a_rename_changes_nobodys_access(w: World) -> None:
    converged(w, *groups_and_folders())
    first = groups_and_folders()
    named = doc("UserGroup", "finance", {"name": "Finance", "members": [JANE, BOB]}, previous_key="Finance Team")
    plan = w.plan(named, *first[1:])  # type: ignore[arg-type]
    assert plan.writes
    assert plan.access == ()


def test_what_is_held_is_told_as_held(w: World) -> None:
    converged(
        w, doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE]}, allow=["first-removals"])
    )
    group = doc("UserGroup", "marketing", {"name": "Marketing Team", "members": [CHEN]})
    plan = w.plan(*w.documents, group)
    held = [c for c in plan.access if c.held]
    assert held or not [a for a in plan.actions if a.holds]
    assert all(c.held for c in plan.access if c.object.name == "Marketing Team" and not c.gains)


def test_what_nobody_could_read_before_was_unknown(w: World) -> None:
    """Nobody can be asked about in an empty group, so its grant may have been there."""
    members = doc("UserGroup", "empty", {"name": "Nobody", "members": []})
    converged(w, members, doc("Folder", "fin", {"path": "Finance"}))
    plan = w.plan(members, opened("fin", to("VIEWER", groups=["empty"]), path="Finance"))
    [gain] = [c for c in plan.access if c.object.kind == "Folder"]
    assert (gain.sort, gain.who, gain.unknown) == (Sort.GROUP, ("Nobody",), True)


def test_whoever_is_in_a_group_that_goes_loses_what_it_had(w: World) -> None:
    group = doc("UserGroup", "audit", {"name": "Audit", "members": [CHEN]}, on_remove="delete", allow=["delete"])
    grant = opened("fin", to("EDITOR", groups=["audit"]), path="Finance")
    converged(w, group, grant)
    before = who_can(w, OMNI)
    plan = w.plan(doc("Folder", "fin", {"path": "Finance"}))
    assert [str(a.verb) for a in plan.actions if a.address.name == "audit"] == ["delete"]
    lost = [c for c in plan.access if not c.gains]
    assert (CHEN, "MEMBER", "UserGroup", "Audit") in changed([replace(c, held=False) for c in lost], gains=False)
    w.apply(plan)
    gone = before - who_can(w, OMNI)
    assert changed(plan.access, gains=False) <= gone


def test_a_schedule_that_is_made_anew_keeps_its_recipients(w: World) -> None:
    spec: dict[str, Json] = {
        "document": "d0c00001",
        "name": "Weekly",
        "cron": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "recipients": [JANE, BOB],
        "subject": "S",
    }
    converged(w, doc("Schedule", "weekly", spec))
    elsewhere: dict[str, Json] = {**spec, "document": "d0c00002", "recipients": [JANE]}
    plan = w.plan(doc("Schedule", "weekly", elsewhere, allow=["replace"]))
    assert [str(a.verb) for a in plan.actions] == ["replace"]
    going = [replace(c, held=False) for c in plan.access]
    assert {row[0] for row in changed(going, gains=False)} == {BOB}
    assert changed(going, gains=True) == set()


def test_a_plan_without_changes_says_nothing_of_access(w: World) -> None:
    converged(w, *groups_and_folders())
    assert w.plan().access == ()


def test_a_word_that_means_nothing_names_what_is_near(w: World) -> None:
    converged(w, *groups_and_folders())
    with pytest.raises(NothingMeant) as error:
        both(w, who="jnae@example.com")
    assert error.value.exit_code == 1
    assert JANE in error.value.hint
    with pytest.raises(NothingMeant):
        both(w, what="Finance/Report")
    assert {r.object.name for r in both(w, what="fin").rows} == {"Finance"}
    assert {r.object.kind for r in both(w, what="kind:UserGroup").rows} == {"UserGroup"}
    assert {r.principal.name for r in both(w, who="finance team").rows} == {JANE, BOB}


def test_the_question_is_a_value() -> None:
    assert asdict(Question()) == {"who": "", "what": "", "asked": "both"}
