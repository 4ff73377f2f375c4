"""A project whose ledger lies on a server, as the people of a team type it, each on a machine of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.ledger import Who, open_ledger
from reconciler.model.ledger_place import LedgerAccess
from reconciler.twins import Twin
from reconciler.twins.core.hooks import Phase
from reconciler.wire.clock import real_clock
from tests.cli.conftest import Cli, Said
from tests.postgresql import needs_server, own_schema

pytestmark = needs_server
Twins = dict[str, Twin]
CHANGES = 8
"""What an apply of the starter project changes, one call each."""
ANN = Who("ann", "laptop.example.com", 41, "")


@pytest.fixture
def access(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerAccess]:
    """The starter project, moved to a ledger on the server that its operator names."""
    shutil.rmtree(project / ".reconciler")
    with own_schema() as found:
        moved(project, str(found.server))
        assert found.secret is not None
        monkeypatch.setenv("RECONCILER_LEDGER_URL", str(found.server))
        monkeypatch.setenv("RECONCILER_LEDGER_USER", found.user)
        monkeypatch.setenv("RECONCILER_LEDGER_PASSWORD", found.secret())
        yield found


def moved(project: Path, url: str) -> None:
    lines = (project / "reconciler.yaml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith("ledger:")]
    (project / "reconciler.yaml").write_text("\n".join([*kept, f'ledger: {{url: "{url}"}}', ""]))


def writes(twins: Twins) -> int:
    return sum(entry.write for twin in twins.values() for entry in twin.log)


def quiet(said: Said, access: LedgerAccess) -> Said:
    """What was said, errors on one line, and no password in it."""
    assert access.secret is not None
    assert access.secret() not in said.out + said.err
    return Said(said.code, said.out, " ".join(said.err.split()))


def test_a_team_makes_it_once_and_applies_from_anywhere(
    cli: Cli, access: LedgerAccess, project: Path, twins: Twins, tmp_path: Path
) -> None:
    without = quiet(cli("plan"), access)
    assert (without.code, "no ledger" in without.out) == (0, True)
    assert cli("apply", "--yes").code == 3

    made = quiet(cli("init", "--ledger-only"), access)
    assert (made.code, made.out) == (0, f"made {access.server}\n")
    assert cli("init", "--ledger-only").out == f"{access.server} is there already: untouched\n"

    assert quiet(cli("apply", "--yes"), access).code == 0
    assert not (project / ".reconciler").exists()

    elsewhere = shutil.copytree(project, tmp_path / "another-machine")
    os.chdir(elsewhere)
    planned = cli("plan", "--detailed-exitcode")
    assert (planned.code, "Nothing to do" in planned.out) == (0, True)
    assert "no ledger" not in planned.out


def test_while_one_applies_another_machine_is_refused(cli: Cli, access: LedgerAccess, twins: Twins) -> None:
    assert cli("init", "--ledger-only").code == 0
    with open_ledger(access, who=ANN, clock=real_clock()) as elsewhere:
        leases = [elsewhere.acquire(name) for name in twins]

        refused = quiet(cli("apply", "--yes"), access)
        assert refused.code == 4
        assert "ann@laptop.example.com, process 41 is applying since" in refused.err
        assert writes(twins) == 0

        for lease in leases:
            elsewhere.give_back(lease)
    assert cli("apply", "--yes").code == 0


@pytest.mark.parametrize("words", [("plan",), ("apply", "--yes"), ("drift",), ("init", "--ledger-only")])
def test_a_change_to_the_project_sends_no_password_elsewhere(
    cli: Cli, access: LedgerAccess, project: Path, twins: Twins, words: tuple[str, ...]
) -> None:
    moved(project, "postgresql://evil.example.com:5432/reconciler")

    refused = quiet(cli(*words), access)

    assert refused.code == 3
    assert "the project keeps its ledger at postgresql://evil.example.com:5432/reconciler" in refused.err
    assert f"and the operator allows {access.server} (RECONCILER_LEDGER_URL)" in refused.err


def test_a_server_that_cannot_be_reached_is_no_reason_to_go_on_without(
    cli: Cli, access: LedgerAccess, project: Path, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that knew nothing of the past would be another plan."""
    nowhere = "postgresql://127.0.0.1:1/reconciler"
    moved(project, nowhere)
    monkeypatch.setenv("RECONCILER_LEDGER_URL", nowhere)

    for words in (("plan",), ("apply", "--yes")):
        said = quiet(cli(*words), access)
        assert said.code == 8
        assert f"{nowhere}: connection failed" in said.err
        assert "hint: correct host and port of the ledger's URL, or start the server" in said.err
    assert cli("plan", "--ephemeral-ledger").code == 0
    assert writes(twins) == 0


def test_the_doctor_looks_at_it(
    cli: Cli, access: LedgerAccess, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"there is none at {access.server}" in " ".join(cli("doctor", "--offline").out.split())
    assert cli("init", "--ledger-only").code == 0
    well = quiet(cli("doctor", "--offline"), access)
    assert (well.code, f"{access.server}, its chain verified" in " ".join(well.out.split())) == (0, True)

    monkeypatch.setenv("RECONCILER_LEDGER_PASSWORD", "canary-7f3a")
    ill = cli("doctor", "--offline")
    assert ill.code == 8
    assert "password authentication failed" in " ".join(ill.out.split())
    assert "canary" not in ill.out + ill.err
    monkeypatch.delenv("RECONCILER_LEDGER_URL")
    assert "names no ledger" in " ".join(cli("doctor", "--offline").out.split())


@pytest.mark.parametrize(
    ("target", "nth", "phase"),
    [("analytics", 1, "after-effect"), ("studio", 1, "before-effect"), ("core", 1, "after-answer")],
)
def test_killed_at_a_write_and_run_again_from_another_folder_it_ends_where_it_would_have_ended(
    cli: Cli,
    access: LedgerAccess,
    project: Path,
    twins: Twins,
    tmp_path: Path,
    target: str,
    nth: int,
    phase: Phase,
) -> None:
    assert cli("init", "--ledger-only").code == 0
    runs: list[subprocess.Popen[bytes]] = []
    twins[target].on_request(nth, phase, lambda _: runs[0].kill(), writes=True)
    running = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "apply", "--yes"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    runs.append(running)
    assert running.wait(60) == -signal.SIGKILL
    for twin in twins.values():
        twin.hooks.clear()

    os.chdir(shutil.copytree(project, tmp_path / "another-machine"))
    again = quiet(cli("apply", "--yes"), access)

    assert again.code == 0, again
    assert sum(entry.changed for twin in twins.values() for entry in twin.log.writes()) == CHANGES
    assert "Nothing to do" in cli("plan").out
    with open_ledger(access, who=ANN, clock=real_clock()) as ledger:
        assert ledger.verify() == ledger.head
        assert ledger.unfinished(tuple(twins)) == ()
