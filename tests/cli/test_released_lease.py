"""A run whose lease a person ends stops at its next write, and says so: two processes, one ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reconciler.twins import Twin
from tests.cli.conftest import Cli, spawned

SLOW = "    provider: omni-analytics\n    limits: {concurrency: 1}\n"


def test_a_released_run_stops_at_its_next_write(cli: Cli, project: Path, twins: dict[str, Twin]) -> None:
    file = project / "reconciler.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    provider: omni-analytics\n", SLOW), encoding="utf-8")
    released: list[subprocess.CompletedProcess[str]] = []
    words = ("lease", "release", "analytics", "--reason", "it is on fire", "--yes")
    analytics = twins["analytics"]
    analytics.on_request(1, "before-effect", lambda _: released.append(spawned(*words)), writes=True)

    run = subprocess.run(
        [sys.executable, "-m", "reconciler", "apply", "--yes", "--only", "analytics/*/*", "--output", "json"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=100,
    )

    assert [one.returncode for one in released] == [0], released
    assert len(analytics.log.writes()) == 1, "what was under way comes to its end, and nothing follows it"
    told = json.loads(run.stdout)["report"]
    assert run.returncode == told["exitCode"] == 6
    assert told["counts"]["done"] == 1
    left = [o for o in told["outcomes"] if o["end"] == "not sent"]
    assert len(left) == told["counts"]["not sent"] == 2
    assert all("was ended by" in o["message"] and "it is on fire" in o["message"] for o in left), left
    before = json.loads(cli("history", "--output", "json").out)["entries"]
    assert sorted(e.get("deed", e.get("status")) for e in before) == ["lease", "partly"]
    assert cli("apply", "--yes", "--only", "analytics/*/*").code == 0
    assert len(analytics.log.writes()) == 3, "each once"
