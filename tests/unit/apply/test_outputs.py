"""What a create tells people; ids that the path names, or that an answer may have in two places; gates that the
kind itself judges."""

from __future__ import annotations

import pytest

from reconciler.apply.judge import facts
from reconciler.apply.outputs import of_answer, of_thing
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from tests.contract.models import estate, file
from tests.unit.apply.samples import NO_RESULTS, call, plan
from tests.world import catalog

GIT = catalog().kind("omni-analytics", "ModelGit")
MADE = call(1, phase=Phase.CREATE, method="POST", path="/m/{modelId}/git", args={"modelId": "m-1"})


def made(**words: object) -> Call:
    return replace(MADE, effect=Effect(key="k"), **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"publicKey": "k", "webhookUrl": "u", "webhookSecret": "s"}, {"publicKey": "k", "webhookUrl": "u"}),
        ({"publicKey": None, "webhookUrl": "u"}, {"webhookUrl": "u"}),
        ({}, None),
        (None, None),
    ],
)
def test_outputs_are_what_the_kind_says_and_no_secrets(body: Json, told: Json) -> None:
    assert of_answer(GIT, made(), body).get(Fact.OUTPUT) == told


def test_an_update_tells_none_and_a_reading_the_same() -> None:
    assert of_answer(GIT, replace(MADE, phase=Phase.UPDATE), {"publicKey": "k"}) == {}
    assert of_thing(GIT, made(), Resource("m", "k", {"publicKey": "k", "sshUrl": "x"})) == {
        Fact.OUTPUT: {"publicKey": "k"}
    }


@pytest.mark.parametrize(
    ("new_id", "body", "found"),
    [
        ("/id|/model/id", {"id": "a"}, "a"),
        ("/id|/model/id", {"model": {"id": "b"}}, "b"),
        ("/id|/model/id", {"model": {}}, None),
        ("{modelId}", {}, "m-1"),
        ("{modelId}", None, "m-1"),
    ],
)
def test_where_a_new_id_stands(new_id: str, body: Json, found: str | None) -> None:
    told = facts(made(new_id=new_id), body, NO_RESULTS)

    assert told.get(Fact.ID) == found
    assert told.get(new_id) == found


def test_an_id_to_come_stands_in_the_path_once_it_is_known() -> None:
    one = made(new_id="{modelId}", args={"modelId": {"$from": {"call": "7", "path": "/id|/model/id"}}})

    assert facts(one, {}, {"7": {"/id|/model/id": "m-9"}})[Fact.ID] == "m-9"
    assert "<id of call 7>" in one.line


def test_reports_say_outputs_in_full_and_escaped() -> None:
    one = made()
    told: dict[str, Json] = {Fact.OUTPUT: {"publicKey": "ssh " + "x" * 900, "webhookUrl": "u\x1b[31m"}}
    report = Report("p", "r", (Outcome("1", End.DONE, "", 200, told),))

    shown = plan(one)
    text, markdown = report_text(report, shown, Style()), report_markdown(report, shown)
    assert "x" * 60 in text
    assert "x" * 900 in markdown
    assert '"outputs"' in report_json(report, shown, 0)
    assert "\x1b" not in text + markdown


def test_a_gate_without_expectations_is_judged_by_its_kind() -> None:
    with estate("plain") as e:
        bad: list[dict[str, Json]] = [
            {"message": f"wrong {i}", "is_warning": False, "yaml_path": "a.view"} for i in range(12)
        ]
        e.w.omni.add_model(e.connection, "SHARED", "Bad", base_id=e.schema, issues=bad)
        e.w.documents = [file("a.view", "x: 1\n", to="Bad", validate=True)]
        planned = e.w.plan()
        [look] = [c for c in planned.calls if c.role is Role.GATE]
        [said] = [o.message for o in e.w.apply(planned).outcomes if o.call == look.id]

    assert said.startswith("the answer says no: a.view: wrong 0")
    assert "and 2 more" in said
