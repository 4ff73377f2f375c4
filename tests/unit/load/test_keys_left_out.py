"""A key with a default may be left out; a part of an identity that may be null, too; outputs are the API's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.desired import desired
from reconciler.load.kinds import load_kinds, read_kind
from reconciler.providers import catalog
from tests.unit.load.projects import kind, said, write

MODEL = """\
apiVersion: omni-analytics/v1
kind: Model
metadata: {{name: a}}
spec: {{connection: Lake, modelKind: {kind}{more}}}
"""
THING = """\
title: Thing
description: A thing, for the tests of this room.
type: object
required: [of]
additionalProperties: false
properties:
  of: {type: string, description: Whose it is, examples: [Ann]}
  name: {type: string, default: plain, description: Its name, examples: [Spring]}
  told: {type: string, readOnly: true, x-output: true, description: The API's own, examples: [k]}
  parts:
    description: The parts.
    type: array
    uniqueItems: true
    x-entry-key: {all: [who, "on"]}
    examples: [[{who: ann}]]
    items:
      type: object
      required: [who]
      additionalProperties: false
      properties:
        who: {type: string, description: Somebody, examples: [ann]}
        "on": {type: [string, "null"], description: A day, examples: [Monday]}
examples: [{of: Ann}]
x-key: [of, name]
"""


def test_a_key_that_is_left_out_is_its_default(tmp_path: Path) -> None:
    root = write(tmp_path, MODEL.format(kind="SCHEMA", more=""))

    [one] = desired(root, catalog(load_kinds().values())).documents

    assert one.spec["name"] == "(schema)"


def test_two_that_leave_their_key_out_are_one(tmp_path: Path) -> None:
    twice = (
        MODEL.format(kind="SCHEMA", more="") + "---\n" + MODEL.format(kind="SCHEMA", more="").replace("a}", "b}")
    )

    [told] = said(tmp_path, twice)

    assert "the same Model as analytics/Model/a" in told


def test_what_the_kind_itself_says_of_it(tmp_path: Path) -> None:
    [told] = said(tmp_path, MODEL.format(kind="SCHEMA", more=", name: x"))
    assert "has no name of its own" in told

    [told] = said(tmp_path, MODEL.format(kind="SHARED", more=""))
    assert "a SHARED model needs a name" in told


def test_what_the_kind_says_of_a_key_left_out_comes_first(tmp_path: Path) -> None:
    one = MODEL.format(kind="SHARED", more="")
    told = said(tmp_path, one + "---\n" + one.replace("name: a}", "name: b}"))
    assert ["needs a name" in line for line in told] == [True, True, False], told
    assert "the same Model as" in told[-1]


def test_a_kind_says_so() -> None:
    made = kind("Thing", THING)

    assert (made.key, made.scope) == ("name", ("of",))
    assert made.fields["told"].output
    assert made.fields["parts"].entry_parts == ("who", "on")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("default: plain, ", "", "the key 'name' must be required"),
        ("readOnly: true, x-output", "x-output", "is for what the API alone writes"),
        ('[string, "null"]', "string", "'on' identifies an entry and must be required"),
    ],
)
def test_what_is_wrong_with_a_schema(before: str, after: str, problem: str) -> None:
    _, source = read_kind(THING.replace(before, after).encode(), "omni-analytics", "Thing", "a.yaml")

    assert [problem in p.message for p in source.problems] == [True]


MODELS = """\
apiVersion: omni-analytics/v1
kind: Model
metadata: {name: lake}
spec: {connection: Lake, modelKind: SHARED, name: Orders}
---
apiVersion: omni-analytics/v1
kind: Model
metadata: {name: dev}
spec: {connection: Dev, modelKind: SHARED, name: Orders}
---
apiVersion: omni-analytics/v1
kind: Connection
metadata: {name: lake}
spec: {name: Lake, dialect: postgres, host: h, database: d, username: u, password: {fromEnv: P, version: 1}}
---
apiVersion: omni-analytics/v1
kind: Connection
metadata: {name: dev}
spec: {name: Dev, dialect: postgres, host: h, database: d, username: u, password: {fromEnv: P, version: 1}}
---
apiVersion: omni-analytics/v1
kind: UserGroup
metadata: {name: fin}
spec: {name: Fin}
---
"""
ROLES = """\
apiVersion: omni-analytics/v1
kind: ModelRoles
metadata: {name: fin}
spec: {subject: {group: fin}, roles: [{connection: CONNECTION, model: MODEL, role: VIEWER}]}
"""


@pytest.mark.parametrize(("connection", "model"), [("Lake", "Orders"), ("dev", "Orders"), ("Lake", "lake")])
def test_an_entry_says_in_which_scope_it_names_something(tmp_path: Path, connection: str, model: str) -> None:
    """Else `Orders` would be the key of two documents."""
    text = MODELS + ROLES.replace("CONNECTION", connection).replace("MODEL", model)

    assert said(tmp_path, text) == []
