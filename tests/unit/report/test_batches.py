"""How requests that carry others are told, and checks, readings, fall-backs, sinks, tokens, questions."""

from __future__ import annotations

import re

import pytest

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT
from reconciler.model.outcome import Outcome, Report
from reconciler.model.plan import Action, On, Plan, Trigger
from reconciler.model.record import replace
from reconciler.report.call_words import booked, conditions, triggered
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.sections import besides, sections
from reconciler.report.style import Style
from reconciler.report.values import value_text
from tests.golden.batch_calls import keyword
from tests.golden.batches import batch_plan, batch_report
from tests.golden.sample import call, label, quiet_plan

WIDE = Style(1_000)
PLAN, REPORT = batch_plan(), batch_report()


def calls_text(plan: Plan = PLAN) -> str:
    return plan_text(plan, WIDE, calls=True).split("Calls, in order")[1]


def ended(**outcomes: Outcome) -> Report:
    """The report with other ends: `c3` is that of call 3."""
    changed = {name[1:]: outcome for name, outcome in outcomes.items()}
    return replace(REPORT, outcomes=tuple(changed.get(o.call, o) for o in REPORT.outcomes))


def test_only_requests_are_counted() -> None:
    assert "calls: 11 (+ at most 5)" in plan_text(PLAN, WIDE)
    assert len([c for c in PLAN.calls if c.carrier]) == 13


def test_what_a_request_carries_is_told_beneath_it_and_nowhere_else() -> None:
    text = calls_text()
    carrier, rider = text.index(" 10  POST /common/keywords/persist"), text.index("1  create Keyword MARKETS")
    assert carrier < rider < text.index(" 11  POST /common/keywords/retrieve")
    assert text.count('"itm": ["Markets"]') == 1
    assert '{"kwds": {"entries": ["<what call 10 carries>"]}}' in text
    assert "write, carries 9: persist Keywords" in text


def test_many_that_are_carried_are_folded_but_all_named_and_none_that_is_held() -> None:
    text = calls_text()
    assert "... and 3 more, whole in --output json: 6 es, 7 fr, 8 it\n" in text
    assert "9  create Keyword NL, for core/Keyword/nl\n" in text
    assert "held: in-doubt" in text


def test_a_check_says_what_it_must_show_and_a_reading_what_it_is_for() -> None:
    text = calls_text()
    assert 'must show {"/validRows": "<how many call 24 carries>", "/errors": []}' in text
    assert "check that changes nothing: preview a workbook of 2 projects" in text
    assert "what follows goes only if the answer is as planned" in text
    assert "goes with all that it carries, or not at all" in text
    assert "reading between the calls: list the Keywords" in text
    assert "2 requests" in text


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (On.REFUSED, "sent only if call 10 is refused (4xx)"),
        (On.CODE, "sent only if call 10 is refused with the code X1"),
        (On.UNKNOWN, "sent only if call 10 works but its answer names no id"),
        (On.UNDONE, "sent only if something in call 10 has not worked"),
        (On.UNLIKE, "sent only if call 10 shows it otherwise"),
    ],
)
def test_every_trigger_has_words(on: On, words: str) -> None:
    assert triggered(Trigger("10", on=on, code="X1"), booked(PLAN)) == words
    chained = triggered(Trigger("10", "11", on, "X1"), booked(PLAN))
    assert chained == f"{words} and call 11 has worked"


def test_a_rider_does_not_repeat_what_its_request_says() -> None:
    book = booked(PLAN)
    assert conditions(book.calls["2"], book) == []
    assert conditions(book.calls["12"], book) == ["sent only if call 2 has not worked", "after 1"]
    assert "each read again afterwards" in conditions(book.calls["10"], book)


def test_late_values_are_words_and_never_values() -> None:
    assert value_text({"$find": {"read": "4", "key": ["a", "b"], "scope": []}}) == "\"<id of 'a/b' from call 4>\""
    assert '"<secret from the variable SFTP_PASSWORD, version 3>"' in calls_text()
    assert '"<file assets/logo.png, 1840 bytes, sha256 5feceb66ffc8>"' in calls_text()


def test_where_a_once_shown_value_goes_is_told_with_the_thing() -> None:
    for text in (plan_text(PLAN, WIDE), plan_markdown(PLAN)):
        assert "link: shown once, it goes to the file secrets/jane.link" in text
    keyring = replace(PLAN.calls[-11], sink=replace(PLAN.calls[-11].sink, to={"toKeyring": "jane"}))  # type: ignore[type-var]
    other = replace(PLAN, calls=tuple(keyring if c.id == "25" else c for c in PLAN.calls))
    assert "it goes to the keyring entry jane" in plan_text(other, WIDE)


def test_a_token_that_acts_is_told() -> None:
    assert 'once: {changeRequest: "2026-06"} acts' in plan_text(PLAN, WIDE)
    assert "uses up once.changeRequest: 2026-06" in calls_text()


def test_effects_come_first_each_once_with_all_it_is_about() -> None:
    mail = ("somebody gets a mail",)
    many = tuple(Action(Verb.UPDATE, label(f"l{n:03}"), "", effects=mail) for n in range(200))
    hold = Hold("effects", "it sends mail", "allow it")
    held = Action(Verb.DELETE, label("x"), "", effects=mail, holds=(hold,))
    plan = replace(quiet_plan(), actions=(*many, held))
    for text in (plan_text(plan, WIDE), plan_markdown(plan)):
        first = text.split("Effects")[1].split("Deletes")[0]
        assert first.count("somebody gets a mail") == 1
        assert all(f"l{n:03}" in first for n in range(200))
        assert "x (held)" in first
    assert [b.effect for b in besides(plan)] == ["somebody gets a mail"]


def test_changes_with_other_effects_are_not_folded() -> None:
    plain = [Action(Verb.UPDATE, label(f"l{n}"), "") for n in range(6)]
    odd = Action(Verb.UPDATE, label("odd"), "", effects=("sends mail",))
    text = plan_text(replace(quiet_plan(), actions=(*plain, odd)), WIDE)
    assert "update  odd" in text
    assert "and 3 more like this: l3, l4, l5" in text


def test_the_last_name_of_a_chain_is_no_difference() -> None:
    def made(name: str) -> Action:
        fields = (
            FieldChange(("path",), ABSENT, f"A/{name}", Reason.INTENT),
            FieldChange(("labels", "en"), ABSENT, name, Reason.INTENT),
        )
        return Action(Verb.CREATE, keyword(name.casefold()), f"A/{name}", None, fields)

    text = plan_text(replace(quiet_plan(), actions=tuple(made(f"N{n}") for n in range(9))), WIDE)
    assert "and 6 more like this" in text


def test_a_held_field_is_named_and_offers_no_override() -> None:
    text = plan_text(PLAN, WIDE)
    assert "permissions held: forbidden - the key may not read them (403)" in text
    assert "--override forbidden@" not in text
    assert "--override contended@" not in text
    assert "--override replace@analytics/Schedule/daily" in text
    assert "--override forbidden@" not in plan_markdown(PLAN)


def test_nothing_but_a_held_field_is_held_and_no_change() -> None:
    only = replace(PLAN, calls=(), actions=tuple(a for a in PLAN.actions if a.address.name == "board"))
    assert plan_text(only, WIDE).startswith("Plan: 1 held\n")


def test_removals_are_named_for_what_they_are() -> None:
    titles = [s.title for s in sections(PLAN)]
    assert titles[0] == "Deletes, archives, deactivations, replacements"
    done = replace(PLAN, actions=tuple(a for a in PLAN.actions if a.verb is Verb.ARCHIVE))
    assert [s.title for s in sections(done)] == ["Archives"]
    assert "loses access" not in plan_text(done, WIDE), "nobody knows what archiving does to access"
    text = plan_text(PLAN, WIDE)
    assert "everybody in it loses access until it is made anew (held)" in text
    assert "the live one is deleted, then another is made in its place" in text


def test_what_waits_for_another_thing_names_that_thing() -> None:
    calls = (
        call("1", label("a"), "POST /a", held=("protected",)),
        call("2", label("b"), "POST /b", held=("depends on 1",)),
    )
    hold = Hold("protected", "it is", "undo it")
    actions = (
        Action(Verb.CREATE, label("a"), "", holds=(hold,), calls=("1",)),
        Action(Verb.CREATE, label("b"), "", calls=("2",)),
    )
    text = plan_text(replace(quiet_plan(), actions=actions, calls=calls), WIDE)
    assert "held with what it depends on: analytics/Label/a\n" in text


def test_a_comment_lists_the_calls_folded_with_what_they_carry() -> None:
    text = plan_markdown(PLAN)
    assert "<summary>Calls: 11 (+ at most 5), in order</summary>" in text
    assert "`1 markets, 2 at, 3 be, 4 ch, 5 de, 6 es, 7 fr, 8 it, 9 nl (held: in-doubt)`" in text
    assert re.search(r"_[0-9]+ more changes and [0-9]+ more calls are not listed", plan_markdown(PLAN, 3_000))
