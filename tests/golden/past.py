"""A history, a run, a bond, a chain and leases, as values that do not change."""

from __future__ import annotations

from reconciler.model.document import Address
from reconciler.model.outcome import End, Outcome, Report
from reconciler.model.past import (
    NEVER_CAME,
    Author,
    BondStory,
    Chain,
    Deed,
    Holding,
    Kept,
    Late,
    Lifted,
    PastRun,
    RunInFull,
    Touch,
)
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.golden.sample import rich_plan, rich_report

JANE = Author("jane", "laptop.example.com", 4711)
RUNNER = Author(
    "runner", "ci-7.example.com", 12, "octocat", "GitHub Actions", "https://github.example.com/o/r/actions/runs/7"
)
HEAD = "9836139d8a5f330b950e585900258f2f75b74bc3c260ff0f048749d30845c11b"
PLAN = "sha256:6050acea1547c5470e7fd1781a7a6f90bc70ba13fdf6a03fd85bc43723cfe802"
KEEP = Address("analytics", "Label", "keep")


def past_run() -> PastRun:
    return PastRun(
        id="run-16",
        began="2026-06-01T10:00:00.000Z",
        ended="2026-06-01T10:01:12.000Z",
        author=RUNNER,
        tool="0.1.0",
        commit="0a1b2c3d4e5f60718293a4b5c6d7e8f901234567-dirty",
        plan_id=PLAN,
        targets=("analytics", "studio"),
        status="partial",
        counts={End.DONE: 12, End.FAILED: 1, End.HELD: 1},
        head_before="ab" * 32,
        head_after=HEAD,
        lifted=(Lifted(f"protected@{KEEP}", "FIN-12, agreed with Jane"),),
        kept=1,
    )


def past_entries() -> list[PastRun | Deed]:
    run = past_run()
    unfinished = replace(
        run, id="run-102", author=JANE, ended="", status="", counts={End.DONE: 2}, open=1, commit=None, lifted=()
    )
    time = "2026-06-01T11:30:00.000Z"
    return [
        unfinished,
        Deed(time, "lease", "analytics", JANE, str(RUNNER), "the runner is\x1b[2J gone", head=HEAD),
        Deed(time, "forget", str(KEEP), JANE, "Keep", "deleted by hand", "protected", HEAD),
        Deed(time, "move", str(KEEP), RUNNER, "analytics/Label/kept", "renamed", head=HEAD),
        Deed(time, "made", "platform/Brief/spring", JANE, "b7", head=HEAD),
        run,
        replace(run, id="run-3", status="held", counts={End.HELD: 1}, lifted=(), kept=0),
        replace(run, id="run-2", status="settled", settled_by=JANE),
    ]


def past_in_full() -> RunInFull:
    plan, report = rich_plan(), rich_report()
    told = {o.call: o for o in report.outcomes}
    outcomes = tuple(told.get(c.id, Outcome(c.id, End.NOT_SENT, NEVER_CAME)) for c in plan.calls)
    return RunInFull(
        run=past_run(),
        plan=plan,
        report=Report(PLAN, "run-16", outcomes, head=HEAD),
        seconds=72.0,
        lifted=past_run().lifted,
        kept=(Kept(Address("analytics", "Folder", "board"), "adopt", id="f-1"),),
        before=(Late("run-2", "2026-06-01T09:59:58.000Z", RUNNER, 3, 1, 1),),
        answers=(Deed("2026-06-01T11:30:00.000Z", "made", "platform/Brief/spring", JANE, "b7", head=HEAD),),
    )


def past_bonds() -> list[tuple[Bond, Touch | None]]:
    story = past_story()
    board = Address("analytics", "Folder", "board")
    return [(Bond(board, "00000002-0000-4000-8000-000000000005", label="Board"), None), (story.bond, story.since)]


def past_story() -> BondStory:
    bond = Bond(
        KEEP, "Keep", "Keep", made=True, label="Keep", on_remove="delete", protect=True,
        digests={"name": "sha256:" + "4f" * 32}, entries={"members": ("u-1", "u-2")}, once={"reissue": "2026-06"},
    )  # fmt: skip
    since = Touch("2026-06-01T10:00:05.000Z", "run-16", "create Label Keep: done, id Keep", RUNNER)
    later = Touch("2026-06-01T11:30:00.000Z", "", "moved here from analytics/Label/kept", JANE)
    return BondStory(bond, since, (since, later), findable=True, inside=(Address("analytics", "Label", "keep/x"),))


def past_chains() -> dict[str, Chain]:
    whole = Chain(".reconciler/ledger.db", 69, HEAD, "2026-06-01T10:00:00.000Z", "2026-06-02T08:00:00.000Z")
    return {
        "whole": replace(whole, asked=HEAD[:12], met=52, met_time="2026-06-01T10:01:12.000Z"),
        "after": replace(whole, run="run-16", run_head="cd" * 32),
        "cut": replace(whole, asked="ab" * 32, hint="restore it from a backup"),
        "broken": replace(whole, count=7, broken="event 8 is not what was written", bad=8, hint="restore it"),
    }


def past_leases() -> list[Holding]:
    held = Holding(
        "analytics", 3, RUNNER, "2026-06-01T10:00:00.000Z", "2026-06-01T10:01:00.000Z", "held", ("run-16",)
    )
    return [
        held,
        replace(held, target="studio", state="gone"),
        replace(held, target="core", state="returned", open_runs=()),
        replace(held, target="cms", state="returned", ended_by="jane@laptop.example.com: the runner is\x1b gone"),
    ]
