"""Sets of which several subfields identify an entry; values that mention things; consents of one kind alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.kinds import read_kind
from tests.unit.load.projects import kind, said

ROTA = """\
title: Rota
description: Who sits where, for the tests of this room.
type: object
required: [name, shifts]
additionalProperties: false
properties:
  name: {type: string, description: Its name, examples: [Spring]}
  shifts:
    description: The shifts.
    type: array
    uniqueItems: true
    x-entry-key: {all: [who, "on"]}
    examples: [[{who: ann, "on": "2026-04-20"}]]
    items:
      type: object
      required: [who, "on"]
      additionalProperties: false
      properties:
        who: {type: string, description: Somebody, examples: [ann]}
        "on": {type: string, format: date, description: A day, examples: ["2026-04-20"]}
        desk: {type: string, x-mentions: Desk, description: A desk, examples: [D1]}
        id: {type: string, readOnly: true, description: The API's own, examples: [s1]}
examples: [{name: Spring, shifts: []}]
x-key: name
x-consents: [past]
"""


def test_a_schema_says_which_subfields_identify_an_entry_together() -> None:
    made = kind("Rota", ROTA)
    shifts = made.fields["shifts"]

    assert (shifts.entry_parts, shifts.entry_key, shifts.entry_keys) == (("who", "on"), None, ())
    assert shifts.keys == ("who", "on")
    assert (shifts.entries["desk"].mentions, shifts.entries["desk"].ref) == ("Desk", None)
    assert shifts.entries["id"].read_only
    assert made.consents == ("past",)


MISTAKES = {
    "no such subfield": ('{all: [who, "on"]}', "{all: [who, onn]}", "unknown 'onn' (did you mean 'on'?)"),
    "a part that may be missing": (
        'required: [who, "on"]',
        "required: [who]",
        "'on' identifies an entry and must be",
    ),
    "one alone": ('{all: [who, "on"]}', "{all: [who]}", "expected two names or more"),
    "another word": ("{all:", "{any:", "unknown 'any'"),
    "a consent in capitals": ("[past]", "[Past]", "'Past' cannot be the name of a consent"),
    "a consent that is a removal": ("[past]", "[delete]", "'delete' cannot be the name of a consent"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_bad_schema_is_told_so(name: str) -> None:
    old, new, expected = MISTAKES[name]
    assert old in ROTA
    _, source = read_kind(ROTA.replace(old, new).encode(), "omni-analytics", "Rota", "schemas/x/Rota.yaml")

    assert any(expected in str(p) for p in source.problems), source.problems


PLAN = """\
apiVersion: studio-tracker/v1
kind: BookingPlan
metadata: {name: spring%s}
spec:
  name: Spring
  scope: {from: "2026-04-20", to: "2026-05-17", users: [jane@example.com]}
  bookings:
    - {user: jane@example.com, date: "2026-04-21", jobNumber: "2337959", hours: 4}
    - {user: %s, date: "%s", jobNumber: "%s", hours: %s}
"""
SAME = ("jane@example.com", "2026-04-21", "2337959", "4")


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        (("jane@example.com", "2026-04-21", "2337959", "5"), True),
        (("Jane@Example.com", "2026-04-21", "2337959", "5"), True),
        (("jane@example.com", "2026-04-22", "2337959", "4"), False),
        (("jane@example.com", "2026-04-21", "02337959", "4"), False),
    ],
)
def test_an_entry_stands_twice_only_if_all_parts_are_the_same(
    other: tuple[str, ...], twice: bool, tmp_path: Path
) -> None:
    found = said(tmp_path, PLAN % ("", *other))

    text = "manifests/a.yaml:9:7: studio/BookingPlan/spring: spec.bookings[1]: the same as the item at"
    assert [f.startswith(text) for f in found] == [True] * twice


def test_a_consent_of_a_kind_may_be_given_there_alone(tmp_path: Path) -> None:
    other = ("jane@example.com", "2026-04-22", "1", "4")
    team = "apiVersion: studio-tracker/v1\nkind: ClientTeam\nmetadata: {name: a, lifecycle: {allow: [past]}}\n"

    assert said(tmp_path, PLAN % (", lifecycle: {allow: [past]}", *other)) == []
    (problem,) = said(tmp_path, team + "spec: {slug: a, name: A}\n")
    assert "metadata.lifecycle.allow[0]" in problem
    (problem,) = said(tmp_path, PLAN.replace("hours: 4}", "hours: 4, id: cmo7}") % ("", *other))
    assert "spec.bookings[0].id" in problem
