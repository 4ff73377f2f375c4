"""A large plan on one screen: what it amounts to by kind, what is held, and a few of its changes in full. Pure."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.model.document import Address
from reconciler.model.plan import Plan
from reconciler.report.access_changes import in_numbers
from reconciler.report.action_text import tell
from reconciler.report.by_kind import tell_amounts
from reconciler.report.counts import counts
from reconciler.report.facts import headline
from reconciler.report.plan_text import nothing
from reconciler.report.sections import rows, sections
from reconciler.report.style import Look, Piece, Sheet, Style


def in_short(plan: Plan, style: Style, show: Collection[Address] = ()) -> str:
    """The plan in short. `show`: the changes that are told in full, in the order of the plan."""
    sheet = Sheet(style)
    if not (found := headline(plan)):
        sheet.line(nothing(plan))
        return sheet.text()
    sheet.line(Piece(f"Plan: {found}", Look.HEAD), hang=6)
    sheet.line(counts(plan))
    sheet.gap()
    tell_amounts(sheet, plan)
    if words := in_numbers(plan):
        sheet.line(words, indent=2)
    told = [
        (row, section)
        for section in sections(plan, unread=False)
        for row in rows(plan, section)
        if row.action.address in show
    ]
    if told:
        sheet.title(f"{len(told)} of them in full")
    for row, _ in told:
        tell(sheet, row, whole=True)
    return sheet.text()
