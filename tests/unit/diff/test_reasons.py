"""Intent, drift, both, or nobody can say: from what is desired, what is live, and what was applied last."""

from __future__ import annotations

import pytest

from reconciler.diff.reasons import why, why_entry
from reconciler.model.change import Reason
from reconciler.model.json import Json, digest
from tests.unit.diff.samples import applied, bond, compared, label
from tests.world import doc


@pytest.mark.parametrize(
    ("applied_last", "desired", "live", "reason"),
    [
        ("a", "a", "b", Reason.DRIFT),
        ("a", "b", "a", Reason.INTENT),
        ("a", "b", "c", Reason.BOTH),
        (True, 1, False, Reason.BOTH),
        (None, None, "x", Reason.DRIFT),
    ],
)
def test_three_sides_tell_why(applied_last: Json, desired: Json, live: Json, reason: Reason) -> None:
    assert why({"f": digest(applied_last)}, "f", desired, live) is reason


def test_without_a_record_of_the_field_nobody_can_say() -> None:
    assert why({"other": digest("a")}, "f", "a", "b") is Reason.UNKNOWN


@pytest.mark.parametrize(
    ("digests", "removed", "reason"),
    [
        ({}, False, Reason.UNKNOWN),
        ({}, True, Reason.UNKNOWN),
        ({"set": "x"}, False, Reason.INTENT),  # new in the manifest
        ({"set": "x", "set/e": "y"}, False, Reason.DRIFT),  # somebody took it out
        ({"set": "x", "set/e": "y"}, True, Reason.INTENT),  # taken out of the manifest
        ({"set": "x"}, True, Reason.DRIFT),  # somebody put it in
    ],
)
def test_entries_come_and_go_by_the_manifest_or_by_others(
    digests: dict[str, str], removed: bool, reason: Reason
) -> None:
    assert why_entry(digests, "set", "e", removed=removed) is reason


@pytest.mark.parametrize(
    ("manifest", "live", "reason"),
    [(True, False, Reason.DRIFT), (False, True, Reason.INTENT)],
)
def test_a_field_says_why_it_differs(manifest: bool, live: bool, reason: Reason) -> None:
    last = bond("Label", "a", "x1", digests=applied("Label", {"name": "x1", "verified": True}))

    found = compared(
        [doc("Label", "a", {"name": "x1", "verified": manifest})], [label("x1", verified=live)], [last]
    )

    assert [(f.path, f.before, f.after, f.reason) for f in found["a"].fields] == [
        (("verified",), live, manifest, reason)
    ]


def test_what_was_made_and_is_gone_has_drifted() -> None:
    last = bond("Label", "a", "x1", made=True, digests=applied("Label", {"name": "x1"}))

    found = compared([doc("Label", "a", {"name": "x1", "verified": True})], [], [last])

    assert {f.path[0]: f.reason for f in found["a"].fields} == {"name": Reason.DRIFT, "verified": Reason.INTENT}
