"""A saved plan is carried out only if everything it is bound to holds; else a sentence, and nothing is sent."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.app import run
from reconciler.cli.demo_world import TARGETS
from reconciler.ledger import open_ledger, whoami
from reconciler.model.json import digest
from reconciler.model.plan_json import UNBOUND
from reconciler.model.record import replace
from reconciler.twins import TWINS, Twin, running_all
from reconciler.wire.clock import real_clock
from tests.cli.conftest import Cli

IMAGE = """---
apiVersion: omni-cms/v1
kind: Component
metadata: {name: map}
spec: {space: Website, key: map, parent: launch, type: image, name: Map, file: files/map.svg}
"""
WAREHOUSE = """apiVersion: omni-analytics/v1
kind: Connection
metadata: {name: events}
spec:
  name: Events
  dialect: postgres
  host: events.example.com
  port: 5432
  database: events
  username: analytics
  password: {fromFile: secrets/events.password, version: 1}
  baseRole: NO_ACCESS
"""
KEEP = """---
apiVersion: omni-analytics/v1
kind: Label
metadata: {name: keep, lifecycle: {protect: true}}
spec: {name: Keep}
"""


@dataclass
class Desk:
    """A project folder with a saved plan, and the twins it was made for."""

    root: Path
    twins: Mapping[str, Twin]
    cli: Cli
    monkeypatch: pytest.MonkeyPatch
    words: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.root / "plan.json"

    @property
    def plan(self) -> Any:
        return json.loads(self.file.read_text(encoding="utf-8"))

    def save(self, plan: object) -> None:
        self.file.write_text(json.dumps(plan), encoding="utf-8")

    def writes(self) -> list[str]:
        return [f"{name} {e.method} {e.path}" for name, t in self.twins.items() for e in t.log.writes()]


@dataclass(frozen=True)
class Stage:
    root: Path
    twins: Mapping[str, Twin]
    environ: Mapping[str, str]
    states: Mapping[str, Any]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A project that was applied once, changed, and planned: with a file, a secret and a protected label in it."""
    served = {name: TWINS[provider]() for name, provider in TARGETS.items()}
    for twin in served.values():
        twin.seed_world()
    folder = tmp_path_factory.mktemp("tampering")
    with running_all(list(served.values())) as urls, pytest.MonkeyPatch.context() as patch:
        environ = {f"RECONCILER_{n.upper()}_URL": u for n, u in zip(served, urls, strict=True)}
        environ |= {f"RECONCILER_{n.upper()}_KEY": t.default_key for n, t in served.items()}
        patch.chdir(folder)
        for name, value in environ.items():
            patch.setenv(name, value)
        assert run(["init", "studio"]) == 0
        root = folder / "studio"
        patch.chdir(root)
        _append(root / "manifests" / "labels.yaml", KEEP)
        assert run(["apply", "--yes", "--only", "analytics/*/*"]) == 0
        _grown(root)
        assert run(["plan", "--out", "plan.json"]) == 0
        for twin in served.values():
            twin.log.clear()
        yield Stage(root, served, environ, {n: t.dump() for n, t in served.items()})


def _grown(root: Path) -> None:
    (root / "files").mkdir()
    (root / "files" / "map.svg").write_text("<svg/>", encoding="utf-8")
    (root / "secrets").mkdir(mode=0o700)
    (root / "secrets" / "events.password").write_text("correct-horse-battery-1", encoding="utf-8")
    (root / "secrets" / "events.password").chmod(0o600)
    _append(root / "manifests" / "site.yaml", IMAGE)
    (root / "manifests" / "warehouse.yaml").write_text(WAREHOUSE, encoding="utf-8")
    labels = root / "manifests" / "labels.yaml"
    labels.write_text(labels.read_text(encoding="utf-8").replace(KEEP, ""), encoding="utf-8")


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture
def desk(stage: Stage, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    root = tmp_path / "studio"
    shutil.copytree(stage.root, root)
    for name, twin in stage.twins.items():
        twin.load(stage.states[name])
        twin.log.clear()
    for name, value in stage.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(root)
    return Desk(root, stage.twins, cli, monkeypatch)


Tampering = Callable[[Desk], None]
CASES: dict[str, tuple[Tampering, int, str]] = {}


def case(code: int, says: str) -> Callable[[Tampering], Tampering]:
    """A tampering, the exit code it is refused with, and words of the sentence."""

    def kept(one: Tampering) -> Tampering:
        CASES[one.__name__.strip("_").replace("_", "-")] = one, code, says
        return one

    return kept


EDITED = "its content does not match its id"
EDITS: dict[str, Callable[[Any], object]] = {
    "body": lambda p: p["calls"][0].update(body={"name": "Mine"}),
    "method": lambda p: p["calls"][0].update(method="DELETE"),
    "path": lambda p: p["calls"][0].update(path="/v1/labels/Other"),
    "argument": lambda p: p["calls"][0]["args"].update(id="x"),
    "query": lambda p: p["calls"][0]["query"].update(force="true"),
    "a call is taken out": lambda p: p["calls"].pop(),
    "a call stands twice": lambda p: p["calls"].append(dict(p["calls"][0])),
    "order of calls": lambda p: p["calls"].reverse(),
    "what a call waits for": lambda p: p["calls"][0].update(after=[p["calls"][1]["id"]]),
    "a call is held no more": lambda p: next(c.update(held=[]) for c in p["calls"] if c["held"]),
    "a hold is gone": lambda p: next(a.update(holds=[]) for a in p["actions"] if a["holds"]),
    "why it is held": lambda p: next(h.update(reason="x") for a in p["actions"] for h in a["holds"]),
    "address": lambda p: p["actions"][0].update(address="analytics/Label/other"),
    "verb": lambda p: p["actions"][0].update(verb="delete"),
    "bond is ours": lambda p: [a["bond"].update(made=True) for a in p["actions"] if a["bond"]][-1],
    "what leaving git means": lambda p: next(a["bond"].update(onRemove="x") for a in p["actions"] if a["bond"]),
    "host": lambda p: p["targets"][0].update(base="https://elsewhere.example.com"),
    "provider": lambda p: p["targets"][0].update(provider="omni-cms"),
    "a target is taken out": lambda p: p["targets"].pop(0),
    "version": lambda p: p.update(tool="0.0.1"),
    "manifests": lambda p: p.update(manifests="sha256:" + "0" * 64),
    "ledger head": lambda p: p.update(ledgerHead=""),
    "id": lambda p: p.update(id="sha256:" + "0" * 64),
    "preconditions are gone": lambda p: p.update(preconditions=[]),
    "what a check looks for": lambda p: p["preconditions"][0]["checks"][0].update(key="Other"),
    "what was left out": lambda p: p.update(leftOut=["analytics/Label/x"]),
    "who gains access": lambda p: p.update(access=[]),
    "warnings": lambda p: p.update(warnings=["all is well"]),
    "counts": lambda p: p["counts"].update(calls=0),
    "what a call says it does": lambda p: next(c.update(summary="nothing much") for c in p["calls"]),
    "effect": lambda p: p["calls"][0].update(effect={**p["calls"][0]["effect"], "fields": {}}),
    "may be repeated": lambda p: p["calls"][0].update(repeat=not p["calls"][0]["repeat"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_plan_is_refused(desk: Desk, name: str) -> None:
    plan = desk.plan
    EDITS[name](plan)
    desk.save(plan)

    said = desk.cli("apply", "plan.json", "--yes")

    assert (said.code, desk.writes()) == (5, []), said.err
    assert EDITED in said.err.replace("\n  ", " ")
    assert "hint: plan again" in said.err


@pytest.mark.parametrize("name", ["body", "a call is held no more", "preconditions are gone", "ledger head"])
def test_an_edited_plan_with_an_id_to_match_is_not_the_one_that_was_reviewed(desk: Desk, name: str) -> None:
    plan = desk.plan
    reviewed = plan["id"]
    EDITS[name](plan)
    plan["counts"] = desk.plan["counts"] | {"preconditions": 0} if name.startswith("precond") else plan["counts"]
    desk.save({**plan, "id": digest({k: v for k, v in plan.items() if k not in UNBOUND})})

    said = desk.cli("apply", "plan.json", "--yes", "--plan-id", reviewed)

    assert (said.code, desk.writes()) == (5, []), said.err


TEXTS: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "empty": (lambda _: b"", 1),
    "cut off": (lambda d: d[: len(d) // 2], 1),
    "something after it": (lambda d: d + b"{}", 1),
    "a byte order mark": (lambda d: b"\xef\xbb\xbf" + d, 1),
    "UTF-16": (lambda d: d.decode().encode("utf-16"), 1),
    "a key twice": (lambda d: d.replace(b'"tool"', b'"tool": "0.1.0", "tool"', 1), 1),
    "no number": (lambda d: d.replace(b'"bound": ', b'"bound": NaN, "x": ', 1), 1),
    "a list": (lambda d: b"[" + d + b"]", 1),
    "too deep": (lambda d: d.replace(b'"warnings": []', b'"warnings": ' + b"[" * 99 + b"]" * 99, 1), 1),
    "another format": (lambda d: d.replace(b"reconciler/plan-v1", b"reconciler/plan-v2", 1), 1),
    "another key": (lambda d: d.replace(b'"tool"', b'"extra": 1, "tool"', 1), 1),
    "a key less": (lambda d: d.replace(b'"manifests"', b'"manifest"', 1), 1),
    "a truth for a number": (lambda d: d.replace(b'"requests": 1', b'"requests": true', 1), 1),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_is_no_plan_is_refused_with_its_place(desk: Desk, name: str) -> None:
    change, code = TEXTS[name]
    before = desk.file.read_bytes()
    after = change(before)
    assert after != before, "the tampering does nothing"
    desk.file.write_bytes(after)

    said = desk.cli("apply", "plan.json", "--yes")

    assert (said.code, desk.writes()) == (code, []), said.err
    assert "plan.json" in said.err


@case(5, "the manifests have changed")
def _a_value_of_a_manifest(desk: Desk) -> None:
    file = desk.root / "manifests" / "labels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("verified: true", "verified: false"), encoding="utf-8"
    )


@case(5, "the manifests have changed")
def _a_comment_in_a_manifest(desk: Desk) -> None:
    _append(desk.root / "manifests" / "labels.yaml", "# all is well\n")


@case(5, "the manifests have changed")
def _one_more_manifest(desk: Desk) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: Label\nmetadata: {name: more}\nspec: {name: More}\n"
    (desk.root / "manifests" / "more.yaml").write_text(text, encoding="utf-8")


@case(5, "the manifests have changed")
def _one_manifest_less(desk: Desk) -> None:
    (desk.root / "manifests" / "warehouse.yaml").unlink()


@case(5, "the manifests have changed")
def _a_manifest_under_another_name(desk: Desk) -> None:
    (desk.root / "manifests" / "warehouse.yaml").rename(desk.root / "manifests" / "wares.yaml")


@case(5, "the manifests have changed")
def _the_project_file(desk: Desk) -> None:
    _append(desk.root / "reconciler.yaml", "guards: {deletes: {count: 500}}\n")


@case(5, "the manifests have changed")
def _another_environment(desk: Desk) -> None:
    desk.words += ["-e", "next"]


@case(5, "the manifests have changed")
def _another_value_of_a_variable(desk: Desk) -> None:
    desk.words += ["--var", "year=2030"]


@case(5, "the manifests have changed")
def _the_same_value_of_a_variable_from_elsewhere(desk: Desk) -> None:
    desk.words += ["--var", "year=2026"]


@case(5, "the manifests have changed")
def _a_file_that_a_manifest_attaches(desk: Desk) -> None:
    (desk.root / "files" / "map.svg").write_text("<svg>other</svg>", encoding="utf-8")


@case(1, "files/map.svg")
def _that_file_is_gone(desk: Desk) -> None:
    (desk.root / "files" / "map.svg").unlink()


@case(5, "the manifests have changed")
def _another_version_of_a_secret(desk: Desk) -> None:
    file = desk.root / "manifests" / "warehouse.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")


@case(1, "the secret cannot be had")
def _the_secret_is_gone(desk: Desk) -> None:
    (desk.root / "secrets" / "events.password").unlink()


@case(3, "there is no ledger")
def _no_ledger(desk: Desk) -> None:
    _remove_ledger(desk)


@case(5, "another plan has been applied")
def _a_new_ledger(desk: Desk) -> None:
    _remove_ledger(desk)
    assert desk.cli("init", "--ledger-only").code == 0


@case(8, "something other than reconciler changed it")
def _a_ledger_somebody_edited(desk: Desk) -> None:
    connection = sqlite3.connect(desk.root / ".reconciler" / "ledger.db")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE events SET body = replace(body, '\"protect\":true', '\"protect\":false')")
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


@case(5, "another plan has been applied")
def _a_person_made_it_forget(desk: Desk) -> None:
    said = desk.cli("ledger", "forget", "analytics/Label/draft", "--yes", "--reason", "a test")
    assert said.code == 0, said


@case(5, "another plan has been applied")
def _a_person_moved_an_address(desk: Desk) -> None:
    words = ["analytics/Label/draft", "analytics/Label/sketch", "--yes", "--reason", "a test"]
    assert desk.cli("ledger", "move", *words).code == 0


@case(5, "another plan has been applied")
def _another_plan_was_applied(desk: Desk) -> None:
    assert desk.cli("apply", "--yes", "--only", "analytics/Label/draft").code == 0


@case(4, "is applying since")
def _somebody_is_at_work(desk: Desk) -> None:
    other = replace(whoami(), host="ci-2.example.com", user="bob")
    with open_ledger(desk.root / ".reconciler" / "ledger.db", who=other, clock=real_clock()) as ledger:
        ledger.acquire("analytics")


@case(5, "the plan was made without the ledger")
def _planned_where_there_was_no_ledger(desk: Desk) -> None:
    kept = desk.root / ".reconciler" / "ledger.db"
    kept.rename(desk.root / "away.db")
    assert desk.cli("plan", "--out", "plan.json").code == 0
    (desk.root / "away.db").rename(kept)


@case(5, "the target analytics is now")
def _another_host(desk: Desk) -> None:
    desk.monkeypatch.setenv("RECONCILER_ANALYTICS_URL", "https://elsewhere.example.com/api")


@case(5, "the target core is now")
def _another_port(desk: Desk) -> None:
    desk.monkeypatch.setenv("RECONCILER_CORE_URL", "http://127.0.0.1:9/")


@case(3, "RECONCILER_STUDIO_KEY")
def _no_credential(desk: Desk) -> None:
    desk.monkeypatch.delenv("RECONCILER_STUDIO_KEY")


@case(5, "this is 0.0.9")
def _another_version_of_this_tool(desk: Desk) -> None:
    desk.monkeypatch.setattr("reconciler.workflow.binding.__version__", "0.0.9")


@case(5, "which has not come yet")
def _a_clock_that_was_set_back(desk: Desk) -> None:
    clock = real_clock()
    behind = replace(clock, wall=lambda: clock.wall() - 86_400)
    desk.monkeypatch.setattr("reconciler.wire.clock.real_clock", lambda: behind)


@case(5, "is no moment")
def _a_time_that_is_none(desk: Desk) -> None:
    desk.save({**desk.plan, "madeAt": "soon"})


@case(3, "there is no file")
def _no_plan(desk: Desk) -> None:
    desk.file.unlink()


@case(3, "plan.json")
def _a_folder_for_a_plan(desk: Desk) -> None:
    desk.file.unlink()
    desk.file.mkdir()


@case(3, "plan.json")
def _a_pipe_for_a_plan(desk: Desk) -> None:
    desk.file.unlink()
    os.mkfifo(desk.file)


@case(3, "a saved plan is carried out whole")
def _a_part_of_it(desk: Desk) -> None:
    desk.words += ["--only", "analytics/*"]


@case(5, "this is the plan")
def _the_id_of_another_one(desk: Desk) -> None:
    desk.words += ["--plan-id", "sha256:" + "1" * 64]


def _remove_ledger(desk: Desk) -> None:
    for file in (desk.root / ".reconciler").glob("ledger.db*"):
        file.unlink()


@pytest.mark.parametrize("name", CASES)
def test_what_it_is_bound_to_has_changed(desk: Desk, name: str) -> None:
    tamper, code, says = CASES[name]
    tamper(desk)
    for twin in desk.twins.values():
        twin.log.clear()

    said = desk.cli("apply", "plan.json", "--yes", *desk.words)

    assert (said.code, desk.writes()) == (code, []), said.err
    assert says in " ".join(said.err.split())
    assert "error:" in said.err


def test_unchanged_it_sends_exactly_what_was_planned_and_once(desk: Desk) -> None:
    plan = desk.plan
    planned = [c for c in plan["calls"] if not c["held"] and not c["carrier"] and c["role"] == "write"]
    held = [c["address"] for c in plan["calls"] if c["held"]]
    assert held == ["analytics/Label/keep"]

    said = desk.cli("apply", "plan.json", "--yes", "--plan-id", plan["id"])

    assert said.code == 4, "what is protected is held"
    sent = [w.split()[:2] for w in desk.writes()]
    assert sorted(sent) == sorted([c["target"], c["method"]] for c in planned)
    once = desk.writes()
    again = desk.cli("apply", "plan.json", "--yes")
    assert (again.code, desk.writes()) == (5, once)
    assert "used once" in again.err


def test_there_are_at_least_fifty_tamperings() -> None:
    assert len(EDITS) + len(TEXTS) + len(CASES) >= 50


def test_a_plan_of_a_ledger_that_ended_is_one_without_a_ledger(desk: Desk) -> None:
    _remove_ledger(desk)
    assert desk.cli("plan", "--ephemeral-ledger", "--only", "core/*/*", "--out", "plan.json").code == 0
    assert desk.plan["ledgerHead"] == ""

    said = desk.cli("apply", "plan.json", "--ephemeral-ledger", "--yes")

    assert said.code == 0, said.err
    assert len(desk.writes()) == 1
