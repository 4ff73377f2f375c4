"""What is made in one plan with the thing that it belongs to, when an answer is lost: the reading that settles it
looks where no plan could look yet (OA-R29, OA-R149, OA-R172, OA-R176, OA-R183)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.document import Address, Document
from reconciler.model.outcome import Report
from reconciler.twins import Fault
from tests.contract.accounts_omni import person
from tests.contract.models import file, git, model
from tests.contract.warehouses import connection, refresh, refreshes, state, with_secret
from tests.world import OMNI, World, doc, world

LAKE = connection("Lake")
SCHEMA, LAKES = model("s", "SCHEMA", as_="s", of="lake"), model("Lakes", as_="lakes", of="lake")
MODELLED = (LAKE, SCHEMA, LAKES)
VIEWER: Any = {"connection": "lake", "model": "lakes", "role": "VIEWER"}
NEW = "new@example.com"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield with_secret(found, tmp_path)


def applied(w: World, path: str, *documents: Document) -> Report:
    """With the answer to the POST to this path lost after its effect; nothing is left to do then."""
    plan = w.plan(*documents)
    fault = Fault("drop", method="POST", path=path, effect=True)
    w.omni.faults.add(fault)
    report = w.apply(plan)
    assert w.omni.faults.fired
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}, report.outcomes
    assert w.plan().writes == ()
    return report


def made(w: World, kind: str, name: str) -> bool:
    return w.recorded.bonds[Address(OMNI, kind, name)].made


def test_oa_r151_a_refresh_on_a_new_connection_is_made_once(w: World) -> None:
    before = len(refreshes(w))

    applied(w, "/schedules$", LAKE, refresh("lake", "0 9 * * ? *"))

    assert len(refreshes(w)) == before + 1
    assert made(w, "SchemaRefresh", "nightly")


def test_oa_r172_the_secret_of_a_new_model_that_nobody_saw_is_asked_about(w: World) -> None:
    report = applied(w, "/git$", *MODELLED, git("lakes", of="lake", webhookSecret={"toFile": "hook"}))

    assert ["fetchSecret" in o.question for o in report.outcomes if o.question] == [True]
    assert made(w, "ModelGit", "git")


def test_oa_r185_a_file_of_a_new_model_is_ours(w: World) -> None:
    applied(w, "/yaml$", *MODELLED, file("a.view", "x: 1\n", of="lake", to="lakes"))

    assert made(w, "ModelFile", "a-view")


def test_oa_r182_a_role_of_a_new_person_is_found(w: World) -> None:
    roles = doc("ModelRoles", "new", {"subject": {"user": NEW}, "roles": [VIEWER]})

    report = applied(w, "/model-roles$", *MODELLED, person(NEW, "New"), roles)

    assert any("live shows that it happened" in o.message for o in report.outcomes)


def test_oa_r176_an_entry_is_remembered_by_both_ids_where_both_things_are_new(w: World) -> None:
    w.converge(*MODELLED, doc("ModelRoles", "bob", {"subject": {"user": "bob@example.com"}, "roles": [VIEWER]}))

    bond = w.recorded.bonds[Address(OMNI, "ModelRoles", "bob")]
    lake = w.recorded.bonds[Address(OMNI, "Connection", "lake")].id
    lakes = w.recorded.bonds[Address(OMNI, "Model", "lakes")].id
    assert bond.entries == {"roles": (f'["{lake}","{lakes}"]',)}
    assert f'roles/["{lake}","{lakes}"]' in bond.digests


def test_oa_r164_a_refresh_that_the_run_never_came_to_is_asked_for_by_the_next(w: World) -> None:
    """Once it was asked for it is not asked for again."""
    schema = model("s", "SCHEMA", as_="s", of="lake", refreshOnCreate=True)
    plan = w.plan(LAKE, schema)
    w.omni.faults.add(Fault("status", method="POST", path="/refresh$", status=403))
    report = w.apply(plan)
    assert [str(o.end) for o in report.outcomes].count("failed") == 1

    again = w.plan()
    assert [c.line.rpartition("/")[2] for c in again.writes] == ["refresh"]
    assert again.bound == 1
    assert "never came to that" in str([a.effects for a in again.actions])
    assert [str(o.end) for o in w.checked_apply(again).outcomes] == ["done"]

    assert w.plan().writes == ()
    assert len(state(w)["jobs"]) == 1
    assert w.plan(LAKE, model("s", "SCHEMA", as_="s", of="lake")).writes == ()
    assert w.plan(LAKE, schema).writes == ()
