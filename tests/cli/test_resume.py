"""`reconciler resume`: what only a person can tell is asked once, answered once, and never guessed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, open_ledger, whoami
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase, Plan, PlanTarget
from reconciler.model.plan_json import to_json
from reconciler.model.recorded import Bond
from reconciler.wire.clock import real_clock
from tests.cli.conftest import Cli

SPRING, AUTUMN = Address("platform", "Brief", "spring"), Address("platform", "Brief", "autumn")
LINE = "POST /api/v1/briefs"


@pytest.fixture
def briefs(cli: Cli, tmp_path: Path) -> Path:
    """A project whose one target holds things that no read finds, with an empty ledger."""
    root = tmp_path / "briefs"
    (root / "manifests").mkdir(parents=True)
    text = "apiVersion: reconciler/v1\nkind: Project\ntargets:\n  platform: {provider: omg-platform}\n"
    (root / "reconciler.yaml").write_text(text + "manifests: [manifests]\n", encoding="utf-8")
    os.chdir(root)
    said = cli("init", "--ledger-only")
    assert said.code == 0, said
    return root


@contextmanager
def ledger(root: Path) -> Iterator[Ledger]:
    with open_ledger(root / ".reconciler/ledger.db", who=whoami(), clock=real_clock()) as found:
        yield found


def create(address: Address) -> Call:
    return Call(
        "1", address.target, address.kind, address, "POST", "/api/v1/briefs", Phase.CREATE, new_id="/data/id",
        effect=Effect(key=address.name), summary=f"create Brief {address.name}",
    )  # fmt: skip


def begun(found: Ledger, address: Address) -> str:
    """A run that was killed while the create was under way."""
    targets = (PlanTarget("platform", "omg-platform", "https://omg.example.com"),)
    plan = Plan("p", "1", "m", targets, (), (create(address),))
    run = found.start("p", to_json(plan), ("platform",), None)
    found.intend(run, "1", address, "sha256:00")
    return run


def in_doubt(found: Ledger, address: Address) -> None:
    """A run that ended with the create in doubt."""
    run = begun(found, address)
    told: dict[str, Json] = {Fact.DOUBT: LINE, Fact.KEY: address.name, Fact.LABEL: address.name}
    found.conclude(run, address, Outcome("1", End.IN_DOUBT, "lost", result=told, question="made?"))
    found.finish(run, "partial")


def test_nothing_is_in_doubt(briefs: Path, cli: Cli) -> None:
    assert cli("resume") == replace(cli("resume"), code=0, out="Nothing is in doubt.\n", err="")


def test_each_doubt_is_listed_with_the_two_commands_that_answer_it(briefs: Path, cli: Cli) -> None:
    with ledger(briefs) as found:
        in_doubt(found, SPRING)
        in_doubt(found, AUTUMN)

    said = cli("resume")

    assert said.code == 7
    assert "In doubt: 2." in said.out
    assert "made:      reconciler resume --adopt platform/Brief/spring=ID\n" in said.out
    assert "not made:  reconciler resume --forget platform/Brief/autumn\n" in said.out
    rows = json.loads(cli("resume", "--output", "json").out)["inDoubt"]
    assert [(r["address"], r["line"]) for r in rows] == [(str(AUTUMN), LINE), (str(SPRING), LINE)]


def test_what_was_made_is_ours(briefs: Path, cli: Cli) -> None:
    with ledger(briefs) as found:
        in_doubt(found, SPRING)
        in_doubt(found, AUTUMN)

    said = cli("resume", "--adopt", f"{SPRING}=b7")

    assert said.code == 7, "the other one is still in doubt"
    assert said.out.startswith("1 answered\nIn doubt: 1.")
    with ledger(briefs) as found:
        assert found.recorded().bonds == {SPRING: Bond(SPRING, "b7", key="spring", made=True, label="spring")}
    assert cli("resume", "--forget", str(AUTUMN)).code == 0
    with ledger(briefs) as found:
        assert (set(found.recorded().bonds), found.recorded().doubts) == ({SPRING}, {})


@pytest.mark.parametrize("answer", ["--adopt", "--forget"])
def test_a_killed_run_is_asked_about_too_and_does_not_ask_again(briefs: Path, cli: Cli, answer: str) -> None:
    with ledger(briefs) as found:
        begun(found, SPRING)

    assert cli("resume").code == 7
    word = f"{SPRING}=b7" if answer == "--adopt" else str(SPRING)
    assert cli("resume", answer, word).code == 0
    assert cli("resume").code == 0
    with ledger(briefs) as found:
        (left,) = found.unfinished(("platform",))
        assert left.sent == ()
        wanted = End.DONE if answer == "--adopt" else End.NOT_SENT
        assert left.outcomes["1"].end is wanted
        assert left.outcomes["1"].result.get("/data/id") == ("b7" if answer == "--adopt" else None)


def test_a_thing_that_is_gone_can_be_forgotten(briefs: Path, cli: Cli) -> None:
    with ledger(briefs) as found:
        found.bind(begun(found, AUTUMN), Bond(SPRING, "b7", made=True))
        found.answer(AUTUMN, None)

    cli("resume", "--forget", str(SPRING))

    with ledger(briefs) as found:
        assert found.recorded().bonds == {}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--adopt", "platform/Brief/sprink=b7"], "platform/Brief/sprink is not in doubt"),
        (["--forget", "platform/Brief/sprink"], "did you mean 'platform/Brief/spring'?"),
        (["--adopt", "platform/Brief/spring=b1"], "the id b1 is that of platform/Brief/autumn"),
        (["--adopt", "platform/Brief/spring"], "there is no id"),
        (["--adopt", "platform/Brief/spring= "], "there is no id"),
        (["--adopt", "spring=b7"], "write --adopt with target/Kind/name"),
        (["--forget", "spring"], "write --forget with target/Kind/name"),
    ],
)
def test_answers_that_cannot_be(briefs: Path, cli: Cli, words: list[str], message: str) -> None:
    with ledger(briefs) as found:
        in_doubt(found, SPRING)
        found.bind(begun(found, AUTUMN), Bond(AUTUMN, "b1", made=True))
        found.conclude("run-6", AUTUMN, Outcome("1", End.DONE))
        before = found.recorded().doubts

    said = cli("resume", *words)

    assert said.code == 3
    assert message in said.err
    with ledger(briefs) as found:
        assert found.recorded().doubts == before


def test_nobody_answers_while_a_run_is_at_work(briefs: Path, cli: Cli) -> None:
    with ledger(briefs) as found:
        in_doubt(found, SPRING)
        lease = found.acquire("platform")
        said = cli("resume", "--forget", str(SPRING))
        found.give_back(lease)

    assert said.code == 4
    assert "is applying" in said.err
    assert cli("resume").code == 7
    assert cli("resume").code == 7, "the leases were given back"


def test_without_a_ledger_there_is_nothing_to_answer(briefs: Path, cli: Cli) -> None:
    (briefs / ".reconciler/ledger.db").unlink()

    assert cli("resume").code == 3
