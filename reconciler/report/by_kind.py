"""What a plan amounts to by target and kind: short, however many changes there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.plan import Action, Plan
from reconciler.model.record import Record, replace
from reconciler.report.escape import md, safe
from reconciler.report.facts import headline, tells, unverified
from reconciler.report.style import Look, Piece, Sheet

LARGE = 30
"""From more changes than this on a plan begins with the table."""


class Amount(Record, frozen=True):
    """What is to do for one kind. `words`: `20 to create, 1 to rename, 5 to adopt`; empty where its requests only
    carry changes of others. `calls`: how many requests are sent for it."""

    target: str
    kind: str
    words: str
    calls: int

    @property
    def sent(self) -> str:
        return f"{self.calls} call{'' if self.calls == 1 else 's'}" if self.calls else ""


def is_large(plan: Plan) -> bool:
    """Whether there is more to tell than a person takes in at once."""
    return sum(tells(a) and not unverified(a) for a in plan.actions) > LARGE


def amounts(plan: Plan) -> list[Amount]:
    """One per kind, the targets in the order of the plan."""
    there = {(a.address.target, a.address.kind) for a in plan.actions} | {(c.target, c.kind) for c in plan.writes}
    order = {t.name: n for n, t in enumerate(plan.targets)}
    return [_amount(plan, *at) for at in sorted(there, key=lambda at: (order.get(at[0], len(order)), at))]


def _amount(plan: Plan, target: str, kind: str) -> Amount:
    own = [a for a in plan.actions if (a.address.target, a.address.kind) == (target, kind)]
    calls = sum(c.requests for c in plan.writes if (c.target, c.kind) == (target, kind))
    return Amount(target, kind, _words(plan, own), calls)


def _words(plan: Plan, actions: Sequence[Action]) -> str:
    """What is to do, or that nothing is."""
    if not actions:
        return ""
    return headline(replace(plan, actions=tuple(actions))) or f"{len(actions)} as declared"


def tell_amounts(sheet: Sheet, plan: Plan) -> None:
    """One line per kind: `core       Keyword      20 to create, 1 to rename, 5 to adopt   1 call`."""
    found = amounts(plan)
    wide = max((len(safe(one.target)) for one in found), default=0) + 2
    name = max((len(safe(one.kind)) for one in found), default=0) + 2
    before = ""
    for one in found:
        head = safe("" if one.target == before else one.target).ljust(wide) + safe(one.kind).ljust(name)
        before = one.target
        words = "   ".join(filter(None, (one.words, one.sent)))
        sheet.line(Piece(head, Look.QUIET), words, indent=2, hang=wide + name)


def amounts_markdown(plan: Plan) -> str:
    """The same as a table."""
    rows = [
        f"| {_cell(one.target)} | {_cell(one.kind)} | {one.words} | {one.calls or ''} |" for one in amounts(plan)
    ]
    return "\n".join(["| Target | Kind | What | Calls |", "|---|---|---|--:|", *rows])


def _cell(text: str) -> str:
    """A table ends a cell at every bar, in a code span too."""
    return md(text).replace("|", "\\|")
