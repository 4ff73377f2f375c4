"""Errors say one thing, show no secret, and end with the right code; output that nobody reads is no error."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.cli import MACHINE, ending, exit_codes, output
from reconciler.cli.progress import Line
from reconciler.model.change import Hold, Verb
from reconciler.model.faults import GuardRefused, PlanStale, ProviderRefused, ProviderUnreachable, ReconcilerError
from reconciler.model.outcome import End, Outcome, Report
from reconciler.model.plan import Action
from reconciler.model.record import replace
from tests.cli.conftest import Cli
from tests.golden.sample import label, quiet_plan

PROJECT = """\
apiVersion: reconciler/v1
kind: Project
targets: {analytics: {provider: omni-analytics}}
manifests: [manifests/]
"""
SECRET = "canary-5e12f0a77b"


def test_a_bug_is_called_one(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("wheels\x1b[31m came off")

    monkeypatch.setattr(workflow, "catalog", broken)
    said = cli("kinds")
    assert said.code == 8
    assert said.err == (
        "error: this is a bug in reconciler: RuntimeError: wheels\\x1b[31m came off\n"
        "hint: run again with --debug to see where\n"
    )
    shown = cli("kinds", "--debug").err
    assert shown.startswith("Traceback (most recent call last):\n")
    assert "\x1b" not in shown


@pytest.mark.parametrize("library", ["click", "yaml", "httpx", "jsonschema_rs"])
def test_a_library_that_is_missing_is_named(library: str, tmp_path: Path) -> None:
    """Whenever it turns out: at the start, or in the command that needs it."""
    (tmp_path / "manifests").mkdir()
    label = "{apiVersion: omni-analytics/v1, kind: Label, metadata: {name: a}, spec: {name: Finance}}\n"
    (tmp_path / "manifests" / "a.yaml").write_text(label, encoding="utf-8")
    (tmp_path / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
    code = f"import sys; sys.modules[{library!r}] = None; from reconciler.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "plan"]
    given = {**os.environ, "RECONCILER_ANALYTICS_URL": "http://127.0.0.1:9", "RECONCILER_ANALYTICS_KEY": "k"}
    ended = subprocess.run(words, cwd=tmp_path, env=given, capture_output=True, text=True, check=False)

    assert ended.returncode == exit_codes.REMOTE == MACHINE
    assert ended.stderr.startswith(f"error: the Python library {library} is missing")
    assert "hint: install it again with all it needs" in ended.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GuardRefused("no", hint="ask"), 4),
        (PlanStale("old"), 5),
        (ProviderRefused("no", target="a", request="GET /x", status=403), 8),
        (FileNotFoundError(2, "No such file or directory", "x"), 8),
    ],
)
def test_every_error_has_its_code_and_no_traceback(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(workflow, "catalog", broken)
    said = cli("kinds")
    assert said.code == code
    assert said.err.startswith("error: ")
    assert "Traceback" not in said.err
    assert ("hint: ask" in said.err) == (isinstance(error, ReconcilerError) and error.hint == "ask")


def test_secrets_are_masked_in_every_error(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "operator.yaml").write_text(
        "targets:\n  a: {url: 'https://a.example.com', credential: {fromEnv: ODD_NAME}}\n"
        "  b: {url: x, credential: {fromFile: 'my keys/b'}}\n  c: {credential: {fromFile: c.key}}\n"
    )
    (tmp_path / "my keys").mkdir()
    (tmp_path / "my keys/b").write_text(f"{SECRET}-b\n")
    (tmp_path / "c.key").write_text(f"{SECRET}-c\n")
    monkeypatch.setenv("RECONCILER_CONFIG", str(tmp_path / "operator.yaml"))
    monkeypatch.setenv("ODD_NAME", f"{SECRET}-a")
    monkeypatch.setenv("RECONCILER_D_KEY", f"{SECRET}-d")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Smith")

    def broken() -> None:
        raise RuntimeError(f"Jane Smith: {SECRET}-a {SECRET}-b {SECRET}-c {SECRET}-d")

    monkeypatch.setattr(workflow, "catalog", broken)
    for words in (["kinds"], ["kinds", "--debug"]):
        shown = cli(*words).err
        assert SECRET not in shown
        assert "Jane Smith: *** *** *** ***" in shown


def test_a_broken_operator_file_hides_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "operator.yaml").write_bytes(b"\xff\xfe{{{")
    assert list(ending.secrets({"RECONCILER_CONFIG": str(tmp_path / "operator.yaml")})) == []
    assert list(ending.secrets({"RECONCILER_CONFIG": str(tmp_path)})) == []
    assert list(ending.secrets({})) == []


def in_a_shell(line: str) -> tuple[int, str]:
    """Exit code and errors of a shell line in which `reconciler` is the command under test."""
    words = line.replace("reconciler", f"{sys.executable} -m reconciler")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_a_reader_that_leaves_is_no_error() -> None:
    assert in_a_shell("reconciler kinds | true") == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no full device")
def test_a_full_disk_is_an_error() -> None:
    assert in_a_shell("reconciler kinds > /dev/full") == (8, "error: No space left on device\n")


def test_a_closed_output_is_no_error() -> None:
    assert in_a_shell("reconciler kinds >&-") == (0, "")


def test_a_terminal_without_unicode_still_gets_everything(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "explain", "Label"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert done.returncode == 0


class Terminal:
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "colour"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": ""}, False),
    ],
)
def test_colour_only_on_a_terminal_that_wants_it(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], colour: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "120")
    found = output.style(Terminal())  # type: ignore[arg-type]
    assert (found.colour, found.width) == (colour, 120)


class Screen(io.StringIO):
    """A terminal that remembers what was written on it."""

    def isatty(self) -> bool:
        return True


def test_errors_are_wrapped_on_a_terminal_and_addresses_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "50")
    url = "https://studio.example.com/a/path/that/is/longer/than/the/line"
    assert (
        ending.failed(GuardRefused(f"see {url} for all that is to be known of it", hint="x " * 60), debug=False)
        == 4
    )
    lines = screen.getvalue().splitlines()
    assert any(line.strip() == url for line in lines)
    assert all(len(line) <= 50 for line in lines if url not in line)


def test_errors_are_wrapped_where_nobody_knows_the_width_and_commands_stay_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = "`reconciler plan --only analytics/Label/production`"
    ending.failed(
        GuardRefused("much " * 40, hint=f"look at what stands here and then say {command}, once"), debug=False
    )
    lines = capsys.readouterr().err.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert any(command in line for line in lines)


def test_nobody_listening_on_this_machine_means_that_no_twins_are_served(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for host, hint in (("127.0.0.1", "is `reconciler twin serve` running?"), ("a.example.com", "ask")):
        fault = ProviderUnreachable(f"no connection to {host}: refused", target="a", request="GET /x", hint="ask")
        ending.failed(fault, debug=False)
        assert f"hint: {hint}" in capsys.readouterr().err


def test_progress_says_what_is_done_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = Line()
    for event in ("intend", "done", "failed"):
        line({"event": event, "line": "POST /v1/labels", "summary": "create Label One", "done": 1, "total": 2})
    shown = [part.strip() for part in screen.getvalue().split("\r")[1:]]
    assert shown == ["1/2 calls  create Label One"] * 2 + ["1/2 calls  create Label One  failed"]


def test_what_was_not_sent_is_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = Line()
    for event in ("not sent", "blocked"):
        line({"event": event, "line": "POST /v1/labels", "summary": "create Label One", "done": 1, "total": 2})
    line.clear()
    assert screen.getvalue() == ""


def test_a_pipe_gets_eighty_columns_and_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert (output.style().colour, output.style().width) == (False, 80)


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ("", 0),
        ("done", 0),
        ("done unneeded", 0),
        ("done held", 4),
        ("held", 4),
        ("stale", 5),
        ("stale held", 5),
        ("stale blocked", 5),
        ("done stale", 6),
        ("done failed", 6),
        ("done blocked", 6),
        ("done,not sent", 6),
        ("not sent", 6),
        ("failed", 8),
        ("failed blocked", 8),
        ("failed stale", 8),
        ("in doubt", 7),
        ("done failed,in doubt", 7),
    ],
)
def test_a_report_ends_with_its_gravest_outcome(ends: str, code: int) -> None:
    words = [w for part in ends.split(",") for w in ([part] if part in ("not sent", "in doubt") else part.split())]
    report = Report("p", "r", tuple(Outcome(str(n), End(word)) for n, word in enumerate(words)))
    assert exit_codes.of_report(report, quiet_plan()) == code


def test_what_is_held_so_firmly_that_it_has_no_calls_is_held_still() -> None:
    held = Action(Verb.CREATE, label("x"), "X", holds=(Hold("unresolved", "nobody", "name somebody", final=True),))
    plan = replace(quiet_plan(), actions=(held,))
    assert exit_codes.of_report(Report("p", "r", ()), plan) == 4
