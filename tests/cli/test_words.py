"""Words that fit, words that do not, and what is said about them."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from reconciler.cli.app import COMMANDS
from reconciler.cli.exit_codes import MEANINGS
from reconciler.version import __version__
from reconciler.workflow import catalog
from tests.cli.conftest import Cli, spawned


def test_the_version(cli: Cli) -> None:
    assert spawned("--version").stdout == f"reconciler {__version__}\n"
    assert cli("--version", "--debug").out == f"reconciler {__version__}\n"


def test_help_names_every_command_and_exit_code(cli: Cli) -> None:
    text = cli("--help").out
    assert cli().out == text
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", text, re.MULTILINE)
    for code, meaning in MEANINGS.items():
        assert re.search(rf"^    {code} +{re.escape(meaning)}$", text, re.MULTILINE)
    assert not re.search(r"\w\.\.\.$", text + cli("twin", "--help").out, re.MULTILINE), "cut in mid-sentence"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_exit_codes(cli: Cli, name: str) -> None:
    said = cli(name, *(["serve"] if name == "twin" else []), "--help")
    assert said.code == 0
    assert "Exit codes:\n    0  " in said.out.replace("0    ", "0  ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plna"], "no command 'plna'; did you mean 'plan'?"),
        (["xyzzy"], "no command 'xyzzy'; known: init"),
        (["plan", "--nope"], "--nope"),
        (["plan", "extra"], "extra"),
        (["plan", "--output", "xml"], "xml"),
        (["completion"], "for which shell? bash, zsh, fish"),
        (["completion", "tcsh"], "tcsh"),
        (["twin", "serv"], "serv"),
        (["plan"], "no reconciler.yaml here or in any folder above"),
        (["plan", "--var", "x"], "--var x: there is no value"),
        (["plan", "--out", "nowhere/plan.json"], "nowhere/plan.json cannot be written"),
        (["apply", "--yes", "--override", "a@b"], "--override needs --plan-id and --reason"),
        (["apply"], "nobody can be asked here"),
        (["apply", "p.json", "--yes", "--only", "kind:Label"], "a saved plan is carried out whole"),
        (["apply", "missing.json", "--yes"], "there is no file missing.json"),
        (["apply", "missing.json"], "there is no file missing.json"),
        (["apply", "--override", "a@b"], "--override needs --plan-id and --reason"),
        (["init", "--empty", "--ledger-only"], "--empty makes a project, --ledger-only makes none"),
        (["show", "missing.json"], "missing.json"),
        (["twin", "serve", "--provider", "omni-analytic"], "there is no twin of 'omni-analytic'"),
        (["twin", "serve", "--provider", "omni-analytics", "--port", "1", "--port", "2"], "2 ports for 1 twins"),
    ],
)
def test_wrong_words_end_with_3_and_one_message(cli: Cli, words: list[str], message: str) -> None:
    said = cli(*words)
    assert said.code == 3
    assert message in said.err
    assert said.err.startswith("error: ")
    assert said.err.count("error: ") == 1
    assert "hint: " in said.err or "missing.json" in message
    assert said.out == ""
    assert "\\x09" not in said.err


def test_an_override_names_a_rule_and_an_address(cli: Cli) -> None:
    said = cli("apply", "--yes", "--override", "not-ours", "--plan-id", "x", "--reason", "y")
    assert (said.code, "write --override RULE@target/Kind/name" in said.err) == (3, True)


def test_kinds_as_data(cli: Cli) -> None:
    found = json.loads(cli("kinds", "--output", "json").out)
    team = next(k for k in found if k["kind"] == "ClientTeam")
    assert team["provider"] == "studio-tracker"
    assert {"create", "update", "delete", "members"} <= set(team["abilities"])
    assert cli("kinds", "--output", "markdown").out.startswith("### Kinds\n")


def test_kinds_of_a_provider_or_by_name(cli: Cli) -> None:
    def listed(*words: str) -> list[str]:
        return [f"{k['provider']}/{k['kind']}" for k in json.loads(cli("kinds", *words, "--output", "json").out)]

    assert {name.partition("/")[0] for name in listed("omn-core")} == {"omn-core"}
    assert listed("omn-core/Peo", "Pod") == ["omn-core/Peo", "studio-tracker/Pod"]
    said = cli("kinds", "omn")
    assert (said.code, "hint: did you mean 'omn-core'?" in said.err) == (3, True)
    assert "hint: did you mean 'omn-core/Peo'?" in cli("kinds", "omn-core/Poe").err


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("Label", "omni-analytics/Label - A word that organises"),
        ("omni-analytics/Label", "omni-analytics/Label - A word that organises"),
        ("Label.verified", "omni-analytics/Label.verified"),
        ("metadata", "previously"),
        ("metadata.lifecycle.onRemove", "one of release, archive, deactivate, delete"),
        ("Project", "of each entry: provider  required, string"),
        ("reconciler.yaml", "percent  integer, default 30, at least: 0, at most: 100"),
        ("reconciler.yaml.guards.deletes", "reconciler.yaml.guards.deletes - More deletes"),
        ("ClientTeam.members.isPrimary", "studio-tracker/ClientTeam.members.isPrimary"),
    ],
)
def test_explain(cli: Cli, what: str, says: str) -> None:
    assert says in cli("explain", what).out


def test_explain_alone_lists_the_kinds(cli: Cli) -> None:
    assert cli("explain").out == cli("kinds").out


def test_explain_names_the_kind_that_is_called_as_the_project_file(cli: Cli) -> None:
    text = cli("explain", "Project").out
    assert "reconciler.yaml" in text
    assert text.endswith("reconciler explain studio-tracker/Project\n")
    assert "There is a kind" not in cli("explain", "reconciler.yaml").out


def test_explain_tells_every_setting_of_every_provider(cli: Cli) -> None:
    text = cli("explain", "reconciler.yaml").out
    settings = {name for one in catalog().providers.values() for name in one.settings}
    assert settings >= {"account", "organisation", "singleOrganisation", "avatarPart"}
    assert [name for name in settings if not re.search(rf"^ +of each entry: {name} *$", text, re.MULTILINE)] == []
    assert "omni-cms: The e-mail address" in cli("explain", "reconciler.yaml.targets.account").out


def test_explain_tells_of_both_where_two_providers_have_a_kind(cli: Cli) -> None:
    text = cli("explain", "User").out
    assert "omni-analytics/User" in text
    assert "studio-tracker/User" in text


@pytest.mark.parametrize(
    ("what", "hint"),
    [
        ("Lable", "did you mean 'Label'?"),
        ("metadata.labls", "did you mean 'labels'?"),
        ("ClientTeam.membrs", "did you mean 'members'?"),
        ("Zzz", "known: "),
        ("analytics/User", "did you mean 'omni-analytics/User'?"),
    ],
)
def test_explain_guesses_what_was_meant(cli: Cli, what: str, hint: str) -> None:
    said = cli("explain", what)
    assert said.code == 3
    assert hint in said.err


def test_explain_knows_the_targets_of_the_project(cli: Cli, project: Path) -> None:
    assert cli("explain", "analytics/User").out == cli("explain", "omni-analytics/User").out
    (project / "reconciler.yaml").write_text("targets: [")
    assert "did you mean 'omni-analytics/User'?" in cli("explain", "analytics/User").err


def test_explain_in_short(cli: Cli) -> None:
    text = cli("explain", "Schedule", "--short").out
    assert "\n  format              one of csv, link_only, json, pdf, png, xlsx\n" in text
    assert "a change" not in text
    assert cli("explain", "metadata", "--short").code == 3


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(cli: Cli, shell: str) -> None:
    said = cli("completion", shell)
    assert said.code == 0
    assert "_RECONCILER_COMPLETE" in said.out
    if shell == "bash" and (bash := shutil.which("bash")):
        assert subprocess.run([bash, "-n"], input=said.out, text=True).returncode == 0


def test_completion_completes() -> None:
    words = {"COMP_WORDS": "reconciler pl", "COMP_CWORD": "1", "_RECONCILER_COMPLETE": "bash_complete"}
    assert spawned(**words).stdout.split() == ["plain,plan"]


# init


STARTED = ("briefs", "folders", "keywords", "labels", "site", "teams")
"""The starter project's manifests."""


def test_init_makes_a_project_that_is_valid(cli: Cli, project: Path) -> None:
    made = {str(p.relative_to(project)) for p in project.rglob("*") if p.is_file()}
    assert made == {
        ".gitignore",
        ".reconciler/.gitignore",
        ".reconciler/ledger.db",
        "README.md",
        *(f"manifests/{name}.yaml" for name in STARTED),
        "reconciler.yaml",
    }
    assert stat.S_IMODE((project / ".reconciler/ledger.db").stat().st_mode) == 0o600
    said = cli("validate")
    assert (said.code, said.out) == (0, "Valid: 12 documents for 5 targets\n")
    assert json.loads(cli("validate", "--output", "json").out)["valid"] is True
    assert cli("validate", "--output", "markdown").out == "### All manifests are valid\n"


def test_init_makes_a_project_without_manifests(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "tenant" / "manifests").mkdir(parents=True)
    (tmp_path / "tenant" / "manifests" / ".gitkeep").write_text("")
    said = cli("init", "--empty", "tenant")
    assert said.code == 0
    assert "kept manifests/.gitkeep" in said.out
    assert said.out.endswith("\n  cd tenant\n  reconciler doctor\n")
    made = {str(p.relative_to("tenant")) for p in Path("tenant").rglob("*") if p.is_file()}
    ledger = {".reconciler/.gitignore", ".reconciler/ledger.db"}
    assert made == {".gitignore", "README.md", "manifests/.gitkeep", "reconciler.yaml", *ledger}
    assert {"secrets/", "keys/", ".reconciler/"} <= set(Path("tenant/.gitignore").read_text().splitlines())
    valid = cli("validate", "--project", "tenant")
    assert (valid.code, "Valid: 0 documents" in valid.out) == (0, True)


def test_init_leads_on_to_commands_that_do_not_block(cli: Cli) -> None:
    assert cli("init", "a b").out.endswith("\n  cd 'a b'\n  reconciler twin serve &\n")


def test_init_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/labels.yaml").symlink_to("nowhere")
    said = cli("init", ".")
    assert said.code == 1
    assert "already: manifests/labels.yaml" in said.err
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["README.md", "labels.yaml", "manifests"]


def test_init_keeps_a_readme_and_what_git_ignores(cli: Cli, tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_text("mine")
    said = cli("init")
    assert said.code == 0
    assert "kept README.md: it is yours" in said.out
    assert "kept .gitignore" in said.out
    assert "read README.md" not in said.out
    assert [(tmp_path / name).read_text() for name in ("README.md", ".gitignore")] == ["mine", "mine"]
    assert (tmp_path / ".reconciler/.gitignore").read_text() == "*\n"


def test_init_makes_just_the_ledger_where_it_is_asked(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".reconciler/ledger.db").unlink()
    said = cli("init", "--ledger-only")
    assert (said.code, said.out) == (0, "made .reconciler/ledger.db\n")
    before = (project / ".reconciler/ledger.db").read_bytes()
    monkeypatch.chdir(project / "manifests")
    said = cli("init", "--ledger-only")
    assert said.code == 0
    assert said.out == f"{project.resolve() / '.reconciler/ledger.db'} is there already: untouched\n"
    assert (project / ".reconciler/ledger.db").read_bytes() == before
    assert not (project / "manifests/.reconciler").exists()


# validate


def test_all_problems_at_once_with_their_places(cli: Cli, project: Path) -> None:
    (project / "manifests/labels.yaml").write_text(
        "apiVersion: omni-analytics/v1\nkind: Label\nmetadata: {name: a}\nspec: {nmae: A}\n"
    )
    said = cli("validate")
    assert said.code == 1
    assert "manifests/labels.yaml:4:8: error:" in said.err
    assert "did you mean 'name'?" in said.err
    as_json = cli("validate", "--output", "json")
    assert as_json.code == 1
    assert json.loads(as_json.out)["problems"][0]["line"] == 4
    assert cli("validate", "--output", "markdown").code == 1


def test_a_problem_does_not_act_on_the_terminal(cli: Cli, project: Path) -> None:
    (project / "manifests/labels.yaml").write_text('apiVersion: "\\e[31m"\nkind: Label\n')
    said = cli("validate")
    assert said.code == 1
    assert "\x1b" not in said.err
