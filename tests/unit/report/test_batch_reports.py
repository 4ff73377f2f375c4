"""How a run ended whose requests carry others: counts, servers' words, repairs, and questions to a person."""

from __future__ import annotations

import json

import pytest

from reconciler.cli.exit_codes import of_report
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.report.ends import clauses, counted, questions, tally
from reconciler.report.plan_text import plan_text
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from tests.golden.batch_calls import at, keyword
from tests.golden.batches import batch_plan, batch_report
from tests.golden.sample import call, quiet_plan

WIDE = Style(1_000)
PLAN, REPORT = batch_plan(), batch_report()


def calls_text(plan: Plan = PLAN) -> str:
    return plan_text(plan, WIDE, calls=True).split("Calls, in order")[1]


def ended(**outcomes: Outcome) -> Report:
    """The report with other ends: `c3` is that of call 3."""
    changed = {name[1:]: outcome for name, outcome in outcomes.items()}
    return replace(REPORT, outcomes=tuple(changed.get(o.call, o) for o in REPORT.outcomes))


def test_things_are_counted_as_things_and_requests_as_requests() -> None:
    assert tally(REPORT, PLAN) == "14 done, 1 in doubt, 2 failed, 2 blocked, 4 held, 2 questions"
    assert "sent: preconditions 1  calls 12  took 2.5 s" in report_text(REPORT, PLAN, WIDE)
    value = json.loads(report_json(REPORT, PLAN, 7))["report"]
    assert value["things"]["done"] == 14
    assert value["sent"] == {"preconditions": 1, "calls": 12}


def test_a_failed_rider_says_the_servers_words_and_those_of_its_repair() -> None:
    text = report_text(REPORT, PLAN, WIDE)
    failed = text.split("Failed (2)")[1].split("Blocked")[0]
    assert "3  create Keyword BE (in call 10)" in failed
    assert "in a 200 answer: DUPLICATE: value taken" in failed
    assert "once more: no such parent" in failed
    assert " 13  " not in failed


def test_a_repaired_rider_is_done_once() -> None:
    done = report_text(REPORT, PLAN, WIDE).split("Done (14)")[1]
    assert "2  create Keyword AT (in call 10)" in done
    assert "refused (no such path), then done by calls 12" in done
    assert " 12  " not in done


def test_those_that_share_a_request_and_an_end_are_told_together_and_all_named() -> None:
    no = {f"c{n}": Outcome(str(n), End.FAILED, "the whole was refused", 400) for n in (*range(1, 9), 10)}
    report = ended(**no, **{f"c{n}": Outcome(str(n), End.UNNEEDED) for n in (12, 13)})
    for text in (report_text(report, PLAN, WIDE), report_markdown(report, PLAN)):
        failed = text.split("Failed (9)")[1].split("Blocked")[0]
        assert failed.count("the whole was refused") == 1
        assert all(name in failed for name in ("markets", "at", "be", "ch", "de", "es", "fr", "it"))


def test_every_question_is_asked_first_and_once_with_what_answers_it() -> None:
    text = report_text(REPORT, PLAN, WIDE)
    asked = text.split("Questions that only a person can answer (2)")[1].split("Failed")[0]
    assert "platform/Brief/q3" in asked
    assert "     If it was: `reconciler resume --adopt platform/Brief/q3=ID`\n" in asked
    assert "     If not: `reconciler resume --forget platform/Brief/q3`\n" in asked
    assert "once: {reissue: …}" in asked
    assert text.count("Was it made?") == 1
    assert "In doubt: nobody knows" not in text, "what is asked is not told a second time"
    assert "next: reconciler resume" in text
    assert report_markdown(REPORT, PLAN).index("--adopt platform/Brief/q3=ID") < report_markdown(
        REPORT, PLAN
    ).index("Failed")
    assert [q["address"] for q in json.loads(report_json(REPORT, PLAN, 7))["report"]["questions"]] == [
        "studio/Invitation/jane",
        "platform/Brief/q3",
    ]


def test_one_address_is_asked_once() -> None:
    twice = replace(PLAN, calls=(*PLAN.calls, replace(PLAN.calls[-6], id="99")))
    question = next(o for o in REPORT.outcomes if o.call == "30")
    report = replace(REPORT, outcomes=(*REPORT.outcomes, replace(question, call="99")))
    assert [str(q.call.address) for q in questions(report, twice)].count("platform/Brief/q3") == 1


def test_a_question_is_cut_into_its_clauses_outside_code() -> None:
    text = "was `a; b? c` made? If it was: `x --adopt a=ID`; if not: `x --forget a`"
    assert clauses(text) == ["Was `a; b? c` made?", "If it was: `x --adopt a=ID`", "If not: `x --forget a`"]


def test_the_machine_gets_everything() -> None:
    value = json.loads(report_json(REPORT, PLAN, 7))
    outcomes = {o["call"]: o for o in value["report"]["outcomes"]}
    assert list(outcomes) == [c.id for c in PLAN.calls]
    assert outcomes["3"]["carrier"] == "10"
    assert outcomes["3"]["code"] == "DUPLICATE"
    assert outcomes["25"]["facts"] == {Fact.LOST: "link"}
    assert {h["only"] for h in value["report"]["heldWithoutCalls"]} == {"", "name", "permissions"}


@pytest.mark.parametrize(
    ("riders", "code"), [((End.FAILED, End.FAILED), 8), ((End.DONE, End.FAILED), 6), ((End.DONE, End.DONE), 0)]
)
def test_a_request_that_worked_for_nobody_has_done_nothing(riders: tuple[End, End], code: int) -> None:
    book = keyword("(batch)")
    calls = (
        call("1", keyword("a"), "POST /p", carrier="3"),
        call("2", keyword("b"), "POST /p", carrier="3"),
        call("3", book, "POST /p"),
    )
    outcomes = (*(Outcome(str(n), end) for n, end in enumerate(riders, 1)), Outcome("3", End.DONE))
    plan = replace(quiet_plan(), calls=calls)
    report = replace(REPORT, outcomes=outcomes)
    assert of_report(report, plan) == code
    assert sum(counted(report, plan).values()) == 2


def test_a_link_that_was_lost_is_a_question_though_the_call_is_done() -> None:
    lost = next(o for o in REPORT.outcomes if o.call == "25")
    plan = replace(PLAN, calls=tuple(c for c in PLAN.calls if c.id == "25"), actions=())
    report = replace(REPORT, outcomes=(lost,))
    assert of_report(report, plan) == 7
    text = report_text(report, plan, WIDE)
    assert text.startswith("Apply: 1 done, 1 question\n")
    assert "next: reconciler apply   (after the token that is asked for stands in the manifest)" in text
    assert str(at("studio", "Invitation", "jane")) in text
