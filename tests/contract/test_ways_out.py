"""What a plan says of a name that leads nowhere, and that its ways out lead somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from reconciler import workflow
from reconciler.load.selection import select
from reconciler.model.document import Address, Document
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.report.drift import drift_text
from reconciler.report.facts import headline
from reconciler.report.style import Style
from tests.contract.instance import folder, label
from tests.world import OMNI, World, doc

MINE, SUB = folder("mine", "Mine"), folder("sub", "Mine/Sub")
GROUP = doc("UserGroup", "my-group", {"name": "The people of ours"}, on_remove="delete")


def opened(*groups: str) -> Document:
    """A folder that these groups may edit."""
    return doc("Folder", "mine", {"path": "Mine", "permissions": [{"role": "EDITOR", "groups": [*groups]}]})


def said(plan: Plan, name: str, rule: str = "unresolved") -> list[tuple[str, str]]:
    """Reason and way out of the holds of a rule."""
    return [
        (h.reason, h.way_out) for a in plan.actions if a.address.name == name for h in a.holds if h.rule == rule
    ]


def chosen(w: World, only: Sequence[str], *documents: Document) -> Plan:
    """The plan of a part of these documents."""
    w.documents = list(documents)
    setup = w.setup()
    part = select(setup.desired, only=only, kinds=setup.catalog.kinds)
    return asyncio.run(workflow.make_plan(replace(setup, desired=part)))


def test_a_folder_that_cannot_be_renamed_is_held_by_that_alone(w: World) -> None:
    w.converge(MINE)

    plan = w.plan(folder("mine", "Mein"))

    assert [(h.rule, h.final) for a in plan.actions for h in a.holds] == [("no-rename", True)]


def test_not_even_a_name_that_is_taken_is_a_matter_of_another_name(w: World) -> None:
    w.converge(MINE)

    plan = w.plan(folder("mine", "Finance"))

    assert [h.rule for a in plan.actions for h in a.holds] == ["no-rename"]


def test_the_name_of_a_document_is_proposed_beside_live_keys(w: World) -> None:
    w.converge(GROUP)

    [(reason, _)] = said(w.plan(GROUP, opened("my-grup")), "mine")

    assert reason.endswith("no UserGroup 'my-grup' is declared or live; did you mean my-group?")


def test_a_document_and_its_thing_are_proposed_once(w: World) -> None:
    group = doc("UserGroup", "my-group", {"name": "My-Group"})
    w.converge(group)

    [(reason, _)] = said(w.plan(group, opened("my-grup")), "mine")

    assert reason.endswith("did you mean My-Group?")


def test_what_left_git_with_this_very_plan_is_said_to_have_left(w: World) -> None:
    w.converge(GROUP, opened("my-group"))

    [(reason, way_out)] = said(w.plan(opened("my-group")), "mine")

    assert reason.endswith(
        "analytics/UserGroup/my-group is declared no more: its document left git with this plan"
    )
    assert way_out == "put its document back, or name another one here, or none"


def test_what_is_left_out_by_the_selection_is_said_to_be_declared(w: World) -> None:
    at = [str(Address(OMNI, "Folder", name)) for name in ("sub", "mine")]

    plan = chosen(w, at[:1], MINE, SUB)

    [(reason, way_out)] = said(plan, "sub")
    assert reason.endswith(f"{at[1]} is not live; it is declared, but left out by the selection")
    assert way_out == f"select both: --only {at[0]} --only {at[1]}"
    assert [h for a in chosen(w, at, MINE, SUB).actions for h in a.holds] == []


def test_the_command_that_puts_back_takes_along_what_is_to_be_made_first(w: World) -> None:
    deep = folder("deep", "Mine/Sub/Deep")
    w.converge(MINE, SUB, deep)
    w.expect_missing = frozenset({"analytics/Folder"})
    for path in ("Mine/Sub/Deep", "Mine/Sub", "Mine"):
        w.omni.edit("DELETE", f"/v1/folders/{_id(w, path)}")

    plan = w.plan(MINE, SUB, deep)

    told = " ".join(drift_text(plan, Style(width=400)).split())
    assert "--only analytics/Folder/deep --only analytics/Folder/mine --only analytics/Folder/sub" in told
    assert "--only analytics/Folder/sub --only analytics/Folder/mine" in told


def _id(w: World, path: str) -> str:
    names = {"Mine": "mine", "Mine/Sub": "sub", "Mine/Sub/Deep": "deep"}
    return w.recorded.bonds[Address(OMNI, "Folder", names[path])].id


def test_what_is_only_observed_is_counted(w: World) -> None:
    finance = folder("finance", "Finance", manage="observe")

    assert headline(w.plan(label("new", "New"), finance)) == "1 to create, 1 observed"
    assert headline(w.plan(finance)) == ""
