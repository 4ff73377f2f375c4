"""Sets written as a mapping, and mappings whose names are keys of other things."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.desired import desired
from reconciler.load.kinds import read_kind
from reconciler.load.references import references
from reconciler.load.spread import folded, spread
from reconciler.model.catalog import Catalog
from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.providers.rest import VERBS
from reconciler.read.references import references as demanded
from tests.unit.load.projects import catalog, kind, write

WORD = """\
title: Word
description: A word, for the tests of this room.
type: object
required: [name]
additionalProperties: false
properties:
  name: {type: string, minLength: 1, description: Its name, examples: [Summer]}
  labels:
    description: What it is called.
    type: [array, object]
    uniqueItems: true
    x-entry-key: owner
    x-entry-value: text
    examples: [{jane@example.com: Summer}]
    items:
      type: object
      required: [owner, text]
      additionalProperties: false
      properties:
        owner: {type: string, x-ref: Person, description: Whose, examples: [jane@example.com]}
        text: {type: string, minLength: 1, description: The word, examples: [Summer]}
  labelsMode: {type: string, enum: [additive], default: additive, description: Always, examples: [additive]}
  domain:
    description: Values.
    type: object
    additionalProperties: false
    properties:
      values:
        description: In order.
        type: array
        items:
          type: object
          additionalProperties: false
          properties:
            id: {type: string, description: Its id, examples: [a]}
            texts:
              type: object
              additionalProperties: {type: string}
              x-names: Person
              description: By person
              examples: [{jane@example.com: a}]
    examples: [{values: [{id: a}]}]
examples: [{name: Summer}]
x-key: name
"""
HEAD = "apiVersion: omni-analytics/v1\nkind: Word\nmetadata: {name: summer}\n"


def words() -> Catalog:
    own = kind("Word", WORD)
    known = catalog()
    return replace(
        known,
        kinds={**known.kinds, ("omni-analytics", "Word"): own},
        verbs={**known.verbs, ("omni-analytics", "Word"): VERBS},
    )


def one(root: Path, spec: str) -> Document:
    (found,) = desired(write(root, f"{HEAD}{spec}"), words()).documents
    return found


def test_a_set_may_be_written_as_a_mapping(tmp_path: Path) -> None:
    short = one(
        tmp_path, "spec:\n  name: Summer\n  labels:\n    jane@example.com: Summer\n    bob@example.com: Été\n"
    )
    items = "[{owner: jane@example.com, text: Summer}, {owner: bob@example.com, text: Été}]"
    long = one(tmp_path, f"spec: {{name: Summer, labels: {items}}}\n")

    assert dict(short.spec) == dict(long.spec)
    assert short.spec["labels"] == [
        {"owner": "jane@example.com", "text": "Summer"},
        {"owner": "bob@example.com", "text": "Été"},
    ]


def test_such_a_set_is_written_back_as_a_mapping_where_it_can() -> None:
    own = words().kind("omni-analytics", "Word")
    entries: Json = [{"owner": "a@example.com", "text": "A"}]
    more: Json = [{"owner": "a@example.com", "text": "A", "x": 1}]

    assert folded(own, {"name": "s", "labels": entries}) == {"name": "s", "labels": {"a@example.com": "A"}}
    assert spread(own, folded(own, {"labels": entries})) == {"labels": entries}
    assert folded(own, {"labels": more}) == {"labels": more}
    assert folded(own, {"labels": []}) == {"labels": []}


def test_its_entries_stand_where_its_names_do(tmp_path: Path) -> None:
    found = one(
        tmp_path, "spec:\n  name: Summer\n  labels:\n    jane@example.com: Summer\n    bob@example.com: Été\n"
    )

    def at(*path: str | int) -> tuple[int, int]:
        place = found.places[("spec", *path)]
        return place.line, place.column

    assert at("labels", 1) == at("labels", 1, "owner") == (8, 5)
    assert at("labels", 1, "text") == (8, 22)
    assert at("name") == (5, 9)


def test_mistakes_in_a_mapping_are_told_at_their_place(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid) as caught:
        one(tmp_path, "spec:\n  name: Summer\n  labels:\n    jane@example.com: ''\n")

    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (7, 23)


def test_names_in_mappings_refer_however_deep(tmp_path: Path) -> None:
    values = "{values: [{id: a, texts: {jane@example.com: x, bob@example.com: y}}]}"
    found = one(tmp_path, f"spec: {{name: Summer, domain: {values}}}\n")
    own = words().kind("omni-analytics", "Word")

    told = [(r.path, r.kind) for r in references(own, found.spec)]
    assert told == [
        (("spec", "domain", "values", 0, "texts", name), "Person")
        for name in ("jane@example.com", "bob@example.com")
    ]
    assert [*demanded(own, found.spec)] == [("Person", "jane@example.com"), ("Person", "bob@example.com")]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("x-entry-value: text", "x-entry-value: txt", "txt"),
        ("type: [array, object]", "type: array", "the set may be a mapping, too"),
        ("x-names: Person", "x-names: Person\n              properties: {a: {type: string}}", "names are free"),
    ],
)
def test_a_schema_that_makes_no_sense_is_told(was: str, now: str, said: str) -> None:
    _, source = read_kind(
        WORD.replace(was, now).encode(), "omni-analytics", "Word", "schemas/omni-analytics/Word.yaml"
    )

    assert said in " ".join(p.message for p in source.problems)
