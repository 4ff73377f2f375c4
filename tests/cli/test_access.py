"""`reconciler access`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from reconciler.twins import Twin
from tests.cli.conftest import Cli

FOLDERS = """\
apiVersion: omni-analytics/v1
kind: UserGroup
metadata: {name: finance}
spec: {name: Finance Team, members: [jane@example.com, bob@example.com]}
---
apiVersion: omni-analytics/v1
kind: Folder
metadata: {name: reports}
spec:
  path: Finance/Reports
  permissionsMode: additive
  permissions:
    - {role: EDITOR, groups: [finance], because: "=FIN-12, month end"}
    - {role: NO_ACCESS, users: [chen@example.com]}
"""


@pytest.fixture
def declared(project: Path) -> Path:
    """The starter project with a group and a folder that are opened to it, and nothing else in that system."""
    for file in (project / "manifests").rglob("*.yaml"):
        if "omni-analytics" in file.read_text(encoding="utf-8"):
            file.unlink()
    (project / "manifests" / "access.yaml").write_text(FOLDERS, encoding="utf-8")
    return project


def test_manifests_alone_need_no_network(cli: Cli, declared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    said = cli("access", "--from", "manifests", "--who", "Jane@example.com", "--what", "finance/*")
    assert said.code == 0
    assert "EDITOR on Folder Finance/Reports, through Finance Team" in said.out
    assert "=FIN-12, month end   manifests/access.yaml:13" in said.out
    assert "no call lists all grants of a folder" in " ".join(said.out.split())
    assert max(map(len, said.out.splitlines())) <= 80


def test_both_sides_are_told_apart(cli: Cli, declared: Path, twins: dict[str, Twin]) -> None:
    said = cli("access", "--what", "Finance/Reports", "-o", "json")
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    assert (found["format"], found["from"]) == ("reconciler/access-v1", "both")
    jane = next(r for r in found["rows"] if r["principal"]["name"] == "jane@example.com" and r["role"] == "EDITOR")
    assert jane["path"] == [{"sort": "group", "kind": "UserGroup", "name": "Finance Team"}]
    assert (jane["declared"], jane["live"], jane["gives"]) == (True, False, True)
    none = next(r for r in found["rows"] if r["role"] == "NO_ACCESS")
    assert (none["gives"], none["highest"]) == (False, False)
    assert {u["kind"] for u in found["unseen"]} >= {"Folder", "User"}
    assert {e.call.split(" ")[0] for e in twins["analytics"].log} == {"GET"}


def test_a_spreadsheet_takes_no_cell_for_a_formula(cli: Cli, declared: Path) -> None:
    said = cli("access", "--from", "manifests", "--output", "csv", "--what", "Finance/Reports")
    assert said.code == 0
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert {r["because"] for r in rows if r["role"] == "EDITOR"} == {"'=FIN-12, month end"}
    assert {r["live"] for r in rows} == {""}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_markdown_holds_every_row_and_acts_nowhere(cli: Cli, declared: Path) -> None:
    said = cli("access", "--from", "manifests", "--output", "markdown", "--who", "jane@example.com")
    assert said.code == 0
    assert "#### `jane@example.com`" in said.out
    assert "`EDITOR` on `Folder` `Finance/Reports`, through `Finance Team`: `=FIN-12,` month end" in said.out
    assert "#### What no read shows" in said.out


def test_a_word_that_means_nothing_ends_with_1_and_a_proposal(cli: Cli, declared: Path) -> None:
    said = cli("access", "--from", "manifests", "--who", "jane@exmaple.com")
    assert (said.code, said.out) == (1, "")
    assert "did you mean 'jane@example.com'?" in said.err
    assert cli("access", "--from", "manifests", "--what", "Fianance/Reports").code == 1


def test_a_mistake_in_a_file_is_told_as_ever(cli: Cli, declared: Path) -> None:
    (declared / "manifests" / "access.yaml").write_text(FOLDERS.replace("EDITOR", "EDITER"), encoding="utf-8")
    said = cli("access", "--from", "manifests")
    assert said.code == 1
    assert "access.yaml:13" in said.err


def test_the_plan_tells_who_gains_first(cli: Cli, declared: Path, twins: dict[str, Twin]) -> None:
    said = cli("plan", "--only", "kind:Folder", "--only", "kind:UserGroup")
    told = said.out.index("Who gains and loses access")
    assert told < said.out.index("Access changes")
    assert "gain EDITOR on Folder Finance/Reports through Finance Team" in " ".join(said.out.split())
    found = json.loads(cli("plan", "--output", "json", "--only", "kind:Folder", "--only", "kind:UserGroup").out)
    assert {"bob@example.com", "jane@example.com"} <= {w for c in found["access"] for w in c["who"]}
    markdown = cli("plan", "--output", "markdown").out
    assert markdown.index("#### Who gains and loses access") < markdown.index("#### Access changes")
