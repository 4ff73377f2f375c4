"""A large plan on one screen: what it amounts to by kind, what is held, and a few of its changes in full. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reconciler.model.document import Address
from reconciler.model.plan import Action, Plan
from reconciler.report.access_changes import in_numbers
from reconciler.report.action_text import tell
from reconciler.report.counts import counts
from reconciler.report.escape import safe
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
    for target in dict.fromkeys(t.name for t in plan.targets):
        _tell_target(sheet, plan, target)
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


def _tell_target(sheet: Sheet, plan: Plan, target: str) -> None:
    """One line per kind: `core       Keyword      20 to create, 1 to rename, 5 to adopt   1 call`."""
    wide = max(len(t.name) for t in plan.targets) + 2
    kinds = sorted({a.address.kind for a in plan.actions if a.address.target == target})
    name = max((len(a.address.kind) for a in plan.actions), default=0) + 2
    for n, kind in enumerate(kinds):
        words = _amount(plan, [a for a in plan.actions if (a.address.target, a.address.kind) == (target, kind)])
        calls = sum(c.requests for c in plan.writes if (c.target, c.kind) == (target, kind))
        words += f"   {calls} call{'' if calls == 1 else 's'}" if calls else ""
        head = safe(target if not n else "").ljust(wide) + safe(kind).ljust(name)
        sheet.line(Piece(head, Look.QUIET), words, indent=2, hang=wide + name)


def _amount(plan: Plan, actions: list[Action]) -> str:
    """`20 to create, 1 to rename, 5 to adopt`, or that nothing is to do."""
    return headline(replace(plan, actions=tuple(actions))) or f"{len(actions)} as declared"
