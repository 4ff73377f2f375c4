"""The end of an apply for people: what is not done first, then what is, then what to do next."""

from __future__ import annotations

from reconciler.model.outcome import End, Report
from reconciler.model.plan import Action, Plan
from reconciler.report.action_text import tell_hold, title
from reconciler.report.ends import (
    UNSETTLED,
    WORDS,
    Ended,
    Stuck,
    advice,
    ended,
    own_holds,
    remembered,
    run_name,
    stuck,
    tally,
)
from reconciler.report.escape import safe
from reconciler.report.facts import verb_word
from reconciler.report.style import Look, Piece, Sheet, Style

SHOWN_DONE = 20
"""So many calls that are done are listed; `calls` lists all."""

_LOOKS = {End.DONE: Look.ADD, End.HELD: Look.HOLD}


def report_text(
    report: Report, plan: Plan, style: Style, calls: bool = False, command: str = "reconciler apply"
) -> str:
    """The report as text. `calls`: with every call that is done and every request sent, by group. `command`: what
    goes on from here."""
    sheet = Sheet(style)
    sheet.line(Piece(f"Apply: {tally(report, plan)}", Look.HEAD), f"   {report.seconds:.1f} s", hang=7)
    if report.interrupted:
        sheet.line(Piece("interrupted: the calls in flight were finished, no others were begun", Look.HOLD))
    if remembered(plan) and not report.count(*UNSETTLED):
        sheet.line(f"recorded without a call: {remembered(plan)}")
    for end in UNSETTLED:
        _tell_ended(sheet, end, ended(report, plan, end), stuck(plan) if end is End.HELD else [])
    _tell_done(sheet, ended(report, plan, End.DONE), calls=calls)
    _tell_notes(sheet, report)
    if calls:
        _tell_requests(sheet, report)
    _tell_next(sheet, report, plan, command)
    return sheet.text()


def _tell_ended(sheet: Sheet, end: End, found: list[Ended], without_calls: list[Stuck]) -> None:
    if found or without_calls:
        sheet.title(f"{WORDS[end]} ({len(found) + len(without_calls)})")
    for one in found:
        _tell_call(sheet, one)
    for held in without_calls:
        _tell_stuck(sheet, held)


def _tell_stuck(sheet: Sheet, held: Stuck) -> None:
    action = held.action
    sheet.line(
        Piece(f"  -  {verb_word(action.verb)}", Look.HOLD),
        f"  {safe(title(action, whole=True))}",
        _place(action),
        hang=5,
    )
    for hold in held.holds:
        tell_hold(sheet, action.address, hold, indent=5)


def _place(action: Action | None) -> Piece:
    at = action.place if action else None
    return Piece(f"   {safe(at.file)}:{at.line}" if at else "", Look.QUIET)


def _tell_call(sheet: Sheet, one: Ended) -> None:
    number = f"{safe(one.call.id):>3}  "
    sheet.line(number, Piece(safe(one.call.line), _LOOKS.get(one.outcome.end, Look.REMOVE)), hang=len(number))
    what = safe(title(one.action, whole=True) if one.action else str(one.call.address))
    sheet.line(what, _place(one.action), indent=len(number))
    for hold in own_holds(one):
        tell_hold(sheet, one.call.address, hold, indent=len(number))
    if message := reason(one):
        sheet.line(safe(message), indent=len(number))


def reason(one: Ended) -> str:
    """Why the call ended so, raw: the status if it says something, the message, what it depends on. Holds of its
    own are told apart from this, with their ways out."""
    outcome = one.outcome
    status = f"{outcome.status} " if outcome.status and outcome.end is not End.DONE else ""
    words = f"{status}{outcome.message}".strip()
    if outcome.end is End.HELD:
        told = {hold.rule for hold in own_holds(one)}
        words = ", ".join(rule for rule in one.call.held if rule not in told)
    words += " (found done when the run was settled)" if outcome.settled and outcome.end is End.DONE else ""
    return f"{words}; {outcome.question}".removeprefix("; ") if outcome.question else words


def _tell_done(sheet: Sheet, found: list[Ended], *, calls: bool) -> None:
    if not found:
        return
    sheet.title(f"Done ({len(found)})")
    shown = found if calls or len(found) <= SHOWN_DONE + 1 else found[:SHOWN_DONE]
    for one in shown:
        number = f"{safe(one.call.id):>3}  "
        what = safe(title(one.action, whole=True) if one.action else str(one.call.address))
        sheet.line(number, Piece(safe(one.call.summary or one.call.line), Look.ADD), f"  {what}", hang=len(number))
        if note := reason(one):
            sheet.line(safe(note), indent=len(number))
    if len(found) > len(shown):
        sheet.line(Piece(f"... and {len(found) - len(shown)} more (all with --calls)", Look.QUIET), indent=2)


def _tell_notes(sheet: Sheet, report: Report) -> None:
    if report.notes:
        sheet.title("Noticed on the way")
    for note in report.notes:
        sheet.line(safe(note), indent=2)


def _tell_requests(sheet: Sheet, report: Report) -> None:
    for group, lines in report.requests.items():
        sheet.title(f"Requests sent, {safe(group)}: {len(lines)}")
        for line in lines:
            sheet.line(safe(line), indent=2)


def _tell_next(sheet: Sheet, report: Report, plan: Plan, command: str) -> None:
    sheet.gap()
    sheet.line(f"plan {safe(report.plan_id)}")
    sheet.line(f"run {safe(run_name(report))}")
    if report.head:
        sheet.line(f"ledger head {safe(report.head)}")
    for step, why in advice(report, plan, command):
        sheet.line("next: ", Piece(safe(step), Look.HEAD), f"   ({why})")
