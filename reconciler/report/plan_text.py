"""A plan for people: first what it amounts to, then what is grave, then the rest, then what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.plan import RECORDED_NEXT, Plan
from reconciler.report.access_changes import tell_access
from reconciler.report.action_text import listed, tell
from reconciler.report.by_kind import is_large, tell_amounts
from reconciler.report.calls_text import tell_calls
from reconciler.report.counts import counts
from reconciler.report.escape import safe
from reconciler.report.facts import headline, liftable, pending, unverified
from reconciler.report.sections import Section, besides, rows, sections
from reconciler.report.style import Look, Piece, Sheet, Style

NO_LEDGER = "no ledger: reasons are unknown, and apply needs one: reconciler init --ledger-only"
"""Said of a plan that was made without a ledger."""

UNREAD_NAMED = "--calls and --output json name each"
"""Where the values stand that cannot be read back."""


def plan_text(plan: Plan, style: Style, calls: bool = False, command: str = "", *, summary: bool = False) -> str:
    """The plan as text; a large one begins with a table by kind. `calls`: with every request. `summary`: the table
    and what is grave, all else only counted. `command`: what carries it out, if anything should."""
    sheet = Sheet(style)
    if found := headline(plan):
        sheet.line(Piece(f"Plan: {found}", Look.HEAD), hang=6)
        sheet.line(counts(plan))
        _tell_table(sheet, plan, asked=summary)
    else:
        sheet.line(nothing(plan))
        _tell_unread(sheet, plan, calls=calls)
    tell_access(sheet, plan)
    _tell_effects(sheet, plan)
    told = sections(plan, unread=calls)
    for section in told:
        if summary and not section.grave:
            continue
        sheet.title(safe(section.title))
        for row in rows(plan, section):
            tell(sheet, row, whole=section.grave)
    if calls:
        tell_calls(sheet, plan)
    sheet.gap()
    if summary and (text := passed_over(told)):
        sheet.line(text.format("--summary"))
    if found:
        _tell_unread(sheet, plan, calls=calls)
    _tell_rest(sheet, plan)
    _tell_next(sheet, plan, command)
    return sheet.text()


def nothing(plan: Plan) -> str:
    """The sentence for a plan without changes."""
    looked = len(plan.actions)
    things = "1 thing was" if looked == 1 else f"{looked} things were"
    reads = "1 read" if len(plan.reads) == 1 else f"{len(plan.reads)} reads"
    record = "; apply to record it" if any(RECORDED_NEXT in a.notes for a in plan.actions) else ""
    return f"Nothing to do: {things} looked at, and all is as declared. 0 calls, {reads}{record}."


def passed_over(told: Sequence[Section]) -> str:
    """The sentence for the changes that a summary only counts, `{}` for the option; empty where there are none."""
    count = sum(len(section.actions) for section in told if not section.grave)
    changes = "1 more change is" if count == 1 else f"{count} more changes are"
    return f"{changes} only counted here; without {{}} each is told." if count else ""


def unreadable(plan: Plan) -> str:
    """The sentence for all values of unchanged things that cannot be compared; empty where there are none."""
    count = sum(map(unverified, plan.actions))
    what = "1 value" if count == 1 else f"{count} values"
    return f"{what} cannot be read back, so not verifiable: {UNREAD_NAMED}." if count else ""


def _tell_table(sheet: Sheet, plan: Plan, *, asked: bool) -> None:
    if asked or is_large(plan):
        sheet.gap()
        tell_amounts(sheet, plan)


def _tell_effects(sheet: Sheet, plan: Plan) -> None:
    """What the APIs do besides, before everything else: each effect once, with all it is about."""
    if found := besides(plan):
        sheet.title("Effects")
    for one in found:
        sheet.line(Piece(f"! {safe(one.effect)}", Look.HOLD), indent=2)
        for at, names in one.whom.items():
            sheet.line(f"{safe(at)}: {safe(', '.join(names))}", indent=6)


def _tell_unread(sheet: Sheet, plan: Plan, *, calls: bool) -> None:
    """One line for what no read shows, unless it is told thing by thing."""
    if not calls and (told := unreadable(plan)):
        sheet.line(told)


def _tell_rest(sheet: Sheet, plan: Plan) -> None:
    if plan.left_out:
        sheet.line(f"left out by the selection: {len(plan.left_out)}: ", listed([str(a) for a in plan.left_out]))
    for warning in plan.warnings:
        sheet.line(Piece(safe(warning), Look.CHANGE))


def _tell_next(sheet: Sheet, plan: Plan, command: str) -> None:
    if headline(plan):
        sheet.gap()
        sheet.line(f"plan {safe(plan.id)}" + (f"  commit {safe(plan.commit)}" if plan.commit else ""))
    if not plan.ledger_head:
        sheet.line(NO_LEDGER)
    elif command and pending(plan):
        sheet.line("next: ", Piece(safe(command), Look.HEAD))
    if any(liftable(hold) for action in plan.actions for hold in action.holds):
        sheet.line("to lift a hold: reconciler apply PLAN.json --override RULE@ADDRESS --plan-id ID --reason TEXT")
