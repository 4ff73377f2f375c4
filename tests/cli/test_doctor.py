"""`reconciler doctor` as a user types it: every part of a set-up that can be wrong, and its way out."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from reconciler.cli.exit_codes import FINE, HELD, INVALID, REMOTE, USAGE
from reconciler.twins import Fault, OmniCmsTwin, Twin
from reconciler.workflow import installed
from tests.cli.conftest import Cli, Said
from tests.cli.test_resume import AUTUMN, SPRING, begun, in_doubt, ledger

TARGETS = ("analytics", "cms", "core", "platform", "studio")
ABOUT = ("python", "packages", "project", "manifests", "operator", *TARGETS, "ledger", "sinks")


def signs(said: Said) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(said.out)["signs"]
    return found


def looked(cli: Cli, *words: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """The exit code, and the signs by what they are about."""
    said = cli("doctor", "--output", "json", *words)
    by: dict[str, list[dict[str, str]]] = {}
    for sign in signs(said):
        by.setdefault(sign["about"], []).append(sign)
    return said.code, by


def only(by: Mapping[str, list[dict[str, str]]], about: str, grade: str) -> dict[str, str]:
    [found] = [sign for sign in by[about] if sign["grade"] != "ok"]
    assert found["grade"] == grade, found
    assert found["wayOut"], found
    return found


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


# All is well


def test_a_set_up_in_which_all_is_well(cli: Cli, twins: Mapping[str, Twin]) -> None:
    said = cli("doctor")

    assert said.code == FINE, said
    rows = [line for line in said.out.splitlines() if line.startswith("ok ")]
    assert [row.split()[1] for row in rows[:11]] == [
        "python",
        "packages",
        "project",
        "manifests",
        "operator",
        *TARGETS,
        "ledger",
    ]
    assert said.out.endswith(f"{len(rows)} ok; 8 calls, all safe\n")
    assert sum(len(twin.log) for twin in twins.values()) == 8
    code, by = looked(cli)
    assert (code, set(by) <= set(ABOUT)) == (FINE, True)
    assert cli("doctor", "--output", "markdown").out.startswith("### ")


def test_no_key_is_ever_shown(cli: Cli, twins: Mapping[str, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_CMS_KEY", "canary-5f1e")
    for words in (
        ["doctor"],
        ["doctor", "--output", "json"],
        ["doctor", "--live", "cms"],
        ["doctor", "--offline"],
    ):
        said = cli(*words)
        assert "canary" not in said.out + said.err


def test_offline_nothing_is_sent(cli: Cli, twins: Mapping[str, Twin]) -> None:
    said = cli("doctor", "--offline")
    assert said.code == FINE
    assert said.out.endswith("11 ok; nothing was sent\n")
    assert all(len(twin.log) == 0 for twin in twins.values())


def test_only_the_targets_that_are_named_are_looked_at(cli: Cli, twins: Mapping[str, Twin]) -> None:
    _, by = looked(cli, "cms", "core")
    assert set(by) == {"python", "packages", "project", "manifests", "operator", "cms", "core", "ledger"}
    assert {name for name, twin in twins.items() if len(twin.log)} == {"cms", "core"}


# Files


def test_without_a_project_the_rest_is_not_guessed(cli: Cli) -> None:
    code, by = looked(cli)
    assert code == INVALID
    assert only(by, "project", "fail")["sentence"].startswith("no reconciler.yaml here")
    assert set(by) == {"python", "packages", "project"}


def test_a_project_file_that_is_wrong(cli: Cli, project: Path) -> None:
    edit(project / "reconciler.yaml", "provider: omni-cms", "provider: omni-cmz")
    code, by = looked(cli)
    assert code == INVALID
    assert only(by, "project", "fail")["sentence"] == "1 error in 1 file"


def test_manifests_that_are_wrong_do_not_hide_what_else_is(cli: Cli, project: Path) -> None:
    (project / "manifests/labels.yaml").write_text("kind: Label\n---\nkind: Label\n")
    (project / ".reconciler/ledger.db").unlink()
    code, by = looked(cli, "--offline")
    assert code == INVALID
    assert only(by, "manifests", "fail")["wayOut"] == "`reconciler validate` shows each with its place"
    assert "errors in 1 file" in only(by, "manifests", "fail")["sentence"]
    assert only(by, "ledger", "warn")["wayOut"] == "make one with `reconciler init --ledger-only`"


def test_warnings_are_counted(cli: Cli, project: Path) -> None:
    edit(project / "manifests/teams.yaml", "slug: ", "slug: x-")
    _, by = looked(cli, "--offline")
    assert "warning" in only(by, "manifests", "warn")["sentence"]


def test_variables_are_those_of_the_environment(cli: Cli, project: Path) -> None:
    assert cli("doctor", "-e", "nowhere").code == USAGE


# Operator


def test_nothing_is_configured(cli: Cli, project: Path) -> None:
    code, by = looked(cli)
    assert code == INVALID
    for name in TARGETS:
        found = only(by, name, "fail")
        assert (
            found["sentence"] == f"the operator's configuration has no URL or credential for the target '{name}'"
        )
        assert f"RECONCILER_{name.upper()}_URL" in found["wayOut"]


def test_a_target_that_no_document_uses_may_go_without(cli: Cli, project: Path) -> None:
    (project / "manifests/briefs.yaml").unlink()
    _, by = looked(cli, "--offline")
    only(by, "platform", "warn")
    _, by = looked(cli, "--offline", "platform")
    only(by, "platform", "fail")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://cms.example.com", "must be https: the credential would be readable on its way"),
        ("https://k1:k2@cms.example.com", "must hold no user, query or fragment"),
        ("ftp://cms.example.com", "must begin with https:// and a host"),
    ],
)
def test_a_url_that_cannot_be_used(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    monkeypatch.setenv("RECONCILER_CMS_URL", url)
    monkeypatch.setenv("RECONCILER_CMS_KEY", "abcdef")
    _, by = looked(cli, "--offline", "cms")
    assert says in next(s["sentence"] for s in by["cms"] if s["grade"] == "fail")


def test_a_url_that_the_provider_cannot_parse(cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_PLATFORM_URL", "https://omg.example.com")
    monkeypatch.setenv("RECONCILER_PLATFORM_KEY", "abcdef")
    _, by = looked(cli, "--offline", "platform")
    assert "write it with its tenant" in only(by, "platform", "fail")["sentence"]


def test_a_credential_that_cannot_be_had(cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = project / "cms.key"
    key.write_text("abcdef\n")
    key.chmod(0o644)
    config = project / "operator.yaml"
    config.write_text(f"targets:\n  cms: {{url: 'https://cms.example.com', credential: {{fromFile: {key}}}}}\n")
    monkeypatch.setenv("RECONCILER_CONFIG", str(config))
    _, by = looked(cli, "--offline", "cms")
    assert only(by, "cms", "fail")["wayOut"] == f"chmod 600 {key}"
    key.chmod(0o600)
    _, by = looked(cli, "--offline", "cms")
    assert by["cms"][0]["sentence"] == f"https://cms.example.com:443/api/v1, with the API key from file {key}"


def test_an_operators_file_that_is_wrong_is_said_once(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = project / "operator.yaml"
    monkeypatch.setenv("RECONCILER_CONFIG", str(config))
    assert "cannot be read" in only(looked(cli)[1], "operator", "fail")["sentence"]
    config.write_text("targetz: {}\n")
    code, by = looked(cli)
    assert code == INVALID
    assert f"{config}:1:1" in only(by, "operator", "fail")["sentence"]
    assert not set(by) & set(TARGETS)


# Ledger and sinks


def test_a_ledger_that_others_could_read(cli: Cli, project: Path) -> None:
    ledger = project / ".reconciler/ledger.db"
    ledger.chmod(0o640)
    _, by = looked(cli, "--offline")
    assert "its mode was 0640, and is 0600 now" in only(by, "ledger", "warn")["sentence"]
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


def test_a_ledger_that_something_changed(cli: Cli, project: Path) -> None:
    import sqlite3

    with sqlite3.connect(project / ".reconciler/ledger.db") as database:
        database.execute("DROP TRIGGER events_last")
    database.close()
    code, by = looked(cli, "--offline", "cms")
    assert code == INVALID, "the operator's side is wrong too"
    assert "its tables are not as they were made" in only(by, "ledger", "fail")["sentence"]


def test_a_damaged_ledger_alone_is_to_be_mended_here(cli: Cli, twins: Mapping[str, Twin]) -> None:
    Path(".reconciler/ledger.db").write_bytes(b"no database")
    assert cli("doctor").code == INVALID


def test_a_driver_that_is_missing_is_to_be_installed_here(
    cli: Cli, project: Path, twins: Mapping[str, Twin], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://127.0.0.1:1/reconciler"
    file = project / "reconciler.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("ledger:")]
    file.write_text("\n".join([*lines, f'ledger: {{url: "{url}"}}', ""]))
    monkeypatch.setenv("RECONCILER_LEDGER_URL", url)
    monkeypatch.setenv("RECONCILER_LEDGER_USER", "jane")
    monkeypatch.setitem(sys.modules, "psycopg", None)

    code, by = looked(cli, "--offline")

    assert code == INVALID
    assert only(by, "ledger", "fail")["wayOut"] == "pip install 'reconciler[postgresql]'"


def test_a_servers_url_that_the_project_does_not_use_is_told(
    cli: Cli, project: Path, twins: Mapping[str, Twin], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_LEDGER_URL", "postgresql://db.example.com/reconciler")

    code, by = looked(cli, "--offline")

    well, unused = by["ledger"]
    assert (code, well["grade"], unused["grade"]) == (FINE, "ok", "warn")
    assert "RECONCILER_LEDGER_URL is set, and the project keeps its ledger in" in unused["sentence"]
    assert "reconciler.yaml" in unused["wayOut"]


def test_runs_that_did_not_finish_and_creates_in_doubt_are_told_with_their_commands(
    cli: Cli, project: Path
) -> None:
    with ledger(project) as found:
        in_doubt(found, SPRING)
        begun(found, AUTUMN)

    _, by = looked(cli, "--offline")

    _, run, doubt = by["ledger"]
    assert run["sentence"] == "1 run without an end: cut short, in doubt, or at work just now"
    assert run["wayOut"].startswith("`reconciler apply`")
    assert doubt["sentence"] == "1 create in doubt: only a person can tell"
    assert doubt["wayOut"].startswith("`reconciler resume`")


def test_sinks_are_looked_at_and_nothing_is_made(cli: Cli, project: Path) -> None:
    invitation = (
        "apiVersion: studio-tracker/v1\nkind: Invitation\nmetadata: {name: new}\n"
        "spec: {email: new@example.com, role: PRODUCER, link: {toFile: links/new.txt}}\n"
    )
    (project / "manifests/invitation.yaml").write_text(invitation)
    _, by = looked(cli, "--offline")
    assert by["sinks"][0]["sentence"] == "1 place for values that are shown once"
    assert not (project / "links").exists()
    (project / "links").mkdir()
    (project / "links/new.txt").write_text("old")
    (project / "links/new.txt").chmod(0o644)
    _, by = looked(cli, "--offline")
    assert "studio/Invitation/new: the sink" in only(by, "sinks", "fail")["sentence"]
    if os.geteuid():
        (project / "links/new.txt").unlink()
        (project / "links").chmod(0o500)
        _, by = looked(cli, "--offline")
        assert "is closed to this user" in only(by, "sinks", "fail")["sentence"]


# Far ends


def test_a_server_that_is_down_ends_with_8(cli: Cli, twins: Mapping[str, Twin]) -> None:
    twins["core"].faults.add(Fault("status", status=503, times=None))
    code, by = looked(cli)
    assert code == REMOTE
    assert only(by, "core", "fail")["sentence"].startswith(
        "it is down: POST /common/locales/retrieve: answered 503"
    )


def test_what_is_wrong_here_comes_before_what_is_wrong_there(cli: Cli, twins: Mapping[str, Twin]) -> None:
    twins["core"].faults.add(Fault("status", status=503, times=None))
    Path("manifests/labels.yaml").write_text("kind: Label\n")
    assert cli("doctor").code == INVALID


def test_what_a_server_says_is_harmless(cli: Cli, twins: Mapping[str, Twin]) -> None:
    twins["cms"].faults.add(Fault("redirect", location="https://x\x1b[31m<b>.example.com/", times=None))
    for form in ("text", "json", "markdown"):
        assert "\x1b" not in cli("doctor", "--output", form, "cms").out


# Live


def test_live_confirms_and_counts(cli: Cli, twins: Mapping[str, Twin]) -> None:
    said = cli("doctor", "--live", "cms")
    assert said.code == FINE
    assert said.out.startswith("cms (omni-cms): ")
    assert "confirmed    CM-A1  " in said.out
    assert "CM-A10" in said.out
    assert said.out.endswith(f"{len(twins['cms'].log)} calls, all safe\n")
    found = json.loads(cli("doctor", "--live", "cms", "--output", "json").out)
    assert found["assumptions"][0] | {"seen": ""} == {
        "id": "CM-A1",
        "assumed": "bodies are JSON with quoted keys",
        "told": "confirmed",
        "seen": "",
        "then": None,
    }
    assert found["requests"][0] == "cms: GET /space/all"
    assert cli("doctor", "--live", "cms", "--output", "markdown").out.startswith("### `cms`: ")


def test_live_ends_with_4_where_something_is_refuted(cli: Cli, twins: Mapping[str, Twin]) -> None:
    cms = twins["cms"]
    assert isinstance(cms, OmniCmsTwin)
    cms.knobs.set("search-needs-terms", "adversarial")
    said = cli("doctor", "--live", "cms")
    assert said.code == HELD
    assert "refuted      CM-A2  " in said.out
    assert "then: the spaces are walked instead, and nothing is deleted (CM-R12)" in " ".join(said.out.split())


def test_live_ends_with_8_where_nothing_answers(cli: Cli, twins: Mapping[str, Twin]) -> None:
    twins["studio"].faults.add(Fault("status", status=404, times=None))
    said = cli("doctor", "--live", "studio")
    assert said.code == REMOTE
    assert " ".join(said.out.split()).endswith("all safe: nothing that was asked was answered")


def test_live_needs_a_key_that_is_accepted(
    cli: Cli, twins: Mapping[str, Twin], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_CMS_KEY", "another")
    said = cli("doctor", "--live", "cms")
    assert (said.code, said.out) == (REMOTE, "")
    assert "does not accept the API key from env RECONCILER_CMS_KEY" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--live"], "--live asks one target at a time"),
        (["--live", "cms", "core"], "--live asks one target at a time"),
        (["--live", "cms", "--offline"], "--live asks one target at a time"),
        (["--live", "cmz"], "the project has no target 'cmz'"),
        (["cmz"], "the project has no target 'cmz'"),
    ],
)
def test_words_that_do_not_fit(cli: Cli, project: Path, words: list[str], says: str) -> None:
    said = cli("doctor", *words)
    assert said.code == USAGE
    assert says in said.err


# Packages


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("click>=8.1.7,<9", None),
        ("click<8,>=7", "click is "),
        ("no-such-package>=1", "no-such-package is missing"),
        ("click>=8", None),
        ("click", None),
        ("click>=99", "and >=99 is needed"),
    ],
)
def test_a_package_that_is_missing_or_of_another_version(line: str, says: str | None) -> None:
    found = installed.package(line)
    assert (found is None) == (says is None)
    if found is not None and says is not None:
        assert says in found.sentence
        assert found.way_out == f"pip install '{line}'"


def test_a_program_that_was_never_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installed, "requires", nothing)
    [sign] = installed.packages()
    assert (sign.grade, "without being installed" in sign.sentence) == ("warn", True)


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert installed.python().sentence == "3.10.4 is too old"
