"""`history`, `ledger` and `lease`: what was run, what is remembered and why, whether the record is whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.ledger import Ledger, Who, open_ledger, whoami
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Action, Call, Effect, Phase, Plan, PlanTarget
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.wire.clock import real_clock
from tests.cli.conftest import Cli

ALPHA, BETA, KEEP = (Address("analytics", "Label", name) for name in ("alpha", "beta", "keep"))
SPRING = Address("platform", "Brief", "spring")
HEAD = "ledger head "
DEAD = replace(whoami(), pid=4_194_305)  # no Linux gives a process this id
DOCS = Path(__file__).parents[2] / "docs" / "ledger.md"


@pytest.fixture
def root(cli: Cli, tmp_path: Path) -> Path:
    """A project with a ledger and no manifests; nothing here is sent anywhere."""
    (tmp_path / "manifests").mkdir()
    text = "apiVersion: reconciler/v1\nkind: Project\nmanifests: [manifests]\ntargets:\n"
    text += "  analytics: {provider: omni-analytics}\n  platform: {provider: omg-platform}\n"
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    assert cli("init", "--ledger-only").code == 0
    return tmp_path


def opened(root: Path, who: Who | None = None) -> Ledger:
    return open_ledger(root / ".reconciler/ledger.db", who=who or whoami(), clock=real_clock())


def plan_of(*addresses: Address) -> Plan:
    calls = tuple(
        Call(
            str(n), a.target, a.kind, a, "POST", "/v1/labels", Phase.CREATE, body={"name": a.name},
            effect=Effect(key=a.name), summary=f"create {a.kind} {a.name}",
        )
        for n, a in enumerate(addresses, 1)
    )  # fmt: skip
    targets = (PlanTarget("analytics", "omni-analytics", "https://api.example.com", 60),)
    from reconciler.model.change import Verb

    actions = tuple(Action(Verb.CREATE, c.address, c.address.name, calls=(c.id,)) for c in calls)
    return Plan("sha256:" + "ab" * 32, "0.1.0", "m", targets, actions, calls, commit="0a1b2c3d4e5f")


def ran(ledger: Ledger, *addresses: Address, end: str | None = "done", protect: bool = False) -> str:
    """A run that made these labels; `end` None: killed after the first was made and the second was sent."""
    plan = plan_of(*addresses)
    lease = ledger.acquire("analytics")
    run = ledger.start(plan.id, to_json(plan), ("analytics",), plan.commit)
    for call in plan.calls:
        ledger.intend(run, call.id, call.address, "sha256:00")
        if end is None and call.id == "2":
            return run
        told: dict[str, Json] = {Fact.ID: call.address.name.title(), Fact.LABEL: call.address.name.title()}
        ledger.conclude(run, call.address, Outcome(call.id, End.DONE, "", 200, told))
        bond = Bond(call.address, call.address.name.title(), made=True, on_remove="delete", protect=protect)
        ledger.bind(run, bond)
    if end is not None:
        ledger.finish(run, end)
        ledger.give_back(lease)
    return run


def data(cli: Cli, *words: str) -> Any:
    said = cli(*words, "--output", "json")
    assert said.code == 0, said.err
    return json.loads(said.out)


# history


def test_nothing_was_run(root: Path, cli: Cli) -> None:
    assert cli("history").out == "Nothing was run.\n"


def test_runs_are_told_newest_first_with_who_and_what_came_of_them(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        ran(ledger, BETA, end="partial")

    rows = data(cli, "history")["entries"]

    assert [(r["status"], r["counts"]["done"], r["targets"]) for r in rows] == [
        ("partly", 1, ["analytics"]),
        ("done", 1, ["analytics"]),
    ]
    assert rows[0]["who"]["user"] == whoami().user
    assert rows[0]["who"]["claimed"] is None
    assert rows[0]["commit"] == "0a1b2c3d4e5f"
    text = cli("history", "--limit", "1").out
    assert "0a1b2c3" in text
    assert "abababababab" in text
    assert "1 more before these" in text
    assert all(len(line) <= 80 for line in cli("history").out.splitlines())


@pytest.mark.parametrize(
    ("environ", "claimed"),
    [
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTOR": "jane",
                "GITHUB_TRIGGERING_ACTOR": "bob",
                "GITHUB_SERVER_URL": "https://github.example.com",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_RUN_ID": "7",
            },
            {
                "actor": "bob",
                "service": "GitHub Actions",
                "job": "https://github.example.com/o/r/actions/runs/7",
            },
        ),
        (
            {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "chen", "CI_JOB_URL": "https://gitlab.example.com/j/1"},
            {"actor": "chen", "service": "GitLab CI", "job": "https://gitlab.example.com/j/1"},
        ),
        ({"GITHUB_ACTOR": "mallory"}, None),
    ],
)
def test_what_a_ci_service_claims_stands_beside_what_the_machine_knows(
    root: Path, cli: Cli, environ: dict[str, str], claimed: dict[str, str] | None
) -> None:
    with opened(root, whoami(environ)) as ledger:
        run = ran(ledger, ALPHA)

    row = data(cli, "history", "show", run)["run"]

    assert row["who"]["claimed"] == claimed
    assert row["who"]["user"] == whoami().user, "a claim never takes its place"
    said = cli("history", "show", run).out
    assert ("unchecked" in said) is (claimed is not None)


def test_a_run_is_told_in_full(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        before = ledger.head
        plan = plan_of(ALPHA, BETA)
        run = ledger.start(plan.id, to_json(plan), ("analytics",), plan.commit)
        ledger.note(run, {"override": f"protected@{ALPHA}", "reason": "FIN-12\x1b[2J"})
        ledger.intend(run, "1", ALPHA, "sha256:00")
        ledger.conclude(run, ALPHA, Outcome("1", End.FAILED, "no \u202ename", 422))
        ledger.conclude(run, BETA, Outcome("2", End.BLOCKED, "call 1 failed"))
        head = ledger.finish(run, "partial")

    told = data(cli, "history", "show", run)

    (lifted,) = told["overrides"]
    assert (lifted["override"], lifted["reason"]) == (f"protected@{ALPHA}", "FIN-12\x1b[2J")
    assert lifted["who"]["user"] == whoami().user
    assert [(c["end"], c["line"]) for c in told["calls"]] == [
        ("failed", "POST /v1/labels"),
        ("blocked", "POST /v1/labels"),
    ]
    assert (told["run"]["headBefore"], told["run"]["headAfter"]) == (before, head)
    for form in ("text", "markdown"):
        said = cli("history", "show", run.removeprefix("run-"), "--output", form).out
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert "FIN-12\\x1b[2J" in said
        assert head in said


def test_an_unfinished_run_says_so_and_what_to_do(root: Path, cli: Cli) -> None:
    with opened(root, DEAD) as ledger:
        run = ran(ledger, ALPHA, BETA, end=None)

    assert "unfinished" in cli("history").out
    said = " ".join(cli("history", "show", run).out.split())
    assert "`reconciler apply` looks up what became of it" in said
    assert "sent, and nobody wrote down what came of it" in said
    told = data(cli, "history", "show", run)
    assert (told["run"]["status"], told["run"]["headAfter"], told["seconds"]) == ("unfinished", None, None)


def test_what_was_looked_up_later_is_told_of_both_runs(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        cut = ran(ledger, ALPHA, BETA, end=None)
    later = replace(whoami(), user="bob", host="ci-2.example.com", pid=1)
    with opened(root) as ledger:
        ledger.give_back(replace(ledger.acquire("platform")))
        ledger.deeds.end_lease("analytics", "it is gone")
    with opened(root, later) as ledger:
        lease = ledger.acquire("analytics")
        ledger.conclude(cut, BETA, Outcome("2", End.NOT_SENT, "live shows that it did not happen", settled=True))
        ledger.finish(cut, "settled")
        ledger.give_back(lease)
        after = ran(ledger, BETA)

    told = data(cli, "history", "show", cut)
    assert told["run"]["status"] == "cut short"
    assert (told["lookedUp"]["who"]["user"], told["lookedUp"]["notHappened"]) == ("bob", 1)
    before = data(cli, "history", "show", after)["lookedUpBefore"]
    assert [(b["run"], b["who"]["user"]) for b in before] == [(cut, "bob")]
    assert f"{cut} was looked up at" in " ".join(cli("history", "show", after).out.split())


def test_what_a_person_said_stands_between_the_runs(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA, BETA)
        doubt: dict[str, Json] = {Fact.DOUBT: "POST /api/v1/briefs", Fact.KEY: "spring"}
        run = ledger.start("p2", to_json(plan_of(SPRING)), ("platform",), None)
        ledger.conclude(run, SPRING, Outcome("1", End.IN_DOUBT, "lost", result=doubt, question="made?"))
        ledger.finish(run, "partial")
    assert cli("resume", "--adopt", f"{SPRING}=b7").code == 0
    assert cli("ledger", "move", str(ALPHA), "analytics/Label/first", "--yes", "--reason", "renamed").code == 0
    assert cli("ledger", "forget", str(BETA), "--yes", "--reason", "by hand").code == 0

    deeds = [e for e in data(cli, "history")["entries"] if "deed" in e]

    assert [(d["deed"], d["about"], d["reason"]) for d in deeds] == [
        ("forget", str(BETA), "by hand"),
        ("move", str(ALPHA), "renamed"),
        ("made", str(SPRING), None),
    ]
    assert [d["about"] for d in data(cli, "history", "show", run)["answers"]] == [str(SPRING)]
    assert [e["about"] for e in data(cli, "history", "--target", "platform")["entries"] if "deed" in e] == [
        str(SPRING)
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "yesterday"], "--since yesterday: that is no date"),
        (["--target", "analytic"], "did you mean 'analytics'?"),
        (["show", "run-999"], "the ledger knows no run 'run-999'"),
    ],
)
def test_words_of_history_that_lead_nowhere(root: Path, cli: Cli, words: list[str], message: str) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)

    said = cli("history", *words)

    assert said.code == 3
    assert message in said.err


def test_history_since_a_day(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)

    assert len(data(cli, "history", "--since", "2026-01-01")["entries"]) == 1
    assert data(cli, "history", "--since", "2999-01-01")["entries"] == []


# ledger list, show, forget, move


def test_what_is_remembered_and_since_when(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        run = ran(ledger, ALPHA)
        ran(ledger, KEEP, protect=True)
        again = ledger.start("p3", to_json(plan_of(ALPHA)), ("analytics",), None)
        ledger.bind(again, Bond(BETA, "Beta"))
        ledger.conclude(again, ALPHA, Outcome("1", End.DONE, "", 200))
        ledger.finish(again, "done")

    rows = {b["address"]: b for b in data(cli, "ledger", "list")["bonds"]}
    assert (rows[str(ALPHA)]["made"], rows[str(ALPHA)]["since"]["run"]) == (True, run)
    assert [b["address"] for b in data(cli, "ledger", "list", "--adopted")["bonds"]] == [str(BETA)]
    assert [*rows] == [str(ALPHA), str(BETA), str(KEEP)]
    story = data(cli, "ledger", "show", str(ALPHA))
    assert [(t["run"], t["what"]) for t in story["touches"]] == [
        (run, "create Label alpha: done, id Alpha"),
        (again, "create Label alpha: done"),
    ]
    kept = " ".join(cli("ledger", "show", str(KEEP)).out.split())
    assert "protected: to lift it" in kept
    assert "held as protected" in kept
    assert "not-ours" not in kept
    assert all(len(line) <= 80 for line in cli("ledger", "list").out.splitlines())


def test_a_thing_that_moved_takes_its_past_along(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        run = ran(ledger, ALPHA)
    first = "analytics/Label/first"

    said = cli("ledger", "move", str(ALPHA), first, "--yes", "--reason", "renamed")

    assert said.code == 0
    assert HEAD in said.out
    story = data(cli, "ledger", "show", first)
    assert (story["id"], story["since"]["run"]) == ("Alpha", run)
    assert story["touches"][-1]["what"] == f"moved here from {ALPHA}"
    left = data(cli, "ledger", "show", str(ALPHA))
    assert (left["id"], left["movedTo"]) == (None, first)
    assert f"its thing is {first} now" in " ".join(cli("ledger", "show", str(ALPHA)).out.split())


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (str(BETA), "is taken"),
        (str(ALPHA), "is taken"),
        ("analytics/Folder/alpha", "not of the target and kind"),
        ("platform/Label/alpha", "not of the target and kind"),
        ("alpha", "is no address"),
    ],
)
def test_an_address_that_a_thing_cannot_move_to(root: Path, cli: Cli, new: str, message: str) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA, BETA)
        before = ledger.head

    said = cli("ledger", "move", str(ALPHA), new, "--yes", "--reason", "x")

    assert said.code == 3
    assert message in said.err
    with opened(root) as ledger:
        assert ledger.head == before


def test_what_is_protected_is_forgotten_only_by_name(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, KEEP, protect=True)

    refused = cli("ledger", "forget", str(KEEP), "--yes", "--reason", "x")
    assert refused.code == 4
    assert "--override protected" in refused.err
    assert cli("ledger", "forget", str(KEEP), "--yes", "--override", "protected").code == 3, "it needs a reason"
    assert data(cli, "ledger", "list")["bonds"]

    assert (
        cli("ledger", "forget", str(KEEP), "--yes", "--override", "protected", "--reason", "it is gone").code == 0
    )
    assert data(cli, "ledger", "list")["bonds"] == []
    deed = data(cli, "history")["entries"][0]
    assert (deed["override"], deed["reason"], deed["detail"]) == ("protected", "it is gone", "Keep")


def test_forgetting_a_thing_that_no_read_finds_warns_of_another_one(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        run = ledger.start("p", to_json(plan_of(SPRING)), ("platform",), None)
        ledger.bind(run, Bond(SPRING, "b7", made=True))
        ledger.finish(run, "done")

    said = cli("ledger", "forget", str(SPRING), "--yes", "--reason", "deleted by hand")

    assert "the next plan makes ANOTHER one" in " ".join(said.out.split())


@pytest.mark.parametrize("words", [["forget", str(ALPHA)], ["move", str(ALPHA), "analytics/Label/new"]])
def test_nothing_is_corrected_without_a_yes_a_reason_and_the_target_at_rest(
    root: Path, cli: Cli, words: list[str]
) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        head = ledger.head

    assert cli("ledger", *words).code == 3, "nobody can be asked here"
    assert cli("ledger", *words, "--yes").code == 3, "no reason"
    other = replace(whoami(), host="ci-2.example.com", user="bob")
    with opened(root, other) as ledger:
        lease = ledger.acquire("analytics")
        said = cli("ledger", *words, "--yes", "--reason", "x")
        assert (said.code, "is applying since" in said.err) == (4, True)
        ledger.give_back(lease)
        run = ran(ledger, BETA, ALPHA, end=None)
        ledger.deeds.end_lease("analytics", "a test")
    said = cli("ledger", *words, "--yes", "--reason", "x")
    assert (said.code, f"{run} did not finish" in said.err) == (4, True)
    with opened(root) as ledger:
        assert ledger.verify(head)
        assert {str(ALPHA)} <= {str(a) for a in ledger.recorded().bonds}


# ledger verify, export


def tampered(root: Path, statement: str) -> None:
    connection = sqlite3.connect(root / ".reconciler/ledger.db")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def test_a_head_that_was_printed_is_found_again(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        head = ledger.head
        ran(ledger, BETA)

    said = cli("ledger", "verify", "--head", head)

    assert said.code == 0
    assert "It holds" in said.out
    assert cli("ledger", "verify", "--head", head[:12]).code == 0
    assert cli("ledger", "verify", "--head", "xyz").code == 3


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE events SET body = replace(body, 'Alpha', 'Omega') WHERE type = 'bind'",
            "is not what was written",
        ),
        ("DELETE FROM events WHERE seq = 3", "event 3 is missing"),
        ("UPDATE events SET prev = 'x' WHERE seq = 4", "event 4 does not follow"),
    ],
)
def test_a_broken_chain_names_the_first_bad_event(root: Path, cli: Cli, statement: str, says: str) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
    tampered(root, statement)

    said = cli("ledger", "verify")

    assert said.code == 4
    assert says in said.out
    told = json.loads(cli("ledger", "verify", "--output", "json").out)
    assert (told["holds"], told["firstBad"] > 1, told["head"]) == (False, True, None)
    assert cli("ledger", "list").code == 8, "nothing else works on it"


def test_a_chain_that_was_cut_off_or_written_anew_shows(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        head = ledger.head
    tampered(root, "DELETE FROM events WHERE seq > 4")

    assert cli("ledger", "verify").code == 0, "by itself a shorter chain is whole"
    said = cli("ledger", "verify", "--head", head)
    assert said.code == 4
    assert "REBUILT OR CUT OFF" in said.out


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_an_export_is_the_whole_chain_and_can_be_checked_without_us(root: Path, cli: Cli, form: str) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        head = ledger.head
    out = root / "export"

    assert cli("ledger", "export", "--format", form, "-o", str(out)).code == 0

    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text(encoding="ascii")
    events = json.loads(text)["events"] if form == "json" else [json.loads(line) for line in text.splitlines()]
    last = ""
    for e in events:  # as docs/ledger.md tells an auditor to
        head_of = [e[n] for n in ("prev", "seq", "time", "type", "run", "target", "address")]
        line = json.dumps(head_of, separators=(",", ":"), ensure_ascii=False)[:-1] + "," + e["body"] + "]"
        assert e["prev"] == last
        last = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
        assert e["hash"] == last
    assert last == head
    os.chdir("/")
    assert cli("ledger", "verify", "--file", str(out), "--head", head).code == 0, "no project is needed"
    out.write_text(text.replace("Alpha", "Omega"), encoding="ascii")
    said = cli("ledger", "verify", "--file", str(out))
    assert (said.code, "BROKEN: event" in said.out) == (4, True)
    out.write_text("\n".join(text.splitlines()[:2]) if form == "jsonl" else '{"events": 1}', encoding="ascii")
    assert cli("ledger", "verify", "--file", str(out), "--head", head).code == (4 if form == "jsonl" else 1)


def test_the_dozen_lines_of_the_docs_check_an_export_without_us(root: Path, cli: Cli) -> None:
    with opened(root) as ledger:
        ran(ledger, ALPHA)
        head = ledger.head
    assert cli("ledger", "export", "-o", "e.jsonl").code == 0
    (script,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)

    def checked() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", "-c", script, "e.jsonl"]
        return subprocess.run(words, capture_output=True, text=True, timeout=60)

    assert checked().stdout == f"head {head}\n"
    file = root / "e.jsonl"
    file.write_text(file.read_text(encoding="ascii").replace("Alpha", "Omega"), encoding="ascii")
    assert "was changed" in checked().stderr


@pytest.mark.parametrize("text", ["nothing", "{}", '{"seq": 1}', "[]", '{"seq": true}', "\x00"])
def test_what_is_no_export_is_said_to_be_none(root: Path, cli: Cli, text: str) -> None:
    (root / "export").write_text(text, encoding="utf-8")

    said = cli("ledger", "verify", "--file", "export")

    assert said.code == 1
    assert "export:1" in said.err


# lease


def test_who_holds_a_lease_is_shown_and_can_be_ended(root: Path, cli: Cli) -> None:
    assert cli("lease", "show").out == "No lease was ever taken.\n"
    other = replace(whoami(), host="ci-2.example.com", user="bob", pid=7)
    with opened(root, other) as ledger:
        lease = ledger.acquire("analytics")
        (row,) = data(cli, "lease", "show", "analytics")["leases"]
        assert (row["state"], row["number"], row["who"]["user"], row["who"]["process"]) == ("held", 1, "bob", 7)

        assert cli("lease", "release", "analytics").code == 3, "it needs a reason"
        said = cli("lease", "release", "analytics", "--reason", "the runner is gone")

        assert said.code == 0
        assert "bob@ci-2.example.com, process 7" in " ".join(said.out.split())
        assert not ledger.holds(lease)
        assert ledger.lost(lease) == f"was ended by {whoami().author}: the runner is gone"
    assert data(cli, "lease", "show")["leases"][0]["state"] == "returned"
    assert cli("lease", "release", "analytics", "--reason", "x").code == 3
    assert cli("lease", "show", "analytic").code == 3
    (deed,) = data(cli, "history")["entries"]
    assert (deed["deed"], deed["about"], deed["reason"]) == ("lease", "analytics", "the runner is gone")
