"""Documents: labels, settings, name and model (OA-R107, OA-R114 to OA-R118)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.twins.core.faults import Fault
from tests.contract.dashboards import (
    applied,
    carried_out,
    effects,
    labels_of,
    listed,
    notes,
    paper,
    rules,
    settings_of,
)
from tests.contract.grants import JANE, state, to
from tests.world import OMNI, World, doc, world

FIRST = {"allow": ["first-removals"]}
MANY = [f"Label {n:02}" for n in range(12)]


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield found


@pytest.fixture
def sales(w: World) -> str:
    return w.omni.add_document("Sales", labels=["Draft", "Q1 2024"])


def singly(w: World, patch: str, *others: str) -> list[str]:
    """What goes where the twin takes the short identifier for a PATCH, and where it does not (OA-P43)."""
    return [patch] if w.omni.knobs.profile == "plain" else [patch, *others]


def test_oa_r117_all_labels_of_a_document_in_one_call(w: World, sales: str) -> None:
    for name in MANY:
        w.omni.edit("POST", "/v1/labels", {"name": name})

    step = carried_out(w, paper(sales, labels=MANY, **FIRST))

    assert labels_of(w, sales) == {*MANY}
    assert len(step.plan.writes) == 1
    assert sorted(step.bodies[0]["add"]) == MANY
    assert sorted(step.bodies[0]["remove"]) == ["Draft", "Q1 2024"]
    assert len(step.sent) == (1 if w.omni.knobs.profile == "plain" else 15)


def test_oa_r117_additions_go_before_removals_one_by_one(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, labels=["In Review", "Draft"], **FIRST))

    single = f"{sales}/labels/"
    assert step.sent == singly(w, f"PATCH {sales}/labels", f"PUT {single}In%20Review", f"DELETE {single}Q1%202024")
    assert labels_of(w, sales) == {"In Review", "Draft"}


def test_oa_r117_a_first_removal_waits_for_consent_and_the_rest_goes_on(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, labels=["In Review", "Draft"]))

    assert rules(step.plan) == ["first-removals"]
    assert labels_of(w, sales) == {"In Review", "Draft", "Q1 2024"}
    assert len(step.plan.held) == 1


def test_oa_r117_additive_leaves_what_others_put_there(w: World, sales: str) -> None:
    mode = {"labelsMode": "additive"}
    carried_out(w, paper(sales, labels=["In Review"], **mode))
    assert labels_of(w, sales) == {"In Review", "Draft", "Q1 2024"}

    carried_out(w, paper(sales, labels=[], **mode))
    assert labels_of(w, sales) == {"Draft", "Q1 2024"}


def test_oa_r107_labels_compare_without_case_and_an_empty_list_takes_all_off(w: World, sales: str) -> None:
    assert carried_out(w, paper(sales, labels=["draft", "Q1 2024"])).sent == []

    carried_out(w, paper(sales, labels=[]))

    assert labels_of(w, sales) == set()


def test_oa_r117_a_label_of_the_same_plan_comes_first(w: World, sales: str) -> None:
    step = carried_out(w, doc("Label", "hot", {"name": "Hot"}), paper(sales, labels=["hot", "Draft", "Q1 2024"]))

    assert [c.method for c in step.plan.writes] == ["POST", "PATCH"]
    assert step.plan.writes[0].id in step.plan.writes[1].after
    assert "Hot" in labels_of(w, sales)


def test_a_label_deleted_by_hand_comes_back_with_its_assignments(w: World, sales: str) -> None:
    hot, here = doc("Label", "hot", {"name": "Hot"}), paper(sales, labels=["hot"], **FIRST)
    carried_out(w, hot, here)
    w.omni.edit("DELETE", f"/v1/documents/{sales}/labels/Hot")
    assert w.omni.edit("DELETE", "/v1/labels/Hot").ok

    carried_out(w, hot, here)

    assert labels_of(w, sales) == {"Hot"}


def test_oa_r117_taken_off_before_the_label_is_deleted(w: World, sales: str) -> None:
    hot = doc("Label", "hot", {"name": "Hot"})
    carried_out(w, hot, paper(sales, labels=["hot"], **FIRST))

    w.documents = [paper(sales, labels=[], **FIRST), doc("Label", "draft", {"name": "Draft"})]
    plan = w.plan()
    w.checked_apply(plan)

    assert [c.method for c in plan.writes] == ["PATCH", "DELETE"]
    assert "hot" not in state(w, "labels")
    assert w.plan().writes == ()


def test_oa_r117_a_label_that_a_document_names_is_not_deleted(w: World, sales: str) -> None:
    hot = doc("Label", "hot", {"name": "Hot"})
    carried_out(w, hot, paper(sales, labels=["Draft", "Q1 2024"]))

    plan = w.plan(paper(sales, labels=["Hot", "Draft", "Q1 2024"]))

    assert "in-use" in rules(plan, "hot")


def test_oa_r117_a_label_renamed_in_the_same_plan_is_put_on_before(w: World, sales: str) -> None:
    other = w.omni.add_document("Other")
    plan = w.plan(
        doc("Label", "done", {"name": "Done"}, previous_key="Draft"),
        paper(sales, labels=["Done", "Q1 2024"]),
        paper(other, "other", labels=["Done"]),
    )
    w.checked_apply(plan)

    assert [c.method for c in plan.writes] == ["PATCH", "PUT"]
    assert (labels_of(w, sales), labels_of(w, other)) == ({"Done", "Q1 2024"}, {"Done"})
    assert w.plan().writes == ()


def test_a_label_that_is_not_there_is_left_out_and_said(w: World, sales: str) -> None:
    plan = w.plan(paper(sales, labels=["Daft", "In Review"], **FIRST))

    assert rules(plan) == ["unresolved"]
    assert "did you mean Draft" in plan.actions[0].holds[0].reason
    assert [c.method for c in plan.writes] == ["PATCH"]


def test_oa_r117_a_label_gone_in_between_is_no_trouble(w: World, sales: str) -> None:
    """The 404 of a PATCH whose labels have changed since the look just before it."""
    plan = w.plan(paper(sales, labels=["In Review"], **FIRST))
    w.omni.faults.add(Fault("status", "PATCH", "/labels", status=404))

    report = w.apply(plan)

    assert labels_of(w, sales) == {"In Review"}
    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(report.requests["settle"]) >= 1, "of several one may be gone, and the others there"
    assert w.plan().writes == ()


# Settings


def test_oa_r115_all_settings_in_one_call_once(w: World, sales: str) -> None:
    wanted = {"organizationRole": "EXPLORER", "canDownload": False, "canUpload": True}

    step = carried_out(w, paper(sales, settings=wanted))

    assert step.sent == [f"PUT {sales}/permissions"]
    assert step.bodies == [wanted]
    assert {n: settings_of(w, sales)[n] for n in wanted} == wanted
    assert "not verifiable: settings (last sent as declared)" in notes(w.plan())


def test_oa_r115_another_value_is_sent_again(w: World, sales: str) -> None:
    carried_out(w, paper(sales, settings={"canDownload": False}))

    step = carried_out(w, paper(sales, settings={"canDownload": True, "canDrill": False}))

    assert step.bodies == [{"canDownload": True, "canDrill": False}]


# Name


def test_oa_r114_a_name_is_published(w: World, sales: str) -> None:
    step = carried_out(w, paper(sales, name="Sales of the week"))

    assert step.sent == [f"PATCH {sales}"]
    assert step.bodies == [{"name": "Sales of the week"}]
    assert listed(w)[sales]["name"] == "Sales of the week"
    assert "publishes the document" in effects(step.plan)


def test_oa_r114_somebodys_draft_is_not_discarded(w: World, sales: str) -> None:
    w.omni.set_draft(sales)
    plan = w.plan(paper(sales, name="Sales of the week", settings={"canDrill": False}))

    step = applied(w, plan)

    ends = {c.body and "name" in c.body: str(o.end) for c, o in zip(plan.calls, step.report.outcomes, strict=True)}  # type: ignore[operator]
    assert ends == {True: "failed", False: "done"}
    assert "(409: a draft exists)" in "".join(c.summary for c in plan.calls)
    assert state(w, "documents")[sales]["has_draft"] is True


def test_oa_r114_unless_somebody_consents_by_name(w: World, sales: str) -> None:
    w.omni.set_draft(sales)

    step = carried_out(w, paper(sales, name="Sales of the week", allow=["clear-existing-draft"]))

    assert step.bodies == [{"name": "Sales of the week", "clearExistingDraft": True}]
    assert "discards whatever draft" in effects(step.plan)


# Model


def models(w: World) -> dict[str, str]:
    return {str(m["name"]): str(i) for i, m in state(w, "models").items()}


def test_oa_r116_a_model_of_the_same_plan(w: World) -> None:
    sales = w.omni.add_document("Sales", model_id=models(w)["Orders"])
    core = doc("Model", "core", {"connection": "Warehouse", "modelKind": "SHARED", "name": "Core"})

    step = carried_out(w, core, paper(sales, model="core"))

    assert step.sent[-1] == f"PUT /unstable/documents/{sales}/update-model"
    assert step.bodies[-1] == {"newModelId": models(w)["Core"]}
    assert "the call is a beta one" in effects(step.plan)
    assert state(w, "documents")[sales]["model_id"] == models(w)["Core"]


def test_oa_r116_a_live_model_by_its_name_and_connection(w: World) -> None:
    sales = w.omni.add_document("Sales", model_id=models(w)["Orders"])

    step = carried_out(w, paper(sales, connection="Warehouse", model="Orders"))

    assert step.sent == []
    assert [r for r in step.plan.reads if r.endswith(f"/v1/documents/{sales}")], "one read, and no list"
    assert not [r for r in step.plan.reads if "/v1/documents?" in r]


def test_oa_r116_a_model_is_compared_with_what_was_sent_where_it_cannot_be_read(w: World) -> None:
    book = w.omni.add_document("Book", model_id=models(w)["Orders"], workbook_only=True, has_dashboard=False)

    step = carried_out(w, paper(book, connection="Warehouse", model="Orders"))

    assert step.sent == [f"PUT /unstable/documents/{book}/update-model"]
    assert "not verifiable: model" in notes(w.plan())


def test_oa_r116_an_unknown_model_is_said(w: World, sales: str) -> None:
    assert rules(w.plan(paper(sales, connection="Warehouse", model="Ordres"))) == ["unresolved"]


# Answers of a newer edition


def test_oa_r35_newer_answers_are_read_too(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    sales = w.omni.add_document("Sales")

    carried_out(
        w,
        paper(
            sales,
            folder="Finance",
            owner=JANE,
            labels=["Draft"],
            permissions=[to("EXPLORER", "bob@example.com"), to("VIEWER", "admin@example.com")],
            settings={"canDrill": False},
        ),
    )
