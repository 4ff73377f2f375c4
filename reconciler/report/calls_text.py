"""The exact requests of a plan, in order, with what each carries and what it waits for."""

from __future__ import annotations

from reconciler.model.plan import Call, Plan, Role
from reconciler.report.action_text import listed
from reconciler.report.call_words import Book, asked_in, booked, conditions, deed, purpose
from reconciler.report.counts import calls_words
from reconciler.report.escape import safe
from reconciler.report.style import Look, Piece, Sheet
from reconciler.report.values import value_text

CARRIED = 5
"""So many of those that go along in one request are told in full, and every one that something holds."""


def tell_calls(sheet: Sheet, plan: Plan) -> None:
    """Reads made, then every request that may be sent, and what goes along in it. No body of a request is cut; of
    many that go along in one, most are only named (the plan as JSON has them whole)."""
    sheet.title(f"Reads made for this plan: {len(plan.reads)}")
    for line in plan.reads:
        sheet.line(safe(line), indent=2)
    if preconditions := plan.needed:
        sheet.title(f"Looked at again before the calls: {sum(p.requests for p in preconditions)}")
        for p in preconditions:
            names = listed([check.address.name for check in p.checks])
            asked = safe(asked_in(p, preconditions, booked(plan)))
            sheet.line(f"{safe(p.demand.target)} / {safe(p.demand.kind)}: {asked}, for {names}", indent=2)
    held = f", {len(plan.held)} held" if plan.held else ""
    sheet.title(f"Calls, in order: {calls_words(plan).removeprefix('calls: ')}{held}")
    book = booked(plan)
    for call in book.requests():
        _tell_call(sheet, call, book)
        _tell_riders(sheet, book.riders.get(call.id, ()), book)


def _tell_call(sheet: Sheet, call: Call, book: Book) -> None:
    number = f"{safe(call.id):>3}  "
    look = Look.HOLD if call.held else Look.QUIET if call.contingent else Look.HEAD
    sheet.line(number, Piece(safe(call.line), look), hang=len(number))
    indent = len(number)
    if call.body is not None:
        sheet.line(safe(value_text(call.body)), indent=indent)
    if call.expect and (call.gate or call.role is Role.GATE):
        sheet.line(f"must show {safe(value_text(dict(call.expect)))}", indent=indent)
    words = ", ".join([purpose(call, book), *conditions(call, book)])
    sheet.line(Piece(safe(words), Look.QUIET), indent=indent)


def _tell_riders(sheet: Sheet, riders: tuple[Call, ...], book: Book) -> None:
    whole = riders if len(riders) <= CARRIED + 1 else riders[:CARRIED]
    for rider in (*whole, *(r for r in riders[len(whole) :] if r.held)):
        _tell_rider(sheet, rider, book)
    if rest := [f"{r.id} {r.address.name}" for r in riders[len(whole) :] if not r.held]:
        head = Piece(f"... and {len(rest)} more, whole in --output json: ", Look.QUIET)
        sheet.line(head, safe(", ".join(rest)), indent=5)


def _tell_rider(sheet: Sheet, rider: Call, book: Book) -> None:
    number = f"{safe(rider.id):>3}  "
    what = safe(deed(rider) or rider.line)
    sheet.line(
        number, Piece(what, Look.HOLD if rider.held else Look.PLAIN), f", for {safe(str(rider.address))}", indent=5
    )
    indent = 5 + len(number)
    if rider.body is not None:
        sheet.line(safe(value_text(rider.body)), indent=indent)
    if words := conditions(rider, book):
        sheet.line(Piece(safe(", ".join(words)), Look.QUIET), indent=indent)
