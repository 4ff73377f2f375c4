"""`history`, `ledger show`, `lease` and `resume` tell what a person looks for: who gained what, what is at work,
what was corrected, and what became of what is there no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.ledger import Ledger, open_ledger, whoami
from reconciler.ledger.who import Who
from reconciler.model.access import AccessChange, Sort, Step
from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Action, Call, Effect, Phase, Plan, PlanTarget
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.twins import Twin
from reconciler.wire.clock import real_clock
from tests.cli.conftest import Cli

BOARD, DESK, KEEP = (Address("analytics", "Folder", name) for name in ("board", "desk", "keep"))
SPRING, AUTUMN = (Address("platform", "Brief", name) for name in ("spring", "autumn"))
DEAD = replace(whoami(), pid=4_194_305)  # no Linux gives a process this id
ELSEWHERE = replace(whoami(), host="ci-2.example.com", user="bob", pid=7)


@pytest.fixture
def root(cli: Cli, tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    text = "apiVersion: reconciler/v1\nkind: Project\nmanifests: [manifests]\ntargets:\n"
    text += "  analytics: {provider: omni-analytics}\n  platform: {provider: omg-platform}\n"
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    assert cli("init", "--ledger-only").code == 0
    return tmp_path


def opened(root: Path, who: Who | None = None) -> Ledger:
    return open_ledger(root / ".reconciler/ledger.db", who=who or whoami(), clock=real_clock())


def call_of(address: Address, number: int, *held: str) -> Call:
    return Call(
        str(number), address.target, address.kind, address, "PUT", "/v1/folders", Phase.UPDATE, held=held,
        effect=Effect(key=address.name), new_id="/data/id", summary=f"update {address.name}",
    )  # fmt: skip


def gain(address: Address, *who: str, held: bool = False) -> AccessChange:
    at = Step(Sort.OBJECT, address.name, address.kind)
    return AccessChange(address.target, True, who, "VIEWER", at, held=held)


def plan_of(*actions: Action, calls: tuple[Call, ...] = (), access: tuple[AccessChange, ...] = ()) -> Plan:
    targets = (PlanTarget("analytics", "omni-analytics", "https://api.example.com", 60),)
    return Plan("sha256:" + "ab" * 32, "0.1.0", "m", targets, actions, calls, access=access)


def granting(*addresses: Address) -> Plan:
    """A plan that lets jane see each of these folders."""
    changed = FieldChange(
        ("permissions", "jane"), {"role": "none"}, {"role": "VIEWER"}, Reason.INTENT, access=True
    )
    calls = tuple(call_of(a, n) for n, a in enumerate(addresses, 1))
    actions = [Action(Verb.UPDATE, c.address, c.address.name, fields=(changed,), calls=(c.id,)) for c in calls]
    return plan_of(*actions, calls=calls, access=tuple(gain(a, f"jane-{a.name}@example.com") for a in addresses))


def ran(ledger: Ledger, plan: Plan, *ends: End, status: str = "done", target: str = "analytics") -> str:
    run = ledger.start(plan.id, to_json(plan), (target,), None)
    for call, end in zip(plan.calls, ends, strict=False):
        ledger.intend(run, call.id, call.address, "sha256:00")
        ledger.conclude(run, call.address, Outcome(call.id, end, "", 200))
    ledger.finish(run, status)
    return run


def said(cli: Cli, *words: str, code: int = 0) -> str:
    told = cli(*words)
    assert told.code == code, told
    assert all(len(line) <= 80 for line in told.out.splitlines()), told.out
    return " ".join((told.out + told.err).split())


def data(cli: Cli, *words: str) -> Any:
    told = cli(*words, "--output", "json")
    assert told.code in (0, 7), told.err
    return json.loads(told.out)


# history


def test_who_gained_access_in_a_run_is_told_as_far_as_its_calls_were_done(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        whole = ran(ledger, granting(BOARD, DESK), End.DONE, End.DONE)
        half = ran(ledger, granting(BOARD, DESK), End.DONE, End.FAILED, status="partial")
        none = ran(ledger, granting(BOARD), End.FAILED, status="partial")

    text = said(cli, "history", "show", whole)
    assert "Who gained and lost access" in text
    assert "jane-board@example.com gained VIEWER on Folder board" in text
    assert "jane-desk@example.com gained" in text
    told = data(cli, "history", "show", half)
    assert told["access"] == [{**gain(BOARD, "jane-board@example.com").to_json(), "certain": True}]
    assert "jane-desk" not in said(cli, "history", "show", half)
    markdown = cli("history", "show", half, "--output", "markdown").out
    assert "jane-board@example.com" in markdown.partition("Who gained and lost access")[2].partition("####")[0]
    assert data(cli, "history", "show", none)["access"] == []


def test_what_may_hang_on_calls_of_which_some_were_not_done_is_said_to_be_unsure(root: Path, cli: Cli) -> None:
    plan = granting(BOARD, DESK)
    through = replace(gain(Address("analytics", "Folder", "attic"), "chen@example.com"), target="analytics")
    with opened(root) as ledger:
        run = ran(ledger, replace(plan, access=(through,)), End.DONE, End.FAILED, status="partial")

    assert [row["certain"] for row in data(cli, "history", "show", run)["access"]] == [False]
    assert "Access that may have changed" in said(cli, "history", "show", run)


def test_the_fields_that_a_run_changed_are_in_its_json(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        run = ran(ledger, granting(BOARD, DESK), End.DONE, End.FAILED, status="partial")

    actions = data(cli, "history", "show", run)["actions"]

    assert [(a["address"], a["done"]) for a in actions] == [
        (str(BOARD), True),
        (str(DESK), False),
    ]
    (change,) = actions[0]["changes"]
    assert (change["before"], change["after"]) == ({"role": "none"}, {"role": "VIEWER"})


def test_lifted_holds_show_in_the_list_and_can_be_asked_for(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, granting(DESK), End.DONE)
        plan = granting(BOARD)
        run = ledger.start(plan.id, to_json(plan), ("analytics",), None)
        ledger.note(run, {"override": f"protected@{BOARD}", "reason": "FIN-12"})
        ledger.finish(run, "done")

    assert "1 lifted" in said(cli, "history")
    (row,) = data(cli, "history", "--lifted")["entries"]
    assert row["run"] == run
    (lifted,) = row["lifted"]
    assert (lifted["rule"], lifted["address"], lifted["reason"]) == ("protected", str(BOARD), "FIN-12")
    assert lifted["who"]["user"] == whoami().user


def test_what_a_run_recorded_without_a_call_is_told(root: Path, cli: Cli) -> None:
    adopted = Bond(BOARD, "f-1")
    plan = plan_of(
        Action(Verb.ADOPT, BOARD, "board", bond=adopted),
        Action(Verb.RELEASE, DESK, "desk"),
        Action(Verb.NONE, KEEP, ""),
    )
    with opened(root) as ledger:
        run = ledger.start(plan.id, to_json(plan), ("analytics",), None)
        ledger.bind(run, adopted)
        ledger.release(run, DESK, "the document is gone")
        ledger.finish(run, "done")

    text = said(cli, "history", "show", run)

    assert f"adopt {BOARD}, id f-1 release {DESK}: the document is gone" in text
    assert "2 recorded" in said(cli, "history")
    recorded = data(cli, "history", "show", run)["recorded"]
    assert [(r["verb"], r["id"]) for r in recorded] == [("adopt", "f-1"), ("release", None)]
    assert str(BOARD) in cli("history", "show", run, "--output", "markdown").out


@pytest.mark.parametrize("with_call", [True, False])
def test_a_run_of_which_all_was_held_has_not_done_all_it_was_to_do(root: Path, cli: Cli, with_call: bool) -> None:
    rule = "protected" if with_call else "in-doubt"
    call = call_of(BOARD, 1, rule)
    hold = Hold(rule, "why", "a way out")
    own = (call,) if with_call else ()
    action = Action(Verb.UPDATE, BOARD, "board", holds=(hold,), calls=tuple(c.id for c in own))
    with opened(root) as ledger:
        run = ran(ledger, plan_of(action, calls=own))
        done = call_of(DESK, 2)
        both = plan_of(action, Action(Verb.UPDATE, DESK, "desk", calls=("2",)), calls=(*own, done))
        started = ledger.start(both.id, to_json(both), ("analytics",), None)
        ledger.conclude(started, DESK, Outcome("2", End.DONE))
        ledger.finish(started, "done")

    rows = data(cli, "history")["entries"]
    assert [(r["run"], r["status"], r["counts"]) for r in rows] == [
        (started, "partly", {"done": 1, "held": 1}),
        (run, "held", {"held": 1}),
    ]
    text = said(cli, "history", "show", run)
    assert "it did all it was to do" not in text
    assert rule in text


def test_a_run_at_work_is_told_from_one_that_was_cut_short(root: Path, cli: Cli) -> None:
    plan = granting(BOARD)
    with opened(root) as ledger:
        lease = ledger.acquire("analytics")
        run = ledger.start(plan.id, to_json(plan), ("analytics",), None)
        (row,) = data(cli, "history")["entries"]
        assert row["status"] == "at work"
        assert "it is at work just now" in said(cli, "history", "show", run)
        ledger.give_back(lease)

    (row,) = data(cli, "history")["entries"]
    assert row["status"] == "unfinished"
    assert "it was cut short" in said(cli, "history", "show", run)


def test_calls_that_a_run_never_came_to_are_one_line(root: Path, cli: Cli) -> None:
    many = [Address("analytics", "Folder", f"f{n:02}") for n in range(20)]
    with opened(root) as ledger:
        run = ran(ledger, granting(*many), End.DONE, status="nothing sent")

    text = said(cli, "history", "show", run)

    assert text.count("the run never came to it") == 1
    assert "19 calls" in text
    assert cli("history", "show", run, "--output", "markdown").out.count("the run never came to it") == 1
    assert "1 entry" in cli("history", "--output", "markdown").out


# ledger


def test_an_address_that_leads_to_nothing_any_more_tells_its_past(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        run = ran(ledger, granting(BOARD, DESK), End.DONE, End.DONE)
        ledger.bind(run, Bond(BOARD, "f-1", made=True))
        ledger.bind(run, Bond(DESK, "f-2", made=True))
        ledger.release(run, DESK, "deleted")
    assert cli("ledger", "forget", str(BOARD), "--yes", "--reason", "by hand").code == 0

    text = said(cli, "ledger", "show", str(BOARD))
    assert "it leads to nothing" in text
    assert f"{run}: made by us, id f-1" in text
    assert f"a person: no longer ours: a person said to forget it ({whoami().author})" in text
    assert f"{run}: no longer ours: deleted" in said(cli, "ledger", "show", str(DESK))
    assert data(cli, "ledger", "show", str(DESK))["id"] is None
    assert "did you mean 'analytics/Folder/desk'?" in said(cli, "ledger", "show", "analytics/Folder/desc", code=3)


def test_what_an_unfinished_run_only_looked_at_can_be_forgotten(root: Path, cli: Cli) -> None:
    call = call_of(BOARD, 1)
    plan = plan_of(Action(Verb.UPDATE, BOARD, "", calls=("1",)), Action(Verb.NONE, KEEP, ""), calls=(call,))
    with opened(root) as ledger:
        first = ran(ledger, plan, End.DONE)
        ledger.bind(first, Bond(BOARD, "f-1"))
        ledger.bind(first, Bond(KEEP, "f-2"))
        run = ledger.start(plan.id, to_json(plan), ("analytics",), None)
        ledger.intend(run, "1", BOARD, "sha256:00")

    refused = cli("ledger", "forget", str(BOARD), "--yes", "--reason", "x")
    assert (refused.code, f"{run} did not finish" in refused.err) == (4, True)
    assert cli("ledger", "forget", str(KEEP), "--yes", "--reason", "x").code == 0


def test_made_and_adopted_leave_nothing(root: Path, cli: Cli) -> None:
    assert "--made and --adopted" in said(cli, "ledger", "list", "--made", "--adopted", code=3)


@pytest.mark.parametrize("words", [["forget", str(BOARD)], ["move", str(BOARD), str(DESK)]])
def test_verify_finds_every_head_that_was_printed(root: Path, cli: Cli, words: list[str]) -> None:
    with opened(root) as ledger:
        lease = ledger.acquire("analytics")
        run = ledger.start("p", to_json(plan_of()), ("analytics",), None)
        ledger.bind(run, Bond(BOARD, "f-1"))
        printed = ledger.finish(run, "done")
        ledger.give_back(lease)

    told = data(cli, "ledger", "verify")
    assert told["lastRun"] == {"run": run, "head": printed}, (
        "what an apply printed stands there, though more follows"
    )
    assert told["head"] != printed
    assert cli("ledger", "verify", "--head", printed).code == 0
    corrected = cli("ledger", *words, "--yes", "--reason", "x").out.split()[-1]
    assert cli("ledger", "verify", "--head", corrected).code == 0


# lease


def test_who_ended_a_lease_and_why_is_shown(root: Path, cli: Cli) -> None:
    with opened(root, ELSEWHERE) as ledger:
        ledger.acquire("analytics")
    assert cli("lease", "release", "analytics", "--reason", "the runner is gone").code == 0

    ended = f"{whoami().author}: the runner is gone"
    assert "free: a person ended it" in said(cli, "lease", "show")
    assert f"ended by {ended}" in said(cli, "lease", "show")
    (row,) = data(cli, "lease", "show")["leases"]
    assert row["endedBy"] == ended
    with opened(root) as ledger:
        ledger.give_back(ledger.acquire("analytics"))
    assert "a person ended it" not in said(cli, "lease", "show"), "another lease was taken and given back since"


def test_the_lease_of_a_process_that_lives_here_is_ended_only_with_a_yes(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        lease = ledger.acquire("analytics")
        text = said(cli, "lease", "release", "analytics", "--reason", "x", code=3)
        assert "lives, on this machine" in text
        assert "add --yes" in text
        assert ledger.holds(lease)
        assert cli("lease", "release", "analytics", "--reason", "x", "--yes").code == 0
        assert not ledger.holds(lease)


# resume


def doubtful(ledger: Ledger, address: Address, *, killed: bool = False) -> str:
    plan = replace(
        plan_of(calls=(replace(call_of(address, 1), phase=Phase.CREATE),)),
        targets=(PlanTarget("platform", "omg-platform", "https://omg.example.com"),),
    )
    run = ledger.start(plan.id, to_json(plan), ("platform",), None)
    ledger.intend(run, "1", address, "sha256:00")
    if not killed:
        told: dict[str, Json] = {Fact.DOUBT: "POST /api/v1/briefs", Fact.KEY: "q", Fact.LABEL: "Q"}
        ledger.conclude(run, address, Outcome("1", End.IN_DOUBT, "lost", result=told, question="made?"))
        ledger.finish(run, "partial")
    return run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--adopt", f"{SPRING}=3", "--forget", str(SPRING)], "say one of the two"),
        (["--adopt", f"{SPRING}=3", "--adopt", f"{SPRING}=4"], "is answered twice"),
        (["--forget", str(SPRING), "--forget", str(SPRING)], "is answered twice"),
    ],
)
def test_two_answers_about_one_address_answer_nothing(
    root: Path, cli: Cli, words: list[str], message: str
) -> None:
    with opened(root) as ledger:
        doubtful(ledger, SPRING)

    assert message in said(cli, "resume", *words, code=3)
    with opened(root) as ledger:
        assert set(ledger.recorded().doubts) == {SPRING}


@pytest.mark.parametrize("killed", [True, False])
def test_an_id_that_was_mistyped_can_be_told_again(root: Path, cli: Cli, killed: bool) -> None:
    with opened(root, DEAD) as ledger:
        doubtful(ledger, SPRING, killed=killed)
        ledger.bind("run-1", Bond(AUTUMN, "77", made=True))
    assert cli("resume", "--adopt", f"{SPRING}=b7").code == 0

    assert cli("resume", "--adopt", f"{SPRING}=b8").code == 0

    with opened(root) as ledger:
        bond = ledger.recorded().bonds[SPRING]
        assert (bond.id, bond.made, bond.key is not None) == ("b8", True, True)
        for one in ledger.unfinished(("platform",)):
            assert one.outcomes["1"].result[Fact.ID] == "b8", "the run that is still open does not bring it back"
    assert "the id 77 is that of" in said(cli, "resume", "--adopt", f"{SPRING}=77", code=3)
    assert "is not in doubt" in said(cli, "resume", "--adopt", f"{AUTUMN}=78", code=3), "no person told that one"


def test_whoever_says_not_made_is_warned_of_another_one(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        doubtful(ledger, SPRING)

    text = said(cli, "resume", "--forget", str(SPRING))

    assert "the next plan makes ANOTHER one" in text


def test_a_run_that_was_killed_is_named_and_who_looks_it_up(root: Path, cli: Cli) -> None:
    with opened(root, DEAD) as ledger:
        ledger.acquire("analytics")
        run = ledger.start("p", to_json(granting(BOARD)), ("analytics",), None)

    line = f"{run} did not finish; `reconciler apply` looks it up first"
    assert line in said(cli, "resume")
    assert data(cli, "resume")["unfinished"] == [run]
    assert line in said(cli, "plan")


def test_a_run_that_is_at_work_is_not_called_cut_short(root: Path, cli: Cli) -> None:
    from reconciler.workflow import Options, cut_short

    with opened(root, ELSEWHERE) as ledger:
        lease = ledger.acquire("analytics")
        run = ledger.start("p", to_json(granting(BOARD)), ("analytics",), None)
        assert cut_short(Options(root)) == ()
        ledger.give_back(lease)
    assert cut_short(Options(root)) == (run,)


def test_a_run_tells_of_access_what_its_plan_foretold_once_all_is_done(
    cli: Cli, project: Path, twins: dict[str, Twin]
) -> None:
    plan = json.loads(cli("plan", "--output", "json").out)
    foretold = [one for one in plan["access"] if not one["held"]]
    assert foretold
    assert cli("apply", "--yes").code == 0
    run = data(cli, "history")["entries"][0]["run"]

    told = data(cli, "history", "show", run)

    assert told["access"] == [{**one, "certain": True} for one in foretold]
    assert " gained " in said(cli, "history", "show", run).partition("Who gained and lost access")[2]
