"""What a plan proposes, folds and leaves unsaid."""

from __future__ import annotations

import pytest

from reconciler.model.change import ENTRY, FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import RECORDED_NEXT, Action, Effect, Plan, Role, Trigger
from reconciler.model.record import replace
from reconciler.report.ends import counted, tally
from reconciler.report.facts import headline, pending
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.sections import rows, sections
from reconciler.report.style import Style
from tests.golden.sample import call, label, quiet_plan, rich_report, team

LEFT_OUT = Hold("unresolved", "members: x@example.com left out; no User is so called", "correct it", True, ENTRY)
UNREAD = ("not verifiable: note (last sent as declared)", "not verifiable: link (last sent as declared)")


def plan(*actions: Action, **words: object) -> Plan:
    return replace(quiet_plan(), actions=actions, **words)  # type: ignore[arg-type]


def text(found: Plan) -> str:
    return plan_text(found, Style(500), command="reconciler apply")


def test_an_entry_that_is_left_out_keeps_no_removal_back() -> None:
    told = text(plan(Action(Verb.CREATE, team("brand"), "Brand", holds=(LEFT_OUT,), calls=())))
    assert "partly held: unresolved - members: x@example.com left out;" in told
    assert "removals held" not in told


@pytest.mark.parametrize("verb", [Verb.NONE, Verb.UPDATE, Verb.RENAME])
def test_nothing_is_proposed_where_nothing_can_be_sent(verb: Verb) -> None:
    found = plan(Action(verb, team("brand"), "Brand", holds=(LEFT_OUT,)))
    assert (headline(found), pending(found)) == ("1 held", False)
    assert "next:" not in text(found)
    assert "next:" not in plan_markdown(found, command="reconciler apply")


def test_what_is_only_recorded_is_carried_out_though_an_entry_is_left_out() -> None:
    assert pending(plan(Action(Verb.ADOPT, team("brand"), "Brand", holds=(LEFT_OUT,))))


def two_holds(name: str) -> Action:
    holds = (
        Hold("not-ours", "it was adopted, not created here", "delete it by hand"),
        Hold("protected", f"{name} is protected", f"take `protect` out of {label(name)}"),
    )
    return Action(Verb.DELETE, label(name), name.title(), holds=holds, notes=(f"left git with {name}",))


def test_several_rules_on_many_things_are_told_once() -> None:
    found = plan(*(two_holds(f"old-{n}") for n in range(4)))

    assert text(found).count("way out: delete it by hand") == 1
    assert text(found).count("held: not-ours, protected, as above") == 3
    assert "note: left git with old-3" in text(found), "what is its own is still said"
    assert plan_markdown(found).count("**held: `not-ours`, `protected`**, as above") == 3


def test_a_hold_for_another_reason_is_told_in_full() -> None:
    other = replace(two_holds("odd"), holds=(Hold("not-ours", "it was made by hand", "delete it by hand"),))
    assert "as above" not in text(plan(two_holds("old"), other))


def test_what_cannot_be_read_back_is_one_line_where_nothing_is_to_do() -> None:
    found = plan(*(Action(Verb.NONE, label(f"a-{n}"), "A", notes=UNREAD) for n in range(6)))

    assert "12 values cannot be read back, so not verifiable: --calls and --output json name each." in text(found)
    assert tuple(w for w in ("unchanged", "note:") if w not in text(found)) == ("unchanged", "note:")
    assert "12 values cannot be read back" in plan_markdown(found)
    assert UNREAD[0] in plan_json(found)
    whole = plan_text(found, Style(500), calls=True)
    assert whole.count("note: not verifiable: note, link (last sent as declared)\n") == 3


def test_what_cannot_be_read_back_is_one_line_beside_a_change() -> None:
    changed = Action(Verb.UPDATE, label("b"), "B", None, (FieldChange(("verified",), False, True),))
    found = plan(changed, *(Action(Verb.NONE, label(f"a-{n}"), f"A {n}", notes=UNREAD) for n in range(2)))

    assert "unchanged" not in text(found)
    assert "\n4 values cannot be read back, so not verifiable: " in text(found)
    assert "- **unchanged** `a-0` (`A 0`) - not verifiable: note, link (last sent as declared)" in plan_markdown(
        found
    )
    assert UNREAD[0] in plan_json(found)


def test_a_lifecycle_that_is_still_to_be_recorded_is_said() -> None:
    found = plan(Action(Verb.NONE, label("a"), "A", notes=(RECORDED_NEXT,)))
    assert "; apply to record it." in text(found)
    assert f"note: {RECORDED_NEXT}" in text(found)
    assert not pending(found)
    assert "to record it" not in text(quiet_plan())


def test_a_number_reads_the_same_however_the_server_writes_it() -> None:
    fields = (FieldChange(("hours",), 4.0, 6, Reason.INTENT), FieldChange(("rate",), 0.5, 1.0, Reason.INTENT))
    told = text(plan(Action(Verb.UPDATE, label("b"), "B", fields=fields)))
    assert "hours: 4 -> 6 " in told
    assert "rate: 0.5 -> 1 " in told


def held_twice() -> Plan:
    hold = Hold("not-ours", "it was adopted", "leave it")
    deed = replace(call("1", label("jane"), "PUT /user/2"), held=("not-ours",))
    other = replace(deed, id="2", role=Role.CONTINGENT, trigger=Trigger("1"), held=("not-ours", "depends on 1"))
    action = Action(Verb.DEACTIVATE, label("jane"), "Jane", holds=(hold,), calls=("1", "2"))
    return plan(action, calls=(deed, other))


def test_a_change_that_is_held_counts_once() -> None:
    found = held_twice()
    report = replace(rich_report(), outcomes=tuple(Outcome(c.id, End.HELD) for c in found.calls))

    assert tally(report, found) == "1 held"
    assert counted(report, found)[End.HELD] == 1
    for told in (report_text(report, found, Style()), report_markdown(report, found)):
        assert "Held (1)" in told
        assert told.count("PUT /user/2") == 1


def test_what_was_not_sent_is_folded_after_a_few() -> None:
    calls = tuple(call(str(n), label(f"a-{n}"), "POST /v1/labels") for n in range(1, 242))
    found = plan(*(Action(Verb.CREATE, c.address, "", calls=(c.id,)) for c in calls), calls=calls)
    outcomes = tuple(Outcome(c.id, End.NOT_SENT, "interrupted") for c in calls)
    report = replace(rich_report(), outcomes=outcomes, interrupted=True)

    short = report_text(report, found, Style())
    assert "Not sent (241)" in short
    assert "... and 236 more" in short
    assert "a-241" in report_text(report, found, Style(), calls=True)


def test_what_a_hold_keeps_back_is_marked_beside_what_goes_on() -> None:
    """A hold on one field or on the removals; what a call sends is not marked."""
    place = Hold("unlike-folder", "its folder is restricted", "take `scope` out", final=True, only="folder")
    going = Hold("first-removals", "never managed before", "allow it", only="remove")
    fields = (
        FieldChange(("folder",), "a", "b", Reason.INTENT),
        FieldChange(("name",), "x", "y", Reason.INTENT),
        FieldChange(("members", "jane"), ABSENT, {}, Reason.INTENT),
        FieldChange(("members", "bob"), {}, ABSENT, Reason.INTENT),
    )
    one = call("1", label("d"), "PUT /x", effect=Effect(fields={"name": "y"}))
    two = call("2", label("d"), "PUT /x", effect=Effect(set_field="members"))
    update = Action(Verb.UPDATE, label("d"), "D", None, fields, (place, going), calls=("1", "2"))

    shown = text(plan(update, calls=(one, two)))
    lines = {line.strip() for line in shown.splitlines()}
    assert {'folder: "a" -> "b"   (intent)   held', "members: - bob   (intent)   held"} <= lines
    assert {'name: "x" -> "y"   (intent)', "members: + jane   (intent)"} <= lines
    assert "(intent) **held**" in plan_markdown(plan(update, calls=(one, two)))


def test_what_is_made_stands_in_its_tree_though_some_is_folded() -> None:
    names = ["a-b", "a", "a/b", "a/c", "a/c/d", "b", "c/d"]
    odd = {"a/c": "x", "b": "y"}
    made = [
        Action(Verb.CREATE, label(n), n, fields=(FieldChange(("note",), ABSENT, odd.get(n, "z"), Reason.INTENT),))
        for n in names
    ]

    [section] = sections(plan(*made))
    told = rows(plan(*made), section)

    assert [r.action.address.name for r in told] == ["a", "a/b", "a/c", "a/c/d", "b"]
    assert [a.address.name for r in told for a in r.more] == ["a-b", "c/d"]
    assert "... and 2 more like this: a-b, c/d" in text(plan(*made))


def test_a_tree_whose_documents_are_called_otherwise_stands_in_the_order_of_its_chains() -> None:
    chains = {"a": "Web/Shoes/Red", "b": "Web", "c": "Web/Shoes", "d": "Web-Shop"}
    made = [
        Action(Verb.CREATE, label(n), chain, fields=(FieldChange(("n",), ABSENT, n * i, Reason.INTENT),))
        for i, (n, chain) in enumerate(chains.items(), 2)
    ]

    [section] = sections(plan(*made))

    assert [a.label for a in section.actions] == ["Web", "Web/Shoes", "Web/Shoes/Red", "Web-Shop"]
