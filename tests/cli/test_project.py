"""A project from its first plan to its last, as a person types it, against twins."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reconciler.twins import TWINS, Fault, Twin
from tests.cli.conftest import Cli, Said, spawned

Twins = dict[str, Twin]


def writes(twins: Twins) -> list[str]:
    return [entry.call for twin in twins.values() for entry in twin.log if entry.write]


def edited(project: Path, old: str, new: str) -> None:
    for path in (project / "manifests").glob("*.yaml"):
        text = path.read_text()
        if old in text:
            path.write_text(text.replace(old, new))
            return
    raise AssertionError(old)


@pytest.fixture
def applied(cli: Cli, twins: Twins) -> Said:
    """The starter project, applied once; the twins' logs are empty."""
    said = cli("apply", "--yes")
    assert said.code == 0, said.err
    for twin in twins.values():
        twin.log.clear()
    return said


# plan


def test_a_plan_reads_and_writes_nothing(cli: Cli, twins: Twins) -> None:
    said = cli("plan")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Plan: 6 to create, 6 to adopt\ncalls: 8 (+ at most 1)  bound: 8  ")
    assert said.out.endswith("next: reconciler apply\n")
    assert writes(twins) == []


def test_the_exit_code_of_a_plan_says_whether_changes_are_pending(cli: Cli, twins: Twins) -> None:
    assert cli("plan", "--detailed-exitcode").code == 2
    assert cli("apply", "--yes").code == 0
    done = cli("plan", "--detailed-exitcode")
    assert done.code == 0
    assert "Nothing to do: 12 things were looked at, and all is as declared. 0 calls" in done.out


def test_a_plan_works_without_a_ledger(cli: Cli, project: Path, twins: Twins) -> None:
    (project / ".reconciler/ledger.db").unlink()
    planned = cli("plan")
    assert planned.code == 0
    assert "no ledger: reasons are unknown" in planned.out
    assert "next:" not in planned.out
    for words in ([], ["--detailed-exitcode"], ["--ephemeral-ledger"]):
        refused = cli("drift", *words)
        assert (refused.code, refused.out) == (3, "")
        assert "there is no ledger, so drift cannot be told" in refused.err
        assert "hint: `reconciler plan` compares" in refused.err
    said = cli("apply", "--yes")
    assert said.code == 3
    assert "there is no ledger" in said.err
    assert cli("apply", "--yes", "--ephemeral-ledger").code == 0


def test_the_plan_in_every_form(cli: Cli, twins: Twins) -> None:
    as_json = json.loads(cli("plan", "--output", "json").out)
    assert as_json["counts"]["calls"] == 8
    assert cli("plan", "--output", "markdown").out.startswith("### Plan: 6 to create, 6 to adopt\n")
    calls = cli("plan", "--calls").out
    assert 'POST /v1/labels\n     {"name": "Production", "verified": true}\n' in calls


def test_a_selection_is_said_and_goes_into_the_next_command(cli: Cli, twins: Twins) -> None:
    said = cli("plan", "--only", "kind:Label", "--exclude", "analytics/Label/draft", "--var", "year=a b")
    assert "left out by the selection: 10" in said.out
    next_command = "next: reconciler apply --var 'year=a b' --only kind:Label --exclude analytics/Label/draft"
    assert next_command in " ".join(said.out.split())
    assert all("client-teams" not in e.call for t in twins.values() for e in t.log)


def test_environments_change_variables(cli: Cli, twins: Twins) -> None:
    assert "Plan 2027" in cli("plan", "-e", "next").out
    said = cli("plan", "-e", "nxt")
    assert (said.code, "did you mean 'next'?" in said.err) == (3, True)


def test_a_target_that_is_not_there_ends_with_8(cli: Cli, twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_STUDIO_URL", "http://127.0.0.1:9/x")
    said = cli("plan")
    assert said.code == 8
    assert said.err.startswith("error: studio: GET ")
    assert "k1" not in said.err


def test_the_project_can_be_named(cli: Cli, project: Path, twins: Twins, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    assert cli("plan").code == 3
    said = cli("plan", "--project", "studio")
    assert said.code == 0
    assert "next: reconciler apply --project studio" in said.out


# apply


def test_apply_does_what_the_plan_said_and_leaves_nothing(cli: Cli, twins: Twins, applied: Said) -> None:
    assert "Apply: 8 done" in applied.out
    assert "recorded without a call: 6" in applied.out
    assert "next:" not in applied.out.split("Apply:")[1]
    again = cli("apply", "--yes")
    assert (again.code, again.out.count("\n")) == (0, 3)
    assert "\nledger head " in again.out, "every apply says where the chain ends"
    assert writes(twins) == []


def test_a_saved_plan_is_applied_once(cli: Cli, twins: Twins, project: Path) -> None:
    assert "next: reconciler apply plan.json" in cli("plan", "--out", "plan.json").out
    assert cli("show", "plan.json").out.startswith("Plan: 6 to create, 6 to adopt")
    assert cli("apply", "plan.json", "--yes").code == 0
    said = cli("apply", "plan.json", "--yes")
    assert said.code == 5
    assert "a plan is used once" in said.err
    assert len(writes(twins)) == 8


def test_a_saved_plan_is_refused_when_the_files_or_the_plan_changed(cli: Cli, twins: Twins, project: Path) -> None:
    cli("plan", "--out", "plan.json")
    text = (project / "plan.json").read_text()
    (project / "plan.json").write_text(text.replace("Production", "Produktion"))
    assert cli("apply", "plan.json", "--yes").code == 5
    assert cli("show", "plan.json").code == 5
    (project / "plan.json").write_text(text)
    edited(project, "Production", "Produktion")
    said = cli("apply", "plan.json", "--yes")
    assert (said.code, "the manifests have changed" in said.err) == (5, True)
    assert writes(twins) == []


def test_a_thing_that_moved_since_the_plan_is_not_overwritten(
    cli: Cli, twins: Twins, applied: Said, project: Path
) -> None:
    edited(project, "verified: true", "verified: false")
    cli("plan", "--out", "plan.json")
    twins["analytics"].edit("PUT", "/v1/labels/Production", {"verified": False, "homepage": True})
    said = cli("apply", "plan.json", "--yes")
    assert said.code == 5
    assert "Stale:" in said.out
    assert "next: reconciler apply" in said.out
    assert writes(twins) == []


def test_a_refusal_is_reported_and_the_rest_goes_on(cli: Cli, twins: Twins) -> None:
    twins["analytics"].faults.add(Fault("status", "POST", "/v1/labels", status=403))
    said = cli("apply", "--yes")
    assert said.code == 6
    assert "Apply: 7 done, 1 failed" in said.out
    assert "Failed (1)" in said.out


def test_results_and_progress_for_machines(cli: Cli, twins: Twins) -> None:
    said = cli("apply", "--yes", "--output", "json", "--progress", "json")
    value = json.loads(said.out)
    assert value["report"]["things"]["done"] == 8
    assert value["report"]["counts"]["done"] == 9, "what goes along in a batch, and the batch"
    assert value["report"]["exitCode"] == 0
    events = [json.loads(line) for line in said.err.splitlines()]
    assert len({e["call"] for e in events if e["event"] == "done"}) == 9
    assert {(e["done"], e["total"]) for e in events[-1:]} == {(8, 8)}
    assert cli("apply", "--yes", "--output", "markdown").out.startswith("### Apply: 0 calls\n")


def test_a_hold_is_released_by_name_for_one_plan(cli: Cli, twins: Twins, applied: Said, project: Path) -> None:
    edited(project, "metadata: {name: production}", "metadata: {name: production, lifecycle: {protect: true}}")
    assert cli("apply", "--yes").code == 0
    edited(
        project,
        "verified: true",
        "verified: true}\n---\napiVersion: omni-analytics/v1\nkind: Label\nmetadata: {name: x}\nspec: {name: Xx",
    )
    text = (project / "manifests/labels.yaml").read_text()
    (project / "manifests/labels.yaml").write_text(text.split("---", 1)[1])
    said = cli("plan", "--only", "analytics/Label/*", "--detailed-exitcode", "--out", "plan.json")
    assert "held: protected" in said.out
    plan_id = json.loads((project / "plan.json").read_text())["id"]
    word = "protected@analytics/Label/production"
    wrong = cli("apply", "plan.json", "--yes", "--override", word, "--plan-id", "sha256:0", "--reason", "r")
    assert (wrong.code, "not sha256:0" in " ".join(wrong.err.split())) == (5, True)
    held = cli("apply", "plan.json", "--yes")
    assert held.code == 4
    assert "DELETE /v1/labels/Production" not in writes(twins)
    cli("plan", "--only", "analytics/Label/*", "--out", "plan.json")
    plan_id = json.loads((project / "plan.json").read_text())["id"]
    done = cli("apply", "plan.json", "--yes", "--override", word, "--plan-id", plan_id, "--reason", "FIN-12")
    assert done.code == 0, done.out + done.err
    assert "DELETE /v1/labels/Production" in writes(twins)


def test_an_apply_tells_what_is_held_without_a_call(cli: Cli, twins: Twins, applied: Said, project: Path) -> None:
    text = (project / "manifests/teams.yaml").read_text()
    (project / "manifests/teams.yaml").write_text(text.replace("jane@example.com", "nobody@example.com"))
    assert "held: 1" in cli("plan").out
    said = cli("apply", "--yes")
    assert said.code == 4
    told = said.out.split("Apply: ")[1]
    assert "1 held" in told.splitlines()[0]
    assert "held: unresolved" in told
    assert "way out: " in told


# drift


def test_drift_is_found_explained_and_repaired(cli: Cli, twins: Twins, applied: Said) -> None:
    assert cli("drift", "--detailed-exitcode").code == 0
    twins["analytics"].edit("PUT", "/v1/labels/Production", {"verified": False})
    said = cli("drift", "--detailed-exitcode")
    assert said.code == 2
    assert "verified: false -> true   (drift)" in said.out
    assert "put it back: reconciler apply --only analytics/Label/production" in said.out
    assert json.loads(cli("drift", "--output", "json").out)["drift"][0]["address"] == "analytics/Label/production"
    assert "### Drift: 1 thing differs" in cli("drift", "--output", "markdown").out
    assert cli("apply", "--only", "analytics/Label/production", "--yes").code == 0
    assert writes(twins) == ["PUT /v1/labels/Production"]
    assert cli("drift", "--detailed-exitcode").code == 0


def test_what_the_manifests_ask_for_is_not_drift(cli: Cli, twins: Twins, applied: Said, project: Path) -> None:
    edited(project, "verified: true", "verified: false")
    assert cli("plan", "--detailed-exitcode").code == 2
    assert cli("drift", "--detailed-exitcode").code == 0


# a terminal, and twins in processes of their own


def on_a_terminal(answer: str, *words: str) -> tuple[int, str]:
    """Run a command on a pseudo-terminal, and type one line when it asks."""
    pty = pytest.importorskip("pty")
    code, shown = 0, b""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "reconciler", *words])  # noqa: S606 - this is the process under test
    asked = False
    while True:
        try:
            got = os.read(terminal, 4096)
        except OSError:
            got = b""
        if not got:
            break
        shown += got
        if not asked and b"Only `yes` applies it" in shown:
            os.write(terminal, answer.encode() + b"\n")
            asked = True
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    code = os.waitstatus_to_exitcode(status)
    return code, shown.decode("utf-8", "replace")


def test_a_person_is_asked_and_only_yes_applies(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    code, shown = on_a_terminal("y", "apply")
    assert (code, "Not applied: nothing was sent." in shown) == (4, True)
    assert writes(twins) == []
    code, shown = on_a_terminal("yes", "apply")
    assert code == 0
    assert "\x1b[1m" in shown
    assert len(writes(twins)) == 8


def started(*words: str) -> tuple[subprocess.Popen[str], str]:
    """A command that goes on until it is told to stop, and what it said until then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = ""
    assert process.stdout is not None
    deadline = time.monotonic() + 30
    while "Ctrl-C" not in said and process.poll() is None and time.monotonic() < deadline:
        said += process.stdout.readline()
    return process, said


@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM"])
def test_served_twins_are_what_plan_and_apply_go_to(cli: Cli, project: Path, signal: str) -> None:
    import signal as signals

    process, said = started("twin", "serve", "--profile", "adversarial")
    try:
        config = project / ".reconciler/twins/operator.yaml"
        assert f"export RECONCILER_CONFIG={config}" in said
        keys = config.parent
        assert f'-H "Authorization: Bearer $(cat {keys / "analytics.key"})"' in said
        assert f'-H "X-API-Key: $(cat {keys / "studio.key"})"' in said
        assert "people: admin@example.com, jane@example.com" in said
        written = config.read_text(encoding="utf-8")
        assert written.startswith("# The operator's file of the twins")
        assert '"allow": {"env": ["SFTP_PASSWORD"]}' in written
        second = spawned("twin", "serve")
        assert (second.returncode, "served for this project already" in second.stderr) == (3, True)
        assert (keys / ".gitignore").read_text() == "*\n"
        stale = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", config.read_text())
        for file in config.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert spawned("plan").returncode == 3, "nothing in the project is used unless it is named"
        assert spawned("apply", "--yes", RECONCILER_CONFIG=str(config)).returncode == 0
        assert "Nothing to do" in spawned("plan", RECONCILER_CONFIG=str(config)).stdout
    finally:
        process.send_signal(signals.Signals[signal])
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "stopped" in rest
    assert not config.exists()
    assert "hint: is `reconciler twin serve` running?" in spawned("plan", RECONCILER_CONFIG=str(config)).stderr
    (project / ".reconciler" / "twins" / "stale.yaml").write_text(stale)
    gone = spawned("plan", RECONCILER_CONFIG=str(project / ".reconciler" / "twins" / "stale.yaml"))
    assert (gone.returncode, "hint: is `reconciler twin serve` running?" in gone.stderr) == (8, True)


def test_a_twin_knows_the_organisation_the_project_names(cli: Cli, project: Path) -> None:
    edited_file = project / "reconciler.yaml"
    text = edited_file.read_text()
    edited_file.write_text(text.replace("singleOrganisation: true #", "organisation: acme #"))
    process, _ = started("twin", "serve")
    try:
        done = spawned("plan", RECONCILER_CONFIG=str(project / ".reconciler/twins/operator.yaml"))
        assert done.returncode == 0, done.stderr
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("provider", TWINS)
def test_one_twin_without_a_project(provider: str) -> None:
    process, said = started("twin", "serve", "--provider", provider, "--empty")
    try:
        assert f"{provider}  http://127.0.0.1:87" in said
        assert f"key: {TWINS[provider].default_key}" in said
    finally:
        process.terminate()
        process.communicate(timeout=30)
