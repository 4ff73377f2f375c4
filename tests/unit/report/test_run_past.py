"""What people are told of a run: the command that goes on after a hold in doubt, and the spelling of its name."""

from __future__ import annotations

from reconciler.model.change import Hold, Verb
from reconciler.model.document import Address
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.report.ends import advice
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style

SPRING = Address("platform", "Brief", "spring")


def held(rule: str) -> Plan:
    action = Action(Verb.CREATE, SPRING, "Spring", holds=(Hold(rule, "why", "a way out", final=True),))
    return Plan("sha256:00", "1", "m", (), (action,), ())


def test_what_is_held_in_doubt_is_answered_by_resume_and_nothing_else_is() -> None:
    report = Report("sha256:00", "run-5", ())

    assert [step for step, _ in advice(report, held("in-doubt"), "x")] == ["reconciler resume", "reconciler plan"]
    assert [step for step, _ in advice(report, held("not-ours"), "x")] == ["reconciler plan"]


def test_a_run_has_one_name_everywhere() -> None:
    report = Report("sha256:00", "run-5", (), head="ab" * 32)

    for text in (report_text(report, held("in-doubt"), Style()), report_markdown(report, held("in-doubt"))):
        assert "run-5" in text
        assert "run 5" not in text
        assert "run `5`" not in text
