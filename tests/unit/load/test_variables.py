"""`${var.name}`: where values come from, and what is no variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.explain import Where
from reconciler.load.positions import Positions
from reconciler.load.variables import Variables
from reconciler.model.faults import UsageWrong
from reconciler.model.place import Place, Problem
from tests.unit.load.projects import LABEL, load, partner, said, write


def name_of(root: Path, text: str, **options: object) -> object:
    manifest = LABEL.replace("name: Production", f"name: '{text}'")
    return load(write(root, manifest), **options).documents[0].spec["name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${var.region}", "EMEA"),
        ("In ${var.region}", "In EMEA"),
        ("${var.region}${var.region}", "EMEAEMEA"),
        ("$${var.region}", "${var.region}"),
        ("$$${var.region}", "$${var.region}"),
        ("$${var.region} ${var.region}", "${var.region} EMEA"),
        ("costs $5", "costs $5"),
        ("{var.region}", "{var.region}"),
        ("$ {var.region}", "$ {var.region}"),
    ],
)
def test_a_text_is_substituted(text: str, expected: str, tmp_path: Path) -> None:
    assert name_of(tmp_path, text) == expected


def test_nearer_values_win(tmp_path: Path) -> None:
    text = "${var.region}"

    assert name_of(tmp_path, text) == "EMEA"
    assert name_of(tmp_path, text, environment="prod") == "World"
    assert name_of(tmp_path, text, environment="prod", variables={"region": "Moon"}) == "Moon"
    assert name_of(tmp_path, text, variables={"region": "Moon"}) == "Moon"
    assert name_of(tmp_path, "${var.new}", variables={"new": "New"}) == "New"


def test_a_value_stays_text_and_is_not_substituted_again(tmp_path: Path) -> None:
    assert name_of(tmp_path, "${var.n}", variables={"n": "12"}) == "12"
    assert name_of(tmp_path, "${var.n}", variables={"n": "${var.region}"}) == "${var.region}"
    assert "is text, expected true or false" in said(
        tmp_path, LABEL.replace("Production}", "Production, verified: '${var.n}'}"), variables={"n": "true"}
    )[0]  # fmt: skip


def test_names_and_lists_are_substituted_but_not_keys(tmp_path: Path) -> None:
    text = partner("'${var.region}-a'", tags="['${var.region}']").replace("name: '${Var.Region}-A'", "name: Acme")
    document = load(write(tmp_path, text)).documents[0]

    assert document.address.name == "EMEA-a"
    assert document.spec["tags"] == ["EMEA"]
    assert said(tmp_path, LABEL.replace("{name: Production", "{name: Ab, '${var.region}': Cd"))[0].endswith(
        "spec.${var.region}: unknown field (known: name, verified, homepage)"
    )


def test_the_form_of_the_value_is_checked_after_substitution(tmp_path: Path) -> None:
    assert said(tmp_path, LABEL.replace("name: Production", "name: '${var.n}'"), variables={"n": "P"}) == [
        "manifests/a.yaml:4:14: analytics/Label/production: spec.name: 'P' has 1 character, expected at least 2"
    ]


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"environment": "prd"}, "there is no environment 'prd' in reconciler.yaml", "did you mean 'prod'?"),
        ({"variables": {"regoin": "x"}}, "no manifest uses the variable 'regoin'", "did you mean 'region'?"),
        ({"variables": {"1x": "x"}}, "'1x' cannot be the name of a variable", "write --var name=value"),
        ({"variables": {"a": "\x1b[2J"}}, "the value of --var a holds a control character", ""),
        ({"variables": {"a": "x" * 10_001}}, "the value of --var a is too long", ""),
    ],
)
def test_words_of_the_command_line_that_do_not_fit(
    options: dict[str, object], message: str, hint: str, tmp_path: Path
) -> None:
    root = write(tmp_path, LABEL.replace("name: Production", "name: '${var.region}'"))

    with pytest.raises(UsageWrong) as caught:
        load(root, **options)

    assert str(caught.value) == message
    assert caught.value.hint == hint


def test_a_small_file_does_not_become_a_large_one() -> None:
    values = Variables({"big": "x" * 1_000}, left=10_000)
    found: list[Problem] = []

    for _ in range(20):
        values.substituted("${var.big}" * 5, ("a",), Where(Positions("f", Place("f"), None)), found)

    assert [p.message for p in found] == ["a: all variables together make more than 64 MiB of text"]


def test_one_unknown_variable_used_without_end_is_told_a_few_times(tmp_path: Path) -> None:
    found = said(tmp_path, LABEL.replace("name: Production", "name: '" + "${var.x}" * 100_000 + "'"))

    assert len(found) <= 60
