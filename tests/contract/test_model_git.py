"""Git configurations of models: read model by model, changed field by field, deleted with consent (OA-R170 to
OA-R175, OA-C31)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import Fault
from tests.contract.models import ORDERS, Estate, estate, git, model, rules, sent
from tests.world import OMNI

AT = "/v1/models/{}/git"
GOING: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


@pytest.fixture(params=["plain", "adversarial"])
def e(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Estate]:
    with estate(str(request.param)) as found:
        found.w.root = tmp_path
        yield found


def by_hand(e: Estate, **more: Json) -> None:
    body: Json = {"sshUrl": "git@github.com:example/models.git", **more}
    assert e.w.omni.edit("POST", AT.format(e.orders), body).ok


def test_oa_r170_one_look_per_model_and_a_404_is_absence(e: Estate) -> None:
    plan, _, lines = e.step(git())

    assert [r for r in plan.reads if r.endswith("/git")] == [f"{OMNI}: GET {AT.format(e.orders)}"]
    assert lines == [f"POST {AT.format(e.orders)}"]
    assert plan.calls[0].body == {"sshUrl": "git@github.com:example/models.git"}


def test_oa_r170_a_model_is_named_by_its_document_or_with_its_connection_by_its_name(e: Estate) -> None:
    dev = e.w.omni.add_connection("Dev")
    base = e.w.omni.add_model(dev, "SCHEMA")
    other = e.w.omni.add_model(dev, "SHARED", ORDERS, base_id=base)

    _, _, lines = e.step(git(), git(of="Dev", as_="dev"))
    assert set(lines) == {f"POST {AT.format(i)}" for i in (e.orders, other)}

    _, _, lines = e.step(
        model(), model(of="Dev", as_="dev-orders"), git("orders"), git("dev-orders", of="Dev", as_="dev")
    )
    assert lines == []


def test_oa_r170_the_models_of_other_connections_are_not_meant(e: Estate) -> None:
    e.w.omni.add_connection("Dev")

    assert rules(e.w.plan(git(of="Dev"))) == {"git": {"unresolved"}}


def test_oa_r170_two_documents_of_one_model_are_both_held(e: Estate) -> None:
    plan = e.w.plan(model(), git("orders"), git(ORDERS, as_="again"))

    assert rules(plan) == {"git": {"twice"}, "again": {"twice"}}


def test_oa_r171_a_document_does_not_move_to_another_model(e: Estate) -> None:
    e.w.omni.add_model(e.connection, "SHARED", "Other", base_id=e.schema)
    e.step(git())

    found = rules(e.w.plan(git("Other")))["git"]

    assert "no-rename" in found
    assert "rename-unconfirmed" not in found
    assert e.w.plan().writes == ()


def test_oa_r172_the_secret_goes_to_its_sink_and_the_key_to_people(e: Estate, tmp_path: Path) -> None:
    e.w.documents = [git(webhookSecret={"toFile": "hook"})]
    plan = e.w.plan()

    report = e.w.apply(plan)

    assert (tmp_path / "hook").read_text().strip() == f"whsec_{e.orders}"
    told = [report_text(report, plan, Style()), report_markdown(report, plan), report_json(report, plan, 0)]
    assert "whsec_" not in "".join(told) + str(report)
    assert all("ssh-ed25519" in text for text in told)
    [outcome] = report.outcomes
    assert set(outcome.result[Fact.OUTPUT]) == {"publicKey", "webhookUrl"}  # type: ignore[arg-type]
    assert e.w.plan().writes == ()


def test_oa_r172_a_lost_secret_is_fetched_by_a_look_that_changes_nothing(e: Estate, tmp_path: Path) -> None:
    e.w.documents = [git(webhookSecret={"toFile": "hook"})]
    fault = Fault("drop", effect=True, method="POST", path="/git$")
    e.w.omni.faults.add(fault)
    report = e.w.apply(e.w.plan())
    assert e.w.omni.faults.fired
    assert "fetchSecret" in report.outcomes[0].question
    assert set(report.outcomes[0].result[Fact.OUTPUT]) == {"publicKey", "webhookUrl"}  # type: ignore[arg-type]

    e.w.documents = [git(webhookSecret={"toFile": "hook"}, once={"fetchSecret": "1"})]
    plan = e.w.plan()
    assert [c.line for c in plan.writes] == [f"GET {AT.format(e.orders)}?include=webhookSecret"]
    assert len(plan.writes) == plan.bound
    report = e.w.apply(plan)

    assert (tmp_path / "hook").read_text().strip() == f"whsec_{e.orders}"
    assert [o.end for o in report.outcomes] == [End.DONE]
    assert e.w.plan().writes == ()


def test_oa_r172_a_token_without_a_sink_is_held(e: Estate) -> None:
    by_hand(e)

    assert rules(e.w.plan(git(once={"fetchSecret": "1"}))) == {"git": {"no-sink"}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("baseBranch", "trunk"),
        ("modelPath", "sales"),
        ("modelPath", "/models/sales"),
        ("requirePullRequest", "always"),
        ("branchPerPullRequest", True),
        ("gitFollower", True),
        ("gitServiceProvider", "gitlab"),
        ("webUrl", "https://git.example.com/models"),
    ],
)
def test_oa_r173_each_field_is_a_patch_of_itself(e: Estate, field: str, value: Json) -> None:
    by_hand(e)

    plan, _, lines = e.step(git(**{field: value}))  # type: ignore[arg-type]

    assert lines == [f"PATCH {AT.format(e.orders)}"]
    assert plan.calls[0].body == {field: value}


def test_oa_r173_the_url_is_changed_in_place(e: Estate) -> None:
    e.step(git())

    plan, _, _ = e.step(git(url="ssh://git@example.com/models.git"))

    assert plan.calls[0].body == {"sshUrl": "ssh://git@example.com/models.git"}


def test_oa_r173_auto_and_a_plain_path_and_what_is_left_out_are_no_differences(e: Estate) -> None:
    by_hand(e, modelPath="orders", gitServiceProvider="gitlab", webUrl="https://x.example.com/y")

    plan = e.w.plan(git(gitServiceProvider="auto", modelPath="omni/orders"))

    assert plan.writes == ()
    assert plan.actions[0].verb is Verb.ADOPT


def test_oa_r173_drift_is_repaired(e: Estate) -> None:
    e.step(git(requirePullRequest="always"))
    assert e.w.omni.edit("PATCH", AT.format(e.orders), {"requirePullRequest": "never"}).ok

    _, _, lines = e.step(git(requirePullRequest="always"))

    assert lines == [f"PATCH {AT.format(e.orders)}"]


def test_oa_r173_a_change_since_the_plan_is_stale(e: Estate) -> None:
    e.step(git(baseBranch="main"))
    plan = e.w.plan(git(baseBranch="trunk"))
    assert e.w.omni.edit("PATCH", AT.format(e.orders), {"baseBranch": "other"}).ok

    assert [o.end for o in e.w.apply(plan).outcomes] == [End.STALE]


def test_oa_r174_a_delete_needs_consent_and_says_what_is_lost(e: Estate) -> None:
    e.step(git(**GOING))

    plan, report, lines = e.step(model())

    assert lines == [f"DELETE {AT.format(e.orders)}"]
    assert sent(report, "preconditions") == [f"GET {AT.format(e.orders)}"]
    gone = next(a for a in plan.actions if a.verb is Verb.DELETE)
    assert "deploy key" in gone.effects[0]
    assert e.git() is None


def test_oa_r174_without_consent_and_where_it_was_there_before_it_is_released(e: Estate) -> None:
    by_hand(e)
    e.step(git(**GOING))

    plan = e.w.plan(model())

    held = {a.verb: {h.rule for h in a.holds} for a in plan.actions if a.address.kind == "ModelGit"}
    assert held == {Verb.DELETE: {"not-ours"}} or held == {Verb.RELEASE: set()}
    assert plan.writes == ()


def test_oa_r175_a_create_in_doubt_is_looked_for(e: Estate) -> None:
    e.w.documents = [git()]
    plan = e.w.plan()
    fault = Fault("status", effect=True, method="POST", path="/git$")
    e.w.omni.faults.add(fault)

    report = e.w.apply(plan)

    assert e.w.omni.faults.fired
    assert [o.end for o in report.outcomes] == [End.DONE]
    assert e.w.plan().writes == ()


def test_oa_r175_one_made_by_somebody_else_meanwhile_is_not_overwritten(e: Estate) -> None:
    plan = e.w.plan(git())
    by_hand(e, baseBranch="theirs")

    report = e.w.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert e.git()["baseBranch"] == "theirs"


def test_oa_r170_a_model_and_its_repository_in_one_plan(e: Estate) -> None:
    _, _, lines = e.step(model("Sales"), git("sales", modelPath="sales"))

    sales = e.live()["Sales"]["id"]
    assert lines == ["POST /v1/models", f"POST {AT.format(sales)}"]
    assert e.w.recorded.of(OMNI, "ModelGit")[0].id == sales


def test_oa_r170_answers_of_the_newer_edition_are_read(e: Estate) -> None:
    e.w.omni.knobs.set("newer-answers", "adversarial")

    e.step(git(requirePullRequest="always"))
    e.step(git(requirePullRequest="never", **GOING))
    e.step(model())

    assert e.git() is None
