"""Runs that ended, and runs that never said so."""

from __future__ import annotations

import json

import pytest

from reconciler.model.outcome import IN_DOUBT, SETTLED, End, Fact, Journal, Outcome
from tests.unit.ledger.samples import (
    BOB,
    FINANCE,
    REPORTS,
    TEAM,
    Place,
    begun,
    bond,
    done,
    forgetful,
    made,
    reopened,
    some_history,
)


def test_a_ledger_is_a_journal() -> None:
    journal: Journal = forgetful()

    assert journal.unfinished(("analytics",)) == ()


def test_a_run_cut_short_tells_what_it_sent_and_what_it_knows(place: Place) -> None:
    failed = Outcome("3", End.FAILED, message="422: name is taken", status=422, settled=True)
    with made(place) as ledger:
        run = ledger.start("p1", {"id": "p1", "calls": [1, 2, 3]}, ("analytics", "studio"), None)
        for call in ("1", "2", "3"):
            ledger.intend(run, call, FINANCE, "sha256:00")
        ledger.conclude(run, FINANCE, done("1", id="f-1"))
        ledger.conclude(run, FINANCE, failed)
        ledger.bind(run, bond(FINANCE))
        ledger.release(run, TEAM, "left git")

    with reopened(place, BOB) as ledger:
        (cut_short,) = ledger.unfinished(("studio", "another"))

    assert cut_short.run == run
    assert cut_short.plan == {"id": "p1", "calls": [1, 2, 3]}
    assert cut_short.sent == ("2",)
    assert cut_short.outcomes == {"1": done("1", id="f-1"), "3": failed}
    assert cut_short.recorded == {FINANCE, TEAM}


def test_unfinished_runs_come_oldest_first_and_only_for_their_targets() -> None:
    ledger = forgetful()
    first, _, third = (
        begun(ledger, "p1"),
        begun(ledger, "p2", "studio"),
        begun(ledger, "p3", "studio", "analytics"),
    )

    assert [u.run for u in ledger.unfinished(("analytics",))] == [first, third]
    ledger.finish(first, "settled")
    assert [u.run for u in ledger.unfinished(("analytics",))] == [third]
    assert ledger.unfinished(()) == ()


def test_a_call_that_is_sent_again_is_in_the_air_again() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.intend(run, "1", FINANCE, "")
    ledger.conclude(run, FINANCE, Outcome("1", End.IN_DOUBT))

    ledger.intend(run, "1", FINANCE, "")

    (cut_short,) = ledger.unfinished(("analytics",))
    assert cut_short.sent == ("1",)
    assert cut_short.outcomes == {}


def test_events_of_one_run_do_not_show_in_another() -> None:
    ledger = forgetful()
    first, second = begun(ledger, "p1"), begun(ledger, "p2")
    ledger.intend(second, "7", FINANCE, "")
    ledger.intend(first, "8", REPORTS, "")

    assert [u.sent for u in ledger.unfinished(("analytics",))] == [("8",), ("7",)]


def test_a_plan_is_applied_once_its_run_has_ended() -> None:
    ledger = forgetful()
    run = begun(ledger, "p1")
    assert not ledger.applied("p1")

    ledger.finish(run, "partly")

    assert ledger.applied("p1")
    assert not ledger.applied("p2")


def test_a_plan_cut_short_and_settled_may_go_on() -> None:
    ledger = forgetful()

    ledger.finish(begun(ledger, "p1"), SETTLED)

    assert not ledger.applied("p1")
    assert ledger.unfinished(("analytics",)) == ()


def test_a_plan_is_overtaken_by_the_runs_of_others_that_begin_or_go_on_after_it() -> None:
    ledger = forgetful()
    other = begun(ledger, "p0")
    head = ledger.head
    assert not ledger.overtaken("p1", head, ["analytics"])

    mine = begun(ledger, "p1")
    ledger.intend(mine, "1", FINANCE, "")
    ledger.finish(mine, SETTLED)
    assert not ledger.overtaken("p1", head, ["analytics"]), "its own run is no stranger"
    assert ledger.overtaken("p2", head, ["analytics"])
    assert not ledger.overtaken("p2", head, ["studio"])

    ledger.conclude(other, FINANCE, done("1", id="f-1"))
    assert ledger.overtaken("p1", head, ["analytics"]), "it was at work when the plan was made"
    assert not ledger.overtaken("p1", ledger.head, ["analytics"])
    assert not ledger.overtaken("p1", "", ["analytics"]), "made without a ledger"
    assert ledger.overtaken("p1", "0" * 64, ["studio"]), "made with another one"


@pytest.mark.parametrize(
    "left", [Outcome("1", End.IN_DOUBT), Outcome("1", End.FAILED, result={Fact.ACCEPTED: True})], ids=str
)
def test_a_run_that_leaves_a_call_in_doubt_stays_until_it_is_settled(left: Outcome) -> None:
    ledger = forgetful()
    run = begun(ledger, "p1")
    ledger.intend(run, "1", FINANCE, "")
    ledger.conclude(run, FINANCE, left)
    ledger.finish(run, IN_DOUBT)

    (doubtful,) = ledger.unfinished(("analytics",))
    assert (doubtful.run, doubtful.sent) == (run, ("1",))
    assert ledger.applied("p1")

    ledger.conclude(run, FINANCE, done("1", id="f-1"))
    ledger.finish(run, SETTLED)
    assert ledger.unfinished(("analytics",)) == ()


@pytest.mark.parametrize(("status", "completed"), [("done", {"analytics"}), ("partly", set()), ("settled", set())])
def test_only_a_run_that_did_all_completes_its_targets(status: str, completed: set[str]) -> None:
    ledger = forgetful()

    ledger.finish(begun(ledger), status)

    assert ledger.recorded().completed == completed


def test_finishing_returns_the_head() -> None:
    ledger = forgetful()

    assert ledger.finish(begun(ledger), "done") == ledger.head == ledger.recorded().head == ledger.verify()


def test_a_run_that_never_began_cannot_be_finished() -> None:
    ledger = forgetful()
    head = ledger.head

    with pytest.raises(ValueError, match="not an open run"):
        ledger.finish("run-77", "done")
    assert ledger.head == head


def test_of_a_run_that_another_has_closed_nothing_more_is_told() -> None:
    ledger = forgetful()
    run = begun(ledger)
    assert not ledger.closed(run)

    head = ledger.finish(run, SETTLED)

    assert ledger.closed(run)
    assert ledger.finish(run, "done") == ledger.head == head


def test_run_ids_are_unique_across_processes(place: Place) -> None:
    with made(place) as one, reopened(place, BOB) as two:
        runs = [begun(ledger) for ledger in (one, two, one, two)]

        assert len(set(runs)) == 4
        assert [u.run for u in one.unfinished(("analytics",))] == runs
        assert one.head == two.head


def test_an_auditor_sees_who_did_what_from_which_commit() -> None:
    ledger = forgetful()
    some_history(ledger)

    events = list(ledger.events())
    (start,) = (e for e in events if e.type == "run started")

    assert start.time == "2026-06-01T12:00:00.000Z"
    assert start.content["commit"] == "0a1b2c"
    assert start.content["who"] == {"user": "jane", "host": "ci-1.example.com", "pid": 41, "processStarted": ""}
    assert [e.type for e in ledger.events(run=start.run)][:3] == ["run started", "intent", "outcome"]
    assert {e.address for e in ledger.events(target="analytics")} == {"", str(FINANCE), str(REPORTS)}
    assert [e.seq for e in ledger.events(after=4)] == [e.seq for e in events][4:]
    assert all(json.loads(e.body) == e.content for e in events)
