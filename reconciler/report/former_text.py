"""An address that leads to nothing any more, and what became of its thing."""

from __future__ import annotations

from reconciler.model.json import JsonObject
from reconciler.model.past import Former
from reconciler.report.escape import json_text, safe
from reconciler.report.ledger_json import touch_row
from reconciler.report.ledger_text import tell_touches
from reconciler.report.style import Look, Piece, Sheet, Style


def former_text(former: Former, style: Style) -> str:
    """That it leads to nothing, why, and its past."""
    sheet = Sheet(style)
    sheet.line(Piece(safe(str(former.address)), Look.HEAD))
    sheet.gap()
    sheet.line(safe(verdict(former)))
    tell_touches(sheet, former.touches)
    return sheet.text()


def former_json(former: Former) -> str:
    """As of a bond, with `id` null."""
    whole: JsonObject = {
        "address": str(former.address),
        "id": None,
        "verdict": verdict(former),
        "movedTo": str(former.now) if former.now else None,
        "inDoubt": former.doubt or None,
        "touches": [touch_row(t) for t in former.touches],
    }
    return json_text(whole) + "\n"


def verdict(former: Former) -> str:
    """What became of it, in a sentence. Raw."""
    if former.doubt:
        return f"in doubt: nobody knows whether {former.doubt} made it; `reconciler resume` asks"
    if former.now is not None:
        now = former.now
        return f"it leads to nothing: its thing is {now} now; `reconciler ledger show {now}` tells its past"
    return "it leads to nothing: the ledger remembers no live thing under this address"
