"""Grants in folders as manifests write them: an entry may name several people and groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.load.projects import load, said, write

FOLDER = """\
apiVersion: omni-analytics/v1
kind: Folder
metadata: {{name: reports}}
spec:
  path: Finance/Reports
  permissionsMode: additive
  permissions:
    - {{role: EDITOR, groups: [finance], users: [jane@example.com], accessBoost: true, because: "FIN-12"}}
    - {more}
"""
GROUP = """\
apiVersion: omni-analytics/v1
kind: UserGroup
metadata: {name: finance}
spec: {name: Finance Team}
"""


def test_what_is_written_stays_as_it_is(tmp_path: Path) -> None:
    text = FOLDER.format(more="{role: VIEWER, users: [bob@example.com]}")

    folder = next(d for d in load(write(tmp_path, {"manifests/a.yaml": text})).documents)

    assert folder.spec["permissions"] == [
        {
            "role": "EDITOR",
            "groups": ["finance"],
            "users": ["jane@example.com"],
            "accessBoost": True,
            "because": "FIN-12",
        },
        {"role": "VIEWER", "users": ["bob@example.com"]},
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("{role: VIEWER, users: [bob@example.com, Jane@Example.com]}", "users[1]: the same as the item at"),
        ("{role: VIEWER, groups: [finance]}", "groups[0]: the same as the item at manifests/a.yaml:8:31"),
        ("{role: VIEWER, groups: [a, a]}", "groups[1]: the same as the item at"),
        ("{role: VIEWER, users: []}", "users: is empty"),
        ("{role: VIEWER}", "this grant names neither `users` nor `groups`"),
        ("{users: [bob@example.com]}", "'role' is missing"),
        ("{role: OWNER, users: [bob@example.com]}", "'OWNER' is not one of"),
        ("{role: VIEWER, users: [bob]}", "users[0]: 'bob'"),
    ],
)
def test_mistakes(tmp_path: Path, more: str, told: str) -> None:
    [line] = said(tmp_path, {"manifests/a.yaml": FOLDER.format(more=more), "manifests/b.yaml": GROUP})

    assert told in line


def test_the_mode_has_to_be_written_out(tmp_path: Path) -> None:
    text = FOLDER.format(more="{role: VIEWER, groups: [a]}").replace("  permissionsMode: additive\n", "")

    assert said(tmp_path, {"manifests/a.yaml": text}) == [
        (
            "manifests/a.yaml:5:3: analytics/Folder/reports: spec: `permissions` needs `permissionsMode` beside it"
            " (for example `permissionsMode: additive`)"
        )
    ]


def test_there_is_no_other_mode(tmp_path: Path) -> None:
    text = FOLDER.format(more="{role: VIEWER, groups: [a]}").replace("additive", "exact")

    [line] = said(tmp_path, {"manifests/a.yaml": text})

    assert "permissionsMode: 'exact' is not one of additive" in line
