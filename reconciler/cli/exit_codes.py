"""The exit codes, in one place: their meaning for people, and which one a report deserves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.outcome import Report
    from reconciler.model.plan import Plan

FINE, INVALID, PENDING, USAGE, HELD, STALE, PARTLY, IN_DOUBT, REMOTE = range(9)
INTERRUPTED = 130  # as shells say of a command that Ctrl-C ended; SIGTERM and SIGHUP end it the same way

MEANINGS = {
    FINE: "nothing to do, or all done",
    INVALID: "the files are wrong; nothing was read or sent",
    PENDING: "changes are pending (plan and drift with --detailed-exitcode)",
    USAGE: "the command's words are wrong",
    HELD: "a guard holds or refuses something, or an assumption is refuted",
    STALE: "the plan is stale; nothing was sent",
    PARTLY: "partly applied, as after a Ctrl-C while calls were under way",
    IN_DOUBT: "nobody knows whether a call happened, or a person is asked; apply again looks it up",
    REMOTE: "an API or this machine failed",
    INTERRUPTED: "interrupted (Ctrl-C, SIGTERM, SIGHUP) before anything was sent",
}


def explained(*codes: int) -> str:
    """The end of a help text: these codes and what they mean."""
    wide = max(len(str(code)) for code in codes)
    lines = [f"  {str(code).ljust(wide)}  {MEANINGS[code]}" for code in sorted(codes)]
    return "\n".join(["\b", "Exit codes:", *lines])


def of_report(report: Report, plan: Plan) -> int:
    """What an apply ends with: the gravest of what became of each thing, and of changes so firmly held that they
    have no calls at all. A request that worked, but not for any of those it carried, has done nothing."""
    from reconciler.model.outcome import End
    from reconciler.report.ends import counted, stuck

    ends = counted(report, plan)
    done, failed, stale = ends[End.DONE], ends[End.FAILED], ends[End.STALE]
    undone = failed + stale + ends[End.BLOCKED] + ends[End.NOT_SENT]
    if report.count(End.IN_DOUBT) or any(o.question for o in report.outcomes):
        return IN_DOUBT
    if undone and done:
        return PARTLY
    if failed:
        return REMOTE
    if stale:
        return STALE
    if undone and report.interrupted:
        return INTERRUPTED
    if undone:
        return PARTLY
    return HELD if report.count(End.HELD) or stuck(plan) else FINE
