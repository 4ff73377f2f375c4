"""What becomes of a thing whose document left git (OA-R25, OA-R26, OA-R36, OA-R38, ST-R16, ST-R17)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Address, DeleteLimit, Document
from reconciler.model.faults import GuardRefused, UsageWrong
from reconciler.model.json import Json
from reconciler.twins.omni_analytics.things import Folder
from reconciler.workflow import Override
from tests.contract.deeds import action, applied, carried_out, made, only_hold, planned
from tests.contract.oracle import PROJECTS
from tests.world import OMNI, TRACKER, World, doc

GONE = {"on_remove": "delete", "allow": ["delete"]}


def label(name: str, **metadata: object) -> Document:
    return doc("Label", name, {"name": name.title()}, **metadata)


def folder(name: str, path: str, **metadata: object) -> Document:
    return doc("Folder", name, {"path": path}, **(metadata or GONE))


def team(name: str, **metadata: object) -> Document:
    return doc("ClientTeam", name, {"slug": name, "name": name.title()}, **(metadata or GONE))


KEEP = doc("Label", "keep", {"name": "Draft"})


# Labels.


def test_a_label_we_made_is_deleted_when_it_left_git(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ("DELETE /v1/labels/Alpha",)
    assert deed.action("alpha").verb is Verb.DELETE
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_a_label_in_use_is_not_deleted_and_never_stripped(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    hold = only_hold(deed.plan, "alpha")
    assert (hold.rule, hold.final) == ("in-use", True)
    assert "1 uses" in hold.reason
    assert Address(OMNI, "Label", "alpha") in w.recorded.bonds


def test_a_label_that_only_folders_carry_is_in_use_too(w: World) -> None:
    """The usage counts folders, whose labels this API cannot take off (OA-R25, OA-P9)."""
    carried_out(w, label("alpha"), KEEP)
    w.omni.label_folder("00000002-0000-4000-8000-000000000001", "Alpha")

    assert only_hold(carried_out(w, KEEP).plan, "alpha").rule == "in-use"


def test_a_label_no_longer_used_is_deleted_at_last(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))
    carried_out(w, KEEP)
    from dataclasses import replace

    from reconciler.twins.omni_analytics.things import Document as Content

    with w.omni.lock:
        for identifier, content in list(w.omni.state.of(Content).items()):
            w.omni.state.of(Content)[identifier] = replace(content, deleted=True)

    assert carried_out(w, KEEP).sent == ("DELETE /v1/labels/Alpha",)


def test_a_label_used_between_plan_and_apply_is_refused_as_stale(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))

    deed = applied(w, plan)

    assert deed.sent == ()
    assert [(str(o.end), o.message) for o in deed.report.outcomes] == [
        ("stale", "'Alpha' has changed since the plan (what it contains)")
    ]


def test_an_adopted_label_is_released_not_deleted(w: World) -> None:
    carried_out(w, doc("Label", "review", {"name": "In Review"}), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert deed.action("review").verb is Verb.RELEASE
    assert Address(OMNI, "Label", "review") not in w.recorded.bonds


def test_an_adopted_label_asked_to_be_deleted_is_not_ours(w: World) -> None:
    carried_out(w, doc("Label", "pick", {"name": "Homepage pick"}, **GONE), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert (only_hold(plan, "pick").rule, only_hold(plan, "pick").final) == ("not-ours", False)


def test_a_released_label_stays(w: World) -> None:
    carried_out(w, label("alpha", on_remove="release"), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert (deed.action("alpha").verb, deed.plan.reads) == (Verb.RELEASE, ("analytics: GET /v1/labels",))
    assert carried_out(w, KEEP).plan.actions[0].address.name == "keep"


def test_a_label_that_is_gone_already_leaves_the_ledger_without_a_call(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    made(w.omni, "DELETE", "/v1/labels/Alpha")

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_a_label_deleted_by_another_between_check_and_call_is_done(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, KEEP)
    w.omni.on_request(
        1, "before-effect", lambda _: made(w.omni, "DELETE", "/v1/labels/Alpha") and None, method="DELETE"
    )

    report = w.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("done", 404)]
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_deletes_come_after_every_other_write_of_their_kind(w: World) -> None:
    carried_out(w, label("alpha"), label("beta"), KEEP)

    deed = carried_out(w, label("beta"), label("aaa"), doc("Label", "keep", {"name": "Draft", "homepage": True}))

    assert [line.split(" ")[0] for line in deed.sent][-1] == "DELETE"
    assert len(deed.sent) == 3


def test_a_delete_waits_in_vain_for_a_create_that_failed(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, label("beta"), KEEP)
    w.omni.knobs.set("OA-P8", "plain")
    w.omni.on_request(
        1, "before-effect", lambda _: made(w.omni, "POST", "/v1/labels", {"name": "Beta"}) and None, method="POST"
    )

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed", "blocked"]
    assert w.omni.edit("GET", "/v1/labels/Alpha").ok


# Guards with a way out.


def test_a_protected_thing_is_held_though_its_document_is_gone(w: World) -> None:
    carried_out(w, label("alpha", protect=True), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert [c.line for c in plan.held] == ["DELETE /v1/labels/Alpha"]
    assert (only_hold(plan, "alpha").rule, only_hold(plan, "alpha").final) == ("protected", False)


def test_the_way_out_of_protection_works(w: World) -> None:
    carried_out(w, label("alpha", protect=True), KEEP)
    assert carried_out(w, label("alpha", protect=False), KEEP).sent == ()

    assert carried_out(w, KEEP).sent == ("DELETE /v1/labels/Alpha",)


def test_too_many_deletes_are_held_all_of_them(w: World) -> None:
    w.limit = DeleteLimit(count=3, percent=100)
    carried_out(w, *(label(f"name{n}") for n in range(4)), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} == {"too-many-deletes"}
    assert "4 of 8 Labels" in only_hold(plan, "name0").reason


def test_so_many_deletes_are_not_too_many(w: World) -> None:
    w.limit = DeleteLimit(count=3, percent=40)
    carried_out(w, *(label(f"name{n}") for n in range(3)), *(label(f"kept{n}") for n in range(2)), KEEP)

    assert len(carried_out(w, *(label(f"kept{n}") for n in range(2)), KEEP).sent) == 3


def test_a_large_share_of_the_live_things_is_too_much(w: World) -> None:
    w.limit = DeleteLimit(count=100, percent=30)
    carried_out(w, *(label(f"name{n}") for n in range(4)), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert "4 of 8 Labels would be deleted (limit 100, or 30 %)" in only_hold(plan, "name0").reason


def test_an_override_releases_exactly_one_hold_and_the_plan_keeps_its_id(w: World) -> None:
    carried_out(w, label("alpha", protect=True), label("beta", protect=True), KEEP)
    plan = planned(w, KEEP)
    lifted = Override("protected", Address(OMNI, "Label", "alpha"), "agreed with Jane")

    deed = applied(w, plan, overrides=[lifted])

    assert deed.sent == ("DELETE /v1/labels/Alpha",)
    assert deed.report.plan_id == plan.id
    assert sorted(str(o.end) for o in deed.report.outcomes) == ["done", "held"]
    assert w.omni.edit("GET", "/v1/labels/Beta").ok


def test_an_override_of_one_rule_leaves_the_other(w: World) -> None:
    w.limit = DeleteLimit(count=0, percent=0)
    carried_out(w, label("alpha", protect=True), KEEP)
    at = Address(OMNI, "Label", "alpha")
    plan = planned(w, KEEP)
    assert {h.rule for h in action(plan, "alpha").holds} == {"protected", "too-many-deletes"}

    assert applied(w, plan, overrides=[Override("protected", at, "x")]).sent == ()
    both = [Override("protected", at, "x"), Override("too-many-deletes", at, "x")]
    assert applied(w, planned(w, KEEP), overrides=both).sent == ("DELETE /v1/labels/Alpha",)


def test_an_override_of_nothing_is_a_mistake(w: World) -> None:
    plan = planned(w, KEEP)

    with pytest.raises(UsageWrong, match="holds nothing by protected@analytics/Label/keep"):
        w.apply(plan, Override("protected", Address(OMNI, "Label", "keep"), "x"))


def test_a_final_hold_has_no_override(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))
    plan = planned(w, KEEP)

    with pytest.raises(GuardRefused, match="in-use has no override"):
        w.apply(plan, Override("in-use", Address(OMNI, "Label", "alpha"), "x"))


def test_what_an_override_lifts_still_goes_before_the_deletes(w: World) -> None:
    """The delete waits for every write of its scope, those lifted at the last moment included."""
    carried_out(w, team("alpha"), team("beta", on_remove="release"))
    wanted = doc("ClientTeam", "beta", {"slug": "gamma", "name": "Gamma"}, previous_key="beta")
    plan = planned(w, wanted)
    assert [c.method for c in plan.writes] == ["DELETE"]

    deed = applied(w, plan, overrides=[Override("rename", Address(TRACKER, "ClientTeam", "beta"), "agreed")])

    assert [line.split(" ")[0] for line in deed.sent] == ["PATCH", "DELETE"]


# Folders.

TREE = [folder("a", "A"), folder("b", "A/B"), folder("c", "A/B/C"), folder("d", "A/D")]


def test_a_tree_is_deleted_from_the_deepest_up(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    ids = {f.id: f.name for f in w.omni.state.of(Folder).values()}

    deed = carried_out(w, KEEP)

    order = [ids[line.rpartition("/")[2]] for line in deed.sent]
    assert sorted(order) == ["A", "B", "C", "D"]
    assert order.index("C") < order.index("B") < order.index("A")
    assert order.index("D") < order.index("A")


def test_a_folder_is_released_unless_it_says_otherwise(w: World) -> None:
    carried_out(w, folder("a", "A", on_remove=None), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert deed.action("a").verb is Verb.RELEASE


def test_a_folder_with_a_document_is_held_and_so_is_what_it_lies_in(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    inside = next(f.id for f in w.omni.state.of(Folder).values() if f.name == "C")
    w.omni.add_document("Report", folder_id=inside)

    deed = carried_out(w, KEEP)

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]
    assert only_hold(deed.plan, "c").rule == "in-use"
    for name in ("a", "b"):
        assert action(deed.plan, name).holds


def test_a_folder_with_somebody_elses_folder_inside_is_held(w: World) -> None:
    carried_out(w, *TREE, KEEP)
    parent = next(f.id for f in w.omni.state.of(Folder).values() if f.name == "D")
    made(w.omni, "POST", "/v1/folders", {"name": "Theirs", "parentFolderId": parent})

    deed = carried_out(w, KEEP)

    assert len(deed.sent) == 2
    assert "1 children" in only_hold(deed.plan, "d").reason
    assert action(deed.plan, "a").holds


def test_a_folder_whose_child_is_protected_stays_with_it(w: World) -> None:
    carried_out(w, folder("a", "A"), folder("b", "A/B", protect=True, **GONE), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert only_hold(deed.plan, "b").rule == "protected"

    lifted = Override("protected", Address(OMNI, "Folder", "b"), "moved away")
    assert len(carried_out(w, KEEP, overrides=[lifted]).sent) == 2


def test_a_folder_whose_child_is_declared_still_is_held(w: World) -> None:
    carried_out(w, folder("a", "A"), folder("b", "A/B"))

    plan = planned(w, folder("b", "A/B"))

    assert plan.writes == ()
    assert "children" in only_hold(plan, "a").reason


def test_an_adopted_folder_is_released(w: World) -> None:
    carried_out(w, doc("Folder", "marketing", {"path": "Marketing"}), KEEP)

    assert carried_out(w, KEEP).action("marketing").verb is Verb.RELEASE


def test_a_restricted_folder_is_found_for_its_delete_though_nothing_declares_its_owner_any_more(w: World) -> None:
    board = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": "jane@example.com"}, **GONE)
    carried_out(w, board, KEEP)

    deed = carried_out(w, KEEP)

    assert [line.split(" ")[0] for line in deed.sent] == ["DELETE"]


def test_a_folder_filled_between_plan_and_apply_is_refused_as_stale(w: World) -> None:
    carried_out(w, folder("a", "A"), KEEP)
    plan = planned(w, KEEP)
    w.omni.add_document("Report", folder_id=w.recorded.bonds[Address(OMNI, "Folder", "a")].id)

    deed = applied(w, plan)

    assert deed.ends == {"stale"}


# Teams.


def test_a_team_without_projects_is_deleted_members_and_all(w: World) -> None:
    spec: dict[str, Json] = {"slug": "alpha", "name": "Alpha", "members": [{"user": "jane@example.com"}]}
    carried_out(w, doc("ClientTeam", "alpha", spec, **GONE), team("beta"))

    deed = carried_out(w, team("beta"))

    assert deed.sent == ("DELETE /api/client-teams/cmo7team4",)
    assert deed.action("alpha").access


def test_a_team_with_projects_is_held(w: World) -> None:
    carried_out(w, team("alpha"), team("beta"))
    w.tracker.edit(
        "POST",
        "/api/projects",
        {"projectCode": "X-1", "name": "X", "omgJobNumber": "991", "clientTeamId": "cmo7team4"},
    )

    plan = planned(w, team("beta"))

    assert plan.writes == ()
    assert (only_hold(plan, "alpha").rule, only_hold(plan, "alpha").final) == ("in-use", True)
    assert "1 projects" in only_hold(plan, "alpha").reason


def test_projects_are_read_only_where_a_team_may_be_deleted(w: World) -> None:
    carried_out(w, team("alpha"), team("beta"))
    assert not [r for r in planned(w, team("alpha"), team("beta")).reads if PROJECTS in r]

    deed = carried_out(w, team("beta"))

    assert [r for r in deed.plan.reads if PROJECTS in r]
    assert len(deed.report.requests["preconditions"]) == 2


def test_a_team_whose_delete_is_held_hinders_no_other(w: World) -> None:
    carried_out(w, team("alpha", protect=True, **GONE), team("beta"))

    deed = carried_out(w, doc("ClientTeam", "beta", {"slug": "beta", "name": "Beta 2"}))

    assert [line.split(" ")[0] for line in deed.sent] == ["PATCH"]


def test_the_last_team_is_never_deleted(w: World) -> None:
    for n in (1, 2, 3):
        with w.tracker.lock:
            from reconciler.twins.studio_tracker.things import Project, Team

            w.tracker.state.of(Project).clear()
            w.tracker.state.of(Team).pop(f"cmo7team{n}")
    carried_out(w, team("alpha"), team("beta"), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} == {"last-one"}
    assert carried_out(w, team("beta"), KEEP).sent == ("DELETE /api/client-teams/cmo7team4",)


def test_a_team_is_released_unless_it_says_otherwise(w: World) -> None:
    carried_out(w, team("alpha", on_remove=None), team("beta"))

    deed = carried_out(w, team("beta"))

    assert (deed.sent, deed.action("alpha").verb) == ((), Verb.RELEASE)


def test_an_adopted_team_is_not_ours(w: World) -> None:
    carried_out(
        w, doc("ClientTeam", "retail", {"slug": "retail-media", "name": "Retail Media"}, **GONE), team("beta")
    )

    plan = planned(w, team("beta"))

    assert only_hold(plan, "retail").rule == "not-ours"
    assert plan.writes == ()


def test_teams_nobody_declared_are_left_alone(w: World) -> None:
    assert carried_out(w, team("alpha")).sent == ('POST /api/client-teams {"name":"Alpha","slug":"alpha"}',)
    assert len(w.tracker.edit("GET", "/api/client-teams").body) == 4  # type: ignore[arg-type]


def test_nothing_left_in_git_at_all(w: World) -> None:
    """The last document of everything went: what we made goes too, what we found stays."""
    carried_out(w, label("alpha"), folder("a", "A"), team("alpha"), KEEP)
    w.documents = []

    plan = w.plan()
    deed = applied(w, plan)

    assert sorted(line.split(" ")[0] for line in deed.sent) == ["DELETE", "DELETE", "DELETE"]
    assert not w.recorded.bonds
