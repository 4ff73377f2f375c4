"""Documents that stand for one thing for good, where no reading looks at the one they stood for: another one is
refused, since nothing tells that the recorded one is gone (OA-R138, OA-R154)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.model.change import Change, Hold
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import replace
from reconciler.model.recorded import Bond

WAS: Final = "was"


def stood_for(document: Document, bond: Bond | None, own: str | None, key: Json) -> JsonObject:
    """What a detail says of a document that names another thing than the ledger knows it as; else nothing. `own`:
    the id of what it names by now."""
    if bond is None or own is None or own == bond.id or key == bond.key:
        return {}
    return {WAS: [str(document.address), bond.key]}


def seen_moved(details: Iterable[JsonObject]) -> JsonObject:
    """The same, for `seen` of a collection."""
    return {WAS: [d[WAS] for d in details if WAS in d]}


def staying(kind: Kind, change: Change, live: Collection) -> Change:
    """The change, held where its document has moved to another thing."""
    pairs = live.seen.get(WAS)
    told = {str(p[0]): p[1] for p in pairs if isinstance(p, list)} if isinstance(pairs, list) else {}
    if change.document is None or str(change.address) not in told:
        return change
    reason = f"the ledger knows this document as that of '{told[str(change.address)]}'"
    return replace(change, holds=(*change.holds, Hold("no-rename", reason, kind.rename, final=True)))
