"""Ctrl-C as a person presses it: a real signal to a command in a process of its own, while it reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from threading import Event

import pytest

from reconciler.cli.exit_codes import INTERRUPTED
from reconciler.twins import Twin


@pytest.mark.parametrize("words", [["plan"], ["apply", "--yes"]])
def test_ctrl_c_during_the_reads_says_so_and_nothing_else(twins: Mapping[str, Twin], words: list[str]) -> None:
    told, begun = Event(), Event()
    process: list[subprocess.Popen[str]] = []

    def press(_: object) -> None:
        begun.wait(10)
        process[0].send_signal(signal.SIGINT)
        told.wait(0.3)  # no answer comes before the command has heard it

    next(iter(twins.values())).on_request(1, "before-effect", press)
    process.append(
        subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=os.environ,
        )
    )
    begun.set()
    _, errors = process[0].communicate(timeout=30)

    assert process[0].returncode == INTERRUPTED
    assert errors.strip().splitlines()[-1] == "interrupted"
    for word in ("Traceback", "never retrieved", "Error"):
        assert word not in errors
