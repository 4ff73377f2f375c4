"""Somebody else writes too: another run of ours, or a person in the product, at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler.ledger import open_ledger, whoami
from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.outcome import Lease
from reconciler.model.record import replace
from reconciler.wire.clock import real_clock
from tests.faults.conftest import LONG, Benches
from tests.faults.trials import Bench, Program
from tests.faults.undisturbed import assert_converged, undisturbed
from tests.world import OMNI, TRACKER

PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"kills-{p}")) for p in ("plain", "adversarial")]


@pytest.fixture(scope="module")
def second() -> Iterator[Program]:
    """Another process on the same machine, with the same ledger."""
    program = Program()
    yield program
    program.close()


def fresh(benches: Benches, profile: str) -> Bench:
    bench = benches[profile]
    undisturbed(bench)
    bench.rewind()
    return bench


# Two runs of ours


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("where", "n"), [(OMNI, 1), (TRACKER, 9)])
def test_a_second_run_is_told_who_is_at_work(
    benches: Benches, second: Program, profile: str, where: str, n: int
) -> None:
    bench = fresh(benches, profile)
    told: dict[str, Any] = {}

    def meanwhile(_: object) -> None:
        seen = {name: len(twin.log) for name, twin in bench.twins.items()}
        told.update(second.run(bench.job(result=str(bench.folder / "second.json"))))
        assert seen == {name: len(twin.log) for name, twin in bench.twins.items()}, "it sent something"

    bench.twins[where].on_request(n, "before-effect", meanwhile, writes=True)
    first = bench.program.run(bench.job())

    assert (told["error"], told["code"]) == ("GuardRefused", 4)
    assert "is applying since" in told["text"]
    assert told["hint"]
    assert_converged(bench, first)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", range(1, 28) if LONG else [1, 9])
@pytest.mark.parametrize("where", [OMNI, TRACKER])
def test_two_runs_side_by_side_do_everything_once(
    benches: Benches, second: Program, profile: str, where: str, n: int
) -> None:
    """The second begins at any request of the first, its readings included; then nobody waits for anybody."""
    bench = fresh(benches, profile)
    other = bench.job(result=str(bench.folder / "second.json"))
    told: list[dict[str, Any]] = []
    beside = threading.Thread(target=lambda: told.append(second.run(other)))
    bench.twins[where].on_request(n, "after-effect", lambda _: beside.start())

    told.append(bench.program.run(bench.job()))
    if beside.ident is None:  # the first made fewer requests
        bench.quiet()
        beside.start()
    beside.join()

    for one in told:
        assert one.get("error") in (None, "GuardRefused", "PlanStale"), one
        assert set(one.get("ends", {}).values()) <= {"done", "unneeded", "stale", "blocked", "not sent"}, one
    assert_converged(bench, bench.program.run(bench.job()))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("where", "n"), [(OMNI, 5), (TRACKER, 3)])
def test_a_lease_lost_half_way_stops_the_rest(benches: Benches, profile: str, where: str, n: int) -> None:
    """As after a night's sleep of the machine: the lease has expired, and somebody else has it now."""
    bench = fresh(benches, profile)
    wanted = undisturbed(bench)
    stolen: list[Lease] = []
    clock = real_clock()
    later = replace(clock, wall=lambda: clock.wall() + 2 * LEASE_SECONDS)
    bob = replace(whoami(), host="ci-2.example.com", user="bob")

    def steal(_: object) -> None:
        with open_ledger(bench.ledger, who=bob, clock=later) as ledger:
            stolen.append(ledger.acquire(where))

    bench.twins[where].on_request(n, "before-effect", steal, writes=True)
    told = bench.program.run(bench.job(concurrency=1))

    lost = "the lease on this target is lost: another run has taken over"
    assert [m for m in told["messages"].values() if m == lost]
    written = len(bench.twins[where].log.writes())
    assert written == n
    other = TRACKER if where == OMNI else OMNI
    assert len(bench.twins[other].log.writes()) == wanted.writes[other]
    assert bench.program.run(bench.job())["error"] == "GuardRefused"

    with open_ledger(bench.ledger, who=bob, clock=later) as ledger:
        ledger.give_back(stolen[0])
    assert_converged(bench, bench.program.run(bench.job()))


# Somebody in the product

Edit = Callable[[Bench], None]


def by_hand(bench: Bench, where: str, method: str, path: str, body: Any = None) -> Any:
    answer = bench.twins[where].edit(method, path, body)
    assert answer.ok, answer
    return answer.body


def team_id(bench: Bench, slug: str) -> str:
    state: Any = bench.tracker.dump()["state"]
    return next(str(i) for i, t in state["clientTeams"].items() if t["slug"] == slug)


def user_id(bench: Bench, email: str) -> str:
    state: Any = bench.tracker.dump()["state"]
    return next(str(i) for i, u in state["users"].items() if u["email"] == email)


def folder_id(bench: Bench, name: str) -> str:
    state: Any = bench.omni.dump()["state"]
    return next(str(i) for i, f in state["folders"].items() if f["name"] == name)


def _marks_gamma(bench: Bench) -> None:
    by_hand(bench, OMNI, "PUT", "/v1/labels/Gamma", {"homepage": True})


def _renames_keep(bench: Bench) -> None:
    by_hand(bench, OMNI, "PUT", "/v1/labels/Keep", {"name": "Kept by hand"})


def _makes_next(bench: Bench) -> None:
    by_hand(bench, OMNI, "POST", "/v1/labels", {"name": "NEXT"})


def _uses_delta(bench: Bench) -> None:
    bench.omni.add_document("Report", labels=("Delta",))


def _makes_new(bench: Bench) -> None:
    by_hand(bench, OMNI, "POST", "/v1/folders", {"name": "New", "parentFolderId": folder_id(bench, "Team")})


def _fills_old(bench: Bench) -> None:
    bench.omni.add_document("Report", folder_id=folder_id(bench, "Old"))


def _renames_acme(bench: Bench) -> None:
    by_hand(bench, TRACKER, "PATCH", f"/api/client-teams/{team_id(bench, 'acme')}", {"name": "Acme by hand"})


def _flags_maria(bench: Bench) -> None:
    at = f"/api/client-teams/{team_id(bench, 'crew')}/members"
    person = user_id(bench, "maria@example.com")
    by_hand(bench, TRACKER, "DELETE", f"{at}?userId={person}")


def _makes_spark(bench: Bench) -> None:
    by_hand(bench, TRACKER, "POST", "/api/client-teams", {"name": "Spark by hand", "slug": "spark"})


def _books_gone(bench: Bench) -> None:
    body = {"projectCode": "EX-9", "name": "9 - Launch", "omgJobNumber": "9"}
    by_hand(bench, TRACKER, "POST", "/api/projects", {**body, "clientTeamId": team_id(bench, "gone")})


EDITS: list[tuple[Edit, str]] = [
    (_marks_gamma, "'Gamma' has changed since the plan"),
    (_renames_keep, "'Keep' (id Keep) is live no more"),
    (_makes_next, "'Next' has appeared since the plan"),
    (_uses_delta, "'Delta' has changed since the plan (what it contains)"),
    (_makes_new, "'Team/New' has appeared since the plan"),
    (_fills_old, "'Team/Old' has changed since the plan (what it contains)"),
    (_renames_acme, "'acme' has changed since the plan"),
    (_flags_maria, "'crew' has changed since the plan"),
    (_makes_spark, "'spark' has appeared since the plan"),
    (_books_gone, "'gone' has changed since the plan (what it contains)"),
]


def edits(first: int) -> list[Any]:
    """Every edit in both profiles; outside the long campaign in one, beginning with this one."""
    return [
        pytest.param(
            profile,
            edit,
            why,
            id=f"{edit.__name__.strip('_')}-{profile}",
            marks=pytest.mark.xdist_group(f"kills-{profile}"),
        )
        for i, (edit, why) in enumerate(EDITS)
        for p, profile in enumerate(("plain", "adversarial"))
        if LONG or (i + p + first) % 2 == 0
    ]


@pytest.mark.parametrize(("profile", "edit", "why"), edits(0))
def test_what_changed_since_the_plan_is_refused_and_the_rest_goes_on(
    benches: Benches, profile: str, edit: Edit, why: str
) -> None:
    bench = fresh(benches, profile)
    bench.program.run(bench.job("save"))
    edit(bench)

    told = bench.program.run(bench.job("resume"))

    refused = [call for call, message in told["messages"].items() if message.startswith(why)]
    assert refused, told["messages"]
    assert {told["ends"][call] for call in refused} == {"stale"}
    assert set(told["ends"].values()) <= {"done", "stale", "blocked", "unneeded"}
    assert list(told["ends"].values()).count("done") > 12
    again = bench.program.run(bench.job())
    assert again["left"] == [], again
    assert "error" not in bench.program.run(bench.job())


@pytest.mark.parametrize(
    ("profile", "edit"), [pytest.param(*p.values[:2], id=p.id, marks=p.marks) for p in edits(1)]
)
def test_a_change_between_check_and_call_ends_in_words(benches: Benches, profile: str, edit: Edit) -> None:
    """Nobody can see it in time. It may be overwritten or refused, never followed by nonsense: every call has an
    end, nothing is made twice by us, and a plain run finds its way."""
    bench = fresh(benches, profile)
    done: list[bool] = []

    def once(_: object) -> None:
        if not done:
            done.append(True)
            edit(bench)

    for twin in bench.twins.values():
        twin.on_request(1, "before-effect", once, writes=True)
    told = bench.program.run(bench.job(concurrency=1))

    assert "error" not in told, told
    failed = {c: told["messages"][c] for c, end in told["ends"].items() if end in ("failed", "in doubt")}
    assert all(failed.values())
    again = bench.program.run(bench.job())
    assert "error" not in again, again
    assert again["left"] == []
    made = [f[0] for f in bench.seen()["live"][f"{OMNI}/folders"]]
    assert made.count(">Team>New") == (2 if edit is _makes_new else 1)  # one by hand, one by us
    assert len(made) == len(set(made)) + (edit is _makes_new)
