"""The end of an apply for people: what only they can answer, what is not done, what is, and what to do next."""

from __future__ import annotations

from reconciler.model.change import Hold
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Action, Plan
from reconciler.report.action_text import listed, tell_hold, title
from reconciler.report.call_words import deed
from reconciler.report.ends import (
    OUTPUTS,
    QUESTIONS,
    UNSETTLED,
    WORDS,
    Ended,
    Stuck,
    advice,
    clauses,
    each_once,
    how_many,
    named_by_kind,
    outputs,
    own_holds,
    questions,
    remembered,
    spent,
    stuck,
    tally,
    things,
    together,
)
from reconciler.report.escape import safe
from reconciler.report.facts import verb_word
from reconciler.report.reasons import next_step, place_of, reason
from reconciler.report.sections import Above
from reconciler.report.style import Look, Piece, Sheet, Style

SHOWN_DONE = 20
"""So many calls that are done are listed; `calls` lists all."""

SHOWN_NOT_SENT = 5
"""Of the calls that were not sent, which wait for the next apply as they are, so many; `calls` lists all."""

SHOWN_RECORDED = 5
"""So many of the things that were recorded without a call are named."""

SENT = (End.DONE, End.FAILED, End.IN_DOUBT)
"""The ends of calls of which the request itself is told, too."""

_LOOKS = {End.DONE: Look.ADD, End.HELD: Look.HOLD}


def report_text(
    report: Report,
    plan: Plan,
    style: Style,
    calls: bool = False,
    command: str = "reconciler apply",
    shown: int = SHOWN_DONE,
) -> str:
    """The report as text. `calls`: with every call that is done and every request sent, by group. `command`: what
    goes on from here. `shown`: so many of the calls that are done are listed."""
    sheet = Sheet(style)
    sheet.line(Piece(f"Apply: {tally(report, plan)}", Look.HEAD), hang=7)
    sheet.line(safe(spent(report)))
    if report.interrupted:
        sheet.line(Piece("interrupted: the calls in flight were finished, no others were begun", Look.HOLD))
    if (names := remembered(plan)) and not report.count(*UNSETTLED):
        sheet.line(f"recorded without a call: {len(names)} ({listed(names, SHOWN_RECORDED)})")
    asked = questions(report, plan)
    _tell_questions(sheet, asked)
    answered = {id(one.outcome) for one in asked if one.outcome.end is not End.DONE}
    for end in UNSETTLED:
        found = [e for e in things(report, plan, end) if id(e.outcome) not in answered]
        _tell_ended(sheet, end, found, stuck(plan) if end is End.HELD else [], calls=calls)
    _tell_done(sheet, things(report, plan, End.DONE), shown, calls=calls)
    _tell_outputs(sheet, report, plan)
    _tell_notes(sheet, report)
    if calls:
        _tell_requests(sheet, report)
    _tell_next(sheet, report, plan, command)
    return sheet.text()


def _tell_questions(sheet: Sheet, found: list[Ended]) -> None:
    """One per address: what happened there, what is asked, and the command or token that answers."""
    if found:
        sheet.title(f"{QUESTIONS} ({len(found)})")
    for one in found:
        _tell_call(sheet, one)
        for clause in clauses(one.outcome.question):
            sheet.line(Piece(safe(clause), Look.HOLD), indent=5)


def _tell_ended(sheet: Sheet, end: End, found: list[Ended], without_calls: list[Stuck], *, calls: bool) -> None:
    if found or without_calls:
        sheet.title(f"{WORDS[end]} ({how_many(end, found, without_calls)})")
    above = Above()
    groups = together(each_once(found) if end is End.HELD else found)
    shown = (
        groups
        if calls or end is not End.NOT_SENT or len(groups) <= SHOWN_NOT_SENT + 1
        else groups[:SHOWN_NOT_SENT]
    )
    for group in shown:
        if len(group) > 1:
            _tell_group(sheet, group)
        else:
            _tell_call(sheet, group[0], above)
    _tell_more(sheet, groups[len(shown) :])
    for held in without_calls:
        _tell_stuck(sheet, held, above)


def _tell_holds(sheet: Sheet, action: Action | None, holds: tuple[Hold, ...], above: Above | None) -> None:
    """In full, or that they are as those of a row above."""
    if action is None:
        return
    if rules := above(action, holds) if above else ():
        sheet.line(Piece(f"held: {safe(', '.join(rules))}, as above", Look.HOLD), indent=5)
        return
    for hold in holds:
        tell_hold(sheet, action.address, hold, indent=5)


def _tell_stuck(sheet: Sheet, held: Stuck, above: Above) -> None:
    action = held.action
    sheet.line(
        Piece(f"  -  {verb_word(action.verb)}", Look.HOLD),
        f"  {safe(title(action, whole=True))}",
        _place(action),
        hang=5,
    )
    _tell_holds(sheet, action, held.holds, above)


def _place(action: Action | None) -> Piece:
    at = place_of(action)
    return Piece(f"   {safe(at)}" if at else "", Look.QUIET)


def _tell_call(sheet: Sheet, one: Ended, above: Above | None = None) -> None:
    number = f"{safe(one.call.id):>3}  "
    what = (deed(one.call) or one.call.line) + (f" (in call {one.carrier.id})" if one.carrier else "")
    sheet.line(number, Piece(safe(what), _LOOKS.get(one.outcome.end, Look.REMOVE)), hang=len(number))
    if one.action is not None or not deed(one.call):
        sheet.line(_whom(one), _place(one.action), indent=len(number))
    if one.carrier is None and one.outcome.end in SENT and deed(one.call):
        sheet.line(Piece(safe(one.call.line), Look.QUIET), indent=len(number))
    if one.fellows:
        plural = "s" if len(one.fellows) > 1 else ""
        sheet.line(f"and call{plural} {safe(', '.join(one.fellows))} for it", indent=5)
    _tell_holds(sheet, one.action, own_holds(one), above)
    if message := reason(one):
        sheet.line(safe(message), indent=len(number))
    if step := next_step(one):
        sheet.line(f"next: {safe(step)}", indent=len(number))


def _tell_group(sheet: Sheet, group: list[Ended]) -> None:
    """Those that one request carried and that share their fate: its line, the reason once, then each of them."""
    carrier = group[0].carrier or group[0].call
    number = f"{safe(carrier.id):>3}  "
    look = _LOOKS.get(group[0].outcome.end, Look.REMOVE)
    sheet.line(number, Piece(safe(carrier.line), look), f", {len(group)} of what it carries", hang=len(number))
    if message := reason(group[0]):
        sheet.line(safe(message), indent=len(number))
    if step := next_step(group[0]):
        sheet.line(f"next: {safe(step)}", indent=len(number))
    for one in group:
        sheet.line(f"{safe(one.call.id):>3}  {_whom(one)}", _place(one.action), indent=len(number), hang=5)


def _whom(one: Ended) -> str:
    """The thing; of a call that serves many what it does."""
    if one.action is None:
        return safe(deed(one.call) or str(one.call.address))
    return safe(title(one.action, whole=True))


def _tell_done(sheet: Sheet, found: list[Ended], most: int, *, calls: bool) -> None:
    if not found:
        return
    sheet.title(f"Done ({len(found)})")
    groups = together(found)
    shown = groups if calls or len(groups) <= most + 1 else groups[:most]
    for group in shown:
        _tell_done_together(sheet, group, calls=calls)
    _tell_more(sheet, groups[len(shown) :])


def _tell_more(sheet: Sheet, groups: list[list[Ended]]) -> None:
    if left := sum(map(len, groups)):
        sheet.line(Piece(f"... and {left} more", Look.QUIET), indent=2)


def _tell_done_together(sheet: Sheet, group: list[Ended], *, calls: bool) -> None:
    """A call that is done; of what one request carried the names."""
    one, carrier = group[0], group[0].carrier
    call = one.call if carrier is None or len(group) == 1 else carrier
    number = f"{safe(call.id):>3}  "
    within = f" (in call {carrier.id})" if carrier and call is one.call else ""
    what = Piece(safe((deed(call) or call.line) + within), Look.ADD)
    sheet.line(number, what, f"  {_whom(one)}" if call is one.call else f": {len(group)} done", hang=len(number))
    if call is not one.call:
        for kind, names in named_by_kind(group).items():
            told = safe(", ".join(names)) if calls else listed(names)
            sheet.line(f"{safe(kind)}: {told}", indent=len(number))
    note = "with a question, above" if one.outcome.question else reason(one)
    if note:
        sheet.line(safe(note), indent=len(number))


def _tell_outputs(sheet: Sheet, report: Report, plan: Plan) -> None:
    """What was made tells people what they need next, as a key to enter somewhere else."""
    found = outputs(report, plan)
    if found:
        sheet.title(OUTPUTS)
    for address, told in found:
        sheet.line(safe(address), indent=2)
        for name, value in told.items():
            sheet.line(f"{safe(name)}: ", Piece(safe(value), Look.HEAD), indent=4, hang=0)


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
    sheet.line(safe(report.run))
    if report.head:
        sheet.line(f"ledger head {safe(report.head)}")
    for step, why in advice(report, plan, command):
        sheet.line("next: ", Piece(safe(step), Look.HEAD), f"   ({why})")
