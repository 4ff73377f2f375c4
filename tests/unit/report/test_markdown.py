"""Comments fit; deletes, access changes and holds are in them whatever their number."""

from __future__ import annotations

import re

import pytest

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Action
from reconciler.model.record import replace
from reconciler.report.drift import drift_markdown
from reconciler.report.plan_markdown import LIMIT, plan_markdown
from reconciler.report.report_markdown import report_markdown
from tests.golden.sample import created, label, quiet_plan, rich_plan, rich_report, team

HOLD = Hold("not-ours", "it was adopted, not created here", "delete it by hand")


def many(count: int, *grave: Action) -> str:
    odd = [
        replace(
            created(f"thing-{n:04}", n, "1"),
            fields=(FieldChange(("name",), ABSENT, f"{n} {'long ' * 20}", Reason.INTENT),),
        )
        for n in range(count)
    ]
    return plan_markdown(replace(quiet_plan(), actions=(*odd, *grave)))


def test_five_thousand_changes_fit_and_the_cut_is_stated() -> None:
    deletes = [Action(Verb.DELETE, label(f"gone-{n:03}"), f"Gone {n}", holds=(HOLD,)) for n in range(200)]
    member = FieldChange(("members", "jane@example.com"), ABSENT, "jane@example.com", Reason.INTENT, access=True)
    access = [Action(Verb.UPDATE, team(f"team-{n:03}"), f"Team {n}", None, (member,)) for n in range(100)]
    text = many(5_000, *deletes, *access)
    assert len(text.encode()) <= LIMIT
    assert all(f"gone-{n:03}" in text for n in range(200))
    assert all(f"team-{n:03}" in text for n in range(100))
    assert text.count("`jane@example.com`") == 100
    listed = text.count("- **create**")
    assert f"_{5_000 - listed} more changes are not listed here" in text


@pytest.mark.parametrize(("count", "form"), [(300, "in full"), (700, "one line each"), (2_500, "names")])
def test_more_grave_things_are_said_in_fewer_words_but_all_are_said(count: int, form: str) -> None:
    holds = [replace(HOLD, reason=f"{n}: adopted, not created here") for n in range(count)]
    deletes = [Action(Verb.DELETE, label(f"gone-{n:04}"), f"Gone {n}", holds=(h,)) for n, h in enumerate(holds)]
    text = plan_markdown(replace(quiet_plan(), actions=tuple(deletes)))
    assert len(text.encode()) <= LIMIT
    assert all(f"gone-{n:04}" in text for n in range(count))
    assert ("way out" in text) == (form == "in full")
    assert ("Names only" in text) == (form == "names")


def test_too_many_to_name_says_so_first() -> None:
    deletes = [Action(Verb.DELETE, label(f"gone-{n:05}-{'x' * 40}"), "G") for n in range(5_000)]
    text = plan_markdown(replace(quiet_plan(), actions=tuple(deletes)))
    assert len(text.encode()) <= LIMIT
    assert "Too many to name in one comment (deletes)" in text
    assert "**5000** `delete analytics/Label`" in text


def test_every_details_block_is_closed() -> None:
    for limit in range(1_600, 4_800, 100):
        text = plan_markdown(rich_plan(), limit)
        assert len(text.encode()) <= limit
        assert text.count("<details>") == text.count("</details>")


def test_the_same_plan_gives_the_same_comment() -> None:
    assert plan_markdown(rich_plan()) == plan_markdown(rich_plan())


def test_nothing_to_do_is_one_sentence() -> None:
    assert plan_markdown(quiet_plan()) == (
        "Nothing to do: 34 things were looked at, and all is as declared. 0 calls, 1 read.\n"
    )


def test_a_report_fits_and_names_what_is_not_done() -> None:
    text = report_markdown(rich_report(), rich_plan())
    for name in ("draft", "brand", "obsolete", "region-16", "legacy"):
        assert name in text.split("<details>")[0]
    failed = tuple(Outcome(c.id, End.FAILED, "no " * 200, 400) for c in rich_plan().calls)
    short = report_markdown(replace(rich_report(), outcomes=failed), rich_plan(), 4_000)
    assert len(short.encode()) <= 4_000
    assert all(str(c.address) in short for c in rich_plan().calls)


def test_drift_as_a_comment() -> None:
    text = drift_markdown(rich_plan())
    assert "studio/ClientTeam/brand" in text
    assert "region-00" not in text
    assert drift_markdown(quiet_plan()).startswith("### No drift: 34 looked at")


def test_a_large_plan_begins_with_a_table_and_names_the_kinds_that_are_cut() -> None:
    odd = [created(f"thing-{n:04}", n, "1") for n in range(300)]
    teams = [replace(a, address=team(a.address.name), label=f"{n} {'long ' * 20}") for n, a in enumerate(odd)]
    text = plan_markdown(replace(quiet_plan(), actions=(*odd, *teams)), 20_000)
    assert len(text.encode()) <= 20_000
    assert "| `analytics` | `Label` | 300 to create |" in text
    assert "| `studio` | `ClientTeam` | 300 to create |" in text
    [cut] = re.findall("_([0-9]+) more changes are not listed here", text)
    assert f" Left out: {cut} `studio/ClientTeam`." in text
    assert "| Target |" not in plan_markdown(replace(quiet_plan(), actions=tuple(odd[:30])))


def test_a_summary_leaves_out_what_is_not_grave() -> None:
    text = plan_markdown(rich_plan(), summary=True)
    assert "| `analytics` | `Label` | 17 to create, 1 to rename," in text
    assert "#### Deletes: 2" in text
    assert "<details>" not in text
    assert "22 more changes are only counted here; without `--summary` each is told." in text
