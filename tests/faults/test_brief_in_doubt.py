"""A brief's POST whose answer nobody saw: one question, the command that answers it, and never a second brief
(OP-R20, OP-C6). The command line as a person uses it, with a ledger in a file, and a real process to kill.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.app import run
from reconciler.twins import PROFILES, Fault, OmgTwin, running

ADDRESS = "platform/Brief/new"
SPEC = {"title": "New", "summary": "S", "deadline": "2026-06-30", "businessArea": "UK"}
ADOPT, FORGET = f"reconciler resume --adopt {ADDRESS}=ID", f"reconciler resume --forget {ADDRESS}"
IN_DOUBT, HELD = 7, 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, its lines made one, and the code it ended with."""

    code: int
    text: str


@dataclass(slots=True)
class Desk:
    """A project folder whose ledger has completed a run, and the far end."""

    root: Path
    twin: OmgTwin
    capsys: pytest.CaptureFixture[str]

    def write(self, name: str, spec: dict[str, Any] | None = None, **metadata: Any) -> None:
        document = {
            "apiVersion": "omg-platform/v1",
            "kind": "Brief",
            "metadata": {"name": name, **metadata},
            "spec": {**SPEC, **(spec or {})},
        }
        (self.root / "manifests" / f"{name}.yaml").write_text(json.dumps(document), encoding="utf-8")

    def run(self, *words: str) -> Said:
        self.capsys.readouterr()
        code = run(words)
        shown = self.capsys.readouterr()
        return Said(code, " ".join((shown.out + shown.err).split()))

    def apply(self, *words: str) -> Said:
        return self.run("apply", *words, "--yes", "--progress", "none")

    def planned(self) -> tuple[list[str], dict[str, list[str]]]:
        """The writes that are not held, and the rules that hold by name."""
        self.capsys.readouterr()
        assert run(("plan", "--output", "json")) == 0
        plan = json.loads(self.capsys.readouterr().out)
        calls = [f"{c['method']} {c['path']}" for c in plan["calls"] if not c["held"]]
        return calls, {a["address"]: [h["rule"] for h in a["holds"]] for a in plan["actions"] if a["holds"]}

    def dies(self, phase: str) -> None:
        """Apply in a process of its own, which is killed at this phase of its POST. After the answer it may have
        come to its end before."""
        words = [sys.executable, "-m", "reconciler", "apply", "--yes", "--progress", "none"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:

            def kill(_: object) -> None:
                process.kill()
                process.wait(30)

            self.twin.on_request(1, phase, kill, method="POST")  # type: ignore[arg-type]
            assert process.wait(60) == -signal.SIGKILL or phase == "after-answer"

    @property
    def made(self) -> list[str]:
        """The ids of the briefs that came about, oldest first."""
        return [str(b.id) for b in self.twin.briefs() if b.fields.get("brief_title") == "New"]

    @property
    def posts(self) -> int:
        return sum(e.method == "POST" for e in self.twin.log)


@pytest.fixture(params=PROFILES)
def desk(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Desk]:
    for name in [n for n in os.environ if n.startswith("RECONCILER_")]:
        monkeypatch.delenv(name)
    twin = OmgTwin(request.param)
    theirs = twin.add_brief("Theirs")
    (tmp_path / "manifests").mkdir()
    project = {
        "apiVersion": "reconciler/v1",
        "kind": "Project",
        "targets": {"platform": {"provider": "omg-platform"}},
    }
    (tmp_path / "reconciler.yaml").write_text(json.dumps(project), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with running(twin) as url:
        monkeypatch.setenv("RECONCILER_PLATFORM_URL", url)
        monkeypatch.setenv("RECONCILER_PLATFORM_KEY", twin.default_key)
        found = Desk(tmp_path, twin, capsys)
        assert found.run("init", "--ledger-only").code == 0
        found.write("theirs", id=theirs, lifecycle={"manage": "observe"})
        assert found.apply().code == 0
        found.write("new")
        twin.log.clear()
        yield found


def asked_once(said: Said) -> None:
    """The command ends with one question, and the two commands that answer it."""
    assert said.code == IN_DOUBT, said
    assert said.text.count(ADOPT) == 1, said.text
    assert said.text.count(FORGET) == 1, said.text


def answered(desk: Desk, *, made: bool) -> None:
    """The person looks, and answers; then everything is as if the answer had come."""
    waiting = desk.apply()
    assert waiting.code == HELD, waiting
    assert desk.planned() == ([], {ADDRESS: ["in-doubt"]})
    posts = desk.posts
    listed = desk.run("resume")
    asked_once(listed)

    answer = ("--adopt", f"{ADDRESS}={desk.made[0]}") if made else ("--forget", ADDRESS)
    assert desk.run("resume", *answer).code == 0

    assert desk.posts == posts
    assert desk.planned() == ([] if made else ["POST /briefs"], {})
    assert desk.apply().code == 0
    assert len(desk.made) == 1
    assert desk.planned() == ([], {})
    assert desk.run("resume").code == 0


# The answer is lost

FAULTS = {
    "lost, made": (Fault("drop", method="POST", effect=True), True),
    "lost, not made": (Fault("drop", method="POST", effect=False), False),
    "500 after the commit": (Fault("status", method="POST", effect=True), True),
    "502 before anything": (Fault("status", method="POST", status=502), False),
    "201 without an id": (Fault("status", method="POST", status=201, effect=True, text='{"data": {}}'), True),
}


@pytest.mark.parametrize("what", FAULTS)
def test_op_r20_one_question_and_never_a_second_brief(desk: Desk, what: str) -> None:
    fault, made = FAULTS[what]
    desk.twin.faults.add(fault)

    asked_once(desk.apply())

    assert len(desk.made) == made
    assert desk.posts == 1
    answered(desk, made=made)
    assert desk.posts == (1 if made else 2)


def test_op_r17_the_transition_of_a_brief_in_doubt_waits_for_the_answer(desk: Desk) -> None:
    desk.write("new", once={"changeRequest": "r1"})
    desk.twin.faults.add(Fault("drop", method="POST", effect=True))
    asked_once(desk.apply())
    assert [e.method for e in desk.twin.log if e.write] == ["POST"]

    assert desk.run("resume", "--adopt", f"{ADDRESS}={desk.made[0]}").code == 0

    assert desk.planned() == (["PATCH /briefs/{id}"], {})
    assert desk.apply().code == 0
    assert desk.twin.transitions(desk.made[0]) == 1
    assert desk.planned() == ([], {})


def test_op_r20_a_pin_answers_too(desk: Desk) -> None:
    desk.twin.faults.add(Fault("drop", method="POST", effect=True))
    asked_once(desk.apply())

    desk.write("new", id=desk.made[0])

    assert desk.planned() == ([], {})
    assert desk.apply().code == 0
    assert desk.run("resume").code == 0
    desk.write("new")
    assert desk.planned() == ([], {})


def test_op_r20_the_others_go_on(desk: Desk) -> None:
    """One brief in doubt stops neither the rest of its own run nor the runs to come."""
    desk.write("other", {"title": "Other"})
    desk.twin.faults.add(Fault("drop", method="POST", effect=True, nth=1))

    said = desk.apply()

    assert said.code == IN_DOUBT
    lost = "new" if len(desk.made) == 1 and ADOPT in said.text else "other"
    assert said.text.count(f"--adopt platform/Brief/{lost}=ID") == 1
    assert desk.planned()[1] == {f"platform/Brief/{lost}": ["in-doubt"]}
    desk.write("third", {"title": "Third"})
    assert desk.apply().code == HELD
    assert len(desk.twin.briefs()) == 4
    assert desk.posts == 3


def test_op_r20_two_in_doubt_are_two_questions(desk: Desk) -> None:
    desk.write("other", {"title": "Other"})
    desk.twin.faults.add(Fault("drop", method="POST", effect=True, times=2))

    said = desk.apply()

    assert said.code == IN_DOUBT
    for name in ("new", "other"):
        assert said.text.count(f"reconciler resume --adopt platform/Brief/{name}=ID") == 1
    assert desk.run("resume", "--forget", "platform/Brief/other").code == IN_DOUBT
    assert desk.planned()[1] == {ADDRESS: ["in-doubt"]}


def test_op_r20_an_answer_must_fit(desk: Desk) -> None:
    desk.twin.faults.add(Fault("drop", method="POST", effect=True))
    asked_once(desk.apply())

    assert desk.run("resume", "--adopt", "platform/Brief/other=7").code == 3
    assert desk.run("resume", "--adopt", f"{ADDRESS}=").code == 3
    assert desk.planned() == ([], {ADDRESS: ["in-doubt"]})


def test_op_r12_a_brief_that_is_gone_may_be_forgotten(desk: Desk) -> None:
    """The same command lets go of a recorded brief that is there no more; then it is a new one."""
    assert desk.apply().code == 0
    desk.twin.remove_brief(desk.made[0])
    assert desk.planned() == ([], {ADDRESS: ["gone"]})

    assert desk.run("resume", "--forget", ADDRESS).code == 0

    assert desk.planned() == (["POST /briefs"], {})
    assert desk.apply().code == 0
    assert (len(desk.made), desk.planned()) == (1, ([], {}))


# The process is killed


@pytest.mark.parametrize("made", [True, False])
def test_op_r20_killed_while_the_post_is_under_way(desk: Desk, made: bool) -> None:
    """Whether it had an effect: nobody can tell, so it asks."""
    if not made:
        desk.twin.faults.add(Fault("drop", method="POST", effect=False))
    desk.dies("after-effect")

    asked_once(desk.apply())

    assert desk.posts == 1
    answered(desk, made=made)


def test_op_r20_killed_when_the_answer_is_there(desk: Desk) -> None:
    """Only where it had been written down there is nothing to ask."""
    desk.dies("after-answer")

    said = desk.apply()

    if said.code != 0:
        asked_once(said)
        answered(desk, made=True)
    assert (desk.posts, len(desk.made), desk.planned()) == (1, 1, ([], {}))


def test_op_r20_a_plan_saved_before_the_answer_makes_no_second_one(desk: Desk) -> None:
    desk.dies("after-effect")
    assert desk.run("plan", "--out", "plan.json").code == 0

    first, second = desk.apply("plan.json"), desk.apply("plan.json")

    assert first.code != 0
    assert second.code != 0
    assert (desk.posts, len(desk.made)) == (1, 1)


def test_op_r20_resume_right_after_the_kill(desk: Desk) -> None:
    """Without another apply in between."""
    desk.dies("after-effect")

    asked_once(desk.run("resume"))

    assert desk.run("resume", "--adopt", f"{ADDRESS}={desk.made[0]}").code == 0
    assert desk.apply().code == 0
    assert desk.planned() == ([], {})
    assert (desk.posts, len(desk.made)) == (1, 1)
