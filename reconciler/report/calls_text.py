"""The exact requests of a plan, in order, with what each waits for."""

from __future__ import annotations

from reconciler.model.plan import Call, Plan
from reconciler.report.action_text import listed
from reconciler.report.escape import safe
from reconciler.report.style import Look, Piece, Sheet
from reconciler.report.values import value_text


def tell_calls(sheet: Sheet, plan: Plan) -> None:
    """Reads made, then every request that may be sent. Nothing is folded here and no body is cut."""
    sheet.title(f"Reads made for this plan: {len(plan.reads)}")
    for line in plan.reads:
        sheet.line(safe(line), indent=2)
    if preconditions := plan.needed:
        sheet.title(f"Looked at again before the calls: {sum(p.requests for p in preconditions)}")
        for p in preconditions:
            names = listed([check.address.name for check in p.checks])
            sheet.line(f"{safe(p.demand.target)} / {safe(p.demand.kind)}: {p.requests}, for {names}", indent=2)
    more = f" (+ at most {len(plan.contingent)})" if plan.contingent else ""
    held = f", {len(plan.held)} held" if plan.held else ""
    sheet.title(f"Calls, in order: {len(plan.writes)}{more}{held}")
    for call in plan.calls:
        _tell_call(sheet, call)


def _tell_call(sheet: Sheet, call: Call) -> None:
    number = f"{safe(call.id):>3}  "
    look = Look.HOLD if call.held else Look.QUIET if call.contingent else Look.HEAD
    sheet.line(number, Piece(safe(call.line), look), hang=len(number))
    indent = len(number)
    if call.body is not None:
        sheet.line(safe(value_text(call.body)), indent=indent)
    sheet.line(Piece(safe(", ".join(conditions(call))), Look.QUIET), indent=indent)


def conditions(call: Call) -> list[str]:
    """What the call is for and what must have happened, raw: `write`, `for …`, `after 3, 5`, `held: rule`."""
    words = [str(call.role), f"for {call.address}"]
    if call.trigger:
        then = f" and call {call.trigger.chain} has worked" if call.trigger.chain else ""
        words.append(f"sent only if call {call.trigger.refused} is refused (4xx){then}")
    words += [f"after {_ids(call.after)}"] if call.after else []
    words += [f"not if one of {_ids(call.waits)} fails"] if call.waits else []
    words += [f"once {_ids(call.follows)} has ended"] if call.follows else []
    words += ["read again afterwards"] if call.verify else []
    return words + [f"held: {rule}" for rule in call.held]


def _ids(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids, key=lambda i: (int(i) if i.isdigit() else 0, i)))
