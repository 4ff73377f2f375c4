"""The project file: what it says, what it must not say, and how it is found."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.project import Project, find_project, load_project, parse_project
from reconciler.model.document import DeleteLimit, Target
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.ledger_place import Server
from tests.unit.load.projects import LABEL, PROJECT, TWO, catalog, said, write

HEAD = "apiVersion: reconciler/v1\nkind: Project\n"
TARGETS = HEAD + "targets:\n  analytics: {provider: omni-analytics}\n"


def parsed(text: str, root: Path) -> Project:
    return parse_project(text.encode(), root, catalog().providers)


def wrong(text: str, root: Path) -> list[str]:
    with pytest.raises(ManifestInvalid) as caught:
        parsed(text, root)
    return [str(p) for p in caught.value.problems]


def test_a_short_project_has_defaults(tmp_path: Path) -> None:
    project = parsed(TARGETS, tmp_path)

    assert project.targets == {"analytics": Target("analytics", "omni-analytics")}
    assert [path for path, _ in project.manifests] == ["manifests"]
    assert project.delete_limit == DeleteLimit(10, 30)
    assert project.ledger == tmp_path.resolve() / ".reconciler/ledger.db"


def test_a_long_project_says_everything(tmp_path: Path) -> None:
    text = (
        HEAD
        + "description: All of it\ntargets:\n  studio:\n    provider: studio-tracker\n    organisation: acme\n"
        "    limits: {requestsPerMinute: 30, concurrency: 2}\nmanifests: [teams, more/teams.yaml]\n"
        "variables: {region: EMEA}\nenvironments: {prod: {variables: {region: World}}, test: {}}\n"
        "guards: {deletes: {count: 0, percent: 5}}\nledger: {path: state/book.db}\n"
    )

    project = parsed(text, tmp_path)

    settings = {"organisation": "acme"}
    assert project.targets == {
        "studio": Target("studio", "studio-tracker", settings, per_minute=30, concurrency=2)
    }
    assert [path for path, _ in project.manifests] == ["teams", "more/teams.yaml"]
    assert project.delete_limit == DeleteLimit(0, 5)
    assert project.ledger == tmp_path.resolve() / "state/book.db"
    assert project.environments == {"prod": {"region": "World"}, "test": {}}


def test_a_ledger_may_lie_on_a_server(tmp_path: Path) -> None:
    project = parsed(TARGETS + "ledger: {url: 'postgresql://db.example.com:6432/tools?schema=team_a'}\n", tmp_path)

    assert project.ledger == Server("db.example.com", 6432, "tools", "team_a")


MISTAKES = {
    "no kind": ("apiVersion: reconciler/v1\ntargets: {a: {provider: omni-analytics}}", "1:1: 'kind' is missing (for example `kind: Project`)"),
    "other kind": (TARGETS.replace("Project", "Label"), "2:7: kind: is 'Label', expected 'Project'"),
    "no targets": (HEAD, "1:1: 'targets' is missing (for example `targets: {\"analytics\":{\"provider\":\"omni-analytics\"}}`)"),
    "empty targets": (HEAD + "targets: {}", "3:10: targets: is empty (write something, or leave the field out)"),
    "unknown field": (TARGETS + "varables: {}", "5:1: varables: unknown field (did you mean 'variables'?)"),
    "unknown provider": (HEAD + "targets: {a: {provider: omni-analytic}}", "3:25: targets.a.provider: unknown provider (did you mean 'omni-analytics'?)"),
    "slash in a target's name": (HEAD + "targets: {a/b: {provider: omni-analytics}}", "3:11: targets.a/b: 'a/b' cannot be a name here (pattern ^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$)"),
    "unknown setting": (HEAD + "targets: {a: {provider: omn-core, org: x}}", "3:35: targets.a.org: unknown setting of omn-core (known: batchSize)"),
    "misspelt setting": (HEAD + "targets: {a: {provider: omni-cms, acount: a@example.com}}", "3:35: targets.a.acount: unknown setting of omni-cms (did you mean 'account'?)"),
    "missing setting": (HEAD + "targets: {a: {provider: studio-tracker}}", "3:11: targets.a: say either `organisation: <id>` or `singleOrganisation: true`"),
    "a host": (HEAD + "targets: {a: {provider: omni-analytics, url: 'https://evil.example.com'}}", "3:41: targets.a.url: no host and no credential stands in the project; they are the operator's (set it in the file that RECONCILER_CONFIG names, or as an environment variable)"),
    "a credential": (HEAD + "targets: {a: {provider: omni-analytics, token: abc}}", "3:41: targets.a.token: no host and no credential stands in the project; they are the operator's (set it in the file that RECONCILER_CONFIG names, or as an environment variable)"),
    "no speed at all": (HEAD + "targets: {a: {provider: omni-analytics, limits: {requestsPerMinute: 0}}}", "3:69: targets.a.limits.requestsPerMinute: is 0, expected at least 1"),
    "number as a variable": (TARGETS + "variables: {port: 80}", "5:19: variables.port: is a number, expected text (quote it)"),
    "ledger elsewhere": (TARGETS + "ledger: {path: ../ledger.db}", "5:16: ledger.path: must not hold `..`"),
    "ledger on a server, and a file": (TARGETS + "ledger: {path: a.db, url: 'postgresql://db.example.com/r'}", "5:9: ledger: has 2 fields, expected at most 1"),
    "password in the project": (TARGETS + "ledger: {url: 'postgresql://u:canary@db.example.com/r'}", "5:15: ledger.url: the ledger's URL must hold no user and no password (write postgresql://db.example.com:5432/reconciler; user and password are the operator's)"),
    "user in the project": (TARGETS + "ledger: {url: 'postgresql://u@db.example.com/r'}", "5:15: ledger.url: the ledger's URL must hold no user and no password (write postgresql://db.example.com:5432/reconciler; user and password are the operator's)"),
    "another database": (TARGETS + "ledger: {url: 'mysql://db.example.com/r'}", "5:15: ledger.url: the ledger's URL must begin with postgresql:// (write postgresql://db.example.com:5432/reconciler; user and password are the operator's)"),
    "ledger at the root": (TARGETS + "ledger: {path: /tmp/ledger.db}", "5:16: ledger.path: must be relative to the project's folder"),
    "more than everything": (TARGETS + "guards: {deletes: {percent: 101}}", "5:29: guards.deletes.percent: is 101, expected at most 100"),
    "one path as text": (TARGETS + "manifests: teams", "5:12: manifests: 'teams' is text, expected a list (write it as a list: [teams])"),
    "a list": ("- a", "1:1: a project file is one mapping (it begins with `apiVersion: reconciler/v1`)"),
    "nothing": ("", "1:1: a project file is one mapping (it begins with `apiVersion: reconciler/v1`)"),
    "two documents": (TARGETS + "---\n" + TARGETS, "6:1: a project file is one mapping (it begins with `apiVersion: reconciler/v1`)"),
    "no YAML": ("a: [", "2:1: a value was expected here (look at the brackets and quotes before it)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_project_is_explained_where_it_is(name: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[name]

    assert wrong(text, tmp_path) == [f"reconciler.yaml:{expected}"]


def test_the_project_is_found_from_below(tmp_path: Path) -> None:
    below = write(tmp_path, {"manifests/deep/a.yaml": LABEL}) / "manifests/deep"

    assert find_project(below) == tmp_path.resolve()
    assert load_project(find_project(below), catalog().providers).targets.keys() == {"analytics", "studio"}


def test_without_a_project_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageWrong, match=r"no reconciler\.yaml here or in any folder above"):
        find_project(tmp_path)
    (tmp_path / "manifests").mkdir()
    write(tmp_path / "manifests", {})
    with pytest.raises(UsageWrong) as told:
        find_project(tmp_path)
    assert told.value.hint == "give --project manifests, where there is one"
    (tmp_path / "reconciler.yml").write_text(PROJECT)
    with pytest.raises(UsageWrong, match=r"the project file is called reconciler\.yaml"):
        find_project(tmp_path)


def test_a_project_file_that_is_a_folder_or_leads_away_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "reconciler.yaml").mkdir(parents=True)
    with pytest.raises(UsageWrong, match="is a folder, not a file"):
        load_project(home, catalog().providers)
    (home / "reconciler.yaml").rmdir()
    (tmp_path / "other.yaml").write_text(PROJECT)
    (home / "reconciler.yaml").symlink_to(tmp_path / "other.yaml")
    with pytest.raises(UsageWrong, match="leads out of the project"):
        load_project(home, catalog().providers)


def test_a_target_may_be_left_out_only_where_one_serves(tmp_path: Path) -> None:
    assert said(tmp_path, LABEL) == []
    assert said(tmp_path, LABEL, TWO) == [
        (
            "manifests/a.yaml:3:1: metadata.target: which target? several serve omni-analytics"
            " (add `target:` with one of analytics, playground)"
        )
    ]
    assert said(tmp_path, LABEL.replace("production}", "production, target: playground}"), TWO) == []
    only = PROJECT.replace(
        "analytics: {provider: omni-analytics}", "other: {provider: studio-tracker, organisation: a}"
    )
    assert said(tmp_path, LABEL, only) == [
        "manifests/a.yaml:1:13: apiVersion: no target of the project serves omni-analytics (add one to reconciler.yaml)"
    ]
