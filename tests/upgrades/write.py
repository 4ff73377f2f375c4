"""Writes what an older version leaves behind: two ledgers, a saved plan and what was live, in one folder.

It runs on the code of the older version: check that out beside this one, then `PYTHONPATH=<its folder> python
tests/upgrades/write.py <folder to write>`. Only words that every version knows are used.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from reconciler.twins import OmniTwin, TrackerTwin, running_all

PROJECT = """apiVersion: reconciler/v1
kind: Project
targets:
  analytics: {provider: omni-analytics, limits: {concurrency: 1}}
  studio: {provider: studio-tracker, singleOrganisation: true}
manifests: [manifests]
"""
LABEL = "apiVersion: omni-analytics/v1\nkind: Label\nmetadata: {name: %s%s}\nspec: {name: %s%s}\n"
FIRST = {
    "alpha": LABEL % ("alpha", "", "Alpha", ""),
    "draft": LABEL % ("draft", "", "Draft", ""),
    "keep": LABEL % ("keep", ", lifecycle: {protect: true}", "Keep", ""),
    "board": "apiVersion: omni-analytics/v1\nkind: Folder\nmetadata: {name: board}\nspec: {path: Board}\n",
    "crew": "apiVersion: studio-tracker/v1\nkind: ClientTeam\nmetadata: {name: crew}\nspec:\n"
    "  {slug: crew, name: Crew, members: [{user: jane@example.com}]}\n",
}
SECOND = {
    **FIRST,
    "alpha": LABEL % ("alpha", "", "Alpha", ", verified: true"),
    **{name: LABEL % (name, "", name.title(), "") for name in ("beta", "gamma", "delta")},
}
SECOND.pop("crew")


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    omni, tracker = OmniTwin(), TrackerTwin()
    omni.seed_world()
    tracker.seed_world()
    with tempfile.TemporaryDirectory() as folder, running_all([omni, tracker]) as urls:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
        for (name, twin), url in zip((("ANALYTICS", omni), ("STUDIO", tracker)), urls, strict=True):
            os.environ |= {f"RECONCILER_{name}_URL": url, f"RECONCILER_{name}_KEY": twin.default_key}
        manifests(root, FIRST)
        command(root, "init", "--ledger-only")
        command(root, "apply", "--yes")
        copy(root, out / "settled.db")
        (out / "settled.json").write_text(json.dumps(live(omni, tracker), indent=1) + "\n", encoding="utf-8")
        manifests(root, SECOND)
        command(root, "plan", "--out", str(out / "plan.json"))
        killed(root, omni)
        copy(root, out / "killed.db")
        (out / "killed.json").write_text(json.dumps(live(omni, tracker), indent=1) + "\n", encoding="utf-8")


def manifests(root: Path, documents: dict[str, str]) -> None:
    shutil.rmtree(root / "manifests", ignore_errors=True)
    (root / "manifests").mkdir()
    for name, text in documents.items():
        (root / "manifests" / f"{name}.yaml").write_text(text, encoding="utf-8")


def command(root: Path, *words: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "reconciler", *words], cwd=root, capture_output=True, text=True, check=False
    )
    if said.returncode:
        raise SystemExit(f"{words}: {said.returncode}\n{said.stdout}\n{said.stderr}")


def killed(root: Path, omni: OmniTwin) -> None:
    """An apply that dies as its third write has taken effect, and nobody has heard of it."""
    run = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "apply", "--yes"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    omni.on_request(3, "after-effect", lambda _: os.kill(run.pid, signal.SIGKILL), writes=True)
    if run.wait(timeout=60) != -signal.SIGKILL:
        raise SystemExit("it was not killed")


def copy(root: Path, to: Path) -> None:
    """The ledger in one file, whatever lies in its log yet."""
    to.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(root / ".reconciler" / "ledger.db")) as ledger,
        closing(sqlite3.connect(to)) as whole,
    ):
        ledger.backup(whole)
        whole.execute("PRAGMA journal_mode = DELETE")


def live(omni: OmniTwin, tracker: TrackerTwin) -> dict[str, object]:
    """What is there that the seeds did not bring, by what it is known by, with its id."""
    omni_state, tracker_state = omni.dump()["state"], tracker.dump()["state"]
    assert isinstance(omni_state, dict)
    assert isinstance(tracker_state, dict)
    return {
        "labels": sorted(one["name"] for one in omni_state["labels"].values()),
        "verified": sorted(one["name"] for one in omni_state["labels"].values() if one.get("verified")),
        "folders": {one["name"]: name for name, one in omni_state["folders"].items()},
        "teams": {one["slug"]: name for name, one in tracker_state["clientTeams"].items()},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
