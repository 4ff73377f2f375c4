"""Hints that lead to what can be written next, one for each mistake: kinds that are trees, are nested, or name
each other by key."""

# ruff: noqa: E501 - whole messages

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from reconciler import providers
from reconciler.load.desired import desired
from reconciler.load.kinds import load_kinds
from reconciler.model.catalog import Catalog
from reconciler.model.faults import ManifestInvalid
from tests.unit.load.projects import write

PROJECT = "apiVersion: reconciler/v1\nkind: Project\ntargets:\n  core: {provider: omn-core}\n"


@cache
def shipped() -> Catalog:
    return providers.catalog(load_kinds().values())


def doc(kind: str, name: str, spec: str, more: str = "", provider: str = "omn-core") -> str:
    return f"apiVersion: {provider}/v1\nkind: {kind}\nmetadata: {{name: {name}{more}}}\nspec: {spec}\n"


def told(root: Path, *documents: str) -> list[str]:
    """What is wrong, each without the place and the document."""
    try:
        found = desired(write(root, "---\n".join(documents), PROJECT), shipped()).warnings
    except ManifestInvalid as error:
        found = error.problems
    return [re.sub(r"^.*?: (warning: )?core/[^ ]*: ", "", str(p)) for p in found]


def around(path: str, more: str = "") -> str:
    return doc("Classification", "fashion", f"{{identifier: Fashion, nodes: [{{path: {path}{more}}}]}}")


def test_what_cannot_be_renamed_takes_no_consent_to_a_rename(tmp_path: Path) -> None:
    def allowing(kind: str, spec: str, word: str) -> list[str]:
        return told(tmp_path, doc(kind, "a", spec, f", lifecycle: {{allow: [{word}]}}"))

    assert allowing("ClassificationNode", "{path: Fashion/Shoes}", "replace") == []
    assert allowing("ClassificationNode", "{path: Fashion/Shoes}", "rename") == [
        "metadata.lifecycle.allow[0]: 'rename' is not one of first-removals, effects, replace, delete"
    ]
    assert allowing("Glossary", "{name: Shoes}", "rename") == []


def test_a_text_for_a_set_of_mappings_gets_the_example_of_the_set(tmp_path: Path) -> None:
    assert told(tmp_path, doc("Classification", "a", "{identifier: A, labels: Fashion}")) == [
        'spec.labels: \'Fashion\' is text, expected a list or a mapping (for example {"de_DE":"Mode","en_GB":"Fashion"})'
    ]


@pytest.mark.parametrize("path", ["' E'", '"F\\nG"', "'Boots '"])
def test_a_key_that_its_kind_refuses_anywhere_is_sent_to_no_document_of_its_own(path: str, tmp_path: Path) -> None:
    [problem] = told(tmp_path, around(path))

    assert "cannot be part of a name (the identifier" in problem
    assert problem.endswith(("; take it away)", "; write it in one line)"))


def test_of_a_nested_key_just_the_end_is_an_example(tmp_path: Path) -> None:
    missing = doc("Classification", "fashion", "{identifier: Fashion, nodes: [{labels: {en_GB: Shoes}}]}")
    assert told(tmp_path, missing) == ["nodes[0]: spec: 'path' is missing (for example `path: Boots`)"]
    empty = doc("Classification", "fashion", "{identifier: Fashion, attributes: [{metadata: {id: x}}]}")
    [problem] = told(tmp_path, empty)
    assert "'spec' is missing" in problem
    assert '"node"' not in problem, "what follows from around is no example"


@pytest.mark.parametrize(("path", "fault"), [("/C", "a leading"), ("D/", "a trailing"), ("A//B", "an empty")])
def test_a_slash_too_many_is_told_once(path: str, fault: str, tmp_path: Path) -> None:
    [problem] = told(tmp_path, around(path))

    assert f"'{path}' has {fault}" in problem


def test_a_word_of_two_that_is_just_alike_is_not_proposed(tmp_path: Path) -> None:
    text = doc("Classification", "a", "{identifier: A, nodesMode: delete}")

    assert told(tmp_path, text) == ["spec.nodesMode: 'delete' is not one of release, exact"]


def test_the_provider_that_begins_so_is_proposed(tmp_path: Path) -> None:
    [problem] = told(tmp_path, doc("Classification", "a", "{identifier: A}", provider="omn"))

    assert problem.endswith("unknown provider 'omn' (did you mean 'omn-core/v1'?)")


def test_what_stands_twice_is_not_compared_with_itself(tmp_path: Path) -> None:
    web = doc("Classification", "web", "{identifier: Web, labels: {en_GB: Fashion}}")

    [problem] = told(tmp_path, web, web)
    assert "stands here a second time" in problem
    wrong = web.replace("en_GB: Fashion", "en_GB: 'Fashion '")
    assert len(told(tmp_path, web, wrong)) == 2, "its own mistakes are told all the same"


def test_the_name_of_a_document_is_no_key(tmp_path: Path) -> None:
    shoe = doc("Product", "shoe", "{identifier: P-1, name: Shoe}")
    other = doc("Product", "other", "{identifier: P-2, links: [{attribute: SEE, product: WORD}]}")
    peo = doc("Peo", "web", "{product: WORD, template: T, name: Web}")

    why = "'shoe' is the name of a document; here only its `identifier` can stand (write P-1, as core/Product/shoe says)"
    assert told(tmp_path, shoe, other.replace("WORD", "shoe"), peo.replace("WORD", "shoe")) == [
        f"spec.links[0].product: {why}",
        f"spec.product: {why}",
    ]
    for right in ("P-1", "p-1", "elsewhere"):
        assert told(tmp_path, shoe, other.replace("WORD", right), peo.replace("WORD", right)) == []
    assert told(tmp_path, shoe.replace("P-1", "shoe"), peo.replace("WORD", "shoe")) == [], "it is both"


def test_a_reference_that_is_mentioned_as_well_may_be_a_name(tmp_path: Path) -> None:
    care = doc("AttributeDefinition", "care", "{identifier: care_note, type: text}")
    used = doc("NodeAttribute", "note", "{node: Fashion, definition: care}")

    assert told(tmp_path, care, used) == []


def test_the_root_of_a_tree_that_belongs_to_another_kind_is_a_key(tmp_path: Path) -> None:
    fashion = doc("Classification", "web", "{identifier: Fashion}")
    node = doc("ClassificationNode", "Fashion", "{path: Fashion/Shoes}")
    product = doc("Product", "shoe", "{identifier: P-1, node: Fashion}")

    assert told(tmp_path, fashion, node, product) == []


def test_names_of_glossaries_that_differ_in_case_alone_are_warned_of(tmp_path: Path) -> None:
    one, other = doc("Glossary", "a", "{name: Shoes}"), doc("Glossary", "b", "{name: shoes}")

    assert told(tmp_path, one, other) == [
        "the name 'shoes' differs from that of core/Glossary/a in case alone (neither is given where the other one is live or to be)"
    ]
    assert told(tmp_path, one) == []
