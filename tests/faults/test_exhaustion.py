"""Full disks, no descriptors, closed folders and outputs, signals: a documented end, and nothing is lost by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.output import save
from tests.faults.exhaustion import TROUBLES, run


def test_an_apply_on_a_failing_machine_ends_in_words_and_the_next_makes_up_for_it() -> None:
    found = run(seed=3, count=2)

    assert found.wrong == []
    assert found.trials == 2 * len(TROUBLES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no full device")
def test_a_plan_that_cannot_be_saved_for_want_of_room_is_no_mistake_in_the_words(tmp_path: Path) -> None:
    place = tmp_path / f"plan.json.{os.getpid()}.part"
    place.symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left"):
        save(tmp_path / "plan.json", "{}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_end_says_that_it_was_interrupted(number: int, tmp_path: Path) -> None:
    """Before it has anything to lose: as after Ctrl-C."""
    lines = f"""
import os, signal, sys
from reconciler.cli import app, main
app.run = lambda words: (os.kill(os.getpid(), {int(number)}), 0)[1]
try:
    main()
except KeyboardInterrupt:
    sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (7, b"")


def test_the_end_of_a_terminal_that_nobody_minds_is_not_minded() -> None:
    lines = """
import os, signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from reconciler.cli import app, main
app.run = lambda words: (os.kill(os.getpid(), signal.SIGHUP), 0)[1]
raise SystemExit(main())
"""
    assert subprocess.run([sys.executable, "-c", lines], timeout=60).returncode == 0
