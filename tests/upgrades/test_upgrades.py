"""What older versions left behind is read and gives the right plan, or is refused in words; nothing is made twice.

The folders beside this file were written by `write.py`, each by the version whose commit it is named after.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.app import run as cli
from reconciler.ledger import open_ledger, whoami
from reconciler.twins import OmniTwin, TrackerTwin, running_all
from reconciler.wire.clock import real_clock
from tests.upgrades.write import FIRST, PROJECT, SECOND, manifests

HERE = Path(__file__).parent
VERSIONS = sorted(folder.name for folder in HERE.iterdir() if (folder / "settled.db").exists())
every = pytest.mark.parametrize("version", VERSIONS)


@dataclass
class Place:
    """A project with a ledger of an older version, and twins that hold what was live then."""

    root: Path
    omni: OmniTwin
    tracker: TrackerTwin
    seeds: tuple[Any, Any]
    capsys: pytest.CaptureFixture[str]

    def become(self, version: str, moment: str, documents: Mapping[str, str]) -> None:
        (self.root / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
        (self.root / ".reconciler").mkdir(mode=0o700)
        shutil.copy(HERE / version / f"{moment}.db", self.root / ".reconciler" / "ledger.db")
        manifests(self.root, dict(documents))
        there = json.loads((HERE / version / f"{moment}.json").read_text(encoding="utf-8"))
        self.omni.load(self.seeds[0])
        self.tracker.load(self.seeds[1])
        self._labels(there)
        self._under_their_ids(there)
        self.omni.log.clear()
        self.tracker.log.clear()

    def _labels(self, there: Mapping[str, Any]) -> None:
        for name in sorted(set(there["labels"]) - set(self.labels())):
            made = self.omni.edit("POST", "/v1/labels", {"name": name, "verified": name in there["verified"]})
            assert made.ok, made

    def _under_their_ids(self, there: Mapping[str, Any]) -> None:
        """The folder and the team, made anew, with the ids they had."""
        assert self.omni.edit("POST", "/v1/folders", {"name": "Board"}).ok
        assert self.tracker.edit("POST", "/api/client-teams", {"name": "Crew", "slug": "crew"}).ok
        state: Any = self.tracker.dump()["state"]
        team = next(i for i, one in state["clientTeams"].items() if one["slug"] == "crew")
        jane = next(i for i, one in state["users"].items() if one["email"] == "jane@example.com")
        assert self.tracker.edit("POST", f"/api/client-teams/{team}/members", {"userId": jane}).ok
        folders: Any = self.omni.dump()["state"]
        board = next(i for i, one in folders["folders"].items() if one["name"] == "Board")
        _rename(self.omni, board, there["folders"]["Board"])
        _rename(self.tracker, team, there["teams"]["crew"])

    def labels(self) -> list[str]:
        state: Any = self.omni.dump()["state"]
        return sorted(one["name"] for one in state["labels"].values())

    def writes(self) -> list[str]:
        return [f"{e.method} {e.path}" for twin in (self.omni, self.tracker) for e in twin.log.writes()]

    def say(self, *words: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = cli(words)
        said = self.capsys.readouterr()
        assert "this is a bug" not in said.err, said.err
        assert "Traceback" not in said.err
        return code, said.out, said.err

    def plan(self) -> Any:
        code, out, err = self.say("plan", "--output", "json")
        assert code == 0, err
        return json.loads(out)


def _rename(twin: OmniTwin | TrackerTwin, now: str, then: str) -> None:
    twin.load(json.loads(json.dumps(twin.dump()).replace(json.dumps(now), json.dumps(then))))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[OmniTwin, TrackerTwin, list[str]]]:
    omni, tracker = OmniTwin(), TrackerTwin()
    omni.seed_world()
    tracker.seed_world()
    with running_all([omni, tracker]) as urls:
        yield omni, tracker, list(urls)


@pytest.fixture(scope="module")
def seeds(served: tuple[OmniTwin, TrackerTwin, list[str]]) -> tuple[Any, Any]:
    return served[0].dump(), served[1].dump()


@pytest.fixture
def place(
    served: tuple[OmniTwin, TrackerTwin, list[str]],
    seeds: tuple[Any, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    omni, tracker, urls = served
    for name, twin, url in zip(("ANALYTICS", "STUDIO"), (omni, tracker), urls, strict=True):
        monkeypatch.setenv(f"RECONCILER_{name}_URL", url)
        monkeypatch.setenv(f"RECONCILER_{name}_KEY", twin.default_key)
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path, omni, tracker, seeds, capsys)


def holds(plan: Any) -> dict[str, list[str]]:
    return {a["address"]: [h["rule"] for h in a["holds"]] for a in plan["actions"] if a["holds"]}


def verbs(plan: Any) -> dict[str, str]:
    return {a["address"]: a["verb"] for a in plan["actions"] if a["verb"] != "none"}


def test_enough_versions_are_kept() -> None:
    assert len(VERSIONS) >= 4


@every
def test_what_was_applied_then_is_as_declared_now(place: Place, version: str) -> None:
    place.become(version, "settled", FIRST)

    plan = place.plan()

    assert (plan["calls"], holds(plan), verbs(plan)) == ([], {}, {})
    code, out, _ = place.say("ledger", "list", "--output", "json")
    made = {b["address"]: b["made"] for b in json.loads(out)["bonds"]}
    assert code == 0
    assert made == {
        "analytics/Folder/board": True,
        "analytics/Label/alpha": True,
        "analytics/Label/draft": False,
        "analytics/Label/keep": True,
        "studio/ClientTeam/crew": True,
    }


@every
def test_what_was_said_then_of_leaving_git_holds_now(place: Place, version: str) -> None:
    """Made by us: deleted, the default. Adopted: not ours. Protected: held; the ledger alone knows."""
    place.become(version, "settled", {"board": FIRST["board"]})

    plan = place.plan()

    assert verbs(plan)["analytics/Label/alpha"] == "delete"
    assert holds(plan)["analytics/Label/keep"] == ["protected"]
    assert holds(plan).get("analytics/Label/draft", ["not-ours"]) == ["not-ours"]
    sent = [c for c in plan["calls"] if not c["held"] and c["target"] == "analytics"]
    assert [(c["method"], c["address"]) for c in sent] == [("DELETE", "analytics/Label/alpha")]


@every
def test_a_run_that_was_killed_then_is_looked_up_now_and_nothing_is_made_twice(place: Place, version: str) -> None:
    place.become(version, "killed", SECOND)
    there = set(place.labels())

    code, _, err = place.say("apply", "--yes")

    assert code == 0, err
    made = [w for w in place.writes() if w.startswith("POST /v1/labels") or w.endswith("POST /v1/labels")]
    assert len(made) == len({"Beta", "Gamma", "Delta"} - there)
    assert {"Alpha", "Beta", "Delta", "Draft", "Gamma", "Keep"} <= set(place.labels())
    assert len(place.labels()) == len(set(place.labels()))
    assert place.plan()["calls"] == []
    _, out, _ = place.say("ledger", "list", "--made", "--kind", "Label", "--output", "json")
    assert {b["address"].split("/")[2] for b in json.loads(out)["bonds"]} == {
        "alpha",
        "beta",
        "delta",
        "gamma",
        "keep",
    }


@every
def test_a_plan_that_was_saved_then_is_refused_now(place: Place, version: str) -> None:
    place.become(version, "settled", SECOND)

    code, _, err = place.say("apply", str(HERE / version / "plan.json"), "--yes")

    assert code in (1, 5)
    assert "error: " in err
    assert "plan again" in err or "make the plan again" in err
    assert place.writes() == []
    assert place.say("show", str(HERE / version / "plan.json"))[0] in (0, 1, 5)


LOOKS: tuple[tuple[str, ...], ...] = (
    ("history",),
    ("history", "--output", "json"),
    ("history", "--output", "markdown"),
    ("ledger", "show", "analytics/Label/alpha"),
    ("ledger", "show", "studio/ClientTeam/crew", "--output", "json"),
    ("ledger", "verify"),
    ("ledger", "export"),
    ("lease", "show"),
)


@every
def test_the_past_of_older_versions_can_be_read(place: Place, version: str) -> None:
    place.become(version, "killed", SECOND)

    for words in LOOKS:
        assert place.say(*words)[0] == 0, words
    runs = json.loads(place.say("history", "--output", "json")[1])["entries"]
    assert [r["status"] for r in runs] == ["unfinished", "done"]
    for one in runs:
        for form in ("text", "json", "markdown"):
            assert place.say("history", "show", one["run"], "--output", form)[0] == 0


def test_a_run_of_a_version_to_come_is_refused_in_words(place: Place) -> None:
    place.become(VERSIONS[-1], "settled", SECOND)
    file = place.root / ".reconciler" / "ledger.db"
    with open_ledger(file, who=whoami(), clock=real_clock()) as ledger:
        run = ledger.start("p", {"id": "p", "format": "reconciler/plan-v9", "calls": []}, ("analytics",), None)

    for words in (("apply", "--yes"), ("history", "show", run), ("resume",)):
        code, _, err = place.say(*words)
        assert code == 8, words
        assert f"this version cannot read the plan of {run}" in " ".join(err.split())
    assert place.say("history")[0] == 0
    assert place.writes() == []
