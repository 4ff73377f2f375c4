"""The command line as a person uses it: words in; exit code, output and errors out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.app import run
from reconciler.cli.demo_world import TARGETS
from reconciler.twins import TWINS, Twin, running_all

Cli = Callable[..., "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to work in, and no operator's configuration from outside."""
    for name in [n for n in os.environ if n.startswith("RECONCILER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in this process; nobody sits at the terminal."""

    def command(*words: str) -> Said:
        capsys.readouterr()
        code = run(words)
        shown = capsys.readouterr()
        return Said(code, shown.out, shown.err)

    return command


@pytest.fixture
def project(cli: Cli, tmp_path: Path) -> Path:
    """The starter project, and this process inside it."""
    assert cli("init", "studio").code == 0
    os.chdir(tmp_path / "studio")
    return tmp_path / "studio"


@pytest.fixture
def twins(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Twin]]:
    """The starter project's twins, seeded, and the operator's configuration that leads to them."""
    served = {name: TWINS[provider]() for name, provider in TARGETS.items()}
    for twin in served.values():
        twin.seed_world()
    with running_all(list(served.values())) as urls:
        for (name, twin), url in zip(served.items(), urls, strict=True):
            monkeypatch.setenv(f"RECONCILER_{name.upper()}_URL", url)
            monkeypatch.setenv(f"RECONCILER_{name.upper()}_KEY", twin.default_key)
        yield served


def spawned(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own. `more`: environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "reconciler", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
