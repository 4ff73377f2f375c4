"""The requests of a plan, folded away in a comment: one line each, bodies left to the plan itself."""

from __future__ import annotations

from reconciler.model.plan import Call, Plan
from reconciler.report.budget import May
from reconciler.report.call_words import Book, booked, conditions, purpose
from reconciler.report.counts import calls_words
from reconciler.report.escape import md, prose
from reconciler.report.values import cut


def calls_folded(plan: Plan) -> list[May]:
    """Every request that may be sent, in order, with what it carries and what it waits for."""
    book = booked(plan)
    items = tuple((_item(call, book), 1) for call in book.requests())
    head = f"<details><summary>{calls_words(plan).capitalize()}, in order</summary>\n"
    return [May(head, items, "\n</details>", of="calls")] if items else []


def _item(call: Call, book: Book) -> str:
    words = prose(cut(", ".join([purpose(call, book), *conditions(call, book)])))
    line = f"- {md(call.id)} {md(cut(call.line))} {words}"
    if riders := book.riders.get(call.id, ()):
        line += "\n  - " + md(cut(", ".join(f"{r.id} {r.address.name}" + _held(r) for r in riders)))
    return line


def _held(rider: Call) -> str:
    return f" (held: {', '.join(rider.held)})" if rider.held else ""
