"""`x-access` in schema files: what it says, and every way to get it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.kinds import load_kinds
from reconciler.model.faults import ManifestInvalid
from reconciler.model.kind import FieldAccess, Kind, KindAccess

SCHEMA = """\
title: Box
description: A box.
type: object
required: [name]
additionalProperties: false
properties:
  name: {{description: Its name., type: string, examples: [a]}}
  open: {{description: Whether all see it., type: boolean, examples: [true], x-access: {open}}}
  keepers:
    description: Who keeps it.
    type: array
    uniqueItems: true
    x-entry-key: user
    x-access: {keepers}
    examples: [[{{user: jane@example.com}}]]
    items:
      type: object
      required: [user]
      additionalProperties: false
      properties:
        user: {{description: Who., type: string, format: email, examples: [jane@example.com]}}
        chief: {{description: Whether above the others., type: boolean, examples: [true]}}
examples: [{{name: a}}]
x-key: name
x-rest: {{list: {{call: GET /boxes, items: ""}}}}
{kind}
"""


def box(tmp_path: Path, *, open_: str = "true", keepers: str = "true", kind: str = "") -> Kind:
    (tmp_path / "acme").mkdir(exist_ok=True)
    text = SCHEMA.format(open=open_, keepers=keepers, kind=kind)
    (tmp_path / "acme" / "Box.yaml").write_text(text, encoding="utf-8")
    return load_kinds(tmp_path)["acme", "Box"]


def test_true_only_counts_as_a_change_of_access(tmp_path: Path) -> None:
    found = box(tmp_path)
    assert found.fields["keepers"].access
    assert found.fields["keepers"].gives is None
    assert found.access == KindAccess()


def test_a_mapping_says_who_gets_what(tmp_path: Path) -> None:
    words = "{who: user, role: KEEPER, flags: chief, member: true, reaches: true, when: {open: [true, null]}}"
    kind = "x-access: {person: true, roles: [A, B], nothing: B, alike: {C: A}, unseen: [much]}"
    found = box(tmp_path, open_="{who: everybody, role: SEES, opens: false}", keepers=words, kind=kind)
    assert found.fields["keepers"].gives == FieldAccess(
        ("user",), "KEEPER", on=("this",), flags=("chief",), when={"open": (True, None)}, member=True, reaches=True
    )
    assert not found.fields["open"].access, "it opens nothing, so no change of it is one of access"
    assert found.access == KindAccess(True, ("A", "B"), ("B",), {"C": "A"}, unseen=("much",))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{role: KEEPER, whom: user}", "unknown 'whom'"),
        ("{who: usr, role: KEEPER}", "x-access.who: unknown 'usr'"),
        ("{role: KEEPER, flags: cheif}", "x-access.flags: unknown 'cheif'"),
        ("{role: KEEPER, on: nothing}", "x-access.on: unknown 'nothing'"),
        ("{roleFrom: nobody}", "x-access.roleFrom: unknown 'nobody'"),
        ("{role: KEEPER, when: {shut: true}}", "x-access.when: unknown 'shut'"),
        ("{role: KEEPER, kind: Crate}", "x-access.kind: unknown 'Crate'"),
        ("{who: user}", "one of `role`, `roleFrom` and `inherits: true` was expected"),
        ("{role: KEEPER, roleFrom: user}", "one of `role`, `roleFrom` and `inherits: true` was expected"),
        ("{inherits: true}", "nobody says which thing the value names"),
        ("{role: KEEPER, member: often}", "expected true or false"),
        ("sometimes", "expected true or false"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, words: str, message: str) -> None:
    with pytest.raises(ManifestInvalid) as error:
        box(tmp_path, keepers=words)
    assert message in str(error.value)
    assert "schemas/acme/Box.yaml:14" in str(error.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{people: true}", "unknown 'people'"),
        ("{inherits: true}", "only a tree has a thing above each other one"),
        ("{assumed: XX-A1}", "is the id of an assumption"),
        ("true", "expected a mapping"),
    ],
)
def test_a_mistake_in_the_kind_s_own_word_is_told(tmp_path: Path, words: str, message: str) -> None:
    with pytest.raises(ManifestInvalid) as error:
        box(tmp_path, kind=f"x-access: {words}")
    assert message in str(error.value)


def test_every_assumption_that_a_schema_names_is_written_down() -> None:
    docs = Path(__file__).parents[3] / "docs" / "apis"
    for kind in load_kinds().values():
        if kind.access.assumed:
            assert f"**{kind.access.assumed}**" in (docs / f"{kind.provider}.md").read_text(encoding="utf-8")


def test_whatever_is_a_change_of_access_says_which_or_tells_no_role() -> None:
    """What is only `true` decides what people see, and gives nobody a role."""
    plain = {
        f"{kind.name}.{one.name}"
        for kind in load_kinds().values()
        for one in kind.fields.values()
        if one.access and one.gives is None
    }
    assert plain <= {
        "Invitation.isExternal",
        "User.password",
        "User.attributes",
        "EmailOnlyUser.attributes",
        "Model.accessGrants",
        "ConnectionEnvironments.environments",
    }
