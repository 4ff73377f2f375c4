"""Outcomes, drift, problems, kinds: what each says, and that its numbers are the outcomes' own."""

from __future__ import annotations

import json

import pytest

from reconciler.load.kinds import load_kinds
from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT, Json, Missing
from reconciler.model.outcome import End, Outcome
from reconciler.model.place import Place, Problem, Severity
from reconciler.model.plan import Action
from reconciler.model.plan_from_json import from_json
from reconciler.model.record import replace
from reconciler.report.counts import counts
from reconciler.report.drift import drift_json, drift_markdown, drift_text, drifts
from reconciler.report.drift_words import drift_words
from reconciler.report.ends import Ended, stuck
from reconciler.report.explain import explain_text
from reconciler.report.kinds import kinds_json, kinds_markdown, kinds_text
from reconciler.report.plan_json import plan_json
from reconciler.report.problems import problems_json, problems_markdown, problems_text
from reconciler.report.reasons import reason
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.schema_words import UnknownField
from reconciler.report.style import Style
from tests.golden.sample import folder, label, quiet_plan, rich_plan, rich_report

STYLE = Style(200)


def test_a_report_counts_outcomes_and_puts_the_gravest_first() -> None:
    text = report_text(rich_report(), rich_plan(), STYLE)
    assert text.startswith("Apply: 17 done, 1 in doubt, 1 failed, 1 stale, 2 blocked, 1 not sent, 2 held")
    places = [
        text.index(word) for word in ("In doubt:", "Failed (", "Stale:", "Blocked:", "Not sent", "Held", "Done (")
    ]
    assert places == sorted(places)
    assert "next: reconciler apply   (looks first whether the calls in doubt happened" in text


def test_a_report_of_success_asks_for_nothing() -> None:
    plan = rich_plan()
    plan = replace(plan, actions=tuple(a for a in plan.actions if not a.holds or a.calls))
    done = replace(rich_report(), outcomes=tuple(Outcome(c.id, End.DONE) for c in plan.calls), interrupted=False)
    text = report_text(done, plan, STYLE)
    assert text.startswith("Apply: 24 done\n"), "a fall-back does the work of its call"
    assert "next:" not in text
    assert "... and 4 more\n" in text
    assert "recorded without a call: 2 (q1, media)\n" in text


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (409, "apply again once manifests/labels.yaml:9 is mended"),
        (200, "apply again; if it fails again, look at manifests/labels.yaml:9 or in the product"),
        (403, "apply again once the key's account may do this"),
        (503, "apply again: it is planned and sent anew"),
        (429, "apply again: it is planned and sent anew"),
    ],
)
def test_what_failed_is_told_by_its_deed_then_its_request_and_what_to_do(status: int, step: str) -> None:
    failed = Outcome("3", End.FAILED, status=status, message="the server says: no")
    report = replace(rich_report(), outcomes=(failed,), interrupted=False)
    text = report_text(report, rich_plan(), STYLE)

    lines = [line.strip() for line in text.split("Failed (1)")[1].strip().splitlines()[:5]]
    assert lines[:3] == [
        "3  update",
        'analytics/Label/draft ("Draft")   manifests/labels.yaml:9',
        "PUT /v1/labels/Draft",
    ]
    assert lines[3].endswith("the server says: no")
    assert lines[4] == f"next: {step}"
    begun = step.partition(" once ")[0].partition(" manifests/")[0]
    assert f"next: {begun}" in report_markdown(report, rich_plan())


def test_what_was_refused_twice_in_the_same_words_says_them_once() -> None:
    one = Ended(rich_plan().calls[0], None, Outcome("1", End.FAILED, status=400, message="answered 400: no"))

    assert reason(replace(one, again=one.outcome)) == "answered 400: no; once more: the same"
    other = replace(one, again=replace(one.outcome, message="answered 404"))
    assert reason(other) == "answered 400: no; once more: answered 404"


def test_a_held_call_says_by_which_rule() -> None:
    assert "not-ours" in report_text(rich_report(), rich_plan(), STYLE).split("Held (2)")[1].split("Done")[0]


def test_what_is_held_without_a_call_is_told_with_its_way_out() -> None:
    hold = Hold("unresolved", "spec.owner: there is no user x", "correct the address", final=True)
    owner = Action(Verb.CREATE, folder("x"), "X", Place("m.yaml", 3, 1), holds=(hold,))
    other = Action(Verb.DELETE, label("y"), "Y", holds=(Hold("not-ours", "adopted", "delete it by hand"),))
    plan = replace(quiet_plan(), actions=(owner, other))
    report = replace(rich_report(), outcomes=(), interrupted=False)
    text = report_text(report, plan, STYLE)
    assert text.startswith("Apply: 2 held\n")
    assert "Held (2)" in text
    for words in ("held: unresolved - spec.owner: there is no user x", "way out: correct the address", "m.yaml:3"):
        assert words in text
    assert "lift the hold: --override not-ours@analytics/Label/y" in text
    assert "next: reconciler plan" in text
    shown = report_markdown(report, plan)
    assert shown.startswith("### Apply: 2 held\n\nsent: ")
    assert "correct the address" in shown
    value = json.loads(report_json(report, plan, 4))["report"]
    assert [held["rule"] for held in value["heldWithoutCalls"]] == ["unresolved", "not-ours"]
    assert "held: 2" in counts(plan)


def test_a_held_call_says_its_rule_once() -> None:
    plan = rich_plan()
    held = replace(rich_report(), outcomes=(Outcome("9", End.HELD, "not-ours"),), interrupted=False)
    assert "by hand" in report_text(held, plan, STYLE)
    assert "\n     not-ours\n" not in report_text(held, plan, STYLE)


def test_a_lifted_hold_is_held_no_more() -> None:
    plan = rich_plan()
    done = tuple(Outcome(c.id, End.DONE) for c in plan.calls)
    assert [str(s.action.address) for s in stuck(plan)] == ["analytics/Folder/board-minutes"]
    assert "not-ours" not in report_text(replace(rich_report(), outcomes=done), plan, STYLE)


def test_a_report_as_json_holds_the_plan_and_every_end() -> None:
    value = json.loads(report_json(rich_report(), rich_plan(), 7))
    assert from_json(value["plan"]) == rich_plan()
    assert value["report"]["exitCode"] == 7
    assert value["report"]["counts"]["done"] == 17
    assert [o["call"] for o in value["report"]["outcomes"]] == [c.id for c in rich_plan().calls]


def test_a_plan_survives_its_json() -> None:
    assert from_json(json.loads(plan_json(rich_plan()))) == rich_plan()


def test_drift_shows_only_what_the_manifests_did_not_ask_for() -> None:
    assert [str(d.action.address) for d in drifts(rich_plan())] == [
        "analytics/Folder/shared",
        "analytics/Label/draft",
        "studio/ClientTeam/brand",
    ]
    text = drift_text(rich_plan(), STYLE)
    assert "jane@example.com" not in text
    assert "put it back: reconciler apply --only analytics/Label/draft" in text
    assert "lifecycle.ignore: [spec.homepage, spec.verified]" in text
    assert "repair it by hand" in text


def test_a_thing_that_is_gone_is_drift() -> None:
    fields = (FieldChange(("name",), ABSENT, "X", Reason.DRIFT), FieldChange(("new",), ABSENT, 1, Reason.INTENT))
    gone = Action(Verb.CREATE, label("x"), "X", Place("m.yaml", 3, 1), fields)
    plan = replace(quiet_plan(), actions=(gone,))
    assert "it is live no more" in drift_text(plan, STYLE)
    found = json.loads(drift_json(plan))["drift"][0]
    assert found["missing"] is True
    assert len(found["fields"]) == 2


def member(before: Json | Missing, after: Json | Missing, reason: Reason) -> str:
    change = FieldChange(("members", "bob@example.com"), before, after, reason, access=True)
    return drift_words(change)


def test_drift_of_a_set_says_what_somebody_did() -> None:
    assert member(ABSENT, {}, Reason.DRIFT) == "members: removed live: bob@example.com   (drift)"
    assert member({"userId": "u1"}, ABSENT, Reason.DRIFT) == "members: added live: bob@example.com   (drift)"
    assert member(ABSENT, {}, Reason.UNKNOWN) == "members: not live: bob@example.com   (unknown)"
    assert member({}, ABSENT, Reason.BOTH) == "members: only live: bob@example.com   (both)"
    change = FieldChange(("verified",), ABSENT, True, Reason.DRIFT)
    assert drift_words(change) == "verified: nothing -> true   (drift)"


def test_drift_as_a_comment_keeps_what_is_gone_and_the_ways_out() -> None:
    gone = Action(
        Verb.CREATE, label("x"), "X", Place("m.yaml", 3, 1), (FieldChange(("name",), ABSENT, "X", Reason.DRIFT),)
    )
    text = drift_markdown(replace(quiet_plan(), actions=(gone,)))
    assert "**it is live no more**" in text
    assert "put it back: `reconciler apply --only analytics/Label/x`" in text
    assert "accept: remove the document at `m.yaml:3`" in text


def test_no_drift_says_how_much_was_looked_at() -> None:
    assert drift_text(quiet_plan(), STYLE) == "No drift: 34 looked at, all as last applied.\n"


PROBLEMS = [
    Problem(Place("a.yaml", 3, 5), "unknown field", "did you mean 'name'?", rule="unknown-field"),
    Problem(Place("b.yaml", 1, 1), "looks odd", severity=Severity.WARNING),
]


def test_problems_have_place_message_and_hint() -> None:
    assert problems_text(PROBLEMS, STYLE) == (
        "a.yaml:3:5: error: unknown field\n    hint: did you mean 'name'?\nb.yaml:1:1: warning: looks odd\n\n"
        "1 error and 1 warning in 2 files\n"
    )
    assert json.loads(problems_json(PROBLEMS))["valid"] is False
    assert json.loads(problems_json(PROBLEMS[1:], 7)) | {"problems": []} == {
        "valid": True,
        "documents": 7,
        "problems": [],
    }
    assert "- `a.yaml:3:5` **error** unknown field" in problems_markdown(PROBLEMS)


def test_kinds_are_listed_with_what_they_can() -> None:
    kinds = load_kinds().values()
    found = json.loads(kinds_json(kinds))
    people = {"provider": "studio-tracker", "kind": "User", "abilities": ["refer"], "onRemove": None}
    refused = "invite with Invitation; no call changes, deactivates or deletes people"
    assert {**people, "key": ["email"], "findable": True, "tokens": [], "refused": refused} in found
    assert [(k["provider"], k["kind"]) for k in found] == sorted((k["provider"], k["kind"]) for k in found)
    assert "ClientTeam" in kinds_text(kinds, STYLE)


def test_kinds_say_what_leaving_git_means() -> None:
    label_kind = load_kinds()["omni-analytics", "Label"]
    found = json.loads(kinds_json([label_kind]))[0]["onRemove"]
    assert found == {"default": label_kind.prune.default, "allowed": list(label_kind.prune.allowed)}
    assert "leaving git: delete by default, or release" in kinds_text([label_kind], STYLE)
    assert "leaving git: delete by default, or release" in kinds_markdown([label_kind])


def test_every_kind_and_field_can_be_explained() -> None:
    for kind in load_kinds().values():
        assert kind.description.split()[0] in explain_text(kind, (), STYLE)
        for name, field in kind.fields.items():
            assert explain_text(kind, (name,), Style(40))
            for sub in field.entries:
                assert f"{kind.name}.{name}.{sub}" in explain_text(kind, (name, sub), STYLE)


def test_a_field_is_explained_with_type_limits_and_example() -> None:
    team = load_kinds()["studio-tracker", "ClientTeam"]
    text = explain_text(team, ("slug",), STYLE)
    for words in ("string", "at most (characters): 100", 'example: slug: "brand"'):
        assert words in text
    assert "names a User" in explain_text(team, ("members",), STYLE)
    line = next(line for line in explain_text(team, (), STYLE).splitlines() if line.startswith("  slug  "))
    assert "at most (characters): 100" in line
    assert 'example: "brand"' in line
    with pytest.raises(UnknownField) as caught:
        explain_text(team, ("members", "usr"), STYLE)
    assert "user" in caught.value.choices


def test_the_live_value_is_to_be_written_where_its_field_stands() -> None:
    fields = tuple(
        FieldChange((name,), 1, 2, Reason.DRIFT, place=Place("m.yaml", line))
        for name, line in (("a", 7), ("b", 9))
    )
    update = Action(Verb.UPDATE, label("x"), "X", Place("m.yaml", 3), fields)
    plan = replace(quiet_plan(), actions=(update,))

    assert "accept: write the live value at m.yaml:7, m.yaml:9, or let" in drift_text(plan, STYLE)
    bare = replace(update, fields=tuple(replace(f, place=None) for f in fields))
    assert "accept: write the live value at m.yaml:3, or let" in drift_text(replace(plan, actions=(bare,)), STYLE)


def test_drift_of_what_is_held_tells_the_hold_and_proposes_nothing_that_is_held() -> None:
    made_of_it = Hold("changed-by-server", "the server made something else of `a`", "declare that", only="a")
    fields = tuple(FieldChange((name,), 1, 2, Reason.DRIFT) for name in ("a", "b"))
    both = Action(Verb.UPDATE, label("x"), "X", Place("m.yaml", 3), fields, holds=(made_of_it,))
    alone = replace(both, fields=fields[:1])
    whole = replace(both, holds=(Hold("rename-unconfirmed", "another key", "say so"),))

    def told(action: Action) -> tuple[str, str]:
        plan = replace(quiet_plan(), actions=(action,))
        return drift_text(plan, STYLE), drift_markdown(plan)

    for text in (*told(both), *told(alone)):
        assert "changed-by-server" in text
        assert "way out: declare that" in text
        assert "a: 1 -" in text
        assert "(held)" in text
    assert "put it back: reconciler apply" in told(both)[0]
    assert "live was changed" in told(both)[0]
    assert "put it back: reconciler apply" not in told(alone)[0]
    assert "live was changed" not in told(alone)[0]
    assert "or lift the hold: --override" in told(whole)[0]
    assert "put it back: reconciler apply" not in told(whole)[0]
    assert json.loads(drift_json(replace(quiet_plan(), actions=(alone,))))["drift"][0]["holds"] == [
        {
            "rule": "changed-by-server",
            "only": "a",
            "reason": "the server made something else of `a`",
            "wayOut": "declare that",
        }
    ]
