"""What manifests of keywords must not say, and whom they must not push aside: OC-R20 to OC-R22."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Delta, Entry, FieldChange, Hold, Verb
from reconciler.model.json import ABSENT
from reconciler.model.live import Collection, Proof, Resource
from reconciler.providers.omn_core import keyword
from reconciler.providers.omn_core.piece import IN_THE_WAY
from tests.unit.providers.omn import KEYWORD, changed, document, doomed, live, new


@pytest.mark.parametrize(
    ("path", "label", "why"),
    [
        ("A/ B", "fine", "blank"),
        ("A/B ", "fine", "blank"),
        ("A//B", "fine", "empty"),
        ("A\nB", "fine", "line break"),
        ("A\u2028B", "fine", "line break"),
        ("A\x07B", "fine", "XML"),
        ("A\ufffeB", "fine", "XML"),
        ("A", "half\ud800", "XML"),
        ("A", " x", "blank"),
        ("A", "x\ny", "line break"),
    ],
)
def test_oc_r20_values_that_would_not_come_back_as_they_are(path: str, label: str, why: str) -> None:
    [problem] = keyword.check(KEYWORD, [document("a", path, {"en_GB": label})])

    assert why in problem.message
    assert problem.rule == "OC-R20"


def test_oc_r20_a_label_may_have_a_slash() -> None:
    assert keyword.check(KEYWORD, [document("a", "A/B", {"en_GB": "x / y", "de_DE": "Ä 𝄞"})]) == []


def test_oc_r22_siblings_of_one_label() -> None:
    twins = [document("a", "A/X", {"en_GB": "one"}), document("b", "A/Y", {"en_GB": "one"})]
    cousins = [document("c", "B/X", {"en_GB": "one"}), document("d", "A/Z", {"de_DE": "one"})]

    [problem] = keyword.check(KEYWORD, [*twins, *cousins])

    assert "core/Keyword/b: its sibling core/Keyword/a has the label 'one' too" in problem.message


def reviewed(changes: list[Change], *resources: Resource) -> list[Change]:
    return keyword.review(KEYWORD, changes, Collection("Keyword", resources, Proof(True, "all")))


def holds(changes: list[Change]) -> list[list[str]]:
    return [[h.rule for h in c.holds] for c in changes]


def test_oc_r22_a_value_that_an_undeclared_sibling_has_is_held() -> None:
    mine, other = live("1", "A/X", "9"), live("2", "A/Y", "9", en_GB="one")

    [change] = reviewed([changed("a", mine, en_GB="one")], mine, other)

    [hold] = change.holds
    assert (hold.rule, hold.final) == ("value-taken", True)
    assert "'A/Y' (id 2)" in hold.reason


def test_oc_r22_not_if_the_sibling_lets_go_of_it() -> None:
    mine, other = live("1", "X"), live("2", "Y", en_GB="one")
    taker = changed("a", mine, en_GB="one")

    assert holds(reviewed([taker, changed("b", other, en_GB="two")], mine, other)) == [[], []]
    assert holds(reviewed([taker, changed("b", other, "Z/Y", "9")], mine, other)) == [[], []]
    assert holds(reviewed([taker, doomed("b", other)], mine, other)) == [[], []]


def test_oc_r22_who_waits_for_one_that_is_held_is_held_too() -> None:
    a, b, c = live("1", "A", en_GB="a"), live("2", "B", en_GB="b"), live("3", "C", en_GB="c")
    ring = [changed("a", a, en_GB="b"), changed("b", b, en_GB="c")]

    assert holds(reviewed(ring, a, b, c)) == [["value-taken"], ["value-taken"]]


def test_what_lies_beneath_a_held_keyword_waits_with_it() -> None:
    stuck = Change(**{**_fields(new("n", "N")), "holds": (Hold("unresolved", "why", "how", final=True),)})  # type: ignore[arg-type]

    assert holds(reviewed([stuck, new("m", "N/M", {"$id": "core/Keyword/n"})])) == [["unresolved"], ["depends-on"]]


def _fields(change: Change) -> dict[str, object]:
    return {name: getattr(change, name) for name in Change.__struct_fields__}


def test_oc_r21_a_label_is_never_taken_away() -> None:
    gone = Entry("fr_FR", "fr_FR", {"locale": "fr_FR"})
    was = live("1", "A", fr_FR="un")
    change = Change(
        Verb.UPDATE,
        changed("a", was).address,
        live=was,
        key=["A"],
        fields=(FieldChange(("labels", "fr_FR"), {"locale": "fr_FR", "text": "un"}, ABSENT),),
        deltas={"labels": Delta(remove=(gone,))},
    )

    [kept] = reviewed([change], was)

    assert (kept.verb, kept.fields, kept.writes) == (Verb.NONE, (), False)
    assert kept.notes == ("left in place: the labels in fr_FR (this API cannot take a label away)",)


def test_oc_r26_a_value_in_use_where_a_keyword_passes_is_noted_for_its_calls() -> None:
    mover, sibling = live("1", "A/X", "9"), live("2", "A/Y", "9")

    [change] = reviewed([changed("a", mover, "Y", None)], mover, sibling)

    assert change.holds == ()
    assert change.live is not None
    assert change.live.fields[IN_THE_WAY] == [["9", "", "Y"]]
    first, second = (c for c in keyword.calls(KEYWORD, [change]) if c.carrier)
    assert [first.summary, second.summary] == ["move Keyword A/X to /", "rename Keyword A/X to Y"]
