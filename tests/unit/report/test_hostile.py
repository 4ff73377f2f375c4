"""No control character, mark or surrogate reaches any output, wherever in the values it stands."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Demand
from reconciler.model.outcome import End, Outcome
from reconciler.model.place import Place, Problem
from reconciler.model.plan import Action, Call, Check, On, Plan, Precondition, Role, Sink, Trigger
from reconciler.model.record import replace
from reconciler.report.drift import drift_json, drift_markdown, drift_text
from reconciler.report.explain import explain_text
from reconciler.report.kinds import kinds_json, kinds_markdown, kinds_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.problems import problems_json, problems_markdown, problems_text
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from tests.golden.sample import PLAN_ID, call, quiet_plan, rich_report
from tests.unit.report.test_escape import HARMFUL

BAD = "".join(c for c in HARMFUL if ord(c) < 0xD802) + "\udfff\ufeff\ufffa\U000e0041\U0001d173" + "<b>"
"""Of the halves of surrogate pairs, which are all treated alike, a few."""


def hostile_plan() -> Plan:
    where = Address(f"t{BAD}", f"K{BAD}", f"n{BAD}")
    fields = (
        FieldChange((f"f{BAD}",), {BAD: BAD}, [BAD], Reason.DRIFT),
        FieldChange((f"set{BAD}", BAD), ABSENT, BAD, Reason.BOTH, access=True),
        FieldChange((f"set{BAD}", BAD, BAD), BAD, BAD, Reason.UNKNOWN),
    )
    hold = Hold(f"r{BAD}", f"x {BAD}", f"y `{BAD}`")
    actions = tuple(
        Action(
            verb,
            where._replace(name=f"{verb}{BAD}"),
            BAD,
            Place(f"m{BAD}.yaml"),
            fields,
            holds,
            (BAD,),
            effects,
            ("4", "5"),
        )
        for verb in Verb
        for holds in ((), (hold,), (replace(hold, only=BAD),))
        for effects in ((), (BAD,))
    )
    calls = (
        call("1", where, f"POST /{BAD}", {BAD: BAD}, query={BAD: BAD}, summary=BAD),
        call("2", where, f"PUT /{BAD}", held=(BAD,), after=frozenset({"1"})),
        *odd_calls(where),
    )
    checks = Precondition(Demand(f"t{BAD}", f"K{BAD}"), (Check(where, ("1",)),))
    return replace(
        quiet_plan(),
        stamp=BAD,
        actions=actions,
        calls=calls,
        preconditions=(checks,),
        reads=(BAD,),
        commit=BAD,
        left_out=(where,),
        warnings=(BAD,),
    )


def odd_calls(where: Address) -> tuple[Call, ...]:
    """A request that carries another, a check, a fall-back, a value shown once, a token, late values."""
    words: dict[str, Any] = {"media": BAD, "clobbers": (BAD,), "once": {BAD: BAD}, "looks": True}
    late = [{"$file": {"path": BAD, "sha256": BAD}}, {"$secret": {"fromEnv": BAD, "version": BAD}}]
    trigger = Trigger("1", BAD, On.CODE, BAD)
    return (
        call("3", where, f"POST /{BAD}", carrier="4", summary=BAD, held=(BAD,)),
        call("4", where, f"POST /{BAD}", {"a": [{"$riders": "4"}]}, sink=Sink(BAD, BAD, {"toFile": BAD}), **words),
        call("5", where, f"POST /{BAD}", {"a": late}, trigger=trigger, role=Role.CONTINGENT, summary=BAD),
        call("6", where, f"POST /{BAD}", expect={BAD: BAD}, role=Role.GATE, args={"x": {"$find": {"key": BAD}}}),
    )


def outputs() -> dict[str, str]:
    plan, style = hostile_plan(), Style(80)
    report = replace(
        rich_report(),
        plan_id=BAD,
        run=BAD,
        head=BAD,
        notes=(BAD,),
        requests={BAD: (BAD,)},
        outcomes=(
            Outcome("1", End.FAILED, BAD, 400, code=BAD),
            Outcome("2", End.HELD),
            Outcome("3", End.FAILED, BAD, 200, code=BAD),
            Outcome("5", End.DONE, BAD, 200, question=f"{BAD}? {BAD}; `{BAD}`"),
        ),
    )
    done = replace(report, outcomes=(Outcome("1", End.DONE, BAD, 200, settled=True),))
    problems = [Problem(Place(BAD), BAD, BAD, rule=BAD)]
    field = Field(BAD, (BAD,), ref=BAD, immutable=BAD, entries={BAD: Field(BAD)}, entry_key=BAD, is_set=True)
    schema = {
        "properties": {BAD: {"description": BAD, "examples": [BAD], "pattern": BAD}},
        "examples": [{BAD: BAD}],
    }
    field = replace(field, file=BAD, sink=BAD, effect=BAD)
    kind = Kind(BAD, BAD, BAD, {BAD: field}, schema, rename=BAD, description=BAD, abilities=(BAD,))  # type: ignore[arg-type]
    kind = replace(kind, scope=(BAD,), tokens=(BAD,), makes=BAD)
    return {
        "plan text": plan_text(plan, style, calls=True, command=f"reconciler apply {BAD}"),
        "plan markdown": plan_markdown(plan, 10**7, command=f"reconciler apply {BAD}"),
        "plan markdown, short": plan_markdown(plan, 10**6),
        "plan markdown, names": plan_markdown(plan, 1_000),
        "plan json": plan_json(plan),
        "report text": report_text(report, plan, style, calls=True, command=BAD),
        "report text, done": report_text(done, plan, style, calls=True),
        "report markdown": report_markdown(report, plan, 10**7, command=BAD),
        "report markdown, done": report_markdown(done, plan, 10**7),
        "report json": report_json(report, plan, 6),
        "drift text": drift_text(plan, style),
        "drift markdown": drift_markdown(plan, 10**7),
        "drift json": drift_json(plan),
        "problems text": problems_text(problems, style),
        "problems markdown": problems_markdown(problems),
        "problems json": problems_json(problems),
        "kinds text": kinds_text([kind], style),
        "kinds markdown": kinds_markdown([kind]),
        "kinds json": kinds_json([kind]),
        "kind explained": explain_text(kind, (), style),
        "field explained": explain_text(kind, (BAD,), style),
    }


OUTPUTS = outputs()
FORBIDDEN = {ord(c) for c in HARMFUL} - {ord("\n")}


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_harmful_code_point_is_in_an_output(name: str) -> None:
    assert not {ord(c) for c in OUTPUTS[name]} & FORBIDDEN
    assert "\\x1b" in OUTPUTS[name] or "\\u001b" in OUTPUTS[name] or "names" in name


@pytest.mark.parametrize("name", [n for n in OUTPUTS if "markdown" in n])
def test_no_markup_is_in_a_comment_outside_code(name: str) -> None:
    from tests.unit.report.test_escape import outside_code

    shown, _ = outside_code(OUTPUTS[name])
    assert "<b>" not in shown


def test_foreign_text_begins_no_line() -> None:
    text = plan_text(replace(hostile_plan(), stamp=PLAN_ID, warnings=("a\nb",)), Style(200))
    assert "\nb" not in text
