"""The rows of a report: each held thing once, its holds in full once, and every thing under its own kind."""

from __future__ import annotations

import pytest

from reconciler.apply.doubt import asked
from reconciler.cli.exit_codes import INTERRUPTED, PARTLY, STALE, of_report
from reconciler.model.change import Hold, Verb
from reconciler.model.document import Address
from reconciler.model.live import Demand
from reconciler.model.outcome import End, Outcome, Report
from reconciler.model.plan import Action, Call, Check, Plan, Precondition
from reconciler.model.record import replace
from reconciler.report.plan_text import plan_text
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from tests.golden.sample import call, label, quiet_plan

WIDE = Style(1_000)
MANY = Hold("too-many-deletes", "14 of 20 would go", "`lifecycle.allow: [many]`")
TREE, HATS = Address("core", "Classification", "fashion"), Address("core", "ClassificationNode", "fashion/Hats")


def report(ends: dict[str, End], *, interrupted: bool = False) -> Report:
    outcomes = tuple(Outcome(i, end) for i, end in ends.items())
    return Report("p", "run-1", outcomes, interrupted=interrupted)


def plan(*calls: Call, actions: tuple[Action, ...] = ()) -> Plan:
    return replace(quiet_plan(), calls=calls, actions=actions)


def held_plan() -> tuple[Report, Plan]:
    """Two things of two calls each, each of which waits for the other."""
    calls = tuple(
        replace(call(str(n), label(name), f"DELETE /{name}/{n}"), held=("too-many-deletes", f"depends on {other}"))
        for n, name, other in ((1, "a", 2), (2, "a", 1), (3, "b", 4), (4, "b", 3))
    )
    actions = tuple(
        Action(Verb.DELETE, label(name), name.upper(), holds=(MANY,), calls=own)
        for name, own in (("a", ("1", "2")), ("b", ("3", "4")))
    )
    return report(dict.fromkeys("1234", End.HELD)), plan(*calls, actions=actions)


def test_a_held_thing_is_one_row_and_its_hold_is_told_in_full_once() -> None:
    text = report_text(*held_plan(), WIDE).split("Held (2)")[1]

    assert [row[:3] for row in text.splitlines() if row.startswith("  ") and row[2].isdigit()] == ["  1", "  3"]
    assert (text.count("and call "), text.count("way out:"), text.count("as above")) == (2, 1, 1)
    assert "held: too-many-deletes, as above" in text
    assert "depends on" not in text, "what waits for its own calls, or is held itself, waits for nobody"
    shown = report_markdown(*held_plan())
    assert (shown.count("way out:"), shown.count("as above")) == (1, 1)


def test_what_only_depends_on_something_else_says_on_what() -> None:
    calls = (replace(call("1", label("a"), "PUT /a"), held=("depends on 2", "depends on 9")),)
    found = plan(*calls, replace(calls[0], id="2", held=("depends on 1",)))

    text = report_text(report(dict.fromkeys("12", End.HELD)), found, WIDE)

    assert "\n     depends on 9\n" in text


def shared() -> tuple[Report, Plan]:
    carrier = call("9", Address("core", "Classification", "(persist)"), "POST /persist")
    rider = replace(call("1", TREE, "POST /persist"), carrier="9")
    calls = (rider, replace(rider, id="2", kind=HATS.kind, address=HATS))
    return report(dict.fromkeys("1239", End.DONE)), plan(*calls, replace(calls[1], id="3"), carrier)


def test_what_one_request_carried_stands_under_its_own_kind_each_thing_once() -> None:
    text, shown = report_text(*shared(), WIDE), report_markdown(*shared())

    assert "core/Classification: fashion\n     core/ClassificationNode: fashion/Hats\n" in text
    assert "`core/Classification` `fashion`, `core/ClassificationNode` `fashion/Hats`: 3" in shown


def test_a_kind_whose_list_is_counted_at_another_names_that() -> None:
    checks = [Check(c.address, (c.id,)) for c in shared()[1].calls[:2]]
    needed = tuple(
        Precondition(Demand("core", c.address.kind), (c,), n) for c, n in zip(checks, (1, 0), strict=True)
    )

    text = plan_text(replace(shared()[1], preconditions=needed), WIDE, calls=True)

    assert "core / Classification: 1, for fashion\n" in text
    assert "core / ClassificationNode: with Classification, for fashion/Hats\n" in text


def test_several_that_a_call_follows_have_ended() -> None:
    later = replace(call("3", label("a"), "PUT /a"), follows=frozenset({"1", "2"}))
    calls = (call("1", label("b"), "PUT /b"), call("2", label("c"), "PUT /c"), later)

    assert "once 1, 2 have ended" in plan_text(plan(*calls), WIDE, calls=True)


def test_an_address_with_blanks_can_be_pasted() -> None:
    address = Address("core", "ClassificationNode", "fashion/Hats and caps")
    action = Action(Verb.DELETE, address, "Hats", holds=(Hold("not-ours", "adopted", "leave it"),))

    assert "--override 'not-ours@core/ClassificationNode/fashion/Hats and caps'" in plan_text(
        plan(actions=(action,)), WIDE
    )
    question = asked(call("1", address, "POST /x"), "lost").question
    assert "--adopt 'core/ClassificationNode/fashion/Hats and caps=ID'`" in question


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ({"1": End.NOT_SENT}, INTERRUPTED),
        ({"1": End.NOT_SENT, "2": End.DONE}, PARTLY),
        ({"1": End.NOT_SENT, "2": End.STALE}, STALE),
        ({"1": End.DONE, "2": End.DONE}, 0),
    ],
)
def test_an_interrupted_run_that_sent_nothing_says_so_by_its_code(ends: dict[str, End], code: int) -> None:
    calls = (call("1", label("a"), "PUT /a"), call("2", label("b"), "PUT /b"))

    assert of_report(report(ends, interrupted=True), plan(*calls[: len(ends)])) == code
