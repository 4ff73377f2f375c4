"""What a command imports is what its start costs: nothing heavy that it does not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.conftest import Cli

SCRIPT = """
import json, sys
before = set(sys.modules)
from reconciler.cli import main
sys.argv = ["reconciler", *sys.argv[1:]]
code = main()
tops = {name.split(".")[0] for name in set(sys.modules) - before}
ours = {name for name in set(sys.modules) - before if name.startswith("reconciler")}
print(json.dumps([code, sorted(tops), sorted(ours)]), file=sys.stderr)
"""
HEAVY = {
    "click", "httpx", "rich", "jsonschema", "jsonschema_rs", "deepdiff", "asyncio", "sqlite3", "yaml", "starlette",
    "uvicorn",
}  # fmt: skip
ALLOWED = {
    ("--version",): set(),
    ("--help",): {"click"},
    ("kinds",): {"click", "yaml"},
    ("explain", "ClientTeam.members"): {"click", "yaml"},
    ("completion", "fish"): {"click"},
    ("validate",): {"click", "yaml", "jsonschema_rs"},
    ("twin", "--help"): {"click"},
    ("doctor", "--help"): {"click"},
}


def imported(*words: str) -> tuple[int, set[str], set[str]]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, timeout=60)
    code, tops, ours = json.loads(done.stderr.splitlines()[-1])
    return code, set(tops), set(ours)


@pytest.mark.parametrize("words", ALLOWED, ids=" ".join)
def test_a_command_imports_only_what_it_needs(words: tuple[str, ...], cli: Cli, project: object) -> None:
    code, tops, _ = imported(*words)
    assert code == 0
    assert tops & HEAVY <= ALLOWED[words]


def test_what_safe_calls_can_tell_is_imported_by_doctor_alone(cli: Cli, project: object) -> None:
    for words in (("validate",), ("kinds",), ("doctor", "--offline")):
        _, tops, ours = imported(*words)
        assert [name for name in ours if name.endswith((".probes", ".probing"))] == []
        assert ("reconciler.workflow.doctor" in ours) == (words[0] == "doctor")
        assert not {"httpx", "deepdiff", "rich"} & tops


def test_the_version_is_read_and_nothing_else() -> None:
    _, _, ours = imported("--version")
    assert ours == {"reconciler", "reconciler.cli", "reconciler.version"}
