"""Documents written inside others: what they are called, what they have from there, and where they stand."""

# ruff: noqa: E501 - whole messages

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reconciler.load.changed import changed_since
from reconciler.load.desired import desired
from reconciler.load.kinds import load_kinds, read_kind
from reconciler.load.nested import MOST_LEVELS
from reconciler.load.nesting import nested_problems
from reconciler.load.selection import select
from reconciler.model.catalog import Catalog
from reconciler.model.document import Document, Lifecycle, Manage
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json, canonical
from reconciler.providers.rest import VERBS
from tests.unit.load.projects import PARTNER, PERSON, TWO, catalog, kind, load, partner, said, write
from tests.unit.load.test_changed import committed

HEAD = "apiVersion: omni-analytics/v1\nkind: Partner\n"


def of(root: Path, text: str, **options: object) -> dict[str, Document]:
    """The documents of one file by their names."""
    return {d.address.name: d for d in load(write(root, text), **options).documents}


def nest(branches: str, metadata: str = "{name: acme}", more: str = "") -> str:
    return f"{HEAD}metadata: {metadata}\nspec: {{name: Acme{more}, branches: {branches}}}\n"


# What they are.


def test_a_nested_document_is_a_document(tmp_path: Path) -> None:
    found = of(tmp_path, nest("[{name: North, size: 3, branches: [{name: Oslo}]}, {name: South}]"))

    assert {n: dict(d.spec) for n, d in found.items()} == {
        "acme": {"name": "Acme"},
        "acme/North": {"name": "North", "size": 3, "parent": "acme"},
        "acme/North/Oslo": {"name": "Oslo", "parent": "acme/North"},
        "acme/South": {"name": "South", "parent": "acme"},
    }
    assert {d.provider for d in found.values()} == {"omni-analytics"}


def test_a_text_is_one_of_which_only_the_key_is_said(tmp_path: Path) -> None:
    short = PARTNER.replace("items: {type: object}", "items: {type: [object, string]}")
    known = catalog()
    own = Catalog(
        {**known.kinds, ("omni-analytics", "Partner"): kind("Partner", short)}, known.verbs, known.providers
    )
    text = (
        f"{HEAD}metadata: {{name: acme}}\nspec:\n  name: Acme\n  branches:\n    - North\n    - {{name: South}}\n"
    )
    found = {d.address.name: d for d in desired(write(tmp_path, text), own).documents}

    assert dict(found["acme/North"].spec) == {"name": "North", "parent": "acme"}
    place = found["acme/North"].at("spec", "name")
    assert (place.line, place.column) == (7, 7)
    with pytest.raises(ManifestInvalid, match="North"):
        of(tmp_path, text)


def test_a_text_needs_a_kind_that_needs_no_more(tmp_path: Path) -> None:
    more = PARTNER.replace("items: {type: object}", "items: {type: [object, string]}").replace(
        "required: [name]", "required: [name, size]"
    )
    _, source = read_kind(more.encode(), "omni-analytics", "Partner", "schemas/omni-analytics/Partner.yaml")
    made = kind("Partner", more)

    nested_problems(source, made, {("omni-analytics", "Partner"): made})

    assert [p.message for p in source.problems] == [
        "properties.branches.items: a Partner needs more than its key: size"
    ]


def test_it_stands_where_its_item_begins_and_its_fields_where_they_are(tmp_path: Path) -> None:
    text = f"""{HEAD}metadata: {{name: acme}}
spec:
  name: Acme
  branches:
    - name: North
      size: 3
    - metadata: {{id: x1}}
      spec: {{name: South, branches: [{{name: Rome}}]}}
"""
    found = of(tmp_path, text)

    north, south, rome = (found[n] for n in ("acme/North", "acme/South", "acme/South/Rome"))
    assert [(d.place.line, d.place.column) for d in (north, south, rome)] == [(7, 7), (9, 7), (10, 38)]
    assert (north.at("spec", "size").line, north.at("spec", "size").column) == (8, 13)
    assert str(north.at("spec", "parent")) == "manifests/a.yaml:7:7"  # it is not written anywhere
    assert str(south.at("metadata", "id")) == "manifests/a.yaml:9:22"
    assert str(south.at("spec", "name")) == "manifests/a.yaml:10:20"
    assert str(rome.at("spec", "name")) == "manifests/a.yaml:10:45"
    assert south.pinned_id == "x1"


def test_it_has_its_target_and_its_labels_from_around(tmp_path: Path) -> None:
    text = nest(
        "[{metadata: {labels: {team: b, own: c}}, spec: {name: North, branches: [{name: Oslo}]}}]",
        "{name: acme, target: playground, labels: {team: a, place: x}}",
    )
    found = load(write(tmp_path, text, TWO)).documents

    assert {str(d.address) for d in found} == {
        f"playground/Partner/acme{n}" for n in ("", "/North", "/North/Oslo")
    }
    assert [dict(d.labels) for d in found[1:]] == [{"team": "b", "place": "x", "own": "c"}] * 2


def test_how_far_it_is_managed_is_said_for_both(tmp_path: Path) -> None:
    text = nest(
        "[{name: North}, {metadata: {lifecycle: {manage: full}}, spec: {name: South, branches: [{name: Rome}]}}]",
        "{name: acme, lifecycle: {manage: observe, protect: true, onRemove: delete, allow: [delete, rename]}}",
    )
    found = of(tmp_path, text)

    assert found["acme/North"].lifecycle == Lifecycle(manage=Manage.OBSERVE)
    assert found["acme/South"].lifecycle == found["acme/South/Rome"].lifecycle == Lifecycle()


def test_in_an_exact_list_each_goes_with_its_item(tmp_path: Path) -> None:
    text = nest(
        """[
  {name: A, branches: [{name: B}]},
  {name: C, branchesMode: release, branches: [{name: D}]},
  {metadata: {lifecycle: {onRemove: deactivate, allow: [deactivate]}}, spec: {name: E}},
  {metadata: {lifecycle: {protect: true, allow: [rename]}}, spec: {name: F}},
  {metadata: {lifecycle: {manage: observe}}, spec: {name: G}}]""",
        more=", branchesMode: exact",
    )
    found = {n.rpartition("/")[2]: d.lifecycle for n, d in of(tmp_path, text).items()}

    deleted = Lifecycle(on_remove="delete", allow=frozenset({"delete"}))
    assert found["acme"] == found["D"] == Lifecycle()
    assert found["A"] == found["B"] == found["C"] == deleted
    assert (found["E"].on_remove, found["G"].on_remove) == ("deactivate", None)
    assert found["F"] == Lifecycle(on_remove="delete", protect=True, allow=frozenset({"delete", "rename"}))


def test_it_knows_which_lists_say_that_it_goes_with_its_item(tmp_path: Path) -> None:
    text = nest(
        """[
  {name: A, branches: [{name: B, branchesMode: release}]},
  {name: C, branchesMode: release, branches: [{name: D, branchesMode: exact, branches: [{name: E}]}]},
  {metadata: {lifecycle: {onRemove: release}}, spec: {name: F, branches: [{name: G}]}},
  {metadata: {lifecycle: {manage: observe}}, spec: {name: H}}]""",
        more=", branchesMode: exact",
    )
    found = {n.rpartition("/")[2]: d for n, d in of(tmp_path, text).items()}

    top, at = "analytics/Partner/acme.branches", "analytics/Partner/acme/{}.branches"
    assert {n: d.nest.exact_in for n, d in found.items() if d.nest} == {
        "A": (top,),
        "B": (at.format("A"), top),
        "C": (top,),
        "D": (),
        "E": (at.format("C/D"),),
        "F": (),
        "G": (at.format("F"), top),
        "H": (),
    }
    assert {n for n, d in found.items() if d.exact} == {"acme", "A", "D", "E", "F", "G", "H"}
    assert found["acme"].nest is None
    assert found["E"].nest is not None
    assert found["E"].nest.around == found["D"].address


def test_only_what_is_nested_can_say_that_it_is_another_than_the_one_that_left(tmp_path: Path) -> None:
    consent = "metadata: {lifecycle: {allow: [new-key]}}"
    apart = partner("x").replace("metadata: {name: x}", "metadata: {name: x, lifecycle: {allow: [new-key]}}")

    nested = of(tmp_path, nest(f"[{{{consent}, spec: {{name: North}}}}]"))
    (wrong,) = said(tmp_path, apart)

    assert nested["acme/North"].lifecycle.allow == {"new-key"}
    assert "'new-key' is not one of rename" in wrong


def test_a_document_may_be_nested_nowhere(tmp_path: Path) -> None:
    assert of(tmp_path, nest("[]")).keys() == {"acme"}


# What they were called.


def test_a_former_key_is_a_former_name(tmp_path: Path) -> None:
    text = nest("[{metadata: {previously: {key: Nord}}, spec: {name: North, branches: [{name: Oslo}]}}]")
    found = of(tmp_path, text)

    assert (found["acme/North"].previous_name, found["acme/North"].previous_key) == ("acme/Nord", "Nord")
    assert (found["acme/North/Oslo"].previous_name, found["acme/North/Oslo"].previous_key) == (
        "acme/Nord/Oslo",
        None,
    )


def test_a_former_name_of_what_is_around_is_one_of_theirs(tmp_path: Path) -> None:
    found = of(tmp_path, nest("[{name: North}]", "{name: acme, previously: {name: old}}"))

    assert found["acme/North"].previous_name == "old/North"


def test_a_former_name_that_is_said_counts(tmp_path: Path) -> None:
    text = nest(
        "[{metadata: {previously: {name: own}}, spec: {name: North}}]", "{name: acme, previously: {name: old}}"
    )

    assert of(tmp_path, text)["acme/North"].previous_name == "own"


def test_a_name_that_somebody_else_has_taken_over_is_no_mistake_of_those_around(tmp_path: Path) -> None:
    text = nest("[{name: North}]", "{name: acme, previously: {name: old}}")
    other = partner("x", size="1").replace("name: x}", "name: old/North}").replace("name: X", "name: Other")

    assert said(tmp_path, text + "---\n" + other) == []


# References.


def test_others_refer_to_them_by_name_and_by_key(tmp_path: Path) -> None:
    people = f"{PERSON_DOC}---\n"
    nested = nest("[{name: North, contact: jane}]")
    text = people + nested + "---\n" + partner("x", parent="acme/North", friends="[North, Acme]")

    assert said(tmp_path, text) == []


PERSON_DOC = (
    "apiVersion: omni-analytics/v1\nkind: Person\nmetadata: {name: jane}\nspec: {email: jane@example.com}\n"
)


def test_a_name_that_leads_nowhere_is_near_to_theirs(tmp_path: Path) -> None:
    text = nest("[{name: North}]") + "---\n" + PERSON_DOC + "---\n" + partner("x", contact="jan")

    assert "did you mean 'jane'?" in said(tmp_path, text)[0]


def test_a_circle_through_a_nested_one_is_found(tmp_path: Path) -> None:
    [problem] = said(tmp_path, nest("[{name: North}]", more=", parent: North"))

    assert "in a circle: analytics/Partner/acme" in problem
    assert "analytics/Partner/acme/North (manifests/a.yaml:4:46) -> analytics/Partner/acme " in problem


def test_what_is_wrong_around_is_said_once(tmp_path: Path) -> None:
    text = nest("[{name: North, branches: [{name: Oslo}]}]", "{nam: acme}")

    assert said(tmp_path, text) == ["manifests/a.yaml:3:12: metadata.nam: unknown field (did you mean 'name'?)"]


def test_all_mistakes_of_all_levels_come_at_once(tmp_path: Path) -> None:
    found = said(
        tmp_path, nest("[{name: N, sice: 1, branches: [{nme: O}]}, {name: S, size: 11}]", more=", tgs: []")
    )

    assert [p.split(": ", 3)[1:3] for p in found] == [
        ["analytics/Partner/acme", "spec.tgs"],
        ["analytics/Partner/acme/N", "spec.sice"],
        ["analytics/Partner/acme/N", "branches[0]"],
        ["analytics/Partner/acme/S", "spec.size"],
    ]


def test_what_cannot_be_read_inside_is_still_declared(tmp_path: Path) -> None:
    text = (
        nest("[{name: North, size: 0x}, {name: South, note: &a x}]") + "---\n" + partner("x", parent="acme/South")
    )

    assert [p.split(": ", 1)[1] for p in said(tmp_path, text)] == [
        "anchors (`&…`) are not read (write the value out where it is used)"
    ]


def test_a_name_may_be_long_but_not_too_long(tmp_path: Path) -> None:
    deep, names = "[]", [f"{'n' * 60}{i:02}" for i in range(MOST_LEVELS)]
    for name in reversed(names):
        deep = f"[{{name: {name}, branches: {deep}}}]"

    found = said(tmp_path, nest(deep))

    assert len(found) == 1, found
    assert "would be longer than 1,000 characters (give it a document of its own)" in found[0]
    assert len(of(tmp_path, nest(deep.replace("n" * 60, "n" * 40)))) == MOST_LEVELS + 1


# Parts of a project.


def test_they_are_selected_by_their_own_names(tmp_path: Path) -> None:
    whole = load(write(tmp_path, nest("[{name: North, branches: [{name: Oslo}]}, {name: South}]")))

    names = [d.address.name for d in select(whole, only=["analytics/Partner/acme/North*"]).documents]

    assert names == ["acme/North", "acme/North/Oslo"]


def test_changed_since_sees_the_one_that_changed(tmp_path: Path) -> None:
    before = nest("[{name: North, size: 1}, {name: South}, {name: East}]")
    root = committed(tmp_path / "p", {"manifests/a.yaml": before})
    write(root, nest("[{name: South}, {name: North, size: 2}]"))

    found = changed_since(load(root), root, "HEAD", catalog())

    assert {a.name for a in found} == {"acme/North", "acme/East"}


# Trees whose keys are chains.

GROVE = """\
title: Grove
description: A tree of names.
type: object
required: [path]
additionalProperties: false
properties:
  path:
    description: The chain of names.
    anyOf: [{type: string, minLength: 1}, {type: array, maxItems: 3, items: {type: string}}]
    x-normalise: segments
    examples: [a/b]
  below:
    description: What lies in it.
    type: array
    items: {type: object}
    x-nested: {kind: Grove, with: {path: path}}
    examples: [[{path: c}]]
examples: [{path: a}]
x-key: path
x-tree: true
"""


def grove(root: Path, text: str) -> list[tuple[str, Json, str | None]]:
    known = catalog()
    own = kind("Grove", GROVE)
    at = ("omni-analytics", "Grove")
    both = Catalog({**known.kinds, at: own}, {**known.verbs, at: VERBS}, known.providers)
    found = desired(write(root, text), both).documents
    return [(d.address.name, d.spec["path"], d.previous_name) for d in found]


def test_in_a_tree_a_key_goes_on_where_that_around_ends(tmp_path: Path) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: Grove\nmetadata: {name: r}\nspec: {path: Root, below: [{path: A b/c, below: [{path: d}]}, {path: [x/y]}]}\n"
    with pytest.raises(ManifestInvalid) as caught:
        grove(tmp_path, text)
    [slash] = caught.value.problems
    assert "cannot be part of a name" in slash.message

    assert grove(tmp_path, text.replace(", {path: [x/y]}", "")) == [
        ("r", "Root", None),
        ("r/A b/c", "Root/A b/c", None),
        ("r/A b/c/d", "Root/A b/c/d", None),
    ]


def test_in_a_tree_the_whole_chain_has_to_be_right(tmp_path: Path) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: Grove\nmetadata: {name: r}\nspec: {path: [a, b], below: [{path: [c, d]}]}\n"
    with pytest.raises(ManifestInvalid) as caught:
        grove(tmp_path, text)
    [problem] = caught.value.problems
    assert (problem.place.column, problem.message) == (
        37,
        "analytics/Grove/r/c/d: spec.path: has 4 items, expected at most 3",
    )


def test_in_a_tree_a_former_chain_is_a_former_name(tmp_path: Path) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: Grove\nmetadata: {name: r}\nspec: {path: a, below: [{metadata: {previously: {key: a/old}}, spec: {path: new, below: [{path: z}]}}]}\n"

    assert [n for _, _, n in grove(tmp_path, text)] == [None, "r/old", "r/old/z"]


# The word of the schema.

WRONG = {
    "unknown kind": ("{kind: Partner,", "{kind: Partnr,", "unknown 'Partnr' (did you mean 'Partner'?)"),
    "unknown field inside": ("with: {parent: .}", "with: {parnt: .}", "unknown 'parnt' (did you mean 'parent'?)"),
    "unknown field around": ("with: {parent: .}", "with: {parent: nme}", "unknown 'nme' (did you mean 'name'?)"),
    "a name for what is no reference": ("with: {parent: .}", "with: {note: .}", "a field that names a Partner was expected"),
    "the key": ("with: {parent: .}", "with: {name: note}", "it has to be written"),
    "unknown word": ("with: {parent: .}", "wiht: {parent: .}", "unknown 'wiht' (did you mean 'with'?)"),
    "no list": ("type: array\n    items: {type: object}", "type: object", "what is nested is a list of mappings"),
    "items with fields": ("items: {type: object}", "items: {type: object, properties: {a: {type: string}}}", "what is nested is a list of mappings"),
    "no text": ("with: {parent: .}", "with: {parent: 3}", "expected a mapping"),
    "nothing to delete": ("allowed: [release, deactivate, delete]", "allowed: [release, deactivate]", "a Partner cannot be deleted, so no list is exact"),
    "a field called spec": ("  size: {", "  spec: {", "has a field `spec`, which could mean all its fields"),
    "below the top": ("items: {type: string, x-ref: Partner}", "items: {type: object, properties: {s: {type: array, items: {type: object}, x-nested: {kind: Partner}}}}", "stands at the top of a spec only"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_word_is_found_in_the_schema(name: str, tmp_path: Path) -> None:
    old, new, expected = WRONG[name]
    (tmp_path / "omni-analytics").mkdir()
    assert old in PARTNER
    (tmp_path / "omni-analytics/Partner.yaml").write_text(PARTNER.replace(old, new))
    (tmp_path / "omni-analytics/Person.yaml").write_text(PERSON)

    with pytest.raises(ManifestInvalid) as caught:
        load_kinds(tmp_path)

    assert any(expected in str(p) for p in caught.value.problems), caught.value.problems


def test_what_is_only_read_is_nested_nowhere(tmp_path: Path) -> None:
    (tmp_path / "omni-analytics").mkdir()
    (tmp_path / "omni-analytics/Partner.yaml").write_text(
        PARTNER.replace("{kind: Partner, with: {parent: .}}", "{kind: Person}")
    )
    (tmp_path / "omni-analytics/Person.yaml").write_text(PERSON + "x-source: true\n")

    with pytest.raises(ManifestInvalid) as caught:
        load_kinds(tmp_path)

    assert "a Person is only read, so none stands in a Partner" in str(caught.value.problems[0])


@pytest.mark.parametrize("at", [k for k, v in load_kinds().items() if any(f.nested for f in v.fields.values())])
def test_the_examples_of_nested_fields_are_right_down_to_the_last(at: tuple[str, str], tmp_path: Path) -> None:
    own = catalog().kinds[at]
    examples = own.schema["examples"]
    assert isinstance(examples, list)
    project = f"apiVersion: reconciler/v1\nkind: Project\ntargets: {{it: {{provider: {at[0]}}}}}\n"
    for example in examples:
        text = f"apiVersion: {at[0]}/v1\nkind: {at[1]}\nmetadata: {{name: x}}\nspec: {canonical(example)}\n"
        assert said(tmp_path, text, project) in (
            [],
            [p for p in said(tmp_path, text, project) if "cannot be read" in p],
        )


def test_what_else_tells_things_apart_is_part_of_the_name(tmp_path: Path) -> None:
    entry = "locale: {}, type: term, text: Computer"
    both = ", ".join(f"{{{entry.format(locale)}}}" for locale in ("de_DE", "en_EN"))
    text = (
        f"apiVersion: omn-core/v1\nkind: Glossary\nmetadata: {{name: it}}\nspec: {{name: IT, entries: [{both}]}}\n"
    )
    project = "apiVersion: reconciler/v1\nkind: Project\ntargets: {core: {provider: omn-core}}\n"

    found = load(write(tmp_path, text, project)).documents

    assert [d.address.name for d in found] == ["it", "it/de_DE/term/Computer", "it/en_EN/term/Computer"]


# The law: nested or apart is one and the same.


def tree_of(rng: random.Random, names: list[str], levels: int) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    while names and rng.random() < 0.8:
        one: dict[str, Json] = {"name": names.pop()}
        if rng.random() < 0.5:
            one["size"] = rng.randrange(1, 10)
        if levels and rng.random() < 0.6:
            one["branches"] = [*tree_of(rng, names, levels - 1)]
        found.append(one)
    return found


def apart(branches: list[dict[str, Json]], around: str) -> list[str]:
    found = []
    for one in branches:
        name = f"{around}/{one['name']}"
        spec = {k: v for k, v in one.items() if k != "branches"} | {"parent": around}
        found.append(f"{HEAD}metadata: {{name: {name}}}\nspec: {canonical(spec)}\n")
        below = one.get("branches", [])
        assert isinstance(below, list)
        found += apart([b for b in below if isinstance(b, dict)], name)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_nested_or_apart_is_one_and_the_same(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    branches = tree_of(rng, [f"n{i}" for i in range(12)], 4)
    top = f"{HEAD}metadata: {{name: acme}}\nspec: {{name: Acme"
    nested, flat = tmp_path / "nested", tmp_path / "flat"
    nested.mkdir()
    flat.mkdir()

    one = of(nested, f"{top}, branches: {canonical(branches)}}}\n")
    other = of(flat, "---\n".join([f"{top}}}\n", *apart(branches, "acme")]))

    assert {n: (dict(d.spec), d.lifecycle, d.previous_name) for n, d in one.items()} == {
        n: (dict(d.spec), d.lifecycle, d.previous_name) for n, d in other.items()
    }


def test_what_is_left_out_is_still_referred_to_by_its_key(tmp_path: Path) -> None:
    text = (
        PERSON_DOC
        + "---\n"
        + nest("[{name: North, contact: jane, branches: [{name: Oslo, friends: [acme, North]}]}]")
    )
    whole = load(write(tmp_path, text))

    part = select(whole, only=["analytics/Partner/acme/North*"], kinds=catalog().kinds)

    assert {d.address.name: dict(d.spec) for d in part.documents} == {
        "acme/North": {"name": "North", "contact": "jane@example.com", "parent": "Acme"},
        "acme/North/Oslo": {"name": "Oslo", "friends": ["Acme", "North"], "parent": "acme/North"},
    }
