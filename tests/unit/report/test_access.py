"""Who gains, who loses and who can do what, as text, Markdown and tables: folded, never cut, and never acting."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.access import AccessChange, Listing, Row, Sort, Step
from reconciler.model.record import replace
from reconciler.report.access_changes import LINES, TOO_MANY, in_numbers
from reconciler.report.access_markdown import access_markdown
from reconciler.report.access_table import ACTING, access_csv, access_json, cell
from reconciler.report.access_text import access_text
from reconciler.report.in_short import in_short
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from tests.golden.access import listing
from tests.golden.sample import HOSTILE, quiet_plan, rich_plan


def folder(name: str) -> Step:
    return Step(Sort.OBJECT, name, "Folder")


def gains(*who: str, on: str = "A", **words: object) -> AccessChange:
    return AccessChange("analytics", True, who, "EDITOR", folder(on), **words)  # type: ignore[arg-type]


def told(*changes: AccessChange) -> str:
    text = plan_text(replace(quiet_plan(), access=changes), Style(200))
    return text.partition("Who gains and loses access\n\n")[2].partition("\n\n")[0]


def test_one_two_and_many_people() -> None:
    finance = (Step(Sort.GROUP, "Finance Team", "UserGroup"),)
    assert told(gains("a@example.com")) == "  + a@example.com gains EDITOR on Folder A\n"
    assert (
        told(gains("a@example.com", "b@example.com"))
        == "  + a@example.com and b@example.com gain EDITOR on Folder A\n"
    )
    many = tuple(f"{n}@example.com" for n in range(12))
    assert told(gains(*many, path=finance)) == "  + 12 people of Finance Team gain EDITOR on Folder A\n"
    assert told(gains(*many)) == "  + 12 people gain EDITOR on Folder A\n"
    assert (
        told(gains("a@example.com", path=finance))
        == "  + a@example.com gains EDITOR on Folder A through Finance Team\n"
    )


def test_what_is_alike_on_several_objects_is_one_sentence() -> None:
    changes = [gains("a@example.com", on=name, within=n) for n, name in enumerate("ABCDE")]
    assert (
        told(*changes) == "  + a@example.com gains EDITOR on Folder A, B and 1 in it, C and 2 in it and 2 more\n"
    )


def test_what_is_held_stands_last_and_losses_before_gains() -> None:
    lines = told(
        gains("a@example.com", held=True), gains("b@example.com"), replace(gains("c@example.com"), gains=False)
    )
    assert [line.strip()[:3] for line in lines.splitlines()] == ["- c", "+ b", "+ a"]
    assert lines.rstrip().endswith("(held)")


def test_as_text_very_many_are_counted() -> None:
    changes = [gains(f"{n}@example.com") for n in range(60)]
    assert len(told(*changes).splitlines()) == LINES + 1
    assert "40 gains more: --output json names each" in told(*changes)


def test_in_a_comment_none_is_cut_but_told_as_numbers() -> None:
    changes = tuple(gains(f"{n}@example.com", on=f"Folder {n}") for n in range(400))
    plan = replace(quiet_plan(), access=changes)
    assert plan_markdown(plan).count("@example.com") == 400
    by_object = plan_markdown(plan, 18_500)
    assert "`analytics/Folder Folder 399`: 1 gain" in by_object
    least = plan_markdown(plan, 2_000)
    assert TOO_MANY in least
    assert "**400** gain `analytics/Folder`" in least


def test_a_short_plan_counts_who_gains_and_who_loses() -> None:
    many = (gains("a@example.com", "b@example.com", within=3), gains("a@example.com", on="B"))
    one = replace(gains("c@example.com", held=True), gains=False)
    everybody = replace(gains("everybody"), sort=Sort.EVERYBODY)

    def words(*changes: AccessChange) -> str:
        return in_numbers(replace(quiet_plan(), access=changes))

    assert words() == ""
    assert words(one) == "1 person loses access on 1 object (all of it held)"
    assert words(*many) == "2 people gain access on 2 objects and what is in them"
    assert words(*many, one) == (
        "2 people gain and 1 person loses access on 2 objects and what is in them (part of it held)"
    )
    assert words(everybody) == "everybody gains access on 1 object"
    assert words(everybody, many[1]) == "1 person and everybody gain access on 2 objects"
    assert "2 people gain access on 2 objects" in in_short(replace(rich_plan(), access=many), Style())


def test_a_title_stands_beside_a_name_that_tells_nothing() -> None:
    sales = Step(Sort.OBJECT, "d0c00019", "Document", "Sales\n`overview`")
    change = AccessChange("analytics", True, ("a@example.com",), "EDITOR", sales)
    line = '  + a@example.com gains EDITOR on Document d0c00019 ("Sales\\x0a`overview`")\n'
    assert told(change) == line
    assert '`d0c00019` ("`` Sales\\x0a`overview` ``")' in plan_markdown(replace(quiet_plan(), access=(change,)))
    assert AccessChange.from_json(change.to_json()).object.title == sales.title


def test_nothing_of_a_name_acts() -> None:
    plan = replace(rich_plan(), actions=(), calls=())
    for text in (
        plan_text(plan, Style()),
        plan_markdown(plan),
        access_text(listing(), Style()),
        access_markdown(listing()),
        access_csv(listing()),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text
    for text in (plan_markdown(plan), access_markdown(listing())):
        assert "<img" not in text.replace("<img src=x>|`@all`", "")
    assert HOSTILE not in access_text(listing(), Style())


@pytest.mark.parametrize("width", [40, 80])
def test_rows_fit(width: int) -> None:
    assert max(map(len, access_text(listing(), Style(width)).splitlines())) <= width


def test_an_empty_listing_says_so() -> None:
    assert access_text(Listing("live", ()), Style()) == "Access from live: 0 people, 0 objects, 0 lines\n"
    assert access_csv(Listing("live", ())).count("\n") == 1


@given(st.text(max_size=20))
def test_no_cell_is_a_formula_and_every_row_is_one_line(text: str) -> None:
    shown = cell(text)
    assert not shown.lstrip(" \u00a0").startswith(ACTING)
    row = Row("t", Step(Sort.PERSON, text), text, Step(Sort.OBJECT, text, "Kind"), because=(text,))
    made = access_csv(Listing("live", (row,)))
    assert len(list(csv.reader(io.StringIO(made)))) == 2
    assert len(made.splitlines()) == 2


@given(st.text(max_size=20))
def test_json_is_ascii_and_loses_nothing(text: str) -> None:
    row = Row("t", Step(Sort.PERSON, text), text, Step(Sort.OBJECT, text, "Kind"))
    made = access_json(Listing("live", (row,)))
    assert made.isascii()
    assert json.loads(made)["rows"][0]["principal"]["name"] == text
